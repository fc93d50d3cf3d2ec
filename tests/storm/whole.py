"""The whole bot under a burst: thousands of briefings due in the same minute, beside members who read.

The stand-in has Discord's own limits (50 requests a second in all, 5 messages in 5 seconds a channel) and real 429s.
"""

import asyncio
import random
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.places import PlaceKind, TargetKind
from bot.loopback import Loopback, crowd, try_out
from bot.loopback.changes import Change
from bot.loopback.guilds import Channel, Guild
from bot.loopback.rates import Rates
from bot.store.places import ensure
from bot.store.schedules import add, recompute
from bot.store.store import Store
from bot.store.values import to_epoch
from tests.bench.corpus import fill
from tests.fakes.schedules import a_schedule
from tests.storm.ledger import MARKER, Count, judge, start_of
from tests.wire.clients import be_patient

CLOCK = SystemClock()
READ_EVERY_S = 0.4
DRAIN_AT_MOST_S = 1_200.0


@dataclass
class Burst:
    """What came of it, by the stand-in's clock."""

    due: datetime
    channels: frozenset[int]
    posts: list[float] = field(default_factory=list)  # seconds after it was due
    reads_ms: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)

    def hear(self, change: Change) -> None:
        """Take note of a briefing that was posted."""
        is_new = change.event == "MESSAGE_CREATE" and change.channel_id in self.channels
        if is_new and MARKER.search(change.data["content"]):
            self.posts.append((CLOCK.now() - self.due).total_seconds())


@dataclass(frozen=True)
class Size:
    """How much there is of everything."""

    due: int
    schedules: int
    servers: int
    articles: int
    lead_s: float = 20.0  # between the start of the bot and the minute everybody chose


class Whole:
    """A stand-in, a filled store, and the whole bot as one process after another."""

    def __init__(self, folder: Path, size: Size, rate: float) -> None:
        self.folder, self.size, self.rate = folder, size, rate
        self.db = folder / "dateline.db"
        self.log = folder / "storm.log"
        self.world = try_out(CLOCK)
        self.places = crowd(self.world, size.servers)
        self.loopback: Loopback
        self.burst: Burst

    async def fill(self) -> None:
        """Store news, servers and people with briefings; what is due at once is due soon after the end of this."""
        now = start_of(CLOCK.now())
        async with await Store.open(self.db) as store:
            await fill(store, self.size.articles, sources=40, end=now)
            await store.db.write(lambda raw: _schedule(raw, self.places, self.size, now))
            due = start_of(CLOCK.now()) + timedelta(seconds=self.size.lead_s)
            await store.db.write(lambda raw: _bring_forward(raw, due))
        self.burst = Burst(due, frozenset(channel.id for _, channel in self.places))
        self.world.changes.listen(self.burst.hear)

    async def start(self) -> asyncio.subprocess.Process:
        """Start the bot."""
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.bench.child", str(self.loopback.socket_path), str(self.folder),
                str(self.rate), stdin=subprocess.PIPE, stdout=log, stderr=log,
            )  # fmt: skip

    async def end(self, process: asyncio.subprocess.Process) -> int:
        """Ask the bot to stop; give its exit code."""
        assert process.stdin is not None
        process.stdin.close()
        return await asyncio.wait_for(process.wait(), 60)

    async def posted(self, count: int, process: asyncio.subprocess.Process) -> None:
        """Wait until so many briefings stand."""
        end = CLOCK.monotonic() + DRAIN_AT_MOST_S
        while len(self.burst.posts) < count and process.returncode is None and CLOCK.monotonic() < end:
            await CLOCK.sleep(0.25)

    async def read(self) -> None:
        """Let a member ask for the headlines, again and again, once the burst has begun."""
        await self.loopback.gateway.connected()
        while True:
            await CLOCK.sleep(READ_EVERY_S)
            if CLOCK.now() < self.burst.due:
                continue
            exchange = await self.loopback.people.invoke("member", "#general", "headlines")
            self.burst.reads_ms.append(exchange.latency_s * 1_000)
            self.burst.unanswered += [exchange.error] if exchange.error else []


def _schedule(raw: sqlite3.Connection, places: list[tuple[Guild, Channel]], size: Size, now: datetime) -> None:
    """Give every server its briefings, the others to people, a week ahead."""
    recompute(raw)  # the zone tables are known: nothing is computed anew at the first start
    raw.execute("insert into feed(source_id, domain, is_for_all) select id, name, 1 from source")
    later, day = now + timedelta(days=7), (now + timedelta(days=7)).date()
    for number in range(size.schedules):
        if number < size.due:
            guild, channel = places[number % len(places)]
            place, target = ensure(raw, PlaceKind.SERVER, guild.id, now), TargetKind.CHANNEL
        else:
            place, target, channel = ensure(raw, PlaceKind.PERSON, 10**17 + number, now), TargetKind.DM, None
        schedule = a_schedule(
            place=place, key=number.to_bytes(8, "big"), channel_id=channel.id if channel else 0, target=target,
            local_time=later.time().replace(second=0, microsecond=0), next_due=later, next_date=day,
        )  # fmt: skip
        add(raw, schedule, now)


def _bring_forward(raw: sqlite3.Connection, due: datetime) -> None:
    """Let what servers have come due at one instant of today."""
    raw.execute(
        "update schedule set next_due = :due, next_date = :day where target = 'channel'",
        {"due": to_epoch(due), "day": due.date().isoformat()},
    )


async def run(
    folder: Path, size: Size, rate: float, experiment: Callable[[Whole], Awaitable[list[str]]], *, is_patient: bool
) -> tuple[Count, list[str]]:
    """Set everything up, run an experiment on it, and judge it."""
    whole = Whole(folder, size, rate)
    async with await Loopback.start(CLOCK, whole.world, folder / "s.sock") as whole.loopback:
        whole.loopback.rates = Rates(CLOCK, per_second=50, per_channel=5)
        if is_patient:
            be_patient(whole.loopback)
        await whole.fill()
        said = await experiment(whole)
        return judge(whole.db, whole.loopback), said


async def loading(whole: Whole) -> list[str]:
    """F13: let everything that is due at once go out while a member reads; say how that went."""
    process = await whole.start()
    reader = asyncio.create_task(whole.read())
    await whole.posted(whole.size.due, process)
    reader.cancel()
    burst, refused = whole.burst, whole.loopback.rates.refused
    code = await whole.end(process)
    if not burst.posts:
        return [f"nothing was posted, exit {code}"]
    late, asked = sorted(burst.posts), whole.loopback.traffic.total
    p50, p99, most = (_at(burst.reads_ms, share) for share in (0.5, 0.99, 1.0))
    reads = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, most {most:.0f} ms"
    return [
        f"{len(late)} posts in {late[-1] / 60:.2f} min ({len(late) / late[-1]:.1f}/s), exit {code}",
        f"late: p50 {_at(late, 0.5):.1f} s, p99 {_at(late, 0.99):.1f} s",
        f"{refused} of {asked} requests answered 429 ({refused / asked:.3%})",
        f"/headlines {len(burst.reads_ms)} times, {len(burst.unanswered)} lost: {reads}",
    ]


async def restarting(whole: Whole, times: int, rng: random.Random) -> list[str]:
    """Kill the bot amid a burst and start it anew: how long until a briefing is posted that was not there yet."""
    waits: list[float] = []
    process = await whole.start()
    await whole.posted(50, process)
    for _ in range(times):
        await CLOCK.sleep(rng.uniform(0.5, 2.0))
        process.kill()
        await process.wait()
        before, began = len(whole.burst.posts), CLOCK.monotonic()
        process = await whole.start()
        await whole.posted(before + 1, process)
        waits.append(CLOCK.monotonic() - began)
    await whole.posted(whole.size.due, process)
    code = await whole.end(process)
    each = ", ".join(f"{wait:.1f}" for wait in waits)
    return [f"restart to first send: at most {max(waits):.1f} s ({each}); {len(whole.burst.posts)} posts, exit {code}"]


def _at(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else 0.0
