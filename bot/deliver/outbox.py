"""The outbox: takes one claimed delivery as far as it goes. Compose, freeze, look, try, send, mark.

    claim ──► composed, frozen ──► (seen in the channel already?) ──► intent committed ──► POST ──► marked sent

What Discord answers is judged in `answers`; who speaks to Discord is a `Sender`; the ledger is the store's.
"""

import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.deliver.answers import Answer, Do, backoff_s, decide
from bot.deliver.pace import Pace
from bot.deliver.ports import GONE, Block, Sender, Sight
from bot.domain.deliveries import (
    Composed,
    Delivery,
    Message,
    Nothing,
    Notice,
    Part,
    State,
    freeze,
    nonce,
    thaw,
)
from bot.domain.due import reason_to_skip
from bot.domain.places import Schedule, TargetKind
from bot.errors import Code, DatelineError, SetupError, StoreError
from bot.store.store import Store

log = logging.getLogger(__name__)

Compose = Callable[[Schedule, Delivery, datetime], Awaitable[Composed | Nothing]]

NONCE_WINDOW_S = 60.0  # Discord keeps nonces for "the past few minutes"; we trust a part of that
LOOK_BACK = timedelta(minutes=15)
SETTLE = timedelta(seconds=90)  # a forum post has no nonce: an unanswered try must have landed before we look
TRIES_KEPT = 5_000
NOT_CONNECTED_S = (3.0, 15.0)  # between two looks at whether the gateway is there
GIVE_UP_AFTER = timedelta(hours=6)  # beyond expiry, when it cannot be found out what became of a try

UNKNOWN = "unknown"
_DECISIVE = {Do.STOP, Do.GONE, Do.CLOSED, Do.WAIT, Do.WAIT_ALL}  # of a look, as of a send
_CAUSES: dict[Do, str] = {Do.REFUSED: Code.CANNOT_POST, Do.CLOSED: Code.DM_CLOSED, Do.GONE: GONE}


class Outbox:
    """Delivers claimed rows. `now` is the guarded clock: None means nothing may be decided by time."""

    def __init__(
        self,
        store: Store,
        sender: Sender,
        compose: Compose,
        pace: Pace,
        now: Callable[[], datetime | None],
        *,
        clock: Clock,
        rng: random.Random,
    ) -> None:
        self._ledger = store.deliveries
        self._sender = sender
        self._compose = compose
        self.pace = pace
        self._now = now
        self._clock = clock
        self._rng = rng
        self.started_at: datetime | None = None  # the first instant this run could trust
        self._tries: dict[str, tuple[float, datetime]] = {}  # by nonce: this run's first try, two clocks

    def blocked(self, schedule: Schedule) -> Block | None:
        """Say from the cache why nothing can be sent there; None: a send may be tried."""
        return self._sender.blocked(schedule)

    async def deliver(self, delivery: Delivery) -> None:
        """Take a claimed delivery as far as it goes now; it ends final, or planned again."""
        now = self._now()
        if now is None:
            return  # the lease runs out by itself
        if await self._ends_before_sending(delivery, now):
            return
        composed = await self._composed(delivery, now)
        if composed is None:
            return
        for number, message in enumerate(composed.messages):
            part = delivery.parts[number] if number < len(delivery.parts) else _new_part(delivery, number)
            if part.message_id is not None:
                continue
            sent = await self._send(delivery, part, message, composed)
            if sent is None:
                return
            delivery = sent

    async def _ends_before_sending(self, delivery: Delivery, now: datetime) -> bool:
        """End, or put back, what needs no look at Discord."""
        was_tried = any(part.first_try_at for part in delivery.parts)
        schedule = delivery.schedule
        if not was_tried and not delivery.is_manual:
            reason = "turned-off" if not schedule.enabled else reason_to_skip(schedule, delivery.local_date)
            if reason:
                await self._ledger.finish(delivery, State.SKIPPED, now, reason=reason)
                return True
        if not was_tried and now >= delivery.expires_at:
            await self._ledger.finish(delivery, State.EXPIRED, now, reason=delivery.reason or "not-running")
            return True
        block = self._sender.blocked(schedule)
        if block is None:
            return False
        if block.is_passing:
            wait = timedelta(seconds=self._rng.uniform(*NOT_CONNECTED_S))
            await self._ledger.put_back(delivery, now + wait, now, reason="not-connected", spends_attempt=False)
        else:
            await self._fail(delivery, block.cause, now, missing=block.missing)
        return True

    async def _composed(self, delivery: Delivery, now: datetime) -> Composed | None:
        """Give what is sent: as it was frozen, else composed now, and frozen with the first try."""
        if delivery.payload is not None:
            return thaw(delivery.payload)
        try:
            composed = await self._compose(delivery.schedule, delivery, now)
        except StoreError:
            raise  # then nothing can be noted either: the supervisor says it, and the lease runs out by itself
        except DatelineError as error:
            log.error("delivery %s could not be composed: %s", delivery.id, error)  # noqa: TRY400 - a sentence
            await self._retry(delivery, now, "not-composed")
            return None
        except Exception:  # whatever editing a briefing meets must not end the others
            log.exception("delivery %s could not be composed", delivery.id)
            await self._retry(delivery, now, "not-composed")
            return None
        if isinstance(composed, Nothing):
            await self._ledger.finish(delivery, State.EMPTY, now, reason=composed.reason)
            return None
        return composed

    async def _note_try(self, delivery: Delivery, part: Part, composed: Composed, now: datetime) -> bool:
        """Commit that a part is sent next; what was composed just now is frozen in the same commit."""
        if part.number or delivery.payload is not None:
            return await self._ledger.record_try(delivery, part.number, now)
        return await self._freeze(delivery, composed, now, trying=0)

    async def _freeze(self, delivery: Delivery, composed: Composed, now: datetime, *, trying: int | None) -> bool:
        count = len(composed.messages)
        return await self._ledger.freeze(delivery, freeze(composed), composed.shown, count, now, trying=trying)

    async def _send(self, delivery: Delivery, part: Part, message: Message, frozen: Composed) -> Delivery | None:
        """Send one part; give the delivery with it, or None when the next may not follow."""
        must_look = self._must_look(delivery, part)
        await self.pace.turn(2 if must_look else 1)  # look and send at one go: nobody's look delays another's send
        now = self._now()
        if now is None:
            return None
        if must_look:
            is_new = delivery.payload is None and not part.number  # what is found is kept in its row
            if is_new and not await self._freeze(delivery, frozen, now, trying=None):
                return None
            is_absent, found = await self._look(delivery, part, now)
            if not is_absent:
                return found
            now = self._now()
        if now is None or not await self._note_try(delivery, part, frozen, now):
            return None
        if len(self._tries) > TRIES_KEPT:
            self._tries.clear()  # then the channel is looked at instead
        self._tries.setdefault(part.nonce, (self._clock.monotonic(), self._clock.now()))
        answer = await self._sender.create(delivery, part, message, frozen)
        return await self._act(delivery, part, message, frozen, answer)

    def _must_look(self, delivery: Delivery, part: Part) -> bool:
        """Whether the part may stand in the channel beyond what its nonce protects.

        What was due before this process started may have been sent by an earlier one whose ledger was restored.
        """
        if part.first_try_at is None:
            return self.started_at is not None and delivery.due_at < self.started_at
        if delivery.schedule.target is TargetKind.FORUM:
            return True
        first = self._tries.get(part.nonce)
        if first is None:
            return True
        by_mono, by_wall = self._clock.monotonic() - first[0], (self._clock.now() - first[1]).total_seconds()
        return not (0 <= by_mono <= NONCE_WINDOW_S and 0 <= by_wall <= NONCE_WINDOW_S)

    async def _look(self, delivery: Delivery, part: Part, now: datetime) -> tuple[bool, Delivery | None]:
        """Look for the part in the channel: whether it may be sent now; else, if it is there, the delivery with it."""
        is_forum = delivery.schedule.target is TargetKind.FORUM
        if is_forum and part.last_try_at is not None and now < part.last_try_at + SETTLE:
            await self._ledger.put_back(delivery, part.last_try_at + SETTLE, now, spends_attempt=False)
            return False, None
        since = (part.first_try_at or delivery.due_at) - LOOK_BACK
        sighting = await self._sender.find(delivery, part, since)
        if sighting.answer is not None:
            self.pace.note(sighting.answer)
        if sighting.sight is Sight.FOUND:
            return False, await self._keep(delivery, part, sighting.message_id, sighting.channel_id)
        if sighting.sight is Sight.FAILED and now < delivery.expires_at + GIVE_UP_AFTER:
            answer = sighting.answer or Answer(None)
            do = decide(answer)
            await self._put_off(delivery, answer, do if do in _DECISIVE else Do.RETRY, now)
            return False, None
        was_tried = part.first_try_at is not None
        if sighting.sight is Sight.ABSENT or (sighting.sight is Sight.UNREADABLE and not was_tried):
            is_over = now >= delivery.expires_at
            if is_over:
                await self._ledger.finish(delivery, State.FAILED, now, reason="no-answer")
            return not is_over, None
        notice = Notice(delivery.schedule.place, delivery.schedule, UNKNOWN, (), delivery.local_date)
        await self._ledger.finish(delivery, State.UNKNOWN, now, reason="no-answer", notice=notice)
        return False, None

    async def _act(
        self, delivery: Delivery, part: Part, message: Message, frozen: Composed, answer: Answer
    ) -> Delivery | None:
        """Do what the answer to a send asks for; give the delivery with its part, or None."""
        self.pace.note(answer)
        do = decide(answer)
        if do is Do.UNARCHIVE:
            woken = await self._sender.unarchive(delivery)
            answer = await self._sender.create(delivery, part, message, frozen) if woken.is_success else answer
            do = decide(answer, was_unarchived=True)
        if do is Do.SIMPLIFY:
            answer = await self._sender.create_simple(delivery, part, message, frozen)
            do = decide(answer, was_simplified=True)
        _log_answer(delivery, part, answer, do)
        if do in {Do.KEEP, Do.KEEP_GONE}:
            return await self._keep(delivery, part, answer.message_id or 0, answer.channel_id or delivery.channel_id)
        await self._put_off(delivery, answer, do, self._now() or delivery.due_at)
        return None

    async def _put_off(self, delivery: Delivery, answer: Answer, do: Do, now: datetime) -> None:
        """Put a delivery back, or end it, as the answer asks."""
        if do is Do.STOP:
            await self._ledger.put_back(delivery, now, now, reason="token")
            raise SetupError("Discord does not accept the token any more, so Dateline stops. Put a new one into .env.")
        if do in {Do.WAIT, Do.WAIT_ALL}:
            wait = answer.retry_after_s or 5.0
            if do is Do.WAIT_ALL:
                self.pace.pause(wait)
            until = now + timedelta(seconds=wait)
            await self._ledger.put_back(delivery, until, now, reason="rate-limited", spends_attempt=False)
        elif do is Do.RETRY:
            await self._retry(delivery, now, "no-answer")
        else:
            await self._fail(delivery, _CAUSES.get(do, Code.INTERNAL), now, code=answer.code)

    async def _keep(self, delivery: Delivery, part: Part, message_id: int, channel_id: int) -> Delivery | None:
        now = self._now() or delivery.due_at
        self._tries.pop(part.nonce, None)
        if not await self._ledger.mark_sent(delivery, part.number, message_id, channel_id, now):
            return None
        others = tuple(each for each in delivery.parts if each.number != part.number)
        parts = sorted((*others, replace(part, message_id=message_id)), key=lambda each: each.number)
        return replace(delivery, channel_id=channel_id, parts=tuple(parts))

    async def _retry(self, delivery: Delivery, now: datetime, reason: str) -> None:
        wait = timedelta(seconds=backoff_s(delivery.attempts, self._rng.random()))
        await self._ledger.put_back(delivery, now + wait, now, reason=reason)

    async def _fail(
        self, delivery: Delivery, cause: str, now: datetime, *, missing: tuple[str, ...] = (), code: int = 0
    ) -> None:
        """End it for today, and keep what must be told; our own faults are only logged."""
        notice = None
        if cause != Code.INTERNAL:
            schedule = delivery.schedule
            notice = Notice(schedule.place, schedule, cause, missing, delivery.local_date, is_off=cause == GONE)
        await self._ledger.finish(delivery, State.FAILED, now, reason=cause, error_code=code or None, notice=notice)


def _new_part(delivery: Delivery, number: int) -> Part:
    return Part(number, nonce(delivery.schedule.key, delivery.local_date, delivery.slot, number))


def _log_answer(delivery: Delivery, part: Part, answer: Answer, do: Do) -> None:
    level = logging.INFO if do is Do.KEEP else logging.ERROR if do is Do.FAIL else logging.WARNING
    log.log(
        level,
        "guild %s delivery %s part %s attempt %s: %s %s, %s",
        delivery.schedule.place.discord_id, delivery.id, part.number, delivery.attempts,
        answer.status, answer.code, do.value,
    )  # fmt: skip
