"""The unmodified bot on the stand-in, with the reading desk on a real store."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.client.client import Client
from bot.domain.places import Place
from bot.loopback import Loopback
from bot.loopback.guilds import Guild
from tests.fakes.newsroom import Newsroom
from tests.wire.clients import running
from tests.wire.conftest import clock, discord_contract, loopback  # noqa: F401 - fixtures


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[Newsroom]:
    room = await Newsroom.open(tmp_path)
    yield room
    await room.store.close()


@pytest.fixture
async def bot(newsroom: Newsroom, loopback: Loopback) -> AsyncIterator[Loopback]:  # noqa: F811 - a fixture
    """Start the bot; give the stand-in, whose people act."""
    client = Client(clock=newsroom.clock, connector=loopback.connector())
    client.services = newsroom.services(client)
    for server in loopback.world.bot_guilds():  # known already: nobody is greeted in the middle of a test
        known = await newsroom.place(server.id)
        await newsroom.store.places.change(known.id, lambda old: replace(old, welcomed_at=newsroom.clock.now()))
    async with running(client, loopback):
        client.command_ids.update({command.name: command.id for command in await client.tree.sync()})
        yield loopback


@pytest.fixture
def guild(bot: Loopback) -> Guild:
    found = bot.world.guild_of(bot.world.channel("news"))
    assert found is not None
    return found


@pytest.fixture
async def place(newsroom: Newsroom, guild: Guild) -> Place:
    return await newsroom.place(guild.id)
