import asyncio
from dataclasses import replace

import pytest

from bot.desk.arrivals import Arrivals, Greeting, welcome_channel
from bot.domain.answers import SettingChange
from bot.domain.managing import Server
from bot.domain.places import BriefingSettings, PlaceKind
from bot.store.places import Places
from tests.fakes.newsroom import Newsroom
from tests.fakes.schedules import a_schedule

SMALL = Server(900, 40, "de", None, 31, tuple(range(40, 60)))
LARGE = Server(901, 4_000, "en-US", None, 31, (40,))
COMMUNITY = Server(902, 4_000, "en-US", 30, 31)


@pytest.fixture
async def arrivals(newsroom: Newsroom) -> Arrivals:
    return Arrivals(newsroom.store, newsroom.scope, newsroom.clock)


@pytest.mark.parametrize(
    ("server", "channel"),
    [
        (COMMUNITY, 30),
        (SMALL, 31),
        (replace(SMALL, members=100), 31),
        (replace(SMALL, members=101), None),
        (LARGE, None),
        (replace(SMALL, system_channel=None), None),
    ],
    ids=["community", "small", "a hundred", "a hundred and one", "large", "nowhere"],
)
def test_a_welcome_never_goes_where_all_members_of_a_large_server_read(server: Server, channel: int | None) -> None:
    assert welcome_channel(server) == channel


async def test_a_small_server_begins_with_public_answers_and_a_large_one_with_private_ones(
    arrivals: Arrivals, newsroom: Newsroom
) -> None:
    for server, public in ((SMALL, tuple(range(40, 50))), (LARGE, ())):
        await arrivals.joined(server)
        place = await arrivals.place_of(server.id)
        assert place is not None
        assert (place.public_channels, place.locale) == (public, server.locale)


async def test_a_server_is_welcomed_once_even_where_nobody_can_be_told(arrivals: Arrivals) -> None:
    first = await arrivals.joined(COMMUNITY)
    assert first is not None
    assert (first.greeting, first.channel_id) == (Greeting.WELCOME, 30)
    assert await arrivals.joined(COMMUNITY) is None
    assert await arrivals.joined(LARGE) is None
    assert await arrivals.joined(replace(LARGE, updates_channel=30)) is None


async def test_who_was_set_up_before_is_not_welcomed_and_keeps_private_answers(
    arrivals: Arrivals, newsroom: Newsroom
) -> None:
    place = await newsroom.place(SMALL.id)
    await newsroom.store.places.change(place.id, lambda old: replace(old, set_up_by=7))
    assert await arrivals.joined(SMALL) is None
    stored = await arrivals.place_of(SMALL.id)
    assert stored is not None
    assert stored.public_channels == ()


async def test_who_is_set_up_while_the_bot_arrives_keeps_private_answers(newsroom: Newsroom) -> None:
    places = newsroom.store.places

    class Meanwhile(Places):
        async def come_back(self, kind: PlaceKind, discord_id: int) -> bool:
            found = await super().come_back(kind, discord_id)
            await self.change((await newsroom.place(discord_id)).id, lambda old: replace(old, set_up_by=7))
            return found

    newsroom.store.places = Meanwhile(newsroom.store.db)
    assert await Arrivals(newsroom.store, newsroom.scope, newsroom.clock).joined(SMALL) is None
    stored = await places.find(PlaceKind.SERVER, SMALL.id)
    assert stored is not None
    assert (stored.set_up_by, stored.public_channels) == (7, ())


async def test_two_arrivals_at_once_give_one_welcome(arrivals: Arrivals) -> None:
    told = await asyncio.gather(arrivals.joined(SMALL), arrivals.joined(SMALL))
    assert [one.greeting for one in told if one is not None] == [Greeting.WELCOME]


async def test_servers_that_came_and_went_unseen_are_found(arrivals: Arrivals) -> None:
    await arrivals.joined(SMALL)
    await arrivals.joined(COMMUNITY)
    assert await arrivals.missed(frozenset({SMALL.id, LARGE.id})) == {LARGE.id}
    gone = await arrivals.place_of(COMMUNITY.id)
    assert gone is not None
    assert gone.left_at is not None
    assert await arrivals.missed(frozenset({SMALL.id, COMMUNITY.id})) == {COMMUNITY.id}


async def test_a_return_without_briefings_is_silent(arrivals: Arrivals) -> None:
    await arrivals.joined(COMMUNITY)
    await arrivals.left(COMMUNITY.id)
    assert await arrivals.joined(COMMUNITY) is None


async def test_a_deleted_role_leaves_the_settings(arrivals: Arrivals, newsroom: Newsroom) -> None:
    await arrivals.role_deleted(1, 5)  # a server nobody knows
    place = await newsroom.place(SMALL.id)
    await newsroom.store.places.change(place.id, lambda old: replace(old, manager_role=5))
    pinging = a_schedule(place=place, settings=BriefingSettings(role_id=5))
    schedule = await newsroom.store.schedules.add(pinging, SettingChange(newsroom.clock.now(), "turned-on"))
    await arrivals.role_deleted(SMALL.id, 6)
    await arrivals.role_deleted(SMALL.id, 5)
    (stored,) = await newsroom.store.schedules.of_place(place.id)
    assert (stored.settings.role_id, stored.place.manager_role) == (None, None)
    assert [change.by for change in await newsroom.store.schedules.changes(schedule.id)][:1] == [None]


async def test_roles_that_were_deleted_unseen_leave_the_settings_at_the_next_look(
    arrivals: Arrivals, newsroom: Newsroom
) -> None:
    for server, role in ((SMALL, 5), (LARGE, 6), (COMMUNITY, 7)):
        place = await newsroom.place(server.id)
        await newsroom.store.places.change(place.id, lambda old, role=role: replace(old, manager_role=role))  # type: ignore[misc]
        pinging = a_schedule(place=place, key=bytes([role]) * 8, settings=BriefingSettings(role_id=role + 10))
        await newsroom.store.schedules.add(pinging, SettingChange(newsroom.clock.now(), "turned-on", 7))
    await arrivals.roles_present({SMALL.id: frozenset({15}), LARGE.id: frozenset({6, 16, 1})})  # the third is not there
    found = {}
    for server in (SMALL, LARGE, COMMUNITY):
        (schedule,) = await newsroom.store.schedules.of_place((await newsroom.place(server.id)).id)
        found[server.id] = (schedule.place.manager_role, schedule.settings.role_id)
    assert found == {SMALL.id: (None, 15), LARGE.id: (6, 16), COMMUNITY.id: (7, 17)}
    noted = await newsroom.store.setting_changes.of_place((await newsroom.place(SMALL.id)).id, 5)
    assert [(one.what, one.by) for one in noted] == [("managers", None), ("turned-on", 7)]
