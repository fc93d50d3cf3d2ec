"""What places filter out, what they muted for a while, and where the sample has given way."""

import json
import sqlite3
from collections.abc import Callable
from datetime import datetime

from bot.domain.answers import SettingChange
from bot.domain.place_filters import OPEN, Mute, MuteKind, PlaceFilter
from bot.domain.topics import Topic
from bot.store import setting_changes
from bot.store.database import Database
from bot.store.values import from_epoch, to_epoch


def of_place(raw: sqlite3.Connection, place_id: int) -> PlaceFilter:
    """Give a place's filter; without one everything passes."""
    row = raw.execute("select rules from place_filter where place_id=:place", {"place": place_id}).fetchone()
    if row is None:
        return OPEN
    rules = json.loads(row["rules"])
    return PlaceFilter(
        include=tuple(rules["include"]),
        exclude=tuple(rules["exclude"]),
        topics=tuple(Topic(word) for word in rules["topics"]),
        excluded_topics=tuple(Topic(word) for word in rules["excluded_topics"]),
        source_ids=tuple(rules["source_ids"]),
        languages=tuple(rules["languages"]),
    )


def keep(raw: sqlite3.Connection, place_id: int, wanted: PlaceFilter) -> None:
    """Store a place's filter; an open one is none."""
    if wanted.is_open:
        raw.execute("delete from place_filter where place_id=:place", {"place": place_id})
        return
    rules = {
        "include": wanted.include,
        "exclude": wanted.exclude,
        "topics": wanted.topics,
        "excluded_topics": wanted.excluded_topics,
        "source_ids": wanted.source_ids,
        "languages": wanted.languages,
    }
    raw.execute(
        "insert into place_filter(place_id, rules) values(:place, :rules)"
        " on conflict(place_id) do update set rules=excluded.rules",
        {"place": place_id, "rules": json.dumps(rules, ensure_ascii=False)},
    )


def mutes(raw: sqlite3.Connection, place_id: int, now: datetime) -> tuple[Mute, ...]:
    """Give a place's mutes that still hold, the soonest to end first."""
    rows = raw.execute(
        "select kind, value, until from mute where place_id=:place and until>:now order by until, value",
        {"place": place_id, "now": to_epoch(now)},
    )
    return tuple(Mute(MuteKind(row["kind"]), row["value"], from_epoch(row["until"])) for row in rows)


def mute(raw: sqlite3.Connection, place_id: int, wanted: Mute, now: datetime) -> None:
    """Mute something for a place until an instant; what has ended is forgotten on the way."""
    raw.execute("delete from mute where until<=:now", {"now": to_epoch(now)})
    raw.execute(
        "insert into mute(place_id, kind, value, until) values(:place, :kind, :value, :until)"
        " on conflict do update set until=excluded.until",
        {"place": place_id, "kind": wanted.kind.value, "value": wanted.value, "until": to_epoch(wanted.until)},
    )


def unmute(raw: sqlite3.Connection, place_id: int, kind: MuteKind, value: str) -> bool:
    """End a mute; say whether there was one."""
    query = "delete from mute where place_id=:place and kind=:kind and value=:value"
    return raw.execute(query, {"place": place_id, "kind": kind.value, "value": value}).rowcount > 0


def yield_sample(raw: sqlite3.Connection, place_id: int, now: datetime) -> bool:
    """Note that the sample has given way in a place; say whether that is new."""
    query = "insert into sample_yield(place_id, at) values(:place, :now) on conflict do nothing"
    return raw.execute(query, {"place": place_id, "now": to_epoch(now)}).rowcount > 0


def has_yielded(raw: sqlite3.Connection, place_id: int) -> bool:
    """Say whether the sample has given way in a place."""
    query = "select 1 from sample_yield where place_id=:place"
    return raw.execute(query, {"place": place_id}).fetchone() is not None


def untold_yields(raw: sqlite3.Connection) -> tuple[int, ...]:
    """Give the places whose managers are still to be told that the sample gave way."""
    return tuple(row["place_id"] for row in raw.execute("select place_id from sample_yield where told_at is null"))


def yield_told(raw: sqlite3.Connection, place_id: int, now: datetime) -> None:
    """Note that a place's managers were told."""
    query = "update sample_yield set told_at=:now where place_id=:place"
    raw.execute(query, {"place": place_id, "now": to_epoch(now)})


def own_stories(raw: sqlite3.Connection, source_ids: tuple[int, ...], limit: int) -> int:
    """Count the stories of some sources, up to a limit."""
    row = raw.execute(
        "select count(*) as n from (select distinct story_id from shelf"
        " where source_id in (select value from json_each(:ids)) limit :limit)",
        {"ids": json.dumps(source_ids), "limit": limit},
    ).fetchone()
    return int(row["n"])


class PlaceFilters:
    """Filters and mutes of places; a person's are those of their DM."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of_place(self, place_id: int) -> PlaceFilter:
        """Give a place's filter; without one everything passes."""
        return await self._db.read(lambda raw: of_place(raw, place_id))

    async def holding(self, place_id: int, now: datetime) -> PlaceFilter:
        """Give a place's filter with its mutes that still hold."""
        return await self._db.read(lambda raw: of_place(raw, place_id).with_mutes(mutes(raw, place_id, now), now))

    async def change(
        self, place_id: int, edit: Callable[[PlaceFilter], PlaceFilter], change: SettingChange
    ) -> PlaceFilter:
        """Change a place's filter as it is stored now, and note who did; give it as it is then. An open one is none."""

        def work(raw: sqlite3.Connection) -> PlaceFilter:
            wanted = edit(of_place(raw, place_id))
            keep(raw, place_id, wanted)
            setting_changes.note(raw, place_id, change)
            return wanted

        return await self._db.write(work)

    async def clear(self, place_id: int, change: SettingChange) -> None:
        """Let everything pass again in a place, end its mutes, and note who did."""

        def work(raw: sqlite3.Connection) -> None:
            keep(raw, place_id, OPEN)
            raw.execute("delete from mute where place_id=:place", {"place": place_id})
            setting_changes.note(raw, place_id, change)

        await self._db.write(work)

    async def mutes(self, place_id: int, now: datetime) -> tuple[Mute, ...]:
        """Give a place's mutes that still hold, the soonest to end first."""
        return await self._db.read(lambda raw: mutes(raw, place_id, now))

    async def mute(self, place_id: int, wanted: Mute, now: datetime, change: SettingChange | None = None) -> None:
        """Mute something for a place until an instant, and note who did."""

        def work(raw: sqlite3.Connection) -> None:
            mute(raw, place_id, wanted, now)
            if change is not None:
                setting_changes.note(raw, place_id, change)

        await self._db.write(work)

    async def unmute(self, place_id: int, kind: MuteKind, value: str, change: SettingChange | None = None) -> bool:
        """End a mute, and note who did; say whether there was one."""

        def work(raw: sqlite3.Connection) -> bool:
            is_done = unmute(raw, place_id, kind, value)
            if is_done and change is not None:
                setting_changes.note(raw, place_id, change)
            return is_done

        return await self._db.write(work)

    async def untold_yields(self) -> tuple[int, ...]:
        """Give the places whose managers are still to be told that the sample gave way."""
        return await self._db.read(untold_yields)

    async def yield_told(self, place_id: int, now: datetime) -> None:
        """Note that a place's managers were told."""
        await self._db.write(lambda raw: yield_told(raw, place_id, now))
