"""The supervisor: keeps the planner, the workers and the dresser going, and ends them in order.

planner     what has come due becomes ledger rows; what is too late expires; prefetch before an edition
dispatcher  claims ready rows, healthy schedules first, and lets the outbox deliver them side by side
dresser     when no send waits: dresses plain messages, shows corrections, tells notices
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta

from bot.clock import Clock
from bot.deliver.clockguard import ClockGuard
from bot.deliver.dresser import Dresser
from bot.deliver.outbox import Outbox
from bot.deliver.ports import GONE
from bot.deliver.tidying import tidy
from bot.domain.deliveries import Delivery, Notice
from bot.domain.places import Schedule
from bot.errors import DatelineError, SetupError, StoreError
from bot.logs import tracing
from bot.store.plans import PLANNED_AT_ONCE
from bot.store.store import Store

log = logging.getLogger(__name__)

TICK_S = 30.0
PREFETCH = timedelta(minutes=10)
LOOKED_AT = 200  # schedules at a time, so that a rush keeps nobody waiting
BREATH_S = 0.05  # between two handfuls of a rush: they are planned far faster than sent as it is
AT_ONCE = 32
HANDFUL, HANDFUL_S = 4, 0.1  # deliveries claimed together, and how long a few wait for more
DRAIN_S = 20.0
TROUBLE_S = 30.0

Prefetch = Callable[[Sequence[Schedule]], Awaitable[None]]


class Bell:
    """Wakes whoever waits, or lets them sleep so long."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """Wake the one who waits, or the next who will."""
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Wait for the bell, at most so long."""
        waits = [asyncio.ensure_future(self._clock.sleep(seconds)), asyncio.ensure_future(self._rung.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            self._rung.clear()


class Supervisor:
    """Runs delivery until `stop`. `alone`: no other process uses the store, so leases of the last run are void."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        dresser: Dresser,
        *,
        clock: Clock,
        guard: ClockGuard,
        prefetch: Prefetch | None = None,
        alone: bool = True,
        tick_s: float = TICK_S,
    ) -> None:
        self._store = store
        self._outbox = outbox
        self._dresser = dresser
        self._clock = clock
        self._guard = guard
        self._pace = outbox.pace
        self._prefetch = prefetch
        self._alone = alone
        self._tick_s = tick_s
        self._plan_bell, self._send_bell, self._dress_bell = Bell(clock), Bell(clock), Bell(clock)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._told_to_stop, self._ended = asyncio.Event(), asyncio.Event()
        self._ended.set()  # it does not run yet
        self._fatal: SetupError | None = None
        self._errands: set[asyncio.Task[None]] = set()
        self._looked_until: datetime | None = None
        self._tidied: date | None = None

    async def run(self) -> None:
        """Deliver until stopped.

        Raises:
            SetupError: Discord does not accept the token any more.
        """
        self._ended.clear()
        loops: set[asyncio.Task[None]] = set()
        try:
            await self._steadily(self._release_all, once=True)
            loops = {asyncio.create_task(self._steadily(step)) for step in (self._plan, self._dispatch, self._dress)}
            await self._told_to_stop.wait()
            await self._drain(loops)
        finally:
            for task in (*loops, *self._in_flight, *self._errands):
                task.cancel()
            await asyncio.gather(*loops, *self._in_flight, *self._errands, return_exceptions=True)
            with suppress(StoreError):
                await self._store.deliveries.release()
            self._ended.set()
        if self._fatal is not None:
            raise self._fatal

    async def stop(self) -> None:
        """Claim nothing more, finish what is in flight (at most 20 s), give back the leases."""
        self._told_to_stop.set()
        self.wake()
        await self._ended.wait()

    @property
    def _stopping(self) -> bool:
        return self._told_to_stop.is_set()

    def wake(self) -> None:
        """Something changed: plan, send and dress at once."""
        for bell in (self._plan_bell, self._send_bell, self._dress_bell):
            bell.ring()

    async def _steadily(self, step: Callable[[], Awaitable[None]], *, once: bool = False) -> None:
        """Repeat a step until stopped, whatever it meets; trouble that stays is told once."""
        told = ""
        while not self._stopping:
            try:
                await step()
                told = ""
                if once:
                    return
            except SetupError as error:
                self._give_up(error)
            except DatelineError as error:
                if str(error) != told:
                    log.error("delivery waits: %s", error)  # noqa: TRY400 - a sentence, no traceback
                told = str(error)
                await self._plan_bell.wait(TROUBLE_S) if step == self._plan else await self._send_bell.wait(TROUBLE_S)
            except Exception:
                log.exception("delivery goes on after an unexpected error")
                await self._clock.sleep(TROUBLE_S)

    def _give_up(self, error: SetupError) -> None:
        self._fatal = error
        self._told_to_stop.set()
        self.wake()

    async def _release_all(self) -> None:
        if self._alone:
            await self._store.deliveries.release(everyone=True)

    # Plan

    async def _plan(self) -> None:
        now = await self._guard.refresh()
        if now is None:
            await self._plan_bell.wait(min(10.0, self._tick_s))
            return
        if self._outbox.started_at is None:
            self._outbox.started_at = now
            await self._store.schedules.put_in_order(now)
        planned = 0
        while (found := await self._store.plans.plan_due(now)) and not self._stopping:
            planned += found
            self._send_bell.ring()
            if found < PLANNED_AT_ONCE:
                break
            await self._clock.sleep(BREATH_S)
        expired = await self._store.plans.expire(now)
        if planned or expired:
            log.info("planned %s briefings, %s came too late", planned, expired)
        self._send_bell.ring()
        await self._look_ahead(now)
        self._tidy(now)
        due = await self._store.schedules.next_due_at()
        wait = self._tick_s if due is None else min(self._tick_s, (due - now).total_seconds())
        await self._plan_bell.wait(max(0.0, wait) + 0.001)

    async def _look_ahead(self, now: datetime) -> None:
        """Before an edition: warn of what will not work, and let its sources be fetched meanwhile."""
        start, end = self._looked_until or now, now + PREFETCH
        if start > end + PREFETCH:  # a wrong clock looked too far
            start = now
        self._looked_until = end
        soon: list[Schedule] = []
        while page := await self._store.schedules.due_between(start, end, LOOKED_AT, soon[-1] if soon else None):
            for schedule in page:
                await self._warn(schedule, now)
            soon += page
        if soon and self._prefetch is not None:
            self._beside(self._fetch(self._prefetch, soon))

    async def _fetch(self, prefetch: Prefetch, schedules: Sequence[Schedule]) -> None:
        try:
            await prefetch(schedules)
        except DatelineError as error:  # an edition of what is there already is better than none
            log.warning("sources could not be fetched before an edition: %s", error)
        except Exception:  # likewise
            log.exception("sources could not be fetched before an edition")

    def _tidy(self, now: datetime) -> None:
        """Once a day, beside the planner, let go of what has had its time."""
        if self._tidied != now.date():
            self._tidied = now.date()
            self._beside(tidy(self._store, now, self._clock))

    def _beside(self, errand: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(errand)
        self._errands.add(task)
        task.add_done_callback(self._errands.discard)

    # Access

    async def check_place(self, place_id: int) -> None:
        """Roles or channels changed: warn of what will not work any more, and heal what works again."""
        await self._check_all(await self._store.schedules.of_place(place_id))

    async def check_troubled(self) -> None:
        """The gateway is ready: heal what was mended while nobody looked."""
        await self._check_all(await self._store.notices.troubled())

    async def _check_all(self, schedules: Sequence[Schedule]) -> None:
        now = self._guard.now()
        if now is None:
            return
        for schedule in schedules:
            if not await self._warn(schedule, now) and self._outbox.blocked(schedule) is None:
                await self._store.notices.heal(schedule.id, now)
        self.wake()

    async def _warn(self, schedule: Schedule, now: datetime) -> bool:
        """Tell, before it is due, that a briefing can't be posted; give whether that is so."""
        block = self._outbox.blocked(schedule)
        if block is None or block.is_passing or not schedule.enabled:
            return False
        notice = Notice(schedule.place, schedule, block.cause, block.missing, is_off=block.cause == GONE)
        if await self._store.notices.note(notice, now, is_failure=False):
            self._dress_bell.ring()
        return True

    # Send

    async def _dispatch(self) -> None:
        now = self._guard.now()
        most = 1 if self._pace.is_broken else AT_ONCE
        free = most - len(self._in_flight)
        if now is None or self._outbox.started_at is None or free <= 0:
            await self._send_bell.wait(self._tick_s)
            return
        if free < HANDFUL <= most:  # one commit for several
            await self._clock.sleep(HANDFUL_S)
            free = most - len(self._in_flight)
        claimed = await self._store.deliveries.claim(now, free)
        for delivery in claimed:
            task = asyncio.create_task(self._deliver(delivery))
            self._in_flight.add(task)
            task.add_done_callback(self._landed)
        if claimed:
            return
        if not self._in_flight:
            self._dress_bell.ring()
        ready = await self._store.deliveries.next_ready_at()
        wait = self._tick_s if ready is None else (ready - now).total_seconds()
        await self._send_bell.wait(min(self._tick_s, max(0.2, wait)))

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            with tracing(delivery.marker.replace(" · ", "-")):  # it stands in the message's last line, too
                await self._outbox.deliver(delivery)
        except SetupError as error:
            self._give_up(error)
        except DatelineError as error:
            log.error("delivery %s waits: %s", delivery.id, error)  # noqa: TRY400 - a sentence, no traceback
        except Exception:
            log.exception("delivery %s failed unexpectedly; it will be tried again", delivery.id)

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._send_bell.ring()

    async def _drain(self, loops: set[asyncio.Task[None]]) -> None:
        """Let what is in flight end by itself, for a while."""
        waiting = loops | self._in_flight
        log.info("finishing %s sends", len(self._in_flight))
        await asyncio.wait(waiting, timeout=DRAIN_S)

    # Dress

    async def _dress(self) -> None:
        now = self._guard.now()
        if now is None or self._in_flight or self._pace.is_broken:
            await self._dress_bell.wait(self._tick_s)
            return
        wait = await self._dresser.step(now)
        if wait is not None:
            await self._dress_bell.wait(min(self._tick_s, wait))
