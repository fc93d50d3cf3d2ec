"""When a briefing is due: local time, weekdays and zone to instants. Pure; the store plans and the desk shows by it.

Zones come from the `tzdata` package alone: `zoneinfo` would prefer the system's tables, which may be years old.
The calendar is advanced from the last local date, never from the clock, so a clock set back repeats nothing.
"""

import itertools
import zoneinfo
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

import tzdata

from bot.domain.answers import Firing
from bot.domain.deliveries import State
from bot.domain.places import ALL_DAYS, Schedule

zoneinfo.reset_tzpath(to=())

TZDATA_VERSION: str = tzdata.IANA_VERSION
MIN_GRACE = timedelta(minutes=10)  # even with no grace a send may meet a short outage
KEPT_MISSED = 7  # ledger rows for a long absence: the latest ones
FURTHEST = timedelta(days=8)  # no next_due can lie further ahead: weekdays repeat after 7 days

_DAY = timedelta(days=1)


@lru_cache(maxsize=1024)
def zone_named(name: str) -> zoneinfo.ZoneInfo:
    """Give the IANA zone.

    Raises:
        zoneinfo.ZoneInfoNotFoundError, ValueError: there is none of that name.
    """
    return zoneinfo.ZoneInfo(name)


def due(zone: zoneinfo.ZoneInfo, day: date, at: time) -> datetime | None:
    """Give the UTC instant of a local time, or None for a local date that the zone skipped entirely.

    An hour that comes twice: the first. An hour that does not come: as much later as the gap is long.
    """
    instant = datetime.combine(day, at, zone).astimezone(UTC)
    if instant.astimezone(zone).date() == day:
        return instant
    exists = any(datetime.combine(day, time(h), zone).astimezone(UTC).astimezone(zone).date() == day for h in (0, 12))
    return instant if exists else None  # a gap across midnight shifts into the next date and still counts


def shift_of(zone: zoneinfo.ZoneInfo, day: date, at: time) -> str | None:
    """Name what DST does to a local time that day: "gap", "fold" or None."""
    wanted = datetime.combine(day, at)
    first = wanted.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) != wanted:
        return "gap"
    second = wanted.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return "fold" if second != first else None


def is_on(weekdays: int, day: date) -> bool:
    """Whether the mask (Monday = 1) holds that day of the week."""
    return bool(weekdays >> day.weekday() & 1)


@dataclass(frozen=True, slots=True)
class Timing:
    """When something fires by the calendar of a zone."""

    local_time: time
    zone: str
    weekdays: int = ALL_DAYS

    def firings(self, start: date) -> Iterator[Firing]:
        """Give every firing from the local date `start` on, without end."""
        if not self.weekdays & ALL_DAYS:
            raise ValueError("a schedule needs at least one day of the week")
        zone = zone_named(self.zone)
        day = start
        while True:
            if is_on(self.weekdays, day) and (instant := due(zone, day, self.local_time)):
                yield Firing(instant, day, shift_of(zone, day, self.local_time))
            day += _DAY

    def after(self, day: date) -> Firing:
        """Give the first firing of a later local date."""
        return next(self.firings(day + _DAY))

    def ahead(self, now: datetime, taken: Collection[date] = ()) -> Firing:
        """Give the first firing later than `now` whose local date is not `taken`."""
        start = now.astimezone(zone_named(self.zone)).date() - _DAY
        return next(firing for firing in self.firings(start) if firing.at > now and firing.local_date not in taken)


def timing_of(schedule: Schedule) -> Timing:
    """Give the calendar part of a schedule."""
    return Timing(schedule.local_time, schedule.zone, schedule.weekdays)


def upcoming(schedule: Schedule, count: int) -> tuple[Firing, ...]:
    """Give the next firings that will post: skipped and paused dates are left out."""
    if schedule.paused_until == date.max:  # until somebody resumes it
        return ()
    start = max(schedule.next_date, schedule.paused_until or schedule.next_date)
    firings = timing_of(schedule).firings(start)
    coming = (firing for firing in firings if reason_to_skip(schedule, firing.local_date) is None)
    return tuple(itertools.islice(coming, count))


def reason_to_skip(schedule: Schedule, day: date) -> str | None:
    """Say in one word why nothing is posted on that local date; None when something is."""
    if schedule.paused_until is not None and day < schedule.paused_until:
        return "paused"
    return "skipped" if schedule.skip_date == day else None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A local date that has come: the ledger row to write."""

    local_date: date
    due_at: datetime
    expires_at: datetime
    state: State
    reason: str = ""


def expiry(schedule: Schedule, at: datetime) -> datetime:
    """Give the instant after which a briefing due `at` is not posted any more."""
    return at + max(timedelta(seconds=schedule.grace_s), MIN_GRACE)


def occurrences(schedule: Schedule, now: datetime) -> tuple[tuple[Occurrence, ...], Firing]:
    """Give every date that has come since the schedule was last planned, and the next firing.

    A missed date within grace is planned (it will be late); older ones are `expired`, of which the last few are
    kept for the status.
    """
    found: list[Occurrence] = []
    firing = Firing(schedule.next_due, schedule.next_date)
    timing = timing_of(schedule)
    while firing.at <= now:
        found.append(_occurrence(schedule, firing, now))
        firing = timing.after(firing.local_date)
    return tuple(found[-KEPT_MISSED:]), firing


def _occurrence(schedule: Schedule, firing: Firing, now: datetime) -> Occurrence:
    expires = expiry(schedule, firing.at)
    if reason := reason_to_skip(schedule, firing.local_date):
        return Occurrence(firing.local_date, firing.at, expires, State.SKIPPED, reason)
    if expires <= now:
        return Occurrence(firing.local_date, firing.at, expires, State.EXPIRED, "not-running")
    return Occurrence(firing.local_date, firing.at, expires, State.PLANNED)
