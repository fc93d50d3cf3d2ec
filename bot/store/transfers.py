"""Settings on their way in: a file waits here until it is confirmed, and is then carried out in one transaction."""

import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.answers import SettingChange
from bot.domain.feeds import SourceStatus
from bot.domain.place_filters import PlaceFilter
from bot.domain.places import Place, Schedule
from bot.store import place_filters, places, schedules, setting_changes, sources, subscriptions
from bot.store.database import Database
from bot.store.subscriptions import NewSource
from bot.store.values import to_epoch

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """All of a place's settings, as of one moment."""

    place: Place
    filter: PlaceFilter
    sources: tuple[SourceStatus, ...]  # all that it reads or has paused
    schedules: tuple[tuple[Schedule, frozenset[date]], ...]  # each with the local dates that are taken
    names: dict[int, str]  # of all these sources, and of those that filter and schedules speak of

    def named(self, ids: tuple[int, ...]) -> tuple[str, ...]:
        """Give the names of some of the sources."""
        return tuple(self.names[one] for one in ids if one in self.names)


@dataclass(frozen=True, slots=True)
class Orders:
    """What is to be stored; sources are named, since new ones have no id yet. A schedule without an id is new."""

    place: Place
    filter: PlaceFilter
    filter_sources: tuple[str, ...]
    sources: tuple[NewSource, ...]
    schedules: tuple[tuple[Schedule, tuple[str, ...]], ...]
    change: SettingChange


Decide = Callable[[Held], Orders]


def held(raw: sqlite3.Connection, place_id: int) -> Held:
    """Give a place's settings.

    Raises:
        KeyError: there is no such place.
    """
    place = places.by_id(raw, place_id)
    if place is None:
        raise KeyError(place_id)
    rows = raw.execute("select id from schedule where place_id=:place order by id", {"place": place_id}).fetchall()
    known = [one for row in rows if (one := schedules.get(raw, row["id"])) is not None]
    rules, read = place_filters.of_place(raw, place_id), subscriptions.of_place(raw, place_id)
    spoken_of = {*rules.source_ids, *(each for one in known for each in one.settings.source_ids)}
    named = (*(status.source for status in read), *sources.by_ids(raw, tuple(spoken_of)))
    return Held(
        place,
        rules,
        read,
        tuple((one, schedules.dates_taken(raw, one.id)) for one in known),
        {source.id: source.name for source in named},
    )


def keep(raw: sqlite3.Connection, place_id: int, document: str, now: datetime) -> int:
    """Keep a file until it is confirmed; an older one of the place gives way. Give its id."""
    before = to_epoch(now - KEPT)
    raw.execute("delete from settings_import where place_id=:place or made_at<:before", {
        "place": place_id, "before": before,
    })  # fmt: skip
    import_id = secrets.randbits(62) | 1
    raw.execute(
        "insert into settings_import(id, place_id, document, made_at) values(:id, :place, :document, :now)",
        {"id": import_id, "place": place_id, "document": document, "now": to_epoch(now)},
    )
    return import_id


def take(raw: sqlite3.Connection, place_id: int, import_id: int, now: datetime) -> str | None:
    """Give a file that waits, and let go of it; None when it is gone, old or another place's."""
    row = raw.execute(
        "delete from settings_import where id=:id and place_id=:place and made_at>=:since returning document",
        {"id": import_id, "place": place_id, "since": to_epoch(now - KEPT)},
    ).fetchone()
    return str(row["document"]) if row else None


def waiting(raw: sqlite3.Connection, place_id: int, import_id: int) -> str | None:
    """Give a file that waits; None when it is gone or another place's."""
    row = raw.execute(
        "select document from settings_import where id=:id and place_id=:place", {"id": import_id, "place": place_id}
    ).fetchone()
    return str(row["document"]) if row else None


def carry_out(raw: sqlite3.Connection, orders: Orders, now: datetime) -> None:
    """Store all of it; this is the one place that does, so that it happens whole or not at all."""
    place_id = orders.place.id
    places.save(raw, orders.place)
    subscriptions.take_up(raw, place_id, orders.sources, now)
    place_filters.keep(raw, place_id, replace(orders.filter, source_ids=_ids(raw, orders.filter_sources)))
    for schedule, names in orders.schedules:
        settings = replace(schedule.settings, source_ids=_ids(raw, names))
        changed = replace(schedule, settings=settings, changed_by=orders.change.by, changed_at=now)
        if schedule.id:
            schedules.save(raw, changed)
        else:
            schedules.add(raw, changed, now)
    setting_changes.note(raw, place_id, orders.change)


def _ids(raw: sqlite3.Connection, names: tuple[str, ...]) -> tuple[int, ...]:
    found = (sources.by_name(raw, name) for name in names)
    return tuple(one.id for one in found if one is not None)


class Transfers:
    """What the desk may ask of settings on their way in and out."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def held(self, place_id: int) -> Held:
        """Give a place's settings."""
        return await self._db.read(lambda raw: held(raw, place_id))

    async def keep(self, place_id: int, document: str, now: datetime) -> int:
        """Keep a file until it is confirmed; give its id."""
        return await self._db.write(lambda raw: keep(raw, place_id, document, now))

    async def waiting(self, place_id: int, import_id: int) -> str | None:
        """Give a file that waits; None when it is gone or another place's."""
        return await self._db.read(lambda raw: waiting(raw, place_id, import_id))

    async def drop(self, place_id: int, import_id: int, now: datetime) -> None:
        """Let go of a file that was not wanted."""
        await self._db.write(lambda raw: take(raw, place_id, import_id, now))

    async def carry_out(self, place_id: int, import_id: int, now: datetime, decide: Decide) -> Orders | None:
        """Do what a file that waits asks for, in one transaction; None when it waits no longer."""

        def work(raw: sqlite3.Connection) -> Orders | None:
            if take(raw, place_id, import_id, now) is None:
                return None
            orders = decide(held(raw, place_id))
            carry_out(raw, orders, now)
            return orders

        return await self._db.write(work)
