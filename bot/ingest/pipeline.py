"""The pipeline: items | prepare | decide | digest | group | store.

Whatever sources are ready together are taken in together: one look at the store, one transaction. While a batch is
grouped and stored, the next one is read and digested. A source's trouble stays its own (docs/decisions/0065).
"""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate, chain

from bot.clock import Clock
from bot.domain.intake import IngestReport
from bot.domain.sources import Item, Source, SourceKind
from bot.errors import DatelineError, StoreError, StoreFault
from bot.ingest.decide import Verdict, decide_document, decide_feed
from bot.ingest.digest import JOB, Asked, Digest, asked_of, digest_all
from bot.ingest.drafting import Judged
from bot.ingest.grouping import Grouping
from bot.ingest.normalise import Prepared, prepare
from bot.ingest.visiting import Runner
from bot.store.articles import Extra, Recalled, Stored
from bot.store.store import Store

log = logging.getLogger(__name__)

Items = Sequence[Item] | Sequence[Prepared]

_SLICE = 100  # items digested in one go
_MOST = 400  # items in one transaction: other writers wait for it


@dataclass(slots=True, eq=False)
class _Intake:
    """One source's items, from when they came until it is known what became of them."""

    source: Source
    items: Items
    extra: Extra | None
    is_alone: bool = False  # it was in a batch that failed
    judged: Judged | None = None
    outcome: IngestReport | Exception | None = None


class Pipeline:
    """Takes items in. Without a runner, language work is done in a thread."""

    def __init__(self, store: Store, clock: Clock, runner: Runner | None = None) -> None:
        self._store = store
        self._clock = clock
        self._runner = runner
        self._grouping = Grouping(store, clock)
        self._reading = asyncio.Lock()  # the first stage: judged and digested
        self._writing = asyncio.Lock()  # the second: grouped and stored
        self._waiting: list[_Intake] = []
        self._in_writing: list[_Intake] = []
        self._running: set[asyncio.Task[IngestReport]] = set()

    async def take_in(self, source: Source, items: Items, extra: Extra | None = None) -> IngestReport:
        """Store what is new or changed among a source's items, and `extra` with it: all of it, or nothing.

        `extra` gets the open connection and the report, for what has to be true together with the articles: feed
        validators, follow matches. A caller that is cancelled leaves the work to end by itself.

        Raises:
            StoreError: nothing was stored.
        """
        job = asyncio.ensure_future(self._take_in(_Intake(source, items, extra)))
        self._running.add(job)
        job.add_done_callback(self._running.discard)
        return await asyncio.shield(job)

    async def load(self) -> None:
        """Make the grouping index ready before the first items come."""
        async with self._writing:
            await self._grouping.load()

    async def forget(self, article_ids: Sequence[int]) -> None:
        """Drop articles from the grouping index that were purged or retracted by hand."""
        async with self._writing:
            await self._grouping.forget(article_ids)

    async def close(self) -> None:
        """Let what is being taken in end."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _take_in(self, mine: _Intake) -> IngestReport:
        self._waiting.append(mine)
        while mine.outcome is None:
            await self._turn(mine)
        if isinstance(mine.outcome, Exception):
            raise mine.outcome
        return mine.outcome

    async def _turn(self, mine: _Intake) -> None:
        """Take a batch through both stages, unless another turn has settled `mine` by then."""
        async with self._reading:
            if mine.outcome is not None:
                return
            batch = _choose(self._waiting, self._in_writing)
            is_read = bool(batch) and await self._attempt(batch, self._read(batch))
            await self._writing.acquire()  # also when all who wait have to wait for the batch that is being written
            self._in_writing = batch
        try:
            if is_read:
                await self._attempt(batch, self._write([one for one in batch if one.outcome is None]))
        finally:
            self._in_writing = []
            self._waiting = [one for one in self._waiting if one.outcome is None]
            self._writing.release()

    @staticmethod
    async def _attempt(batch: Sequence[_Intake], stage: Awaitable[None]) -> bool:
        """Say whether a stage went well. One that fails for several is tried again for each alone."""
        try:
            await stage
        except Exception as error:  # noqa: BLE001 - whose items they are is told
            is_for_all = len(batch) == 1 or (isinstance(error, StoreError) and error.kind is not StoreFault.OTHER)
            for one in batch:
                one.is_alone = True
                if is_for_all and one.outcome is None:
                    one.outcome = error
            return False
        return True

    async def _read(self, batch: Sequence[_Intake]) -> None:
        now = self._clock.now()
        prepared = [await _prepared(one.items, one.source.kind, now) for one in batch]
        known = await self._store.articles.known_of(
            [(one.source, _keys(items)) for one, items in zip(batch, prepared, strict=True)]
        )
        sources = [one.source for one in batch]
        verdicts = await asyncio.to_thread(lambda: list(map(_judge, sources, prepared, known)))
        judged = [Judged(source, now, verdict) for source, verdict in zip(sources, verdicts, strict=True)]
        digests = iter(
            await self._digest(
                [asked_of(item.item, one.source.topic, one.source.language) for one in judged for item in one.asked]
            )
        )
        for one, found in zip(batch, judged, strict=True):
            one.judged = replace(found, digests=tuple(next(digests) for _ in found.asked))
            if found.is_nothing and one.extra is None:
                one.outcome = found.report()

    async def _digest(self, asked: Sequence[Asked]) -> list[Digest]:
        """Have all slices digested at once, so that the worker waits for no turn of the loop between them."""
        slices = [tuple(asked[start : start + _SLICE]) for start in range(0, len(asked), _SLICE)]
        return list(chain.from_iterable(await asyncio.gather(*map(self._digest_slice, slices))))

    async def _digest_slice(self, asked: tuple[Asked, ...]) -> tuple[Digest, ...]:
        if self._runner is not None:
            try:
                found = await self._runner.run(JOB, asked)
            except DatelineError as error:  # the worker is gone or busy: slower here beats not at all
                log.info("Items are read by the bot itself", extra={"items": len(asked), "why": str(error)})
                found = None
            if isinstance(found, tuple) and len(found) == len(asked):
                return found
        return await asyncio.to_thread(digest_all, asked)

    async def _write(self, batch: Sequence[_Intake]) -> None:
        if not batch:
            return
        try:
            await self._group_and_store(batch, [one.judged for one in batch if one.judged])
        except BaseException:
            await self._grouping.undo()
            raise

    async def _group_and_store(self, batch: Sequence[_Intake], judged: Sequence[Judged]) -> None:
        story_id, article_id = await self._store.stories.next_ids()
        counts = [len(one.verdict.new) for one in judged]
        firsts = list(accumulate(counts, initial=article_id))[:-1]
        headlines = list(chain.from_iterable(one.headlines(first) for one, first in zip(judged, firsts, strict=True)))
        placements = iter(await self._grouping.place(headlines, story_id))
        stored = [
            Stored(one.source.id, one.batch(first, placements), intake.extra)
            for intake, one, first in zip(batch, judged, firsts, strict=True)
        ]
        reports = await self._store.articles.take_in_together(stored, judged[0].now)
        taken = {article_id for report in reports for article_id in report.new}
        withdrawn = [article_id for one in judged for article_id in one.verdict.withdrawn]
        refused = [headline.id for headline in headlines if headline.id not in taken]
        await self._grouping.commit([pair for one in judged for pair in one.edited()], [*withdrawn, *refused])
        for intake, one, report in zip(batch, judged, reports, strict=True):
            intake.outcome = one.report(report)


def _choose(waiting: Sequence[_Intake], in_writing: Sequence[_Intake]) -> list[_Intake]:
    """Pick what is taken in together, the longest waiting first: each source once, and not while it is written."""
    taken = {one.source.id for one in in_writing}
    chosen: list[_Intake] = []
    items = 0
    for one in waiting:
        if one.outcome is not None or one.source.id in taken:
            continue
        items += len(one.items)
        if chosen and (one.is_alone or chosen[0].is_alone or items > _MOST):
            break
        taken.add(one.source.id)
        chosen.append(one)
    return chosen


async def _prepared(items: Items, kind: SourceKind, now: datetime) -> tuple[Prepared, ...]:
    """Give the items as they are decided on; those of feeds come prepared from the worker."""
    ready = tuple(item for item in items if isinstance(item, Prepared))
    if len(ready) == len(items):
        return ready
    raw = [item for item in items if isinstance(item, Item)]
    return await asyncio.to_thread(prepare, raw, kind, now)


def _keys(items: Sequence[Prepared]) -> list[str]:
    return [key for one in items for key in (one.key, one.link_key) if key]


def _judge(source: Source, items: Sequence[Prepared], known: Recalled) -> Verdict:
    decide = decide_feed if source.kind is SourceKind.FEED else decide_document
    return decide(items, known.articles, known.purged)
