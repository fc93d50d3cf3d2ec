"""Briefings after the bot was down, the machine slept, or its clock was wrong (F7, F8)."""

from datetime import date, timedelta

import pytest

from tests.fakes.delivery import HOUR, TO_DUE, Rig, build, last, outcome, running
from tests.fakes.ledgers import add_schedule
from tests.fakes.schedules import DUE


@pytest.mark.parametrize(
    ("down", "up", "state", "posts"),
    [
        pytest.param(-600.0, 20 * 60.0, "sent", 1, id="07:50 to 08:20: posted within a minute of the start"),
        pytest.param(-600.0, 6 * HOUR, "expired", 0, id="07:50 to 14:00: too late"),
        pytest.param(-600.0, 72 * HOUR + 600, "sent", 1, id="three days: only today's"),
    ],
)
async def test_after_being_down_only_what_is_still_welcome_is_posted(  # F8
    rig: Rig, down: float, up: float, state: str, posts: int
) -> None:
    schedule = await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(TO_DUE + down)
    await rig.clock.advance(up - down)
    started_at = rig.discord.now
    again = build(rig.store, rig.clock, rig.discord)
    async with running(again):
        await again.pass_time(60)
    assert (await last(rig, schedule)).state == state
    assert len(rig.discord.posts) == posts
    if posts:
        assert timedelta(0) <= rig.discord.posts[0].at - started_at < timedelta(seconds=10)


@pytest.mark.parametrize(
    "step",
    [timedelta(days=3650), timedelta(days=-1), timedelta(hours=2), timedelta(hours=-2)],
    ids=["ten years ahead", "a day back", "two hours ahead", "two hours back"],
)
async def test_a_wrong_clock_burns_no_date_and_doubles_none(rig: Rig, step: timedelta) -> None:  # F7
    schedule = await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(60)
        rig.clock.step_wall(step)
        await rig.pass_time(1800)
        rig.clock.step_wall(-step)
        await rig.pass_time(60)
        rig.supervisor._tick_s = 900.0  # a day in which little happens
        await rig.pass_time(24 * HOUR)
    rows = await rig.store.ledger.recent(schedule, 50)
    assert [(row.local_date, row.state) for row in rows] == [
        (date(2026, 11, 23), "sent"), (date(2026, 11, 22), "sent"),
    ]  # fmt: skip
    assert len(rig.discord.posts) == 2
    assert rig.discord.posts[0].at - DUE < timedelta(seconds=40)


async def test_a_wrong_clock_without_discord_decides_nothing(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(60)
        rig.discord.is_down = True
        rig.discord.observe = lambda date: None
        rig.clock.step_wall(timedelta(days=3650))
        await rig.pass_time(1800)
    assert await rig.store.ledger.recent(schedule) == ()


async def test_a_machine_that_slept_for_eight_hours_posts_nothing_stale(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(60)
        rig.clock.step_wall(timedelta(hours=8))
        rig.discord._start += timedelta(hours=8)
        await rig.pass_time(60)
    assert await outcome(rig, schedule) == ("expired", "not-running")
