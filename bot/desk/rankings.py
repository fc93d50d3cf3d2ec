"""Rankings: the ranked lists behind `/headlines`, kept until the store changes or a minute has passed."""

import asyncio
from dataclasses import dataclass

from bot.clock import Clock
from bot.desk.kept import KeptByView
from bot.desk.scope import View
from bot.domain.editions import Mode, Pick
from bot.domain.stories import Story
from bot.edition.select import arrange
from bot.store.store import Store

CANDIDATES = 250  # the newest stories that are ranked; a list ends there, whatever the archive holds
_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Ranking:
    """A ranked list, whole."""

    mode: Mode
    picks: tuple[Pick, ...]

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories, best first."""
        return tuple(pick.story for pick in self.picks)


class Rankings:
    """The ranked list of each view."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kept = KeptByView(self._build, clock, _MINUTE_S)

    async def of(self, view: View) -> Ranking:
        """Give the ranking of what a view lets through, as of its revision."""
        return await self._kept.of(view)

    async def _build(self, view: View) -> Ranking:
        stories = await self._store.stories.newest(view.wanted, limit=CANDIDATES)
        kept = view.keeps.passing(stories)
        mode, picks = await asyncio.to_thread(arrange, kept, self._clock.now())
        return Ranking(mode, tuple(picks))
