from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.desk import follows as desk
from bot.desk.alerting import MOST_A_DAY, STALE, day_of, quiet_until
from bot.desk.briefings import Briefings
from bot.desk.own_briefings import OwnBriefings
from bot.desk.scheduling import Scheduling
from bot.domain.answers import Reader
from bot.domain.intake import Batch
from bot.domain.personal import FollowKind
from bot.domain.places import Schedule
from bot.domain.stories import story_key
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.ingest.documents import Documents
from bot.ingest.pipeline import Pipeline
from bot.store.followers import Follower
from bot.store.matches import matcher
from tests.fakes import newsroom as fakes
from tests.fakes.channels import FakeChannels
from tests.fakes.news import NOW
from tests.fakes.newsroom import Newsroom


@pytest.fixture
async def feed(newsroom: Newsroom) -> int:
    return await newsroom.source("harbour post")


async def _brings(newsroom: Newsroom, source_id: int, *headlines: str) -> list[int]:
    first, _ = await newsroom.store.stories.next_ids()
    drafts = tuple(fakes._draft(text, n, first + n, topics=(Topic.SPORT,)) for n, text in enumerate(headlines))
    now = newsroom.clock.now()
    await newsroom.store.articles.take_in(source_id, Batch(drafts=drafts), now, matcher(newsroom.clock))
    return [draft.story_id for draft in drafts]


def _briefings(newsroom: Newsroom) -> Briefings:
    return Briefings(newsroom.store, newsroom.clock, newsroom.scope, newsroom.summaries, newsroom.recall)


async def _own_schedule(newsroom: Newsroom, reader: Reader) -> Schedule:
    scheduling = Scheduling(newsroom.store, FakeChannels(), newsroom.clock, lambda: None)
    panel = await OwnBriefings(newsroom.store, scheduling, newsroom.own_places).turn_on(reader)
    assert panel.schedule is not None
    return panel.schedule


# ── what was meant ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "topic", "kind", "label"),
    [
        ("topic:sport", None, FollowKind.TOPIC, "sport"),
        ("Sport", Topic.SPORT, FollowKind.TOPIC, "sport"),
        ("source:1", None, FollowKind.SOURCE, "Harbour Post"),
        ("harbour post", None, FollowKind.SOURCE, "Harbour Post"),
        ("name:Ada Long", None, FollowKind.NAME, "Ada Long"),
        (" Ada\u200b  Long ", None, FollowKind.NAME, "Ada Long"),
        ("story:s1", None, FollowKind.STORY, "The old bridge in the harbour opens"),
        ("s1", None, FollowKind.STORY, "The old bridge in the harbour opens"),
        ("1", None, FollowKind.STORY, "The old bridge in the harbour opens"),
        ("the old bridge in the harbour opens", None, FollowKind.STORY, "The old bridge in the harbour opens"),
    ],
)
async def test_what_was_typed_or_chosen_is_followed(
    newsroom: Newsroom, feed: int, typed: str, topic: Topic | None, kind: FollowKind, label: str
) -> None:
    (story_id,) = await newsroom.add(feed, "The old bridge in the harbour opens")
    assert story_key(story_id) == "s1"
    panel = await newsroom.follows.follow(await newsroom.reader(), typed, topic)
    assert panel.added is not None
    assert (panel.added.kind, panel.added.label) == (kind, label)
    assert panel.follows == (panel.added,)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("source:99", Code.UNKNOWN_SOURCE),
        ("story:szz", Code.STORY_GONE),
        ("25", Code.STORY_GONE),
        ("nothing here comes close to any headline", Code.STORY_GONE),
        ("!!! 42", Code.NOTHING_FOUND),
    ],
)
async def test_what_is_not_there_is_told_and_nothing_is_followed(
    newsroom: Newsroom, feed: int, typed: str, code: Code
) -> None:
    reader = await newsroom.reader()
    with pytest.raises(UserError) as caught:
        await newsroom.follows.follow(reader, typed)
    assert caught.value.code is code
    assert (await newsroom.follows.panel(reader)).follows == ()


async def test_what_is_followed_twice_is_followed_once_and_there_is_a_limit(
    newsroom: Newsroom, feed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "MOST", 2)
    reader = await newsroom.reader()
    for typed in ("Ada Long", "ADA LONG", "topic:sport"):
        panel = await newsroom.follows.follow(reader, typed)
    assert len(panel.follows) == 2
    with pytest.raises(UserError) as caught:
        await newsroom.follows.follow(reader, "topic:world")
    assert caught.value.parameters == {"limit": 2, "what": "follows"}


async def test_a_card_knows_whether_its_reader_follows_the_story(newsroom: Newsroom, feed: int) -> None:
    (story_id,) = await newsroom.add(feed, "Bridge opens")
    reader, other = await newsroom.reader(), await newsroom.reader(8)
    await newsroom.follows.follow_story(reader, story_id)
    assert (await newsroom.reading.open(reader, story_id)).is_followed
    assert not (await newsroom.reading.open(other, story_id)).is_followed
    assert await newsroom.follows.unfollow_story(other, story_id) is None
    assert await newsroom.follows.unfollow_story(reader, story_id) is not None
    assert not (await newsroom.reading.card(reader, story_key(story_id))).is_followed


async def test_names_sources_and_stories_are_suggested(newsroom: Newsroom, feed: int) -> None:
    await newsroom.add(feed, "Harbour opens", names=("Harbour Authority",))
    names, sources, stories = await newsroom.follows.suggest(await newsroom.reader(), "harb")
    assert (names, [one.title for one in sources], len(stories)) == (("Harbour Authority",), ["Harbour Post"], 1)
    assert (await newsroom.follows.suggest(await newsroom.reader(), ""))[2] == ()


# ── quiet hours ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_quiet_hours_are_kept_with_their_zone_and_ended_by_empty_fields(newsroom: Newsroom) -> None:
    reader = await newsroom.reader()
    panel = await newsroom.follows.set_quiet(reader, "10pm", "7", "Berlin")
    assert (panel.quiet_from, panel.quiet_until, panel.zone) == (time(22), time(7), "Europe/Berlin")
    with pytest.raises(UserError):
        await newsroom.follows.set_quiet(reader, "25:00", "7", "Berlin")
    panel = await newsroom.follows.set_quiet(reader, "", "7", "")
    assert (panel.quiet_from, panel.quiet_until, panel.zone) == (None, None, "Europe/Berlin")


def _at(hour: int, minute: int = 0, day: int = 10) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "now", "until"),
    [
        (time(22), time(7), _at(23), _at(7, day=11)),
        (time(22), time(7), _at(6, 59), _at(7)),
        (time(22), time(7), _at(7), None),
        (time(22), time(7), _at(12), None),
        (time(12), time(14), _at(13), _at(14)),
        (time(12), time(14), _at(15), None),
        (time(8), time(8), _at(8), None),
        (None, time(8), _at(7), None),
    ],
)
def test_quiet_hours_may_go_over_midnight(
    start: time | None, end: time | None, now: datetime, until: datetime | None
) -> None:
    assert quiet_until(Follower(1, start, end), now) == until


def test_quiet_hours_and_days_go_by_the_persons_clock() -> None:
    tokyo = Follower(1, time(22), time(7), "Asia/Tokyo")
    assert quiet_until(tokyo, _at(14)) == _at(22)  # 23:00 there
    assert day_of(tokyo, _at(16)) == _at(15)
    assert day_of(Follower(1), _at(16)) == _at(0)


def test_quiet_hours_end_by_the_clock_also_when_it_changes_that_night() -> None:
    berlin = Follower(1, time(22), time(7), "Europe/Berlin")
    assert quiet_until(berlin, datetime(2026, 3, 28, 23, tzinfo=UTC)) == datetime(2026, 3, 29, 5, tzinfo=UTC)


# ── which alerts go out ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def reader(newsroom: Newsroom, feed: int) -> Reader:
    reader = await newsroom.reader(locale="de")
    await newsroom.follows.follow(reader, "topic:sport")
    return reader


async def test_an_alert_goes_out_with_the_story_and_the_follow_that_caused_it(
    newsroom: Newsroom, feed: int, reader: Reader
) -> None:
    (story_id,) = await _brings(newsroom, feed, "Cup won")
    (one,) = await newsroom.alerting.outgoing()
    assert (one.alert.story.id, one.alert.follow.label, one.due.user_id) == (story_id, "sport", reader.user_id)
    assert (one.due.place.locale, len(one.due.nonce)) == ("de", 24)


async def test_nothing_goes_out_in_quiet_hours_and_then_it_does(newsroom: Newsroom, feed: int, reader: Reader) -> None:
    await newsroom.follows.set_quiet(reader, "07:00", "10:00", "UTC")  # now it is 08:00
    await _brings(newsroom, feed, "Cup won")
    assert await newsroom.alerting.outgoing() == ()
    await newsroom.clock.advance(2 * 3600 - 60)
    assert await newsroom.alerting.outgoing() == ()
    await newsroom.clock.advance(120)
    assert len(await newsroom.alerting.outgoing()) == 1


async def test_what_a_document_brings_is_told_too_and_the_sample_never(newsroom: Newsroom) -> None:
    reader = await newsroom.reader()
    await newsroom.follows.follow(reader, "name:Trump")
    pipeline = Pipeline(newsroom.store, newsroom.clock)
    documents = Documents(newsroom.store, pipeline, newsroom.clock, follows=matcher(newsroom.clock))
    await documents.import_sample()
    assert await newsroom.alerting.outgoing() == ()
    await documents.import_document(b"Trump Visits a New Bridge in Denmark\nFerries Run Again\n", file_name="notes.txt")
    (one,) = await newsroom.alerting.outgoing()
    assert one.alert.story.title == "Trump Visits a New Bridge in Denmark"
    await pipeline.close()


Change = Callable[[Newsroom, int, Reader], Awaitable[object]]
GONE: dict[str, Change] = {
    "it was retracted": lambda room, story, _: room.store.stories.retract(story, NOW),
    "its topic was muted since": lambda room, _, reader: room.muting.mute_topic(reader, Topic.SPORT),
    "it waited for a day": lambda room, _, __: room.clock.advance(STALE.total_seconds() + 1),
    "their DMs are closed": lambda room, _, reader: room.store.followers.close(reader.user_id, NOW),
    "the follow was ended": lambda room, _, reader: room.follows.unfollow(reader, 1),
}


@pytest.mark.parametrize("change", GONE.values(), ids=GONE)
async def test_an_alert_does_not_go_out_any_more_when(
    newsroom: Newsroom, feed: int, reader: Reader, change: Change
) -> None:
    (story_id,) = await _brings(newsroom, feed, "Cup won")
    await change(newsroom, story_id, reader)
    assert await newsroom.alerting.outgoing() == ()
    assert await newsroom.store.alerts.due(newsroom.clock.now()) == ()


async def _send(newsroom: Newsroom) -> list[int]:
    """Send what may go out; give how many more each said would come with the next briefing."""
    found = await newsroom.alerting.outgoing()
    for one in found:
        await newsroom.store.alerts.sent(one.due.id, 1, one.due.id, newsroom.clock.now())
    return [one.alert.more_today for one in found]


async def test_so_many_a_day_and_the_rest_comes_with_the_next_own_briefing(
    newsroom: Newsroom, feed: int, reader: Reader
) -> None:
    own = await newsroom.own_places.of(reader)
    schedule = await _own_schedule(newsroom, reader)
    stories = await _brings(newsroom, feed, *(f"Cup number {n} won" for n in range(MOST_A_DAY + 3)))
    assert await _send(newsroom) == [*[0] * (MOST_A_DAY - 1), 3]
    assert await _send(newsroom) == []
    told = set(await newsroom.store.alerts.kept(own.id, newsroom.clock.now()))
    assert len(told) == 3
    edition = await _briefings(newsroom).compose(schedule)
    assert told <= {pick.story.id for pick in edition.picks}
    assert len(edition.picks) == schedule.settings.max_stories
    assert edition.total_stories == len(stories)
    await newsroom.clock.advance(24 * 3600)
    await _brings(newsroom, feed, "Cup of the next day")
    assert await _send(newsroom) == [0]


async def test_without_an_own_briefing_nothing_is_promised(newsroom: Newsroom, feed: int, reader: Reader) -> None:
    await _brings(newsroom, feed, *(f"Cup number {n} won" for n in range(MOST_A_DAY + 3)))
    assert await _send(newsroom) == [0] * MOST_A_DAY


async def test_what_was_kept_comes_although_the_briefing_is_about_other_topics(
    newsroom: Newsroom, feed: int, reader: Reader
) -> None:
    own = await newsroom.own_places.of(reader)
    schedule = await _own_schedule(newsroom, reader)
    narrow = replace(schedule, settings=replace(schedule.settings, topics=(Topic.HEALTH,), max_stories=2))
    await newsroom.add(feed, "A cure is found", "A cure is lost", topics=(Topic.HEALTH,))
    await _brings(newsroom, feed, *(f"Cup number {n} won" for n in range(MOST_A_DAY + 1)))
    await _send(newsroom)
    (owed,) = await newsroom.store.alerts.kept(own.id, newsroom.clock.now())
    picked = [pick.story for pick in (await _briefings(newsroom).compose(narrow)).picks]
    assert len(picked) == 2
    assert owed in {story.id for story in picked}


@pytest.mark.parametrize("followed", ["topic:health", "source:2", "name:Ada Long", "story:s3"])
async def test_an_own_briefing_ranks_what_is_followed_higher(newsroom: Newsroom, followed: str) -> None:
    wire, post, gazette = [await newsroom.source(name) for name in ("wire", "post", "gazette")]
    await newsroom.add(wire, "A bridge opens", age_h=1, outlet="a.example")
    await newsroom.add(gazette, "Rain falls on the plains", age_h=1, outlet="c.example")
    await newsroom.add(
        post, "A cure is found", age_h=2, outlet="b.example", topics=(Topic.HEALTH,), names=("Ada Long",)
    )
    reader = await newsroom.reader()
    schedule = await _own_schedule(newsroom, reader)
    before = await _briefings(newsroom).compose(schedule)
    await newsroom.follows.follow(reader, followed)
    after = await _briefings(newsroom).compose(schedule)
    assert before.picks[-1].story.id == 3
    assert (after.picks[0].story.id, after.picks[0].why.watched) == (3, 1.5)


async def test_controls_that_did_not_come_are_made_anew_for_a_while(
    newsroom: Newsroom, feed: int, reader: Reader
) -> None:
    one, two = await _brings(newsroom, feed, "Cup won", "Cup lost")
    await _send(newsroom)
    assert {each.alert.story.id for each in await newsroom.alerting.undressed()} == {one, two}
    await newsroom.store.stories.retract(one, NOW)
    assert [each.alert.story.id for each in await newsroom.alerting.undressed()] == [two]
    await newsroom.clock.advance(3600)
    assert await newsroom.alerting.undressed() == ()


async def test_closed_dms_are_told_once_and_tried_again_when_something_is_followed(
    newsroom: Newsroom, reader: Reader
) -> None:
    assert not await newsroom.follows.has_to_be_told(reader.user_id)
    await newsroom.store.followers.close(reader.user_id, NOW)
    assert (await newsroom.follows.panel(reader)).is_dm_closed
    assert await newsroom.follows.has_to_be_told(reader.user_id)
    assert not await newsroom.follows.has_to_be_told(reader.user_id)
    panel = await newsroom.follows.follow(reader, "topic:world")
    assert not panel.is_dm_closed
