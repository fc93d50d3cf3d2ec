"""Hostile feeds through the real worker and the real web client, while the loop is watched."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.clock import SystemClock
from bot.errors import SourceError, WorkerError
from bot.ingest.normalise import ReadFeed
from bot.ingest.visiting import read
from bot.sources.answers import Fetched
from bot.sources.feeds import MAX_ITEMS
from bot.worker.pool import WorkerPool

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://example.org/feed"
_ITEM = "<item><title>{}</title></item>"


def rss(inside: str) -> bytes:
    return f"<rss version='2.0'><channel><title>F</title>{inside}</channel></rss>".encode()


HOSTILE = {
    "a tag with 200,000 attributes": rss(f"<item {' '.join(f'a{n}=x' for n in range(200_000))}/>"),
    "a sea of brackets": b"<" * 5_000_000,
    "110,000 items": rss("".join(_ITEM.format(n) for n in range(110_000))),
    "deep nesting": rss("<a>" * 300_000),
    "deep markup": rss(f"<item><title>x</title><description>{'&lt;div&gt;' * 100_000}</description></item>"),
    "a billion laughs": b'<!DOCTYPE r [<!ENTITY a "ha">'
    + b"".join(f'<!ENTITY {chr(98 + n)} "{10 * ("&" + chr(97 + n) + ";")}">'.encode() for n in range(9))
    + b"]>"
    + rss("<item><title>&j;</title></item>"),
    "one huge text": rss(f"<item><title>{'x' * 4_000_000}</title></item>"),
    "no closing at all": b"<rss><channel><item><title>" + b"&" * 2_000_000,
    "hostile dates": rss("".join(f"<item><pubDate>{'9' * 300}{n}</pubDate></item>" for n in range(2_000))),
}  # fmt: skip


@pytest.fixture(scope="module")
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    opened = WorkerPool(limit_s=10)
    yield opened
    await opened.close()


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
async def test_whatever_it_is_it_ends_and_the_loop_notices_nothing(
    pool: WorkerPool, clock: SystemClock, name: str
) -> None:
    await read(pool, Fetched(URL, 200, rss("")), NOW)  # the parsers are loaded
    began = clock.monotonic()
    late: list[float] = []

    async def watch() -> None:
        while True:
            before = clock.monotonic()
            await clock.sleep(0.01)
            late.append(clock.monotonic() - before - 0.01)

    watching = asyncio.create_task(watch())
    try:
        document = await read(pool, Fetched(URL, 200, HOSTILE[name]), NOW)
    except (SourceError, WorkerError) as error:
        assert str(error)  # noqa: PT017 - either a reason or a document will do
    else:
        assert isinstance(document, ReadFeed)
        assert len(document.items) <= MAX_ITEMS
    watching.cancel()
    assert clock.monotonic() - began < 15
    assert sorted(late)[len(late) // 2] < 0.25 if late else True
    assert (await read(pool, Fetched(URL, 200, rss(_ITEM.format("x"))), NOW)).items[0].item.headline == "x"
