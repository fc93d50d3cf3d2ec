"""The worker's loop and its wire, without a process."""

import io
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.sources import Item
from bot.domain.topics import Topic
from bot.errors import SourceFault
from bot.worker.__main__ import serve
from bot.worker.wire import HEADER, Tag, pack, unpack


def answers_to(*jobs: tuple[str, tuple[object, ...]], memory_mb: int = 0) -> list[tuple[Tag, bool, Any]]:
    asked = io.BytesIO(b"".join(pack(Tag.JOB, (path, 5.0, arguments)) for path, arguments in jobs))
    said = io.BytesIO()
    alarms: list[float] = []
    serve(asked, said, memory_mb=memory_mb, alarm=alarms.append)
    assert alarms[::2] == [5.0] * (len(alarms) // 2)
    assert set(alarms[1::2]) <= {0}
    return list(_frames(said.getvalue()))


def _frames(data: bytes) -> Iterator[tuple[Tag, bool, Any]]:
    while data:
        length, is_last, tag = HEADER.unpack(data[: HEADER.size])
        yield Tag(tag.decode()), is_last, unpack(data[HEADER.size : HEADER.size + length])
        data = data[HEADER.size + length :]


def test_a_job_is_loaded_once_and_each_gets_its_answer() -> None:
    said = answers_to(("string:capwords", ("a b",)), ("string:capwords", ("c",)))
    assert said == [(Tag.LOADED, False, None), (Tag.RESULT, False, "A B"), (Tag.RESULT, False, "C")]


def test_a_refusal_keeps_its_reason_and_an_error_only_its_name() -> None:
    said = answers_to(("bot.sources.parsing:parse_feed", (b"", "https://a.example/")), ("builtins:int", ("x",)))
    assert said[1] == (Tag.SOURCE_ERROR, False, (SourceFault.EMPTY, "the answer is empty"))
    assert said[3] == (Tag.FAILED, False, "ValueError")


def test_no_memory_left_is_the_end_of_a_process() -> None:
    said = answers_to(("tests.worker.test_serving:greedy", ()), ("builtins:int", ("1",)))
    assert said[1:] == [(Tag.FAILED, True, "MemoryError")]


def test_a_process_that_grew_large_ends_after_its_answer() -> None:
    assert [is_last for _, is_last, _ in answers_to(("builtins:int", ("1",)), memory_mb=1)] == [False, True]


def greedy() -> None:
    raise MemoryError


@dataclass
class Foreign:
    """A dataclass that is not ours."""

    number: int = 1


@pytest.mark.parametrize(
    "value",
    [
        Item("One", ("Text.",), published_at=datetime(2026, 1, 1, tzinfo=UTC)),
        (Topic.WORLD, SourceFault.EMPTY),
        frozenset({1, 2}),
        {"a": [1, 2.5, None, b"x"]},
    ],
)
def test_plain_values_survive_the_wire(value: object) -> None:
    assert unpack(pack(Tag.RESULT, value)[HEADER.size :]) == value


@pytest.mark.parametrize("value", [Foreign(), print, pickle.Unpickler, SourceFault, answers_to])
def test_nothing_else_comes_through(value: object) -> None:
    if value is SourceFault:
        assert unpack(pickle.dumps(value)) is SourceFault  # a class of ours may be named; it builds plain values
        return
    with pytest.raises(pickle.UnpicklingError):
        unpack(pickle.dumps(value))
