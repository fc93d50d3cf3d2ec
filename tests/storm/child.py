"""The bot's delivery part as a process of its own: real client, real store, real time; its life is short.

python -m tests.storm.child --socket PATH --db PATH [--skew SECONDS] [--shared] [--rate R]
"""

import argparse
import asyncio
import logging
import random
import signal
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import discord

from bot.client.access import Access
from bot.client.connection import log_in, stay_connected
from bot.clock import SystemClock
from bot.deliver.clockguard import ClockGuard
from bot.deliver.dresser import Dresser
from bot.deliver.history import History
from bot.deliver.outbox import Outbox
from bot.deliver.pace import Pace
from bot.deliver.senders import DiscordSender
from bot.deliver.supervisor import Supervisor
from bot.domain.deliveries import Composed, Delivery, Message, Notice, Part, Shown
from bot.domain.places import Schedule
from bot.errors import StoreError
from bot.store.database import Lock
from bot.store.store import Store

TOKEN = "storm-token-that-must-not-be-printed"


class SkewedClock(SystemClock):
    """A system clock that is set wrong."""

    def __init__(self, skew_s: float) -> None:
        self._skew = timedelta(seconds=skew_s)

    def now(self) -> datetime:
        return super().now() + self._skew


class MarkerHistory(History):
    """Finds a message again by its marker alone: Discord promises no nonce in histories."""

    def _is_part(self, message: dict[str, Any], part: Part, mark: str) -> bool:
        return super()._is_part({**message, "nonce": None}, part, mark)


async def compose(schedule: Schedule, delivery: Delivery, now: datetime) -> Composed:
    """Compose two parts, the first to be dressed."""
    name = f"{delivery.local_date} {delivery.slot} to {delivery.channel_id}"
    shown = (Shown(1, 1, "Headline", is_lead=True),)
    parts = delivery.schedule.id % 3 == 0
    return Composed(
        f"Briefing {name}",
        [{"type": 10, "content": f"## Briefing {name}"}],
        shown,
        more=(Message(f"Second part {name}"),) if parts else (),
    )


def say(notice: Notice) -> list[dict[str, Any]]:
    """Word a notice."""
    return [{"content": f"Notice: {notice.cause}"}]


async def live(given: argparse.Namespace) -> int:
    """Run until a signal ends it."""
    lock = Lock(given.db)
    if not given.shared:
        lock.acquire()
    clock, rng = SkewedClock(given.skew), random.Random()
    store = await Store.open(given.db)
    holder: list[DiscordSender] = []

    async def probe() -> None:
        await holder[0].ask_time()

    guard = ClockGuard(clock, probe)
    client = discord.AutoShardedClient(
        intents=discord.Intents(guilds=True), connector=aiohttp.UnixConnector(str(given.socket), limit=0),
        http_trace=guard.trace(), max_messages=None, member_cache_flags=discord.MemberCacheFlags.none(),
        chunk_guilds_at_startup=False, max_ratelimit_timeout=30,
    )  # fmt: skip
    sender = DiscordSender(client, Access(client), say, history=MarkerHistory)
    holder.append(sender)
    pace = Pace(clock, given.rate)
    outbox = Outbox(store, sender, compose, pace, guard.now, clock=clock, rng=rng)
    dresser = Dresser(store, sender, pace, clock=clock, rng=rng)
    supervisor = Supervisor(store, outbox, dresser, clock=clock, guard=guard, alone=not given.shared, tick_s=2.0)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await log_in(client, TOKEN, clock, rng)
    gateway = asyncio.create_task(stay_connected(client, clock, rng))
    running = asyncio.create_task(supervisor.run())
    await stopped.wait()
    await supervisor.stop()
    await running
    await client.close()
    gateway.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await gateway
    await store.close()
    lock.release()
    return 0


def main() -> int:
    """Parse and live; a store in use is said in one sentence, exit 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--skew", type=float, default=0.0)
    parser.add_argument("--rate", type=float, default=25.0)
    parser.add_argument("--shared", action="store_true", help="take no lock and leave others' leases alone")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("discord").setLevel(logging.WARNING)
    try:
        return asyncio.run(live(given))
    except StoreError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
