import json

from hypothesis import given
from hypothesis import strategies as st

from bot.store.values import strings, to_json


@given(st.lists(st.text(st.sampled_from('ab ,"[]\\\n\u0000é\u2028'), max_size=6) | st.text(), max_size=4))
def test_strings_are_read_as_they_were_written(texts: list[str]) -> None:
    written = to_json(texts)
    assert strings(written) == tuple(json.loads(written)) == tuple(texts)
