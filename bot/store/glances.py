"""A glance: all that decides what somebody may read in a place, in one read."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.domain.place_filters import Mute, PlaceFilter
from bot.domain.places import PlaceKind
from bot.store import place_filters, places, subscriptions
from bot.store.database import Database
from bot.store.shelves import revision
from bot.store.values import to_json

SAMPLE_YIELDS_AT = 8  # stories of the place's own


@dataclass(frozen=True, slots=True)
class Glance:
    """What a place reads and leaves out, as of one revision of the store."""

    revision: int
    source_ids: tuple[int, ...]  # all that it reads, the sample with them
    sample_ids: tuple[int, ...]  # those of them that are the bundled sample
    filter: PlaceFilter  # the place's, with its mutes
    mutes: tuple[Mute, ...] = ()  # the reader's own
    has_yielded: bool = False  # the sample has given way here
    has_enough: bool = False  # the place's own sources hold enough stories for that


def glance(raw: sqlite3.Connection, place_id: int, user_id: int | None, now: datetime) -> Glance:
    """Give what decides what somebody may read in a place; a briefing has no user."""
    source_ids = subscriptions.source_ids(raw, place_id)
    rows = raw.execute(
        "select id from source where is_sample=1 and id in (select value from json_each(:ids))",
        {"ids": to_json(source_ids)},
    )
    sample_ids = tuple(row["id"] for row in rows)
    own_ids = tuple(one for one in source_ids if one not in sample_ids)
    has_yielded = place_filters.has_yielded(raw, place_id)
    person = places.find(raw, PlaceKind.PERSON, user_id) if user_id is not None else None
    return Glance(
        revision=revision(raw),
        source_ids=source_ids,
        sample_ids=sample_ids,
        filter=place_filters.of_place(raw, place_id).with_mutes(place_filters.mutes(raw, place_id, now), now),
        mutes=place_filters.mutes(raw, person.id, now) if person and person.id != place_id else (),
        has_yielded=has_yielded,
        has_enough=has_yielded or place_filters.own_stories(raw, own_ids, SAMPLE_YIELDS_AT) >= SAMPLE_YIELDS_AT,
    )


class Glances:
    """What the desk asks before every list."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of(self, place_id: int, user_id: int | None, now: datetime) -> Glance:
        """Give what decides what somebody may read in a place."""
        minute = int(now.timestamp()) // 60  # mutes end by themselves
        key = ("glance", place_id, user_id, minute)
        return await self._db.read_kept(key, lambda raw: glance(raw, place_id, user_id, now))

    async def yield_sample(self, place_id: int, now: datetime) -> bool:
        """Note that the sample has given way in a place; say whether that is new."""
        return await self._db.write(lambda raw: place_filters.yield_sample(raw, place_id, now))
