"""What passes a place's filter: words, phrases and word starts, without case and accents."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.articles import Article
from bot.domain.place_filters import (
    MAX_TERMS,
    OPEN,
    Kept,
    Mute,
    MuteKind,
    PlaceFilter,
    mentions,
    read_terms,
    would_keep,
)
from bot.domain.sources import SourceKind
from bot.domain.stories import Story
from bot.domain.topics import Topic

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def a_story(*headlines: str, topics: tuple[Topic, ...] = (), source_id: int = 1, language: str | None = "en") -> Story:
    articles = tuple(
        Article(number, source_id, "The Post", SourceKind.FEED, headline, "post.example", NOW, language=language)
        for number, headline in enumerate(headlines)
    )
    return Story(1, articles, topics=topics, names=("Ada Lovelace",))


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("storm", "Storm hits the coast", True),
        ("storm", "Brainstorming at work", False),
        ("storm", "Storms hit the coast", False),
        ("storm*", "Storms hit the coast", True),
        ("climate change", "Climate  change: what now", True),
        ("climate change", "Climate-change talks", True),
        ("climate change", "A change of climate", False),
        ("elect* fraud", "Election fraud alleged", True),
        ("cafe", "Das Café schließt", True),
        ("STRASSE", "Die Straße ist frei", True),
        ("u.s.", "U.S. officials say", True),
        ("c++", "New C standard", True),
        ("東京", "きょうの東京は雨", True),
        ("москва", "В МОСКВА сити", True),
        (".*", "Anything at all", False),
        ("a|b", "b side", False),
        ("(storm", "A storm", True),
    ],
)
def test_a_term_is_words_never_a_pattern(term: str, text: str, found: bool) -> None:  # noqa: FBT001
    assert mentions([text], (term,)) is found


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("storm, climate change;elect*\nfraud", ("storm", "climate change", "elect*", "fraud")),
        (' "storm" , „Sturm“,«orage»', ("storm", "Sturm", "orage")),
        ("storm,storm, ,;--", ("storm",)),
        ("", ()),
    ],
)
def test_terms_are_read_as_people_type_them(typed: str, terms: tuple[str, ...]) -> None:
    assert read_terms(typed) == terms


def test_there_is_an_end_to_terms() -> None:
    assert len(read_terms(",".join(f"w{n}" for n in range(200)))) == MAX_TERMS


@pytest.mark.parametrize(
    ("wanted", "story", "passes"),
    [
        (OPEN, a_story("Anything"), True),
        (PlaceFilter(include=("storm",)), a_story("Storm hits"), True),
        (PlaceFilter(include=("storm",)), a_story("Mayor resigns"), False),
        (PlaceFilter(include=("lovelace",)), a_story("A pioneer"), True),
        (PlaceFilter(exclude=("storm",)), a_story("Mayor resigns", "After the storm"), False),
        (PlaceFilter(topics=(Topic.SPORT,)), a_story("A", topics=(Topic.SPORT, Topic.WORLD)), True),
        (PlaceFilter(topics=(Topic.SPORT,)), a_story("A"), False),
        (PlaceFilter(excluded_topics=(Topic.SPORT,)), a_story("A", topics=(Topic.SPORT,)), False),
        (PlaceFilter(excluded_topics=(Topic.SPORT,)), a_story("A", topics=(Topic.SPORT, Topic.WORLD)), True),
        (PlaceFilter(excluded_topics=(Topic.SPORT,)), a_story("A"), True),
        (PlaceFilter(source_ids=(2,)), a_story("A"), False),
        (PlaceFilter(source_ids=(1,)), a_story("A"), True),
        (PlaceFilter(languages=("de",)), a_story("A"), False),
        (PlaceFilter(languages=("pt",)), a_story("A", language="pt-BR"), True),
        (PlaceFilter(languages=("pt",)), a_story("A", language="pt_br"), True),
        (PlaceFilter(languages=("de",)), a_story("A", language=None), True),
    ],
)
def test_a_story_passes_by_all_it_says(wanted: PlaceFilter, story: Story, passes: bool) -> None:  # noqa: FBT001
    assert wanted.keeps(story) is passes


def test_what_a_filter_would_have_kept_is_counted() -> None:
    stories = [a_story("Storm hits"), a_story("Mayor resigns"), a_story("Storm ends")]
    assert would_keep(PlaceFilter(exclude=("storm",)), stories) == Kept(1, 3)


def test_mutes_hold_until_they_end() -> None:
    mutes = [
        Mute(MuteKind.WORD, "storm", NOW + timedelta(days=7)),
        Mute(MuteKind.TOPIC, "sport", NOW + timedelta(days=7)),
        Mute(MuteKind.WORD, "mayor", NOW),
    ]
    holding = OPEN.with_mutes(mutes, NOW)
    assert (holding.exclude, holding.excluded_topics) == (("storm",), (Topic.SPORT,))
    assert not holding.is_open
    assert OPEN.with_mutes(mutes, NOW + timedelta(days=8)) == OPEN


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=60))
def test_no_term_and_no_text_can_break_it(terms: list[str], text: str) -> None:
    assert mentions([text], tuple(terms)) in {True, False}


@given(st.text(alphabet=st.characters(categories=("Ll", "Lu")), min_size=1, max_size=12))
def test_a_word_is_found_in_itself(word: str) -> None:
    if re.search(r"\w", word):
        assert mentions([f"before {word} after"], (word,))
