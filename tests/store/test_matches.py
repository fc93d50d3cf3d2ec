from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.intake import Batch
from bot.domain.personal import FollowKind
from bot.domain.places import Place, PlaceKind
from bot.domain.text import fold
from bot.domain.topics import Topic
from bot.store.follows import Target
from bot.store.matches import MOST_AT_ONCE, matcher
from tests.fakes import newsroom as fakes
from tests.fakes.news import NOW
from tests.fakes.newsroom import Newsroom

ME, OTHER = 7, 8


class Feed:
    """One feed whose articles are matched as they come in."""

    def __init__(self, room: Newsroom, source_id: int) -> None:
        self.room = room
        self.source_id = source_id

    async def brings(
        self, *headlines: str, story: int | None = None, baseline: bool = False, **fields: Any
    ) -> list[int]:
        first, _ = await self.room.store.stories.next_ids()
        drafts = tuple(fakes._draft(text, n, story or first + n, **fields) for n, text in enumerate(headlines))
        extra = None if baseline else matcher(self.room.clock)
        await self.room.store.articles.take_in(self.source_id, Batch(drafts=drafts), self.room.clock.now(), extra)
        return [draft.story_id for draft in drafts]


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    room = await Newsroom.open(tmp_path)
    yield room
    await room.store.close()


@pytest.fixture
async def feed(room: Newsroom) -> Feed:
    return Feed(room, await room.source("feed"))


async def _own(room: Newsroom, user: int = ME) -> Place:
    return await room.place(user, PlaceKind.PERSON)


async def _follow(room: Newsroom, kind: FollowKind, value: object, user: int = ME) -> int:
    target = Target(kind, str(value), str(value))
    follow = await room.store.follows.add(user, (await _own(room, user)).id, target, NOW, 25)
    assert follow is not None
    return follow.id


async def _alerts(room: Newsroom) -> list[tuple[int, int, int, int]]:
    """Give (user, follow, story, growth) of what was matched."""
    query = "select user_id, follow_id, story_id, is_growth from alert order by id"
    return await room.store.db.read(lambda raw: [tuple(row) for row in raw.execute(query)])


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FollowKind.TOPIC, "sport"),
        (FollowKind.NAME, fold("Zoë Šimek")),
        (FollowKind.NAME, "simek"),
        (FollowKind.SOURCE, 1),
    ],
    ids=str,
)
async def test_a_new_story_that_matches_is_told_once(
    room: Newsroom, feed: Feed, kind: FollowKind, value: object
) -> None:
    follow = await _follow(room, kind, value)
    (story,) = await feed.brings("Cup won", topics=(Topic.SPORT, Topic.WORLD), names=("Zoë Šimek",))
    await feed.brings("Cup won again", story=story, topics=(Topic.SPORT,), names=("Zoë Šimek",))
    assert await _alerts(room) == [(ME, follow, story, 0)]


async def test_what_does_not_match_is_not_told(room: Newsroom, feed: Feed) -> None:
    for kind, value in [(FollowKind.TOPIC, "sport"), (FollowKind.NAME, "ann"), (FollowKind.SOURCE, 99)]:
        await _follow(room, kind, value)
    await feed.brings("Bridge opens", topics=(Topic.WORLD,), names=("Anna Long",))
    assert await _alerts(room) == []


async def test_a_first_visit_fires_nothing(room: Newsroom, feed: Feed) -> None:
    await _follow(room, FollowKind.TOPIC, "sport")
    await feed.brings("Cup won", topics=(Topic.SPORT,), baseline=True)
    assert await _alerts(room) == []


async def test_several_follows_of_one_story_are_one_alert_for_the_closest(room: Newsroom, feed: Feed) -> None:
    await _follow(room, FollowKind.TOPIC, "sport")
    name = await _follow(room, FollowKind.NAME, "ann long")
    await _follow(room, FollowKind.SOURCE, feed.source_id)
    (story,) = await feed.brings("Cup won", topics=(Topic.SPORT,), names=("Ann Long",))
    assert await _alerts(room) == [(ME, name, story, 0)]


async def test_a_followed_story_is_told_when_another_report_joins_it_but_not_a_copy(room: Newsroom, feed: Feed) -> None:
    (story,) = await feed.brings("Bridge opens", baseline=True)
    follow = await _follow(room, FollowKind.STORY, story)
    await feed.brings("Harbour closes")
    assert await _alerts(room) == []
    await feed.brings("The bridge is open", story=story, outlet="two.example")
    await feed.brings("Thousands cross the bridge", story=story, outlet="three.example")
    assert await _alerts(room) == [(ME, follow, story, 1)]  # one waits: a second would say the same


async def test_a_growing_story_is_told_again_an_hour_later(room: Newsroom, feed: Feed) -> None:
    (story,) = await feed.brings("Bridge opens", baseline=True)
    await _follow(room, FollowKind.STORY, story)
    await feed.brings("The bridge is open", story=story)
    (due,) = await room.store.alerts.due(NOW)
    await room.store.alerts.sent(due.id, 1, 2, NOW)
    await room.clock.advance(600)
    await feed.brings("Thousands cross the bridge", story=story)
    assert await room.store.alerts.due(room.clock.now()) == ()
    assert len(await room.store.alerts.due(NOW + timedelta(hours=1))) == 1


async def test_a_followed_story_that_was_merged_into_another_is_still_followed(room: Newsroom, feed: Feed) -> None:
    old, new = await feed.brings("Bridge opens", "The bridge is open", baseline=True)
    follow = await _follow(room, FollowKind.STORY, old)
    await room.store.stories.merge(new, old)
    await feed.brings("Thousands cross the bridge", story=new)
    assert await _alerts(room) == [(ME, follow, new, 1)]
    assert await room.store.follows.of_story(ME, new) == follow


async def test_an_old_story_is_told_when_the_name_is_new_to_it_and_not_when_it_was_there(
    room: Newsroom, feed: Feed
) -> None:
    one, two = await feed.brings("Bridge opens", "Harbour closes", baseline=True)
    await feed.brings("Long at the harbour", story=two, names=("Ann Long",), baseline=True)
    follow = await _follow(room, FollowKind.NAME, "ann long")
    await feed.brings("Long crosses the bridge", story=one, names=("Ann Long",))
    await feed.brings("Long leaves the harbour", story=two, names=("Ann Long",))
    assert await _alerts(room) == [(ME, follow, one, 0)]


async def test_a_late_report_of_old_news_is_not_told_and_an_undated_one_is(room: Newsroom, feed: Feed) -> None:
    await _follow(room, FollowKind.TOPIC, "sport")
    await feed.brings("Cup of last week", topics=(Topic.SPORT,), age_h=72)
    (story,) = await feed.brings("Cup won", topics=(Topic.SPORT,), age_h=None)
    assert [row[2] for row in await _alerts(room)] == [story]


async def test_only_who_reads_the_source_hears_of_it(room: Newsroom) -> None:
    hidden = await room.source("hidden", for_all=False)
    for user in (ME, OTHER, 9):
        await _follow(room, FollowKind.TOPIC, "sport", user)
    await room.subscribe(await _own(room), hidden)
    server = await room.place()
    await room.subscribe(server, hidden)
    await room.store.followers.read_with((await _own(room, OTHER)).id, server.id)
    await Feed(room, hidden).brings("Cup won", topics=(Topic.SPORT,))
    assert {row[0] for row in await _alerts(room)} == {ME, OTHER}


async def test_whose_dms_are_closed_gets_nothing_and_what_waited_is_dropped(room: Newsroom, feed: Feed) -> None:
    await _follow(room, FollowKind.TOPIC, "sport")
    await feed.brings("Cup won", topics=(Topic.SPORT,))
    await room.store.followers.close(ME, NOW)
    assert await room.store.alerts.due(NOW) == ()
    await feed.brings("Cup lost", topics=(Topic.SPORT,))
    assert len(await _alerts(room)) == 1
    await room.store.followers.reopen(ME)
    await feed.brings("Cup stolen", topics=(Topic.SPORT,))
    assert len(await room.store.alerts.due(NOW)) == 1


async def test_of_one_visit_a_person_hears_of_the_newest_only(room: Newsroom, feed: Feed) -> None:
    await _follow(room, FollowKind.TOPIC, "sport")
    stories = await feed.brings(*(f"Cup number {n} won" for n in range(30)), topics=(Topic.SPORT,))
    assert {row[2] for row in await _alerts(room)} == set(stories[-MOST_AT_ONCE:])


async def test_an_ended_follow_takes_its_alerts_with_it_and_nobody_ends_anothers(room: Newsroom, feed: Feed) -> None:
    follow = await _follow(room, FollowKind.TOPIC, "sport")
    await feed.brings("Cup won", topics=(Topic.SPORT,))
    assert await room.store.follows.remove(OTHER, follow) == ()
    assert len(await room.store.follows.remove(ME, follow, 99)) == 1
    assert await _alerts(room) == []


async def test_alerts_of_a_month_ago_are_purged(room: Newsroom, feed: Feed) -> None:
    await _follow(room, FollowKind.TOPIC, "sport")
    await feed.brings("Cup won", topics=(Topic.SPORT,))
    assert await room.store.alerts.purge(NOW + timedelta(days=29)) == 0
    assert await room.store.alerts.purge(NOW + timedelta(days=31)) == 1


@pytest.mark.parametrize(
    ("followed", "headline", "is_told"),
    [
        ("Denmark", "Zoo in Denmark Welcomes Two Red Pandas", True),
        ("denmark", "Denmark’s Farmers Plant Ten Thousand Oaks", True),
        ("Great Belt", "Denmark Opens a Bridge Over the “Great Belt”", True),
        ("São Paulo", "Rain Floods Sao Paulo", True),
        ("Apple", "Farmers fear for the apple harvest", False),
        ("Den", "Zoo in Denmark Welcomes Two Red Pandas", False),
        ("Great Bridge", "A Great New Bridge", False),
    ],
)
async def test_a_followed_name_is_found_in_headlines_that_no_name_was_read_from(
    room: Newsroom, feed: Feed, followed: str, headline: str, *, is_told: bool
) -> None:
    await room.store.subscriptions.add((await _own(room)).id, feed.source_id, NOW)
    await _follow(room, FollowKind.NAME, fold(followed))
    await feed.brings(headline)
    assert bool(await room.alerting.outgoing()) is is_told
