import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.dates import FURTHEST, parse_date
from bot.errors import Code, UserError

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-12-24", date(2026, 12, 24)),
        (" until 2027-1-4 ", date(2027, 1, 4)),
        ("24.12.", date(2026, 12, 24)),
        ("24.12", date(2026, 12, 24)),
        ("bis zum 24.12.", date(2026, 12, 24)),
        ("3. 1.", date(2027, 1, 3)),
        ("3.1.27", date(2027, 1, 3)),
        ("22.11.", date(2027, 11, 22)),
        ("29.2.2028", date(2028, 2, 29)),
        ("24/12", date(2026, 12, 24)),
        ("12/24/2026", date(2026, 12, 24)),
        ("5/5", date(2027, 5, 5)),
        ("24 December", date(2026, 12, 24)),
        ("December 24th, 2026", date(2026, 12, 24)),
        ("Dec 24", date(2026, 12, 24)),
        ("24. Dezember", date(2026, 12, 24)),
        ("1er janvier", date(2027, 1, 1)),
        ("jusqu’au 24 décembre", date(2026, 12, 24)),
        ("24 de diciembre de 2026", date(2026, 12, 24)),
        ("3 mar", date(2027, 3, 3)),
        ("3 weeks", date(2026, 12, 13)),
        ("in 3 Wochen", date(2026, 12, 13)),
        ("2w", date(2026, 12, 6)),
        ("10 días", date(2026, 12, 2)),
        ("1 month", date(2026, 12, 22)),
        ("3 mois", date(2027, 2, 22)),
        ("Monday", date(2026, 11, 23)),
        ("next Sunday", date(2026, 11, 29)),
        ("Samstag", date(2026, 11, 28)),
        ("miércoles", date(2026, 11, 25)),
        ("tomorrow", date(2026, 11, 23)),
        ("mañana", date(2026, 11, 23)),
    ],
)
def test_dates_are_read_as_people_write_them(typed: str, expected: date) -> None:
    assert parse_date(typed, TODAY) == expected


@pytest.mark.parametrize(
    "typed", ["", "soon", "5/4", "31.2.2027", "2026-13-01", "24 hours", "32 December", "24.", "9 cats", "¼", "1/2/3"]
)
def test_what_is_no_date_or_may_mean_two_is_refused(typed: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_date(typed, TODAY)
    assert caught.value.code is Code.UNKNOWN_DATE


@pytest.mark.parametrize("typed", ["today", "2026-11-22", "2025-01-01", "0 days", "2029-01-01", "99 mois"])
def test_a_pause_ends_from_tomorrow_on_and_within_two_years(typed: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_date(typed, TODAY)
    assert caught.value.code is Code.DATE_NOT_AHEAD


def test_the_end_of_a_month_is_kept_within_the_month() -> None:
    assert parse_date("1 month", date(2027, 1, 31)) == date(2027, 2, 28)


@given(st.text(max_size=40) | st.from_regex(r"[0-9]{1,5}[./ -]?[a-z0-9]{0,6}[./ -]?[0-9]{0,5}", fullmatch=True))
def test_whatever_is_typed_is_a_date_ahead_or_refused(typed: str) -> None:
    with contextlib.suppress(UserError):
        assert TODAY < parse_date(typed, TODAY) <= TODAY + FURTHEST
