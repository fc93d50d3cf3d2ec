from datetime import datetime, timedelta

import pytest

from bot.clock import SimulatedClock
from bot.deliver.clockguard import ClockGuard, limited
from tests.fakes.discord import FakeDiscord
from tests.fakes.schedules import DUE

YEARS = timedelta(days=3650)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(DUE)


class Line:
    """A line to Discord that may be cut."""

    def __init__(self, clock: SimulatedClock) -> None:
        self.discord = FakeDiscord(clock)
        self.guard = ClockGuard(clock, self.probe)
        self.is_cut = False
        self.probes = 0

    async def probe(self) -> None:
        self.probes += 1
        if not self.is_cut:
            self.guard.observe(self.discord.now)


async def test_no_time_is_told_before_discord_agreed_once(clock: SimulatedClock) -> None:
    line = Line(clock)
    assert line.guard.now() is None
    assert await line.guard.refresh() == DUE
    assert await line.guard.refresh() == DUE
    assert line.probes == 1


@pytest.mark.parametrize("step", [YEARS, -timedelta(days=1), timedelta(hours=2), -timedelta(hours=2)])
async def test_a_clock_that_was_set_wrong_is_not_believed_and_discords_is(
    clock: SimulatedClock, step: timedelta
) -> None:
    line = Line(clock)
    await line.guard.refresh()
    clock.step_wall(step)
    assert line.guard.now() is None
    await clock.advance(5)
    assert await line.guard.refresh() == DUE + timedelta(seconds=5)
    clock.step_wall(-step)
    assert line.guard.now() is None
    assert await line.guard.refresh() == DUE + timedelta(seconds=5) == clock.now()


async def test_no_time_is_told_while_discord_cannot_be_asked(clock: SimulatedClock) -> None:
    line = Line(clock)
    await line.guard.refresh()
    clock.step_wall(YEARS)
    line.is_cut = True
    assert await line.guard.refresh() is None


async def test_a_machine_that_slept_asks_before_it_goes_on(clock: SimulatedClock) -> None:
    line = Line(clock)
    await line.guard.refresh()
    clock.step_wall(timedelta(hours=8))  # the monotonic clock stands still while a machine sleeps
    line.discord._start += timedelta(hours=8)
    assert line.guard.now() is None
    assert await line.guard.refresh() == DUE + timedelta(hours=8)


async def test_small_steps_are_everyday(clock: SimulatedClock) -> None:
    line = Line(clock)
    await line.guard.refresh()
    clock.step_wall(timedelta(seconds=100))
    assert line.guard.now() == clock.now()


async def test_every_answers_date_is_read_and_limits_are_counted(clock: SimulatedClock) -> None:
    guard = Line(clock).guard
    met: list[bool] = []
    token = limited.set(met)
    guard.read(429, {"Via": "1.1"})
    guard.read(429, {"Via": "1.1", "X-RateLimit-Global": "true"})
    guard.read(200, {"Date": "not a date"})
    assert guard.now() is None
    guard.read(200, {"Date": "Sun, 22 Nov 2026 08:00:00 GMT"})
    limited.reset(token)
    assert (guard.now(), met) == (datetime.fromisoformat("2026-11-22T08:00Z"), [False, True])
