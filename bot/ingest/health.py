"""How a feed does: from what a visit brought, decide when to come again and what to tell. Pure.

The rules are those of the sources page, each a test: back off and never give up but for 410 and a long 404; follow
a permanent redirect once it has held for a day; tell managers once when trouble lasts and once when it ends.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.feeds import Cadence, Cure, Feed, Notice, NoticeKind, Verdict
from bot.domain.sources import SourceState
from bot.errors import SourceFault
from bot.sources.answers import NO_VALIDATORS, Validators

SHORTEST_S = 900.0
LONGEST_S = 86_400.0
HOUR_S = 3_600.0
TELL_AFTER = 3  # failures in a row
MISSING_FOR = timedelta(days=7)  # of 404s, then a feed is switched off
MOVED_TIMES = 3
MOVED_FOR = timedelta(hours=24)
_STRETCH = 4.0  # how much longer a feed without validators that never changes may wait
_MOST_RETRY_S = 7 * 86_400.0

CURES = {
    SourceFault.NOT_A_FEED: Cure.CHOOSE_FEED,
    SourceFault.NOT_FOUND: Cure.CHECK_ADDRESS,
    SourceFault.REDIRECT: Cure.CHECK_ADDRESS,
    SourceFault.BAD_ADDRESS: Cure.CHECK_ADDRESS,
    SourceFault.PRIVATE_ADDRESS: Cure.CHECK_ADDRESS,
    SourceFault.GONE: Cure.REMOVE,
    SourceFault.REFUSED: Cure.SLOWER,
    SourceFault.RATE_LIMITED: Cure.SLOWER,
}


@dataclass(frozen=True, slots=True)
class Answered:
    """A visit that went well. `body_hash` None: the server said "not modified"."""

    validators: Validators = NO_VALIDATORS
    body_hash: str | None = None
    cadence: Cadence | None = None  # None: not read again
    fresh_s: float = 0.0
    moved_to: str | None = None
    has_news: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """A visit that brought nothing; old articles stay."""

    fault: SourceFault
    reason: str
    retry_after_s: float | None = None
    named_feed: str | None = None  # by the page that came instead of the feed


def decide(feed: Feed, visit: Answered | Failed, now: datetime, jitter: float) -> Verdict:
    """Judge a visit.

    Args:
        feed: as it was before.
        visit: what came of it.
        now: the end of the visit.
        jitter: between -1 and 1; up to a tenth of the interval.
    """
    if isinstance(visit, Answered):
        return _went_well(feed, visit, now, jitter)
    return _went_wrong(feed, visit, now, jitter)


def next_check(now: datetime, interval_s: float, cadence: Cadence, jitter: float) -> datetime:
    """Give when to come again: clamped, jittered, and outside the publisher's closing hours (GMT)."""
    clamped = min(max(interval_s, SHORTEST_S), LONGEST_S)
    at = now + timedelta(seconds=clamped * (1 + jitter / 10))
    for _ in range(24 * 7):
        if at.hour not in cadence.skip_hours and at.weekday() not in cadence.skip_days:
            return at
        at = (at + timedelta(hours=1)).replace(minute=int(abs(jitter) * 59), second=0, microsecond=0)
    return at


def _went_well(feed: Feed, visit: Answered, now: datetime, jitter: float) -> Verdict:
    cadence = visit.cadence or feed.cadence
    is_same = visit.body_hash is None or visit.body_hash == feed.body_hash
    quiet = feed.quiet_streak + 1 if is_same or not visit.has_news else 0
    kept = _remembered(feed, visit)
    own_s = feed.interval_s
    if not (kept.etag or kept.last_modified):
        own_s *= min(_STRETCH, 1 + quiet / 4)
    wanted_s = max(own_s, cadence.ttl_s, cadence.period_s, visit.fresh_s)
    moved, move_to = _moving(kept, visit.moved_to, now)
    healed = replace(
        moved,
        next_check=next_check(now, wanted_s, cadence, jitter),
        checked_at=now,
        ok_at=now,
        cadence=cadence,
        fail_streak=0,
        fault="",
        fault_since=None,
        told_at=None,
        is_baselined=True,
        quiet_streak=quiet,
    )
    notice = Notice(NoticeKind.RECOVERED, Cure.NOTHING, "") if feed.told_at else None
    if move_to:
        notice = Notice(NoticeKind.MOVED, Cure.NEW_ADDRESS, move_to)
    return Verdict(healed, SourceState.OK, notice=notice, move_to=move_to)


def _remembered(feed: Feed, visit: Answered) -> Feed:
    """Keep validators as they are; a 304 may bring a new Last-Modified, a 200 brings both or clears both."""
    if visit.body_hash is None:
        return replace(feed, last_modified=visit.validators.last_modified or feed.last_modified)
    return replace(
        feed,
        etag=visit.validators.etag,
        last_modified=visit.validators.last_modified,
        body_hash=visit.body_hash,
    )


def _moving(feed: Feed, moved_to: str | None, now: datetime) -> tuple[Feed, str | None]:
    if moved_to is None or moved_to == feed.url:
        return replace(feed, moved_to=None, moved_since=None, moved_streak=0), None
    if moved_to != feed.moved_to or feed.moved_since is None:
        return replace(feed, moved_to=moved_to, moved_since=now, moved_streak=1), None
    streak = feed.moved_streak + 1
    is_settled = streak >= MOVED_TIMES and now - feed.moved_since >= MOVED_FOR
    return replace(feed, moved_streak=streak), moved_to if is_settled else None


def _went_wrong(feed: Feed, visit: Failed, now: datetime, jitter: float) -> Verdict:
    streak = feed.fail_streak + 1
    since = feed.fault_since if feed.fault == visit.fault.value and feed.fault_since else now
    failing = replace(feed, checked_at=now, fail_streak=streak, fault=visit.fault.value, fault_since=since)
    is_missing = visit.fault is SourceFault.NOT_FOUND and now - since >= MISSING_FOR
    if visit.fault is SourceFault.GONE or is_missing:
        gone = replace(failing, next_check=None, told_at=now)
        return Verdict(gone, SourceState.DISABLED, visit.reason, Notice(NoticeKind.GONE, Cure.REMOVE, visit.reason))
    wait_s = _back_off_s(feed, visit, streak)
    notice: Notice | None = None
    if is_to_be_told(feed):
        notice = Notice(NoticeKind.FAILING, CURES.get(visit.fault, Cure.WAIT), visit.reason)
        if visit.named_feed:
            notice = Notice(NoticeKind.FAILING, Cure.FOUND_FEED, visit.named_feed)
        failing = replace(failing, told_at=now)
    if visit.fault is SourceFault.RATE_LIMITED:
        until = now + timedelta(seconds=wait_s)
        later = until + timedelta(seconds=wait_s * abs(jitter) / 10)  # never before what was asked for
        return Verdict(replace(failing, next_check=later), SourceState.FAILING, visit.reason, notice, hold_until=until)
    due = next_check(now, wait_s, feed.cadence, jitter)
    return Verdict(replace(failing, next_check=due), SourceState.FAILING, visit.reason, notice)


def is_to_be_told(feed: Feed) -> bool:
    """Say whether managers are told of the next failure of a feed."""
    return feed.fail_streak + 1 >= TELL_AFTER and not feed.told_at


def _back_off_s(feed: Feed, visit: Failed, streak: int) -> float:
    doubling = 2.0 ** min(streak, 10)
    if visit.fault is not SourceFault.RATE_LIMITED:
        return min(max(feed.interval_s, SHORTEST_S) * doubling, LONGEST_S)
    if visit.retry_after_s is not None:
        return min(max(visit.retry_after_s, SHORTEST_S), _MOST_RETRY_S)
    return min(HOUR_S * doubling / 2, LONGEST_S)
