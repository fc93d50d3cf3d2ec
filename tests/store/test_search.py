"""Rules of search: all words, any script, newest first or best match, only what the reader may see."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.filters import StoryFilter
from bot.domain.topics import Topic
from bot.store.search import Order
from bot.store.store import Store
from tests.fakes.drafts import NOON, a_draft, a_source, put


@pytest.fixture
async def news(store: Store) -> Store:
    first, second = await a_source(store, "a"), await a_source(store, "b", is_sample=True)
    await put(store, first, [
        a_draft("U.S. and café talks in Zürich", 1, "The bridge was not on the table.", hours=3, topics=(Topic.WORLD,)),
        a_draft("Bridge closes in the valley", 2, hours=200),
        a_draft("東京で首脳会談", 3, "日本の首相が出席した。", language="ja"),
        a_draft("मंत्री ने पुल बंद किया", 4),
    ])  # fmt: skip
    await put(store, second, [a_draft("Bridge opens again, bridge officials say", 5, topics=(Topic.WORLD,))])
    return store


@pytest.mark.parametrize(
    ("words", "wanted", "expected"),
    [
        ("bridge", StoryFilter(), [5, 2, 1]),
        ("BRIDGE valley", StoryFilter(), [2]),
        ("cafe zurich", StoryFilter(), [1]),
        ("u.s.", StoryFilter(), [1]),
        ("val", StoryFilter(), [2]),
        ("首脳", StoryFilter(), [3]),
        ("日本の首相", StoryFilter(), [3]),
        ("पुल", StoryFilter(), [4]),
        ("bridge", StoryFilter(source_ids=(1,)), [2, 1]),
        ("bridge", StoryFilter(source_ids=tuple(range(1, 99))), [5, 2, 1]),
        ("bridge", StoryFilter(source_ids=()), []),
        ("bridge", StoryFilter(include_sample=False), [2, 1]),
        ("bridge", StoryFilter(topics=(Topic.WORLD,)), [5, 1]),
        ("bridge", StoryFilter(since=NOON - timedelta(days=1)), [5, 1]),
        ("bridge", StoryFilter(languages=("ja",)), []),
        ("bridge", StoryFilter(muted_topics=(Topic.WORLD,)), [2]),
        ("world", StoryFilter(), []),
        ("s1", StoryFilter(), []),
        ("nothing of this", StoryFilter(), []),
        ("", StoryFilter(), []),
        ("— … “”", StoryFilter(), []),
    ],
)
async def test_search_finds_the_stories_with_all_the_words(
    news: Store, words: str, wanted: StoryFilter, expected: list[int]
) -> None:
    newest = await news.search.search(words, wanted)
    assert ([story.id for story in newest.stories], newest.total) == (expected, len(expected))
    best = await news.search.search(words, wanted, order=Order.BEST)
    assert sorted(story.id for story in best.stories) == sorted(expected)


async def test_the_best_match_has_the_words_in_its_headline(news: Store) -> None:
    found = await news.search.search("bridge", order=Order.BEST)
    assert [story.id for story in found.stories][-1] == 1


async def test_a_search_has_pages(news: Store) -> None:
    pages = [await news.search.search("bridge", page=page, per_page=2) for page in (1, 2, 3)]
    assert [[story.id for story in page.stories] for page in pages] == [[5, 2], [1], []]
    assert {page.total for page in pages} == {3}


async def test_suggestions_come_from_headlines_and_newest_first(news: Store) -> None:
    assert [story.id for story in await news.search.suggest("bri")] == [5, 2]
    assert [story.id for story in await news.search.suggest("bridge c")] == [2]
    assert [story.id for story in await news.search.suggest("", limit=2)] == [3, 4]
    assert await news.search.suggest("bri", StoryFilter(source_ids=())) == ()


async def test_free_text_finds_the_closest_headline_and_says_how_close(news: Store) -> None:
    (best, share), *others = await news.search.closest("closed bridge in valley")
    assert (best.id, share) == (2, 0.75)
    assert [score for _, score in others] == [0.25, 0.25]
    assert await news.search.closest("?") == ()
    assert await news.search.closest("bridge", StoryFilter(source_ids=())) == ()


async def test_an_edited_article_is_found_by_its_new_words_only(news: Store) -> None:
    assert await news.articles.set_page_text(2, ("Repairs took longer.",))
    assert [story.id for story in (await news.search.search("repairs")).stories] == [2]
    assert await news.articles.set_page_text(2, ("Nothing else.",))
    assert (await news.search.search("repairs")).total == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(words=st.text(max_size=40))
async def test_no_words_upset_the_search(news: Store, words: str) -> None:
    for order in Order:
        assert (await news.search.search(words, order=order)).total >= 0
    await news.search.suggest(words)
    await news.search.closest(words)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(words=st.lists(st.sampled_from(['"', "AND", "OR", "NOT", "NEAR(", "*", "^", ":", "{a}", "-", "("]), max_size=6))
async def test_the_query_language_of_the_index_cannot_be_reached(news: Store, words: list[str]) -> None:
    assert (await news.search.search(" ".join(words))).total <= 3
