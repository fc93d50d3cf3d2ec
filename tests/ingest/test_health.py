"""How a feed does: tables of visits and what follows from them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feeds import Cadence, Cure, Feed, NoticeKind, Verdict
from bot.domain.sources import SourceState
from bot.errors import SourceFault
from bot.ingest.health import Answered, Failed, decide, next_check
from bot.sources.answers import Validators

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday
URL = "https://example.org/feed"
FEED = Feed(1, URL, "example.org", NOW, is_baselined=True, etag="a", last_modified="b", body_hash="h")
HOUR = timedelta(hours=1)


def answered(feed: Feed = FEED, jitter: float = 0.0, now: datetime = NOW, **given: Any) -> Verdict:
    visit = replace(Answered(Validators("a", "b"), "new", has_news=True), **given)
    return decide(feed, visit, now, jitter)


def failed(fault: SourceFault, feed: Feed = FEED, now: datetime = NOW, retry: float | None = None) -> Verdict:
    return decide(feed, Failed(fault, "it answered so", retry), now, 0.0)


def wait_of(verdict: Verdict, now: datetime = NOW) -> timedelta | None:
    return verdict.feed.next_check - now if verdict.feed.next_check else None


# --- when it goes well


@pytest.mark.parametrize(
    ("feed", "given", "wait"),
    [
        (FEED, {}, HOUR),
        (FEED, {"cadence": Cadence(ttl_s=7200)}, 2 * HOUR),
        (FEED, {"cadence": Cadence(period_s=10_800)}, 3 * HOUR),
        (FEED, {"fresh_s": 14_400.0}, 4 * HOUR),
        (FEED, {"cadence": Cadence(ttl_s=60)}, HOUR),
        (FEED, {"fresh_s": 10.0**9}, 24 * HOUR),
        (replace(FEED, interval_s=60), {}, timedelta(minutes=15)),
        (replace(FEED, interval_s=1_800), {}, HOUR / 2),
        (replace(FEED, cadence=Cadence(ttl_s=7200)), {"body_hash": None}, 2 * HOUR),
    ],
    ids=["default", "ttl", "sy", "max-age", "ttl too short", "too long", "shortest", "own", "304 keeps the cadence"],
)
def test_the_next_visit_is_the_latest_anybody_asks_for(feed: Feed, given: dict[str, Any], wait: timedelta) -> None:
    assert wait_of(answered(feed, **given)) == wait


@pytest.mark.parametrize(("jitter", "minutes"), [(-1.0, 54), (0.0, 60), (1.0, 66)])
def test_visits_are_spread_by_a_tenth(jitter: float, minutes: int) -> None:
    assert wait_of(answered(jitter=jitter)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("cadence", "at"),
    [
        (Cadence(skip_hours=frozenset({13, 14})), datetime(2026, 11, 20, 15, 0, tzinfo=UTC)),
        (Cadence(skip_days=frozenset({4, 5})), datetime(2026, 11, 22, 0, 0, tzinfo=UTC)),
        (Cadence(skip_hours=frozenset({0}), skip_days=frozenset({4})), datetime(2026, 11, 21, 1, 0, tzinfo=UTC)),
    ],
    ids=["hours", "days", "both"],
)
def test_closing_hours_and_days_are_kept(cadence: Cadence, at: datetime) -> None:
    assert answered(cadence=cadence).feed.next_check == at


@given(
    st.floats(0, 10**7),
    st.sets(st.integers(0, 23), max_size=23),
    st.sets(st.integers(0, 6), max_size=6),
    st.floats(-1, 1),
)
def test_the_next_visit_is_never_too_soon_nor_in_closing_time(
    interval_s: float, hours: set[int], days: set[int], jitter: float
) -> None:
    cadence = Cadence(skip_hours=frozenset(hours), skip_days=frozenset(days))
    at = next_check(NOW, interval_s, cadence, jitter)
    assert at >= NOW + timedelta(minutes=13)
    assert at.hour not in hours
    assert at.weekday() not in days


def test_a_feed_without_validators_that_never_changes_is_asked_less_often() -> None:
    feed, waits = replace(FEED, etag=None, last_modified=None), []
    for _ in range(15):
        verdict = answered(feed, validators=Validators(), body_hash="h", has_news=False)
        feed = verdict.feed
        waits.append(wait_of(verdict))
    assert waits[0] == HOUR * 1.25
    assert waits == sorted(waits, key=lambda wait: wait or HOUR)
    assert waits[-1] == 4 * HOUR
    assert wait_of(answered(feed, validators=Validators(), body_hash="other")) == HOUR


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"validators": Validators("x", "y")}, ("x", "y", "new")),
        ({"validators": Validators("x")}, ("x", None, "new")),
        ({"validators": Validators()}, (None, None, "new")),
        ({"body_hash": None, "validators": Validators(None, "z")}, ("a", "z", "h")),
        ({"body_hash": None, "validators": Validators()}, ("a", "b", "h")),
    ],
    ids=["both", "one clears the other", "neither clears both", "304 with a new date", "304"],
)
def test_validators_are_those_of_the_last_answer_that_was_read(given: dict[str, Any], kept: tuple[str, ...]) -> None:
    feed = answered(**given).feed
    assert (feed.etag, feed.last_modified, feed.body_hash) == kept


def test_a_good_answer_heals_and_is_told_only_where_trouble_was() -> None:
    ill = replace(FEED, fail_streak=4, fault="timed-out", fault_since=NOW, told_at=NOW)
    verdict = answered(ill)
    assert (verdict.feed.fail_streak, verdict.feed.fault, verdict.feed.told_at) == (0, "", None)
    assert verdict.state is SourceState.OK
    assert verdict.notice
    assert verdict.notice.kind is NoticeKind.RECOVERED
    assert answered(replace(ill, told_at=None)).notice is None


# --- moving


def test_a_feed_moves_when_permanent_redirects_have_held_for_a_day_and_three_visits() -> None:
    feed, moves = FEED, []
    for hours in (0, 1, 2, 23, 24, 25):
        verdict = answered(feed, now=NOW + hours * HOUR, moved_to="https://new.example/feed")
        feed = verdict.feed
        moves.append(verdict.move_to)
    assert moves[:4] == [None] * 4
    assert moves[4] == "https://new.example/feed"


def test_another_target_or_none_begins_anew() -> None:
    feed = answered(moved_to="https://new.example/feed").feed
    assert answered(feed, moved_to="https://other.example/feed").feed.moved_streak == 1
    assert answered(feed).feed.moved_streak == 0
    assert answered(feed, moved_to=URL).feed.moved_to is None
    day_later = NOW + 25 * HOUR
    assert answered(feed, now=day_later, moved_to="https://new.example/feed").move_to is None


def test_a_move_is_told_with_the_new_address() -> None:
    feed = replace(FEED, moved_to="https://n.example/", moved_since=NOW - 30 * HOUR, moved_streak=5)
    notice = answered(feed, moved_to="https://n.example/").notice
    assert notice
    assert (notice.kind, notice.cure, notice.reason) == (NoticeKind.MOVED, Cure.NEW_ADDRESS, "https://n.example/")


# --- when it goes wrong


@pytest.mark.parametrize(
    "fault", [SourceFault.REFUSED, SourceFault.SERVER_ERROR, SourceFault.TIMED_OUT, SourceFault.UNPARSABLE]
)
def test_trouble_doubles_the_wait_up_to_a_day_and_never_ends_it(fault: SourceFault) -> None:
    feed, waits = FEED, []
    for _ in range(400):
        verdict = failed(fault, feed)
        feed = verdict.feed
        waits.append(wait_of(verdict))
    assert waits[:5] == [2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, 24 * HOUR]
    assert set(waits[5:]) == {24 * HOUR}
    assert (feed.etag, feed.last_modified, feed.body_hash) == ("a", "b", "h")


def test_managers_are_told_after_three_failures_in_a_row_and_once() -> None:
    feed, told = FEED, []
    for _ in range(6):
        verdict = failed(SourceFault.TIMED_OUT, feed)
        feed = verdict.feed
        told.append(verdict.notice.kind if verdict.notice else None)
    assert told == [None, None, NoticeKind.FAILING, None, None, None]


@pytest.mark.parametrize(
    ("fault", "cure"),
    [
        (SourceFault.NOT_A_FEED, Cure.CHOOSE_FEED),
        (SourceFault.REFUSED, Cure.SLOWER),
        (SourceFault.RATE_LIMITED, Cure.SLOWER),
        (SourceFault.NOT_FOUND, Cure.CHECK_ADDRESS),
        (SourceFault.TIMED_OUT, Cure.WAIT),
    ],
)
def test_a_cause_has_a_cure(fault: SourceFault, cure: Cure) -> None:
    verdict = failed(fault, replace(FEED, fail_streak=2))
    assert verdict.notice
    assert verdict.notice.cure is cure
    assert (verdict.state, verdict.detail) == (SourceState.FAILING, "it answered so")


@pytest.mark.parametrize(
    ("retry", "streak", "wait"),
    [
        (7_200.0, 0, 2 * HOUR),
        (5.0, 0, HOUR / 4),
        (10.0**9, 0, timedelta(days=7)),
        (None, 0, HOUR),
        (None, 1, 2 * HOUR),
        (None, 4, 16 * HOUR),
        (None, 30, 24 * HOUR),
    ],
)
def test_too_many_requests_pause_the_whole_domain(retry: float | None, streak: int, wait: timedelta) -> None:
    verdict = failed(SourceFault.RATE_LIMITED, replace(FEED, fail_streak=streak), retry=retry)
    assert wait_of(verdict) == wait
    assert verdict.hold_until == NOW + wait


def test_gone_is_final_and_told_at_once() -> None:
    verdict = failed(SourceFault.GONE)
    assert (verdict.feed.next_check, verdict.state) == (None, SourceState.DISABLED)
    assert verdict.notice
    assert (verdict.notice.kind, verdict.notice.cure) == (NoticeKind.GONE, Cure.REMOVE)


def test_missing_is_final_after_seven_days_in_a_row() -> None:
    feed, now, states = FEED, NOW, []
    for _ in range(14):
        verdict = failed(SourceFault.NOT_FOUND, feed, now)
        feed = verdict.feed
        states.append((now - NOW, verdict.state))
        now = feed.next_check or now
    assert all((state is SourceState.DISABLED) == (age >= timedelta(days=7)) for age, state in states[:12])
    assert states[-1][1] is SourceState.DISABLED


def test_another_fault_between_begins_the_seven_days_anew() -> None:
    feed = failed(SourceFault.NOT_FOUND).feed
    feed = failed(SourceFault.TIMED_OUT, feed, NOW + timedelta(days=6)).feed
    verdict = failed(SourceFault.NOT_FOUND, feed, NOW + timedelta(days=8))
    assert verdict.state is SourceState.FAILING


def test_closing_time_without_an_end_is_ignored_after_a_week() -> None:
    never = Cadence(skip_hours=frozenset(range(24)))
    assert next_check(NOW, 3_600, never, 0.0) >= NOW + timedelta(days=7)
