"""Titles: what stories are called, without loading a story; what suggestions while typing are made of."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.domain.filters import EVERYTHING, StoryFilter
from bot.domain.suggestions import Titled
from bot.store import search
from bot.store.database import Database
from bot.store.values import to_json

_LOOKED_AT = 4  # hits for each story wanted: several can be one story's

# In the order of `stories.compose`: the first gives the title.
_ORDER = """a.is_counted desc, a.is_wire_copy, a.text_origin not in ('document', 'feed'),
 coalesce(a.published_at, a.added_at), a.id"""


def _grouped(rows: Iterable[sqlite3.Row]) -> tuple[Titled, ...]:
    stories = groupby(rows, key=lambda row: row["story_id"])
    return tuple(Titled(key, tuple((row["source_id"], row["headline"]) for row in some)) for key, some in stories)


def newest(raw: sqlite3.Connection, most: int) -> tuple[Titled, ...]:
    """Give the newest stories, newest first."""
    return _grouped(
        raw.execute(
            f"""select a.story_id, a.source_id, a.headline from (
                  select id, newest_at from story where newest_at is not null order by newest_at desc, id limit :most
                ) s cross join article a on a.story_id=s.id
                where a.withdrawn_at is null order by s.newest_at desc, s.id, {_ORDER}""",  # noqa: S608 - constant
            {"most": most},
        )
    )


def of(raw: sqlite3.Connection, story_ids: Sequence[int]) -> tuple[Titled, ...]:
    """Give those of the stories that are here, in the order asked for."""
    rows = raw.execute(
        f"""select a.story_id, a.source_id, a.headline from json_each(:ids) i
            cross join story t on t.id=i.value cross join article a on a.story_id=t.id
            where a.withdrawn_at is null and t.retracted_at is null order by i.key, {_ORDER}""",  # noqa: S608 - constant
        {"ids": to_json(list(story_ids))},
    )
    return _grouped(rows)


def begun(raw: sqlite3.Connection, start: str, wanted: StoryFilter, limit: int) -> tuple[tuple[Titled, ...], bool]:
    """Give the newest stories with a headline that has all these words, the last perhaps unfinished; and if all."""
    hits = search.begun(raw, start, wanted, limit * _LOOKED_AT)
    ids = list(dict.fromkeys(hits))
    return of(raw, ids[:limit]), len(hits) < limit * _LOOKED_AT and len(ids) <= limit


class Titles:
    """Titles; read on the connection kept for slow questions."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def newest(self, most: int) -> tuple[Titled, ...]:
        """Give the newest stories, newest first."""
        return await self._db.search(lambda raw: newest(raw, most))

    async def begun(
        self, start: str, wanted: StoryFilter = EVERYTHING, *, limit: int = 25
    ) -> tuple[tuple[Titled, ...], bool]:
        """Give the newest stories with a headline that has all these words, the last perhaps unfinished; and if all."""
        return await self._db.search(lambda raw: begun(raw, start, wanted, limit))
