from contextlib import suppress
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.times import parse_time
from bot.errors import Code, UserError


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8", time(8)), ("08", time(8)), ("8am", time(8)), ("8 AM", time(8)), ("8 a.m.", time(8)), ("8pm", time(20)),
        ("12am", time(0)), ("12pm", time(12)), ("08.00", time(8)), ("8:30", time(8, 30)), ("8.30pm", time(20, 30)),
        ("20h", time(20)), ("20h15", time(20, 15)), ("20 Uhr", time(20)), ("7 o’clock", time(7)), ("0730", time(7, 30)),
        ("noon", time(12)), ("Midnight", time(0)), (" 23:59 ", time(23, 59)), ("８：３０", time(8, 30)),
    ],
)  # fmt: skip
def test_times_are_read_as_people_write_them(text: str, expected: time) -> None:
    assert parse_time(text) == expected


@pytest.mark.parametrize(
    "text", ["", "24:00", "7:60", "13pm", "0am", "25", "soon", "8:3", "-1", "8:00:00", "2460", "8 8", "١٢:٠٠x"]
)
def test_what_is_no_time_is_told_so(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_time(text)
    assert (caught.value.code, caught.value.parameters) == (Code.UNKNOWN_TIME, {"text": text})


@given(st.times())
def test_every_time_reads_back_as_it_is_shown(at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    assert parse_time(at.strftime("%H:%M")) == at
    assert parse_time(at.strftime("%I:%M %p")) == at


@given(st.text(max_size=30))
def test_any_text_is_a_time_or_told_so(text: str) -> None:
    with suppress(UserError):
        assert isinstance(parse_time(text), time)
