"""The refresher: due feeds | fetch | parse in the worker | take in | remember. A supervisor; one task a visit.

Articles, validators and follow matches of a visit are one transaction. One fetch per feed, however many read it.
"""

import asyncio
import logging
import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.clock import Clock
from bot.domain.feeds import Feed, Verdict
from bot.domain.intake import IngestReport
from bot.domain.sources import Source
from bot.errors import SourceFault, StoreError, WorkerError
from bot.ingest.health import Answered, Failed, decide
from bot.ingest.links import registrable_domain
from bot.ingest.normalise import Prepared, ReadFeed
from bot.ingest.visiting import Runner, Visit, choose, visit
from bot.sources.feeds import FeedDocument
from bot.sources.web import Web
from bot.store.articles import Extra
from bot.store.store import Store
from bot.store.visits import with_articles

AT_ONCE = 128
BACKLOG = 320  # feeds asked for at once: some twice as many as are visited at once, so that few are read in vain
_LONGEST_NAP_S = 30.0
_STALE_S = 60.0
_REST_S, _LONGEST_REST_S = 60.0, 960.0

log = logging.getLogger(__name__)


class TakeIn(Protocol):
    """Takes items in; `bot.ingest.pipeline.Pipeline` is one."""

    async def take_in(self, source: Source, items: tuple[Prepared, ...], extra: Extra | None = None) -> IngestReport:
        """Store what is new or changed, and `extra` with it."""
        ...


class Refresher:
    """Keeps feeds fresh until it is cancelled.

    Args:
        store: where feeds and articles are.
        web: the only way out.
        runner: the worker process.
        pipeline: takes the items in.
        clock: says what is due.
        rng: spreads visits.
        follows: writes follow matches in the same transaction; never called at a feed's first visit.
        at_once: visits under way at the same time.
    """

    def __init__(
        self,
        store: Store,
        web: Web,
        runner: Runner,
        pipeline: TakeIn,
        clock: Clock,
        *,
        rng: random.Random | None = None,
        follows: Extra | None = None,
        at_once: int = AT_ONCE,
    ) -> None:
        self._store = store
        self._web = web
        self._runner = runner
        self._pipeline = pipeline
        self._clock = clock
        self._rng = rng or random.Random()
        self._follows = follows
        self._at_once = at_once
        self._visits: dict[int, asyncio.Task[Verdict | None]] = {}
        self._domains: dict[int, str] = {}
        self._backlog: list[Feed] = []
        self._backlog_at: datetime | None = None
        self._is_all = True  # nothing is due that is not in the backlog
        self._wake = asyncio.Event()
        self._ended = asyncio.Event()  # a visit, so that there is room for others
        self._records = _Records(store, clock)
        self._rest = _Rest()

    def wake(self) -> None:
        """Look again now: a source was added, or its settings changed."""
        self._backlog_at = None
        self._wake.set()
        self._ended.set()

    async def run(self) -> None:
        """Visit what is due, for ever."""
        await asyncio.to_thread(domain_of, "https://example.org/")  # reads the suffix list, 0.3 s, off the loop
        try:
            while True:
                self._wake.clear()
                try:
                    await self._nap(is_waiting=await self.tick())
                except StoreError as error:
                    self._rest.begin(error)
                if self._rest.seconds:
                    await self._clock.sleep(self._rest.seconds)
                    self._rest.end()
        finally:
            await self.close()

    async def tick(self) -> bool:
        """Start the visits that are due; say whether more wait for room."""
        self._ended.clear()
        now = self._clock.now()
        is_stale = self._backlog_at is None or abs(now - self._backlog_at) >= timedelta(seconds=_STALE_S)
        if is_stale or not self._backlog:
            self._backlog = list(await self._store.feeds.due(now, BACKLOG))
            self._backlog_at = now
            self._is_all = len(self._backlog) < BACKLOG
        if self._rest.seconds:  # a visit that ended meanwhile could not be written down: it would be made again at once
            return False
        due = [feed for feed in self._backlog if feed.source_id not in self._visits]
        chosen = choose(due, Counter(self._domains.values()), self._at_once - len(self._visits))
        for feed in chosen:
            self._start(feed)
        started = {feed.source_id for feed in chosen}
        self._backlog = [feed for feed in due if feed.source_id not in started]
        return bool(self._backlog) or not self._is_all

    async def settle(self) -> None:
        """Wait until all visits under way have ended."""
        while self._visits:
            await asyncio.wait(self._visits.values())

    async def check(self, source_id: int) -> Verdict | None:
        """Visit one feed now, conditionally like any other time; None when it can't be visited.

        A visit that is under way already is waited for instead. Whether it is too soon is the desk's question.
        """
        task = self._visits.get(source_id)
        if task is None:
            feed = await self._store.feeds.by_id(source_id)
            if feed is None:
                return None
            task = self._visits.get(source_id) or self._start(feed)
        return await asyncio.shield(task)

    async def adopt(self, source: Source, read: ReadFeed, outcome: Answered) -> IngestReport:
        """Take in what adding a source has already fetched: its first visit, a baseline without follows."""
        feed = await self._store.feeds.by_id(source.id)
        assert feed is not None  # noqa: S101 - the desk has just added it
        report, _ = await self._take_in(feed, source, Visit(outcome, read))
        return report

    async def close(self) -> None:
        """End the visits under way; what was being written is written."""
        for task in self._visits.values():
            task.cancel()
        await asyncio.gather(*self._visits.values(), return_exceptions=True)

    def _start(self, feed: Feed) -> asyncio.Task[Verdict | None]:
        task = asyncio.create_task(self._visit(feed), name=f"feed {feed.source_id}")
        self._visits[feed.source_id] = task
        self._domains[feed.source_id] = feed.domain

        def forget(_: asyncio.Task[Verdict | None]) -> None:
            del self._visits[feed.source_id], self._domains[feed.source_id]
            self._ended.set()

        task.add_done_callback(forget)
        return task

    async def _nap(self, *, is_waiting: bool) -> None:
        """Sleep until something is due or changes; with a backlog, until a visit has ended."""
        nap_s = _LONGEST_NAP_S
        if not is_waiting and (due := await self._store.feeds.next_due()) is not None:
            nap_s = min(nap_s, max(1.0, (due - self._clock.now()).total_seconds()))
        event = self._ended if is_waiting else self._wake
        naps = [asyncio.ensure_future(self._clock.sleep(nap_s)), asyncio.ensure_future(event.wait())]
        try:
            await asyncio.wait(naps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for nap in naps:
                nap.cancel()

    async def _visit(self, feed: Feed) -> Verdict | None:
        """Visit one feed; the supervisor of its task, so that one feed's trouble is its own."""
        try:
            verdict = await self._visit_once(feed)
        except WorkerError:
            log.info("the worker has no time", extra={"source": feed.source_id})
        except StoreError as error:
            self._rest.begin(error)
        except Exception:
            log.exception("a visit failed", extra={"source": feed.source_id})
            await self._put_off(feed)
        else:
            self._rest.forget()
            return verdict
        return None

    async def _put_off(self, feed: Feed) -> None:
        """Come back later, as after any failure: what nobody foresaw would else be tried again at once, for ever."""
        failed = Failed(SourceFault.UNPARSABLE, "it is too broken to read")
        try:
            await self._records.keep(decide(feed, failed, self._clock.now(), self._jitter()))
        except Exception:
            log.exception("nor could it be put off", extra={"source": feed.source_id})

    async def _visit_once(self, feed: Feed) -> Verdict | None:
        found = await visit(self._web, self._runner, feed, self._clock.now())
        if found.read is not None:  # most have none, and need no look at the store
            source = await self._store.sources.by_id(feed.source_id)
            if source is None:
                return None  # removed meanwhile
            _, verdict = await self._take_in(feed, source, found)
        else:
            verdict = decide(feed, found.outcome, self._clock.now(), self._jitter())
            await self._records.keep(verdict)
        _report(verdict, found.outcome)
        return verdict

    async def _take_in(self, feed: Feed, source: Source, found: Visit) -> tuple[IngestReport, Verdict]:
        read, answered = found.read, found.outcome
        assert read is not None  # noqa: S101 - both callers have one
        assert isinstance(answered, Answered)  # noqa: S101 - only an answer has been read
        now, jitter = self._clock.now(), self._jitter()

        def judge(report: IngestReport) -> Verdict:
            return decide(feed, replace(answered, has_news=report.has_news), now, jitter)

        extra = with_articles(
            judge,
            now,
            domain_of,
            source=described(source, read.document),
            follows=self._follows if feed.is_baselined else None,
        )
        report = await self._pipeline.take_in(source, read.items, extra)
        return report, judge(report)

    def _jitter(self) -> float:
        return self._rng.uniform(-1.0, 1.0)


def domain_of(url: str) -> str:
    """Give the registrable domain that a pause holds for."""
    return registrable_domain(url) or url


def described(source: Source, document: FeedDocument) -> Source | None:
    """Let a feed name itself where nothing better is known; None when nothing changes.

    A title that a person or the catalogue gave stays.
    """
    is_unnamed = source.title in {"", source.url, source.name}
    known = replace(
        source,
        title=document.title if is_unnamed and document.title else source.title,
        home_url=source.home_url or document.home_url,
        language=source.language or document.language,
    )
    return known if known != source else None


def _report(verdict: Verdict, outcome: Answered | Failed) -> None:
    if isinstance(outcome, Failed):
        said = {"source": verdict.feed.source_id, "fault": outcome.fault.value, "streak": verdict.feed.fail_streak}
        level = logging.WARNING if outcome.fault is SourceFault.GONE else logging.INFO
        log.log(level, "a feed failed: %s", outcome.reason, extra=said)


class _Rest:
    """How long the rounds stop when the store takes nothing: visits not written down would be made again at once."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._next_s = _REST_S

    def begin(self, error: StoreError) -> None:
        """Stop the rounds, each time for longer. Of the many visits under way that fail, the first tells why."""
        if not self.seconds:
            self.seconds = self._next_s
            self._next_s = min(2 * self._next_s, _LONGEST_REST_S)
            log.error("feeds wait: %s", error)

    def end(self) -> None:
        self.seconds = 0.0

    def forget(self) -> None:
        """Rest briefly again the next time: a visit was written down."""
        self._next_s = _REST_S


class _Records:
    """Writes verdicts without articles; those that come while one is written share the next transaction."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._waiting: list[Verdict] = []
        self._turn = asyncio.Lock()

    async def keep(self, verdict: Verdict) -> None:
        self._waiting.append(verdict)
        async with self._turn:
            if not any(one is verdict for one in self._waiting):
                return  # the one before wrote it
            batch, self._waiting = self._waiting, []
            await self._store.visits.record(batch, self._clock.now(), domain_of)
