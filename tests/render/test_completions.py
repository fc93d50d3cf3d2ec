from datetime import UTC, datetime

import pytest

from bot.domain.sources import Source, SourceKind
from bot.domain.suggestions import Suggestion
from bot.domain.topics import Topic
from bot.i18n import texts_for
from bot.render import completions
from bot.render.voice import Voice

SAY = Voice(texts_for("en"), datetime(2026, 3, 10, tzinfo=UTC))


def test_headlines_that_look_alike_get_their_keys_and_none_is_too_long() -> None:
    long = "A very long headline about the bridge " * 4
    found = [Suggestion(n, title) for n, title in enumerate([long, long, "", "Frogs"], start=1)]
    made = completions.stories(found)
    assert [choice.value for choice in made] == ["s1", "s2", "s3", "s4"]
    assert len({choice.name for choice in made}) == 4
    assert all(1 <= len(choice.name) <= 100 for choice in made)
    assert made[1].name.endswith("… · s2")
    assert len(completions.stories(Suggestion(n, "Frogs") for n in range(60))) == 25


def test_sources_of_one_title_are_told_apart_by_number() -> None:
    found = [Source(1, SourceKind.FEED, "one", "Post"), Source(2, SourceKind.FEED, "two", "Post")]
    found.append(Source(3, SourceKind.FEED, "three", ""))
    assert [choice.name for choice in completions.sources(found, SAY)] == ["Post", "Post · 2", "three"]


def test_the_sample_is_offered_in_the_language_of_who_types() -> None:
    sample = Source(1, SourceKind.DOCUMENT, "sample", "Bundled sample document", is_sample=True)
    german = Voice(texts_for("de"), SAY.now)
    assert [choice.name for choice in completions.sources([sample], german)] == ["Mitgeliefertes Beispieldokument"]
    offered = completions.followable("xyz", [], [sample], [], german)
    assert [choice.name for choice in offered] == ["Mitgeliefertes Beispieldokument · Quelle"]


@pytest.mark.parametrize(
    ("typed", "expected"), [("Sport", Topic.SPORT), (" sPORT ", Topic.SPORT), ("spo", None), ("", None)]
)
def test_topics_are_read_back_whole(typed: str, expected: Topic | None) -> None:
    assert completions.topic_named(typed, SAY) is expected


def test_briefings_begin_with_the_latest() -> None:
    made = completions.briefings([("1:2026-03-09", "2026-03-09", ""), ("2:2026-03-09", "2026-03-09", "Tea")], SAY)
    assert [(choice.name, choice.value) for choice in made] == [
        ("Latest", "latest"),
        ("2026-03-09 · Daily briefing", "1:2026-03-09"),
        ("2026-03-09 · Tea", "2:2026-03-09"),
    ]
