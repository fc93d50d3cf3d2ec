"""Own places: what a person sets up for themselves belongs to their DM, wherever they did it."""

from dataclasses import replace

from bot.clock import Clock
from bot.domain.answers import Reader
from bot.domain.places import Place, PlaceKind
from bot.store.store import Store


class OwnPlaces:
    """Finds a person's own place and keeps it up to date."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def of(self, reader: Reader) -> Place:
        """Give the person's own place."""
        if reader.is_dm:
            return reader.place
        return await self._store.places.ensure(PlaceKind.PERSON, reader.user_id, self._clock.now())

    async def set_up_here(self, reader: Reader) -> Place:
        """Give it after something was set up: it speaks their language, and reads what is read where they did it."""
        own = await self.of(reader)
        if own.locale != reader.locale:
            own = await self._store.places.change(own.id, lambda old: replace(old, locale=reader.locale))
        if not reader.is_dm:
            await self._store.followers.read_with(own.id, reader.place.id)
        return own
