"""What is offered while somebody types passes its part of the acceptance list, whatever is stored."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.suggestions import Suggestion
from bot.domain.topics import Topic
from bot.i18n import LANGUAGES, PSEUDO
from bot.render import completions
from bot.render.completions import Choices
from bot.render.limits import size
from bot.render.voice import Voice
from tests.render import strategies as news
from tests.render.drawing import Draw
from tests.render.values import NOW, voice

_STORIES = st.lists(st.builds(Suggestion, news.numbers, news.text), max_size=40, unique_by=lambda one: one.id)
_SOURCES = st.lists(news.sources, max_size=40, unique_by=lambda one: one.id)
_TEXTS = st.lists(news.text, max_size=40)


def _zones(draw: Draw, say: Voice) -> Choices:
    return completions.zones(((city, NOW, f"Zone/{number}") for number, city in enumerate(draw(_TEXTS))), say)


def _briefings(draw: Draw, say: Voice) -> Choices:
    found = [(f"{number}:2026-03-09", "2026-03-09", name) for number, name in enumerate(draw(_TEXTS))]
    return completions.briefings(found, say)


def _schedules(draw: Draw, say: Voice) -> Choices:
    known = draw(st.lists(news.schedules(), max_size=40, unique_by=lambda one: one.id))
    return completions.schedules(known, draw(st.just("") | news.text), say)


def _followable(draw: Draw, say: Voice) -> Choices:
    typed = draw(st.just("") | news.text)
    return completions.followable(typed, draw(_TEXTS), draw(_SOURCES), draw(_STORIES), say)


WALKS: dict[str, Callable[[Draw, Voice], Choices]] = {
    "stories": lambda draw, _say: completions.stories(draw(_STORIES)),
    "shown_stories": lambda draw, _say: completions.shown_stories((one.key, one.title) for one in draw(_STORIES)),
    "topics": lambda draw, say: completions.topics(draw(st.just("") | news.text), say),
    "sources": lambda draw, say: completions.sources(draw(_SOURCES), say),
    "zones": _zones,
    "briefings": _briefings,
    "schedules": _schedules,
    "followable": _followable,
}


@pytest.mark.parametrize("locale", [*LANGUAGES, PSEUDO])
@pytest.mark.parametrize("name", WALKS)
@given(data=st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_completion_passes(name: str, locale: str, data: st.DataObject) -> None:
    choices = WALKS[name](data.draw, voice(locale))
    assert len(choices) <= 25
    assert len({one.name for one in choices}) == len({one.value for one in choices}) == len(choices)
    assert [one for one in choices if not 1 <= size(one.name) <= 100 or not 1 <= size(str(one.value)) <= 100] == []


def test_every_topic_is_offered_for_nothing_typed() -> None:
    assert len(completions.topics("", voice())) == len(Topic)
