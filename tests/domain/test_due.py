"""When a briefing is due, over every zone that tzdata knows (F6)."""

import itertools
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.deliveries import State
from bot.domain.due import KEPT_MISSED, Timing, due, occurrences, shift_of, upcoming, zone_named
from tests.fakes.schedules import a_schedule

QUARTERS = [time(hour, minute) for hour in range(24) for minute in (0, 15, 30, 45)]
ZONES = sorted(zoneinfo.available_timezones())


def _transitions(zone: zoneinfo.ZoneInfo, first: datetime, last: datetime) -> list[date]:
    """Every local date near which the zone's offset changes."""
    found: set[date] = set()
    step = timedelta(hours=6)
    now, before = first, first.astimezone(zone).utcoffset()
    while now < last:
        now += step
        after = now.astimezone(zone).utcoffset()
        if after != before:
            local = now.astimezone(zone).date()
            found |= {local + timedelta(days=days) for days in (-1, 0, 1)}
        before = after
    return sorted(found)


def _skipped(zone: zoneinfo.ZoneInfo, day: date) -> bool:
    """Whether no instant at all has that local date."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    return all((start + timedelta(minutes=15 * step)).astimezone(zone).date() != day for step in range(4 * 54))


@pytest.mark.parametrize("part", range(4))
def test_every_zone_has_exactly_one_due_per_existing_local_date_at_any_quarter_hour(part: int) -> None:
    assert len(ZONES) > 590
    for name in ZONES[part::4]:
        zone = zone_named(name)
        for day in _transitions(zone, datetime(2025, 9, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)):
            for at in QUARTERS:
                instant = due(zone, day, at)
                assert (instant is None) == _skipped_cached(name, day), (name, day, at)


_SKIPPED: dict[tuple[str, date], bool] = {}


def _skipped_cached(name: str, day: date) -> bool:
    if (name, day) not in _SKIPPED:
        _SKIPPED[name, day] = _skipped(zone_named(name), day)
    return _SKIPPED[name, day]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        pytest.param("Pacific/Apia", date(2011, 12, 30), id="Samoa crossed the date line"),
        pytest.param("Pacific/Kwajalein", date(1993, 8, 21), id="Kwajalein crossed the date line"),
    ],
)
def test_a_date_that_the_zone_skipped_has_no_due_and_the_calendar_goes_on(zone: str, day: date) -> None:
    assert all(due(zone_named(zone), day, at) is None for at in QUARTERS)
    assert Timing(time(8), zone).after(day - timedelta(days=1)).local_date == day + timedelta(days=1)


@pytest.mark.parametrize("name", ["America/Nuuk", "America/Scoresbysund", "Africa/Cairo", "Asia/Beirut"])
def test_a_gap_at_midnight_loses_no_date(name: str) -> None:
    zone = zone_named(name)
    for day in _transitions(zone, datetime(2024, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)):
        assert all(due(zone, day, at) is not None for at in QUARTERS)


@pytest.mark.parametrize(
    ("day", "expected", "shift"),
    [
        pytest.param(date(2026, 3, 28), "2026-03-28T01:30+00:00", None, id="an ordinary day"),
        pytest.param(date(2026, 3, 29), "2026-03-29T01:30+00:00", "gap", id="the hour is missing: an hour later"),
        pytest.param(date(2026, 10, 25), "2026-10-25T00:30+00:00", "fold", id="the hour comes twice: the first"),
    ],
)
def test_half_past_two_in_berlin(day: date, expected: str, shift: str | None) -> None:
    zone = zone_named("Europe/Berlin")
    assert due(zone, day, time(2, 30)) == datetime.fromisoformat(expected)
    assert shift_of(zone, day, time(2, 30)) == shift


@given(
    name=st.sampled_from(ZONES),
    at=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    start=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    weekdays=st.integers(1, 127),
)
def test_firings_come_in_order_one_per_date_on_the_days_asked_for(
    name: str, at: time, start: date, weekdays: int
) -> None:
    firings = Timing(at, name, weekdays).firings(start)
    found = [next(firings) for _ in range(20)]
    dates = [firing.local_date for firing in found]
    assert dates == sorted(set(dates))
    assert all(weekdays >> day.weekday() & 1 for day in dates)
    instants = [firing.at for firing in found]
    assert all(later - earlier > timedelta(hours=20) for earlier, later in itertools.pairwise(instants))


def test_a_schedule_without_any_day_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one day"):
        next(Timing(time(8), "UTC", 0).firings(date(2026, 1, 1)))


def test_the_next_firing_is_the_first_ahead_on_a_date_not_taken_yet() -> None:
    timing = Timing(time(8), "Asia/Tokyo")
    now = datetime(2026, 11, 21, 22, tzinfo=UTC)  # 07:00 on the 22nd in Tokyo
    assert timing.ahead(now).local_date == date(2026, 11, 22)
    assert timing.ahead(now, {date(2026, 11, 22)}).local_date == date(2026, 11, 23)


def test_a_missed_date_within_grace_is_planned_late_and_after_it_is_expired() -> None:
    schedule = a_schedule()  # 08:00 UTC on 22 November, grace 3 hours
    found, firing = occurrences(schedule, datetime(2026, 11, 22, 10, 59, tzinfo=UTC))
    assert [each.state for each in found] == [State.PLANNED]
    assert firing.local_date == date(2026, 11, 23)
    found, _ = occurrences(schedule, datetime(2026, 11, 22, 11, tzinfo=UTC))
    assert [(each.state, each.reason) for each in found] == [(State.EXPIRED, "not-running")]


def test_after_days_down_only_today_is_posted() -> None:
    found, firing = occurrences(a_schedule(), datetime(2026, 11, 25, 8, 30, tzinfo=UTC))
    assert [(each.local_date.day, each.state) for each in found] == [
        (22, State.EXPIRED), (23, State.EXPIRED), (24, State.EXPIRED), (25, State.PLANNED),
    ]  # fmt: skip
    assert firing.local_date == date(2026, 11, 26)


def test_a_long_absence_leaves_only_the_last_few_rows() -> None:
    found, _ = occurrences(a_schedule(), datetime(2028, 1, 1, tzinfo=UTC))
    assert len(found) == KEPT_MISSED


@pytest.mark.parametrize("day", [22, 23])
def test_a_clock_set_back_repeats_nothing(day: int) -> None:
    schedule = a_schedule(next_due=datetime(2026, 11, 24, 8, tzinfo=UTC), next_date=date(2026, 11, 24))
    found, firing = occurrences(schedule, datetime(2026, 11, day, 9, tzinfo=UTC))
    assert (found, firing.local_date) == ((), date(2026, 11, 24))


def test_paused_and_skipped_dates_are_kept_with_their_reason_and_left_out_of_what_comes() -> None:
    schedule = a_schedule(skip_date=date(2026, 11, 24), paused_until=date(2026, 11, 23))
    found, _ = occurrences(schedule, datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert [(each.state, each.reason) for each in found] == [
        (State.SKIPPED, "paused"), (State.EXPIRED, "not-running"), (State.SKIPPED, "skipped"),
    ]  # fmt: skip
    assert [firing.local_date.day for firing in upcoming(schedule, 3)] == [23, 25, 26]


def test_no_firing_comes_while_a_pause_has_no_end() -> None:
    assert upcoming(a_schedule(paused_until=date.max), 5) == ()
