import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date, time

import pytest

from bot.desk.own_briefings import OwnBriefings
from bot.desk.scheduling import Scheduling
from bot.domain.answers import Reader
from bot.domain.deliveries import State
from bot.domain.places import ALL_DAYS, PlaceKind, TargetKind
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from tests.fakes.channels import FakeChannels
from tests.fakes.newsroom import Newsroom


@pytest.fixture
def desk(newsroom: Newsroom) -> OwnBriefings:
    scheduling = Scheduling(newsroom.store, FakeChannels(), newsroom.clock, lambda: None)
    return OwnBriefings(newsroom.store, scheduling, newsroom.own_places)


async def test_before_anything_is_set_up_there_is_nothing_but_the_servers_zone(
    newsroom: Newsroom, desk: OwnBriefings
) -> None:
    place = await newsroom.store.places.change(
        (await newsroom.place()).id, lambda old: replace(old, zone="Europe/Berlin")
    )
    panel = await desk.panel(await newsroom.reader(place=place))
    assert (panel.schedule, panel.zone, panel.is_on) == (None, "Europe/Berlin", False)


async def test_a_time_and_a_city_turn_it_on_in_the_readers_language(newsroom: Newsroom, desk: OwnBriefings) -> None:
    reader = await newsroom.reader(locale="de")
    panel = await desk.set_time(reader, "7:30", "Hamburg")
    assert panel.is_on
    assert panel.schedule is not None
    assert (panel.schedule.local_time, panel.schedule.zone) == (time(7, 30), "Europe/Berlin")
    own = await newsroom.store.places.find(PlaceKind.PERSON, reader.user_id)
    assert own is not None
    assert (panel.schedule.target, own.locale, panel.schedule.place.id) == (TargetKind.DM, "de", own.id)


async def test_what_is_not_given_stays_as_it_was(newsroom: Newsroom, desk: OwnBriefings) -> None:
    reader = await newsroom.reader()
    await desk.set_time(reader, "7:30", "Hamburg")
    await desk.set_days(reader, (0, 4))
    await desk.set_topics(reader, (Topic.SPORT,))
    await desk.set_time(reader, "", "Tokyo")
    panel = await desk.set_time(reader, "6", "")
    assert panel.schedule is not None
    assert (panel.schedule.local_time, panel.schedule.zone) == (time(6), "Asia/Tokyo")
    assert (panel.schedule.weekdays, panel.topics) == (0b10001, (Topic.SPORT,))


@pytest.mark.parametrize(
    ("typed", "city", "code"),
    [("25:00", "Berlin", Code.UNKNOWN_TIME), ("8", "Noville", Code.UNKNOWN_ZONE), ("8", "CST", Code.AMBIGUOUS_ZONE)],
)
async def test_what_is_not_understood_is_told_with_the_own_form_as_cure(
    newsroom: Newsroom, desk: OwnBriefings, typed: str, city: str, code: Code
) -> None:
    with pytest.raises(UserError) as caught:
        await desk.set_time(await newsroom.reader(), typed, city)
    assert (caught.value.code, caught.value.parameters["own"]) == (code, True)


async def test_a_time_survives_a_city_that_fits_several_zones(newsroom: Newsroom, desk: OwnBriefings) -> None:
    reader = await newsroom.reader()
    with pytest.raises(UserError):
        await desk.set_time(reader, "21:15", "CST")
    assert not (await desk.panel(reader)).is_on
    panel = await desk.set_zone(reader, "Asia/Shanghai")
    assert panel.is_on
    assert panel.schedule is not None
    assert (panel.schedule.local_time, panel.schedule.zone) == (time(21, 15), "Asia/Shanghai")


Act = Callable[[OwnBriefings, Reader], Awaitable[object]]
ACTS: dict[str, tuple[Act, bool]] = {
    "off": (lambda desk, reader: desk.turn_off(reader), False),
    "paused": (lambda desk, reader: desk.pause(reader), False),
    "paused until a day": (lambda desk, reader: desk.pause(reader, date(2026, 4, 1)), False),
    "other days": (lambda desk, reader: desk.set_days(reader, (1,)), True),
    "no days, which means all": (lambda desk, reader: desk.set_days(reader, ()), True),
}


@pytest.mark.parametrize(("act", "is_on"), ACTS.values(), ids=ACTS)
async def test_it_is_on_until_it_is_turned_off_or_paused_and_comes_back_with_one_press(
    newsroom: Newsroom, desk: OwnBriefings, act: Act, *, is_on: bool
) -> None:
    reader = await newsroom.reader()
    await act(desk, reader)  # before there is one
    assert (await desk.panel(reader)).is_on is False
    await desk.turn_on(reader)
    await act(desk, reader)
    assert (await desk.panel(reader)).is_on is is_on
    assert (await desk.turn_on(reader)).is_on


async def test_choices_made_before_it_is_on_are_kept_and_turn_nothing_on(
    newsroom: Newsroom, desk: OwnBriefings
) -> None:
    reader = await newsroom.reader()
    panel = await desk.set_topics(reader, (Topic.SPORT,))
    assert (panel.is_on, panel.topics, panel.zone) == (False, (Topic.SPORT,), "UTC")
    assert (await desk.turn_on(reader)).topics == (Topic.SPORT,)


async def test_one_is_sent_now_also_before_it_is_on_but_not_twice_a_minute(
    newsroom: Newsroom, desk: OwnBriefings
) -> None:
    reader = await newsroom.reader()
    await desk.send_now(reader)
    with pytest.raises(UserError) as caught:
        await desk.send_now(reader)
    assert caught.value.code is Code.COOLDOWN
    states = await newsroom.store.db.read(lambda raw: [row["state"] for row in raw.execute("select * from delivery")])
    assert states == [State.PLANNED.value]


async def test_two_presses_at_once_make_one_schedule(newsroom: Newsroom, desk: OwnBriefings) -> None:
    reader = await newsroom.reader()
    await asyncio.gather(desk.turn_on(reader), desk.set_days(reader, (2,)), desk.turn_on(reader))
    own = await newsroom.own_places.of(reader)
    (schedule,) = await newsroom.store.schedules.of_place(own.id)
    assert schedule.weekdays in {0b100, ALL_DAYS}


async def test_it_reads_what_the_server_reads_in_which_it_was_set_up(newsroom: Newsroom, desk: OwnBriefings) -> None:
    reader = await newsroom.reader()
    own = await newsroom.own_places.of(reader)
    hidden = await newsroom.source("hidden", for_all=False)
    await newsroom.subscribe(reader.place, hidden)
    assert hidden not in await newsroom.store.subscriptions.source_ids(own.id)
    await desk.turn_on(reader)
    assert hidden in await newsroom.store.subscriptions.source_ids(own.id)


async def test_a_briefing_that_did_not_arrive_is_told_in_the_panel_and_turned_on_again(
    newsroom: Newsroom, desk: OwnBriefings
) -> None:
    reader = await newsroom.reader()
    await desk.turn_on(reader)
    stop = "update schedule set disabled_code='closed', told_cause='closed', fail_streak=3"
    await newsroom.store.db.write(lambda raw: raw.execute(stop))
    panel = await desk.panel(reader)
    assert (panel.is_on, panel.is_dm_closed) == (False, True)
    assert await newsroom.store.followers.untold() == {reader.user_id}
    panel = await desk.turn_on(reader)
    assert (panel.is_on, panel.is_dm_closed) == (True, False)
    assert await newsroom.store.followers.untold() == frozenset()
