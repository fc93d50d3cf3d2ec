"""Briefings whose channel can't be posted in, was changed or is not there yet; and those that were taken back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.deliver.answers import Answer
from bot.deliver.ports import Block
from bot.domain.answers import SettingChange
from bot.domain.places import Schedule
from tests.fakes.delivery import HOUR, TO_DUE, Rig, after, outcome, running
from tests.fakes.ledgers import add_schedule
from tests.fakes.schedules import DUE


async def test_permissions_are_asked_of_the_cache_and_nothing_is_sent(rig: Rig) -> None:
    rig.discord.blocks[700] = Block("E01", ("Send Messages",))
    schedule = await after(rig, TO_DUE + 60)
    assert await outcome(rig, schedule) == ("failed", "E01")
    assert "create" not in rig.discord.requests


async def test_it_warns_before_it_is_due_and_once(rig: Rig) -> None:
    await add_schedule(rig.store)
    rig.discord.blocks[700] = Block("E01", ("Send Messages",))
    async with running(rig):
        await rig.pass_time(TO_DUE - 120)
        assert [(notice.cause, notice.missing) for notice in rig.discord.notices] == [("E01", ("Send Messages",))]
        rig.supervisor._tick_s = 900.0  # a day in which little happens
        await rig.pass_time(26 * HOUR)
    assert len(rig.discord.notices) == 1


async def test_a_mended_permission_heals_and_posts_what_is_still_in_its_grace(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    rig.discord.blocks[700] = Block("E01", ("Send Messages",))
    async with running(rig):
        await rig.pass_time(TO_DUE + 600)
        await rig.supervisor.check_place(1)
        assert await outcome(rig, schedule) == ("failed", "E01")
        del rig.discord.blocks[700]
        await rig.supervisor.check_place(1)
        await rig.pass_time(5)
    assert await outcome(rig, schedule) == ("sent", "")
    assert len(rig.discord.posts) == 1


async def test_what_was_mended_while_nobody_looked_heals_at_the_start(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    rig.discord.blocks[700] = Block("gone")
    async with running(rig):
        await rig.pass_time(TO_DUE + 60)
        off = await rig.store.schedules.get(schedule.id)
        assert off is not None
        assert off.disabled_code == "gone"
        del rig.discord.blocks[700]
        await rig.supervisor.check_troubled()
    back = await rig.store.schedules.get(schedule.id)
    assert back is not None
    assert back.disabled_code is None


async def test_it_waits_for_the_gateway_without_spending_attempts(rig: Rig) -> None:
    rig.discord.blocks[700] = Block("not-connected", is_passing=True)
    schedule = await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(TO_DUE + 60)
        rig.discord.blocks.clear()
        await rig.pass_time(10)
    assert await outcome(rig, schedule) == ("sent", "")


async def test_turning_off_or_pausing_takes_back_what_waits(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    rig.discord.blocks[700] = Block("not-connected", is_passing=True)
    async with running(rig):
        await rig.pass_time(TO_DUE + 10)
        await rig.store.schedules.change(
            schedule.id, lambda old, taken: (replace(old, enabled=False), SettingChange(DUE, "turned-off", 1))
        )
        rig.discord.blocks.clear()
        await rig.pass_time(10)
    assert await outcome(rig, schedule) == ("skipped", "turned-off")


@pytest.mark.parametrize("cause", ["E01", "gone", "not-connected"])
async def test_what_its_channel_kept_back_comes_to_the_new_one_within_its_grace(rig: Rig, cause: str) -> None:
    schedule = await add_schedule(rig.store)
    rig.discord.blocks[700] = Block(cause, is_passing=cause == "not-connected")
    async with running(rig):
        await rig.pass_time(TO_DUE + 60)
        assert rig.discord.posts == []
        moved = SettingChange(DUE, "channel", 1)
        await rig.store.schedules.change(schedule.id, lambda old, taken: (_mended(old, 701), moved))
        rig.supervisor.wake()
        await rig.pass_time(30)
    assert [post.channel_id for post in rig.discord.posts] == [701]
    assert await outcome(rig, schedule) == ("sent", "")


def _mended(old: Schedule, channel_id: int) -> Schedule:
    """Choose another channel, as the setup panel does."""
    changed_at = DUE + timedelta(minutes=1)
    return replace(old, channel_id=channel_id, enabled=True, disabled_code=None, fail_streak=0, changed_at=changed_at)


async def test_what_may_have_been_sent_stays_with_its_channel(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    rig.discord.answers["create"] = [Answer(None)] * 4
    async with running(rig):
        await rig.pass_time(TO_DUE + 0.5)
        assert rig.discord.posts == []
        moved = SettingChange(DUE, "channel", 1)
        await rig.store.schedules.change(schedule.id, lambda old, taken: (_mended(old, 701), moved))
        await rig.pass_time(60)
    assert [post.channel_id for post in rig.discord.posts] == [700]
