"""Followers: how people want to be told by DM, whether Discord lets us, and with which servers they read."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, time

from bot.store.database import Database
from bot.store.values import maybe_from_epoch, to_epoch


@dataclass(frozen=True, slots=True)
class Follower:
    """What one person wants. Quiet hours are by the clock of `zone`."""

    user_id: int
    quiet_from: time | None = None
    quiet_until: time | None = None
    zone: str | None = None
    closed_at: datetime | None = None  # Discord refused a DM
    told_at: datetime | None = None


def follower_from(row: sqlite3.Row) -> Follower:
    """Read a follower from a row."""
    return Follower(
        user_id=row["user_id"],
        quiet_from=time.fromisoformat(row["quiet_from"]) if row["quiet_from"] else None,
        quiet_until=time.fromisoformat(row["quiet_until"]) if row["quiet_until"] else None,
        zone=row["zone"],
        closed_at=maybe_from_epoch(row["closed_at"]),
        told_at=maybe_from_epoch(row["told_at"]),
    )


def get(raw: sqlite3.Connection, user_id: int) -> Follower:
    """Give what a person wants; by default, to be told at any hour."""
    row = raw.execute("select * from follower where user_id=:user", {"user": user_id}).fetchone()
    return follower_from(row) if row else Follower(user_id)


def set_quiet(raw: sqlite3.Connection, wanted: Follower) -> None:
    """Keep the quiet hours and their zone."""
    raw.execute(
        "insert into follower(user_id, quiet_from, quiet_until, zone) values(:user, :start, :end, :zone)"
        " on conflict do update set quiet_from=excluded.quiet_from, quiet_until=excluded.quiet_until,"
        " zone=excluded.zone",
        {
            "user": wanted.user_id,
            "start": f"{wanted.quiet_from:%H:%M}" if wanted.quiet_from is not None else None,
            "end": f"{wanted.quiet_until:%H:%M}" if wanted.quiet_until is not None else None,
            "zone": wanted.zone,
        },
    )


def close(raw: sqlite3.Connection, user_id: int, now: datetime) -> None:
    """Note that Discord refuses our DMs to a person: what waits is dropped, and nothing more is tried."""
    raw.execute(
        "insert into follower(user_id, closed_at) values(:user, :now)"
        " on conflict do update set closed_at=coalesce(closed_at, excluded.closed_at)",
        {"user": user_id, "now": to_epoch(now)},
    )
    raw.execute("update alert set state='dropped' where user_id=:user and state='waiting'", {"user": user_id})


def reopen(raw: sqlite3.Connection, user_id: int) -> None:
    """Try DMs to a person again: they asked for something by DM, or one arrived."""
    raw.execute("update follower set closed_at=null, told_at=null where user_id=:user", {"user": user_id})


# A DM is closed where an alert was refused, or the last own briefing was.
_CLOSED = """select user_id from follower where closed_at is not null and told_at is null
 union select p.discord_id from schedule s join place p on p.id=s.place_id
  where p.kind='person' and s.told_cause is not null and (s.fail_streak>0 or s.disabled_code is not null)
    and not exists (select 1 from follower f where f.user_id=p.discord_id and f.told_at is not null)"""


def untold(raw: sqlite3.Connection) -> frozenset[int]:
    """Give who has to be told, in their next private answer, that our DMs do not reach them."""
    return frozenset(row["user_id"] for row in raw.execute(_CLOSED))


def told(raw: sqlite3.Connection, user_id: int, now: datetime) -> None:
    """Note that a person was told."""
    raw.execute(
        "insert into follower(user_id, told_at) values(:user, :now) on conflict do update set told_at=excluded.told_at",
        {"user": user_id, "now": to_epoch(now)},
    )


def read_with(raw: sqlite3.Connection, place_id: int, server_id: int) -> None:
    """Let a person's place read what a server reads."""
    raw.execute(
        "insert into reads_with(place_id, server_id) values(:place, :server) on conflict do nothing",
        {"place": place_id, "server": server_id},
    )


def reads_with(raw: sqlite3.Connection, place_id: int, server_id: int) -> bool:
    """Say whether a person's place reads what a server reads."""
    query = "select 1 from reads_with where place_id=:place and server_id=:server"
    return raw.execute(query, {"place": place_id, "server": server_id}).fetchone() is not None


class Followers:
    """What the desk may ask about followers."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, user_id: int) -> Follower:
        """Give what a person wants."""
        return await self._db.read(lambda raw: get(raw, user_id))

    async def set_quiet(self, wanted: Follower) -> None:
        """Keep the quiet hours and their zone."""
        await self._db.write(lambda raw: set_quiet(raw, wanted))

    async def close(self, user_id: int, now: datetime) -> None:
        """Note that Discord refuses our DMs to a person."""
        await self._db.write(lambda raw: close(raw, user_id, now))

    async def reopen(self, user_id: int) -> None:
        """Try DMs to a person again; mostly they were never closed, and nothing is written."""
        known = await self.get(user_id)
        if known.closed_at is not None or known.told_at is not None:
            await self._db.write(lambda raw: reopen(raw, user_id))

    async def untold(self) -> frozenset[int]:
        """Give who has to be told that our DMs do not reach them."""
        return await self._db.read_kept("untold followers", untold)

    async def told(self, user_id: int, now: datetime) -> None:
        """Note that a person was told."""
        await self._db.write(lambda raw: told(raw, user_id, now))

    async def read_with(self, place_id: int, server_id: int) -> None:
        """Let a person's place read what a server reads; mostly it does already, and nothing is written."""
        key = ("reads with", place_id, server_id)
        if not await self._db.read_kept(key, lambda raw: reads_with(raw, place_id, server_id)):
            await self._db.write(lambda raw: read_with(raw, place_id, server_id))
