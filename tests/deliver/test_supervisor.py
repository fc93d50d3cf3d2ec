"""The supervisor: prefetch, corrections, shutting down (F10), trouble with the store (F11)."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from bot.deliver.answers import Answer
from bot.deliver.supervisor import AT_ONCE
from bot.domain.places import PlaceKind, Schedule
from bot.errors import StoreError, StoreFault
from tests.fakes.clocks import ExactClock
from tests.fakes.database import InlineDatabase, inline_store
from tests.fakes.delivery import Rig, build, running
from tests.fakes.discord import FakeDiscord
from tests.fakes.ledgers import add_schedule
from tests.fakes.schedules import DUE

TO_DUE = 20 * 60.0


async def test_sources_are_fetched_ten_minutes_before_an_edition_once() -> None:
    clock = ExactClock(DUE - timedelta(minutes=20))
    store, _ = inline_store()
    asked: list[tuple[float, list[int]]] = []

    async def prefetch(schedules: Sequence[Schedule]) -> None:
        asked.append((clock.monotonic(), [schedule.id for schedule in schedules]))

    rig = build(store, clock, FakeDiscord(clock), prefetch=prefetch)
    schedule = await add_schedule(store)
    async with store, running(rig):
        await rig.pass_time(TO_DUE + 60)
    ((at, ids),) = asked
    assert ids == [schedule.id]
    assert 600 <= at <= 640


async def test_everybody_who_chose_the_same_minute_is_served_at_the_pace(rig: Rig) -> None:
    for number in range(500):
        await add_schedule(rig.store, 1000 + number, channel_id=2000 + number)
    async with running(rig):
        await rig.pass_time(TO_DUE + 25)
    late = sorted((post.at - DUE).total_seconds() for post in rig.discord.posts)
    assert len(late) == 500
    assert late[-1] < 500 / 25 + 2


async def test_a_stop_finishes_what_is_in_flight_and_gives_back_the_leases(rig: Rig) -> None:  # F10
    for number in range(200):
        await add_schedule(rig.store, 1000 + number, channel_id=2000 + number)
    task = asyncio.create_task(rig.supervisor.run())
    await rig.pass_time(TO_DUE + 3)
    stopping = asyncio.create_task(rig.supervisor.stop())
    await rig.pass_time(15)
    assert stopping.done()
    await task
    sent = len(rig.discord.posts)
    assert 0 < sent < 200
    assert await rig.store.deliveries.release(everyone=True) == 0
    again = build(rig.store, rig.clock, rig.discord)
    async with running(again):
        await again.pass_time(60)
    assert len({post.nonce for post in rig.discord.posts}) == len(rig.discord.posts) == 200


async def test_a_stop_does_not_wait_longer_than_it_may(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.deliver.supervisor.DRAIN_S", 0.01)
    await add_schedule(rig.store)
    task = asyncio.create_task(rig.supervisor.run())
    await rig.pass_time(TO_DUE - 1)
    rig.pace.pause(10_000)
    await rig.pass_time(5)
    await rig.supervisor.stop()
    await task
    assert await rig.store.deliveries.release(everyone=True) == 0


@pytest.mark.parametrize("fault", [StoreFault.FULL, StoreFault.READ_ONLY, StoreFault.DAMAGED, StoreFault.LOCKED])
@pytest.mark.parametrize("after", [60.0, TO_DUE + 0.02], ids=["before planning", "between the POST and its mark"])
async def test_without_a_committed_intent_nothing_is_sent_and_nothing_twice(fault: StoreFault, after: float) -> None:
    clock = ExactClock(DUE - timedelta(minutes=20))
    store, database = inline_store()
    rig = build(store, clock, FakeDiscord(clock))
    await add_schedule(store)
    async with store, running(rig):
        await rig.pass_time(after)
        posted = len(rig.discord.posts)
        database.trouble = StoreError(fault, "no")
        await rig.pass_time(TO_DUE)
        assert len(rig.discord.posts) <= max(1, posted)
        assert after > 60 or rig.discord.posts == []
        assert await store.schedules.next_due_at() is not None  # reads go on
        database.trouble = None
        await rig.pass_time(180)
    assert len(rig.discord.posts) == 1


async def test_a_process_that_lost_its_lease_while_stopped_posts_nothing_twice(rig: Rig) -> None:  # F4
    await add_schedule(rig.store)
    await rig.store.plans.plan_due(DUE)
    (stale,) = await rig.store.deliveries.claim(DUE)
    await rig.clock.advance(TO_DUE + 120)
    other_store, _ = inline_store(rig.store.db.raw if isinstance(rig.store.db, InlineDatabase) else None)
    other = build(other_store, rig.clock, rig.discord)
    async with running(other):
        await other.pass_time(5)
        rig.guard.observe(rig.discord.now)
        late = asyncio.create_task(rig.outbox.deliver(stale))
        await other.pass_time(5)
        assert late.done()
    assert len(rig.discord.posts) == 1


async def test_no_more_sends_are_in_flight_than_may_be_at_once(rig: Rig) -> None:
    for number in range(3 * AT_ONCE):
        await add_schedule(rig.store, 1000 + number, channel_id=2000 + number)
    rig.discord.answers["create"] = [Answer(503)] * 200
    most = 0
    async with running(rig):
        await rig.pass_time(TO_DUE)
        for _ in range(40):
            await rig.pass_time(0.1)
            most = max(most, len(rig.supervisor._in_flight))
    assert 1 <= most <= AT_ONCE


async def test_a_correction_is_shown_once(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(TO_DUE + 60)
        (posted,) = await rig.store.corrections.of_article(11, DUE - timedelta(days=1))
        await rig.store.corrections.note(((posted, "New"),), DUE)
        rig.discord.answers["edit"] = [Answer(503)]
        rig.supervisor.wake()
        await rig.pass_time(120)
    assert rig.discord.posts[0].corrected == "Lead headline → New"
    assert rig.discord.requests.count("edit") == 2
    assert schedule.next_date == date(2026, 11, 22)


async def test_a_stop_before_the_start_is_no_matter(rig: Rig) -> None:
    await rig.supervisor.stop()


async def test_a_stop_does_not_wait_for_a_hanging_line(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.deliver.supervisor.DRAIN_S", 0.01)
    task = asyncio.create_task(rig.supervisor.run())
    await asyncio.sleep(0)  # noqa: TID251 - a bare yield: the first question to Discord is on its way
    await rig.supervisor.stop()
    await task


@pytest.mark.parametrize(
    ("error", "has_traceback"),
    [(OSError("no network"), True), (StoreError(StoreFault.FULL, "The disk is full."), False)],
    ids=["nobody expected it", "the store refuses"],
)
async def test_sources_that_cannot_be_fetched_hold_up_no_edition(
    error: Exception,
    has_traceback: bool,  # noqa: FBT001 - a case of the table
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock = ExactClock(DUE - timedelta(minutes=20))
    store, _ = inline_store()

    async def prefetch(schedules: Sequence[Schedule]) -> None:
        await clock.sleep(1800 if len(schedules) == 1 else 0)
        raise error

    rig = build(store, clock, FakeDiscord(clock), prefetch=prefetch)
    await add_schedule(store)
    async with store, running(rig):
        await rig.pass_time(TO_DUE + 5)
        assert len(rig.discord.posts) == 1
        await rig.pass_time(3600)
    (said,) = [each for each in caplog.records if "could not be fetched" in each.getMessage()]
    assert bool(said.exc_info) is has_traceback


async def test_servers_that_left_are_silent(rig: Rig) -> None:
    await add_schedule(rig.store, 500)
    there = await add_schedule(rig.store, 501, channel_id=701)
    await rig.supervisor.check_place(1)  # the time is not known yet: nothing is decided
    async with running(rig):
        await rig.store.places.leave(PlaceKind.SERVER, 500, DUE)
        await rig.supervisor.check_place(999)
        await rig.pass_time(TO_DUE + 60)
    assert [post.channel_id for post in rig.discord.posts] == [there.channel_id]


async def test_what_waits_is_not_dressed_while_it_is_unknown_to_be_sent(rig: Rig) -> None:
    await add_schedule(rig.store)
    await rig.store.plans.plan_due(DUE)
    assert await rig.store.ledger.undressed(DUE) == ()
