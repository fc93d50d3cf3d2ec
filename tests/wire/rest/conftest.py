"""Fixtures of the REST side: a clock that stands still, and a plain client."""

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.clock import SimulatedClock
from bot.loopback import Loopback
from bot.loopback.guilds import Channel
from tests.wire.rest.asking import NOW, Reply, Rest


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def rest(loopback: Loopback) -> AsyncIterator[Rest]:
    headers = {"Authorization": "Bot a-token"}
    async with aiohttp.ClientSession(connector=loopback.connector(), headers=headers) as session:

        async def send(method: str, path: str, body: Any = None, **about: Any) -> Reply:
            url = path if path.startswith("https") else f"https://discord.com/api/v10{path}"
            if body is not None:
                about["json"] = body
            async with session.request(method, url, **about) as response:
                raw = await response.read()
                is_json = response.headers.get("Content-Type") == "application/json"
                return Reply(response.status, json.loads(raw) if is_json else raw, dict(response.headers))

        yield send


@pytest.fixture
def news(loopback: Loopback) -> Channel:
    return loopback.world.channel("news")
