"""Article text out of pages, and what a site allows."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import SimulatedClock
from bot.errors import SourceError, SourceFault
from bot.sources.pages import article_text, read_page
from bot.sources.robots import Robots
from tests.fakes.publisher import NOON, answer, open_web, publishing

FIRST = "The river rose two metres overnight and reached the doors of the old market hall, the town said."
SECOND = "Volunteers filled sandbags until dawn, and the fire service moved forty people to the school on the hill."
THIRD = "The water is expected to fall from Tuesday, when colder air arrives from the north, forecasters said."
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>River floods market | The Post</title>
<meta property="og:title" content="River floods market"><meta property="og:site_name" content="The Post">
<meta property="article:published_time" content="2026-11-20T10:00:00Z"><meta name="author" content="Ann Lee">
<meta property="og:image" content="https://example.org/flood.jpg"><link rel="canonical" href="https://example.org/a">
</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav><article>
<h1>River floods market</h1><p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p></article>
<div class="comments"><p>First comment here, which nobody asked for at all.</p></div>
<footer><p>Copyright 2026 The Post. All rights reserved.</p></footer></body></html>""".encode()


def test_the_text_of_an_article_is_found_and_nothing_around_it() -> None:
    paragraphs = article_text(PAGE, "https://example.org/a", "text/html; charset=utf-8")
    assert [text for text in paragraphs if text != "River floods market"] == [FIRST, SECOND, THIRD]


def test_a_saved_page_says_what_it_states_about_itself() -> None:
    item = read_page(PAGE, "https://example.org/a?x=1")
    assert (item.headline, item.authors, item.publisher) == ("River floods market", ("Ann Lee",), "The Post")
    assert item.published_at == datetime(2026, 11, 20, tzinfo=UTC)
    assert item.image
    assert item.image.url == "https://example.org/flood.jpg"
    assert item.paragraphs[-1] == THIRD


def test_a_page_for_subscribers_is_refused() -> None:
    paid = PAGE.replace(
        b"</head>",
        b'<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree" : false}</script></head>',
    )
    with pytest.raises(SourceError) as caught:
        article_text(paid)
    assert caught.value.kind is SourceFault.REFUSED


def test_broken_linked_data_is_no_reason_to_refuse() -> None:
    odd = PAGE.replace(b"</head>", b'<script type="application/ld+json">{"isAccessibleForFree": false</script></head>')
    assert article_text(odd)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", SourceFault.EMPTY),
        (b"<html><body></body></html>", SourceFault.EMPTY),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), SourceFault.EMPTY),
        (b"<html><p " + b"a=b " * 80_000 + b">x</p></html>", SourceFault.TOO_LARGE),
        (b"x" * 5_300_000, SourceFault.TOO_LARGE),
    ],
    ids=["nothing", "no article", "picture", "huge tag", "too large"],
)
def test_what_holds_no_article_is_called_that(body: bytes, kind: SourceFault) -> None:
    with pytest.raises(SourceError) as caught:
        article_text(body)
    assert caught.value.kind is kind


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "no-such-charset"])
def test_the_servers_charset_is_believed_where_it_fits(charset: str) -> None:
    word = "Überschwemmung in Köln"
    actual = "utf-8" if charset == "no-such-charset" else charset
    page = PAGE.decode().replace("The river", word).encode(actual)
    assert any(text.startswith(word) for text in article_text(page, "", f"text/html; charset={charset}"))


def test_what_is_utf_8_is_that_whatever_the_server_says_and_windows_quotes_stay() -> None:
    page = PAGE.decode().replace("The river", "Köln’s river")
    for actual, said in (("utf-8", "iso-8859-1"), ("windows-1252", "iso-8859-1")):
        assert any(
            text.startswith("Köln’s") for text in article_text(page.encode(actual), "", f"text/html; charset={said}")
        )


def test_pictures_within_a_saved_page_do_not_make_it_too_large() -> None:
    picture = b'<img src="data:image/png;base64,' + b"iVBORw0KGgo+/" * 60_000 + b'">'
    page = PAGE.replace(b"</h1>", b"</h1>" + picture * 9)
    assert FIRST in article_text(page)


@settings(max_examples=25, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_text_or_a_reason(body: bytes) -> None:
    with suppress(SourceError):
        assert article_text(b"<html><body><p>" + body)


RULES = "User-agent: *\nDisallow: /private\nAllow: /private/open\n\nUser-agent: Dateline\nDisallow: /no\n"


@pytest.mark.parametrize(
    ("reply", "allowed", "forbidden"),
    [
        (answer(RULES, content_type="text/plain"), ["/private", "/a"], ["/no", "/no/b"]),
        (answer("User-agent: *\nDisallow: /*.html$\n"), ["/a"], ["/a.html"]),
        (answer(status=404), ["/a"], []),
        (answer(status=403), ["/a"], []),
        (answer(status=500), [], ["/a"]),
        (answer(b"\xff\xfe<html>" * 10), ["/a"], []),
    ],
    ids=["for us", "for all", "none", "closed", "broken", "junk"],
)
async def test_robots_txt_is_obeyed(reply: object, allowed: list[str], forbidden: list[str]) -> None:
    async with publishing() as publisher, open_web(publisher) as web:
        publisher.replies["/robots.txt"] = reply  # type: ignore[assignment]
        robots = Robots(web, SimulatedClock(NOON))
        assert [await robots.allows(publisher.url(path)) for path in allowed] == [True] * len(allowed)
        assert [await robots.allows(publisher.url(path)) for path in forbidden] == [False] * len(forbidden)
        assert publisher.paths == ["/robots.txt"]


async def test_a_site_is_asked_again_after_a_day() -> None:
    clock = SimulatedClock(NOON)
    async with publishing() as publisher, open_web(publisher, clock=clock) as web:
        publisher.replies["/robots.txt"] = answer("User-agent: *\nDisallow: /\n")
        robots = Robots(web, clock)
        assert not await robots.allows(publisher.url("/a"))
        publisher.replies["/robots.txt"] = answer(status=404)
        await clock.advance(timedelta(hours=23))
        assert not await robots.allows(publisher.url("/a"))
        await clock.advance(timedelta(hours=2))
        assert await robots.allows(publisher.url("/a"))
        assert not await robots.allows("not an address")
