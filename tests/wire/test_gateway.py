"""The gateway keeps Discord's rules of intents, shards, sessions and closing codes."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import aiohttp
import discord
import pytest

from bot.clock import SimulatedClock, SystemClock
from bot.loopback import Loopback, crowd, try_out
from bot.loopback.judge import Draft
from bot.loopback.messages import Extra
from bot.loopback.permissions import Overwrite, Permission
from tests.fakes.waiting import PATIENCE_S
from tests.wire.clients import running

Json = dict[str, Any]
GUILDS, MEMBERS, MESSAGES, CONTENT, DIRECT = 1, 1 << 1, 1 << 9, 1 << 15, 1 << 12


class Line:
    """A raw gateway client."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self._inflate = zlib.decompressobj() if compressed else None

    async def read(self) -> Json:
        async with asyncio.timeout(PATIENCE_S):
            message = await self.socket.receive()
        if message.type is aiohttp.WSMsgType.CLOSE or message.type in (
            aiohttp.WSMsgType.CLOSED,
            aiohttp.WSMsgType.CLOSING,
        ):
            return {"closed": self.socket.close_code}
        data = self._inflate.decompress(message.data).decode() if self._inflate else message.data
        loaded: Json = json.loads(data)
        return loaded

    async def until(self, event: str) -> Json:
        while (message := await self.read())["t"] != event:
            pass
        return message

    async def send(self, op: int, data: Any = None) -> None:
        await self.socket.send_json({"op": op, "d": data})

    async def identify(self, intents: int, **about: Any) -> Json:
        await self.send(2, {"token": "a-token", "intents": intents, **about})
        return await self.read()

    async def events(self) -> list[str]:
        """List the events so far: what stands before the answer to a heartbeat."""
        await self.send(1)
        found = []
        while (message := await self.read())["op"] != 11:
            found.append(message["t"])
        return found


Connect = Callable[..., Awaitable[Line]]


@pytest.fixture
async def connect(loopback: Loopback) -> AsyncIterator[Connect]:
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=loopback.connector()))

        async def dial(query: str = "v=10&encoding=json") -> Line:
            url = f"wss://gateway.discord.gg/?{query}"
            socket = await stack.enter_async_context(session.ws_connect(url))
            line = Line(socket, compressed="zlib" in query)
            assert (await line.read())["op"] == 10
            return line

        yield dial


async def test_ready_names_the_guilds_and_each_is_opened_after_it(connect: Connect, loopback: Loopback) -> None:
    line = await connect()
    ready = await line.identify(GUILDS)
    assert [guild["unavailable"] for guild in ready["d"]["guilds"]] == [True]
    opened = await line.read()
    assert (opened["t"], opened["d"]["name"], opened["s"]) == ("GUILD_CREATE", "Try-out", 2)
    assert [member["user"]["username"] for member in opened["d"]["members"]] == ["Dateline"]


async def test_a_compressed_stream_says_the_same(connect: Connect) -> None:
    line = await connect("v=10&encoding=json&compress=zlib-stream")
    assert (await line.identify(GUILDS))["t"] == "READY"


async def test_a_heartbeat_is_acknowledged(connect: Connect) -> None:
    line = await connect()
    await line.send(1)
    assert (await line.read())["op"] == 11


async def test_events_come_by_intent(connect: Connect, loopback: Loopback) -> None:
    quiet, curious = await connect(), await connect()
    await quiet.identify(GUILDS)
    await curious.identify(GUILDS | MESSAGES | DIRECT)
    await quiet.events()
    await curious.events()
    world = loopback.world
    (guild,) = world.guilds.values()
    loopback.people.say("member", "#general", "Hello")
    loopback.people.say("member", "dm", "Hello")
    world.messages.create(
        world.channel("general"), world.bot, Draft(content="x"), Extra(only_for=world.person("member").id)
    )
    world.add_role(guild, "Readers")
    world.add_member(guild, world.owner)
    world.set_roles(guild, world.bot, world.bot_role(guild))
    assert await quiet.events() == ["GUILD_ROLE_CREATE", "GUILD_MEMBER_UPDATE"]
    told = ["MESSAGE_CREATE", "MESSAGE_CREATE", "GUILD_ROLE_CREATE", "GUILD_MEMBER_UPDATE"]
    assert await curious.events() == told


async def test_what_others_write_is_blank_without_the_content_intent(connect: Connect, loopback: Loopback) -> None:
    line = await connect()
    await line.identify(GUILDS | MESSAGES)
    loopback.people.say("member", "#general", "Hello")
    assert (await line.until("MESSAGE_CREATE"))["d"]["content"] == ""
    loopback.world.messages.create(loopback.world.channel("general"), loopback.world.bot, Draft(content="Mine"))
    assert (await line.until("MESSAGE_CREATE"))["d"]["content"] == "Mine"


async def test_messages_in_hidden_channels_are_not_told(connect: Connect, loopback: Loopback) -> None:
    line = await connect()
    await line.identify(GUILDS | MESSAGES)
    (guild,) = loopback.world.guilds.values()
    news = loopback.world.channel("news")
    loopback.world.set_overwrite(news, Overwrite(loopback.world.bot_role(guild).id, deny=Permission.VIEW_CHANNEL))
    loopback.people.say("admin", "#news", "Hello")
    assert "MESSAGE_CREATE" not in await line.events()


async def test_privileged_intents_have_to_be_granted(connect: Connect) -> None:
    assert await (await connect()).identify(GUILDS | MEMBERS) == {"closed": 4014}


async def test_granted_intents_open_a_guild_with_all_members() -> None:
    clock = SystemClock()
    async with (
        await Loopback.start(clock, granted_intents=MEMBERS) as loopback,
        aiohttp.ClientSession(connector=loopback.connector()) as session,
        session.ws_connect("wss://gateway.discord.gg/") as socket,
    ):
        line = Line(socket, compressed=False)
        await line.read()
        await line.identify(GUILDS | MEMBERS)
        opened = await line.until("GUILD_CREATE")
        assert len(opened["d"]["members"]) == 4
        await line.send(8, {"guild_id": opened["d"]["id"], "user_ids": [opened["d"]["owner_id"]], "nonce": "n"})
        chunk = await line.until("GUILD_MEMBERS_CHUNK")
        assert [member["user"]["username"] for member in chunk["d"]["members"]] == ["admin"]
        await line.send(8, {"guild_id": "1"})
        assert await line.events() == []


async def test_a_wrong_token_closes_the_line() -> None:
    async with (
        await Loopback.start(SystemClock(), token="another") as loopback,
        aiohttp.ClientSession(connector=loopback.connector()) as session,
        session.ws_connect("wss://gateway.discord.gg/") as socket,
    ):
        line = Line(socket, compressed=False)
        await line.read()
        assert await line.identify(GUILDS) == {"closed": 4004}


async def test_each_shard_hears_of_its_own_guilds_and_direct_messages_go_to_the_first(
    connect: Connect, loopback: Loopback
) -> None:
    crowd(loopback.world, 9)
    lines = [await connect(), await connect()]
    ready = [await line.identify(GUILDS | DIRECT, shard=[number, 2]) for number, line in enumerate(lines)]
    named = [guild["id"] for message in ready for guild in message["d"]["guilds"]]
    assert len(named) == len(set(named)) == 10
    for line in lines:
        await line.events()
    loopback.people.say("member", "dm", "Hello")
    assert [await line.events() for line in lines] == [["MESSAGE_CREATE"], []]


async def test_a_resumed_session_hears_what_it_missed(connect: Connect, loopback: Loopback) -> None:
    line = await connect()
    ready = await line.identify(GUILDS)
    await line.events()
    loopback.gateway.drop()
    assert not loopback.gateway.is_connected
    (guild,) = loopback.world.guilds.values()
    loopback.world.add_role(guild, "Missed")
    again = await connect()
    await again.send(6, {"token": "a-token", "session_id": ready["d"]["session_id"], "seq": 2})
    assert [(await again.read())["t"] for _ in range(2)] == ["GUILD_ROLE_CREATE", "RESUMED"]


REFUSED_RESUMES = {"an unknown session": ("nothing", 1), "events that never were": (None, 99)}


@pytest.mark.parametrize(("session", "seq"), REFUSED_RESUMES.values(), ids=REFUSED_RESUMES)
async def test_a_session_is_invalid_after(connect: Connect, session: str | None, seq: int) -> None:
    ready = await (await connect()).identify(GUILDS)
    again = await connect()
    await again.send(6, {"token": "a-token", "session_id": session or ready["d"]["session_id"], "seq": seq})
    assert await again.read() == {"op": 9, "d": False, "s": None, "t": None}


async def test_discord_may_ask_to_reconnect_invalidate_or_close(connect: Connect, loopback: Loopback) -> None:
    line = await connect()
    await line.identify(GUILDS)
    await line.events()
    loopback.gateway.ask_reconnect()
    assert (await line.read())["op"] == 7
    loopback.gateway.invalidate(resumable=True)
    assert (await line.read())["d"] is True
    loopback.gateway.invalidate()
    assert (await line.read())["d"] is False
    assert loopback.gateway.sessions == {}
    await loopback.gateway.close_all(4000)
    assert await line.read() == {"closed": 4000}


async def test_nobody_hears_an_interaction_when_no_bot_is_there(loopback: Loopback) -> None:
    assert not loopback.gateway.interact({}, None)


class Plain(discord.Client):
    """A client with nothing of its own."""

    def __init__(self, connector: aiohttp.BaseConnector) -> None:
        super().__init__(intents=discord.Intents(guilds=True), connector=connector)
        self.left = asyncio.Event()
        self.connects: asyncio.Queue[None] = asyncio.Queue()

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        self.left.set()

    async def on_connect(self) -> None:
        self.connects.put_nowait(None)


@pytest.mark.slow  # the client spaces identifies by five seconds
async def test_the_client_identifies_anew_after_an_invalid_session(loopback: Loopback) -> None:
    client = Plain(loopback.connector())
    async with running(client, loopback):
        loopback.gateway.invalidate()
        async with asyncio.timeout(PATIENCE_S):
            for _ in range(2):
                await client.connects.get()
        assert loopback.gateway.identifies == 2


async def test_a_server_that_removes_the_bot_is_gone_for_the_client(loopback: Loopback) -> None:
    client = Plain(loopback.connector())
    async with running(client, loopback):
        (guild,) = loopback.world.guilds.values()
        loopback.world.remove_bot(guild)
        async with asyncio.timeout(PATIENCE_S):
            await client.left.wait()
        assert list(client.guilds) == []


async def test_the_client_may_come_over_a_local_port_too() -> None:
    clock = SystemClock()
    async with await Loopback.start(clock, try_out(clock), tcp=True) as loopback:
        client = Plain(loopback.tcp_connector())
        async with running(client, loopback):
            assert [guild.name for guild in client.guilds] == ["Try-out"]


async def test_a_stand_in_without_a_port_or_a_start_has_no_connector() -> None:
    clock = SystemClock()
    idle = Loopback(clock, try_out(clock))
    for connector in (idle.connector, idle.tcp_connector):
        with pytest.raises(RuntimeError):
            connector()
    await idle.close()


async def test_the_handshake_carries_the_stand_ins_time_and_not_the_machines() -> None:
    clock = SimulatedClock(datetime(2031, 5, 6, 7, 8, 9, tzinfo=UTC))
    async with (
        await Loopback.start(clock) as loopback,
        aiohttp.ClientSession(connector=loopback.connector()) as session,
        session.ws_connect("https://gateway.discord.gg/?v=10&encoding=json") as socket,
    ):
        assert socket._response.headers["Date"] == "Tue, 06 May 2031 07:08:09 GMT"
