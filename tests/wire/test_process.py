"""The stand-in as a process of its own: driven over its control socket, journalled, and never left running."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from bot.loopback import CannotDoError
from bot.loopback.connect import unix_connector
from bot.loopback.control import ask
from bot.loopback.permissions import Permission
from bot.loopback.traffic import CREATE
from tests.fakes.waiting import until

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def process(folder: Path, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot.loopback", "--socket", str(folder / "s"), "--control", str(folder / "c"), "--life", "60", *words),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert child.stdout is not None
        assert await child.stdout.readline() == b"ready\n"
        yield child
    finally:
        if child.returncode is None:
            child.terminate()
        await child.wait()


async def post(folder: Path, channel: str, body: dict[str, Any], token: str = "t") -> int:  # noqa: S107 - any will do
    headers = {"Authorization": f"Bot {token}"}
    async with (
        aiohttp.ClientSession(connector=unix_connector(folder / "s"), headers=headers) as session,
        session.post(f"https://discord.com/api/v10/channels/{channel}/messages", json=body) as response,
    ):
        return response.status


async def channels(folder: Path) -> dict[str, str]:
    world: Any = await ask(folder / "c", "world")
    return {channel["name"]: channel["id"] for channel in world["channels"]}


async def test_it_is_asked_and_told_over_the_control_socket(tmp_path: Path) -> None:
    control = tmp_path / "c"
    async with process(tmp_path, "--guilds", "2", "--journal", str(tmp_path / "j"), "--token", "t") as child:
        places = await channels(tmp_path)
        assert await post(tmp_path, places["news"], {"content": "x", "nonce": "n"}) == 200
        assert await post(tmp_path, places["news"], {"content": "x"}, token="wrong") == 401
        await ask(control, "fault", kind="status", route=CREATE, status=503)
        assert await post(tmp_path, places["news"], {"content": "x"}) == 503
        await ask(control, "overwrite", channel=places["general"], deny=int(Permission.SEND_MESSAGES))
        assert await post(tmp_path, places["general"], {"content": "x"}) == 403
        await ask(control, "remove_channel", channel=places["general"])
        assert await post(tmp_path, places["general"], {"content": "x"}) == 404
        await ask(control, "down", status=500)
        assert await post(tmp_path, places["news"], {"content": "x"}) == 500
        await ask(control, "up")
        for do, about in (("skew", {"seconds": 600}), ("nonce_window", {"seconds": 5}), ("drop", {}), ("clear", {})):
            assert await ask(control, do, **about) is None
        messages: Any = await ask(control, "messages", channel=places["news"])
        assert [message["content"] for message in messages] == ["x"]
        stats: Any = await ask(control, "stats")
        assert stats["invalid"] == 2
        assert stats["statuses"] == {"200": 1, "401": 1, "503": 1, "403": 1, "404": 1, "500": 1}
        await ask(control, "stop")
        assert await child.wait() == 0
    (line,) = [json.loads(text) for text in (tmp_path / "j").read_text().splitlines()]
    assert (line["do"], line["nonce"], line["content"], line["v2"]) == ("create", "n", "x", False)


WRONG = {"an unknown deed": "nothing", "a fault without kind": "fault", "a channel that is not named": "remove_channel"}


async def test_what_it_does_not_understand_is_answered_with_an_error(tmp_path: Path) -> None:
    async with process(tmp_path):
        for do in WRONG.values():
            with pytest.raises(CannotDoError):
                await ask(tmp_path / "c", do)


async def test_a_storm_and_rates_can_be_set_from_the_start(tmp_path: Path) -> None:
    async with process(tmp_path, "--storm", "0.0001", "--seed", "3", "--rate", "1", "--nonce-window", "9", "--down"):
        control = tmp_path / "c"
        news = (await channels(tmp_path))["news"]
        assert await post(tmp_path, news, {"content": "x"}) == 503
        await ask(control, "clear")
        await ask(control, "storm", seed=3, rate=0.0)
        statuses = [await post(tmp_path, news, {"content": "x"}) for _ in range(3)]
        assert 429 in statuses


class Echo(discord.Client):
    """A client that answers one command."""

    def __init__(self, connector: aiohttp.BaseConnector) -> None:
        super().__init__(intents=discord.Intents(guilds=True), connector=connector)
        self.tree = discord.app_commands.CommandTree(self)

        @self.tree.command(description="Answer")
        async def echo(interaction: discord.Interaction, words: str) -> None:
            await interaction.response.send_message(words)

    async def setup_hook(self) -> None:
        await self.tree.sync()


async def test_people_act_through_the_control_socket(tmp_path: Path) -> None:
    async with process(tmp_path, "--journal", str(tmp_path / "j")):
        client = Echo(unix_connector(tmp_path / "s"))
        task = asyncio.create_task(client.start("t"))
        await until(lambda: _connected(tmp_path))
        about = {"who": "member", "where": "#general", "command": "echo", "options": {"words": "Hello"}}
        exchange: Any = await ask(tmp_path / "c", "invoke", **about)
        assert (exchange["error"], exchange["responses"][0]["data"]["content"]) == (None, "Hello")
        await client.close()
        await task


async def _connected(folder: Path) -> bool:
    stats: Any = await ask(folder / "c", "stats")
    return bool(stats["connected"])


async def test_it_ends_by_itself_and_by_a_signal(tmp_path: Path) -> None:
    async with process(tmp_path, "--life", "0.05") as child:
        assert await child.wait() == 0
    async with process(tmp_path) as child:
        child.terminate()
        assert await child.wait() == 0
