"""What a publisher may send one day instead of its feed, through the real fetch and the real worker process."""

import gzip
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.clock import SimulatedClock
from bot.domain.sources import SourceState
from bot.ingest.pipeline import Pipeline
from bot.ingest.refresh import Refresher
from bot.store.store import Store
from bot.worker.pool import WorkerPool
from tests.fakes.publisher import Publisher, answer, open_web, publishing
from tests.ingest.test_refresh import HOUR, Newsroom, rss

LOGIN = "<!doctype html><html><head><title>Log in</title></head><body><form>Name <input name=user></form></body></html>"
OLD = ["Storm hits coast", "Mayor resigns"]
LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{10 * ("&" + chr(97 + n) + ";")}">' for n in range(9))
    + "]><rss><channel><title>&j;</title></channel></rss>"
)


HALVES = {"id": "\ud800", "url": "https://news.example/\udfff", "title": "Half \ud83d\ude00 \ud83d"}


async def in_strange_letters(request: web.BaseRequest) -> web.StreamResponse:
    """Answer with headers that are no text."""
    assert request.transport
    head = (b"Content-Type: text/xml; charset=\xff", b'ETag: "\xff\xfe"', b"Last-Modified: \xff", b"Connection: close")
    request.transport.write(b"\r\n".join((b"HTTP/1.1 200 OK", *head, b"", rss("Later").encode())))
    request.transport.close()
    return web.Response()


REFUSED = {
    "a login page with status 200": answer(LOGIN, content_type="text/html"),
    "a login page that is called a feed": answer(LOGIN, content_type="application/rss+xml"),
    "an error in JSON": answer('{"error": "log in first"}', content_type="application/json"),
    "nothing": answer(""),
    "plain words": answer("Service unavailable"),
    "a picture": answer(b"\x89PNG\r\n" + bytes(range(256)) * 40),
    "a bomb": answer(gzip.compress(b" " * 60_000_000), Content_Encoding="gzip"),
    "a feed that is far too large": answer("<rss>" + "x" * 6_000_000),
    "a sea of brackets": answer(b"<" * 4_000_000),
    "a tag with 200,000 attributes": answer(rss(f"<b {' '.join(f'a{n}=x' for n in range(200_000))}>")),
    "a redirect inside": answer(status=302, Location="http://10.0.0.1/feed"),
    "a redirect to a file": answer(status=301, Location="file:///etc/passwd"),
}
HARMLESS = {
    "all guids new overnight": (answer(rss(*OLD, guid="new")), []),
    "no items at all": (answer(rss()), []),
    "the same items twice": (answer(rss(*OLD, *OLD)), []),
    "dates in the year 9999": (
        answer(rss("Later").replace("<guid>", "<pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate><guid>")),
        ["Later"],
    ),
    "a charset that is not the one named": (
        answer("<?xml version='1.0' encoding='us-ascii'?>" + rss("Größe zählt")),
        ["Größe zählt"],
    ),
    "letters that are none in its headers": (in_strange_letters, ["Later"]),
    "halves of letters in JSON": (answer(json.dumps({"items": [HALVES]})), ["Half 😀 ?"]),
    "a feed cut off in the middle": (answer(rss("New one", "Cut off")[:-60]), ["New one", "Cut off"]),
}


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as serving:
        serving.replies["/feed"] = answer(rss(*OLD))
        serving.replies["/other"] = answer(rss("All is well", guid="o"))
        yield serving


@pytest.fixture
async def room(
    publisher: Publisher, store: Store, pipeline: Pipeline, clock: SimulatedClock
) -> AsyncIterator[Newsroom]:
    pool = WorkerPool(limit_s=10)
    async with open_web(publisher, clock=clock) as web:
        made = Newsroom(store, web, pipeline, clock)
        made.refresher = Refresher(store, web, pool, pipeline, clock)
        yield made
        await made.refresher.close()
    await pool.close()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", REFUSED)
async def test_old_news_stay_the_state_says_why_and_others_go_on(
    publisher: Publisher, room: Newsroom, name: str
) -> None:
    source_id = await room.add(publisher.url())
    await room.round()
    publisher.replies["/feed"] = REFUSED[name]
    other = await room.add(publisher.url("/other"))
    await room.round(2 * HOUR)
    source = await room.source(source_id)
    assert (source.state, bool(source.detail)) == (SourceState.FAILING, True)
    assert (await room.source(other)).state is SourceState.OK
    assert await room.headlines() == [*OLD, "All is well"]
    publisher.replies["/feed"] = answer(rss("Calm again"))
    await room.round(24 * HOUR)
    assert ((await room.source(source_id)).state, (await room.headlines())[-1]) == (SourceState.OK, "Calm again")


@pytest.mark.parametrize("name", HARMLESS)
async def test_what_is_odd_is_no_news_and_loses_none(publisher: Publisher, room: Newsroom, name: str) -> None:
    source_id = await room.add(publisher.url())
    await room.round()
    reply, fresh = HARMLESS[name]
    publisher.replies["/feed"] = reply
    await room.round(2 * HOUR)
    assert await room.headlines() == [*OLD, *fresh]
    assert (await room.source(source_id)).state is SourceState.OK
