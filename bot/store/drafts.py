"""Setup drafts: what each manager has chosen in a panel so far, so that a restart loses nothing.

A draft holds only what was chosen, by the names of `SetupDraft`'s fields. The rest comes from the place and the
schedule as they are when the panel is shown, so that two managers never undo each other's choices.
"""

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from typing import Any

from bot.domain.answers import SetupDraft
from bot.domain.editions import LeadChoice
from bot.domain.places import QuietDay, Style
from bot.domain.topics import Topic
from bot.store.database import Database
from bot.store.values import to_epoch

KEPT = timedelta(days=2)

Choices = Mapping[str, Any]

_READ: dict[str, Callable[[Any], Any]] = {
    "local_time": lambda text: None if text is None else time.fromisoformat(text),
    "packs": tuple,
    "topics": lambda words: tuple(Topic(word) for word in words),
    "source_ids": tuple,
    "lead_choice": LeadChoice,
    "style": Style,
    "quiet_day": QuietDay,
}
_FIELDS = frozenset(field.name for field in fields(SetupDraft))


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Whose draft it is: a manager's, in a place, for a new briefing (None) or an existing one."""

    place_id: int
    user_id: int
    schedule_id: int | None = None

    @property
    def values(self) -> dict[str, int]:
        """Give the key's columns."""
        return {"place": self.place_id, "user": self.user_id, "schedule": self.schedule_id or 0}


_WHERE = "where place_id=:place and user_id=:user and schedule_id=:schedule"


def get(raw: sqlite3.Connection, key: DraftKey, since: datetime) -> Choices:
    """Give what was chosen since an instant; empty where nothing was."""
    row = raw.execute(
        f"select choices from setup_draft {_WHERE} and changed_at>=:since",  # noqa: S608 - constant
        {**key.values, "since": to_epoch(since)},
    ).fetchone()
    return dict(_readable(json.loads(row["choices"]))) if row else {}


def _readable(chosen: Choices) -> Iterator[tuple[str, Any]]:
    """Read what this version knows; a draft may have been begun before an upgrade, or after a step back."""
    for name, value in chosen.items():
        with contextlib.suppress(ValueError, TypeError):
            if name in _FIELDS:
                yield name, _READ.get(name, lambda kept: kept)(value)


def put(raw: sqlite3.Connection, key: DraftKey, choices: Choices, now: datetime) -> Choices:
    """Add choices to those made before, and give all of them; what is too old is forgotten on the way."""
    raw.execute("delete from setup_draft where changed_at<:old", {"old": to_epoch(now - KEPT)})
    merged = {**get(raw, key, now - KEPT), **choices}
    raw.execute(
        "insert into setup_draft(place_id, user_id, schedule_id, choices, changed_at)"
        " values(:place, :user, :schedule, :choices, :now)"
        " on conflict do update set choices=excluded.choices, changed_at=excluded.changed_at",
        {**key.values, "choices": json.dumps(merged, default=_write), "now": to_epoch(now)},
    )
    return merged


def _write(value: object) -> str:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    raise TypeError(f"{value!r} is no choice of a setup")


class Drafts:
    """What the setup desk may ask of drafts."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, key: DraftKey, now: datetime) -> Choices:
        """Give what was chosen so far; empty where nothing was."""
        return await self._db.read(lambda raw: get(raw, key, now - KEPT))

    async def put(self, key: DraftKey, choices: Choices, now: datetime) -> Choices:
        """Add choices to those made before, and give all of them."""
        return await self._db.write(lambda raw: put(raw, key, choices, now))

    async def drop(self, key: DraftKey) -> None:
        """Forget a draft: it was turned on, or cancelled."""
        await self._db.write(lambda raw: raw.execute(f"delete from setup_draft {_WHERE}", key.values))  # noqa: S608
