"""Changes: what happened to articles that may have been shown already, for corrections and followers."""

import sqlite3
from datetime import datetime

from bot.domain.intake import Change, ChangeKind
from bot.store.database import Database
from bot.store.values import from_epoch, to_epoch


def record(
    raw: sqlite3.Connection, kind: ChangeKind, article_id: int, now: datetime, *, before: str, after: str
) -> None:
    """Note a change of an article."""
    raw.execute(
        "insert into change(kind, article_id, story_id, at, before, after)"
        " select :kind, id, story_id, :at, :before, :after from article where id=:article",
        {"kind": kind.value, "article": article_id, "at": to_epoch(now), "before": before, "after": after},
    )


def after(raw: sqlite3.Connection, change_id: int, limit: int = 200) -> tuple[Change, ...]:
    """Give the changes noted after that one, oldest first."""
    rows = raw.execute("select * from change where id>:id order by id limit :limit", {"id": change_id, "limit": limit})
    return tuple(_from_row(row) for row in rows)


def of_story(raw: sqlite3.Connection, story_id: int) -> tuple[Change, ...]:
    """Give the changes of a story's articles, oldest first."""
    rows = raw.execute("select * from change where story_id=:id order by id", {"id": story_id})
    return tuple(_from_row(row) for row in rows)


def newest_id(raw: sqlite3.Connection) -> int:
    """Give the id of the newest change, 0 when there is none: a starting mark for who acts on changes."""
    return int(raw.execute("select coalesce(max(id), 0) from change").fetchone()[0])


def _from_row(row: sqlite3.Row) -> Change:
    return Change(
        id=row["id"],
        kind=ChangeKind(row["kind"]),
        article_id=row["article_id"],
        story_id=row["story_id"],
        at=from_epoch(row["at"]),
        before=row["before"],
        after=row["after"],
    )


class Changes:
    """The record of changes, read by who corrects posts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def after(self, change_id: int, limit: int = 200) -> tuple[Change, ...]:
        """Give the changes noted after that one, oldest first."""
        return await self._db.read(lambda raw: after(raw, change_id, limit))

    async def of_story(self, story_id: int) -> tuple[Change, ...]:
        """Give the changes of a story's articles, oldest first."""
        return await self._db.read(lambda raw: of_story(raw, story_id))

    async def newest_id(self) -> int:
        """Give the id of the newest change, 0 when there is none."""
        return await self._db.read(newest_id)
