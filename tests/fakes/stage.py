"""Try mode on a small scale: the stand-in, the small bot on it, and the page, with a clock that can be moved."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.clock import AdjustableClock
from bot.loopback import Loopback
from bot.loopback.guilds import Channel, User
from bot.loopback.messages import Message
from bot.loopback.page.server import Page
from tests.fakes.clocks import from_noon
from tests.fakes.pressbot import PressBot
from tests.fakes.waiting import PATIENCE_S
from tests.wire.clients import be_patient, running

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """All that runs."""

    clock: AdjustableClock
    loopback: Loopback
    bot: PressBot
    page: Page
    session: aiohttp.ClientSession

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.page.port}"

    def user(self, name: str) -> User:
        return self.loopback.people.user(name)

    def channel(self, name: str) -> Channel:
        return self.loopback.world.channel(name)

    async def act(self, name: str, who: str = "admin", where: str = "general", **body: Any) -> tuple[int, Json]:
        """Do an action as the page does it; give the status and what was told."""
        sent = {"as": str(self.user(who).id), "channel": str(self.channel(where).id)} | body
        return await self.post(f"act/{name}", sent)

    async def post(self, path: str, body: object) -> tuple[int, Json]:
        async with self.session.post(self.page.url + path, json=body, headers={"Origin": self.origin}) as response:
            told = await response.json() if response.content_type == "application/json" else {}
            return response.status, told

    def newest(self, who: str = "admin", where: str = "general") -> Message:
        """Give the newest message somebody sees."""
        return self.loopback.people.sees(who, where)[-1]

    @asynccontextmanager
    async def events(self) -> AsyncIterator[AsyncIterator[Json]]:
        """Listen to the event stream."""
        async with self.session.get(self.page.url + "events") as response:
            yield self._read(response)

    @staticmethod
    async def _read(response: aiohttp.ClientResponse) -> AsyncIterator[Json]:
        async for line in response.content:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])


async def until(events: AsyncIterator[Json], kind: str) -> Json:
    """Give the next event of a kind."""
    async with asyncio.timeout(PATIENCE_S):
        async for event in events:
            if event["kind"] == kind:
                return event
    raise AssertionError(f"the stream ended without {kind}")


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Start everything; the bot has posted nothing yet."""
    clock = from_noon()
    async with await Loopback.start(clock) as loopback, await Page.start(loopback, clock) as page:
        be_patient(loopback)
        bot = PressBot(loopback.connector(), clock)
        timeout = aiohttp.ClientTimeout(total=PATIENCE_S, sock_read=PATIENCE_S)
        reading = aiohttp.ClientSession(timeout=timeout, read_bufsize=2**22)
        async with running(bot, loopback), reading as session:
            yield Stage(clock, loopback, bot, page, session)
