import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.topics import Topic
from bot.language.categories import topic_of_category
from bot.language.names import find
from bot.language.topicmodel import votes
from bot.language.topics import classify


@pytest.mark.parametrize(
    ("headline", "topic"),
    [
        ("UN peacekeepers leave Mali after rebels seize northern town", Topic.WORLD),
        ("Senate Republicans block bill on voting rights", Topic.POLITICS),
        ("Retailer's shares fall after profit warning", Topic.BUSINESS),
        ("Hackers exploit flaw in popular web browser", Topic.TECHNOLOGY),
        ("Astronomers find water on distant exoplanet", Topic.SCIENCE),
        ("Measles vaccine cuts infections among children, study says", Topic.HEALTH),
        ("Goalkeeper saves penalty as champions win cup final 2-1", Topic.SPORT),
        ("Actor joins cast of Oscar-winning director's new film", Topic.ENTERTAINMENT),
    ],
)
def test_a_clear_headline_has_its_topic(headline: str, topic: Topic) -> None:
    assert classify(headline) == (topic,)


@pytest.mark.parametrize("headline", ["", "What we know so far", "A letter to my daughter", "5 things for Tuesday"])
def test_nothing_is_shown_when_unclear(headline: str) -> None:
    assert classify(headline) == ()


def test_the_first_paragraph_helps_an_unclear_headline() -> None:
    text = ["The striker scored twice in the semifinal and the goalkeeper was sent off in overtime."]
    assert classify("A night to remember", text) == (Topic.SPORT,)


def test_the_sources_own_category_wins() -> None:
    headline = "Goalkeeper saves penalty as champions win cup final"
    assert classify(headline, categories=["Opinion", "Money"]) == (Topic.BUSINESS,)
    assert classify(headline, categories=["World news", "Sport/Football", "Health"]) == (Topic.WORLD, Topic.SPORT)
    assert classify(headline, source_topic=Topic.WORLD) == (Topic.WORLD,)
    assert classify(headline, categories=["Front page"], source_topic=Topic.WORLD) == (Topic.WORLD,)


@pytest.mark.parametrize("headline", ["Federal agency warns man", "Executive faces legal row", "Tori met her twin"])
def test_a_word_is_not_taken_for_a_name_that_shares_its_stem(headline: str) -> None:
    assert not any(votes(headline))


@pytest.mark.parametrize(
    ("headline", "topic"),
    [("Spider-Man swings back", Topic.ENTERTAINMENT), ("Semi-final tickets sell out", Topic.SPORT)],
)
def test_words_with_hyphens_count(headline: str, topic: Topic) -> None:
    assert classify(headline) == (topic,)


@pytest.mark.parametrize("language", ["de", "fr", "ar", "ja", "zh-CN"])
def test_other_languages_have_the_topics_their_sources_give(language: str) -> None:
    assert classify("NASA Hubble", language=language) == ()
    assert classify("NASA Hubble", categories=["Deportes"], language=language) == (Topic.SPORT,)


@pytest.mark.parametrize(
    ("label", "topic"),
    [
        ("Sport", Topic.SPORT),
        (" TECH ", Topic.TECHNOLOGY),
        ("Politik", Topic.POLITICS),
        ("Économie", Topic.BUSINESS),
        ("スポーツ", Topic.SPORT),
        ("Arts & Culture", Topic.ENTERTAINMENT),
        ("news > health", Topic.HEALTH),
        ("uncategorized", None),
        ("", None),
        ("a long label about the politics of the world today", None),
    ],
)
def test_a_label_names_a_topic_or_none(label: str, topic: Topic | None) -> None:
    assert topic_of_category(label) == topic


@given(st.text(max_size=200), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_has_at_most_two_topics(headline: str, categories: list[str]) -> None:
    assert len(classify(headline, [headline], categories=categories)) <= 2


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Japanese Foreign Minister Takeshi Iwaya met officials in Washington.", ("Takeshi Iwaya", "Washington")),
        ("Pentagon Probe Finds Hegseth’s Use of Signal Risked Exposing Details", ("Hegseth",)),
        ("GM recalls cars; CEO Mary Barra says sorry", ("GM", "Mary Barra")),
        ("Bundeskanzler Olaf Scholz trifft Emmanuel Macron in Paris", ("Olaf Scholz", "Emmanuel Macron", "Paris")),
        ("El presidente Pedro Sánchez viaja a Madrid", ("Pedro Sánchez", "Madrid")),
        ("Путин встретился с Олафом Шольцем в Пекине", ("Олафом Шольцем", "Пекине")),
        ("Iwaya met Takeshi Iwaya", ("Takeshi Iwaya",)),
        ("the rain fell all day", ()),
        ("习近平访问巴黎", ()),
        ("Storm Warning Issued for Friday", ()),
        ("", ()),
    ],
)
def test_names_are_found_as_written(text: str, names: tuple[str, ...]) -> None:
    assert find(text) == names


@given(st.text(max_size=200), st.sampled_from([None, "en", "de", "ru", "ja"]))
def test_every_name_is_part_of_the_text(text: str, language: str | None) -> None:
    for name in find(text, language):
        assert name in text
        assert name.strip()
