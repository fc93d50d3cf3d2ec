"""Maintenance: once a day a backup, what is past its keeping goes, and empty room is given back to the disk.

It works in short slices with pauses, so that nobody who types a command waits for it. The day is counted from the last
run that ended well, across restarts; a run that failed is tried again after an hour.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.sources import SourceKind
from bot.errors import StoreError
from bot.settings import Settings
from bot.store.backup import back_up
from bot.store.store import Store

log = logging.getLogger(__name__)

EVERY = timedelta(days=1)
FIRST_S = 300.0  # after a start: the backlog of deliveries comes first
AGAIN_S = 3_600.0
PAUSE_S = 0.2
SLICES = 2_000  # of 500 rows or 1,000 pages: what is left over is done the next day
_NOTE = "maintenance"


@dataclass(frozen=True, slots=True)
class Swept:
    """What one run did."""

    backup: str | None
    articles: int
    deliveries: int
    changes: int
    stories: int
    summaries: int
    pages_left: int


class Maintenance:
    """Runs beside the bot for as long as it lives."""

    def __init__(self, store: Store, settings: Settings, clock: Clock) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    async def run(self) -> None:
        """Do it once a day, for ever."""
        await self._clock.sleep(FIRST_S)
        while True:
            await self._clock.sleep(await self._turn())

    async def _turn(self) -> float:
        """Do it if the day is over; give the seconds until the next look."""
        try:
            left = await self._left()
            if left > 0:
                return left
            swept = await self.sweep()
            await self._store.notes.put(_NOTE, self._clock.now().isoformat())
        except (StoreError, OSError) as error:
            log.warning("Maintenance failed; it is tried again in an hour", extra={"why": str(error)})
            return AGAIN_S
        facts = {name: getattr(swept, name) for name in swept.__slots__}
        log.info("Maintenance done", extra=facts)
        return EVERY.total_seconds()

    async def _left(self) -> float:
        last = await self._store.notes.get(_NOTE)
        if last is None:
            return 0.0
        return (datetime.fromisoformat(last) + EVERY - self._clock.now()).total_seconds()

    async def sweep(self) -> Swept:
        """Do all of it now.

        Raises:
            StoreError: the database or the backup folder refused; what was done stays done.
        """
        settings, now = self._settings, self._clock.now()
        made = await back_up(self._store.db, settings.backup_folder, now, keep=settings.backups_kept)
        before = now - timedelta(days=settings.retention_days)
        keep = self._store.retention
        # The grouping index looks back two days and retention at least seven, so it holds none of these articles.
        articles = await self._slices(lambda: self._store.articles.purge(SourceKind.FEED, before, now))
        if articles:
            await keep.merge_index(is_first=True)
            await self._slices(lambda: keep.merge_index(is_first=False))
        return Swept(
            backup=made.name if made else None,
            articles=articles,
            deliveries=await self._slices(lambda: keep.drop_deliveries(before)),
            changes=await self._slices(lambda: keep.drop_changes(before)),
            stories=await self._slices(lambda: keep.drop_empty_stories(before)),
            summaries=await self._slices(self._store.summaries.drop_unused),
            pages_left=await self._vacuum(),
        )

    async def _slices(self, drop: Callable[[], Awaitable[int]]) -> int:
        done = 0
        for _ in range(SLICES):
            dropped = await drop()
            done += dropped
            if dropped == 0:
                break
            await self._clock.sleep(PAUSE_S)
        return done

    async def _vacuum(self) -> int:
        left = before = await self._store.retention.give_back()
        for _ in range(SLICES):
            if left == 0:
                break
            await self._clock.sleep(PAUSE_S)
            left = await self._store.retention.give_back()
            if left == before:  # an old file without incremental vacuum keeps its room and uses it again
                break
            before = left
        return left
