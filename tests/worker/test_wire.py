"""What travels to and from the worker."""

import pickle
import pickletools
from array import array

import pytest

from bot.domain.articles import TextOrigin
from bot.domain.sources import Source, SourceKind
from bot.domain.topics import Topic
from bot.worker.wire import HEADER, Tag, pack, unpack

VALUES = {
    "a member": Topic.WORLD,
    "members in a value": Source(1, SourceKind.FEED, "https://a.example/feed", "A"),
    "arrays of numbers": (array("q", [1, -(1 << 62)]), array("f", [0.5]), array("q")),
    "members in collections": {"origins": [TextOrigin.FEED, frozenset({Topic.WORLD})]},
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES)
def test_values_arrive_as_they_were_and_no_function_is_named(value: object) -> None:
    payload = pack(Tag.RESULT, value)[HEADER.size :]
    assert unpack(payload) == value
    named = {str(argument) for _, argument, _ in pickletools.genops(payload) if argument is not None}
    assert not named & {"getattr", "builtins getattr"}, "some Pythons name it for members of enumerations"


def test_a_function_is_refused() -> None:
    with pytest.raises(pickle.UnpicklingError, match="may not come"):
        unpack(pickle.dumps(getattr))
