import pytest

from bot.domain.editions import LeadChoice
from bot.domain.topics import Topic
from bot.edition.subjects import is_crime_or_war, is_politics, may_lead
from tests.fakes.news import article, story


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("National Guard Member Killed in White House-Area Shooting Sparks Terror Probe", True),
        ("Two men charged with murder after stabbing", True),
        ("Missiles hit the harbour overnight", True),
        ("UN Chief Says Gaza Operation “Fundamentally Wrong” as Concerns Over War Crimes Grow", True),
        ("Mordprozess beginnt in Kassel", True),
        ("Un attentat fait deux blessés", True),
        ("Trade war drags on farm prices", False),
        ("Star Wars returns to cinemas", False),
        ("Senate killed the bill", False),
        ("Runner recovers from heart attack", False),
        ("Warsaw opens a new museum", False),
        ("Rail strike ends after nine days", False),
    ],
)
def test_headlines_of_crime_and_war_are_told_from_others(headline: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_crime_or_war(story(article(headline))) is expected


def test_one_sibling_headline_is_enough() -> None:
    assert is_crime_or_war(story(article("Calls for calm in the capital"), article("Gunman held after shooting")))


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Bundestag stimmt über die Rente ab", True),
        ("Ministerin tritt zurück", True),
        ("Le Premier ministre défend sa réforme", True),
        ("El presidente convoca elecciones", True),
        ("Deputados aprovam a reforma", True),
        ("White House weighs new rules for drones", True),
        ("Club president sells striker", False),
        ("Administration of the museum changes its hours", False),
        ("Ein Gewitter zieht über den Norden", False),
    ],
)
def test_headlines_of_politics_are_told_from_others(headline: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert is_politics(story(article(headline))) is expected


@pytest.mark.parametrize(
    ("choice", "headline", "topics", "expected"),
    [
        (LeadChoice.EVERYTHING, "Troops cross the river", (Topic.POLITICS,), True),
        (LeadChoice.NO_CRIME_AND_WAR, "Troops cross the river", (), False),
        (LeadChoice.NO_CRIME_AND_WAR, "Parliament votes", (Topic.POLITICS,), True),
        (LeadChoice.NO_POLITICS, "Parliament votes", (Topic.WORLD, Topic.POLITICS), False),
        (LeadChoice.NO_POLITICS, "Troops cross the river", (Topic.WORLD,), True),
    ],
)
def test_a_lead_choice_keeps_its_subjects_from_leading(
    choice: LeadChoice,
    headline: str,
    topics: tuple[Topic, ...],
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    assert may_lead(story(article(headline), topics=topics), choice) is expected
