"""Fixtures for whatever speaks to Discord: a started stand-in, and any discord.py client on it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import discord
import pytest

from bot.clock import Clock, SimulatedClock, SystemClock
from bot.loopback import Loopback
from tests.wire import contract
from tests.wire.clients import be_patient, running

Start = Callable[[discord.Client], Awaitable[None]]


@pytest.fixture
def clock() -> Clock:
    """Give the system's clock; a test module that moves time overrides this."""
    return SystemClock()


@pytest.fixture
async def loopback(clock: Clock) -> AsyncIterator[Loopback]:
    """Give a started stand-in with the try-out world."""
    async with await Loopback.start(clock) as started:
        if not isinstance(clock, SimulatedClock):
            be_patient(started)
        yield started


@pytest.fixture
async def start(loopback: Loopback) -> AsyncIterator[Start]:
    """Start any client made with `connector=loopback.connector()`; it is closed before the stand-in."""
    async with AsyncExitStack() as stack:

        async def begin(client: discord.Client) -> None:
            await stack.enter_async_context(running(client, loopback))

        yield begin


@pytest.fixture(autouse=True)
def discord_contract(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hold every request the stand-in took to Discord's own description."""
    loaded = contract.load()
    if loaded is None or "loopback" not in request.fixturenames:
        yield
        return
    stand_in: Loopback = request.getfixturevalue("loopback")
    yield
    assert loaded.violations(stand_in.traffic.requests) == []
