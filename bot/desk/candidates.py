"""Candidates: what editions are chosen from, ranked once for all places that read the same within a few minutes.

At eight in the morning thousands of briefings are composed from the same few hundred stories.
"""

import asyncio

from bot.clock import Clock
from bot.desk.kept import KeptByView
from bot.desk.scope import View
from bot.domain.stories import Story
from bot.edition.rank import rank
from bot.edition.select import Ranked, is_documents_only
from bot.store.store import Store

NEWEST = 400  # stories that an edition is chosen from
ARCHIVE = 5_000
_AS_OF_S = 300  # a ranking that old differs by nothing anybody would see

_Found = tuple[tuple[Story, ...], Ranked]  # newest first, and best first


class Candidates:
    """What each view's editions are chosen from."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kept = KeptByView(self._load, clock, _AS_OF_S)

    async def of(self, view: View) -> _Found:
        """Give what a view lets through, as of its revision, ranked within the last minutes."""
        return await self._kept.of(view)

    async def _load(self, view: View) -> _Found:
        stories = await self._store.stories.newest(view.wanted, limit=NEWEST)
        if len(stories) == NEWEST and is_documents_only(stories):  # an archive turns through all of it
            stories = await self._store.stories.newest(view.wanted, limit=ARCHIVE)
        stories = view.keeps.passing(stories)
        return stories, Ranked(tuple(await asyncio.to_thread(rank, stories, self._clock.now())))
