"""Everything delivery needs, wired to a simulated clock and a Discord in memory."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import SimulatedClock
from bot.deliver.clockguard import ClockGuard
from bot.deliver.dresser import Dresser
from bot.deliver.outbox import Outbox
from bot.deliver.pace import Pace
from bot.deliver.supervisor import Supervisor
from bot.domain.answers import DeliveryRecord
from bot.domain.deliveries import Composed, Delivery, Nothing
from bot.domain.places import Schedule
from bot.store.store import Store
from tests.fakes.discord import FakeDiscord, correction_body
from tests.fakes.ledgers import SHOWN, add_schedule

HOUR = 3600.0
TO_DUE = 20 * 60.0  # a rig starts twenty minutes before

Made = Composed | Nothing | Exception


@dataclass
class FakeEditor:
    """Composes what a test says: a text by default."""

    made: list[Delivery] = field(default_factory=list)
    gives: Made = field(default_factory=lambda: Composed("Lead headline", [{"type": 10, "content": "Lead"}], SHOWN))

    async def compose(self, schedule: Schedule, delivery: Delivery, now: datetime) -> Composed | Nothing:
        self.made.append(delivery)
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


@dataclass
class Rig:
    """One run of the bot's delivery part."""

    store: Store
    clock: SimulatedClock
    discord: FakeDiscord
    editor: FakeEditor
    guard: ClockGuard
    pace: Pace
    outbox: Outbox
    supervisor: Supervisor
    task: asyncio.Task[None] | None = None

    async def pass_time(self, seconds: float) -> None:
        """Let simulated time pass."""
        await self.clock.advance(seconds)

    async def pass_until(self, done: Callable[[], Awaitable[bool]], most_s: float = 3600) -> None:
        """Let time pass until something is so."""
        end = self.clock.monotonic() + most_s
        while not await done():
            assert self.clock.monotonic() < end, "it did not come"
            await self.pass_time(1)


def build(
    store: Store,
    clock: SimulatedClock,
    discord: FakeDiscord,
    *,
    editor: FakeEditor | None = None,
    prefetch: Callable[[Sequence[Schedule]], Awaitable[None]] | None = None,
    seed: int = 7,
    tick_s: float = 30.0,
    look_s: float = 60.0,
    rate: float = 25.0,
) -> Rig:
    """Wire a run; it does nothing before its supervisor runs."""
    editor = editor or FakeEditor()
    rng = random.Random(seed)
    pace = Pace(clock, rate)
    guard = ClockGuard(clock, discord.ask_time)
    discord.observe = guard.observe
    outbox = Outbox(store, discord, editor.compose, pace, guard.now, clock=clock, rng=rng)
    dresser = Dresser(store, discord, pace, correction_body, clock=clock, rng=rng, look_s=look_s)
    supervisor = Supervisor(store, outbox, dresser, clock=clock, guard=guard, prefetch=prefetch, tick_s=tick_s)
    return Rig(store, clock, discord, editor, guard, pace, outbox, supervisor)


@asynccontextmanager
async def running(rig: Rig) -> AsyncIterator[Rig]:
    """Run a rig for the length of a block, then end it as a crash would."""
    rig.task = asyncio.create_task(rig.supervisor.run())
    try:
        yield rig
    finally:
        rig.task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await rig.task


async def last(rig: Rig, schedule: Schedule) -> DeliveryRecord:
    """Give the newest row of a schedule."""
    return (await rig.store.ledger.recent(schedule))[0]


async def outcome(rig: Rig, schedule: Schedule) -> tuple[str, str]:
    """Give the state and the reason of the newest row."""
    row = await last(rig, schedule)
    return row.state, row.reason


async def after(rig: Rig, seconds: float = TO_DUE + HOUR, **changes: Any) -> Schedule:
    """Store a schedule, let the supervisor run for a while, and end it."""
    schedule = await add_schedule(rig.store, **changes)
    async with running(rig):
        await rig.pass_time(seconds)
    return schedule
