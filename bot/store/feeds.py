"""Feeds: which are due, what is remembered between visits, and which publishers asked for a pause."""

import json
import sqlite3
from datetime import datetime, timedelta

from bot.domain.feeds import NO_CADENCE, Cadence, Feed
from bot.domain.sources import Source, SourceState
from bot.store import sources
from bot.store.database import Database
from bot.store.values import from_epoch, maybe_epoch, maybe_from_epoch, to_epoch

_FARTHEST = timedelta(days=8)  # nothing is ever planned farther ahead; a clock once set wrong must not silence a feed
_COLUMNS = """f.source_id, s.url, f.domain, f.next_check_at, f.checked_at, f.ok_at, f.etag, f.last_modified,
 f.body_hash, f.interval_s, f.cadence, f.fail_streak, f.fault, f.fault_since, f.told_at,
 f.is_baselined, f.quiet_streak, f.moved_to,
 f.moved_since, f.moved_streak, f.may_fetch_pages, f.readers"""


def from_row(row: sqlite3.Row) -> Feed:
    """Read a feed from a row of `_COLUMNS`, by their order: looking columns up by name takes longer than the query."""
    source_id, url, domain, next_check, checked, ok, etag, modified, body_hash, interval_s, cadence, *trouble = row
    fail_streak, fault, since, told, is_baselined, quiet_streak, *rest = trouble
    moved_to, moved_since, moved_streak, may_fetch_pages, readers = rest
    return Feed(
        source_id=source_id,
        url=url or "",
        domain=domain,
        next_check=maybe_from_epoch(next_check),
        checked_at=maybe_from_epoch(checked),
        ok_at=maybe_from_epoch(ok),
        etag=etag,
        last_modified=modified,
        body_hash=body_hash,
        interval_s=interval_s,
        cadence=_cadence(cadence),
        fail_streak=fail_streak,
        fault=fault,
        fault_since=maybe_from_epoch(since),
        told_at=maybe_from_epoch(told),
        is_baselined=bool(is_baselined),
        quiet_streak=quiet_streak,
        moved_to=moved_to,
        moved_since=maybe_from_epoch(moved_since),
        moved_streak=moved_streak,
        may_fetch_pages=bool(may_fetch_pages),
        readers=readers,
    )


def _cadence(text: str) -> Cadence:
    if text == "{}":
        return NO_CADENCE
    given = json.loads(text)
    return Cadence(given["ttl"], given["period"], frozenset(given["hours"]), frozenset(given["days"]))


def _cadence_text(cadence: Cadence) -> str:
    if cadence == Cadence():
        return "{}"
    hours, days = sorted(cadence.skip_hours), sorted(cadence.skip_days)
    return json.dumps({"ttl": cadence.ttl_s, "period": cadence.period_s, "hours": hours, "days": days})


def add(raw: sqlite3.Connection, source_id: int, domain: str) -> None:
    """Begin to look after a feed; it is asked once somebody reads it. Harmless when it is looked after already."""
    raw.execute(
        "insert into feed(source_id, domain) values(:id, :domain) on conflict do nothing",
        {"id": source_id, "domain": domain},
    )


def by_id(raw: sqlite3.Connection, source_id: int) -> Feed | None:
    """Give a feed, or None when the source is none."""
    row = raw.execute(
        f"select {_COLUMNS} from feed f join source s on s.id=f.source_id where f.source_id=:id",  # noqa: S608
        {"id": source_id},
    ).fetchone()
    return from_row(row) if row else None


def due(raw: sqlite3.Connection, now: datetime, limit: int) -> tuple[Feed, ...]:
    """Give the feeds that are due, the longest waiting first."""
    far = {"now": to_epoch(now), "far": to_epoch(now + _FARTHEST), "limit": limit}
    rows = raw.execute(
        f"""select {_COLUMNS} from (
              select * from (select source_id as id, next_check_at as at from feed where next_check_at<=:now
                             order by next_check_at limit :limit)
              union all
              select * from (select source_id, next_check_at from feed where next_check_at>:far limit :limit)
            ) d join feed f on f.source_id=d.id join source s on s.id=d.id order by d.at limit :limit""",  # noqa: S608
        far,
    )
    return tuple(from_row(row) for row in rows)


def next_due(raw: sqlite3.Connection) -> datetime | None:
    """Give when the next feed is due; None when none is asked."""
    query = "select min(next_check_at) as at from feed where next_check_at is not null"
    return maybe_from_epoch(raw.execute(query).fetchone()["at"])


def save(raw: sqlite3.Connection, feed: Feed, state: SourceState, detail: str) -> None:
    """Keep what a visit has taught, and the source's state in words.

    A feed that was paused, or lost its last reader, meanwhile is not asked again.
    """
    raw.execute(
        """update feed set domain=:domain, next_check_at=case when readers>0 and not is_paused then :next end,
             checked_at=:checked, ok_at=:ok, etag=:etag, last_modified=:modified, body_hash=:hash, interval_s=:interval,
             cadence=:cadence, fail_streak=:fails, fault=:fault, fault_since=:since, told_at=:told,
             is_baselined=:baselined, quiet_streak=:quiet, moved_to=:moved, moved_since=:moved_since,
             moved_streak=:moved_streak where source_id=:id""",
        {
            "id": feed.source_id,
            "domain": feed.domain,
            "next": maybe_epoch(feed.next_check),
            "checked": maybe_epoch(feed.checked_at),
            "ok": maybe_epoch(feed.ok_at),
            "etag": feed.etag,
            "modified": feed.last_modified,
            "hash": feed.body_hash,
            "interval": int(feed.interval_s),
            "cadence": _cadence_text(feed.cadence),
            "fails": feed.fail_streak,
            "fault": feed.fault,
            "since": maybe_epoch(feed.fault_since),
            "told": maybe_epoch(feed.told_at),
            "baselined": int(feed.is_baselined),
            "quiet": feed.quiet_streak,
            "moved": feed.moved_to,
            "moved_since": maybe_epoch(feed.moved_since),
            "moved_streak": feed.moved_streak,
        },
    )
    paused = raw.execute("select is_paused from feed where source_id=:id", {"id": feed.source_id}).fetchone()
    sources.set_state(raw, feed.source_id, SourceState.PAUSED if paused and paused["is_paused"] else state, detail)


def hold(raw: sqlite3.Connection, domain: str, until: datetime) -> None:
    """Ask nothing of a publisher before an instant; its feeds come due a little apart after it."""
    raw.execute(
        "insert into hold(domain, until) values(:domain, :until)"
        " on conflict(domain) do update set until=max(until, excluded.until)",
        {"domain": domain, "until": to_epoch(until)},
    )
    raw.execute(
        "update feed set next_check_at=:until + abs(random()) % 600"
        " where domain=:domain and next_check_at is not null and next_check_at<:until",
        {"domain": domain, "until": to_epoch(until)},
    )


def held_until(raw: sqlite3.Connection, domain: str, now: datetime) -> datetime | None:
    """Give until when a publisher is not to be asked; None when it may be."""
    raw.execute("delete from hold where until<=:now", {"now": to_epoch(now)})
    row = raw.execute("select until from hold where domain=:domain", {"domain": domain}).fetchone()
    return from_epoch(row["until"]) if row else None


def move(raw: sqlite3.Connection, source_id: int, url: str, domain: str) -> int:
    """Give a feed its new address, or its readers to the source that has it already; give the source to go on with.

    Validators of the old address mean nothing at the new one, so they go.
    """
    other = sources.by_name(raw, url)
    if other is None:
        raw.execute("update source set url=:url, name=:url where id=:id", {"url": url, "id": source_id})
        raw.execute(
            "update feed set domain=:domain, etag=null, last_modified=null, body_hash=null, moved_to=null,"
            " moved_since=null, moved_streak=0 where source_id=:id",
            {"domain": domain, "id": source_id},
        )
        return source_id
    raw.execute(
        "insert into subscription(place_id, source_id, is_paused, pack, added_at)"
        " select place_id, :to, is_paused, pack, added_at from subscription where source_id=:id on conflict do nothing",
        {"to": other.id, "id": source_id},
    )
    raw.execute("delete from subscription where source_id=:id", {"id": source_id})
    raw.execute(
        "update feed set is_for_all=max(is_for_all, (select is_for_all from feed where source_id=:id))"
        " where source_id=:to",
        {"to": other.id, "id": source_id},
    )
    raw.execute("update feed set is_for_all=0 where source_id=:id", {"id": source_id})
    return other.id


def set_pages(raw: sqlite3.Connection, source_id: int, *, may_fetch: bool) -> None:
    """Say whether the articles' pages of a feed may be fetched for their text."""
    query = "update feed set may_fetch_pages=:may where source_id=:id"
    raw.execute(query, {"may": int(may_fetch), "id": source_id})


def register(raw: sqlite3.Connection, source: Source, domain: str, now: datetime) -> Source:
    """Know a feed by its address, or give the one that is known; nobody reads it yet."""
    found = sources.add(raw, source, now)
    add(raw, found.id, domain)
    return found


class Feeds:
    """Feeds, as the refresher and the desk ask for them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def register(self, source: Source, domain: str, now: datetime) -> Source:
        """Know a feed by its address, or give the one that is known; nobody reads it yet."""
        return await self._db.write(lambda raw: register(raw, source, domain, now))

    async def by_id(self, source_id: int) -> Feed | None:
        """Give a feed, or None when the source is none."""
        return await self._db.read(lambda raw: by_id(raw, source_id))

    async def due(self, now: datetime, limit: int) -> tuple[Feed, ...]:
        """Give the feeds that are due, the longest waiting first."""
        return await self._db.read(lambda raw: due(raw, now, limit))

    async def next_due(self) -> datetime | None:
        """Give when the next feed is due; None when none is asked."""
        return await self._db.read(next_due)

    async def save(self, feed: Feed, state: SourceState, detail: str) -> None:
        """Keep what a visit has taught, and the source's state in words."""
        await self._db.write(lambda raw: save(raw, feed, state, detail))

    async def held_until(self, domain: str, now: datetime) -> datetime | None:
        """Give until when a publisher is not to be asked; None when it may be."""
        return await self._db.write(lambda raw: held_until(raw, domain, now))

    async def hold(self, domain: str, until: datetime) -> None:
        """Ask nothing of a publisher before an instant."""
        await self._db.write(lambda raw: hold(raw, domain, until))

    async def set_pages(self, source_id: int, *, may_fetch: bool) -> None:
        """Say whether the articles' pages of a feed may be fetched for their text."""
        await self._db.write(lambda raw: set_pages(raw, source_id, may_fetch=may_fetch))
