"""Muting: a topic or a word left out for seven days, by a server's managers for all, or by members for themselves."""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.answers import Reader, SettingChange
from bot.domain.managing import MutePanel
from bot.domain.place_filters import Mute, MuteKind, read_terms
from bot.domain.places import PlaceKind
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.store.store import Store

MUTED_FOR = timedelta(days=7)
MOST = 25  # what one select can lift


class Muting:
    """The desk of mutes. A member's own are kept with their DM place, so they hold wherever the member reads."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def panel(self, reader: Reader, *, is_own: bool) -> MutePanel:
        """Give what is muted: for everyone in the place, or for the reader alone."""
        place_id = await self._place_id(reader, is_own=is_own)
        return MutePanel(await self._store.place_filters.mutes(place_id, self._clock.now()), MOST, is_own=is_own)

    async def mute(self, reader: Reader, kind: MuteKind, value: str, *, is_own: bool) -> Mute:
        """Mute a topic or a word; one that is muted already is from now on muted for seven days again.

        Raises:
            UserError: UNKNOWN_TOPIC; NOTHING_FOUND for a word without letters; LIMIT_REACHED.
        """
        now = self._clock.now()
        if kind is MuteKind.TOPIC and value not in {topic.value for topic in Topic}:
            raise UserError(Code.UNKNOWN_TOPIC, text=value)
        terms = read_terms(value)
        if not terms:
            raise UserError(Code.NOTHING_FOUND, query=value)
        place_id = await self._place_id(reader, is_own=is_own)
        wanted = Mute(kind, terms[0], now + MUTED_FOR)
        held = await self._store.place_filters.mutes(place_id, now)
        is_known = any((one.kind, one.value) == (wanted.kind, wanted.value) for one in held)
        if len(held) >= MOST and not is_known:
            raise UserError(Code.LIMIT_REACHED, limit=MOST, what="mutes")
        await self._store.place_filters.mute(place_id, wanted, now, self._change(reader, is_own=is_own))
        return wanted

    async def lift(self, reader: Reader, key: str, *, is_own: bool) -> bool:
        """End a mute; say whether there was one."""
        place_id = await self._place_id(reader, is_own=is_own)
        held = await self._store.place_filters.mutes(place_id, self._clock.now())
        found = next((one for one in held if one.key == key), None)
        if found is None:
            return False
        change = self._change(reader, is_own=is_own)
        return await self._store.place_filters.unmute(place_id, found.kind, found.value, change)

    async def mute_topic(self, reader: Reader, topic: Topic, *, on: bool = True) -> datetime:
        """Leave a topic out of this member's lists for seven days, or show it again; give until when."""
        if on:
            return (await self.mute(reader, MuteKind.TOPIC, topic.value, is_own=True)).until
        await self.lift(reader, Mute(MuteKind.TOPIC, topic.value, self._clock.now()).key, is_own=True)
        return self._clock.now()

    def _change(self, reader: Reader, *, is_own: bool) -> SettingChange | None:
        """Give what is noted of a manager; what members do for themselves is not."""
        return None if is_own else SettingChange(self._clock.now(), "mutes", reader.user_id)

    async def _place_id(self, reader: Reader, *, is_own: bool) -> int:
        if not is_own:
            return reader.place.id
        return (await self._store.places.ensure(PlaceKind.PERSON, reader.user_id, self._clock.now())).id
