"""The end of a run: whatever Discord's connection does in that moment."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from bot.app.live import _end


class Gateway:
    """A client whose connect loop loses one cancel, as discord.py's does when the connection breaks meanwhile."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self.flushed = False
        self.services = SimpleNamespace(recall=self)

    async def connect(self) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await self.closed.wait()

    def is_closed(self) -> bool:
        return self.closed.is_set()

    async def close(self) -> None:
        self.closed.set()

    async def flush(self) -> None:
        self.flushed = True


async def test_a_gateway_that_lost_its_cancel_ends_with_the_client() -> None:
    client = Gateway()
    gateway = asyncio.create_task(client.connect())
    await asyncio.sleep(0)  # noqa: TID251 - a bare yield: it has begun
    async with asyncio.timeout(20):
        await _end([gateway], cast("Any", client))
    assert gateway.done()
    assert client.flushed
