"""Grouping: the index of recent headlines beside the store. It is made from the store and never ahead of it."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.articles import Article
from bot.domain.sources import SourceKind
from bot.language.forgetting import forget
from bot.language.stories import WINDOW, Headline, Placement, StoryIndex
from bot.store.store import Store

_SLICE = 8  # headlines placed before others get their turn: well under 20 ms
_PAGE = 400  # headlines read from the store at a time
_PRUNE_EVERY = timedelta(minutes=10)


def headline_of(article: Article) -> Headline:
    """Give what the index compares. An undated item of a feed is as old as our first sight of it."""
    at = article.published_at or (article.added_at if article.source_kind is SourceKind.FEED else None)
    return Headline(article.id, article.headline, at, article.outlet, article.language, article.names)


def _warm() -> StoryIndex:
    """Give an empty index, with the tables read that its first headline needs."""
    index = StoryIndex()
    index.propose(Headline(0, "The first headline of the day", None, ""))
    return index


class Grouping:
    """Places headlines into stories; `commit` or `undo` ends each batch."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._index: StoryIndex | None = None
        self._pruned_at: datetime | None = None
        self._tentative: list[int] = []

    async def load(self) -> None:
        """Make the index from the store, unless that is done."""
        if self._index is None:
            index = await asyncio.to_thread(_warm)
            ids = await self._store.groupings.recent(self._clock.now() - WINDOW)
            for start in range(0, len(ids), _PAGE):
                for number, one in enumerate(await self._store.groupings.of_articles(ids[start : start + _PAGE])):
                    index.accept(headline_of(one.article), one.story_id)
                    if number % _SLICE == _SLICE - 1:
                        await self._clock.sleep(0)
            index.merges(self._clock.now())  # looked for when they came in
            forget()
            self._index = index

    async def place(self, headlines: Sequence[Headline], next_story_id: int) -> list[tuple[Placement, int]]:
        """Give each headline's placement and the story it goes to; new stories take ids from `next_story_id` on.

        Headlines of one batch see each other, so they are held from here on: call `undo` if they are not stored.
        """
        index = await self._loaded()
        placed: list[tuple[Placement, int]] = []
        for number, headline in enumerate(headlines):
            placement = index.propose(headline)
            story_id = placement.story_id
            if story_id is None:
                story_id, next_story_id = next_story_id, next_story_id + 1
            self._tentative.append(headline.id)
            index.accept(headline, story_id, placement)
            placed.append((placement, story_id))
            if number % _SLICE == _SLICE - 1:
                await self._clock.sleep(0)
        return placed

    async def undo(self) -> None:
        """Forget the headlines of a batch that was not stored."""
        await self.forget(self._tentative)
        self._tentative.clear()

    async def commit(self, edited: Iterable[tuple[Headline, int]], gone: Iterable[int]) -> None:
        """Hold a batch that is stored: its new headlines, those that were edited or came back, without the gone."""
        index = await self._loaded()
        self._tentative.clear()
        for headline, story_id in edited:
            index.accept(headline, story_id)
        await self.forget(gone)
        await self._merge(index)
        self._prune(index)

    async def forget(self, article_ids: Iterable[int]) -> None:
        """Drop headlines that are not stored any more."""
        index = await self._loaded()
        for article_id in article_ids:
            index.remove(article_id)

    async def _loaded(self) -> StoryIndex:
        await self.load()
        assert self._index is not None  # noqa: S101 - load sets it
        return self._index

    async def _merge(self, index: StoryIndex) -> None:
        for newer, older in index.merges(self._clock.now()):
            if await self._store.stories.merge(older, newer):
                index.merge(newer, older)

    def _prune(self, index: StoryIndex) -> None:
        now = self._clock.now()
        if self._pruned_at is None or now - self._pruned_at >= _PRUNE_EVERY:
            self._pruned_at = now
            index.prune(now)
