import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.editions import Pick
from bot.domain.stories import Story
from bot.domain.topics import Topic
from bot.edition.diversity import Spread, topic_of
from bot.edition.rank import rank
from tests.fakes.news import NOW, article, story

some_stories = st.lists(
    st.builds(
        lambda topic, source, age_h: story(article(source_id=source, age_h=age_h), topics=(topic,) if topic else ()),
        st.sampled_from([None, Topic.POLITICS, Topic.POLITICS, Topic.SPORT, Topic.WORLD]),
        st.integers(1, 3),
        st.floats(0, 48),
    ),
    max_size=20,
)


def _take(stories: list[Story], count: int = 8) -> list[Pick]:
    return Spread(rank(stories, NOW)).take_all(count)


@given(some_stories, st.integers(3, 10))
def test_no_topic_holds_more_than_half_while_others_wait(stories: list[Story], count: int) -> None:
    spread = Spread(rank(stories, NOW))
    taken = spread.take_all(count)
    for topic in Topic:
        held = sum(topic_of(pick) is topic for pick in taken)
        others_wait = any(topic_of(pick) is not topic for pick in spread.rest)
        assert held <= (len(taken) + 1) // 2 or not others_wait or len(taken) < 3


@given(some_stories)
def test_all_is_taken_once_when_there_is_room(stories: list[Story]) -> None:
    assert sorted(pick.story.id for pick in _take(stories, 99)) == sorted(one.id for one in stories)


def test_each_next_story_is_the_best_given_those_before() -> None:
    same = [story(article("Bridge opens in Lyon", source_id=source)) for source in (1, 2)]
    other = story(article("Frogs return to the valley", source_id=3, age_h=1))
    taken = Spread(rank([*same, other], NOW)).take_all(3)
    assert [pick.story.id for pick in taken] == [same[0].id, other.id, same[1].id]
    assert taken[-1].why.diversity == pytest.approx(0)


some_headlines = st.lists(
    st.builds(
        lambda words, source, topic, age_h: story(
            article(" ".join(words), source_id=source, age_h=age_h), topics=(topic,) if topic else ()
        ),
        st.lists(st.sampled_from(["bridge", "Lyon", "frogs", "valley", "budget", "strike"]), max_size=4),
        st.integers(1, 3),
        st.sampled_from([None, Topic.SPORT, Topic.WORLD]),
        st.floats(0, 48),
    ),
    max_size=7,
)


def _worth(ranked: list[Pick], before: list[Pick], story_id: int) -> float:
    """Give what a story would be taken for after others; -1 where its topic is full."""
    spread = Spread(ranked)
    for pick in before:
        spread.take({pick.story.id})
    taken = spread.take({story_id})
    return taken.why.score if taken else -1.0


@given(some_headlines)
def test_nothing_that_waits_is_worth_more_than_what_is_taken(stories: list[Story]) -> None:
    ranked = rank(stories, NOW)
    taken = Spread(ranked).take_all(4)
    for number, pick in enumerate(taken):
        before = taken[:number]
        waiting = {one.id for one in stories} - {one.story.id for one in before}
        assert pick.why.score == max(_worth(ranked, before, story_id) for story_id in waiting)


def test_a_source_that_has_led_waits_a_little() -> None:
    first, second = story(article("One", source_id=1)), story(article("Two", source_id=1, age_h=0.1))
    other = story(article("Three", source_id=2, age_h=1))
    assert [pick.story.id for pick in _take([first, second, other])] == [first.id, other.id, second.id]


def test_where_all_is_of_one_source_the_source_says_nothing() -> None:
    assert {pick.why.diversity for pick in _take([story(article(f"{number}")) for number in range(5)])} == {1.0}


def test_the_fourth_of_a_topic_is_worth_less() -> None:
    sport = [story(article(f"{number}"), topics=(Topic.SPORT,)) for number in range(4)]
    assert [pick.why.diversity for pick in _take(sport)] == [1.0, 1.0, 1.0, 0.6]


def test_a_take_among_some_leaves_the_others_waiting() -> None:
    stories = [story(article(f"{number}", position=number)) for number in range(3)]
    spread = Spread(rank(stories, NOW))
    pick = spread.take({stories[2].id})
    assert pick is not None
    assert pick.story.id == stories[2].id
    assert spread.take(set()) is None
    assert [waiting.story.id for waiting in spread.rest] == [stories[0].id, stories[1].id]
