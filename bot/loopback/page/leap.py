"""Fast-forward: moves try mode's clock on in small steps, so that the bot lives through the time in between."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol

from bot.clock import Clock

STEPS = 120
LONGEST = timedelta(days=8)
Idle = Callable[[], Awaitable[object]]


class MovableClock(Clock, Protocol):
    """A clock that can be moved ahead."""

    def advance(self, by: timedelta) -> None:
        """Move wall and monotonic time ahead."""
        ...


def read_leap(body: object) -> timedelta | None:
    """Read how far the clock is asked to be moved; None when that is no length of time it can be moved by."""
    seconds = body.get("by_s") if isinstance(body, dict) else None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= LONGEST.total_seconds():
        return None
    return timedelta(seconds=seconds)


async def leap(clock: MovableClock, by: timedelta, tick: Callable[[], None], idle: Idle) -> None:
    """Move on by `by`; after each step `tick` is told and the bot does what has come due, until it is `idle`."""
    step = max(timedelta(minutes=5), by / STEPS)
    left = by
    while left > timedelta():
        part = min(step, left)
        clock.advance(part)
        left -= part
        tick()
        await idle()
