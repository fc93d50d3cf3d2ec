"""The filters of a place: words, topics, sources, languages, with a live count."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.domain.answers import SettingChange
from bot.domain.filters import StoryFilter
from bot.domain.managing import FilterPanel
from bot.domain.place_filters import OPEN, PlaceFilter, read_terms, would_keep
from bot.domain.sources import Source
from bot.domain.stories import Story
from bot.domain.topics import Topic
from bot.store.store import Store

LOOKED_AT = 50
OFFERED = 25  # what a select holds
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")


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

    async def only_sources(self, place_id: int, by: int, source_ids: tuple[int, ...]) -> FilterPanel:
        """Let only some of the sources pass that are read here; none means all."""
        read = frozenset(await self._store.subscriptions.source_ids(place_id))

        def edit(before: PlaceFilter) -> PlaceFilter:
            return replace(before, source_ids=tuple(it for it in source_ids if it in read or it in before.source_ids))

        return await self._change(place_id, by, edit)

    async def only_languages(self, place_id: int, by: int, languages: tuple[str, ...]) -> FilterPanel:
        """Let only stories in some languages pass; none means all."""
        named = tuple(language for language in languages[:OFFERED] if _LANGUAGE.fullmatch(language))
        return await self._change(place_id, by, lambda before: replace(before, languages=named))

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
        kept = would_keep(wanted, stories) if stories else None
        sources = await self._offered(place_id, wanted.source_ids)
        return FilterPanel(wanted, kept, mutes, sources, _languages(wanted, stories))

    async def _offered(self, place_id: int, chosen: tuple[int, ...]) -> tuple[Source, ...]:
        """Give the sources that can be chosen: those chosen, read still or not, then what the place reads."""
        read = [status.source for status in await self._store.subscriptions.of_place(place_id)]
        first = await self._store.sources.by_ids(chosen)
        return (*first, *(source for source in read if source.id not in chosen))[:OFFERED]


def _languages(wanted: PlaceFilter, stories: Sequence[Story]) -> tuple[str, ...]:
    """Give the languages that can be chosen: those chosen, then those of the last stories, the commonest first."""
    stated = Counter(one.language.split("-")[0].lower() for story in stories for one in story.articles if one.language)
    return tuple(dict.fromkeys((*wanted.languages, *(language for language, _ in stated.most_common()))))[:OFFERED]
