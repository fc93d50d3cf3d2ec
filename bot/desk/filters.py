"""The filters of a place: words, topics, sources, languages, with a live count."""

from collections.abc import Callable
from dataclasses import replace

from bot.clock import Clock
from bot.domain.answers import SettingChange
from bot.domain.filters import StoryFilter
from bot.domain.managing import FilterPanel
from bot.domain.place_filters import OPEN, PlaceFilter, read_terms, would_keep
from bot.domain.topics import Topic
from bot.store.store import Store

LOOKED_AT = 50


class Filters:
    """What a place leaves out. A person's mutes are kept with their own DM place."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def panel(self, place_id: int) -> FilterPanel:
        """Give the filter, and what it would have kept of the last fifty stories."""
        wanted = await self._store.place_filters.of_place(place_id)
        return await self._shown(place_id, wanted)

    async def preview(self, place_id: int, wanted: PlaceFilter) -> FilterPanel:
        """Give what a filter would have kept, without storing it."""
        return await self._shown(place_id, wanted)

    async def set_words(self, place_id: int, by: int, include: str, exclude: str) -> FilterPanel:
        """Replace the words, as typed: commas, semicolons or lines between them."""
        only, never = read_terms(include), read_terms(exclude)
        return await self._change(place_id, by, lambda before: replace(before, include=only, exclude=never))

    async def leave_out_topics(self, place_id: int, by: int, topics: tuple[Topic, ...]) -> FilterPanel:
        """Replace the topics that are left out."""
        return await self._change(place_id, by, lambda before: replace(before, excluded_topics=topics))

    async def clear(self, place_id: int, by: int) -> FilterPanel:
        """Let everything pass again, and end all mutes."""
        await self._store.place_filters.clear(place_id, self._changed_by(by))
        return await self._shown(place_id, OPEN)

    async def holding(self, *place_ids: int) -> tuple[PlaceFilter, ...]:
        """Give the filters that hold now for a reader: the place's, and that of their own DM place."""
        now = self._clock.now()
        return tuple([await self._store.place_filters.holding(place_id, now) for place_id in place_ids])

    async def _change(self, place_id: int, by: int, edit: Callable[[PlaceFilter], PlaceFilter]) -> FilterPanel:
        wanted = await self._store.place_filters.change(place_id, edit, self._changed_by(by))
        return await self._shown(place_id, wanted)

    def _changed_by(self, user_id: int) -> SettingChange:
        return SettingChange(self._clock.now(), "filters", user_id)

    async def _shown(self, place_id: int, wanted: PlaceFilter) -> FilterPanel:
        ids = await self._store.subscriptions.source_ids(place_id)
        stories = await self._store.stories.newest(StoryFilter(source_ids=ids), limit=LOOKED_AT)
        mutes = await self._store.place_filters.mutes(place_id, self._clock.now())
        return FilterPanel(wanted, would_keep(wanted, stories) if stories else None, mutes)
