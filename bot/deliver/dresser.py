"""The dresser: what may come after a briefing stands. Dress it, show corrections, tell notices; all may be repeated.

It works when no send waits. What fails is tried again with back-off; what Discord refuses stays plain.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from bot.clock import Clock
from bot.deliver.answers import Answer, Do, backoff_s, decide_dress
from bot.deliver.bodies import follow_ups
from bot.deliver.corrections import note_corrections
from bot.deliver.pace import Pace
from bot.deliver.ports import Finisher
from bot.domain.deliveries import Delivery, Notice, Part, Posted, thaw
from bot.errors import SetupError
from bot.store.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 8
BATCH = 64
MOST_TELLS = 5  # then nobody can be told; the status says it

Json = dict[str, Any]
Job = Callable[[], Awaitable[bool]]
RenderCorrection = Callable[[Delivery, tuple[Posted, ...]], Json | None]


class Dresser:
    """Finishes what was sent.

    `correct` renders a post with its corrections; None leaves the post alone. With nothing to do it looks again after
    `look_s`.
    """

    def __init__(
        self,
        store: Store,
        sender: Finisher,
        pace: Pace,
        correct: RenderCorrection | None = None,
        *,
        clock: Clock,
        rng: random.Random,
        look_s: float = 60.0,
    ) -> None:
        self._store = store
        self._sender = sender
        self._pace = pace
        self._correct = correct
        self._clock = clock
        self._rng = rng
        self._look_s = look_s
        self._not_before: dict[object, tuple[float, int]] = {}  # what failed: when it may be tried again, how often
        self._said: set[tuple[int, str]] = set()  # notices that went out and are not written down yet

    async def step(self, now: datetime) -> float | None:
        """Do a batch; give how long there is nothing to do, None: there may be more at once."""
        jobs: list[tuple[object, Job]] = []
        for delivery, part in await self._undressed(now):
            jobs += [((delivery.id, part.number), partial(self._dress, delivery, part, now))]
        for delivery, posted in await self._waiting(now):
            jobs += [((delivery.id, "c"), partial(self._show, delivery, posted, now))]
        jobs += [((notice.schedule.id, "n"), partial(self._tell, notice, now)) for notice in await self._untold()]
        if not jobs:
            return self._pause_s()
        gate = asyncio.Semaphore(AT_ONCE)
        try:
            async with asyncio.TaskGroup() as group:
                for key, job in jobs:
                    group.create_task(self._run(key, job, gate))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        return None

    async def _undressed(self, now: datetime) -> list[tuple[Delivery, Part]]:
        found = await self._store.ledger.undressed(now, BATCH + len(self._not_before))
        return [(delivery, part) for delivery, part in found if self._may_try((delivery.id, part.number))]

    async def _waiting(self, now: datetime) -> list[tuple[Delivery, tuple[Posted, ...]]]:
        if self._correct is None:
            return []
        await note_corrections(self._store, now)
        found = await self._store.corrections.waiting(BATCH)
        return [(delivery, posted) for delivery, posted in found if self._may_try((delivery.id, "c"))]

    async def _untold(self) -> list[Notice]:
        found = await self._store.notices.untold(BATCH)
        return [notice for notice in found if self._may_try((notice.schedule.id, "n"))]

    def _may_try(self, key: object) -> bool:
        return self._not_before.get(key, (0.0, 0))[0] <= self._clock.monotonic()

    def _pause_s(self) -> float:
        """Give the wait until something put off may be tried; what was due and is not there any more is forgotten."""
        now = self._clock.monotonic()
        self._not_before = {key: (at, tries) for key, (at, tries) in self._not_before.items() if at > now}
        return min((at - now for at, _ in self._not_before.values()), default=self._look_s)

    async def _run(self, key: object, job: Job, gate: asyncio.Semaphore) -> None:
        """Run a job; what is not done is put off."""
        async with gate:
            if await job():
                self._not_before.pop(key, None)
                return
        tries = self._not_before.get(key, (0.0, 0))[1] + 1
        wait = backoff_s(tries, 0.5 + self._rng.random() / 2)
        self._not_before[key] = (self._clock.monotonic() + wait, tries)

    def _judge(self, answer: Answer) -> Do:
        self._pace.note(answer)
        do = decide_dress(answer)
        if do is Do.WAIT_ALL:
            self._pace.pause(answer.retry_after_s or 5.0)
        if do is Do.STOP:
            raise SetupError("Discord does not accept the token any more, so Dateline stops. Put a new one into .env.")
        return do

    async def _dress(self, delivery: Delivery, part: Part, now: datetime) -> bool:
        frame = thaw(delivery.payload or "")
        if not part.message_id:
            await self._store.ledger.settle_dress(delivery.id, part.number, now, "deleted")
            return True
        message = frame.messages[part.number]
        requests = follow_ups(delivery.schedule, part.number, message)
        if not requests:  # a plain one is done as it stands
            await self._store.ledger.settle_dress(delivery.id, part.number, now)
            return True
        await self._pace.turn(requests)
        answer = await self._sender.dress(delivery, part, message, frame)
        do = self._judge(answer)
        if do is Do.KEEP:
            await self._store.ledger.settle_dress(delivery.id, part.number, now)
        elif do is Do.FAIL:
            log.warning("delivery %s part %s stays plain: %s %s", delivery.id, part.number, answer.status, answer.code)
            await self._store.ledger.settle_dress(delivery.id, part.number, now, f"{answer.status}/{answer.code}")
        return do in {Do.KEEP, Do.FAIL}

    async def _show(self, delivery: Delivery, posted: tuple[Posted, ...], now: datetime) -> bool:
        first = delivery.parts[0]
        if first.dressed_at is None and first.dress_error is None and now < delivery.expires_at:
            return False  # dressing would undo it
        body = self._correct(delivery, posted) if self._correct else None
        message_id = first.message_id
        until = max(each.corrected_at for each in posted if each.corrected_at)
        if body is not None and message_id:
            await self._pace.turn()
            do = self._judge(await self._sender.edit(delivery.channel_id, message_id, body))
            if do not in {Do.KEEP, Do.FAIL}:
                return False
        await self._store.corrections.settle(delivery.id, until, now)
        return True

    async def _tell(self, notice: Notice, now: datetime) -> bool:
        said = (notice.schedule.id, notice.cause)
        if said not in self._said:  # nobody is told again and again because the disk is full
            await self._pace.turn()
            do = self._judge(await self._sender.tell(notice))
            tries = self._not_before.get((notice.schedule.id, "n"), (0.0, 0))[1]
            if do not in {Do.KEEP, Do.FAIL} and tries < MOST_TELLS:
                return False
            self._said.add(said)
        await self._store.notices.told(notice.schedule.id, now)
        self._said.discard(said)
        return True
