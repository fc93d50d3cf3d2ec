"""Where a page's feeds are."""

import pytest

from bot.sources.discovery import FoundFeed, find_feeds, known_feeds, usual_feeds, with_scheme

PAGE = b"""<html><head><base href="https://cdn.example.org/x/">
<link rel="alternate" type="application/rss+xml" title="News &amp; more" href="/feed">
<link rel="alternate" type="application/atom+xml" href="atom.xml">
<link rel="alternate" type="application/feed+json" href="https://example.org/feed.json">
<link rel="ALTERNATE stylesheet" type="Application/RSS+XML; charset=utf-8" href="/two">
<link rel="alternate" type="application/rss+xml" title="Comments on News" href="/all">
<link rel="alternate" type="application/rss+xml" href="/comments/feed">
<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
<link rel="alternate" hreflang="de" href="/de"><link rel="alternate" type="application/rss+xml" href="javascript:x">
<link rel="icon" href="/i.png"></head><a href="/rss">RSS</a></html>"""


def test_a_page_names_its_feeds_and_comment_feeds_are_left_out() -> None:
    assert find_feeds(PAGE, "https://example.org/") == (
        FoundFeed("https://cdn.example.org/feed", "News & more"),
        FoundFeed("https://cdn.example.org/x/atom.xml"),
        FoundFeed("https://example.org/feed.json"),
        FoundFeed("https://cdn.example.org/two"),
    )


def test_plain_links_count_when_a_page_names_none() -> None:
    page = b'<a href="/news/rss.xml">RSS</a><a href="/about">x</a><a href="/comments/feed/">c</a>'
    assert find_feeds(page, "https://example.org/") == (FoundFeed("https://example.org/news/rss.xml"),)


@pytest.mark.parametrize("page", [b"", b"\xff\xfe\x00", b"<", b"<link rel=alternate>", b"<base><link href>"])
def test_a_page_without_feeds_gives_none(page: bytes) -> None:
    assert find_feeds(page, "https://example.org/") == ()


def test_at_most_ten_are_given() -> None:
    page = b"".join(b'<link rel="alternate" type="application/rss+xml" href="/%d">' % n for n in range(99))
    assert len(find_feeds(page, "https://example.org/")) == len(usual_feeds("https://example.org/a")) == 10


@pytest.mark.parametrize(
    ("url", "feeds"),
    [
        ("https://www.youtube.com/channel/UC1", ("https://www.youtube.com/feeds/videos.xml?channel_id=UC1",)),
        ("https://youtube.com/user/abc", ("https://www.youtube.com/feeds/videos.xml?user=abc",)),
        ("https://m.youtube.com/playlist?list=PL1", ("https://www.youtube.com/feeds/videos.xml?playlist_id=PL1",)),
        ("https://www.youtube.com/@name", ()),
        (
            "https://github.com/a/b/issues",
            ("https://github.com/a/b/releases.atom", "https://github.com/a/b/commits.atom"),
        ),
        ("https://github.com/a", ()),
        ("https://example.org/a/b", ()),
    ],
)
def test_some_sites_follow_a_rule(url: str, feeds: tuple[str, ...]) -> None:
    assert known_feeds(url) == feeds


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("example.org/feed", "https://example.org/feed"),
        (" <http://example.org> ", "http://example.org"),
        ("//example.org", "https://example.org"),
        ("feed://example.org/f", "https://example.org/f"),
        ("feed:https://example.org/f", "https://example.org/f"),
        ("ftp://example.org", "ftp://example.org"),
    ],
)
def test_an_address_may_be_typed_short(typed: str, address: str) -> None:
    assert with_scheme(typed) == address


def test_a_link_that_is_no_address_hides_no_other() -> None:
    head = '<base href="http://["><link rel="alternate" type="application/rss+xml" href="http://[x">'
    page = f'{head}<link rel="alternate" type="application/rss+xml" href="/feed">'
    assert [feed.url for feed in find_feeds(page.encode(), "https://example.org/a")] == ["https://example.org/feed"]
