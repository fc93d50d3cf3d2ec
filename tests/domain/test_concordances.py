import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.concordances import Concordance
from bot.domain.text import words_of

LINES = ["Bridge opens after 9 years", "U.S. bridges close", "東京で首脳会談", "Zoë sees us", "", "us s bridge"]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("bri", [0, 1, 5]),
        ("bridge ", [0, 1, 5]),
        ("bridge op", [0]),
        ("op bridge", []),
        ("bri op", []),
        ("ridge", []),
        ("u.s.", [1]),
        ("zoe", [3]),
        ("首脳", [2]),
        ("脳首", []),
        ("", [0, 1, 2, 3, 4, 5]),
        ("… ?", [0, 1, 2, 3, 4, 5]),
    ],
)
def test_a_line_is_found_by_its_words_the_last_perhaps_unfinished(typed: str, numbers: list[int]) -> None:
    assert list(Concordance(LINES).having(typed)) == numbers


WORDS = st.lists(st.sampled_from(["a", "ab", "abc", "b", "ba", "é"]), max_size=4).map(" ".join)


@given(st.lists(WORDS, max_size=6), WORDS)
def test_a_search_finds_what_reading_every_line_finds(lines: list[str], typed: str) -> None:
    *whole, last = words_of(typed) or [""]
    expected = [
        number
        for number, line in enumerate(lines)
        if set(whole) <= set(words_of(line)) and any(word.startswith(last) for word in [*words_of(line), ""])
    ]
    assert list(Concordance(lines).having(typed)) == expected
