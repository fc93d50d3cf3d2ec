"""Arrivals: the bot joins a server, is removed, or comes back; decides who is welcomed, and what stays silent."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.clock import Clock
from bot.desk.scope import Scope
from bot.domain.answers import SettingChange
from bot.domain.managing import Server
from bot.domain.places import Place, PlaceKind, Schedule
from bot.store.store import Store

SMALL = 100  # members; there answers begin public, and the welcome may go where all read
MOST_PUBLIC = 10  # what the setup panel's select holds


class Greeting(StrEnum):
    """What managers are told when the bot arrives."""

    WELCOME = "welcome"
    BACK = "back"  # settings were kept, and nothing is posted before a manager confirms


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something to tell the managers of a server, once."""

    greeting: Greeting
    place: Place
    channel_id: int | None  # where a welcome goes; None: nowhere, or for BACK to the usual place for notices
    sample_stories: int = 0


class Arrivals:
    """Keeps the places of servers in step with where the bot is."""

    def __init__(self, store: Store, scope: Scope, clock: Clock) -> None:
        self._store = store
        self._scope = scope
        self._clock = clock

    async def joined(self, server: Server) -> Arrival | None:
        """Note that the bot is on a server; give what its managers are to be told, at most once."""
        now = self._clock.now()
        place = await self._store.places.ensure(PlaceKind.SERVER, server.id, now)
        if await self._store.places.come_back(PlaceKind.SERVER, server.id):
            waiting = [one for one in await self._store.schedules.of_place(place.id) if one.disabled_code == "left"]
            return Arrival(Greeting.BACK, place, None) if waiting else None
        if place.welcomed_at is not None:
            return None
        before = place

        def welcome(old: Place) -> Place:
            nonlocal before
            before = old  # as it is stored now: a manager may be setting up at this very moment
            return old if old.welcomed_at else _welcomed(old, server, now)

        place = await self._store.places.change(place.id, welcome)
        if before.welcomed_at is not None or before.set_up_by is not None:
            return None
        channel = welcome_channel(server)
        if channel is None:
            return None
        counts = await self._store.stories.counts(await self._scope.everything(place))
        return Arrival(Greeting.WELCOME, place, channel, counts.stories)

    async def left(self, server_id: int) -> None:
        """Note that the bot was removed: nothing is posted any more, the settings stay for 30 days."""
        await self._store.places.leave(PlaceKind.SERVER, server_id, self._clock.now())

    async def missed(self, present: frozenset[int]) -> frozenset[int]:
        """Note which servers removed the bot while it was not connected; give those that let it in meanwhile."""
        known = {place.discord_id: place for place in await self._store.places.servers()}
        for place in known.values():
            if place.left_at is None and place.discord_id not in present:
                await self.left(place.discord_id)
        at_home = {place.discord_id for place in known.values() if place.left_at is None and place.welcomed_at}
        return present - at_home

    async def role_deleted(self, server_id: int, role_id: int) -> None:
        """Take a role that is gone out of the settings: it manages and is pinged no longer."""
        place = await self.place_of(server_id)
        if place is None:
            return
        if place.manager_role == role_id:
            gone = SettingChange(self._clock.now(), "managers")
            await self._store.places.change(place.id, lambda old: replace(old, manager_role=None), gone)
        change = SettingChange(self._clock.now(), "ping", None, f"{role_id} →")
        for schedule in await self._store.schedules.of_place(place.id):
            if schedule.settings.role_id == role_id:
                await self._store.schedules.change(schedule.id, lambda old, _taken: (_without_role(old), change))

    async def roles_present(self, roles: Mapping[int, frozenset[int]]) -> None:
        """Take roles out of the settings that were deleted while nobody looked; `roles` are those of each server."""
        for server_id, role_id in await self._store.places.roles_in_use():
            if server_id in roles and role_id not in roles[server_id]:
                await self.role_deleted(server_id, role_id)

    async def place_of(self, server_id: int) -> Place | None:
        """Give a server's place, if it is known."""
        return await self._store.places.find(PlaceKind.SERVER, server_id)


def _welcomed(place: Place, server: Server, now: datetime) -> Place:
    """Note the welcome before it is sent: one may get lost, and never comes twice."""
    public = _public(server) if place.set_up_by is None else ()
    return replace(
        place,
        welcomed_at=now,
        locale=place.locale or server.locale,
        public_channels=place.public_channels or public,
    )


def _without_role(schedule: Schedule) -> Schedule:
    return replace(schedule, settings=replace(schedule.settings, role_id=None))


def welcome_channel(server: Server) -> int | None:
    """Choose where a welcome goes: never into a channel that all members of a large server read."""
    if server.updates_channel is not None:
        return server.updates_channel
    return server.system_channel if server.members <= SMALL else None


def _public(server: Server) -> tuple[int, ...]:
    return server.open_channels[:MOST_PUBLIC] if server.members <= SMALL else ()
