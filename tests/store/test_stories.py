"""Rules of stories: who sees which, in which order, under which title, and where old links lead."""

from datetime import timedelta

import pytest

from bot.domain.articles import TextOrigin
from bot.domain.filters import EVERYTHING, Counts, StoryFilter
from bot.domain.intake import ChangeKind
from bot.domain.sources import Source
from bot.domain.stories import Story
from bot.domain.topics import Topic
from bot.store.store import Store
from tests.fakes.drafts import NOON, a_draft, a_source, put

WORLD, SPORT, SCIENCE = Topic.WORLD, Topic.SPORT, Topic.SCIENCE


async def titles(store: Store, wanted: StoryFilter = EVERYTHING) -> list[str]:
    return [story.title for story in await store.stories.newest(wanted)]


@pytest.fixture
async def sources(store: Store) -> tuple[Source, Source, Source]:
    """Two feeds and the sample, with five stories, one of them told by both feeds."""
    first, second = await a_source(store, "a"), await a_source(store, "b")
    sample = await a_source(store, "sample", is_sample=True)
    await put(store, first, [
        a_draft("Bridge closes", 1, "It closed.", hours=5, topics=(WORLD,), names=("Jane Doe", "Valley")),
        a_draft("Cup final today", 2, hours=3, topics=(SPORT,), language="de"),
        a_draft("No date given", 3),
    ])  # fmt: skip
    await put(store, second, [
        a_draft("Bridge stays closed", 1, hours=1, topics=(SCIENCE,), names=("Doe",)),
        a_draft("Comet seen", 4, hours=2, topics=(SCIENCE, WORLD), language=None),
    ])  # fmt: skip
    await put(store, sample, [a_draft("Sample headline", 5)], NOON - timedelta(days=9))
    return first, second, sample


ALL = ["No date given", "Bridge closes", "Comet seen", "Cup final today", "Sample headline"]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(StoryFilter(), ALL, id="everything"),
        pytest.param(StoryFilter(source_ids=(1,)), ["No date given", "Cup final today", "Bridge closes"], id="a feed"),
        pytest.param(StoryFilter(source_ids=(2,)), ["Bridge stays closed", "Comet seen"], id="the other feed"),
        pytest.param(StoryFilter(source_ids=(1, 2)), ALL[:4], id="both feeds"),
        pytest.param(StoryFilter(source_ids=tuple(range(1, 400))), ALL, id="hundreds of sources"),
        pytest.param(StoryFilter(source_ids=()), [], id="no source"),
        pytest.param(StoryFilter(include_sample=False), ALL[:4], id="without the sample"),
        pytest.param(StoryFilter(source_ids=(1, 3), include_sample=False), [ALL[0], ALL[3], ALL[1]], id="a feed only"),
        pytest.param(StoryFilter(topics=(WORLD,)), ["Bridge closes", "Comet seen"], id="a topic"),
        pytest.param(StoryFilter(source_ids=(1,), topics=(SCIENCE,)), [], id="a topic of a hidden sibling"),
        pytest.param(StoryFilter(topics=(SPORT, SCIENCE)), [ALL[1], ALL[2], ALL[3]], id="any of two topics"),
        pytest.param(StoryFilter(muted_topics=(SPORT,)), [ALL[0], ALL[1], ALL[2], ALL[4]], id="a muted topic"),
        pytest.param(StoryFilter(muted_topics=(SPORT, WORLD, SCIENCE)), [ALL[0], ALL[4]], id="every topic muted"),
        pytest.param(StoryFilter(since=NOON - timedelta(hours=2)), ALL[:3], id="since, by adding where undated"),
        pytest.param(StoryFilter(languages=("de",)), ["Comet seen", "Cup final today"], id="a language, or unknown"),
        pytest.param(StoryFilter(names=("jané doe",)), ["Bridge closes"], id="a name, without case and accents"),
        pytest.param(StoryFilter(include_undated=False), ALL[1:4], id="dated only"),
        pytest.param(StoryFilter(only_with_text=True), ["Bridge closes"], id="with text only"),
    ],
)
async def test_a_filter_shows_what_it_allows_and_nothing_else(
    store: Store, sources: tuple[Source, ...], wanted: StoryFilter, expected: list[str]
) -> None:
    assert await titles(store, wanted) == expected
    allowed = wanted.source_ids if wanted.source_ids is not None else (1, 2, 3)
    for story in await store.stories.newest(wanted):
        assert {article.source_id for article in story.articles} <= set(allowed)
        assert await store.stories.story(story.id, wanted) == story


async def test_pages_follow_each_other_without_gap_or_repeat(store: Store, sources: tuple[Source, ...]) -> None:
    by_offset = [(await store.stories.newest(limit=1, offset=at))[0].title for at in range(5)]
    assert by_offset == ALL
    many = StoryFilter(source_ids=tuple(range(1, 400)))
    for wanted in (EVERYTHING, many, StoryFilter(source_ids=(1, 2, 3)), StoryFilter(muted_topics=(Topic.HEALTH,))):
        seen: list[Story] = []
        while page := await store.stories.newest(
            wanted, limit=2, before=(seen[-1].newest_at, seen[-1].id) if seen else None
        ):
            seen += page
        assert [story.title for story in seen] == ALL
        assert [story.title for story in await store.stories.newest(wanted, limit=2, offset=2)] == ALL[2:4]


async def test_what_came_at_once_stands_in_the_order_it_came(store: Store) -> None:
    source = await a_source(store)
    await put(store, source, [a_draft(f"Headline {n}", n) for n in range(1, 6)])
    for wanted in (EVERYTHING, StoryFilter(source_ids=(source.id,))):
        assert await titles(store, wanted) == [f"Headline {n}" for n in range(1, 6)]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (StoryFilter(), Counts(5, 6)),
        (StoryFilter(source_ids=(1, 2)), Counts(4, 5)),
        (StoryFilter(topics=(WORLD,)), Counts(2, 3)),
        (StoryFilter(since=NOON - timedelta(hours=2)), Counts(3, 4)),
        (StoryFilter(source_ids=()), Counts(0, 0)),
    ],
)
async def test_counts_are_those_of_the_list(
    store: Store, sources: tuple[Source, ...], wanted: StoryFilter, expected: Counts
) -> None:
    assert await store.stories.counts(wanted) == expected
    stories = await store.stories.newest(wanted)
    assert len(stories) == expected.stories


async def test_an_edition_gets_recent_stories_and_older_ones_only_to_fill_up(
    store: Store, sources: tuple[Source, ...]
) -> None:
    async def chosen(at_least: int, at_most: int) -> list[str]:
        since = NOON - timedelta(hours=1)
        found = await store.stories.candidates(EVERYTHING, since=since, at_least=at_least, at_most=at_most)
        return [story.title for story in found]

    assert await chosen(0, 9) == ALL[:2]
    assert await chosen(4, 9) == ALL[:4]
    assert await chosen(4, 1) == ALL[:1]


async def test_the_title_is_a_counted_headline_with_text_and_the_earliest_of_those(store: Store) -> None:
    source = await a_source(store)
    await put(store, source, [
        a_draft("Copy", 1, "Text.", hours=9, is_wire_copy=True),
        a_draft("Not counted", 1, "Text.", hours=8, is_counted=False),
        a_draft("Headline only", 1, hours=7),
        a_draft("First with text", 1, "Text.", hours=5),
        a_draft("Later with text", 1, "Text.", hours=4),
    ])  # fmt: skip
    story = await store.stories.story(1)
    assert story is not None
    assert [article.headline for article in story.articles] == [
        "First with text", "Later with text", "Headline only", "Not counted", "Copy",
    ]  # fmt: skip


async def test_text_fetched_from_a_page_does_not_change_the_title(store: Store) -> None:
    source = await a_source(store)
    await put(store, source, [a_draft("First", 1, hours=2), a_draft("Second", 1, hours=1)])
    assert await store.articles.set_page_text(2, ("From the page.",))
    story = await store.stories.story(1)
    assert story is not None
    assert (story.title, story.siblings[0].text_origin) == ("First", TextOrigin.PAGE)


async def test_links_to_merged_stories_open_where_they_went(store: Store, sources: tuple[Source, ...]) -> None:
    assert await store.stories.merge(into=2, merged=4)
    assert await store.stories.merge(into=1, merged=2)
    assert not await store.stories.merge(into=1, merged=4)
    assert not await store.stories.merge(into=1, merged=99)
    for old in (1, 2, 4):
        story = await store.stories.story(old)
        assert story is not None
        assert (story.id, len(story.articles)) == (1, 4)
    assert await store.stories.counts() == Counts(3, 6)
    assert await store.stories.story(99) is None


async def test_an_article_can_be_given_a_story_of_its_own(store: Store, sources: tuple[Source, ...]) -> None:
    made = await store.stories.split(4, NOON)
    assert made is not None
    own, rest = await store.stories.story(made), await store.stories.story(1)
    assert own is not None
    assert rest is not None
    assert (own.title, rest.title, len(rest.articles)) == ("Bridge stays closed", "Bridge closes", 1)
    assert await store.stories.split(4, NOON) is None
    assert await store.stories.split(99, NOON) is None


async def test_a_retracted_story_is_gone_everywhere_and_nothing_joins_it(
    store: Store, sources: tuple[Source, ...]
) -> None:
    assert await store.stories.retract(1, NOON)
    assert not await store.stories.retract(1, NOON)
    await put(store, sources[0], [a_draft("Bridge again", 1, "Text.")])
    assert await store.stories.story(1) is None
    assert "Bridge again" not in await titles(store)
    assert (await store.search.search("bridge")).stories == ()
    assert not await store.stories.merge(into=2, merged=1)
    assert not await store.stories.retract(99, NOON)
    assert [change.kind for change in await store.changes.of_story(1)] == [ChangeKind.RETRACTED] * 2


async def test_topics_in_use_come_with_how_many_stories_have_them(store: Store, sources: tuple[Source, ...]) -> None:
    assert dict(await store.stories.topics_in_use()) == {WORLD: 2, SCIENCE: 2, SPORT: 1}


async def test_names_in_use_come_with_how_many_articles_of_each_source_have_them(
    store: Store, sources: tuple[Source, ...]
) -> None:
    named = {one.folded: (one.name, one.articles) for one in await store.names.in_use()}
    assert (named["doe"], named["jane doe"]) == (("Doe", {2: 1}), ("Jane Doe", {1: 1}))


async def test_related_stories_share_a_name_or_its_last_word(store: Store, sources: tuple[Source, ...]) -> None:
    await put(store, sources[0], [
        a_draft("Other of Jane", 10, names=("Jane Doe",)),
        a_draft("Another Jane", 11, names=("Jane Roe",)),
        a_draft("The valley", 12, names=("Valley",)),
        a_draft("Only Doe", 13, names=("Doe",)),
    ])  # fmt: skip
    story = await store.stories.story(1)
    assert story is not None
    assert {other.title for other in await store.names.related(story)} == {"Other of Jane", "The valley", "Only Doe"}
    assert await store.names.related(story, StoryFilter(source_ids=(2,))) == ()


async def test_the_revision_grows_when_readers_would_see_a_change(store: Store) -> None:
    source = await a_source(store)
    before = await store.stories.revision()
    await put(store, source, [])
    assert await store.stories.revision() == before
    await put(store, source, [a_draft("Bridge closes", 1)])
    assert await store.stories.revision() > before
