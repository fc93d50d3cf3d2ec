"""How fast `check` is with 1,000 places, and how fast `/health` answers while members are busy."""

import asyncio
import socket
import tempfile
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from pathlib import Path

import aiohttp

from bot.app.check import check
from bot.app.findings import Level
from bot.clock import SystemClock
from bot.domain.answers import SettingChange
from bot.domain.places import PlaceKind, Schedule, TargetKind
from bot.loopback import Loopback, World, crowd
from bot.loopback.guilds import Channel, Guild
from bot.settings import Secret, Settings
from bot.store.store import Store
from tests.bench.store import line, timed
from tests.wire.newsroom import newsroom

PLACES = 1_000
ASKED = 400
BUSY = 10
_CLOCK = SystemClock()


def run() -> list[str]:
    """Measure both; give the lines to print."""
    with tempfile.TemporaryDirectory() as folder:
        return [*asyncio.run(_check(Path(folder))), *asyncio.run(_health(Path(folder) / "health"))]


async def _check(folder: Path) -> list[str]:
    settings = Settings(data=folder, token=Secret("a-token-for-the-stand-in"), fetch="off")
    world = World(_CLOCK)
    await _set_up(settings, crowd(world, PLACES))
    took = []
    async with await Loopback.start(_CLOCK, world) as loopback:
        for _ in range(3):
            start = _CLOCK.monotonic()
            report = await check(settings, _CLOCK, connector=loopback.connector())
            took.append(_CLOCK.monotonic() - start)
    wrong = [one.text for one in report.findings if one.level in {Level.WARNING, Level.PROBLEM}]
    return [
        f"check with {PLACES:,} places, no bot running{'':<9} best {min(took):.2f}  worst {max(took):.2f} s  bar: ≤ 3",
        *wrong,
    ]


async def _set_up(settings: Settings, places: list[tuple[Guild, Channel]]) -> None:
    now = _CLOCK.now()
    due = now + timedelta(hours=5)
    async with await Store.open(settings.database) as store:
        for guild, channel in places:
            place = await store.places.ensure(PlaceKind.SERVER, guild.id, now)
            schedule = Schedule(
                id=0, key=guild.id.to_bytes(8, "big"), place=place, channel_id=channel.id, target=TargetKind.CHANNEL,
                local_time=time(8), zone="Europe/Berlin", next_due=due, next_date=due.date(),
            )  # fmt: skip
            await store.schedules.add(schedule, SettingChange(now, "turned-on", 1))


async def _health(folder: Path) -> list[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    settings = replace(Settings(data=folder, fetch="off"), metrics_port=port)
    async with (
        await Loopback.start(_CLOCK) as loopback,
        newsroom(folder, loopback, _CLOCK, settings),
        aiohttp.ClientSession() as session,
    ):
        members = [asyncio.create_task(_busy(loopback)) for _ in range(BUSY)]
        times = [await timed(partial(_ask, session, f"http://127.0.0.1:{port}/health")) for _ in range(ASKED)]
        for member in members:
            member.cancel()
        served = len(loopback.traffic.requests)
        await asyncio.gather(*members, return_exceptions=True)
    return [
        line(f"/health, {BUSY} members typing without a pause", times, f"bar: p99 ≤ 20 ({served:,} requests served)")
    ]


async def _busy(loopback: Loopback) -> None:
    while True:
        await loopback.people.invoke("member", "#general", "headlines")


async def _ask(session: aiohttp.ClientSession, url: str) -> None:
    async with session.get(url) as response:
        await response.read()
        assert response.status == 200
