"""Rules of stated dates: what is clear is read as it is meant, what is not stays unstated."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.sources.dates import read_date

DAY = datetime(2025, 12, 3, tzinfo=UTC)
AFTERNOON = datetime(2025, 12, 3, 16, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2025-12-03",
        "2025/12/03",
        "3.12.2025",
        "December 3, 2025",
        "Dec 3, 2025",
        "Dec. 3, 2025",
        "December 3rd, 2025",
        "3 December 2025",
        "3rd Dec 2025",
        "Wednesday, December 3, 2025",
        "Wed, 3 Dec 2025",
        " 3 Dec 2025 UTC",
    ],
)
def test_a_day_is_read_in_any_usual_form(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "2025-12-03T16:15:00Z",
        "2025-12-03 16:15",
        "3.12.2025 16:15",
        "December 3, 2025, 16:15",
        "Dec 3, 2025 4:15 PM",
        "3 December 2025, 4:15 pm",
        "Wednesday, Dec. 3, 2025 at 4:15 p.m.",
        "Wed, 03 Dec 2025 17:15:00 +0100",
        "Wed, 03 Dec 2025 11:15:00 EST",
    ],
)
def test_a_time_of_day_is_read_as_it_is_meant(text: str) -> None:
    assert read_date(text) == AFTERNOON


@pytest.mark.parametrize(
    ("text", "hour"), [("Dec 3, 2025 12:00 am", 0), ("Dec 3, 2025 12:00 pm", 12), ("Dec 3, 2025 9AM", 9)]
)
def test_noon_and_midnight_are_told_apart(text: str, hour: int) -> None:
    assert read_date(text) == DAY + timedelta(hours=hour)


def test_a_month_may_be_called_sept() -> None:
    assert read_date("Sept. 5, 2025") == datetime(2025, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "yesterday at 5",
        "99.99.2025",
        "12/03/2025",
        "Dec 3",
        "16:15",
        "Dec 3, 2025 at 4:15 PM ET",
        "Dec 3, 2025 14:15 PM",
    ],
)
def test_what_is_not_clear_stays_unstated(text: str) -> None:
    assert read_date(text) is None
