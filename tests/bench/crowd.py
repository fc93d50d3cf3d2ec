"""A crowd of sources: 100,000 known, 2,000 due at once: the due query, and memory over 24 simulated hours.

The web is a small fake that says "not modified", and now and then brings an item; all else is as it runs.
"""

import asyncio
import gc
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from bot.clock import SimulatedClock, SystemClock
from bot.ingest.pipeline import Pipeline
from bot.ingest.reading import read_feed
from bot.ingest.refresh import BACKLOG, Refresher
from bot.sources.answers import Fetched, Validators
from bot.store.store import Store
from bot.worker.pool import WorkerPool
from tests.bench.child import resident_mb
from tests.bench.publishers import FEEDS, feed

SOURCES = 100_000
STEP = timedelta(minutes=14, seconds=24)  # at which 2,000 are due, each source twice a day
STEPS = 100
_HALF_A_DAY_S = 43_200
_NEWS_EVERY = 500  # visits
_REAL = SystemClock()


class _StillWeb:
    """Answers at once, without a network."""

    def __init__(self) -> None:
        self.visits = 0

    async def get(self, url: str, **_: object) -> Fetched:
        """Say that nothing changed, but for one visit in many."""
        self.visits += 1
        if self.visits % _NEWS_EVERY:
            return Fetched(url, 304, validators=Validators('"1"'))
        return Fetched(url, 200, feed(self.visits // _NEWS_EVERY % FEEDS), validators=Validators('"1"'))


def _fill(raw: Any, start: int) -> None:
    rows = range(1, SOURCES + 1)
    raw.executemany(
        "insert into source(id, kind, name, title, url, added_at) values(?1, 'feed', ?2, ?2, ?2, 0)",
        [(number, f"https://h{number}.example/") for number in rows],
    )
    raw.executemany(
        "insert into feed(source_id, domain, next_check_at, readers, is_for_all, interval_s, etag)"
        f" values(?, ?, ?, 1, 1, {_HALF_A_DAY_S}, '\"1\"')",
        [(number, f"h{number}.example", start + number * _HALF_A_DAY_S // SOURCES) for number in rows],
    )


@asynccontextmanager
async def _house(start: datetime) -> AsyncIterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        async with await Store.open(Path(folder) / "d.db") as store:
            await store.db.write(lambda raw: _fill(raw, int(start.timestamp())))
            yield store


async def _due_ms(store: Store, now: datetime) -> float:
    took = []
    for minute in range(11):
        began = _REAL.monotonic()
        await store.feeds.due(now + STEP + timedelta(minutes=minute), BACKLOG)
        took.append(_REAL.monotonic() - began)
    return median(took) * 1_000


async def _fill_index(store: Store, pipeline: Pipeline, now: datetime) -> None:
    """Take in as many headlines as the grouping index ever holds, so that a day adds nothing for good."""
    for number in range(1, 341):
        source = await store.sources.by_id(number)
        assert source is not None
        await pipeline.take_in(source, read_feed(feed(number % FEEDS), source.url or "", "", now).items)


async def _day(store: Store, clock: SimulatedClock) -> tuple[list[float], int]:
    """Live through a day; give the memory held every four hours, and the number of visits."""
    web, pool = _StillWeb(), WorkerPool()
    pipeline = Pipeline(store, clock, pool)
    await _fill_index(store, pipeline, clock.now())
    refresher = Refresher(store, web, pool, pipeline, clock)  # type: ignore[arg-type]
    held: list[float] = []
    for step in range(1, STEPS + 1):
        await clock.advance(STEP.total_seconds())
        refresher.wake()
        while await refresher.tick():
            await refresher._ended.wait()
        await refresher.settle()
        if step * 6 % STEPS < 6:
            gc.collect()
            held.append(resident_mb())
    await refresher.close()
    await pool.close()
    return held, web.visits


async def _run() -> list[str]:
    start = _REAL.now()
    async with _house(start) as store:
        query_ms = await _due_ms(store, start)
        began = _REAL.monotonic()
        held, visits = await _day(store, SimulatedClock(start))
        took = _REAL.monotonic() - began
    course = ", ".join(f"{mb:.0f}" for mb in held)
    return [
        f"due query, {SOURCES:,} sources known, 2,000 due, {BACKLOG} asked for: {query_ms:.1f} ms (bar 5)",
        f"24 simulated hours, {visits:,} visits in {took:.0f} s: memory every 4 hours {course} MB (bar: flat)",
    ]


def run() -> list[str]:
    """Measure, and give the lines."""
    return asyncio.run(_run())
