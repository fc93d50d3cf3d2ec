from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.articles import Article
from bot.domain.stories import Story
from bot.domain.topics import Topic
from bot.edition.rank import Taste, newest_first, rank, weigh
from tests.fakes.news import NOW, article, story

OUTLETS = [f"{letter}.example" for letter in "abcdef"]


def _articles(is_wire_copy: st.SearchStrategy[bool]) -> st.SearchStrategy[Article]:
    return st.builds(
        lambda outlet, age_h, lag_h, position, copy: article(
            "Something happened",
            outlet,
            age_h=age_h + lag_h,
            added_at=NOW - timedelta(hours=age_h),
            position=position,
            is_wire_copy=copy,
        ),
        st.sampled_from(OUTLETS),
        st.floats(0, 2000),
        st.floats(-5, 200),
        st.integers(0, 60),
        is_wire_copy,
    )


any_article = _articles(st.booleans())
stories = st.lists(any_article, min_size=1, max_size=8).map(lambda members: story(*members))


def _joined(base: Story, newcomer: Article) -> Story:
    """The story after one more report came in: later than all it has."""
    last = max(member.added_at for member in base.articles)
    arrived = replace(newcomer, id=10**9, added_at=max(last, newcomer.added_at))
    return replace(base, articles=(*base.articles, arrived))


@given(stories, any_article)
def test_a_further_report_never_lowers_a_story(base: Story, newcomer: Article) -> None:
    assert weigh(_joined(base, newcomer), NOW).score >= weigh(base, NOW).score


@given(stories, st.floats(0, 500), st.floats(0, 500))
def test_time_alone_never_raises_a_story(base: Story, hours: float, more: float) -> None:
    sooner, later = NOW + timedelta(hours=hours), NOW + timedelta(hours=hours + more)
    assert weigh(base, later).score <= weigh(base, sooner).score


@given(stories, _articles(st.just(value=False)))
def test_a_copy_never_counts_more_than_an_independent_report(base: Story, report: Article) -> None:
    newcomer = replace(report, outlet="new.example")
    as_copy = weigh(_joined(base, replace(newcomer, is_wire_copy=True)), NOW).score
    assert as_copy < weigh(_joined(base, newcomer), NOW).score


@given(st.lists(stories, max_size=6, unique_by=lambda one: one.id), st.randoms())
def test_the_order_does_not_depend_on_the_order_given(some: list[Story], random: object) -> None:
    shuffled = sorted(some, key=lambda one: one.id * 7919 % 101)
    assert rank(some, NOW) == rank(shuffled, NOW)


def test_stories_of_equal_score_fall_by_newest_then_position_then_id() -> None:
    old = [story(article(age_h=h, id=number, position=0)) for number, h in ((1, 5_000), (2, 4_999), (3, 4_999))]
    assert [pick.story.id for pick in rank(old, NOW)] == [2, 3, 1]


@pytest.mark.parametrize(
    ("members", "cover"),
    [
        pytest.param([("a", False)], 1.0, id="one outlet"),
        pytest.param([("a", False), ("b", False), ("c", False)], 2.0, id="three outlets"),
        pytest.param([("a", False), ("a", False), ("a", False)], 1.1375, id="one outlet, two follow-ups"),
        pytest.param([("a", False)] * 9, 1.2016, id="follow-ups stop counting"),
        pytest.param([("a", False), ("b", True)], 1.1699, id="an outlet and a wire copy"),
    ],
)
def test_cover_counts_outlets(members: list[tuple[str, bool]], cover: float) -> None:
    one = story(*(article("x", outlet, is_wire_copy=copy) for outlet, copy in members))
    assert weigh(one, NOW).cover == pytest.approx(cover, abs=1e-4)


def test_articles_below_the_counting_threshold_are_not_counted() -> None:
    one = story(article("x", "a"), article("y", "b", is_counted=False))
    assert weigh(one, NOW) == weigh(story(one.articles[0], id=one.id), NOW)


def test_a_story_with_no_counted_article_is_weighed_by_what_it_has() -> None:
    assert weigh(story(article(is_counted=False)), NOW).outlets == 1


def test_the_parts_are_told_for_why() -> None:
    one = story(article("x", "a", age_h=1), article("y", "b", age_h=2, is_wire_copy=True), article("z", "c", age_h=9))
    why = weigh(one, NOW)
    assert (why.outlets, why.wire_copies, why.new_outlets, why.age_s) == (2, 1, 1, 3600)


@pytest.mark.parametrize(
    ("members", "outlets", "copies"),
    [
        pytest.param([("a", False), ("a", True), ("b", False)], 2, 0, id="who copies and reports tells it"),
        pytest.param([("a", False), ("b", True), ("b", True)], 1, 1, id="an outlet that repeats it twice is one"),
        pytest.param([("a", True), ("b", True)], 1, 1, id="copies alone"),
    ],
)
def test_an_outlet_tells_a_story_or_repeats_it(members: list[tuple[str, bool]], outlets: int, copies: int) -> None:
    why = weigh(story(*(article("x", outlet, is_wire_copy=copy) for outlet, copy in members)), NOW)
    assert (why.outlets, why.wire_copies) == (outlets, copies)


def test_a_date_in_the_future_counts_as_now() -> None:
    assert weigh(story(article(age_h=-48)), NOW).freshness == 1


def test_taste_weighs_topics_and_what_is_watched() -> None:
    one = story(topics=(Topic.SPORT, Topic.WORLD))
    taste = Taste(topic_weights={Topic.SPORT: 0.5, Topic.WORLD: 2.0}, watched={one.id})
    why = weigh(one, NOW, taste, is_repeat=True)
    assert (why.topic_weight, why.watched, why.repeat) == (2.0, 1.5, 0.15)


def test_what_is_muted_altogether_is_hidden() -> None:
    muted = story(article(source_id=2))
    mixed = story(article(source_id=2), article(source_id=1))
    sport = story(topics=(Topic.SPORT,))
    both = story(topics=(Topic.SPORT, Topic.WORLD))
    taste = Taste(muted_sources={2}, muted_topics={Topic.SPORT})
    assert {pick.story.id for pick in rank([muted, mixed, sport, both], NOW, taste)} == {mixed.id, both.id}


def test_newest_first_keeps_the_score_among_those_of_one_moment() -> None:
    late, early = story(article(age_h=1)), story(article(age_h=3))
    strong = story(article(age_h=3, outlet="a"), article(age_h=3, outlet="b"))
    picks = newest_first(rank([early, strong, late], NOW))
    assert [pick.story.id for pick in picks] == [late.id, strong.id, early.id]
