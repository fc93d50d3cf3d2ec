from hypothesis import given
from hypothesis import strategies as st

from bot.domain.stories import parse_story_key, story_key


@given(st.integers(min_value=0, max_value=2**60 - 1))
def test_a_story_key_reads_back_and_is_never_a_bare_number(story_id: int) -> None:
    key = story_key(story_id)
    assert parse_story_key(key) == story_id
    assert not key.isdigit()


def test_text_that_is_no_story_key_is_refused() -> None:
    assert [parse_story_key(text) for text in ("", "s", "12", "sil", "story", "s" + "z" * 13)] == [None] * 6
