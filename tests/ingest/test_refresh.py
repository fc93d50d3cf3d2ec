"""The refresher against publishers on loopback, a real store, and a clock that stands still."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from aiohttp import web as aioweb

from bot.clock import SimulatedClock
from bot.domain.feeds import Cure, Feed, NoticeKind
from bot.domain.intake import IngestReport
from bot.domain.places import PlaceKind
from bot.domain.sources import Source, SourceKind, SourceState
from bot.errors import SourceFault, StoreError, StoreFault, WorkerError, WorkerFault
from bot.ingest.pipeline import Pipeline
from bot.ingest.refresh import Refresher, described, domain_of
from bot.ingest.visiting import choose
from bot.sources.feeds import FeedDocument
from bot.sources.web import Web
from bot.store import feeds, places, sources, subscriptions
from bot.store.store import Store
from tests.fakes.publisher import Publisher, answer, open_web, publishing
from tests.fakes.waiting import until
from tests.fakes.workers import InProcess

MINUTE = 60.0
HOUR = 3_600.0


def rss(*titles: str, guid: str = "g") -> str:
    items = "".join(
        f"<item><title>{title}</title><link>https://news.example/{title.replace(' ', '-')}</link>"
        f"<guid>{guid}-{title}</guid></item>"
        for title in titles
    )
    return (
        f"<rss version='2.0'><channel><title>The Post</title><link>https://news.example/</link>{items}</channel></rss>"
    )


class Newsroom:
    """Everything a refresher needs, and what a test asks of it."""

    def __init__(self, store: Store, web: Web, pipeline: Pipeline, clock: SimulatedClock) -> None:
        self.store, self.clock = store, clock
        self.worker = InProcess()
        self.followed: list[IngestReport] = []
        self.refresher = Refresher(
            store, web, self.worker, pipeline, clock, rng=random.Random(1),
            follows=lambda raw, report: self.followed.append(report),
        )  # fmt: skip

    async def add(self, url: str, readers: int = 1) -> int:
        def work(raw: object) -> int:
            source = sources.add(raw, Source(0, SourceKind.FEED, url, url, url=url), self.clock.now())  # type: ignore[arg-type]
            feeds.add(raw, source.id, domain_of(url))  # type: ignore[arg-type]
            for number in range(1, readers + 1):
                place = places.ensure(raw, PlaceKind.SERVER, number, self.clock.now())  # type: ignore[arg-type]
                subscriptions.add(raw, place.id, source.id, self.clock.now())  # type: ignore[arg-type]
            return source.id

        return await self.store.db.write(work)

    async def round(self, after_s: float = 0.0) -> None:
        await self.clock.advance(after_s)
        while await self.refresher.tick():
            await self.refresher.settle()
        await self.refresher.settle()

    async def feed(self, source_id: int) -> Feed:
        found = await self.store.feeds.by_id(source_id)
        assert found
        return found

    async def source(self, source_id: int) -> Source:
        found = await self.store.sources.by_id(source_id)
        assert found
        return found

    async def headlines(self) -> list[str]:
        rows = await self.store.db.read(lambda raw: raw.execute("select headline from article order by id").fetchall())
        return [row["headline"] for row in rows]


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as serving:
        yield serving


@pytest.fixture
async def room(
    publisher: Publisher, store: Store, pipeline: Pipeline, clock: SimulatedClock
) -> AsyncIterator[Newsroom]:
    async with open_web(publisher, clock=clock) as web:
        made = Newsroom(store, web, pipeline, clock)
        yield made
        await made.refresher.close()


async def test_a_due_feed_is_fetched_read_and_stored_and_names_itself(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast", "Mayor resigns"), ETag='"1"')
    source_id = await room.add(publisher.url())
    await room.round()
    assert await room.headlines() == ["Storm hits coast", "Mayor resigns"]
    source, feed = await room.source(source_id), await room.feed(source_id)
    assert (source.title, source.home_url, source.state) == ("The Post", "https://news.example/", SourceState.OK)
    assert (feed.etag, feed.fail_streak, feed.is_baselined) == ('"1"', 0, True)


async def test_one_fetch_serves_every_place_and_says_how_many_read(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    await room.add(publisher.url(), readers=3)
    await room.round()
    assert len(publisher.asked) == 1
    assert "3 subscribers" in publisher.asked[0].headers["User-Agent"]


async def test_the_first_visit_is_a_baseline_and_follows_fire_from_the_second(
    publisher: Publisher, room: Newsroom
) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    await room.add(publisher.url())
    await room.round()
    assert room.followed == []
    publisher.replies["/feed"] = answer(rss("Mayor resigns", "Storm hits coast"))
    await room.round(2 * HOUR)
    assert [len(report.new) for report in room.followed] == [1]


async def test_nothing_is_asked_before_its_time_not_even_after_a_restart(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    await room.add(publisher.url())
    await room.round()
    again = Newsroom(room.store, room.refresher._web, room.refresher._pipeline, room.clock)  # type: ignore[arg-type]
    await again.round(50 * MINUTE)
    assert len(publisher.asked) == 1
    await again.round(20 * MINUTE)
    assert len(publisher.asked) == 2


async def test_an_unchanged_answer_is_neither_read_nor_stored(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"), ETag='"1"', Last_Modified="then")
    source_id = await room.add(publisher.url())
    await room.round()
    publisher.replies["/feed"] = answer(status=304, Last_Modified="now")
    await room.round(2 * HOUR)
    assert publisher.asked[1].headers["If-None-Match"] == '"1"'
    assert publisher.asked[1].headers["If-Modified-Since"] == "then"
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    await room.round(2 * HOUR)
    assert publisher.asked[2].headers["If-Modified-Since"] == "now"
    assert room.worker.done.count("read_feed") == 1
    feed = await room.feed(source_id)
    assert (feed.etag, feed.last_modified) == (None, None)


async def test_validators_are_kept_only_from_an_answer_that_was_read_and_stored(
    publisher: Publisher, room: Newsroom
) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"), ETag='"1"')
    source_id = await room.add(publisher.url())
    await room.round()
    publisher.replies["/feed"] = answer("<html><body>Log in</body></html>", ETag='"login"')
    await room.round(2 * HOUR)
    feed, source = await room.feed(source_id), await room.source(source_id)
    assert (feed.etag, feed.fault, source.state) == ('"1"', "not-a-feed", SourceState.FAILING)
    assert source.detail == "it is a web page, not a feed"
    assert await room.headlines() == ["Storm hits coast"]


async def test_all_guids_new_overnight_is_no_news(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast", "Mayor resigns", guid="old"))
    await room.add(publisher.url())
    await room.round()
    publisher.replies["/feed"] = answer(rss("Storm hits coast", "Mayor resigns", guid="new"))
    await room.round(2 * HOUR)
    assert await room.headlines() == ["Storm hits coast", "Mayor resigns"]
    assert not any(report.new for report in room.followed)


async def test_managers_hear_of_trouble_and_of_its_end_once(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(status=500)
    source_id = await room.add(publisher.url(), readers=2)
    for _ in range(6):
        await room.round(26 * HOUR)
    told = await room.store.subscriptions.untold()
    assert [one.kind for one in told] == [NoticeKind.FAILING] * 2
    for one in told:
        await room.store.subscriptions.told(one.id)
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    await room.round(26 * HOUR)
    await room.round(26 * HOUR)
    assert [one.kind for one in await room.store.subscriptions.untold()] == [NoticeKind.RECOVERED] * 2
    assert (await room.source(source_id)).state is SourceState.OK


async def test_managers_hear_which_feed_the_page_names_that_came_instead(publisher: Publisher, room: Newsroom) -> None:
    page = "<html><head><link rel='alternate' type='application/rss+xml' href='/new'></head></html>"
    publisher.replies["/feed"] = answer(page, content_type="text/html")
    await room.add(publisher.url())
    for _ in range(4):
        await room.round(26 * HOUR)
    (told,) = await room.store.subscriptions.untold()
    assert (told.kind, told.cure, told.reason) == (NoticeKind.FAILING, Cure.FOUND_FEED, publisher.url("/new"))
    assert room.worker.done.count("find_feeds") == 1, "a page is looked through when managers are told"


async def test_a_pause_holds_for_every_feed_of_the_publisher(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/one"] = answer(status=429, Retry_After="7200")
    publisher.replies["/two"] = answer(rss("Storm hits coast"))
    await room.add(publisher.url("/one"))
    await room.round()
    await room.add(publisher.url("/two"))
    await room.round(1.5 * HOUR)
    assert publisher.paths == ["/one"]
    publisher.replies["/one"] = publisher.replies["/two"]
    await room.round(1 * HOUR)
    assert sorted(publisher.paths) == ["/one", "/one", "/two"]


async def test_gone_feeds_are_left_alone(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(status=410)
    source_id = await room.add(publisher.url())
    await room.round()
    await room.round(1000 * HOUR)
    assert len(publisher.asked) == 1
    assert (await room.source(source_id)).state is SourceState.DISABLED


async def test_a_permanent_redirect_that_holds_moves_the_feed(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(status=301, Location="/new")
    publisher.replies["/new"] = answer(rss("Storm hits coast"), ETag='"1"')
    source_id = await room.add(publisher.url())
    for _ in range(4):
        await room.round(13 * HOUR)
    assert (await room.source(source_id)).url == publisher.url("/new")
    publisher.asked.clear()
    await room.round(25 * HOUR)
    assert publisher.paths == ["/new"]
    assert await room.headlines() == ["Storm hits coast"]


async def test_a_temporary_redirect_never_does(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(status=302, Location="/new")
    publisher.replies["/new"] = answer(rss("Storm hits coast"))
    source_id = await room.add(publisher.url())
    for _ in range(6):
        await room.round(25 * HOUR)
    assert (await room.source(source_id)).url == publisher.url()


@pytest.mark.parametrize("kind", [WorkerFault.TIMED_OUT, WorkerFault.DIED, WorkerFault.FAILED])
async def test_bytes_that_break_the_worker_are_the_feeds_fault(
    publisher: Publisher, room: Newsroom, kind: WorkerFault
) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    room.worker.fails_with = WorkerError(kind, "x")
    source_id = await room.add(publisher.url())
    await room.round()
    assert (await room.feed(source_id)).fault == SourceFault.UNPARSABLE.value


async def test_a_busy_worker_is_nobodys_fault(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    room.worker.fails_with = WorkerError(WorkerFault.BUSY, "x")
    source_id = await room.add(publisher.url())
    await room.round()
    feed = await room.feed(source_id)
    assert (feed.fault, feed.checked_at) == ("", None)


async def test_a_store_that_refuses_keeps_the_validators_as_they_were(
    publisher: Publisher, room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"), ETag='"1"')
    source_id = await room.add(publisher.url())

    def full(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("bot.store.visits.record", full)
        await room.round()
    assert await room.headlines() == []
    assert (await room.feed(source_id)).etag is None
    room.refresher.wake()
    await room.round()
    assert await room.headlines() == ["Storm hits coast"]


async def test_what_nobody_foresaw_is_a_failure_like_any_other(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    source_id = await room.add(publisher.url())
    room.worker.fails_with = UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed")
    await room.round()
    await room.round(60)
    feed = await room.feed(source_id)
    assert (len(publisher.asked), feed.fail_streak) == (1, 1)
    assert feed.next_check
    assert feed.next_check - room.clock.now() > timedelta(hours=1)
    assert (await room.source(source_id)).state is SourceState.FAILING


async def test_a_source_removed_meanwhile_is_no_trouble(publisher: Publisher, room: Newsroom) -> None:
    source_id = await room.add(publisher.url())
    gate = asyncio.Event()

    async def slow(request: aioweb.BaseRequest) -> aioweb.StreamResponse:
        await gate.wait()
        return aioweb.Response(text=rss("Storm hits coast"))

    publisher.replies["/feed"] = slow
    await room.refresher.tick()
    await room.store.sources.remove(source_id)
    gate.set()
    await room.refresher.settle()
    assert await room.headlines() == []


async def test_checking_now_joins_a_visit_under_way(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    source_id = await room.add(publisher.url())
    first, second = await asyncio.gather(room.refresher.check(source_id), room.refresher.check(source_id))
    assert first is second
    assert first
    assert first.state is SourceState.OK
    assert len(publisher.asked) == 1
    assert await room.refresher.check(999) is None


async def test_it_runs_by_itself_and_wakes_for_a_new_feed(publisher: Publisher, room: Newsroom) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    running = asyncio.create_task(room.refresher.run())
    await room.clock.advance(1.0)
    await room.add(publisher.url())
    room.refresher.wake()
    await until(room.headlines, room.clock, step_s=0.1)
    assert await room.headlines() == ["Storm hits coast"]
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_trouble_with_the_store_does_not_end_the_rounds(
    publisher: Publisher, room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    await room.add(publisher.url())
    asked = 0

    async def locked(*_: object) -> tuple[Feed, ...]:
        nonlocal asked
        asked += 1
        raise StoreError(StoreFault.LOCKED, "The database is locked by another process.")

    monkeypatch.setattr(room.store.feeds, "due", locked)
    running = asyncio.create_task(room.refresher.run())
    await until(lambda: asked >= 2, room.clock, step_s=31)
    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_store_that_refuses_while_we_look_for_what_is_due_is_not_tried_again_at_once(
    publisher: Publisher, room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    await room.add(publisher.url())
    look = room.store.feeds.due

    async def full(*_: object) -> None:
        raise StoreError(StoreFault.FULL, "The disk is full.", "Make room on it.")

    async def slowly(now: datetime, limit: int) -> tuple[Feed, ...]:
        await room.refresher.settle()
        return await look(now, limit)

    monkeypatch.setattr(room.store.articles, "known_of", full)
    await room.refresher.tick()
    monkeypatch.setattr(room.store.feeds, "due", slowly)
    assert not await room.refresher.tick()
    await room.refresher.settle()
    assert len(publisher.asked) == 1


async def test_while_nothing_can_be_written_down_publishers_are_left_in_peace_and_the_log_too(
    publisher: Publisher, room: Newsroom, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    await room.add(publisher.url())

    async def full(*_: object) -> None:
        raise StoreError(StoreFault.FULL, "The disk is full.", "Make room on it.")

    with monkeypatch.context() as disk:
        disk.setattr(room.store.articles, "known_of", full)
        running = asyncio.create_task(room.refresher.run())
        await until(lambda: len(publisher.asked) >= 3, room.clock, step_s=5)
    rested_s = room.clock.monotonic()
    assert rested_s >= 60 + 120, "each rest is longer than the one before"
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert set(said) == {"feeds wait: The disk is full. Make room on it."}
    assert len(said) <= 3
    await until(room.headlines, room.clock, step_s=5)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


def test_few_of_one_publisher_are_asked_at_once() -> None:
    due = [Feed(number, "", "a.example" if number < 8 else "b.example") for number in range(10)]
    assert [feed.source_id for feed in choose(due, {"a.example": 1}, 10)] == [0, 8, 9]
    assert [feed.source_id for feed in choose(due, {}, 3)] == [0, 1, 8]


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (Source(1, SourceKind.FEED, "https://a.example/", "https://a.example/", url="https://a.example/"), "The Post"),
        (Source(1, SourceKind.FEED, "https://a.example/", "My name", url="https://a.example/"), "My name"),
    ],
)
def test_a_feed_names_itself_only_where_nobody_did(source: Source, title: str) -> None:
    known = described(source, FeedDocument("The Post", home_url="https://a.example/", language="en"))
    assert known
    assert (known.title, known.language) == (title, "en")
    assert described(known, FeedDocument("Other")) is None
