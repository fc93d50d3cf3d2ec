"""Sources: 300 loopback feeds of 30 items beside other readers, 304s, loop lag, and parsing beside feedparser."""

import asyncio
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from pathlib import Path

import feedparser

from bot.clock import SystemClock
from bot.domain.articles import HeadlineOrigin
from bot.domain.places import PlaceKind
from bot.domain.sources import Source, SourceKind
from bot.ingest.digest import Asked, Digest
from bot.ingest.grouping import Grouping
from bot.ingest.pipeline import Pipeline
from bot.ingest.refresh import Refresher, domain_of
from bot.language.stories import Headline, Placement
from bot.sources.addresses import AddressGuard
from bot.sources.pace import Pace
from bot.sources.parsing import parse_feed
from bot.sources.web import Web
from bot.store import articles as stored_articles
from bot.store import feeds, places, sources, subscriptions
from bot.store.store import Store
from bot.worker.pool import WorkerPool
from tests.bench import rivals
from tests.bench.publishers import FEEDS, feed

_CLOCK = SystemClock()
_ROOT = Path(__file__).parents[2]
_ROUNDS = 3


class Bare(Pipeline):
    """Takes items in without language: cleaned, judged and stored, each its own story."""

    def __init__(self, store: Store) -> None:
        super().__init__(store, _CLOCK)
        self._grouping = _Apart(store, _CLOCK)

    async def _digest(self, asked: Sequence[Asked]) -> list[Digest]:
        return [Digest(headline or "", HeadlineOrigin.SOURCE, None, (), ()) for headline, *_ in asked]


class _Apart(Grouping):
    """Groups nothing."""

    async def place(self, headlines: Sequence[Headline], next_story_id: int) -> list[tuple[Placement, int]]:
        return [(Placement(None), next_story_id + at) for at in range(len(headlines))]

    async def commit(self, edited: Iterable[tuple[Headline, int]], gone: Iterable[int]) -> None:
        """Hold nothing."""


@contextmanager
def _without_search_index() -> Iterator[None]:
    """Store without the full-text index, as the readers beside us do."""
    index = vars(stored_articles)["index"]
    vars(stored_articles)["index"] = lambda raw, article_ids: None
    try:
        yield
    finally:
        vars(stored_articles)["index"] = index


async def _fill(store: Store, port: int) -> None:
    now = _CLOCK.now()

    def work(raw: object) -> None:
        place = places.ensure(raw, PlaceKind.SERVER, 1, now)  # type: ignore[arg-type]
        for number in range(FEEDS):
            url = f"http://127.0.0.1:{port}/{number}.xml"
            source = sources.add(raw, Source(0, SourceKind.FEED, url, url, url=url), now)  # type: ignore[arg-type]
            feeds.add(raw, source.id, f"p{number}.example")  # type: ignore[arg-type]
            subscriptions.add(raw, place.id, source.id, now)  # type: ignore[arg-type]

    await store.db.write(work)


@asynccontextmanager
async def _lag(into: list[float]) -> AsyncIterator[None]:
    """Note how late the loop wakes a task that sleeps 5 ms."""

    async def watch() -> None:
        while True:
            began = _CLOCK.monotonic()
            await _CLOCK.sleep(0.005)
            into.append(_CLOCK.monotonic() - began - 0.005)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _pass(refresher: Refresher) -> float:
    began = _CLOCK.monotonic()
    while await refresher.tick():
        await refresher._ended.wait()
    await refresher.settle()
    return _CLOCK.monotonic() - began


async def _ours(port: int, *, is_bare: bool, lags: list[float]) -> tuple[float, float, int]:
    """Give the seconds of the first pass and of the second, all 304, and how many articles are stored."""
    with tempfile.TemporaryDirectory() as folder:
        pace = Pace(_CLOCK, gap_s=0, at_once=64)
        guard = AddressGuard([f"127.0.0.1:{port}"])
        pool = WorkerPool()
        async with (
            await Store.open(Path(folder) / "d.db") as store,
            Web(_CLOCK, user_agent="Dateline/bench (+https://example.org)", guard=guard, pace=pace) as web,
        ):
            await _fill(store, port)
            domain_of("https://example.org/")  # reads the suffix list, as a bot does when it starts
            pipeline = Bare(store) if is_bare else Pipeline(store, _CLOCK, pool)
            refresher = Refresher(store, web, pool, pipeline, _CLOCK)
            await pool.run(
                "read_feed", b"<rss><channel><title>warm</title></channel></rss>", "http://a.example/", "", _CLOCK.now()
            )
            async with _lag(lags):
                with _without_search_index() if is_bare else nullcontext():
                    first = await _pass(refresher)
            await store.db.write(lambda raw: raw.execute("update feed set next_check_at=1").rowcount)
            refresher.wake()
            second = await _pass(refresher)
            counts = await store.stories.counts()
            await refresher.close()
            await pool.close()
        return first, second, counts.articles


@asynccontextmanager
async def _publishers() -> AsyncIterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.publishers", str(port), cwd=_ROOT, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                break
            await _CLOCK.sleep(0.05)
        yield port
    finally:
        process.kill()
        await process.wait()


def _parsing() -> str:
    """Compare reading and cleaning the feeds with feedparser, in this process, one after the other."""
    bodies = [feed(number) for number in range(20)]
    ours, theirs = [], []
    for _ in range(5):
        ours.append(_timed(bodies, lambda body: parse_feed(body, "http://a.example/")))
        theirs.append(_timed(bodies, feedparser.parse))
    ratio = min(theirs) / min(ours)
    return f"parse and clean: {min(ours) / len(bodies) * 1_000:.2f} ms a feed, {ratio:.0f} x feedparser (bar 20)"


def _timed(bodies: Sequence[bytes], work: Callable[[bytes], object]) -> float:
    began = _CLOCK.monotonic()
    for body in bodies:
        work(body)
    return _CLOCK.monotonic() - began


async def _run() -> list[str]:
    lags: list[float] = []
    passes: list[tuple[float, float, int]] = []
    boats: list[float | None] = []
    async with _publishers() as port:
        for _ in range(_ROUNDS):  # turn by turn, so that both meet the same machine
            passes.append(await _ours(port, is_bare=True, lags=lags))
            boats.append(await asyncio.to_thread(rivals.newsboat, port))
        wholes = [await _ours(port, is_bare=False, lags=lags) for _ in range(2)]
        reader = await asyncio.to_thread(rivals.reader, port)
        mailer = await asyncio.to_thread(rivals.rss2email, port) if reader is None else None
    bare, second, stored = min(passes)
    whole, _, kept = min(wholes)
    p99 = sorted(lags)[int(len(lags) * 0.99)] * 1_000
    boat = min((took for took in boats if took is not None), default=None)
    beside = [_beside("newsboat", boat, bare, 2)]
    beside += [_beside("lemon24/reader", reader, bare, 8)]
    beside += [_beside("rss2email", mailer, bare, 10)] if reader is None else []
    each = ", ".join(f"{took:.2f}" for took, *_ in passes)
    return [
        f"{stored} items of {FEEDS} feeds fetched, checked, parsed, cleaned, stored: {bare:.2f} s, best of {each}",
        f"with language, grouping and search index: {whole:.2f} s ({kept} articles), {whole / bare:.1f} x (bar 3)",
        f"second pass, all 304: {second:.2f} s, {bare / second:.1f} x faster (bar 5)",
        f"loop lag meanwhile: p99 {p99:.0f} ms (bar 50), worst {max(lags) * 1_000:.0f} ms",
        _parsing(),
        *beside,
    ]


def _beside(name: str, took: float | None, ours: float, bar: int) -> str:
    if took is None:
        return f"{name}: left out (it is not installed, or can't be)"
    return f"{name}: {took:.2f} s, {took / ours:.1f} x ours (bar {bar})"


def run() -> list[str]:
    """Measure, and give the lines."""
    return asyncio.run(_run())
