"""Feeds of every dialect, each with the quirks that publishers have: none is lost, and every item keeps its link."""

import json
from collections.abc import Callable
from itertools import product

import pytest

from bot.sources.parsing import parse_feed

URL = "https://www.post.example/feeds/news.xml"
LINKS = ("https://www.post.example/news/1", "https://www.post.example/news/2")
ATOM = "http://www.w3.org/2005/Atom"


def _rss(version: str, extra: str = "") -> Callable[[list[str]], str]:
    def write(items: list[str]) -> str:
        inside = "".join(f"<item>{item}</item>" for item in items)
        head = "<title>The Post</title><link>https://www.post.example/</link><description>News</description>"
        return f'<?xml version="1.0"?><rss version="{version}" {extra}><channel>{head}{inside}</channel></rss>'

    return write


def _rdf(space: str) -> Callable[[list[str]], str]:
    def write(items: list[str]) -> str:
        about = [f'<item rdf:about="{link}">{item}</item>' for link, item in zip(LINKS, items, strict=False)]
        return (
            f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{space}">'
            '<channel rdf:about="https://www.post.example/"><title>The Post</title>'
            f"<link>https://www.post.example/</link></channel>{''.join(about)}</rdf:RDF>"
        )

    return write


SPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" xmlns:atom="http://www.w3.org/2005/Atom"'
)
DIALECTS: dict[str, Callable[[list[str]], str]] = {
    "RSS 0.91": _rss("0.91"),
    "RSS 0.92": _rss("0.92"),
    "RSS 2.0": _rss("2.0", SPACES),
    "RSS without a version": lambda items: _rss("2.0", SPACES)(items).replace(' version="2.0"', ""),
    "RSS 0.90": _rdf("http://my.netscape.com/rdf/simple/0.9/"),
    "RSS 1.0": _rdf("http://purl.org/rss/1.0/"),
    "RSS with junk before it": lambda items: "\n\n \ufeff" + _rss("2.0", SPACES)(items),
    "RSS cut off": lambda items: _rss("2.0", SPACES)(items)[:-20],
    "RSS with bare ampersands": lambda items: _rss("2.0", SPACES)(items).replace("The Post", "Post & Sons &nbsp;"),
    "RSS that calls itself UTF-16": lambda items: _rss("2.0", SPACES)(items).replace(
        '"1.0"?', '"1.0" encoding="utf-16"?'
    ),
}
ITEMS = {
    "link": "<title>{t}</title><link>{u}</link>",
    "link in CDATA with spaces": "<title><![CDATA[{t}]]></title><link>\n <![CDATA[ {u} ]]>\n</link>",
    "only a guid that is a permalink": '<title>{t}</title><guid isPermaLink="true">{u}</guid>',
    "only a guid that says nothing": "<title>{t}</title><guid>{u}</guid>",
    "relative link": "<title>{t}</title><link>{p}</link>",
    "relative link and guid": '<title>{t}</title><link>{p}</link><guid isPermaLink="false">tag:{p}</guid>',
    "title escaped twice": "<title>&amp;lt;b&amp;gt;{t}&amp;lt;/b&amp;gt;</title><link>{u}</link>",
    "no title": "<description>{t}</description><link>{u}</link>",
    "empty title": "<title/><description>&lt;p&gt;{t}&lt;/p&gt;</description><link>{u}</link>",
    "date that is none": "<title>{t}</title><link>{u}</link><pubDate>yesterday, about noon</pubDate>",
    "protocol left out": "<title>{t}</title><link>//www.post.example{p}</link>",
}
SPACED_ITEMS = {
    "Atom link inside": '<title>{t}</title><atom:link href="{u}" rel="alternate"/>',
    "feedburner": "<title>{t}</title><link>{u}</link><feedburner:origLink>{u}</feedburner:origLink>",
    "media": '<title>{t}</title><media:title>Other</media:title><link>{u}</link><media:thumbnail url="{u}.jpg"/>',
    "itunes": '<title>{t}</title><itunes:title>Other</itunes:title><link>{u}</link><enclosure url="{u}.mp3"/>',
    "full text": "<title>{t}</title><link>{u}</link><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>",
    "dublin core": "<title>{t}</title><link>{u}</link><dc:creator>Desk</dc:creator><dc:date>2026-11-22</dc:date>",
}
SPACED = ("RSS 2.0", "RSS without a version", "RSS with junk before it", "RSS cut off", "RSS with bare ampersands")
PAIRS = [*product(DIALECTS, ITEMS), *product(SPACED, SPACED_ITEMS)]


def items(shape: str) -> list[str]:
    return [
        shape.format(t=title, u=link, p=link.removeprefix("https://www.post.example"))
        for title, link in zip(("Storm hits coast", "Mayor resigns"), LINKS, strict=True)
    ]


@pytest.mark.parametrize(("dialect", "shape"), PAIRS)
def test_no_item_is_lost_and_each_keeps_its_link(dialect: str, shape: str) -> None:
    text = DIALECTS[dialect](items((ITEMS | SPACED_ITEMS)[shape]))
    found = parse_feed(text.encode(), URL).items
    assert [item.headline or item.paragraphs[0] for item in found] == ["Storm hits coast", "Mayor resigns"]
    assert tuple(item.link for item in found) == LINKS


_ENTRY = "<title>{t}</title><id>urn:{p}</id><updated>2026-11-22T12:00:00Z</updated>"
ATOMS = {
    "link": _ENTRY + '<link href="{u}"/>',
    "alternate among others": _ENTRY + '<link rel="self" href="https://x.example/"/><link rel="alternate" href="{u}"/>'
    '<link rel="enclosure" href="https://x.example/a.mp3"/>',
    "relative to the feed": _ENTRY + '<link href="{p}"/>',
    "id that is the link": "<title>{t}</title><id>{u}</id>",
    "XHTML title": '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><b>{t}</b></div></title>'
    '<id>urn:{p}</id><link href="{u}"/>',
    "HTML title": '<title type="html">&lt;em&gt;{t}&lt;/em&gt;</title><id>urn:{p}</id><link href="{u}"/>',
    "content elsewhere": _ENTRY + '<link href="{u}"/><content src="https://x.example/" type="text/html"/>',
}


@pytest.mark.parametrize("space", [ATOM, "http://purl.org/atom/ns#"], ids=["Atom 1.0", "Atom 0.3"])
@pytest.mark.parametrize("prefix", ["", "a:"], ids=["plain", "prefixed"])
@pytest.mark.parametrize("shape", ATOMS)
def test_no_entry_is_lost_and_each_keeps_its_link(space: str, prefix: str, shape: str) -> None:
    entries = "".join(f"<entry>{entry}</entry>" for entry in items(ATOMS[shape]))
    text = f"<feed><title>The Post</title>{entries}</feed>"
    if prefix:
        for name in ("feed", "title", "entry", "id", "updated", "link", "content"):
            text = text.replace(f"<{name}", f"<{prefix}{name}").replace(f"</{name}>", f"</{prefix}{name}>")
    declared = f'xmlns{":a" if prefix else ""}="{space}"'
    found = parse_feed(text.replace("feed>", f"feed {declared}>", 1).encode(), URL).items
    assert [item.headline for item in found] == ["Storm hits coast", "Mayor resigns"]
    assert tuple(item.link for item in found) == LINKS


@pytest.mark.parametrize("base", ["https://www.post.example/", "https://www.post.example/feeds/"])
def test_a_base_is_what_links_hang_on(base: str) -> None:
    entry = '<entry><title>Storm</title><id>1</id><link href="/news/1"/></entry>'
    text = f'<feed xmlns="{ATOM}" xml:base="{base}"><title>The Post</title>{entry}</feed>'
    assert parse_feed(text.encode(), "https://cdn.example/f.xml").items[0].link == LINKS[0]


@pytest.mark.parametrize("version", ["https://jsonfeed.org/version/1", "https://jsonfeed.org/version/1.1", None])
@pytest.mark.parametrize(
    "item", [{"id": "1", "url": LINKS[0]}, {"id": LINKS[0]}, {"id": 1, "url": "/news/1"}, {"external_url": LINKS[0]}]
)
def test_a_json_feed_is_read_with_or_without_its_version(version: str | None, item: dict[str, object]) -> None:
    told = {"title": "Storm hits coast", "content_html": "<p>Text</p>"} | item
    feed = {"version": version, "title": "The Post", "home_page_url": "https://www.post.example/", "items": [told]}
    (found,) = parse_feed(json.dumps(feed).encode(), URL).items
    assert (found.headline, found.link) == ("Storm hits coast", LINKS[0])


@pytest.mark.parametrize("real", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
@pytest.mark.parametrize("named", [None, "utf-8", "iso-8859-1", "windows-1252", "us-ascii", "x-unheard-of"])
def test_whatever_charset_is_named_no_item_is_lost(real: str, named: str | None) -> None:
    declared = f'<?xml version="1.0" encoding="{named}"?>' if named else ""
    shape = items("<title>{t} für Größe</title><link>{u}</link>")
    text = declared + "".join(_rss("2.0")(shape).split("?>", 1)[1])
    found = parse_feed(text.encode(real), URL).items
    assert tuple(item.link for item in found) == LINKS
    assert all((item.headline or "").startswith(("Storm hits coast", "Mayor resigns")) for item in found)


def test_an_ampersand_that_means_nothing_spoils_none_that_do() -> None:
    text = _rss("2.0")(["<title>A &nbsp;&amp; B <![CDATA[& C &amp; D]]> & &#233;</title>"])
    assert parse_feed(text.encode(), URL).items[0].headline == "A & B & C & D & é"


@pytest.mark.timeout(10)
def test_open_ends_of_cdata_cost_no_more_than_their_length() -> None:
    parse_feed(_rss("2.0")(["<title>x &nbsp;</title>" + "<![CDATA[" * 300_000]).encode(), URL)
