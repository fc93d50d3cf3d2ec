from collections.abc import AsyncIterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.desk.scheduling import MOST_PER_PLACE, Scheduling
from bot.domain.answers import SetupDraft
from bot.domain.deliveries import Notice
from bot.domain.editions import LeadChoice
from bot.domain.places import BriefingSettings, Place, PlaceKind, QuietDay, Schedule, Style, TargetKind
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.store.store import Store
from tests.fakes.channels import FakeChannels
from tests.fakes.ledgers import send_one
from tests.fakes.schedules import DUE

BY = 42
NOW = DUE - timedelta(hours=1)  # 07:00 UTC, 08:00 in Berlin
DRAFT = SetupDraft(channel_id=700, local_time=time(8), zone="UTC")


@dataclass
class Desk:
    scheduling: Scheduling
    store: Store
    channels: FakeChannels
    clock: SimulatedClock
    place: Place
    woken: list[bool]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with await Store.open(tmp_path / "d.db") as store:
        channels, clock, woken = FakeChannels(), SimulatedClock(NOW), list[bool]()
        place = await store.places.ensure(PlaceKind.SERVER, 500, NOW)
        scheduling = Scheduling(store, channels, clock, lambda: woken.append(True))
        yield Desk(scheduling, store, channels, clock, place, woken)


async def _on(desk: Desk, **changes: object) -> Schedule:
    return await desk.scheduling.turn_on(desk.place, replace(DRAFT, **changes), BY)  # type: ignore[arg-type]


def _day(schedule: Schedule) -> int:
    return schedule.next_date.day


async def test_a_finished_draft_becomes_a_schedule_and_wakes_the_planner(desk: Desk) -> None:
    schedule = await _on(desk, zone="Europe/Berlin")
    assert (schedule.next_due, _day(schedule)) == (NOW + timedelta(days=1), 23)  # 08:00 in Berlin is just past
    assert desk.woken == [True]
    place = await desk.store.places.find(PlaceKind.SERVER, 500)
    assert place is not None
    assert (place.zone, place.set_up_by) == ("Europe/Berlin", BY)


@pytest.mark.parametrize("left_out", ["channel_id", "local_time", "zone"])
async def test_an_unfinished_draft_is_not_turned_on(desk: Desk, left_out: str) -> None:
    with pytest.raises(UserError) as caught:
        await _on(desk, **{left_out: None})
    assert caught.value.code is Code.NOT_SET_UP
    assert desk.woken == []


async def test_a_channel_the_bot_may_not_post_in_is_refused_with_what_is_missing(desk: Desk) -> None:
    desk.channels.lacking[700] = ("Send Messages",)
    draft = desk.scheduling.check(DRAFT)
    assert (draft.missing, draft.may_turn_on) == (("Send Messages",), False)
    with pytest.raises(UserError) as caught:
        await _on(desk)
    assert caught.value.code is Code.CANNOT_POST
    assert caught.value.parameters == {"channel_id": 700, "permissions": ("Send Messages",), "schedule_id": None}


async def test_a_draft_says_when_the_first_briefing_comes_and_what_it_goes_into(desk: Desk) -> None:
    desk.channels.kinds[700] = TargetKind.FORUM
    draft = desk.scheduling.check(DRAFT)
    assert (draft.first_at, draft.target, draft.may_turn_on) == (DUE, TargetKind.FORUM, True)
    assert desk.scheduling.check(SetupDraft()).first_at is None


async def test_a_person_gets_a_briefing_without_choosing_a_channel(desk: Desk) -> None:
    schedule = await _on(desk, channel_id=None, target=TargetKind.DM)
    assert (schedule.target, schedule.channel_id) == (TargetKind.DM, 0)
    assert await desk.scheduling.post_now(desk.place, schedule.id, BY) > 0


async def test_a_server_has_a_sane_number_of_briefings(desk: Desk) -> None:
    for _ in range(MOST_PER_PLACE):
        await _on(desk)
    with pytest.raises(UserError) as caught:
        await _on(desk)
    assert (caught.value.code, caught.value.parameters["limit"]) == (Code.LIMIT_REACHED, MOST_PER_PLACE)


@pytest.mark.parametrize(
    ("edit", "what", "day"),
    [
        pytest.param({"local_time": time(9)}, "time", 23, id="later today, but today has been posted"),
        pytest.param({"zone": "Asia/Tokyo"}, "zone", 23, id="another zone"),
        pytest.param({"weekdays": 0b10}, "days", 24, id="only Tuesdays"),
        pytest.param({"channel_id": 701}, "channel", 23, id="another channel keeps the time"),
        pytest.param({"grace_s": 600}, "grace", 23, id="nothing that moves it"),
    ],
)
async def test_a_change_goes_to_the_first_date_ahead_without_a_briefing(
    desk: Desk, edit: dict[str, object], what: str, day: int
) -> None:
    schedule = await _on(desk)
    await desk.clock.advance(timedelta(hours=1))
    await send_one(desk.store, desk.clock.now())
    draft = await desk.scheduling.draft(desk.place, schedule.id)
    assert (draft.channel_id, draft.local_time, draft.zone) == (700, time(8), "UTC")
    changed = await desk.scheduling.turn_on(desk.place, replace(draft, **edit), BY)  # type: ignore[arg-type]
    assert _day(changed) == day
    (latest, *_) = await desk.store.schedules.changes(schedule.id)
    assert (latest.what, latest.by) == (what, BY)


async def test_a_new_draft_starts_from_the_places_choices(desk: Desk) -> None:
    place = replace(desk.place, zone="Asia/Tokyo")
    assert await desk.scheduling.draft(place) == SetupDraft(zone="Asia/Tokyo")


async def test_settings_change_without_moving_the_time(desk: Desk) -> None:
    schedule = await _on(desk)
    changed = await desk.scheduling.change_settings(
        desk.place, schedule.id, BY, lambda old: replace(old, style=Style.PLAIN)
    )
    assert (changed.settings, changed.next_due) == (BriefingSettings(style=Style.PLAIN), schedule.next_due)


async def test_turned_off_is_silent_and_resumed_goes_on_at_the_next_time(desk: Desk) -> None:
    schedule = await _on(desk)
    await desk.scheduling.turn_off(desk.place, schedule.id, BY)
    assert (await desk.scheduling.status(desk.place)).schedules[0].firings == ()
    await desk.clock.advance(timedelta(days=3))
    resumed = await desk.scheduling.resume(desk.place, schedule.id, BY)
    assert (resumed.enabled, _day(resumed)) == (True, 25)
    again = await desk.scheduling.turn_off(desk.place, schedule.id, BY)
    draft = await desk.scheduling.draft(desk.place, again.id)
    assert (await desk.scheduling.turn_on(desk.place, draft, BY)).enabled
    assert [change.what for change in await desk.store.schedules.changes(schedule.id)] == [
        "turned-on", "turned-off", "resumed", "turned-off", "turned-on",
    ]  # fmt: skip


async def test_a_pause_ends_by_itself_or_when_resumed(desk: Desk) -> None:
    schedule = await _on(desk)
    await desk.scheduling.pause(desk.place, schedule.id, BY, date(2026, 11, 25))
    (status,) = (await desk.scheduling.status(desk.place)).schedules
    assert [firing.local_date.day for firing in status.firings] == [25, 26, 27, 28, 29]
    await desk.scheduling.pause(desk.place, schedule.id, BY)
    assert (await desk.scheduling.status(desk.place)).schedules[0].firings == ()
    resumed = await desk.scheduling.resume(desk.place, schedule.id, BY)
    assert (resumed.paused_until, _day(resumed)) == (None, 22)


async def test_skip_next_leaves_out_one_however_often_it_is_pressed(desk: Desk) -> None:
    schedule = await _on(desk)
    for _ in range(2):
        await desk.scheduling.skip_next(desk.place, schedule.id, BY)
    (status,) = (await desk.scheduling.status(desk.place)).schedules
    assert [firing.local_date.day for firing in status.firings] == [23, 24, 25, 26, 27]


async def test_post_now_leaves_the_daily_one_and_has_a_cooldown(desk: Desk) -> None:
    schedule = await _on(desk)
    await desk.scheduling.post_now(desk.place, schedule.id, BY)
    with pytest.raises(UserError) as caught:
        await desk.scheduling.post_now(desk.place, schedule.id, BY)
    assert caught.value.code is Code.COOLDOWN
    assert caught.value.parameters == {"retry_at": NOW + timedelta(minutes=1)}
    await desk.clock.advance(timedelta(minutes=1))
    await desk.scheduling.post_now(desk.place, schedule.id, BY)
    assert (await desk.store.schedules.get(schedule.id) or schedule).next_due == DUE


@pytest.mark.parametrize("verb", ["post_now", "resume"])
async def test_nothing_is_promised_where_the_bot_may_not_post(desk: Desk, verb: str) -> None:
    schedule = await _on(desk)
    desk.channels.lacking[700] = ("View Channel",)
    with pytest.raises(UserError) as caught:
        await getattr(desk.scheduling, verb)(desk.place, schedule.id, BY)
    assert caught.value.code is Code.CANNOT_POST


async def test_resume_heals_what_we_stopped(desk: Desk) -> None:
    schedule = await _on(desk)
    await desk.store.notices.note(Notice(desk.place, schedule, "E01", is_off=True), NOW, is_failure=True)
    resumed = await desk.scheduling.resume(desk.place, schedule.id, BY)
    assert (resumed.disabled_code, resumed.fail_streak) == (None, 0)
    assert await desk.store.notices.untold() == ()


@pytest.mark.parametrize("verb", ["turn_off", "pause", "resume", "skip_next", "post_now"])
async def test_another_servers_schedule_cannot_be_touched(desk: Desk, verb: str) -> None:
    schedule = await _on(desk)
    other = await desk.store.places.ensure(PlaceKind.SERVER, 501, NOW)
    with pytest.raises(UserError) as caught:
        await getattr(desk.scheduling, verb)(other, schedule.id, BY)
    assert caught.value.code is Code.NOT_SET_UP


async def test_the_status_shows_firings_deliveries_and_who_changed_what(desk: Desk) -> None:
    first, second = await _on(desk), await _on(desk, channel_id=701)
    desk.channels.lacking[701] = ("Send Messages",)
    await desk.scheduling.turn_off(desk.place, second.id, BY)
    await send_one(desk.store, DUE)
    status = await desk.scheduling.status(desk.place, second.id)
    assert status.selected == second.id
    assert [(len(each.firings), [row.state for row in each.last], each.missing) for each in status.schedules] == [
        (5, ["sent"], ()),
        (0, [], ("Send Messages",)),
    ]
    assert (await desk.scheduling.status(desk.place, 999)).selected == first.id


async def test_a_removed_briefing_is_gone(desk: Desk) -> None:
    schedule = await _on(desk)
    await desk.scheduling.remove(desk.place, schedule.id, BY)
    status = await desk.scheduling.status(desk.place)
    assert (status.schedules, [(one.what, one.by) for one in status.changes][:1]) == ((), [("removed", BY)])


async def test_what_is_pressed_twice_is_noted_once(desk: Desk) -> None:
    schedule = await _on(desk)
    for _ in range(2):
        await desk.scheduling.pause(desk.place, schedule.id, BY)
    draft = await desk.scheduling.draft(desk.place, schedule.id)
    await desk.scheduling.turn_on(desk.place, draft, BY, schedule.settings)
    assert [one.what for one in (await desk.scheduling.changes(desk.place)).changes] == ["paused", "turned-on"]


async def test_each_setting_that_changed_is_noted(desk: Desk) -> None:
    schedule = await _on(desk)
    settings = BriefingSettings(
        name="Tech",
        style=Style.PLAIN,
        topics=(Topic.TECHNOLOGY,),
        source_ids=(1,),
        lead_choice=LeadChoice.NO_POLITICS,
        max_stories=4,
        quiet_day=QuietDay.SILENT,
        role_id=5,
        publish=True,
        discussion=True,
    )
    await desk.scheduling.change_settings(desk.place, schedule.id, BY, lambda _old: settings)
    noted = {one.what: one for one in (await desk.scheduling.changes(desk.place)).changes}
    assert len(noted) == len(fields(BriefingSettings))  # and one for turning it on; its first page holds ten
    assert (noted["name"].detail, noted["name"].briefing) == (" → Tech", "Tech")


async def test_changes_come_in_pages(desk: Desk) -> None:
    schedule = await _on(desk)
    for number in range(12):
        style = Style.PLAIN if number % 2 == 0 else Style.CARDS
        await desk.scheduling.change_settings(desk.place, schedule.id, BY, partial(replace, style=style))
    assert [len((await desk.scheduling.changes(desk.place, page)).changes) for page in (1, 2, 99)] == [10, 3, 3]


async def test_a_pause_until_a_date_is_by_the_calendar_of_the_briefing(desk: Desk) -> None:
    schedule = await _on(desk, zone="Pacific/Auckland")  # there it is the 22nd still, just before 21 o'clock
    paused = await desk.scheduling.pause_until(desk.place, schedule.id, BY, "tomorrow")
    assert paused.paused_until == date(2026, 11, 23)
    for typed, code in (("soon", Code.UNKNOWN_DATE), ("2026-11-22", Code.DATE_NOT_AHEAD)):
        with pytest.raises(UserError) as caught:
            await desk.scheduling.pause_until(desk.place, schedule.id, BY, typed)
        assert (caught.value.code, caught.value.parameters) == (code, {"text": typed, "schedule_id": schedule.id})


async def test_days_when_dst_moves_the_hour_are_named(desk: Desk) -> None:
    await desk.clock.advance(datetime.fromisoformat("2027-03-26T12:00Z") - desk.clock.now())
    await _on(desk, zone="Europe/Berlin", local_time=time(2, 30))
    (status,) = (await desk.scheduling.status(desk.place)).schedules
    assert [firing.shift for firing in status.firings] == [None, "gap", None, None, None]
