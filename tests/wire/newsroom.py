"""The whole bot on the stand-in: what a test of commands, controls or deliveries starts."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from bot.app.house import House, open_house
from bot.app.live import Live, open_live, run
from bot.cli.explaining import explain
from bot.clock import Clock
from bot.loopback import Loopback
from bot.settings import Settings
from tests.fakes.waiting import PATIENCE_S, until
from tests.wire.clients import knows_its_servers


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A running bot and the Discord it talks to."""

    loopback: Loopback
    house: House
    live: Live


@contextlib.asynccontextmanager
async def newsroom(
    folder: Path, loopback: Loopback, clock: Clock, settings: Settings | None = None
) -> AsyncIterator[Newsroom]:
    """Start the bot on a stand-in with its data in `folder`; it is ready, and its commands are synced."""
    stop = asyncio.Event()
    chosen = settings or Settings(data=folder)
    async with open_house(chosen, clock) as house, open_live(house, explain, loopback.connector()) as live:
        running = asyncio.create_task(run(live, "a-token-for-the-stand-in", stop))
        ready = asyncio.create_task(_until_ready(live, loopback))
        try:
            await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE_S)
            if running.done():
                running.result()
            assert ready.done(), "the bot did not get ready"
            yield Newsroom(loopback, house, live)
        finally:
            ready.cancel()
            stop.set()
            await running


async def _until_ready(live: Live, loopback: Loopback) -> None:
    await live.client.knows_commands.wait()
    await live.client.wait_until_ready()
    await until(lambda: knows_its_servers(live.client, loopback))  # on a busy machine it is ready before they are here
