"""Waits for something to come true: by what happens, never by how many turns a loop or a thread needs for it."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar, cast, overload

from bot.clock import SimulatedClock, SystemClock

T = TypeVar("T")
PATIENCE_S = 60.0
"""How long a test waits, in real time, for what should come at once: a busy machine is no wrong answer."""


@overload
async def until(
    holds: Callable[[], Awaitable[T | None]], clock: SimulatedClock | None = None, *, step_s: float = 1.0
) -> T: ...
@overload
async def until(holds: Callable[[], T | None], clock: SimulatedClock | None = None, *, step_s: float = 1.0) -> T: ...
async def until(
    holds: Callable[[], object] | Callable[[], Awaitable[object]],
    clock: SimulatedClock | None = None,
    *,
    step_s: float = 1.0,
) -> object:
    """Wait until `holds()` gives something true, and give that; a simulated clock goes on by `step_s` each time.

    It raises TimeoutError after `PATIENCE_S`.
    """
    async with asyncio.timeout(PATIENCE_S):
        while True:
            held = holds()
            if found := await held if inspect.isawaitable(held) else held:
                return cast("object", found)
            if clock is not None:
                await clock.advance(step_s)
            await SystemClock().sleep(0.005)
