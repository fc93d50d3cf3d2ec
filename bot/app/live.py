"""The live bot: the house, the desks, the client, and what runs beside them until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import random
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord

from bot.app import alerts, delivery, desks, endpoint, threads, trimming
from bot.app.control import serve, socket_path
from bot.app.health import Pulse
from bot.app.house import House, furnish
from bot.app.live_requests import live_requests
from bot.app.maintenance import Maintenance
from bot.app.requests import requests_of
from bot.app.telling import tell_managers
from bot.client.access import Access
from bot.client.client import Client
from bot.client.connection import log_in, stay_connected
from bot.client.sync import invite_link
from bot.deliver.alerts import AlertSender
from bot.deliver.clockguard import ClockGuard
from bot.deliver.pace import Pace
from bot.deliver.senders import DiscordSender
from bot.deliver.supervisor import Supervisor
from bot.errors import DatelineError, SourceError, StoreError

log = logging.getLogger(__name__)

_SCAN_EVERY_S = 30.0
_SYNC_AGAIN_S = 60.0
_END_S = 2.0
_SWITCH_S = 0.001  # the loop waits so long for a thread that reads or ranks, not Python's 5 ms each time


@dataclass(frozen=True, slots=True)
class Live:
    """A bot that is put together but not started."""

    house: House
    client: Client
    supervisor: Supervisor
    alerts: AlertSender
    explain: Callable[[DatelineError], tuple[str, int]]


class _Watch:
    """Passes on to the supervisor, which is made after the desks that ask for it."""

    supervisor: Supervisor

    def wake(self) -> None:
        self.supervisor.wake()

    async def check_place(self, place_id: int) -> None:
        await self.supervisor.check_place(place_id)

    async def check_troubled(self) -> None:
        await self.supervisor.check_troubled()


@contextlib.asynccontextmanager
async def open_live(
    house: House, explain: Callable[[DatelineError], tuple[str, int]], connector: aiohttp.BaseConnector | None = None
) -> AsyncIterator[Live]:
    """Put the bot together; `connector` is the one seam through which the stand-in takes Discord's place."""
    # Each of these needs the others: the lambda and the watch look them up once all are there.
    guard = ClockGuard(house.clock, lambda: sender.ask_time())  # noqa: PLW0108
    served = frozenset(house.settings.servers)
    client = Client(clock=house.clock, served=served, connector=connector, http_trace=guard.trace())
    access = Access(client)
    sender = DiscordSender(client, access, lambda notice: delivery.tell(notice, client.voice(notice.place.locale)))
    watch = _Watch()
    client.services = desks.build(house, access, watch)
    composer = delivery.Composer(house, client.services.briefings, client.voice)
    prefetch = delivery.prefetcher(house.outside.texts, client.services.briefings, house.clock)
    pace = Pace(house.clock, house.settings.sends_per_second)
    supervisor = watch.supervisor = delivery.build(house, sender, composer, guard, prefetch, pace)
    alerting = alerts.build(house, sender, client.services.alerting, pace, client.voice)
    try:
        yield Live(house, client, supervisor, alerting, explain)
    finally:
        await _close(client)


async def run(live: Live, token: str, stop: asyncio.Event) -> None:
    """Run until `stop` is set, then end everything in order.

    Raises:
        SetupError: Discord refuses the token or the connection.
    """
    house, client, rng = live.house, live.client, random.Random()
    sys.setswitchinterval(_SWITCH_S)
    threads.start()
    await furnish(house)
    await house.pipeline.load()
    pulse = Pulse(client, house.store, house.clock)
    answers = requests_of(house) | live_requests(house, client, live.supervisor, pulse)
    async with (
        serve(socket_path(house.settings.database), answers, live.explain),
        endpoint.serve(house.settings.metrics_port, pulse, house.store, house.clock),
    ):
        work: list[asyncio.Task[Any]] = [
            asyncio.create_task(_connect(live, token, rng), name="gateway"),
            asyncio.create_task(client.services.recall.run(), name="recall"),
            asyncio.create_task(_watch_documents(house), name="documents"),
            asyncio.create_task(_deliver(live), name="delivery"),
            asyncio.create_task(_alert(live), name="alerts"),
            asyncio.create_task(tell_managers(house, client), name="notices"),
            asyncio.create_task(_settle_memory(house, client), name="memory"),
            asyncio.create_task(pulse.run(), name="pulse"),
            asyncio.create_task(Maintenance(house.store, house.settings, house.clock).run(), name="maintenance"),
        ]
        if house.settings.fetch == "on":
            work.append(asyncio.create_task(house.outside.refresher.run(), name="feeds"))
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            await _first_failure([*work, stopping])
        finally:
            if client.is_ready():
                await live.supervisor.stop()
            await _end([*work, stopping], client)


async def _connect(live: Live, token: str, rng: random.Random) -> None:
    client, clock = live.client, live.house.clock
    await log_in(client, token, clock, rng)
    if client.application_id is not None:
        log.info("Logged in", extra={"invite": invite_link(client.application_id)})
    syncing = asyncio.create_task(_sync(live), name="sync")
    try:
        await stay_connected(client, clock, rng)
    finally:
        syncing.cancel()


async def _sync(live: Live) -> None:
    """Send the commands to Discord if they changed; an outage delays them and nothing else."""
    while True:
        try:
            await live.client.sync_commands(live.house.store.notes)
        except (OSError, aiohttp.ClientError, discord.HTTPException, StoreError) as error:
            log.warning("Commands could not be sent yet", extra={"why": repr(error)})
            await live.house.clock.sleep(_SYNC_AGAIN_S)
        else:
            return


async def _deliver(live: Live) -> None:
    """Deliver once the servers are known: what may be posted where is read from the cache."""
    await live.client.wait_until_ready()
    await live.supervisor.run()


async def _alert(live: Live) -> None:
    """Send alerts once the bot is connected."""
    await live.client.wait_until_ready()
    await live.alerts.run()


async def _watch_documents(house: House) -> None:
    """Import what changes in documents/, for as long as the bot runs."""
    while True:
        try:
            scan = await house.documents.scan(house.settings.documents)
        except (OSError, SourceError, StoreError) as error:
            log.warning("documents/ could not be read", extra={"why": repr(error)})
        else:
            for name, imported in scan.imported:
                log.info("Document imported", extra={"file": name, "new": len(imported.report.new)})
            for name, reason in scan.refused:
                log.warning("Document refused", extra={"file": name, "why": reason})
        await house.clock.sleep(_SCAN_EVERY_S)


async def _settle_memory(house: House, client: Client) -> None:
    """Take what start-up made out of the collector's way, whose pauses grow with servers; trim."""
    await client.wait_until_ready()
    gc.collect()
    gc.freeze()
    log.info("Ready", extra={"servers": len(client.guilds)})
    await trimming.keep_trim(house.clock)


async def _first_failure(tasks: list[asyncio.Task[Any]]) -> None:
    waiting = set(tasks)
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()  # raises what ended it
            if task.get_name() in {"stop", "gateway"}:
                return


async def _end(tasks: list[asyncio.Task[Any]], client: Client) -> None:
    """End the work and the connection.

    Where a connection breaks in the moment of a cancel, discord.py's connect loop loses the cancel, and ends only
    when the client is closed; so closing does not wait for all tasks.
    """
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=_END_S)
    await _close(client)
    await asyncio.gather(*tasks, return_exceptions=True)
    with contextlib.suppress(StoreError):
        await client.services.recall.flush()


async def _close(client: Client) -> None:
    with contextlib.suppress(OSError, aiohttp.ClientError, AttributeError):  # AttributeError: it never began to log in
        if not client.is_closed():
            await client.close()
