"""The text behind a story: fetched once, politely, and only where it says more."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from bot.clock import SimulatedClock
from bot.domain.articles import Article, TextOrigin
from bot.domain.sources import Item, Source, SourceKind
from bot.errors import WorkerError, WorkerFault
from bot.ingest.article_texts import ArticleTexts
from bot.ingest.links import registrable_domain
from bot.ingest.pipeline import Pipeline
from bot.store.store import Store
from tests.fakes.publisher import Publisher, answer, open_web, publishing
from tests.fakes.workers import InProcess
from tests.ingest.conftest import NOW
from tests.sources.test_pages import FIRST, PAGE


class Room:
    """A feed with one article that has a link and no text."""

    def __init__(self, texts: ArticleTexts, worker: InProcess, article: Article, store: Store) -> None:
        self.texts, self.worker, self.article, self.store = texts, worker, article, store

    async def text(self) -> tuple[str, ...]:
        body = await self.store.articles.body(self.article.id)
        return body.paragraphs if body else ()


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as serving:
        serving.replies["/robots.txt"] = answer(status=404)
        serving.replies["/story"] = answer(PAGE, content_type="text/html; charset=utf-8")
        yield serving


async def an_article(store: Store, pipeline: Pipeline, link: str, *paragraphs: str) -> Article:
    url = "https://a.example/feed"
    source = await store.feeds.register(Source(0, SourceKind.FEED, url, "The Post", url=url), "a.example", NOW)
    report = await pipeline.take_in(source, (Item("River floods market", paragraphs, link=link, guid=link),))
    found = await store.articles.article(report.new[0])
    assert found
    return found


@pytest.fixture
async def room(publisher: Publisher, store: Store, pipeline: Pipeline, clock: SimulatedClock) -> AsyncIterator[Room]:
    article = await an_article(store, pipeline, publisher.url("/story"), "A teaser.")
    worker = InProcess()
    async with open_web(publisher, clock=clock) as client:
        texts = ArticleTexts(store, client, worker, clock)
        yield Room(texts, worker, article, store)
        await texts.close()


async def test_a_page_is_fetched_once_and_its_text_kept(publisher: Publisher, room: Room) -> None:
    assert await room.texts.fetch(room.article)
    assert FIRST in await room.text()
    stored = await room.store.articles.article(room.article.id)
    assert stored
    assert stored.text_origin is TextOrigin.PAGE
    assert not await room.texts.fetch(stored)
    assert publisher.paths == ["/robots.txt", "/story"]


async def test_several_who_ask_share_one_fetch(publisher: Publisher, room: Room) -> None:
    assert await room.texts.prefetch([room.article, room.article]) == 2
    assert publisher.paths.count("/story") == 1
    assert await room.texts.prefetch([]) == 0


@pytest.mark.parametrize("what", ["robots", "gone", "paid", "empty", "shorter", "broken worker"])
async def test_whatever_fails_leaves_the_feeds_own_text(publisher: Publisher, room: Room, what: str) -> None:
    paid = b'<script type="application/ld+json">{"isAccessibleForFree": false}</script></head>'
    if what == "robots":
        publisher.replies["/robots.txt"] = answer("User-agent: *\nDisallow: /\n")
    elif what == "gone":
        publisher.replies["/story"] = answer(status=404)
    elif what == "paid":
        publisher.replies["/story"] = answer(PAGE.replace(b"</head>", paid), content_type="text/html")
    elif what == "empty":
        publisher.replies["/story"] = answer("<html></html>", content_type="text/html")
    elif what == "shorter":
        publisher.replies["/story"] = answer("<html><body><p>Log in.</p></body></html>", content_type="text/html")
    else:
        room.worker.fails_with = WorkerError(WorkerFault.DIED, "x")
    assert not await room.texts.fetch(room.article)
    assert await room.text() == ("A teaser.",)
    asked = len(publisher.asked)
    assert not await room.texts.fetch(room.article)
    assert len(publisher.asked) == asked, "not tried again at once"


async def test_a_busy_worker_is_asked_again_next_time(room: Room) -> None:
    room.worker.fails_with = WorkerError(WorkerFault.BUSY, "x")
    assert not await room.texts.fetch(room.article)
    room.worker.fails_with = None
    assert await room.texts.fetch(room.article)


async def test_a_failed_page_is_tried_again_after_some_hours(
    publisher: Publisher, room: Room, clock: SimulatedClock
) -> None:
    page = publisher.replies.pop("/story")
    assert not await room.texts.fetch(room.article)
    publisher.replies["/story"] = page
    await clock.advance(timedelta(hours=7))
    assert await room.texts.fetch(room.article)


async def test_a_source_may_forbid_it(publisher: Publisher, room: Room) -> None:
    await room.store.feeds.set_pages(room.article.source_id, may_fetch=False)
    assert not await room.texts.fetch(room.article)
    assert publisher.asked == []


async def test_a_long_text_needs_no_page(publisher: Publisher, room: Room, pipeline: Pipeline, store: Store) -> None:
    source = await store.sources.by_id(room.article.source_id)
    assert source
    long = Item("Other news here", ("A sentence of the feed. " * 40,), link=publisher.url("/story2"), guid="2")
    report = await pipeline.take_in(source, (long,))
    article = await store.articles.article(report.new[0])
    assert article
    assert not await room.texts.is_needed(article)


async def test_robots_txt_holds_where_a_redirect_leads_too(
    publisher: Publisher, store: Store, pipeline: Pipeline, clock: SimulatedClock
) -> None:
    async def by_host(request: web.BaseRequest) -> web.StreamResponse:
        is_closed = request.host.startswith("closed")
        return web.Response(text="User-agent: *\nDisallow: /\n" if is_closed else "")

    names = {"open.example": [["127.0.0.1"]], "closed.example": [["127.0.0.1"]]}
    publisher.replies["/robots.txt"] = by_host
    publisher.replies["/moved"] = answer(status=302, Location=publisher.url("/story", "closed.example"))
    article = await an_article(store, pipeline, publisher.url("/moved", "open.example"), "A teaser.")
    async with open_web(publisher, clock=clock, names=names, hosts=tuple(names)) as client:
        texts = ArticleTexts(store, client, InProcess(), clock)
        assert not await texts.fetch(article)
    assert publisher.paths == ["/robots.txt", "/moved", "/robots.txt"]


async def test_a_page_that_is_busy_pauses_no_feed(publisher: Publisher, room: Room, clock: SimulatedClock) -> None:
    publisher.replies["/story"] = answer(status=503)
    assert not await room.texts.fetch(room.article)
    assert await room.store.feeds.held_until(registrable_domain(publisher.url()) or "", clock.now()) is None


async def test_a_publisher_who_asks_for_a_pause_gets_it_for_pages_and_feeds(
    publisher: Publisher, room: Room, pipeline: Pipeline, clock: SimulatedClock
) -> None:
    publisher.replies["/story"] = answer(status=429, Retry_After="7200")
    assert not await room.texts.fetch(room.article)
    domain = registrable_domain(publisher.url())
    assert domain
    assert await room.store.feeds.held_until(domain, clock.now()) == clock.now() + timedelta(hours=2)
    publisher.asked.clear()
    other = await an_article(room.store, pipeline, publisher.url("/story?2"), "Another teaser.")
    assert not await room.texts.fetch(other)
    assert publisher.asked == []
    publisher.replies["/story"] = answer(PAGE, content_type="text/html; charset=utf-8")
    await clock.advance(timedelta(hours=7))
    assert await room.texts.fetch(room.article)
