"""From what somebody types to a feed that was read."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.errors import SourceError, SourceFault
from bot.ingest.discover import discover
from bot.sources.web import Web
from tests.fakes.publisher import Publisher, answer, open_web, publishing
from tests.fakes.workers import InProcess
from tests.ingest.test_refresh import rss

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PAGE = "<html><head><link rel='alternate' type='application/rss+xml' href='{}'></head><body>x</body></html>"


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as serving:
        yield serving


@pytest.fixture
async def web(publisher: Publisher) -> AsyncIterator[Web]:
    async with open_web(publisher) as opened:
        yield opened


async def test_a_feeds_own_address_is_taken_as_it_is(publisher: Publisher, web: Web) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"), ETag='"1"')
    found = await discover(web, InProcess(), publisher.url(), NOW)
    assert (found.url, found.read.document.title, found.outcome.validators.etag) == (publisher.url(), "The Post", '"1"')
    assert len(publisher.asked) == 1


async def test_a_page_leads_to_its_feed(publisher: Publisher, web: Web) -> None:
    publisher.replies["/"] = answer(PAGE.format("/gone"), content_type="text/html")
    publisher.replies["/"] = answer(PAGE.format("/news.xml"), content_type="text/html")
    publisher.replies["/news.xml"] = answer(rss("Storm hits coast"))
    assert (await discover(web, InProcess(), publisher.url("/"), NOW)).url == publisher.url("/news.xml")


async def test_a_page_that_names_none_is_tried_at_the_usual_places(publisher: Publisher, web: Web) -> None:
    publisher.replies["/about"] = answer(PAGE.format("/gone"), content_type="text/html")
    publisher.replies["/atom.xml"] = answer(rss("Storm hits coast"))
    assert (await discover(web, InProcess(), publisher.url("/about"), NOW)).url == publisher.url("/atom.xml")


async def test_at_most_ten_places_are_tried_and_the_reason_is_that_of_the_page(publisher: Publisher, web: Web) -> None:
    publisher.replies["/"] = answer(PAGE.format("/gone"), content_type="text/html")
    with pytest.raises(SourceError, match="web page"):
        await discover(web, InProcess(), publisher.url("/"), NOW)
    assert len(publisher.asked) <= 11


async def test_a_publisher_that_refuses_is_not_tried_out(publisher: Publisher, web: Web) -> None:
    publisher.replies["/"] = answer(PAGE.format("/feed"), content_type="text/html")
    publisher.replies["/feed"] = answer(status=429)
    publisher.replies["/rss"] = answer(status=403)
    with pytest.raises(SourceError):
        await discover(web, InProcess(), publisher.url("/"), NOW)
    assert len(publisher.asked) <= 5


async def test_a_permanent_redirect_gives_the_address_to_keep(publisher: Publisher, web: Web) -> None:
    publisher.replies["/old"] = answer(status=301, Location="/new")
    publisher.replies["/new"] = answer(rss("Storm hits coast"))
    assert (await discover(web, InProcess(), publisher.url("/old"), NOW)).url == publisher.url("/new")


@pytest.mark.parametrize("typed", ["http://127.0.0.1/", "localhost", "http://169.254.169.254/latest"])
async def test_an_address_that_leads_inside_is_refused(web: Web, typed: str) -> None:
    with pytest.raises(SourceError) as caught:
        await discover(web, InProcess(), typed, NOW)
    assert caught.value.kind is SourceFault.PRIVATE_ADDRESS


@pytest.mark.parametrize(
    "typed", ["http://[", "http://[::1", "https://youtube.com:x/channel/1", "%%%", "a b", "\ud800", ""]
)
async def test_what_is_no_address_is_told(web: Web, typed: str) -> None:
    with pytest.raises(SourceError) as caught:
        await discover(web, InProcess(), typed, NOW)
    assert caught.value.kind is SourceFault.BAD_ADDRESS


async def test_without_a_scheme_http_is_tried_where_https_does_not_answer(publisher: Publisher, web: Web) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    typed = publisher.url().removeprefix("http://")
    found = await discover(web, InProcess(), typed, NOW)
    assert (found.url, found.read.document.title) == (publisher.url(), "The Post"), "the address that answered is kept"


async def test_an_address_is_kept_as_it_is_requested(publisher: Publisher) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"))
    name = "news.example"
    async with open_web(publisher, names={name: [["127.0.0.1"]]}, hosts=(name,)) as web:
        found = await discover(web, InProcess(), publisher.url("/feed#latest", "News.EXAMPLE"), NOW)
    assert found.url == publisher.url(host=name)
