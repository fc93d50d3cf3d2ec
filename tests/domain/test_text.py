import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import clean_line

# Spaces, controls, joiners, marks, letters that compose, and letters that become Latin ones.
_ODD = (
    " \t\n\u0085\u00a0\u3000\x01\u00ad\u200b\u202e\ufeff\u200c\u200d\u0301\u0323eA\u0915\u094d\u212b\u1100\u1161\ud800"
)
_lines = st.text(st.sampled_from(_ODD) | st.characters(), max_size=30)


@given(_lines)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    once = clean_line(text)
    assert clean_line(once) == once


@given(_lines)
def test_a_clean_line_is_composed_and_has_single_spaces_only(text: str) -> None:
    clean = clean_line(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert clean.split(" ") == clean.split() or not clean


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a \x01 b", "a b", id="a control character between two spaces"),
        pytest.param("e\u200d\u0301\u200d\u0915", "\u00e9\u0915", id="a joiner that stood between letter and mark"),
        pytest.param("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937", id="a joiner where it is written"),
        pytest.param("\u0915\u200d\u212b", "\u0915\u00c5", id="a joiner before what becomes Latin"),
        pytest.param("e" + "\u0301" * 9, "\u00e9" + "\u0301" * 4, id="a stack of marks"),
    ],
)
def test_a_line_is_cleaned(text: str, expected: str) -> None:
    assert clean_line(text) == expected
