"""The only reader of time. Live code asks a `Clock`; pure code takes `now` as a parameter.

`SystemClock` is real time. `SimulatedClock` stands still until it is advanced; wall time and monotonic time
move together unless a test steps the wall alone, which is what a wrong system clock looks like.
"""

import asyncio
import heapq
import itertools
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the rest of the program may ask of time."""

    def now(self) -> datetime:
        """Give the wall time as an aware UTC datetime."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never go backwards; only differences mean anything."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds`; negative values count as 0."""
        ...


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        """Give the wall time as an aware UTC datetime."""
        return datetime.now(UTC)  # noqa: TID251 - the one place that asks the system

    def monotonic(self) -> float:
        """Give the system's monotonic seconds."""
        return time.monotonic()  # noqa: TID251 - the one place that asks the system

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(max(0.0, seconds))  # noqa: TID251 - the one place that waits


class SimulatedClock:
    """Time that moves only when told to; sleepers wake in order of their due time."""

    def __init__(self, start: datetime) -> None:
        self._wall = start.astimezone(UTC)
        self._mono = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Give the simulated wall time."""
        return self._wall

    def monotonic(self) -> float:
        """Give the simulated monotonic seconds since the clock was made."""
        return self._mono

    async def sleep(self, seconds: float) -> None:
        """Wait until the clock has been advanced by `seconds`; 0 or less only yields."""
        if seconds <= 0:
            await asyncio.sleep(0)  # noqa: TID251 - a bare yield to the loop
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._mono + seconds, next(self._order), woken))
        await woken

    @property
    def next_wake(self) -> float | None:
        """The seconds until the next sleeper wakes; None when nobody sleeps."""
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] - self._mono if self._sleepers else None

    async def advance(self, by: timedelta | float, *, settle: int = 20) -> None:
        """Move wall and monotonic time on, waking each sleeper at its own instant.

        `settle` is how many turns the loop gets after each wake, so that what was woken can act before time
        goes on.
        """
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        end = self._mono + seconds
        await self._settle(settle)
        while (wait := self.next_wake) is not None and self._mono + wait <= end:
            self._move(wait)
            _, _, woken = heapq.heappop(self._sleepers)
            with suppress(asyncio.InvalidStateError):
                woken.set_result(None)
            await self._settle(settle)
        self._move(end - self._mono)
        await self._settle(settle)

    def step_wall(self, by: timedelta) -> None:
        """Move the wall time alone: a clock set wrong, or set right again."""
        self._wall += by

    def _move(self, seconds: float) -> None:
        self._mono += seconds
        self._wall += timedelta(seconds=seconds)

    @staticmethod
    async def _settle(turns: int) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)  # noqa: TID251 - a bare yield to the loop


class AdjustableClock:
    """Real time that can be moved ahead: try mode's clock. Wall and monotonic time always move together."""

    def __init__(self) -> None:
        self._real = SystemClock()
        self._ahead_s = 0.0
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Give the wall time as an aware UTC datetime."""
        return self._real.now() + timedelta(seconds=self._ahead_s)

    def monotonic(self) -> float:
        """Give the monotonic seconds."""
        return self._real.monotonic() + self._ahead_s

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` have passed on this clock, by themselves or by moving it ahead."""
        until = self.monotonic() + seconds
        while (left := until - self.monotonic()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left)

    def advance(self, by: timedelta) -> None:
        """Move the clock ahead and let every sleeper look at it again."""
        self._ahead_s += by.total_seconds()
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
