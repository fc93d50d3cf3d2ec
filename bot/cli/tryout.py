"""Puts try mode together: the stand-in, the same bot on it, a temporary store, and a briefing already set up."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.app.house import open_house
from bot.app.live import Live, open_live, run
from bot.cli.explaining import explain
from bot.clock import AdjustableClock, SystemClock
from bot.domain.answers import SetupDraft
from bot.domain.places import Place, PlaceKind
from bot.loopback import Loopback
from bot.settings import Settings

_TOKEN = "the stand-in takes any token"  # noqa: S105 - and it is none
_READY_S = 30.0
_AT = time(8)
_IDLE_S = 5.0
_LOOK_S = 0.01


@dataclass(frozen=True, slots=True)
class Tryout:
    """Try mode, running: the bot is ready and its first briefing is posted or on its way."""

    loopback: Loopback
    live: Live
    clock: AdjustableClock
    zone: ZoneInfo

    async def idle(self) -> None:
        """Wait, a few seconds at most, until every briefing that is due has been posted and dressed."""
        store, deadline = self.live.house.store, SystemClock().monotonic() + _IDLE_S
        self.live.supervisor.wake()
        while SystemClock().monotonic() < deadline:
            now = self.clock.now()
            due = await store.schedules.next_due_at()
            is_busy = await store.deliveries.next_ready_at() is not None
            if not is_busy and (due is None or due > now) and not await store.ledger.undressed(now):
                return
            await SystemClock().sleep(_LOOK_S)


@contextlib.asynccontextmanager
async def open_tryout(
    zone: ZoneInfo,
    *,
    at: time = _AT,
    folder: Path | None = None,
    page: bool = False,
    begins: bool = True,
    clock: AdjustableClock | None = None,
) -> AsyncIterator[Tryout]:
    """Start everything; the store is a temporary one unless `folder` is given, and there is no network.

    With `begins` off nothing is posted before `begin` is called, by who wants to listen from the first message on.
    """
    clock = clock or AdjustableClock()
    async with contextlib.AsyncExitStack() as stack:
        data = folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dateline-try-")))
        loopback = await stack.enter_async_context(await Loopback.start(clock, tcp=page))
        house = await stack.enter_async_context(open_house(Settings(data=data, fetch="off"), clock))
        live = await stack.enter_async_context(open_live(house, explain, loopback.connector()))
        await stack.enter_async_context(_running(live))
        tryout = Tryout(loopback, live, clock, zone)
        if begins:
            await begin(tryout, at)
        yield tryout


@contextlib.asynccontextmanager
async def _running(live: Live) -> AsyncIterator[None]:
    stop = asyncio.Event()
    bot = asyncio.create_task(run(live, _TOKEN, stop))
    ready = asyncio.create_task(_until_ready(live))
    try:
        await asyncio.wait({bot, ready}, return_when=asyncio.FIRST_COMPLETED, timeout=_READY_S)
        if bot.done():
            bot.result()
        yield
    finally:
        ready.cancel()
        stop.set()
        await bot


async def _until_ready(live: Live) -> None:
    await live.client.knows_commands.wait()
    await live.client.wait_until_ready()


async def begin(tryout: Tryout, at: time) -> None:
    """Set up the daily briefing as a manager would, and post one now, so that there is something to see."""
    world, services = tryout.loopback.world, tryout.live.client.services
    people = tryout.loopback.people
    admin = people.user("admin")
    news = people.place("#news", admin)
    guild = next(iter(world.bot_guilds()))
    place = await _welcomed(tryout, guild.id)
    known = [one for one in (await services.scheduling.status(place)).schedules if one.schedule.channel_id == news.id]
    if not known:
        draft = SetupDraft(channel_id=news.id, local_time=at, zone=tryout.zone.key)
        schedule = await services.scheduling.turn_on(place, draft, admin.id)
        await services.scheduling.post_now(place, schedule.id, admin.id)


async def _welcomed(tryout: Tryout, server_id: int) -> Place:
    """Give the server's place once the bot has arrived there: who sets up before that changes what it finds."""
    places, deadline = tryout.live.client.services.places, SystemClock().monotonic() + _IDLE_S
    while True:
        place = await places.ensure(PlaceKind.SERVER, server_id, tryout.clock.now())
        if place.welcomed_at is not None or SystemClock().monotonic() > deadline:
            return place
        await SystemClock().sleep(_LOOK_S)


def until(now: datetime, at: time, zone: ZoneInfo) -> timedelta:
    """Give how long it is until the next local `at`, at least a second."""
    local = now.astimezone(zone)
    due = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    if due <= local:
        due = (local + timedelta(days=1)).replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return due.astimezone(now.tzinfo) - now + timedelta(seconds=1)
