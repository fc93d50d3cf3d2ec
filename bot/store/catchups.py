"""Catch-ups: where a member's last one ended, as an article's number, so that no clock can lose or double a story."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.database import Database
from bot.store.members import Owner
from bot.store.values import from_epoch, maybe_from_epoch, to_epoch

SAME_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Window:
    """What one catch-up covers: the articles after one number and up to another."""

    after: int | None  # None: it is the first time
    up_to: int
    since: datetime | None = None  # when the one before was asked for
    is_repeat: bool = False


def advance(raw: sqlite3.Connection, owner: Owner, now: datetime, *, anew: bool = False) -> Window:
    """Give what a catch-up asked for now covers, and move the marker; within 30 minutes it is the last one again.

    `anew` moves on in any case: the last one held nothing.
    """
    user_id, place_id = owner
    values = {"user": user_id, "place": place_id}
    row = raw.execute("select * from catchup where user_id=:user and place_id=:place", values).fetchone()
    last = from_epoch(row["asked_at"]) if row else None
    if row and last and not anew and timedelta(0) <= now - last < SAME_FOR:
        return Window(row["from_article"], row["to_article"], maybe_from_epoch(row["from_at"]), is_repeat=True)
    newest = raw.execute("select coalesce(max(id), 0) as id from article").fetchone()["id"]
    window = Window(row["to_article"] if row else None, newest, last)
    raw.execute(
        "insert into catchup(user_id, place_id, from_article, to_article, from_at, asked_at)"
        " values(:user, :place, :after, :up_to, :since, :now)"
        " on conflict do update set from_article=excluded.from_article, to_article=excluded.to_article,"
        " from_at=excluded.from_at, asked_at=excluded.asked_at",
        values
        | {
            "after": window.after,
            "up_to": newest,
            "since": None if last is None else to_epoch(last),
            "now": to_epoch(now),
        },
    )
    return window


def story_ids(
    raw: sqlite3.Connection, after: int, up_to: int, source_ids: Collection[int], limit: int
) -> tuple[int, ...]:
    """Give the stories that got a report of their own between two articles, the latest first."""
    rows = raw.execute(
        "select story_id, source_id from article where id>:after and id<=:up_to and is_counted=1"
        " and withdrawn_at is null order by id desc",
        {"after": after, "up_to": up_to},
    )
    wanted = frozenset(source_ids)
    found: dict[int, None] = {}
    for row in rows:
        if row["source_id"] in wanted:
            found[row["story_id"]] = None
        if len(found) >= limit:
            break
    return tuple(found)


class Catchups:
    """What the desk may ask about catch-ups."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def advance(self, owner: Owner, now: datetime, *, anew: bool = False) -> Window:
        """Give what a catch-up asked for now covers, and move the marker."""
        return await self._db.write(lambda raw: advance(raw, owner, now, anew=anew))

    async def story_ids(self, after: int, up_to: int, source_ids: Collection[int], limit: int) -> tuple[int, ...]:
        """Give up to `limit` stories with news between two articles, the latest first."""
        return await self._db.read(lambda raw: story_ids(raw, after, up_to, source_ids, limit))
