"""Scope: what somebody who reads in a place may see: a filter for the store, and what is left out of its lists."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.domain.answers import Query, Reader, Since
from bot.domain.due import zone_named
from bot.domain.filters import StoryFilter
from bot.domain.place_filters import PlaceFilter
from bot.domain.places import Place, SampleMode
from bot.domain.sources import Source
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.store.glances import Glance
from bot.store.store import Store

_BACK = {Since.THREE_DAYS: timedelta(days=3), Since.WEEK: timedelta(days=7)}


@dataclass(frozen=True, slots=True)
class View:
    """What a list is made from: which stories the store gives, which of them stay, and as of which revision."""

    wanted: StoryFilter
    keeps: PlaceFilter
    revision: int


class Scope:
    """Makes filters from places and queries. `sample` is the operator's word, for places that have not spoken."""

    def __init__(self, store: Store, clock: Clock, sample: SampleMode = SampleMode.AUTO) -> None:
        self._store = store
        self._clock = clock
        self._sample = sample

    async def everything(self, place: Place) -> StoryFilter:
        """Allow all that may be opened or searched here: the place's sources, the sample whatever its mode."""
        return StoryFilter(source_ids=(await self._glance(place)).source_ids)

    async def opened(self, place: Place) -> tuple[StoryFilter, int]:
        """Allow `everything`, with the revision as of which that holds."""
        glance = await self._glance(place)
        return StoryFilter(source_ids=glance.source_ids), glance.revision

    async def narrowed(self, place: Place, query: Query) -> StoryFilter:
        """Narrow what may be seen to a topic, a source and a time.

        Raises:
            UserError: the source is not one of the place's.
        """
        return self._narrow(await self._glance(place), place, query)

    async def listed(self, reader: Reader, query: Query) -> View:
        """Allow what a list shows: narrowed, without what place and member leave out and what gave way.

        What was asked for by name is shown: a topic that is muted, a source that gave way.
        """
        glance = await self._glance(reader.place, reader.user_id)
        wanted = self._narrow(glance, reader.place, query)
        if query.source_id is None:
            wanted = await self._without_sample(glance, reader.place, wanted)
        keeps = glance.filter.with_mutes(glance.mutes, self._clock.now())
        if query.topic is not None:
            keeps = _hearing(keeps, query.topic)
        return View(wanted, keeps, glance.revision)

    async def briefed(self, place: Place, topics: tuple[Topic, ...], source_ids: tuple[int, ...]) -> View:
        """Allow what a briefing is chosen from; empty tuples do not narrow."""
        glance = await self._glance(place)
        wanted = StoryFilter(source_ids=glance.source_ids, topics=topics)
        if source_ids:
            wanted = replace(wanted, source_ids=tuple(one for one in source_ids if one in glance.source_ids))
        else:
            wanted = await self._without_sample(glance, place, wanted)
        return View(wanted, glance.filter, glance.revision)

    async def sources(self, place: Place) -> tuple[Source, ...]:
        """Give the sources that may be asked for here, in order of their titles."""
        return await self._store.sources.by_ids((await self._glance(place)).source_ids)

    async def _glance(self, place: Place, user_id: int | None = None) -> Glance:
        return await self._store.glances.of(place.id, user_id, self._clock.now())

    def _narrow(self, glance: Glance, place: Place, query: Query) -> StoryFilter:
        sources = glance.source_ids
        if query.source_id is not None:
            if query.source_id not in sources:
                raise UserError(Code.UNKNOWN_SOURCE, text=str(query.source_id))
            sources = (query.source_id,)
        topics = (query.topic,) if query.topic else ()
        return StoryFilter(source_ids=sources, topics=topics, since=self._since(place, query.since))

    async def _without_sample(self, glance: Glance, place: Place, wanted: StoryFilter) -> StoryFilter:
        """Leave the sample out where it has given way; that is noted, so that it never returns by itself."""
        mode = self._sample if place.sample is SampleMode.AUTO else place.sample
        if mode is SampleMode.KEEP or not glance.sample_ids or (mode is SampleMode.AUTO and not glance.has_enough):
            return wanted
        if mode is SampleMode.AUTO and not glance.has_yielded:
            await self._store.glances.yield_sample(place.id, self._clock.now())
        left = (one for one in wanted.source_ids or () if one not in glance.sample_ids)
        return replace(wanted, source_ids=tuple(left))

    def _since(self, place: Place, since: Since | None) -> datetime | None:
        """Give the instant; on the hour or at local midnight, so that answers can be kept for a while."""
        now = self._clock.now()
        if since is None:
            return None
        if since is Since.TODAY:
            zone = zone_named(place.zone) if place.zone else UTC
            return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        return now.replace(minute=0, second=0, microsecond=0) - _BACK[since]


def _hearing(keeps: PlaceFilter, topic: Topic) -> PlaceFilter:
    """Let a topic through that was asked for by name."""
    return replace(keeps, excluded_topics=tuple(one for one in keeps.excluded_topics if one is not topic))
