"""A store of its own, a clock that stands still, and the pipeline between them."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.domain.sources import Source, SourceKind
from bot.ingest.documents import Documents
from bot.ingest.pipeline import Pipeline
from bot.store.store import Store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOW)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(tmp_path / "d.db", busy_ms=20) as opened:
        yield opened


@pytest.fixture
async def pipeline(store: Store, clock: SimulatedClock) -> AsyncIterator[Pipeline]:
    made = Pipeline(store, clock)
    yield made
    await made.close()


@pytest.fixture
def documents(store: Store, pipeline: Pipeline, clock: SimulatedClock) -> Documents:
    return Documents(store, pipeline, clock)


@pytest.fixture
async def feed(store: Store) -> Source:
    return await store.sources.add(Source(0, SourceKind.FEED, "https://a.example/feed", "The Valley Post"), NOW)
