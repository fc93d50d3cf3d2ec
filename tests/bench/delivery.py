"""Delivery's bars: a tick of the planner with 100,000 schedules, and how late the last of 2,500 is."""

import asyncio
import random
import sqlite3
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import process_time

from bot.clock import SimulatedClock, SystemClock
from bot.desk.briefings import Briefings
from bot.domain.deliveries import Composed, freeze
from bot.domain.places import PlaceKind
from bot.store.places import ensure
from bot.store.plans import plan_due
from bot.store.schedules import add
from bot.store.store import Store
from tests.bench.rooms import filled_room
from tests.bench.store import line, timed
from tests.fakes.database import inline_store
from tests.fakes.delivery import build, running
from tests.fakes.discord import FakeDiscord
from tests.fakes.ledgers import add_schedule
from tests.fakes.schedules import DUE, a_schedule

CLOCK = SystemClock()
MINUTE = timedelta(minutes=1)
ARTICLES = 20_000
PLACES = 40
WAITING = 15_000


def fill(raw: sqlite3.Connection, count: int) -> None:
    """Store schedules, the first due in a week."""
    for number in range(count):
        place = ensure(raw, PlaceKind.SERVER, number, DUE)
        due = DUE + timedelta(days=7) + number * timedelta(seconds=1)
        schedule = a_schedule(place=place, key=number.to_bytes(8, "big"), next_due=due, next_date=date(2026, 11, 29))
        add(raw, schedule, DUE)


async def _ticks(store: Store) -> list[float]:
    took = []
    for _ in range(200):
        began = CLOCK.monotonic()
        await store.plans.plan_due(DUE)
        await store.plans.expire(DUE)
        await store.schedules.due_between(DUE, DUE + 10 * MINUTE)
        await store.schedules.next_due_at()
        took.append((CLOCK.monotonic() - began) * 1000)
    return took


async def _claims(store: Store) -> list[float]:
    """Plan 1,000 and take each from claim to sent."""
    later = DUE + timedelta(days=7, seconds=1000)
    while await store.db.write(lambda raw: plan_due(raw, later)):
        pass
    took = []
    payload = freeze(Composed("Text", [{"type": 10, "content": "Text"}]))
    for number in range(500):
        began = CLOCK.monotonic()
        (delivery,) = await store.deliveries.claim(later)
        await store.deliveries.freeze(delivery, payload, (), 1, later)
        await store.deliveries.record_try(delivery, 0, later)
        await store.deliveries.mark_sent(delivery, 0, number + 1, 700, later)
        took.append((CLOCK.monotonic() - began) * 1000)
    return took


async def _rush(store: Store) -> list[str]:
    """Ask when the next may be claimed while 15,000 wait; let them grow old, and let go of them."""
    later = DUE + timedelta(days=7, seconds=WAITING + 1_000)
    while await store.db.write(lambda raw: plan_due(raw, later)):
        pass
    asked = [await timed(store.deliveries.next_ready_at) for _ in range(100)]
    await store.db.write(lambda raw: raw.execute("update delivery set state = 'sent', payload = '{}'"))
    pieces, gone = [], 1
    while gone:
        began = CLOCK.monotonic()
        gone = await store.plans.purge(later + timedelta(days=200))
        pieces.append((CLOCK.monotonic() - began) * 1_000)
    return [
        line(f"when is the next, {WAITING:,} wait", asked),
        line(f"{len(pieces)} pieces of a purge of {WAITING:,}", pieces, f"longest {max(pieces):.1f}, bar: 50"),
    ]


async def _lateness(servers: int, minutes: int) -> list[float]:
    """Let everybody's minute come: the same one, or one of the minutes of an hour."""
    clock = SimulatedClock(DUE - 2 * MINUTE)
    store, _ = inline_store()
    for number in range(servers):
        due = DUE + number % minutes * MINUTE
        at = {"local_time": due.time(), "next_due": due}
        await add_schedule(store, 1000 + number, channel_id=5000 + number, **at)
    rig = build(store, clock, FakeDiscord(clock))
    async with store, running(rig):
        await rig.clock.advance((2 + minutes) * MINUTE + timedelta(seconds=servers / 25 + 20), settle=40)
    return sorted(
        (post.at - DUE - (post.channel_id - 5000) % minutes * MINUTE).total_seconds() for post in rig.discord.posts
    )


async def _editions(folder: Path) -> str:
    """Compose for places that all read different sources: nothing is shared between them."""
    async with filled_room(folder, ARTICLES) as room:
        desk = Briefings(room.store, room.clock, room.scope, room.summaries, room.recall)
        sources, rng = await room.store.sources.listed(), random.Random(3)
        places = [await room.place(1_000 + number) for number in range(PLACES)]
        for place in places:
            for source in rng.sample(sources, len(sources) // 2):
                await room.subscribe(place, source.id)
        first, *others = [a_schedule(place=place) for place in places]
        await desk.compose(first)
        began = process_time()
        for schedule in others:
            await desk.compose(schedule)
        took = (process_time() - began) * 1_000 / len(others)
    share = took * 25 / 1_000
    return f"an edition for a place with sources of its own: {took:.1f} ms of processor (25/s: {share:.0%} of a core)"


def _late(name: str, late: list[float], bar: str) -> str:
    half, most = late[len(late) // 2], late[int(len(late) * 0.99)]
    return f"{name}: {len(late)} posted, p50 {half:.1f} s, p99 {most:.1f} s (bar: {bar})"


def run() -> list[str]:
    """Measure; give the lines to print."""
    return asyncio.run(_run())


async def _run() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        async with await Store.open(Path(folder) / "d.db") as store:
            await store.db.write(lambda raw: fill(raw, 100_000))
            lines = [
                line("planner's tick, 100,000 schedules", await _ticks(store), "bar: 5"),
                line("claim, freeze, intent, mark: one delivery", await _claims(store)),
                *await _rush(store),
            ]
        (Path(folder) / "news").mkdir()
        lines.append(await _editions(Path(folder) / "news"))
    lines.append(_late("2,500 due in the same minute", await _lateness(2500, 1), "p99 110"))
    lines.append(_late("2,500 due in the minutes of an hour", await _lateness(2500, 60), "p50 2"))
    return lines
