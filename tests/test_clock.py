import asyncio
from datetime import UTC, datetime, timedelta

from bot.clock import AdjustableClock, SimulatedClock, SystemClock

START = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)


async def test_simulated_sleepers_wake_in_order_each_at_its_own_instant() -> None:
    clock = SimulatedClock(START)
    woken: list[tuple[str, datetime]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append((name, clock.now()))

    tasks = [asyncio.create_task(sleeper("late", 90)), asyncio.create_task(sleeper("early", 30))]
    await clock.advance(timedelta(minutes=2))
    await asyncio.gather(*tasks)
    assert woken == [("early", START + timedelta(seconds=30)), ("late", START + timedelta(seconds=90))]
    assert clock.now() == START + timedelta(minutes=2)


async def test_a_wall_step_leaves_monotonic_time_alone() -> None:
    clock = SimulatedClock(START)
    clock.step_wall(timedelta(days=3650))
    assert (clock.now(), clock.monotonic()) == (START + timedelta(days=3650), 0.0)


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = SimulatedClock(START)
    task = asyncio.create_task(clock.sleep(10))
    await clock.sleep(0)
    assert clock.next_wake == 10
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert clock.next_wake is None


async def test_moving_the_adjustable_clock_wakes_whoever_is_due_and_nobody_else() -> None:
    clock = AdjustableClock()
    day = asyncio.create_task(clock.sleep(86_400))
    week = asyncio.create_task(clock.sleep(7 * 86_400))
    before = clock.now()
    await SystemClock().sleep(0)
    clock.advance(timedelta(days=1))
    await day
    assert clock.now() - before >= timedelta(days=1)
    assert not week.done()
    week.cancel()
