from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.desk.briefings import Briefings
from bot.domain.answers import Query
from bot.domain.deliveries import Composed, Shown, freeze
from bot.domain.editions import Edition, LeadChoice, Mode
from bot.domain.places import BriefingSettings, Schedule
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.ingest.documents import Documents
from bot.ingest.pipeline import Pipeline
from tests.fakes.ledgers import add_schedule
from tests.fakes.newsroom import JAPAN, Newsroom
from tests.fakes.schedules import DUE

DERIVED = "Japan is intensifying its defense capabilities in response to growing security challenges in East Asia"
GUARD = "National Guard Member Killed in White House-Area Shooting Sparks Terror Probe and Immigration Review"


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    """A newsroom an hour before the schedule is due."""
    room = await Newsroom.open(tmp_path)
    await room.clock.advance(DUE - timedelta(hours=1) - room.clock.now())
    yield room
    await room.store.close()


@pytest.fixture
def desk(room: Newsroom) -> Briefings:
    return Briefings(room.store, room.clock, room.scope, room.summaries, room.recall)


async def _import_sample(room: Newsroom) -> None:
    await Documents(room.store, Pipeline(room.store, room.clock), room.clock).import_sample()


async def _post(room: Newsroom, edition: Edition) -> None:
    """Post an edition through the ledger, as the deliverer does."""
    now = room.clock.now()
    await room.store.plans.plan_due(now)
    (delivery,) = await room.store.deliveries.claim(now)
    leads = {pick.story.id for pick in edition.leads}
    shown = tuple(
        Shown(pick.story.id, pick.story.lead.id, pick.story.title, is_lead=pick.story.id in leads)
        for pick in edition.picks
    )
    await room.store.deliveries.freeze(delivery, freeze(Composed("Text")), shown, 1, now)
    await room.store.deliveries.record_try(delivery, 0, now)
    await room.store.deliveries.mark_sent(delivery, 0, 9000 + delivery.id, delivery.channel_id, now)


async def _next_day(room: Newsroom) -> None:
    await room.clock.advance(timedelta(days=1))


# ── the sample ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_samples_edition_is_eight_of_fifteen_led_by_japan_and_the_guard(
    room: Newsroom, desk: Briefings
) -> None:
    await _import_sample(room)
    edition = await desk.compose(await add_schedule(room.store))
    japan, guard = edition.leads
    assert (len(edition.also), edition.total_stories, edition.mode) == (6, 15, Mode.RANKED)
    assert (edition.is_undated, edition.is_sample) == (True, True)
    assert japan.story.title == DERIVED
    assert len(japan.quotes) == 1
    assert japan.quotes[0].startswith(DERIVED)
    assert japan.quotes[0].endswith("Takeshi Iwaya stated during a meeting with U.S. officials in Washington.")
    assert guard.story.title == GUARD
    assert (guard.quotes, len(guard.story.siblings)) == ((), 2)
    assert all(len(pick.story.articles) == 1 for pick in edition.also)


async def test_the_samples_headlines_begin_with_the_same_two(room: Newsroom) -> None:
    await _import_sample(room)
    page = await room.reading.headlines(await room.reader())
    assert [story.title for story in page.stories[:2]] == [DERIVED, GUARD]
    assert (page.total_stories, page.total_items, page.pages) == (15, 17, 2)


async def test_the_two_hegseth_headlines_are_related_and_not_one_story(room: Newsroom) -> None:
    await _import_sample(room)
    card = await room.reading.card(await room.reader(), "hegseth signal yemen")
    assert len(card.story.articles) == 1
    assert any("Pete Hegseth" in story.title for story in card.related)


async def test_the_sample_turns_day_by_day_through_what_was_shown_longest_ago(room: Newsroom, desk: Briefings) -> None:
    await _import_sample(room)
    schedule = await add_schedule(room.store)
    await room.clock.advance(timedelta(hours=1))
    editions = []
    for _ in range(3):
        editions.append(await desk.compose(schedule))
        await _post(room, editions[-1])
        await _next_day(room)
    shown = [{pick.story.id for pick in edition.picks} for edition in editions]
    assert [edition.mode for edition in editions] == [Mode.RANKED, Mode.ARCHIVE, Mode.ARCHIVE]
    assert len(shown[0] | shown[1]) == 15
    assert len(shown[0] & shown[1]) == 1


async def test_without_crime_and_war_japan_leads_alone(room: Newsroom, desk: Briefings) -> None:
    await _import_sample(room)
    settings = BriefingSettings(lead_choice=LeadChoice.NO_CRIME_AND_WAR)
    edition = await desk.compose(await add_schedule(room.store, settings=settings))
    assert [pick.story.title for pick in edition.leads] == [DERIVED]
    assert len(edition.picks) == 8


# ── what a schedule chooses from ─────────────────────────────────────────────────────────────────────────────────


async def _compose(room: Newsroom, desk: Briefings, guild: int, settings: BriefingSettings) -> list[str]:
    schedule = await add_schedule(room.store, guild, settings=settings)
    return [pick.story.title for pick in (await desk.compose(schedule)).picks]


async def test_a_schedule_may_choose_topics_and_sources(room: Newsroom, desk: Briefings) -> None:
    one, two = await room.source("one"), await room.source("two")
    await room.add(one, "Cup final", topics=(Topic.SPORT,))
    await room.add(two, "Vote", topics=(Topic.POLITICS,))
    assert await _compose(room, desk, 501, BriefingSettings(topics=(Topic.SPORT,))) == ["Cup final"]
    assert await _compose(room, desk, 502, BriefingSettings(source_ids=(two, 999))) == ["Vote"]
    assert await _compose(room, desk, 503, BriefingSettings(source_ids=(999,))) == []


async def test_what_a_place_filters_out_is_in_no_list_and_no_briefing(room: Newsroom, desk: Briefings) -> None:
    feed = await room.source("feed")
    await room.add(feed, "Storm hits the coast", "Frogs return")
    schedule = await add_schedule(room.store)
    await room.leave_out(schedule.place, "storm")
    reader = await room.reader(place=schedule.place)
    assert [pick.story.title for pick in (await desk.compose(schedule)).picks] == ["Frogs return"]
    assert [story.title for story in (await room.reading.headlines(reader, Query())).stories] == ["Frogs return"]
    assert len((await room.reading.search(reader, "storm")).stories) == 1


async def test_channels_of_one_place_do_not_take_stories_from_each_other(room: Newsroom, desk: Briefings) -> None:
    await room.add(await room.source("feed"), "One", "Two")
    first = await add_schedule(room.store)
    second = await add_schedule(room.store, key=b"another.", channel_id=701, next_due=DUE + timedelta(days=9))
    await room.clock.advance(timedelta(hours=1))
    await _post(room, await desk.compose(first))
    assert [len((await desk.compose(one)).picks) for one in (first, second)] == [0, 2]


async def test_a_story_merged_into_another_counts_as_shown(room: Newsroom, desk: Briefings) -> None:
    feed, schedule = await room.source("feed"), await add_schedule(room.store)
    old, kept = await room.add(feed, "Bridge opens", "Bridge is open")
    await room.clock.advance(timedelta(hours=1))
    await _post(room, await desk.compose(schedule))
    await room.store.stories.merge(kept, old)
    assert (await desk.compose(schedule)).picks == ()


# ── /briefing ────────────────────────────────────────────────────────────────────────────────────────────────────


async def _posted(room: Newsroom, desk: Briefings, days: int = 1) -> Schedule:
    feed = await room.source("feed")
    schedule = await add_schedule(room.store, settings=BriefingSettings(name="Coffee"))
    await room.clock.advance(timedelta(hours=1))
    for day in range(days):
        await room.add(feed, f"Day {day}", paragraphs=JAPAN, added_at=room.clock.now(), age_h=None)
        await _post(room, await desk.compose(schedule))
        await _next_day(room)
    return schedule


async def test_the_latest_posted_edition_is_shown_with_where_it_stands(room: Newsroom, desk: Briefings) -> None:
    schedule = await _posted(room, desk, days=2)
    answer = await desk.answer(await room.reader(place=schedule.place))
    (lead,) = answer.edition.leads
    assert (lead.story.title, answer.name, answer.posted_at) == ("Day 1", "Coffee", DUE + timedelta(days=1))
    assert lead.quotes
    assert answer.posted_url == "https://discord.com/channels/500/700/9002"
    assert (answer.local_date, answer.next_at) == (date(2026, 11, 23), DUE + timedelta(days=2))


async def test_an_earlier_edition_is_found_by_its_date_or_its_reference(room: Newsroom, desk: Briefings) -> None:
    schedule = await _posted(room, desk, days=2)
    reader = await room.reader(place=schedule.place)
    references = [reference for reference, _ in await desk.editions(reader)]
    assert references == [f"{schedule.id}:2026-11-23", f"{schedule.id}:2026-11-22"]
    for asked in (references[1], "2026-11-22"):
        assert (await desk.answer(reader, asked)).edition.picks[0].story.title == "Day 0"
    latest = await desk.answer(reader, f"{schedule.id}:latest")
    assert latest.edition.picks[0].story.title == "Day 1"
    assert len(await desk.editions(reader, "11-22")) == 1
    assert len(await desk.editions(reader, "coffee")) == 2


async def test_a_story_that_is_gone_leaves_the_edition(room: Newsroom, desk: Briefings) -> None:
    schedule = await _posted(room, desk)
    await room.store.stories.retract(1, room.clock.now())
    answer = await desk.answer(await room.reader(place=schedule.place))
    assert answer.edition.picks == ()
    assert answer.posted_at == DUE


async def test_without_a_posted_edition_one_is_made_now_and_the_next_post_is_named(
    room: Newsroom, desk: Briefings
) -> None:
    await room.add(await room.source("feed"), "One", "Two")
    schedule = await add_schedule(room.store, settings=BriefingSettings(name="Coffee", max_stories=1))
    answer = await desk.answer(await room.reader(place=schedule.place), "latest")
    assert (answer.posted_at, answer.next_at, answer.name) == (None, DUE, "Coffee")
    assert len(answer.edition.picks) == 1
    elsewhere = await desk.answer(await room.reader())
    assert (elsewhere.next_at, len(elsewhere.edition.picks)) == (None, 2)


async def test_a_briefing_that_is_posted_where_the_reader_sees_nothing_is_not_open_to_them(
    room: Newsroom, desk: Briefings
) -> None:
    schedule = await _posted(room, desk)
    reader = await room.reader(place=schedule.place)
    for asked in (None, "2026-11-22", f"{schedule.id}:latest"):
        with pytest.raises(UserError) as caught:
            await desk.answer(reader, asked, lambda channel_id: channel_id != schedule.channel_id)
        assert caught.value.code is Code.BRIEFING_NOT_OPEN
    assert await desk.editions(reader, "", lambda _: False) == ()
    await room.store.schedules.change(schedule.id, lambda old, _: (replace(old, enabled=False), ()))
    assert (await desk.answer(reader, None, lambda _: False)).posted_at is None  # none is posted any more: made now


async def test_of_several_briefings_a_reader_gets_those_they_see(room: Newsroom, desk: Briefings) -> None:
    schedule = await _posted(room, desk)
    await add_schedule(room.store, channel_id=701, key=b"second  ", next_due=room.clock.now() + timedelta(hours=1))
    answer = await desk.answer(await room.reader(place=schedule.place), None, lambda channel_id: channel_id == 701)
    assert answer.posted_at is None
    assert answer.next_at == room.clock.now() + timedelta(hours=1)


@pytest.mark.parametrize("asked", ["2020-01-01", "yesterday", "x:2026-11-22", "1:", ":", "9" * 400])
async def test_an_edition_that_is_not_there_is_told(room: Newsroom, desk: Briefings, asked: str) -> None:
    with pytest.raises(UserError) as caught:
        await desk.answer(await room.reader(), asked)
    assert caught.value.code is Code.NO_BRIEFING


async def test_the_rows_of_a_briefing_can_be_asked_for_by_number(room: Newsroom, desk: Briefings) -> None:
    await _import_sample(room)
    answer = await desk.answer(await room.reader())
    third = answer.edition.picks[2].story
    assert (await room.reading.card(await room.reader(), "3")).story.id == third.id


async def test_a_row_number_before_any_list_means_the_headlines(room: Newsroom) -> None:
    await _import_sample(room)
    reader = await room.reader()
    card = await room.reading.card(reader, "2")
    assert card.story.id == (await room.reading.headlines(reader)).stories[1].id
