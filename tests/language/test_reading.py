"""What the seed document must read as, whatever is tuned."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.stories import Length
from bot.language import headlines, names, sentences, summary
from bot.language.stories import Headline, StoryIndex

SEED = Path("bot/data/sample.txt").read_text(encoding="utf-8")
PARAGRAPHS = [line.strip() for line in SEED.splitlines() if len(line) > 150]
HEADLINES = [line.strip() for line in SEED.splitlines() if 0 < len(line.strip()) <= 150]
DERIVED = "Japan is intensifying its defense capabilities in response to growing security challenges in East Asia"
FIRST = f"{DERIVED}, Japanese Foreign Minister Takeshi Iwaya stated during a meeting with U.S. officials in Washington."


def test_the_seed_article_has_eleven_sentences_and_none_ends_inside_an_abbreviation() -> None:
    found = sentences.split(PARAGRAPHS)
    assert len(found) == 11
    assert found[0] == FIRST


def test_the_seed_article_gets_its_headline_from_before_the_attribution() -> None:
    derived = headlines.derive(headlines.first_sentence(PARAGRAPHS) or "")
    assert derived == DERIVED
    assert len(derived) == 102


@pytest.mark.parametrize("length", list(Length))
def test_a_summary_under_a_derived_headline_opens_with_the_whole_attributed_sentence(length: Length) -> None:
    found = summary.summarise(PARAGRAPHS, headline=DERIVED, headline_is_derived=True, length=length)
    assert found is not None
    assert found.sentences[0] == FIRST
    assert sum(len(sentence.split()) for sentence in found.sentences[1:]) <= length.words
    assert found.total == 11


def place_all(index: StoryIndex, texts: list[str]) -> list[int]:
    stories: list[int] = []
    for number, text in enumerate(texts):
        headline = Headline(number, text, None, "Sample", "en", names.find(text))
        placement = index.propose(headline)
        stories.append(number if placement.story_id is None else placement.story_id)
        index.accept(headline, stories[-1], placement)
    return stories


def test_the_seed_makes_fifteen_stories_and_only_the_guard_shooting_has_several_headlines() -> None:
    stories = place_all(StoryIndex(), [DERIVED, *HEADLINES])
    assert [index for index, story in enumerate(stories) if stories.count(story) > 1] == [3, 10, 16]
    assert len(set(stories)) == 15


def test_the_two_hegseth_headlines_are_related_and_never_merged() -> None:
    index = StoryIndex()
    place_all(index, [DERIVED, *HEADLINES[:5]])
    placement = index.propose(Headline(6, HEADLINES[5], None, "Sample", "en", names.find(HEADLINES[5])))
    assert placement.story_id is None
    assert placement.related == (1,)
    assert index.merges(datetime(2026, 11, 22, tzinfo=UTC)) == ()


def test_no_order_of_arrival_breaks_the_seed_partition() -> None:
    for shift in range(0, 17, 4):
        order = [DERIVED, *HEADLINES][shift:] + [DERIVED, *HEADLINES][:shift]
        assert len(set(place_all(StoryIndex(), order))) == 15
