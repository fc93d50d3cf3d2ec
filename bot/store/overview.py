"""Overview: what an operator is told about the whole database: its health and size, how delivery and sources do."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.places import Schedule
from bot.store.database import Database
from bot.store.migrate import scripts
from bot.store.schedules import SELECT, schedule_from
from bot.store.values import from_epoch, maybe_from_epoch, to_epoch


@dataclass(frozen=True, slots=True)
class Size:
    """How big the database is, in bytes, and what it holds."""

    bytes: int
    free: int  # pages that are empty and wait to be used again
    articles: int
    stories: int
    sources: int
    servers: int
    people: int


@dataclass(frozen=True, slots=True)
class Day:
    """How delivery did on one UTC day."""

    day: date
    sent: int
    late: int  # of those sent: more than five minutes after they were due
    failed: int  # failed, expired, or not known
    quiet: int  # nothing new, or skipped on request


@dataclass(frozen=True, slots=True)
class Lateness:
    """How long after its time a briefing was posted, in seconds."""

    briefings: int
    median_s: float
    p95_s: float
    worst_s: float


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due and not posted yet, and the feeds that should have been asked by now."""

    undelivered: int
    oldest_due: datetime | None
    feeds_overdue: int
    oldest_check: datetime | None  # when the feed that waits longest should have been asked


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A feed that somebody reads, and how it does."""

    id: int
    title: str
    state: str
    detail: str
    ok_at: datetime | None
    fail_streak: int


_DAY_S = 86_400
_LATE_S = 300


def _number(raw: sqlite3.Connection, query: str) -> int:
    return int(raw.execute(query).fetchone()[0])


def size(raw: sqlite3.Connection) -> Size:
    """Give the size of the database and what it holds."""
    page = _number(raw, "pragma page_size")
    return Size(
        bytes=page * _number(raw, "pragma page_count"),
        free=page * _number(raw, "pragma freelist_count"),
        articles=_number(raw, "select count(*) from article where withdrawn_at is null"),
        stories=_number(raw, "select count(*) from story where newest_at is not null"),
        sources=_number(raw, "select count(*) from source"),
        servers=_number(raw, "select count(*) from place where kind='server' and left_at is null"),
        people=_number(raw, "select count(*) from place where kind='person'"),
    )


def days(raw: sqlite3.Connection, since: datetime) -> tuple[Day, ...]:
    """Give the days on which something was due, oldest first."""
    rows = raw.execute(
        """select due_at / :day as day,
              sum(state='sent') as sent, sum(state='sent' and sent_at - due_at > :late) as late,
              sum(state in ('failed', 'expired', 'unknown')) as failed, sum(state in ('skipped', 'empty')) as quiet
            from delivery where due_at >= :since group by 1 order by 1""",
        {"day": _DAY_S, "late": _LATE_S, "since": to_epoch(since)},
    )
    return tuple(
        Day(from_epoch(row["day"] * _DAY_S).date(), row["sent"], row["late"], row["failed"], row["quiet"])
        for row in rows
    )


def lateness(raw: sqlite3.Connection, since: datetime) -> Lateness | None:
    """Give how punctual the daily briefings were; None when none was posted."""
    late = [
        float(max(0, row["late"]))
        for row in raw.execute(
            "select sent_at - due_at as late from delivery"
            " where state='sent' and slot='daily' and due_at >= :since order by 1",
            {"since": to_epoch(since)},
        )
    ]
    if not late:
        return None
    at = [late[min(int(len(late) * share), len(late) - 1)] for share in (0.5, 0.95)]
    return Lateness(len(late), at[0], at[1], late[-1])


def backlog(raw: sqlite3.Connection, now: datetime) -> Backlog:
    """Give what waits."""
    waiting = raw.execute(
        "select count(*) as number, min(due_at) as oldest from delivery"
        " where state in ('planned', 'sending') and due_at <= :now",
        {"now": to_epoch(now)},
    ).fetchone()
    overdue = raw.execute(
        "select count(*) as number, min(next_check_at) as oldest from feed where next_check_at < :now",
        {"now": to_epoch(now)},
    ).fetchone()
    return Backlog(
        waiting["number"], maybe_from_epoch(waiting["oldest"]), overdue["number"], maybe_from_epoch(overdue["oldest"])
    )


def feeds(raw: sqlite3.Connection) -> tuple[SourceHealth, ...]:
    """Give every feed that somebody reads, those in trouble first."""
    rows = raw.execute(
        "select s.id, s.title, s.state, s.detail, f.ok_at, f.fail_streak from feed f join source s on s.id=f.source_id"
        " where f.readers > 0 order by s.state='ok', f.fail_streak desc, s.title"
    )
    return tuple(
        SourceHealth(
            row["id"], row["title"], row["state"], row["detail"], maybe_from_epoch(row["ok_at"]), row["fail_streak"]
        )
        for row in rows
    )


def schedules(raw: sqlite3.Connection, limit: int) -> tuple[Schedule, ...]:
    """Give the schedules of every place the bot is still in, the next due first."""
    query = f"{SELECT} where p.left_at is null order by s.next_due limit :limit"
    return tuple(schedule_from(row) for row in raw.execute(query, {"limit": limit}))


def failures(raw: sqlite3.Connection, since: datetime) -> dict[str, int]:
    """Give why briefings were not posted, by reason."""
    rows = raw.execute(
        "select case reason when '' then state else reason end as why, count(*) as number from delivery"
        " where state in ('failed', 'expired', 'unknown') and due_at >= :since group by 1 order by 2 desc",
        {"since": to_epoch(since)},
    )
    return {row["why"]: row["number"] for row in rows}


def problems(raw: sqlite3.Connection) -> tuple[str, ...]:
    """Give what SQLite finds wrong with the file: its pages, its indices, its foreign keys; empty: it is whole."""
    found = [str(row[0]) for row in raw.execute("pragma integrity_check(5)") if row[0] != "ok"]
    strays = raw.execute("pragma foreign_key_check").fetchmany(5)
    return (*found, *(f"a row of {row[0]} belongs to nothing" for row in strays))


def version(raw: sqlite3.Connection) -> tuple[int, int]:
    """Give the schema's number, and the newest that this version of the program knows."""
    return _number(raw, "pragma user_version"), scripts()[-1][0]


class Overview:
    """What `check`, `status` and the health endpoint may ask."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def size(self) -> Size:
        """Give the size of the database and what it holds."""
        return await self._db.read(size)

    async def days(self, since: datetime) -> tuple[Day, ...]:
        """Give the days on which something was due, oldest first."""
        return await self._db.read(lambda raw: days(raw, since))

    async def lateness(self, since: datetime) -> Lateness | None:
        """Give how punctual the daily briefings were; None when none was posted."""
        return await self._db.read(lambda raw: lateness(raw, since))

    async def backlog(self, now: datetime) -> Backlog:
        """Give what waits."""
        return await self._db.read(lambda raw: backlog(raw, now))

    async def feeds(self) -> tuple[SourceHealth, ...]:
        """Give every feed that somebody reads, those in trouble first."""
        return await self._db.read(feeds)

    async def schedules(self, limit: int = 5_000) -> tuple[Schedule, ...]:
        """Give the schedules of every place the bot is still in, the next due first."""
        return await self._db.read(lambda raw: schedules(raw, limit))

    async def failures(self, since: datetime) -> dict[str, int]:
        """Give why briefings were not posted, by reason."""
        return await self._db.read(lambda raw: failures(raw, since))

    async def problems(self) -> tuple[str, ...]:
        """Give what is wrong with the file; empty: it is whole. It reads all of it."""
        return await self._db.search(problems)

    async def version(self) -> tuple[int, int]:
        """Give the schema's number, and the newest that this version of the program knows."""
        return await self._db.read(version)
