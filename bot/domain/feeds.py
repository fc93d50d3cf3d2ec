"""Feeds as they are looked after: when each is asked next, how it does, and what managers are told about it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.sources import Source, SourceState


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often the publisher asks to be visited; hours and days are GMT, days count from Monday = 0."""

    ttl_s: float = 0.0
    period_s: float = 0.0  # sy:updatePeriod divided by sy:updateFrequency
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


NO_CADENCE = Cadence()


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's address and all that is remembered between two visits.

    `etag`, `last_modified` and `body_hash` are from the last answer that was read and stored, verbatim.
    """

    source_id: int
    url: str
    domain: str = ""  # registrable; a publisher that asks for a pause gets it for all of it
    next_check: datetime | None = None  # None: not asked (paused, disabled, or nobody reads it)
    checked_at: datetime | None = None
    ok_at: datetime | None = None  # the last good answer
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    interval_s: float = 3_600.0
    cadence: Cadence = NO_CADENCE
    fail_streak: int = 0
    fault: str = ""  # of the last try; a SourceFault's word, empty: it went well
    fault_since: datetime | None = None  # the first try in a row that ended with this fault
    told_at: datetime | None = None  # managers know of the trouble that lasts
    is_baselined: bool = False  # its first items are in, and fired no follow
    quiet_streak: int = 0  # answers in a row with nothing new
    moved_to: str | None = None  # where permanent redirects led, the last times
    moved_since: datetime | None = None
    moved_streak: int = 0
    may_fetch_pages: bool = True
    readers: int = 0  # places that read it


class Cure(StrEnum):
    """What a manager can do about a feed; render makes the sentence."""

    NOTHING = "nothing"  # it works again
    WAIT = "wait"  # it is tried again by itself
    SLOWER = "slower"  # the publisher wants fewer visits; that is done by itself
    CHECK_ADDRESS = "check-address"
    CHOOSE_FEED = "choose-feed"  # the address leads to a page; look for its feeds
    FOUND_FEED = "found-feed"  # likewise, and it names a feed
    NEW_ADDRESS = "new-address"  # it moved, and is followed
    REMOVE = "remove"  # it is gone for good


class NoticeKind(StrEnum):
    """What managers are told about a source, once each."""

    FAILING = "failing"
    RECOVERED = "recovered"
    GONE = "gone"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Notice:
    """What the managers of every place that chose a source are to be told."""

    kind: NoticeKind
    cure: Cure
    reason: str  # one plain clause ("it answered 503"); where it moved, or a page names a feed, that address


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a visit to a feed changes."""

    feed: Feed
    state: SourceState
    detail: str = ""
    notice: Notice | None = None
    hold_until: datetime | None = None  # nothing is asked of the publisher's domain before
    move_to: str | None = None  # the feed's address from now on


@dataclass(frozen=True, slots=True)
class SourceNotice:
    """One thing to tell the managers of one place about one source."""

    id: int
    place_id: int
    source: Source
    kind: NoticeKind
    cure: Cure
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source as a place's managers see it; `feed` is None for documents."""

    source: Source
    feed: Feed | None = None
    is_own: bool = False  # the place chose it; otherwise everybody reads it
    is_paused: bool = False
    pack: str | None = None
    newest_at: datetime | None = None  # of its stories here
    stories: int = 0
