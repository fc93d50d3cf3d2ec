"""The prompt's language: what each line means."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loopback.script import (
    Become,
    Fill,
    Go,
    Pick,
    Press,
    Slash,
    Step,
    Suggest,
    UnclearError,
    Until,
    Wait,
    Word,
    parse,
    span_of,
)

LINES: dict[str, Step] = {
    "": None,
    "   ": None,
    "# a comment": None,
    "/headlines": Slash(("headlines",)),
    "/headlines topic:world": Slash(("headlines",), (("topic", "world"),)),
    "/headlines topic:world since:3 days": Slash(("headlines",), (("topic", "world"), ("since", "3 days"))),
    "/newsdesk setup channel:#news time:08:00 zone:Europe/Berlin": Slash(
        ("newsdesk", "setup"), (("channel", "#news"), ("time", "08:00"), ("zone", "Europe/Berlin"))
    ),
    '/search words:"note: this" topic:world': Slash(("search",), (("words", "note: this"), ("topic", "world"))),
    "/summary japan defence": Slash(("summary", "japan", "defence")),
    "/newsdesk sources add:https://example.org/feed": Slash(
        ("newsdesk", "sources"), (("add", "https://example.org/feed"),)
    ),
    "suggest /summary story:jap": Suggest(Slash(("summary",), (("story", "jap"),))),
    "press Next page": Press("Next page"),
    "> Next page": Press("Next page"),
    ">Next page": Press("Next page"),
    "pick 3": Pick("", ("3",)),
    "pick 1, 3": Pick("", ("1", "3")),
    "pick Open a story: 3": Pick("Open a story", ("3",)),
    "pick Sport, Science": Pick("", ("Sport, Science",)),
    "fill": Fill(()),
    "fill Time=08:00 Zone=Berlin": Fill((("Time", "08:00"), ("Zone", "Berlin"))),
    'fill "Your zone"=New York Time="8"': Fill((("Your zone", "New York"), ("Time", "8"))),
    "as member": Become("member"),
    "in #news": Go("#news"),
    "in dm": Go("dm"),
    "clock +1d": Wait(timedelta(days=1)),
    "clock +90m": Wait(timedelta(minutes=90)),
    "clock 08:00": Until(time(8)),
    "clock today 23:30": Until(time(23, 30), days_ahead=0),
    "clock tomorrow 08:00": Until(time(8), days_ahead=1),
    "clock 2026-11-25 08:00": Until(time(8), day=date(2026, 11, 25)),
    "help": Word("help"),
    "?": Word("help"),
    "/": Word("commands"),
    "quit": Word("quit"),
    "exit": Word("quit"),
    "options": Word("options"),
}


@pytest.mark.parametrize(("line", "step"), LINES.items(), ids=LINES)
def test_a_line_means(line: str, step: Step) -> None:
    assert parse(line) == step


UNCLEAR = ["press", "pick ", "as", "in", "clock", "suggest", "suggest /", "hello", "fill 08:00", "clock someday"]


@pytest.mark.parametrize("line", UNCLEAR)
def test_an_unclear_line_is_told_what_would_be_clear(line: str) -> None:
    with pytest.raises(UnclearError) as unclear:
        parse(line)
    assert unclear.value.sentence


@given(st.text(max_size=80))
def test_no_line_breaks_the_prompt(line: str) -> None:
    try:
        parse(line)
    except UnclearError as error:
        assert error.sentence  # noqa: PT017 - either is fine, nothing else may be raised


NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)  # 09:30 in Berlin
BERLIN = ZoneInfo("Europe/Berlin")
SPANS = {
    "a later time today": (Until(time(10)), timedelta(minutes=30)),
    "an earlier one is tomorrow's": (Until(time(9)), timedelta(hours=23, minutes=30)),
    "now is a day away": (Until(time(9, 30)), timedelta(days=1)),
    "tomorrow": (Until(time(8), days_ahead=1), timedelta(hours=22, minutes=30)),
    "a date": (Until(time(9, 30), day=date(2026, 11, 25)), timedelta(days=3)),
}


@pytest.mark.parametrize(("step", "span"), SPANS.values(), ids=SPANS)
def test_the_clock_goes_until(step: Until, span: timedelta) -> None:
    assert span_of(step, NOW, BERLIN) == span


def test_the_clock_follows_the_zone_over_a_change_of_offset() -> None:
    before = datetime(2026, 10, 24, 6, tzinfo=UTC)  # 08:00 in Berlin, the day before the clocks go back
    assert span_of(Until(time(8), days_ahead=1), before, BERLIN) == timedelta(hours=25)


def test_the_clock_never_goes_back() -> None:
    with pytest.raises(UnclearError):
        span_of(Until(time(8), days_ahead=0), NOW, BERLIN)


@pytest.mark.parametrize("line", ["clock +99999w", "clock +101d", "clock 9999-12-31 23:59", "clock 2027-06-01 08:00"])
def test_the_clock_goes_no_farther_than_the_bot_can_live_through(line: str) -> None:
    step = parse(line)
    assert isinstance(step, Wait | Until)
    with pytest.raises(UnclearError, match="100 days at once at most"):
        span_of(step, NOW, ZoneInfo("America/New_York"))
