"""What is made from a view's stories and kept: until the store changes or some time has passed."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from bot.clock import Clock
from bot.desk.scope import View
from bot.domain.filters import StoryFilter
from bot.domain.place_filters import PlaceFilter

T = TypeVar("T")

_MOST = 16

_Key = tuple[StoryFilter, PlaceFilter]
_Mark = tuple[int, int]  # revision, and which stretch of time


class KeptByView(Generic[T]):
    """A small cache: one value per view, as of its revision, the least used dropped first."""

    def __init__(self, make: Callable[[View], Awaitable[T]], clock: Clock, lasts_s: int) -> None:
        self._make = make
        self._clock = clock
        self._lasts_s = lasts_s
        self._kept: OrderedDict[_Key, tuple[_Mark, T]] = OrderedDict()
        self._making = asyncio.Lock()  # so that fifty askers at once make it once

    def __len__(self) -> int:
        """How many views have their value at hand."""
        return len(self._kept)

    async def of(self, view: View) -> T:
        """Give what is made of a view, kept or anew."""
        key = (view.wanted, view.keeps)
        mark = (view.revision, int(self._clock.now().timestamp()) // self._lasts_s)
        if (known := self._find(key, mark)) is not None:
            return known
        async with self._making:
            if (known := self._find(key, mark)) is not None:
                return known
            made = await self._make(view)
            self._kept[key] = (mark, made)
            self._kept.move_to_end(key)
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            return made

    def _find(self, key: _Key, mark: _Mark) -> T | None:
        kept = self._kept.get(key)
        if kept is None or kept[0] != mark:
            return None
        self._kept.move_to_end(key)
        return kept[1]
