"""Sends alerts by DM: plain first, so that the push says the headline, then dressed with its controls.

A refused DM closes the person's alerts until they ask for something again; it is not tried a second time.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn, Protocol

from bot.clock import Clock
from bot.deliver.answers import Answer, Do, backoff_s, decide, decide_dress
from bot.deliver.bodies import COMPONENTS_V2, SUPPRESS_EMBEDS, mentions
from bot.deliver.pace import Pace
from bot.domain.stories import story_key
from bot.errors import DatelineError, SetupError
from bot.render.limits import CONTENT, NONCE, cut
from bot.store.store import Store

log = logging.getLogger(__name__)

AT_ONCE = 8
LOOK_EVERY_S = 5.0
PURGE_EVERY_S = 3_600.0
MOST_TRIES = 4  # without an answer; the nonce makes one message of them

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Direct:
    """One alert, written: what is created, and what it is edited to."""

    id: int
    user_id: int
    nonce: str
    plain: str
    dressed: list[Json]
    story_id: int = 0
    tries: int = 0
    channel_id: int | None = None
    message_id: int | None = None


class Desk(Protocol):
    """Chooses and writes alerts."""

    async def outgoing(self) -> tuple[Direct, ...]:
        """Give what may be sent now."""
        ...

    async def undressed(self) -> tuple[Direct, ...]:
        """Give what was sent and lacks its controls."""
        ...


class Sender(Protocol):
    """The part of a sender that alerts need."""

    async def direct(self, user_id: int, body: Json) -> Answer:
        """Send a message to a person's DM."""
        ...

    async def edit(self, channel_id: int, message_id: int, body: Json) -> Answer:
        """Edit one of our messages."""
        ...


class AlertSender:
    """A supervisor: looks every few seconds for what may go out, for as long as the bot runs."""

    def __init__(
        self, store: Store, sender: Sender, desk: Desk, pace: Pace, *, clock: Clock, rng: random.Random
    ) -> None:
        self._store = store
        self._sender = sender
        self._desk = desk
        self._pace = pace
        self._clock = clock
        self._rng = rng

    async def run(self) -> NoReturn:
        """Send for ever.

        Raises:
            SetupError: Discord does not accept the token any more.
        """
        purge_at = self._clock.monotonic()
        while True:
            try:
                busy = await self.step()
                if self._clock.monotonic() >= purge_at:
                    while await self._store.alerts.purge(self._clock.now()):
                        """Piece by piece, so that no other write waits."""
                    purge_at = self._clock.monotonic() + PURGE_EVERY_S
            except SetupError:
                raise
            except DatelineError as error:
                log.warning("Alerts wait", extra={"why": repr(error)})
                busy = False
            await self._clock.sleep(0 if busy else LOOK_EVERY_S)

    async def step(self) -> bool:
        """Send and dress a batch; say whether there was any."""
        undressed = await self._desk.undressed()
        outgoing = await self._desk.outgoing()
        await self._each(undressed, self._dress)
        await self._each(outgoing, self._send)
        return bool(outgoing)

    async def _each(self, found: Iterable[Direct], do: Callable[[Direct], Awaitable[None]]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(direct: Direct) -> None:
            async with gate:
                await self._pace.turn()
                await do(direct)

        try:
            async with asyncio.TaskGroup() as group:
                for direct in found:
                    group.create_task(one(direct))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None

    async def _send(self, direct: Direct) -> None:
        body = {
            "content": cut(direct.plain, CONTENT),
            "nonce": direct.nonce[:NONCE],
            "enforce_nonce": True,
            "allowed_mentions": mentions(None),
            "flags": SUPPRESS_EMBEDS,
        }
        answer = await self._sender.direct(direct.user_id, body)
        self._note(answer)
        do = decide(answer, was_simplified=True, was_unarchived=True)
        if do is Do.KEEP and answer.channel_id and answer.message_id:
            await self._store.alerts.sent(direct.id, answer.channel_id, answer.message_id, self._clock.now())
            await self._pace.turn()
            await self._edit(direct, answer.channel_id, answer.message_id)
        elif do in {Do.CLOSED, Do.REFUSED, Do.GONE}:
            log.info("A person takes no DMs", extra={"code": answer.code})
            await self._store.followers.close(direct.user_id, self._clock.now())
        elif do in {Do.WAIT, Do.WAIT_ALL, Do.RETRY}:
            await self._wait(direct, answer, do)
        else:
            log.warning("An alert was refused", extra={"story": story_key(direct.story_id), "code": answer.code})
            await self._store.alerts.drop(direct.id)

    async def _wait(self, direct: Direct, answer: Answer, do: Do) -> None:
        """Put an alert off: as long as Discord asks, or with back-off where it did not answer, and not for ever."""
        if do is Do.RETRY and direct.tries + 1 >= MOST_TRIES:
            log.warning("An alert got no answer", extra={"story": story_key(direct.story_id)})
            await self._store.alerts.drop(direct.id)
            return
        wait_s = answer.retry_after_s or backoff_s(direct.tries + 1, 0.5 + self._rng.random() / 2)
        if do is Do.WAIT_ALL:
            self._pace.pause(wait_s)
        until = self._clock.now() + timedelta(seconds=wait_s)
        await self._store.alerts.postpone(direct.id, until, tries=int(do is Do.RETRY))

    async def _dress(self, direct: Direct) -> None:
        if direct.channel_id and direct.message_id:
            await self._edit(direct, direct.channel_id, direct.message_id)

    async def _edit(self, direct: Direct, channel_id: int, message_id: int) -> None:
        body = {
            "content": None,
            "components": direct.dressed,
            "flags": COMPONENTS_V2,
            "allowed_mentions": mentions(None),
        }
        answer = await self._sender.edit(channel_id, message_id, body)
        self._note(answer)
        if decide_dress(answer) in {Do.KEEP, Do.FAIL}:  # else it is tried again while it is new
            await self._store.alerts.dressed(direct.id, self._clock.now())

    def _note(self, answer: Answer) -> None:
        if answer.status is None or answer.status >= 500:
            self._pace.note_silence()
        else:
            self._pace.note_answer(is_invalid=answer.is_invalid)
        if answer.status == 401:
            raise SetupError("Discord does not accept the token any more, so Dateline stops. Put a new one into .env.")
