"""Clocks of tests: one for what runs on the loop alone, and one that begins at the same hour whenever a test runs."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import AdjustableClock, SimulatedClock

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def from_noon() -> AdjustableClock:
    """Give real time from the next noon in UTC on: what comes tomorrow at eight is one briefing ahead."""
    clock = AdjustableClock()
    clock.advance((NOON - clock.now()) % timedelta(days=1))
    return clock


class ExactClock(SimulatedClock):
    """For simulations without threads and sockets, which are exact and quick.

    Lets time go on only, and as soon as, nothing on the loop is left to do, however long a chain of awaits is.
    """

    @staticmethod
    async def _settle(_turns: int) -> None:
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]
        while True:
            await asyncio.sleep(0)  # noqa: TID251 - a bare yield to the loop
            if not ready:
                return
