from datetime import date, datetime, timedelta

import pytest

from bot.domain.deliveries import Composed, Delivery, Notice, Shown, State, freeze, nonce, thaw
from bot.domain.places import Schedule
from bot.store.deliveries import LEASE
from bot.store.store import Store
from bot.store.values import from_epoch
from tests.fakes.ledgers import SHOWN, add_schedule, claim_one, send_one
from tests.fakes.schedules import DUE

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


async def _again(store: Store, schedule_id: int) -> Schedule:
    found = await store.schedules.get(schedule_id)
    assert found is not None
    return found


async def _states(store: Store, schedule: Schedule) -> list[tuple[str, str]]:
    return [(row.state, row.reason) for row in await store.ledger.recent(schedule)]


async def test_a_date_is_planned_once_and_the_calendar_moves_on(store: Store) -> None:
    schedule = await add_schedule(store)
    assert await store.plans.plan_due(DUE - MINUTE) == 0
    assert await store.plans.plan_due(DUE) == 1
    assert await store.plans.plan_due(DUE) == 0
    assert (await _again(store, schedule.id)).next_date == date(2026, 11, 23)
    assert await _states(store, schedule) == [("planned", "")]


async def test_a_row_is_claimed_by_one_until_its_lease_runs_out(store: Store) -> None:
    await add_schedule(store)
    first = await claim_one(store)
    assert (first.fence, first.attempts) == (1, 1)
    assert await store.deliveries.claim(DUE + MINUTE) == ()
    (second,) = await store.deliveries.claim(DUE + LEASE + MINUTE)
    assert (second.fence, second.attempts) == (2, 2)


async def test_who_lost_the_lease_writes_nothing_more(store: Store) -> None:
    await add_schedule(store)
    stale = await claim_one(store)
    later = DUE + LEASE + MINUTE
    (holder,) = await store.deliveries.claim(later)
    assert not await store.deliveries.freeze(stale, "{}", (), 1, later)
    assert not await store.deliveries.record_try(stale, 0, later)
    assert not await store.deliveries.mark_sent(stale, 0, 1, 1, later)
    assert not await store.deliveries.put_back(stale, later, later)
    assert not await store.deliveries.finish(stale, State.FAILED, later)
    assert await store.deliveries.freeze(holder, "{}", (), 1, later)


async def test_a_delivery_is_sent_when_every_part_has_its_message(store: Store) -> None:
    schedule = await add_schedule(store)
    delivery = await claim_one(store)
    await store.deliveries.freeze(delivery, freeze(Composed("a")), SHOWN, 2, DUE)
    await store.deliveries.record_try(delivery, 0, DUE)
    await store.deliveries.mark_sent(delivery, 0, 9001, 700, DUE)
    assert await _states(store, schedule) == [("sending", "")]
    await store.deliveries.mark_sent(delivery, 1, 9002, 700, DUE + MINUTE)
    (row,) = await store.ledger.recent(schedule)
    assert (row.state, row.sent_at, row.url) == ("sent", DUE + MINUTE, "https://discord.com/channels/500/700/9001")


async def test_the_nonce_of_a_part_is_the_same_for_ever_and_fits_discord(store: Store) -> None:
    await add_schedule(store)
    delivery = await claim_one(store)
    await store.deliveries.freeze(delivery, "{}", (), 2, DUE)
    await store.deliveries.put_back(delivery, DUE, DUE)
    (again,) = await store.deliveries.claim(DUE)
    key = delivery.schedule.key
    assert [part.nonce for part in again.parts] == [nonce(key, delivery.local_date, "daily", n) for n in (0, 1)]
    assert all(len(part.nonce) <= 25 for part in again.parts)


async def test_the_first_try_is_kept_and_the_last_moves(store: Store) -> None:
    await add_schedule(store)
    delivery = await claim_one(store)
    await store.deliveries.freeze(delivery, "{}", (), 1, DUE)
    await store.deliveries.record_try(delivery, 0, DUE)
    await store.deliveries.record_try(delivery, 0, DUE + MINUTE)
    await store.deliveries.put_back(delivery, DUE, DUE)
    (again,) = await store.deliveries.claim(DUE)
    assert (again.parts[0].first_try_at, again.parts[0].last_try_at) == (DUE, DUE + MINUTE)


async def test_waiting_for_a_rate_limit_spends_no_attempt(store: Store) -> None:
    await add_schedule(store)
    delivery = await claim_one(store)
    await store.deliveries.put_back(delivery, DUE + MINUTE, DUE, reason="busy", spends_attempt=False)
    assert await store.deliveries.claim(DUE) == ()
    assert await store.deliveries.next_ready_at() == DUE + MINUTE
    (again,) = await store.deliveries.claim(DUE + MINUTE)
    assert again.attempts == 1


async def test_what_was_never_tried_expires_and_what_was_tried_does_not(store: Store) -> None:
    untried, tried = await add_schedule(store, 500), await add_schedule(store, 501)
    await store.plans.plan_due(DUE)
    for delivery in await store.deliveries.claim(DUE, 5):
        if delivery.schedule.id == tried.id:
            await store.deliveries.freeze(delivery, "{}", (), 1, DUE)
            await store.deliveries.record_try(delivery, 0, DUE)
        await store.deliveries.put_back(delivery, DUE, DUE)
    assert await store.plans.expire(DUE + timedelta(hours=3)) == 1
    assert await _states(store, untried) == [("expired", "not-running")]
    assert await _states(store, tried) == [("planned", "")]


async def test_healthy_schedules_go_first(store: Store) -> None:
    broken, healthy = await add_schedule(store, 500), await add_schedule(store, 501)
    await store.notices.note(Notice(broken.place, broken, "E01"), DUE, is_failure=True)
    await store.plans.plan_due(DUE)
    claimed = [(await store.deliveries.claim(DUE, 1))[0].schedule.id for _ in range(2)]
    assert claimed == [healthy.id, broken.id]


async def test_leases_are_given_back_at_the_end_and_the_only_process_takes_all_at_its_start(store: Store) -> None:
    await add_schedule(store)
    await claim_one(store)
    assert await store.deliveries.release() == 1
    await store.deliveries.claim(DUE)
    next_run = Store(store.db)
    assert await next_run.deliveries.release() == 0
    assert await next_run.deliveries.release(everyone=True) == 1
    assert len(await next_run.deliveries.claim(DUE)) == 1


async def test_post_now_has_its_own_slot_and_leaves_the_daily_one_alone(store: Store) -> None:
    schedule = await add_schedule(store)
    day = date(2026, 11, 22)
    first = await store.plans.post_now(schedule, day, 42, DUE - MINUTE)
    assert await store.plans.post_now(schedule, day, 42, DUE - MINUTE) == first
    await store.plans.plan_due(DUE)
    slots = {delivery.slot for delivery in await store.deliveries.claim(DUE, 5)}
    assert slots == {"daily", f"now-{int((DUE - MINUTE).timestamp())}"}
    assert [change.what for change in await store.schedules.changes(schedule.id)] == ["turned-on", "posted-now"]


async def _fail(store: Store, schedule: Schedule, day: int, **notice: bool) -> Delivery:
    now = DUE + day * DAY
    delivery = await claim_one(store, now)
    told = Notice(schedule.place, schedule, "E01", ("Send Messages",), delivery.local_date, **notice)
    await store.deliveries.finish(delivery, State.FAILED, now, reason="E01", error_code=50013, notice=told)
    return delivery


async def test_three_days_without_the_right_to_post_turn_a_schedule_off_and_each_cause_is_told_once(
    store: Store,
) -> None:
    schedule = await add_schedule(store)
    told = []
    for day in range(3):
        await _fail(store, schedule, day)
        waiting = await store.notices.untold()
        told.append([(notice.cause, notice.missing, notice.is_off) for notice in waiting])
        for notice in waiting:
            await store.notices.told(notice.schedule.id, DUE)
    assert told == [[("E01", ("Send Messages",), False)], [], [("E01", ("Send Messages",), True)]]
    assert (await _again(store, schedule.id)).disabled_code == "E01"
    assert await store.plans.plan_due(DUE + 3 * DAY) == 0


async def test_days_on_which_nobody_knows_what_became_of_it_turn_nothing_off(store: Store) -> None:
    schedule = await add_schedule(store)
    for day in range(5):
        delivery = await claim_one(store, DUE + day * DAY)
        told = Notice(schedule.place, schedule, "unknown", (), delivery.local_date)
        await store.deliveries.finish(delivery, State.UNKNOWN, DUE + day * DAY, reason="no-answer", notice=told)
    assert [notice.is_off for notice in await store.notices.untold()] == [False]
    assert (await _again(store, schedule.id)).disabled_code is None


async def test_a_cause_that_ends_everything_turns_it_off_at_once(store: Store) -> None:
    schedule = await add_schedule(store)
    await _fail(store, schedule, 0, is_off=True)
    assert (await _again(store, schedule.id)).disabled_code == "E01"
    assert (await store.schedules.changes(schedule.id))[0].what == "stopped"


async def test_a_success_ends_the_streak_and_a_new_failure_is_news_again(store: Store) -> None:
    schedule = await add_schedule(store)
    await _fail(store, schedule, 0)
    await store.notices.told(schedule.id, DUE)
    await send_one(store, DUE + DAY)
    assert (await _again(store, schedule.id)).fail_streak == 0
    await _fail(store, schedule, 2)
    assert len(await store.notices.untold()) == 1


async def test_a_healed_schedule_posts_what_failed_within_its_grace(store: Store) -> None:
    schedule = await add_schedule(store)
    await _fail(store, schedule, 0)
    await store.notices.heal(schedule.id, DUE + MINUTE)
    assert await store.notices.untold() == ()
    assert len(await store.deliveries.claim(DUE + MINUTE)) == 1
    assert (await _again(store, schedule.id)).fail_streak == 0


async def test_a_briefing_that_failed_too_long_ago_stays_failed(store: Store) -> None:
    schedule = await add_schedule(store)
    await _fail(store, schedule, 0)
    await store.notices.heal(schedule.id, DUE + timedelta(hours=4))
    assert await _states(store, schedule) == [("failed", "E01")]


async def test_a_healed_schedule_that_was_off_comes_back_at_its_next_time(store: Store) -> None:
    schedule = await add_schedule(store)
    await _fail(store, schedule, 0, is_off=True)
    await store.notices.heal(schedule.id, DUE + 10 * DAY)
    back = await _again(store, schedule.id)
    assert (back.disabled_code, back.next_date) == (None, date(2026, 12, 3))
    assert await store.notices.heal(99, DUE) is False


async def test_a_sent_message_is_dressed_until_it_was_or_cannot_be(store: Store) -> None:
    await add_schedule(store, 500)
    await add_schedule(store, 501)
    await send_one(store)
    ((delivery, part),) = await store.ledger.undressed(DUE)
    assert thaw(delivery.payload or "").plain == "Text"
    assert await store.ledger.undressed(DUE + DAY) == ()
    await store.ledger.settle_dress(delivery.id, part.number, DUE)
    assert await store.ledger.undressed(DUE) == ()


@pytest.mark.parametrize("since", [DUE - MINUTE, DUE + MINUTE])
async def test_what_a_place_was_shown_is_known(store: Store, since: datetime) -> None:
    schedule = await add_schedule(store)
    await send_one(store)
    expected = {1: DUE, 2: DUE} if since < DUE else {}
    assert await store.ledger.last_shown(schedule.place.id, since) == expected


async def test_a_correction_is_noted_then_shown_then_settled(store: Store) -> None:
    schedule = await add_schedule(store)
    await send_one(store)
    (posted,) = await store.corrections.of_article(11, DUE - DAY)
    assert (posted.shown, posted.delivery.schedule.id) == (Shown(1, 11, "Lead headline", is_lead=True), schedule.id)
    await store.corrections.note(((posted, "New headline"),), DUE + MINUTE)
    ((delivery, (waiting,)),) = await store.corrections.waiting()
    assert (waiting.corrected_to, waiting.corrected_at) == ("New headline", DUE + MINUTE)
    await store.corrections.settle(delivery.id, DUE + MINUTE, DUE + MINUTE)
    assert await store.corrections.waiting() == ()
    assert len(await store.corrections.of_story(2, schedule.place.id)) == 1
    assert await store.corrections.of_story(2, 99) == ()


async def test_old_rows_are_cleared_away(store: Store) -> None:
    schedule = await add_schedule(store)
    await send_one(store)
    assert await store.plans.purge(DUE + 13 * DAY) == 0
    ((posted),) = await store.corrections.of_story(1)
    assert posted.delivery.payload is not None
    assert await store.plans.purge(DUE + 100 * DAY) == 1
    ((posted),) = await store.corrections.of_story(1)
    assert posted.delivery.payload is None
    assert await store.plans.purge(DUE + 100 * DAY) == 0
    assert await store.plans.purge(DUE + 200 * DAY) == 1
    assert await _states(store, schedule) == []


async def test_old_rows_go_in_pieces_and_what_is_not_final_stays(store: Store) -> None:
    schedule = await add_schedule(store)
    for day in range(7):
        await send_one(store, DUE + day * DAY, 9000 + day)
    waiting = DUE + 7 * DAY
    await store.plans.plan_due(waiting)
    pieces = []
    while gone := await store.plans.purge(DUE + 400 * DAY, 3):
        pieces.append(gone)
    assert pieces == [3, 3, 1] * 2  # texts, then rows
    assert await _states(store, schedule) == [("planned", "")]


async def test_a_purge_that_was_cut_off_leaves_whole_rows_and_goes_on(store: Store) -> None:
    schedule = await add_schedule(store)
    for day in range(5):
        await send_one(store, DUE + day * DAY, 9000 + day)
    for _ in range(4):  # five texts in three pieces, and a piece of the rows
        await store.plans.purge(DUE + 400 * DAY, 2)
    left = await store.ledger.recent(schedule)
    assert [(one.local_date, one.state) for one in left] == [((DUE + day * DAY).date(), "sent") for day in (4, 3, 2)]
    orphans = """select count(*) from delivery_part where delivery_id not in (select id from delivery)
     union all select count(*) from delivery_story where delivery_id not in (select id from delivery)"""
    assert [row[0] for row in await store.db.read(lambda c: c.execute(orphans).fetchall())] == [0, 0]
    while await store.plans.purge(DUE + 400 * DAY, 2):
        pass
    assert await store.ledger.recent(schedule) == ()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([], None, id="nothing waits"),
        pytest.param([(5, None, 0), (3, None, 0)], 3, id="the earliest"),
        pytest.param([(1, 90, 0), (2, None, 0), (3, None, 0)], 2, id="the first is leased"),
        pytest.param([(1, 90, 0), (2, 70, 0)], 70, id="all are leased: when the first lease ends"),
        pytest.param([(1, 4, 0), (9, None, 0)], 4, id="a lease ends before another is due"),
        pytest.param([(8, None, 0), (2, None, 1)], 2, id="one whose schedule failed the last time"),
    ],
)
async def test_the_next_to_be_claimed_is_known(
    rows: list[tuple[int, int | None, int]], expected: int | None, store: Store
) -> None:
    schedule = await add_schedule(store)
    values = [
        {"schedule": schedule.id, "slot": f"{number}", "at": at, "lease": lease, "suspect": suspect}
        for number, (at, lease, suspect) in enumerate(rows)
    ]
    insert = """insert into delivery(schedule_id, local_date, slot, channel_id, due_at, expires_at, state, not_before,
     lease_until, is_suspect, created_at, updated_at)
     values(:schedule, '2026-11-22', :slot, 1, 0, 0, 'planned', :at, :lease, :suspect, 0, 0)"""
    await store.db.write(lambda c: c.executemany(insert, values))
    assert await store.deliveries.next_ready_at() == (None if expected is None else from_epoch(expected))
