"""How fast the store answers with 100,000 articles: lists, pages, search, suggestions, what editions choose from."""

import asyncio
import random
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.filters import StoryFilter
from bot.domain.topics import Topic
from bot.store.search import Order
from bot.store.store import Store
from tests.bench.corpus import END, fill, vocabulary

ARTICLES = 100_000
_CLOCK = SystemClock()


async def timed(ask: Callable[[], Awaitable[object]]) -> float:
    """Give the milliseconds that one question takes."""
    start = _CLOCK.monotonic()
    await ask()
    return (_CLOCK.monotonic() - start) * 1_000


def line(name: str, times: list[float], bar: str = "") -> str:
    """Give one line of the table: p50, p95, p99 in milliseconds."""
    ordered = sorted(times)
    at = [ordered[min(int(len(ordered) * share), len(ordered) - 1)] for share in (0.5, 0.95, 0.99)]
    return f"{name:<44} p50 {at[0]:8.2f}  p95 {at[1]:8.2f}  p99 {at[2]:8.2f} ms  {bar}"


def run(articles: int = ARTICLES) -> list[str]:
    """Fill a store and ask it; give the lines to print."""
    return asyncio.run(_run(articles))


async def _run(articles: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        async with await Store.open(Path(folder) / "bench.db") as store:
            start = _CLOCK.monotonic()
            await fill(store, articles)
            took = _CLOCK.monotonic() - start
            lines = [f"store: {articles:,} articles taken in, {articles / took:,.0f}/s"]
            return lines + await _lists(store) + await _words(store)


async def _lists(store: Store) -> list[str]:
    some = StoryFilter(source_ids=tuple(range(1, 13)))
    many = StoryFilter(source_ids=tuple(range(1, 101)))
    world = StoryFilter(source_ids=some.source_ids, topics=(Topic.WORLD,))
    week = StoryFilter(source_ids=some.source_ids, since=END - timedelta(days=7))
    since = END - timedelta(days=2)
    questions: list[tuple[str, Callable[[], Awaitable[object]]]] = [
        ("list of 20, every source", lambda: store.stories.newest(limit=20)),
        ("list of 20, 12 sources", lambda: store.stories.newest(some, limit=20)),
        ("list of 20, 100 sources", lambda: store.stories.newest(many, limit=20)),
        ("page 50 of 10, 12 sources", lambda: store.stories.newest(some, limit=10, offset=490)),
        ("list of 20, 12 sources, one topic", lambda: store.stories.newest(world, limit=20)),
        ("counts, every source", store.stories.counts),
        ("counts, 12 sources", lambda: store.stories.counts(some)),
        ("counts, 12 sources, one week", lambda: store.stories.counts(week)),
        ("one story", lambda: store.stories.story(500)),
        ("edition candidates, 12 sources", lambda: store.stories.candidates(some, since=since)),
        ("edition candidates, every source", lambda: store.stories.candidates(StoryFilter(), since=since)),
        ("names in use", store.names.in_use),
    ]
    return [line(name, [await timed(ask) for _ in range(60)]) for name, ask in questions]


async def _words(store: Store) -> list[str]:
    rng = random.Random(3)
    words, weights = vocabulary()
    queries = [" ".join(rng.choices(words, cum_weights=weights, k=rng.randint(1, 3))) for _ in range(150)]
    starts = [word[: rng.randint(1, 4)] for word in rng.choices(words, cum_weights=weights, k=150)]
    some = StoryFilter(source_ids=tuple(range(1, 13)))
    search = store.search

    async def each(ask: Callable[[str], Awaitable[object]], texts: list[str]) -> list[float]:
        return [await timed(partial(ask, text)) for text in texts]

    best = partial(search.search, order=Order.BEST)
    return [
        line("search, newest first", await each(search.search, queries), "bar: p95 ≤ 50"),
        line("search, 12 sources", await each(partial(search.search, wanted=some), queries)),
        line("search, best match", await each(best, queries)),
        line("search, best match of the commonest words", await each(best, words[:20])),
        line("suggest while typing", await each(search.suggest, starts), "bar: p99 ≤ 50"),
        line("suggest, 12 sources", await each(partial(search.suggest, wanted=some), starts)),
        line("closest headline", await each(search.closest, queries)),
    ]
