"""Turns: two at once and one start a second for a host, 64 in all."""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise

from bot.clock import SimulatedClock
from bot.sources import pace as pacing
from bot.sources.pace import Pace

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def _settled() -> None:
    for _ in range(50):
        await SimulatedClock(NOON).sleep(0)


async def test_at_most_two_are_with_one_host_and_64_in_all() -> None:
    pace, gate = Pace(SimulatedClock(NOON), gap_s=0), asyncio.Event()
    inside: list[str] = []

    async def visit(host: str) -> None:
        async with pace.turn(host):
            inside.append(host)
            await gate.wait()

    visits = [asyncio.create_task(visit("one.example")) for _ in range(5)]
    visits += [asyncio.create_task(visit(f"{number}.example")) for number in range(100)]
    await _settled()
    assert (inside.count("one.example"), len(inside)) == (2, 64)
    gate.set()
    await asyncio.gather(*visits)
    assert len(inside) == 105


async def test_starts_are_a_second_apart_and_a_cancelled_turn_is_given_back() -> None:
    clock = SimulatedClock(NOON)
    pace = Pace(clock)
    starts: list[float] = []

    async def visit() -> None:
        async with pace.turn("one.example"):
            starts.append(clock.monotonic())

    visits = [asyncio.create_task(visit()) for _ in range(4)]
    await _settled()
    visits[1].cancel()
    await clock.advance(10)
    await asyncio.gather(*visits, return_exceptions=True)
    assert len(starts) == 3
    assert all(later - earlier >= 1 for earlier, later in pairwise(starts))


async def test_old_hosts_are_forgotten() -> None:
    clock = SimulatedClock(NOON)
    pace = Pace(clock)
    for number in range(pacing._KEPT_HOSTS + 50):
        async with pace.turn(f"{number}.example"):
            pass
        await clock.advance(2, settle=1)
    assert len(pace._hosts) <= pacing._KEPT_HOSTS + 1
