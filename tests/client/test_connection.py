import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord
import pytest

from bot.client.connection import Backoff, log_in, stay_connected
from bot.clock import SimulatedClock
from bot.errors import SetupError

START = datetime(2026, 11, 22, 8, tzinfo=UTC)


class ScriptedClient:
    """Answers each login and each connect with the next line of its script: an error, or None for success."""

    def __init__(self, *script: BaseException | None) -> None:
        self.script = list(script)
        self.tried_at: list[float] = []
        self.clock = SimulatedClock(START)

    def is_closed(self) -> bool:
        return not self.script

    async def login(self, token: str) -> None:
        self._next()

    async def connect(self, *, reconnect: bool) -> None:
        self._next()

    def _next(self) -> None:
        self.tried_at.append(self.clock.monotonic())
        error = self.script.pop(0)
        if error is not None:
            raise error


def _closed(code: int) -> discord.ConnectionClosed:
    socket = SimpleNamespace(close_code=code)
    return discord.ConnectionClosed(cast("Any", socket), shard_id=None, code=code)


def _unavailable() -> discord.DiscordServerError:
    response = SimpleNamespace(status=503, reason="Service Unavailable")
    return discord.DiscordServerError(cast("Any", response), "down")


async def _run(work: Callable[[], Awaitable[None]], clock: SimulatedClock) -> None:
    task = asyncio.ensure_future(work())
    for _ in range(12):
        await clock.advance(60)
    await task


async def test_login_waits_out_an_outage_with_growing_pauses() -> None:
    client = ScriptedClient(ConnectionResetError(), aiohttp.ClientConnectionError(), _unavailable(), None)
    await _run(lambda: log_in(cast("Any", client), "token", client.clock, random.Random(1)), client.clock)
    waits = [later - earlier for earlier, later in zip(client.tried_at, client.tried_at[1:], strict=False)]
    assert len(waits) == 3
    assert all(0.5 * 2**n <= wait <= 2**n for n, wait in enumerate(waits))


async def test_a_wrong_token_ends_at_once_with_one_sentence_and_exit_code_78() -> None:
    client = ScriptedClient(discord.LoginFailure("Improper token has been passed."))
    with pytest.raises(SetupError, match="does not accept the token") as caught:
        await log_in(cast("Any", client), "token", client.clock, random.Random(1))
    assert caught.value.exit_code == 78


@pytest.mark.parametrize(
    "error",
    [AttributeError("ws"), ConnectionResetError(), discord.GatewayNotFound(), TimeoutError()],  # type: ignore[no-untyped-call]
    ids=["discord.py#10520", "reset", "no gateway", "time-out"],
)
async def test_a_failed_connect_is_tried_again(error: Exception) -> None:
    client = ScriptedClient(error, None)
    await _run(lambda: stay_connected(cast("Any", client), client.clock, random.Random(1)), client.clock)
    assert len(client.tried_at) == 2


@pytest.mark.parametrize("code", [4004, 4010, 4011, 4012, 4013, 4099])
async def test_a_close_that_trying_again_cannot_mend_is_explained(code: int) -> None:
    client = ScriptedClient(_closed(code), None)
    with pytest.raises(SetupError):
        await stay_connected(cast("Any", client), client.clock, random.Random(1))


async def test_refused_intents_are_explained() -> None:
    client = ScriptedClient(discord.PrivilegedIntentsRequired(None), None)
    with pytest.raises(SetupError, match="intents"):
        await stay_connected(cast("Any", client), client.clock, random.Random(1))


def test_waits_grow_to_a_minute_and_begin_anew_after_a_success() -> None:
    backoff = Backoff(random.Random(1))
    waits = [backoff.next() for _ in range(10)]
    assert max(waits) <= 60
    assert min(waits[-2:]) >= 30
    backoff.reset()
    assert backoff.next() <= 1
