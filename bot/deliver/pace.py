"""The pace of sends: so many a second, pauses that Discord asks for, a breaker, and a bound on invalid requests."""

import asyncio
from collections import deque

from bot.clock import Clock
from bot.deliver.answers import Answer

DEFAULT_RATE = 25.0  # a second; Discord allows 50 for everything together
CATCH_UP_S = 0.1  # what a stall held up may follow at once; even at 40 a second fewer than 45 go out in any second
BREAKS_AFTER = 10  # unanswered in a row
PROBE_EVERY_S = 30.0
LOOK_UP_EVERY_S = 5.0  # while waiting: the breaker may have closed
INVALID_MOST = 45  # in 10 minutes; Discord bans at 10,000, and somebody else may share the address
INVALID_WINDOW_S = 600.0


class Pace:
    """Gives every request its turn."""

    def __init__(self, clock: Clock, rate: float = DEFAULT_RATE) -> None:
        self._clock = clock
        self._gap = 1.0 / rate
        self._queue = asyncio.Lock()
        self._next = 0.0
        self._paused_until = 0.0
        self._unanswered = 0
        self._invalid: deque[float] = deque()

    @property
    def is_broken(self) -> bool:
        """Whether Discord has not answered for so long that only a probe goes out now and then."""
        return self._unanswered >= BREAKS_AFTER

    async def turn(self, requests: int = 1) -> None:
        """Wait until the next request (or so many in a row) may go out, first come, first served."""
        async with self._queue:
            while (wait := self._wait_s()) > 0:
                await self._clock.sleep(min(wait, LOOK_UP_EVERY_S))
            now = self._clock.monotonic()
            if self.is_broken:
                self._next = now + PROBE_EVERY_S
            else:
                self._next = max(self._next, now - max(self._gap, CATCH_UP_S)) + self._gap * requests

    def _wait_s(self) -> float:
        now = self._clock.monotonic()
        return max(self._next, self._paused_until, self._room_at(now)) - now

    def _room_at(self, now: float) -> float:
        while self._invalid and self._invalid[0] <= now - INVALID_WINDOW_S:
            self._invalid.popleft()
        return self._invalid[0] + INVALID_WINDOW_S if len(self._invalid) >= INVALID_MOST else 0.0

    def pause(self, seconds: float) -> None:
        """Let nothing out for so long."""
        self._paused_until = max(self._paused_until, self._clock.monotonic() + seconds)

    def note(self, answer: Answer) -> None:
        """Take note of what came of a request: silence, an answer, a limit met on the way."""
        if answer.met_global:
            self.pause(1.0)  # whoever else uses this address or token needs room
        if answer.status is None or answer.status >= 500:
            self.note_silence()
        else:
            self.note_answer(is_invalid=answer.is_invalid)

    def note_answer(self, *, is_invalid: bool = False) -> None:
        """Discord answered: the breaker closes."""
        if self.is_broken:
            self._next = self._clock.monotonic()
        self._unanswered = 0
        if is_invalid:
            self._invalid.append(self._clock.monotonic())

    def note_silence(self) -> None:
        """A request got no answer."""
        self._unanswered += 1
        if self.is_broken:
            self._next = max(self._next, self._clock.monotonic() + PROBE_EVERY_S)
