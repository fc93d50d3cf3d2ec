import asyncio

import pytest

from bot.clock import SimulatedClock
from bot.deliver.answers import Answer
from bot.deliver.pace import BREAKS_AFTER, INVALID_MOST, PROBE_EVERY_S, Pace
from tests.fakes.schedules import DUE


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(DUE)


async def _turns(clock: SimulatedClock, pace: Pace, count: int, seconds: float) -> list[float]:
    """Ask for many turns at once; give when each came within `seconds`."""
    came: list[float] = []

    async def take() -> None:
        await pace.turn()
        came.append(round(clock.monotonic(), 3))

    tasks = [asyncio.create_task(take()) for _ in range(count)]
    await clock.advance(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return came


async def test_turns_come_evenly(clock: SimulatedClock) -> None:
    came = await _turns(clock, Pace(clock, 25), 100, 10)
    assert len(came) == 100
    assert came[-1] == pytest.approx(4.0, abs=0.1)


async def test_a_pause_holds_everybody(clock: SimulatedClock) -> None:
    pace = Pace(clock, 25)
    pace.pause(30)
    pace.pause(10)  # a shorter one does not shorten it
    came = await _turns(clock, pace, 2, 40)
    assert came[0] == 30


async def test_after_ten_without_an_answer_one_probe_goes_out_every_thirty_seconds(clock: SimulatedClock) -> None:
    pace = Pace(clock, 25)
    for _ in range(BREAKS_AFTER):
        assert not pace.is_broken
        pace.note_silence()
    assert pace.is_broken
    assert await _turns(clock, pace, 5, 3 * PROBE_EVERY_S + 1) == [30, 60, 90]


async def test_an_answer_closes_the_breaker_at_once(clock: SimulatedClock) -> None:
    pace = Pace(clock, 25)
    for _ in range(BREAKS_AFTER):
        pace.note_silence()
    pace.note_answer()
    assert len(await _turns(clock, pace, 5, 1)) == 5


async def test_fewer_than_fifty_invalid_requests_go_out_in_ten_minutes(clock: SimulatedClock) -> None:
    pace = Pace(clock, 25)
    sent: list[float] = []

    async def fail() -> None:
        await pace.turn()
        sent.append(clock.monotonic())
        pace.note_answer(is_invalid=True)

    tasks = [asyncio.create_task(fail()) for _ in range(1000)]
    await clock.advance(599)
    assert len(sent) <= INVALID_MOST < 50
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_the_global_limit_met_by_anybody_slows_everybody(clock: SimulatedClock) -> None:
    pace = Pace(clock, 25)
    pace.note(Answer(200, met_global=True))
    assert await _turns(clock, pace, 1, 5) == [1.0]


async def test_two_requests_in_a_row_take_two_turns(clock: SimulatedClock) -> None:
    pace = Pace(clock, 10)
    await pace.turn(2)
    assert await _turns(clock, pace, 1, 1) == [0.2]
    await pace.turn(2)
    assert await _turns(clock, pace, 1, 1) == [1.1]  # a pause gives one turn's credit, no more


async def test_after_a_stall_fewer_than_forty_five_go_out_in_any_second(clock: SimulatedClock) -> None:
    pace = Pace(clock, 40)
    await clock.advance(10)
    came = await _turns(clock, pace, 200, 10)
    assert max(sum(first <= at < first + 1 for at in came) for first in came) < 45
