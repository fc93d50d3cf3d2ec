"""Groupings: the headlines that the grouping index holds, so that it can be made again after a restart.

What the index decides depends only on its headlines and their order, so nothing else needs to be kept.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.articles import Article
from bot.store import articles
from bot.store.database import Database
from bot.store.values import to_epoch, to_json


@dataclass(frozen=True, slots=True)
class Grouped:
    """A stored headline and the story it is in."""

    article: Article
    story_id: int


def recent(raw: sqlite3.Connection, since: datetime, limit: int = 20_000) -> tuple[int, ...]:
    """Give the ids of the newest live articles since then, and of undated ones of documents, in the order they came."""
    rows = raw.execute(
        """select a.id from article a join source s on s.id=a.source_id
            where a.withdrawn_at is null and (coalesce(a.published_at, a.added_at) >= :since
              or (a.published_at is null and s.kind='document'))
            order by a.id desc limit :limit""",
        {"since": to_epoch(since), "limit": limit},
    )
    return tuple(row["id"] for row in rows)[::-1]


def of_articles(raw: sqlite3.Connection, article_ids: Sequence[int]) -> tuple[Grouped, ...]:
    """Give articles in the order of their ids, as far as they are still there."""
    rows = raw.execute(
        f"""select {articles.COLUMNS} from article a join source s on s.id=a.source_id
             where a.withdrawn_at is null and a.id in (select value from json_each(:ids)) order by a.id""",  # noqa: S608 - constant columns
        {"ids": to_json(article_ids)},
    )
    return tuple(Grouped(articles.from_row(row), row["story_id"]) for row in rows)


class Groupings:
    """What the grouping index is made from: ids first, then a few articles at a time, for all take 25 MB."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def recent(self, since: datetime, limit: int = 20_000) -> tuple[int, ...]:
        """Give the ids of what is recent, in the order it came."""
        return await self._db.search(lambda raw: recent(raw, since, limit))

    async def of_articles(self, article_ids: Sequence[int]) -> tuple[Grouped, ...]:
        """Give articles in the order of their ids, as far as they are still there."""
        return await self._db.search(lambda raw: of_articles(raw, article_ids))
