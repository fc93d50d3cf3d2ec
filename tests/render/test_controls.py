"""Custom ids read back as the controls they were written from, and nothing else does."""

from dataclasses import fields
from datetime import date
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.answers import Query, Since
from bot.domain.topics import Topic
from bot.render import controls
from bot.render.custom_ids import REGISTRY, Control, control


def _values(hint: Any) -> st.SearchStrategy[Any]:
    if choices := get_args(hint):
        return st.one_of(*(_values(choice) for choice in choices))
    if hint is NoneType:
        return st.none()
    if hint is int:
        return st.integers(min_value=0, max_value=2**63 - 1)
    if hint is bool:
        return st.booleans()
    if hint is date:
        return st.dates()
    assert issubclass(hint, Enum)
    return st.sampled_from(hint)


@given(st.data())
@pytest.mark.parametrize("kind", sorted(REGISTRY))
def test_every_control_reads_back_from_its_id(kind: str, data: st.DataObject) -> None:
    cls = REGISTRY[kind]
    hints = get_type_hints(cls)
    made = cls(**{item.name: data.draw(_values(hints[item.name])) for item in fields(cls)})
    assert len(made.custom_id) <= 100
    assert controls.parse(made.custom_id) == made


@pytest.mark.parametrize(
    "custom_id",
    [
        "",
        "d1",
        "d1:",
        "d1:nothing",
        "d0:story:1:medium",
        "d1:story:1",
        "d1:story:1:huge",
        "d1:story:-1:medium",
        "d1:story:٣:medium",
        "d1:story:" + "9" * 30 + ":medium",
        f"d1:story:{2**63}:medium",
        "d1:mute:world:2",
        "d1:briefing:1:yesterday",
        "d1:story:1:medium:more",
    ],
)
def test_forged_and_foreign_ids_are_no_control(custom_id: str) -> None:
    assert controls.parse(custom_id) is None


@given(st.text())
def test_any_text_is_read_without_failing(custom_id: str) -> None:
    controls.parse("d1:story:" + custom_id)


def test_a_page_keeps_the_query_it_was_made_from() -> None:
    query = Query(Topic.WORLD, 12, Since.WEEK)
    assert controls.OpenPage.of(query, 3, 9).query == query


def test_an_id_that_would_be_too_long_is_refused_when_made() -> None:
    @control("a" * 100)
    class TooLong(Control):
        pass

    try:
        with pytest.raises(ValueError, match="too long"):
            _ = TooLong().custom_id
    finally:
        del REGISTRY["a" * 100]
