"""Deliveries: the ledger rows of briefings, and what is composed for one."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.places import Place, Schedule

DAILY = "daily"
LATE_AFTER = timedelta(minutes=15)

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


class State(StrEnum):
    """Where a delivery stands. All but the first two are final."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"  # past its grace, and nothing was tried
    UNKNOWN = "unknown"  # tried, no answer, and the channel's history could not be read: told, not sent again
    SKIPPED = "skipped"  # skip next, or paused
    EMPTY = "empty"  # nothing new, by the place's choice

    @property
    def is_final(self) -> bool:
        """Whether nothing more will be sent for it."""
        return self not in {State.PLANNED, State.SENDING}


@dataclass(frozen=True, slots=True)
class Part:
    """One message of a delivery. Times are as Discord's clock had them."""

    number: int
    nonce: str
    first_try_at: datetime | None = None
    last_try_at: datetime | None = None
    message_id: int | None = None
    dressed_at: datetime | None = None
    dress_error: str | None = None  # given up: the plain message stands


@dataclass(frozen=True, slots=True)
class Delivery:
    """One schedule on one local date (or one *post now*), with its lease's fence and its parts."""

    id: int
    schedule: Schedule
    local_date: date
    slot: str  # "daily", or the id of a manual post
    channel_id: int
    due_at: datetime
    expires_at: datetime
    state: State
    attempts: int = 0
    fence: int = 0
    payload: str | None = None  # frozen at the first claim
    parts: tuple[Part, ...] = ()
    planned_at: datetime | None = None
    sent_at: datetime | None = None
    reason: str = ""

    @property
    def marker(self) -> str:
        """What the last line of its first message carries, so that it is found again in the channel."""
        return marker(self.schedule.key, self.local_date, self.slot, 0)

    @property
    def is_manual(self) -> bool:
        """Whether somebody asked for it with *post now*."""
        return self.slot != DAILY

    def is_late(self, now: datetime) -> bool:
        """Whether it should say that it comes late."""
        return now - self.due_at > LATE_AFTER


def _digest(key: bytes, local_date: date, slot: str, part: int) -> bytes:
    text = f"{key.hex()}|{local_date.isoformat()}|{slot}|{part}"
    return hashlib.blake2s(text.encode(), digest_size=12).digest()


def nonce(key: bytes, local_date: date, slot: str, part: int) -> str:
    """Give the nonce of a part: the same on every try, in every process, after every restore (24 characters)."""
    return _digest(key, local_date, slot, part).hex()


def marker(key: bytes, local_date: date, slot: str, part: int) -> str:
    """Give what is readable of a part's identity, e.g. "2026-11-22 · k7f3"."""
    number = int.from_bytes(_digest(key, local_date, slot, part)[:4], "big")
    code = "".join(_DIGITS[number >> shift & 31] for shift in (15, 10, 5, 0))
    return f"{local_date.isoformat()} · {code}"


@dataclass(frozen=True, slots=True)
class Shown:
    """A story as a briefing showed it, for "no repeat", corrections and counts."""

    story_id: int
    article_id: int
    headline: str
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class Posted:
    """A story as a briefing showed it, and where that briefing stands."""

    delivery: Delivery
    position: int
    shown: Shown
    corrected_to: str | None = None  # "": withdrawn
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message: whole as plain text (≤ 2,000 characters), and its Components V2, if it is to be dressed."""

    plain: str
    dressed: list[dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True)
class Composed:
    """A briefing ready to be frozen. `more` are further messages; one message is the rule."""

    plain: str
    dressed: list[dict[str, Any]] | None = None
    shown: tuple[Shown, ...] = ()
    allowed_role: int | None = None  # the one role that may be pinged
    more: tuple[Message, ...] = ()
    title: str = "Daily briefing"  # names a forum post or the discussion thread

    @property
    def messages(self) -> tuple[Message, ...]:
        """Every message, in order."""
        return (Message(self.plain, self.dressed), *self.more)


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to post, by the place's choice; the reason is shown in the status."""

    reason: str


def freeze(composed: Composed) -> str:
    """Give the payload text that is stored at the first claim, and sent verbatim from then on."""
    return json.dumps(
        {
            "messages": [{"plain": message.plain, "dressed": message.dressed} for message in composed.messages],
            "role": composed.allowed_role,
            "title": composed.title,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def thaw(payload: str) -> Composed:
    """Read a frozen payload back; what it shows lies in the ledger, not in the payload."""
    raw = json.loads(payload)
    first, *more = [Message(each["plain"], each["dressed"]) for each in raw["messages"]]
    return Composed(first.plain, first.dressed, (), raw["role"], tuple(more), raw["title"])


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a manager must know, told once per cause in the place's private channel for notices."""

    place: Place
    schedule: Schedule
    cause: str  # the Code's value where there is one, else a word: "gone", "unknown"
    missing: tuple[str, ...] = ()  # permissions, by Discord's names
    local_date: date | None = None  # the briefing that did not arrive; None: a warning before it is due
    is_off: bool = False  # the schedule was turned off because of it
