"""Servers come, go and change, through the stand-in: who is greeted and told, and when delivery is asked to look."""

import logging
from dataclasses import replace

import discord
import pytest

from bot.client.access import Access
from bot.client.client import Client
from bot.client.servers import Servers
from bot.client.telling import Teller
from bot.domain.places import Place
from bot.errors import StoreError, StoreFault
from bot.i18n import texts_for
from bot.loopback import Loopback
from bot.loopback.faults import Fault
from bot.loopback.faults import Kind as FaultKind
from bot.loopback.guilds import Guild, Kind
from bot.loopback.messages import Message
from bot.loopback.permissions import BOT, Overwrite, Permission
from bot.loopback.traffic import CREATE, EDIT, OPEN_DM
from bot.render import notices
from bot.render.voice import Voice
from tests.cogs.conftest import bot, guild, newsroom, place  # noqa: F401 - fixtures
from tests.fakes.newsroom import Newsroom
from tests.fakes.waiting import until
from tests.wire.conftest import clock, discord_contract, loopback  # noqa: F401 - fixtures

# ruff: noqa: F811 - fixtures are asked for by their names


def there(loopback: Loopback, guild: Guild) -> list[Message]:
    """Give every message in a server, as its owner sees them."""
    channels = [channel for channel in guild.channels.values() if channel.kind is Kind.TEXT]
    return [one for channel in channels for one in loopback.people.sees("operator", channel)]


def cached(newsroom: Newsroom) -> Client:
    """Give the client, which knows what it was told."""
    assert newsroom.client is not None
    return newsroom.client


async def welcomed(newsroom: Newsroom, server: Guild) -> Place:
    """Wait until a server is known as welcomed, and give its place."""

    async def known() -> Place | None:
        place = await newsroom.place(server.id)
        return place if place.welcomed_at else None

    return await until(known)


@pytest.mark.parametrize(("members", "greetings"), [(3, [True]), (101, [])], ids=["small", "large"])
async def test_a_new_server_is_greeted_in_its_system_channel_if_it_is_small(
    bot: Loopback, newsroom: Newsroom, members: int, greetings: list[bool]
) -> None:
    world = bot.world
    new = world.add_guild("New", world.owner)
    channel = world.add_channel(new, "lobby")
    new.system_channel_id, new.member_count = channel.id, members
    world.invite_bot(new, BOT)
    known = await welcomed(newsroom, new)
    await until(lambda: [bool(one.json()["components"]) for one in there(bot, new)] == greetings)
    await bot.traffic.quiet(0.1)
    assert len(there(bot, new)) == len(greetings)
    assert known.public_channels == ((channel.id,) if greetings else ())


async def test_the_welcome_stays_readable_when_it_cannot_be_dressed(bot: Loopback) -> None:
    world = bot.world
    bot.faults.add(Fault(FaultKind.REFUSE, EDIT, status=403, code=50013))
    new = world.add_guild("New", world.owner)
    new.system_channel_id = world.add_channel(new, "lobby").id
    world.invite_bot(new, BOT)
    await until(lambda: there(bot, new))
    await bot.traffic.quiet(0.1)
    assert "Dateline is here" in str(there(bot, new)[0].json()["content"])


async def test_a_welcome_that_is_refused_or_lost_is_not_tried_again(bot: Loopback, newsroom: Newsroom) -> None:
    world = bot.world
    for fault in (
        Fault(FaultKind.REFUSE, CREATE, status=403, code=50013),
        Fault(FaultKind.REFUSE, CREATE, status=400, code=50035, message="no"),
    ):
        bot.faults.add(fault)
        new = world.add_guild("New", world.owner)
        new.system_channel_id = world.add_channel(new, "lobby").id
        world.invite_bot(new, BOT)
        await welcomed(newsroom, new)
        await bot.traffic.quiet(0.1)
        assert there(bot, new) == []


async def test_delivery_looks_once_at_a_server_whose_roles_and_channels_change(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    world, role = bot.world, bot.world.add_role(guild, "Editors")
    await newsroom.store.places.change(place.id, lambda old: replace(old, manager_role=role.id))
    thread = world.add_thread(world.channel("general"), "talk", world.bot)
    world.change_role(guild, world.bot_role(guild), BOT)
    world.set_overwrite(world.channel("news"), Overwrite(guild.id, deny=Permission.SEND_MESSAGES))
    world.remove_role(guild, role)
    world.remove_channel(thread)
    world.set_roles(guild, world.bot, world.bot_role(guild))
    last = world.channel("announcements")
    world.remove_channel(last)

    async def is_forgotten() -> bool:
        stored = await newsroom.store.places.by_id(place.id)
        return stored is not None and stored.manager_role is None

    await until(lambda: cached(newsroom).get_channel(last.id) is None)
    await until(is_forgotten)
    for _ in range(2):  # whoever forgot it reads once more, and then waits with the others
        await newsroom.store.schedules.of_place(place.id)
    await until(lambda: newsroom.watch.places, newsroom.clock)
    await newsroom.clock.advance(60)
    assert newsroom.watch.places == [place.id]


CLOSED = StoreError(StoreFault.CLOSED, "The database is closed.")
FULL = StoreError(StoreFault.FULL, "The disk is full.")
EVENTS = [
    pytest.param(CLOSED, True, [], id="the end cuts it short: no fault"),
    pytest.param(FULL, False, [("The store refused an event", False)], id="the store refuses it: a sentence"),
    pytest.param(KeyError("odd"), False, [("Ignoring exception in on_ready", True)], id="nobody expected it"),
]


@pytest.mark.parametrize(("error", "is_over", "said"), EVENTS)
async def test_an_event_that_fails_is_logged_as_what_it_is(
    bot: Loopback,
    newsroom: Newsroom,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    is_over: bool,  # noqa: FBT001 - a case of the table
    said: list[tuple[str, bool]],
) -> None:
    async def fail() -> None:
        raise error

    client = cached(newsroom)
    if is_over:
        await client.close()
    await client._run_event(fail, "on_ready")
    faults = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert [(each.getMessage(), each.exc_info is not None) for each in faults] == said


# ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def teller(bot: Loopback, newsroom: Newsroom) -> Teller:
    """Give what tells managers, on the client that the fixture runs."""
    client = cached(newsroom)
    return Teller(client, Access(client))


async def test_managers_are_told_where_they_chose_then_where_moderators_read(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place, teller: Teller
) -> None:
    chosen = replace(place, notices_channel=bot.world.channel("general").id)
    assert await teller.tell(chosen, notices.back_again(Voice(texts_for("en"), newsroom.clock.now())))
    assert len(bot.people.sees("admin", "general")) == 1
    general = bot.world.channel("general")
    bot.world.remove_channel(general)
    await until(lambda: cached(newsroom).get_channel(general.id) is None)
    assert await teller.tell(chosen, notices.back_again(Voice(texts_for("en"), newsroom.clock.now())))
    assert len(bot.people.sees("admin", "moderators")) == 1


async def test_who_set_it_up_is_told_by_dm_where_there_is_no_private_channel_and_nobody_else_is(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place, teller: Teller
) -> None:
    notice = notices.back_again(Voice(texts_for("en"), newsroom.clock.now()))
    bot.world.change_guild(guild, public_updates_channel_id=None)
    known = cached(newsroom).get_guild(guild.id)
    assert known is not None
    await until(lambda: known.public_updates_channel is None)
    assert not await teller.tell(place, notice)
    admin = bot.people.user("admin")
    asked = replace(place, set_up_by=admin.id)
    assert await teller.tell(asked, notice)
    (told,) = bot.people.sees("admin", "dm")
    assert told.json()["components"] == []
    bot.faults.add(Fault(FaultKind.REFUSE, CREATE, status=403, code=50007))
    assert not await teller.tell(asked, notice)
    bot.faults.add(Fault(FaultKind.REFUSE, OPEN_DM, status=403, code=50007))
    assert not await teller.tell(replace(place, set_up_by=bot.people.user("member").id), notice)


async def test_servers_that_are_not_served_are_not_greeted(bot: Loopback, newsroom: Newsroom) -> None:
    client = cached(newsroom)
    listening = Servers(client, client.services, frozenset({1}), client.voice)
    new = bot.world.add_guild("New", bot.world.owner)
    new.system_channel_id = bot.world.add_channel(new, "lobby").id
    await client.remove_cog("Servers")
    bot.world.invite_bot(new, BOT)
    known = await until(lambda: discord.utils.get(client.guilds, id=new.id))
    await listening.on_guild_join(known)
    assert there(bot, new) == []
