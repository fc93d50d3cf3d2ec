"""Follows: a person names a topic, a name, a source or a story, and hears of it by DM."""

from dataclasses import replace

from bot.clock import Clock
from bot.desk.own_places import OwnPlaces
from bot.desk.reading import Reading
from bot.desk.resolving import is_row
from bot.desk.suggesting import Suggesting
from bot.desk.times import parse_time
from bot.desk.zones import choose_zone
from bot.domain.answers import Reader
from bot.domain.personal import Follow, FollowKind, Follows
from bot.domain.sources import Source
from bot.domain.stories import Story, parse_story_key
from bot.domain.suggestions import Suggestion
from bot.domain.text import clean_line, fold
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.store.follows import Target
from bot.store.store import Store

MOST = 25  # what one select can end
_LONGEST_NAME = 60
_WORDS_OF_A_NAME = 4


class Following:
    """The desk of `/follow`."""

    def __init__(self, store: Store, clock: Clock, reading: Reading, suggesting: Suggesting, places: OwnPlaces) -> None:
        self._store = store
        self._clock = clock
        self._reading = reading
        self._suggesting = suggesting
        self._places = places

    async def panel(self, reader: Reader, added: Follow | None = None) -> Follows:
        """Give what somebody follows, and how they want to be told."""
        wanted = await self._store.followers.get(reader.user_id)
        return Follows(
            await self._store.follows.of_person(reader.user_id),
            MOST,
            wanted.quiet_from,
            wanted.quiet_until,
            wanted.zone or reader.place.zone,
            added,
            is_dm_closed=wanted.closed_at is not None,
        )

    async def follow(self, reader: Reader, typed: str, topic: Topic | None = None) -> Follows:
        """Follow what was typed or chosen; `topic` is what it means in the reader's language, if it is one.

        Raises:
            UserError: LIMIT_REACHED; STORY_GONE with candidates, UNKNOWN_SOURCE or NOTHING_FOUND for what is not there.
        """
        return await self._follow(reader, await self._target(reader, clean_line(typed), topic))

    async def follow_story(self, reader: Reader, story_id: int) -> Follows:
        """Follow a story from its card.

        Raises:
            UserError: STORY_GONE, or LIMIT_REACHED.
        """
        return await self._follow(reader, _of_story((await self._reading.open(reader, story_id)).story))

    async def unfollow_story(self, reader: Reader, story_id: int) -> Follow | None:
        """End the follow of a story, from its card."""
        follow_id = await self._store.follows.of_story(reader.user_id, story_id)
        return await self.unfollow(reader, follow_id) if follow_id is not None else None

    async def unfollow(self, reader: Reader, *follow_ids: int) -> Follow | None:
        """End follows; give the first of those that were there, None when there was none."""
        ended = await self._store.follows.remove(reader.user_id, *follow_ids)
        return ended[0] if ended else None

    async def set_quiet(self, reader: Reader, start: str, end: str, city: str) -> Follows:
        """Keep quiet hours as typed; without both there are none.

        Raises:
            UserError: UNKNOWN_TIME, UNKNOWN_ZONE or AMBIGUOUS_ZONE; nothing was changed.
        """
        wanted = await self._store.followers.get(reader.user_id)
        own = await self._places.set_up_here(reader)
        zone = choose_zone(city) if city.strip() else wanted.zone or own.zone or reader.place.zone
        if start.strip() and end.strip():
            wanted = replace(wanted, quiet_from=parse_time(start), quiet_until=parse_time(end), zone=zone)
        else:
            wanted = replace(wanted, quiet_from=None, quiet_until=None, zone=zone)
        await self._store.followers.set_quiet(wanted)
        return await self.panel(reader)

    async def has_to_be_told(self, user_id: int) -> bool:
        """Say whether a person has to be told that our DMs do not reach them; it is told once."""
        if user_id not in await self._store.followers.untold():
            return False
        await self._store.followers.told(user_id, self._clock.now())
        return True

    async def suggest(
        self, reader: Reader, typed: str
    ) -> tuple[tuple[str, ...], tuple[Source, ...], tuple[Suggestion, ...]]:
        """Give names, sources and stories for what is typed so far."""
        names = await self._suggesting.names(reader, typed)
        sources = await self._suggesting.sources(reader, typed)
        stories = await self._suggesting.stories(reader, typed) if typed.strip() else ()
        return names, sources, stories

    # ── what was meant ────────────────────────────────────────────────────────────────────────────────────────────

    async def _follow(self, reader: Reader, target: Target) -> Follows:
        own = await self._places.set_up_here(reader)
        added = await self._store.follows.add(reader.user_id, own.id, target, self._clock.now(), MOST)
        if added is None:
            raise UserError(Code.LIMIT_REACHED, limit=MOST, what="follows")
        await self._store.followers.reopen(reader.user_id)
        return await self.panel(reader, added)

    async def _target(self, reader: Reader, text: str, topic: Topic | None) -> Target:
        kind, _, value = text.partition(":")
        if kind == FollowKind.STORY and (story_id := parse_story_key(value)) is not None:
            return _of_story((await self._reading.open(reader, story_id)).story)
        if kind == FollowKind.SOURCE and value:
            return await self._source(reader, value)
        if kind == FollowKind.TOPIC and value in set(Topic):
            topic = Topic(value)
        if topic is not None:
            return Target(FollowKind.TOPIC, topic.value, topic.value)
        if kind == FollowKind.NAME and fold(value):
            return Target(FollowKind.NAME, fold(value.strip()), value.strip()[:_LONGEST_NAME])
        return await self._free(reader, text)

    async def _free(self, reader: Reader, text: str) -> Target:
        """Read what was typed without choosing: a row, a source's title, a name, else the story that comes closest."""
        if is_row(text) or (parse_story_key(text) is not None and any(char.isdigit() for char in text)):
            return _of_story((await self._reading.card(reader, text)).story)
        for source in await self._suggesting.sources(reader, text):
            if fold(text) in {fold(source.title), fold(source.name)}:
                return Target(FollowKind.SOURCE, str(source.id), source.title)
        folded = fold(text)
        if not any(char.isalpha() for char in folded):
            raise UserError(Code.NOTHING_FOUND, query=text)
        if len(text.split()) <= _WORDS_OF_A_NAME and len(text) <= _LONGEST_NAME:
            return Target(FollowKind.NAME, folded, text)
        return _of_story((await self._reading.card(reader, text)).story)

    async def _source(self, reader: Reader, value: str) -> Target:
        source_id = await self._suggesting.source_named(reader, value)
        source = await self._store.sources.by_id(source_id) if source_id is not None else None
        if source is None:
            raise UserError(Code.UNKNOWN_SOURCE, text=value)
        return Target(FollowKind.SOURCE, str(source.id), source.title)


def _of_story(story: Story) -> Target:
    return Target(FollowKind.STORY, str(story.id), story.title)
