from datetime import timedelta

import pytest

from bot.domain.personal import CatchUp
from bot.domain.places import PlaceKind
from bot.domain.stories import Story
from bot.domain.topics import Topic
from tests.fakes.news import NOW
from tests.fakes.newsroom import Newsroom

HOUR = 3600.0


def _titles(answer: CatchUp) -> set[str]:
    return {story.title for story in answer.stories}


@pytest.fixture
async def feed(newsroom: Newsroom) -> int:
    return await newsroom.source("feed")


async def test_the_first_time_shows_the_latest_24_hours(newsroom: Newsroom, feed: int) -> None:
    await newsroom.add(feed, "Bridge opens", age_h=3)
    await newsroom.add(feed, "Old harbour closes", age_h=40)
    answer = await newsroom.catchups.answer(await newsroom.reader())
    assert _titles(answer) == {"Bridge opens"}
    assert (answer.total, answer.since, answer.is_repeat) == (1, None, False)


async def test_the_first_time_without_fresh_news_shows_the_top_eight(newsroom: Newsroom, feed: int) -> None:
    await newsroom.add(feed, *(f"Bridge number {n} opens" for n in range(12)), age_h=60)
    answer = await newsroom.catchups.answer(await newsroom.reader())
    assert (len(answer.stories), answer.total) == (8, 12)


async def test_an_empty_place_has_nothing_to_catch_up_on(newsroom: Newsroom) -> None:
    answer = await newsroom.catchups.answer(await newsroom.reader())
    assert (answer.stories, answer.newest_at) == ((), None)


async def test_afterwards_only_what_came_in_since_is_shown(newsroom: Newsroom, feed: int) -> None:
    reader = await newsroom.reader()
    await newsroom.add(feed, "Bridge opens")
    await newsroom.catchups.answer(reader)
    await newsroom.clock.advance(HOUR)
    await newsroom.add(feed, "Harbour closes", "Late report of last week", age_h=170)
    answer = await newsroom.catchups.answer(reader)
    assert _titles(answer) == {"Harbour closes", "Late report of last week"}
    assert answer.since == NOW


async def test_within_thirty_minutes_the_same_comes_once_more_and_what_is_newer_waits(
    newsroom: Newsroom, feed: int
) -> None:
    reader = await newsroom.reader()
    await newsroom.add(feed, "Bridge opens")
    first = await newsroom.catchups.answer(reader)
    await newsroom.clock.advance(29 * 60)
    await newsroom.add(feed, "Harbour closes")
    again = await newsroom.catchups.answer(reader)
    assert (_titles(again), again.is_repeat) == (_titles(first), True)
    await newsroom.clock.advance(2 * 60)
    later = await newsroom.catchups.answer(reader)
    assert (_titles(later), later.is_repeat) == ({"Harbour closes"}, False)


async def test_an_answer_that_held_nothing_is_not_repeated(newsroom: Newsroom, feed: int) -> None:
    reader = await newsroom.reader()
    await newsroom.add(feed, "Bridge opens", age_h=2)
    await newsroom.catchups.answer(reader)
    await newsroom.clock.advance(HOUR)
    nothing = await newsroom.catchups.answer(reader)
    assert (nothing.stories, nothing.newest_at) == ((), NOW - timedelta(hours=2))
    await newsroom.clock.advance(60)
    await newsroom.add(feed, "Harbour closes")
    answer = await newsroom.catchups.answer(reader)
    assert (_titles(answer), answer.is_repeat) == ({"Harbour closes"}, False)


async def test_a_story_that_another_outlet_now_tells_is_news_and_a_copy_is_not(newsroom: Newsroom, feed: int) -> None:
    reader = await newsroom.reader()
    other = await newsroom.source("other")
    bridge, harbour = await newsroom.add(feed, "Bridge opens", "Harbour closes")
    await newsroom.catchups.answer(reader)
    await newsroom.clock.advance(HOUR)
    await newsroom.add(other, "The bridge is open", outlet="two.example", story=bridge)
    copied = await newsroom.add(other, "Harbour is closed", story=harbour)
    await newsroom.store.db.write(
        lambda raw: raw.execute("update article set is_counted=0 where headline='Harbour is closed'")
    )
    answer = await newsroom.catchups.answer(reader)
    assert [story.id for story in answer.stories] == [bridge]
    assert copied == [harbour]


async def test_nothing_but_catching_up_moves_the_marker(newsroom: Newsroom, feed: int) -> None:
    reader = await newsroom.reader()
    await newsroom.catchups.answer(reader)
    await newsroom.clock.advance(HOUR)
    (story_id,) = await newsroom.add(feed, "Bridge opens")
    await newsroom.reading.headlines(reader)
    await newsroom.reading.open(reader, story_id)
    assert _titles(await newsroom.catchups.answer(reader)) == {"Bridge opens"}


async def test_each_member_has_a_marker_of_their_own_in_each_place(newsroom: Newsroom, feed: int) -> None:
    await newsroom.add(feed, "Bridge opens")
    await newsroom.catchups.answer(await newsroom.reader())
    await newsroom.clock.advance(HOUR)
    dm = await newsroom.place(7, PlaceKind.PERSON)
    for reader in (await newsroom.reader(user_id=8), await newsroom.reader(place=dm)):
        assert _titles(await newsroom.catchups.answer(reader)) == {"Bridge opens"}


async def test_what_place_and_member_leave_out_is_not_caught_up_on(newsroom: Newsroom, feed: int) -> None:
    reader = await newsroom.reader()
    await newsroom.catchups.answer(reader)
    await newsroom.clock.advance(HOUR)
    await newsroom.leave_out(reader.place, "storm")
    await newsroom.muting.mute_topic(reader, Topic.SPORT)
    await newsroom.add(await newsroom.source("hidden", for_all=False), "Nobody here reads this")
    await newsroom.add(feed, "A storm comes", "Bridge opens")
    await newsroom.add(feed, "The cup is won", topics=(Topic.SPORT,))
    answer = await newsroom.catchups.answer(reader)
    assert (_titles(answer), answer.total) == ({"Bridge opens"}, 1)


async def test_after_a_long_absence_ten_are_shown_and_nobody_counts_the_rest(newsroom: Newsroom, feed: int) -> None:
    reader = await newsroom.reader()
    await newsroom.catchups.answer(reader)
    await newsroom.clock.advance(HOUR)
    await newsroom.add(feed, *(f"Bridge number {n} opens" for n in range(300)))
    answer = await newsroom.catchups.answer(reader)
    assert (len(answer.stories), answer.total, answer.is_more) == (10, 200, True)


async def test_numbers_mean_the_rows_of_the_catch_up(newsroom: Newsroom, feed: int) -> None:
    reader = await newsroom.reader()
    await newsroom.add(feed, "Bridge opens", "Harbour closes")
    answer = await newsroom.catchups.answer(reader)
    second: Story = answer.stories[1]
    assert (await newsroom.reading.card(reader, "2")).story.id == second.id


async def test_a_clock_that_was_set_back_does_not_repeat_for_ever(newsroom: Newsroom, feed: int) -> None:
    reader = await newsroom.reader()
    await newsroom.add(feed, "Bridge opens")
    owner = (reader.user_id, reader.place.id)
    await newsroom.store.catchups.advance(owner, NOW + timedelta(days=2))
    assert not (await newsroom.catchups.answer(reader)).is_repeat
