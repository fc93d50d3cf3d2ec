"""Feeds of every kind, clean and broken, become the same plain items."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.sources import Image, Item
from bot.errors import SourceError, SourceFault
from bot.sources.feeds import MAX_ITEMS, FeedDocument
from bot.sources.parsing import parse_feed

URL = "https://example.org/news/feed.xml"
NINE = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def rss(
    items: str, *, head: str = "<title>Feed</title><link>https://example.org/</link>", attributes: str = ""
) -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" {attributes}><channel>{head}{items}</channel></rss>'
    ).encode()


def only(body: bytes, content_type: str = "") -> Item:
    document = parse_feed(body, URL, content_type)
    assert len(document.items) == 1
    return document.items[0]


RSS_NS = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)

KINDS = {
    "RSS 0.91": b"""<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"
        "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Feed</title>
        <link>https://example.org/</link><item><title>One</title><link>https://example.org/1</link></item></channel></rss>""",
    "RSS 0.92": b"""<rss version="0.92"><channel><title>Feed</title><link>https://example.org/</link><item><title>One</title>
        <link>https://example.org/1</link></item></channel></rss>""",
    "RSS 2.0": rss("<item><title>One</title><link>https://example.org/1</link><guid>g</guid></item>"),
    "RSS 2.0 in a default namespace": b"""<rss version="2.0" xmlns="http://backend.userland.com/rss2"><channel><title>Feed</title>
        <link>https://example.org/</link><item><title>One</title><link>https://example.org/1</link></item></channel></rss>""",
    "RSS 1.0": b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/"><channel rdf:about="https://example.org/f"><title>Feed</title>
        <link>https://example.org/</link></channel><item rdf:about="https://example.org/1"><title>One</title>
        <link>https://example.org/1</link></item></rdf:RDF>""",
    "RSS 0.90": b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Feed</title><link>https://example.org/</link>
        </channel><item><title>One</title><link>https://example.org/1</link></item></rdf:RDF>""",
    "Atom 1.0": b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><link href="https://example.org/"/>
        <entry><title>One</title><link href="https://example.org/1"/><id>urn:1</id></entry></feed>""",
    "Atom 0.3": b"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Feed</title>
        <link rel="alternate" href="https://example.org/"/><entry><title>One</title>
        <link rel="alternate" href="https://example.org/1"/><id>urn:1</id></entry></feed>""",
    "Atom with a prefix": b"""<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>Feed</a:title><a:link href="https://example.org/"/>
        <a:entry><a:title>One</a:title><a:link href="https://example.org/1"/><a:id>urn:1</a:id></a:entry></a:feed>""",
    "Atom with an XHTML title": b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Feed</title><link href="https://example.org/"/>
        <entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><b>One</b></div></title>
        <link href="https://example.org/1"/><id>urn:1</id></entry></feed>""",
    "JSON Feed 1.0": b"""{"version": "https://jsonfeed.org/version/1", "title": "Feed", "home_page_url": "https://example.org/",
        "items": [{"id": 1, "title": "One", "url": "https://example.org/1", "author": {"name": "Jo"}}]}""",
    "JSON Feed 1.1": b"""\xef\xbb\xbf {"version": "https://jsonfeed.org/version/1.1", "title": "Feed",
        "home_page_url": "https://example.org/", "items": [{"id": "1", "title": "One", "external_url": "https://example.org/1"}]}""",
    "relative link": rss("<item><title>One</title><link>/1</link></item>"),
    "guid as link": rss("<item><title>One</title><guid>https://example.org/1</guid></item>"),
    "guid that says it is no link": rss(
        '<item><title>One</title><guid isPermaLink="false">https://example.org/1</guid></item>'
    ),
    "link in an attribute": rss(
        '<item><title>One</title><atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="https://example.org/1"/></item>'
    ),
    "an enclosure only": rss(
        '<item><title>One</title><enclosure url="https://example.org/1" type="audio/mpeg"/></item>'
    ),
    "blank line first": b"\n\n  " + rss("<item><title>One</title><link>https://example.org/1</link></item>"),
    "a warning first": b"<br />\n<b>Warning</b>: foo() in /x.php on line 3<br />\n"
    + rss("<item><title>One</title><link>https://example.org/1</link></item>"),
    "a byte order mark": b"\xef\xbb\xbf" + rss("<item><title>One</title><link>https://example.org/1</link></item>"),
    "text after the end": rss("<item><title>One</title><link>https://example.org/1</link></item>") + b"<!-- x --><br>",
    "cut off": rss("<item><title>One</title><link>https://example.org/1</link></item>")[:-20],
    "an undeclared entity": rss("<item><title>One&nbsp;</title><link>https://example.org/1</link></item>"),
    "a bare ampersand": rss("<item><title>One</title><link>https://example.org/1</link><author>a & b</author></item>"),
    "an undeclared prefix": rss("<item><title>One</title><x:y>z</x:y><link>https://example.org/1</link></item>"),
    "control characters": rss("<item><title>O\x08ne</title><link>https://example.org/1</link></item>"),
    "CDATA everywhere": rss(
        "<item><title><![CDATA[One]]></title><link><![CDATA[https://example.org/1]]></link></item>"
    ),
    "UTF-16": rss("<item><title>One</title><link>https://example.org/1</link></item>")
    .decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "upper case": b"<RSS><CHANNEL><TITLE>Feed</TITLE><LINK>https://example.org/</LINK><ITEM><TITLE>One</TITLE>"
    b"<LINK>https://example.org/1</LINK></ITEM></CHANNEL></RSS>",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_feed_is_read(kind: str) -> None:
    document = parse_feed(KINDS[kind], URL)
    found = [(item.headline, item.link) for item in document.items]
    assert (document.title, found) == ("Feed", [("One", "https://example.org/1")])


CHARSETS = {
    "declared latin-1": ("iso-8859-1", "iso-8859-1", ""),
    "declared windows-1251": ("windows-1251", "windows-1251", ""),
    "declared utf-8, is utf-8": ("utf-8", "utf-8", ""),
    "declared utf-8, is latin-1": ("utf-8", "iso-8859-1", ""),
}


@pytest.mark.parametrize("case", CHARSETS)
def test_letters_survive_wrong_and_right_charsets(case: str) -> None:
    declared, actual, content_type = CHARSETS[case]
    word = "Новости" if "1251" in actual else "Köln – café" if actual == "utf-8" else "Köln café"
    body = (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>F</title>'
        f"<item><title>{word}</title><link>https://example.org/1</link></item></channel></rss>"
    )
    headline = only(body.encode(actual), content_type).headline or ""
    if case == "declared utf-8, is latin-1":
        assert headline.startswith("K")
        assert len(headline) >= len(word) - 2
    else:
        assert headline == word


def test_an_item_keeps_all_that_the_publisher_states() -> None:
    item = only(
        rss(
            """<item><title>Storm &amp;amp; &lt;b&gt;flood&lt;/b&gt;</title><link>https://example.org/1?a=b&amp;c=d</link>
            <guid>g-1</guid><pubDate>Sun, 22 Nov 2026 10:00:00 +0100</pubDate><dc:creator>Ann Lee</dc:creator>
            <category>World</category><category>Weather</category><source url="https://wire.example">The Wire</source>
            <description>Short.</description>
            <content:encoded><![CDATA[<p>First &amp; foremost.</p><p>Second<br>line.</p>
            <script>bad()</script>]]></content:encoded><media:content url="/p.jpg" medium="image">
            <media:description>A flooded street</media:description></media:content></item>""",
            attributes=RSS_NS,
        )
    )
    assert item == Item(
        headline="Storm & flood",
        paragraphs=("First & foremost.", "Second line."),
        link="https://example.org/1?a=b&c=d",
        guid="g-1",
        published_at=NINE,
        authors=("Ann Lee",),
        publisher="The Wire",
        categories=("World", "Weather"),
        image=Image("https://example.org/p.jpg", "A flooded street"),
    )


def test_an_atom_entry_keeps_both_dates_its_source_and_its_author() -> None:
    item = only(
        b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>F</title><link href="https://example.org/"/>
        <entry><title type="html">A &amp;amp; B</title><link rel="self" href="https://example.org/self"/>
        <link rel="alternate" href="https://example.org/1"/><id>urn:1</id><published>2026-11-22T09:00:00Z</published>
        <updated>2026-11-22T11:00:00+02:00</updated><author><name>Jo</name><email>jo@example.org</email></author>
        <category term="world"/><source><title>The Wire</title></source>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Text.</p></div></content></entry></feed>"""
    )
    assert (item.headline, item.link, item.publisher, item.authors) == (
        "A & B", "https://example.org/1", "The Wire", ("Jo",),
    )  # fmt: skip
    assert (item.published_at, item.updated_at, item.paragraphs) == (NINE, NINE, ("Text.",))


def test_a_json_item_keeps_what_it_states_and_junk_beside_it_is_ignored() -> None:
    document = parse_feed(
        b"""{"version": "https://jsonfeed.org/version/1.1", "title": "F", "language": "fr", "items": [7, null,
        {"id": 2.5, "title": null, "content_text": "Just text.\\n\\nMore.",
         "date_published": "2026-11-22T10:00:00+01:00",
         "authors": [{"name": "Jo"}, "x", null], "tags": ["a", 3], "image": "/i.png",
         "attachments": [{"url": "https://example.org/a.mp3", "mime_type": "audio/mpeg"}, 1]}, {}]}""",
        URL,
    )
    (item,) = document.items
    assert document.language == "fr"
    assert (item.headline, item.paragraphs, item.guid) == (None, ("Just text.", "More."), "2.5")
    assert (item.published_at, item.authors, item.categories) == (NINE, ("Jo",), ("a",))
    assert item.image == Image("https://example.org/i.png")


def test_the_head_says_how_often_to_come() -> None:
    cadence = parse_feed(
        rss(
            "<item><title>x</title></item>",
            head="<title>F</title><ttl>90</ttl><language>en-GB</language><sy:updatePeriod>daily</sy:updatePeriod>"
            "<sy:updateFrequency>4</sy:updateFrequency><skipHours><hour>1</hour><hour>24</hour><hour>x</hour></skipHours>"
            "<skipDays><day>Sunday</day><day>Noday</day></skipDays>",
            attributes=RSS_NS,
        ),
        URL,
    ).cadence
    assert (cadence.ttl_s, cadence.period_s) == (5400.0, 21600.0)
    assert (cadence.skip_hours, cadence.skip_days) == (frozenset({0, 1}), frozenset({6}))


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        ("Sun, 22 Nov 2026 09:00:00 GMT", NINE),
        ("Sun, 22 Nov 2026 04:00:00 EST", NINE),
        ("2026-11-22T10:00:00+01:00", NINE),
        ("2026-11-22 09:00:00", NINE),
        ("22 November 2026 09:00 UTC", NINE),
        ("09:00", None),
        ("Tuesday", None),
        ("November 2026", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("0000-00-00", None),
        ("soon", None),
        ("", None),
        ("Sun, 99 Foo 2026 99:99:99", None),
        ("9" * 400, None),
    ],
)
def test_dates_are_what_is_stated_or_missing(stated: str, read: datetime | None) -> None:
    assert only(rss(f"<item><title>x</title><pubDate>{stated}</pubDate></item>")).published_at == read


def test_a_date_in_the_year_9999_is_read_and_harms_nothing() -> None:
    item = only(rss("<item><title>x</title><pubDate>Fri, 31 Dec 9999 23:59:59 -1200</pubDate></item>"))
    assert item.published_at is None or item.published_at.year == 9999


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Why &amp;lt;template&amp;gt; matters", "Why <template> matters"),
        ("5 &lt; 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("<![CDATA[<i>Hamlet</i> returns]]>", "Hamlet returns"),
        ("It&amp;#8217;s", "It’s"),
        ("It&amp;amp;#39;s", "It's"),
        ("two\n   lines", "two lines"),
        ("a&#8203;b&#8238;c", "abc"),
        ("", None),
        ("   ", None),
    ],
)
def test_a_headline_is_one_plain_line(title: str, headline: str | None) -> None:
    assert only(rss(f"<item><title>{title}</title><link>https://example.org/1</link></item>")).headline == headline


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("<![CDATA[<a href='/c'>Comments</a>]]>", ()),
        ("<![CDATA[<p>One</p>tail]]>", ("One", "tail")),
        ("<![CDATA[<ul><li>a<li>b</ul>]]>", ("a", "b")),
        ("One\n\nTwo", ("One", "Two")),
        ("x", ()),
        ("<![CDATA[<div><div><style>p{}</style></div></div>]]>", ()),
        ("&lt;p&gt;A &amp;amp; B&lt;/p&gt;", ("A & B",)),
    ],
    ids=["only a link", "tail", "list", "plain paragraphs", "same as the headline", "nothing", "escaped markup"],
)
def test_text_is_plain_paragraphs(text: str, kept: tuple[str, ...]) -> None:
    item = only(
        rss(f"<item><title>x</title><link>https://example.org/1</link><description>{text}</description></item>")
    )
    assert item.paragraphs == kept


@pytest.mark.parametrize(
    ("markup", "image"),
    [
        ('<media:thumbnail url="https://i.example/t.jpg"/>', Image("https://i.example/t.jpg")),
        ('<media:content url="https://i.example/v.mp4" type="video/mp4"/>', None),
        ('<media:content url="https://i.example/p" type="image/png"/>', Image("https://i.example/p")),
        ('<enclosure url="https://i.example/e.png" type="image/png"/>', Image("https://i.example/e.png")),
        ('<enclosure url="https://i.example/e.jpg?w=1" type=""/>', Image("https://i.example/e.jpg?w=1")),
        (
            "<description>&lt;img src=/px width=1&gt;&lt;img src=/in.jpg alt='Alt &amp;amp; text'&gt;</description>",
            Image("https://example.org/in.jpg", "Alt & text"),
        ),
        ('<media:thumbnail url="javascript:alert(1)"/>', None),
    ],
    ids=["thumbnail", "video", "typed", "enclosure", "by its name", "inline", "no web address"],
)
def test_a_picture_is_found_with_its_text(markup: str, image: Image | None) -> None:
    assert only(rss(f"<item><title>x</title>{markup}</item>", attributes=RSS_NS)).image == image


@pytest.mark.parametrize("link", ["javascript:alert(1)", "mailto:a@b.c", "http://[::1", "https://", "data:text/html,x"])
def test_only_web_links_are_links(link: str) -> None:
    assert only(rss(f"<item><title>x</title><link>{link}</link></item>")).link is None


# --- what is no feed


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", SourceFault.EMPTY),
        (b" \n ", SourceFault.EMPTY),
        (
            b"<!DOCTYPE html><html><head><title>Log in</title></head><body><form></form></body></html>",
            SourceFault.NOT_A_FEED,
        ),
        (b"<html><body>x</body></html>", SourceFault.NOT_A_FEED),
        (b"Not found", SourceFault.NOT_A_FEED),
        (b"<?xml version='1.0'?><note>x</note>", SourceFault.NOT_A_FEED),
        (b'{"error": "no"}', SourceFault.NOT_A_FEED),
        (b'{"items": ', SourceFault.UNPARSABLE),
        (b'{"a":' * 100_000, SourceFault.UNPARSABLE),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", SourceFault.NOT_A_FEED),
    ],
    ids=["empty", "blank", "login page", "page", "text", "other xml", "other json", "cut json", "deep json", "picture"],
)
def test_what_is_no_feed_is_called_that(body: bytes, kind: SourceFault) -> None:
    with pytest.raises(SourceError) as caught:
        parse_feed(body, URL)
    assert caught.value.kind is kind


def test_a_feed_with_a_dtd_of_its_own_is_not_lost() -> None:
    dtd = b'<!DOCTYPE rss [<!ENTITY one "One">]>'
    assert only(dtd + rss("<item><title>&one; two</title></item>")[38:]).headline in {"One two", "&one; two"}


def test_a_feed_without_items_is_a_feed() -> None:
    assert parse_feed(rss(""), URL) == FeedDocument("Feed", home_url="https://example.org/")


# --- hostile shapes


def test_a_huge_tag_is_refused() -> None:
    with pytest.raises(SourceError) as caught:
        parse_feed(rss(f"<item {'a=b ' * 100_000}><title>x</title></item>"), URL)
    assert caught.value.kind is SourceFault.UNPARSABLE


def test_more_than_five_megabytes_are_refused() -> None:
    with pytest.raises(SourceError) as caught:
        parse_feed(rss("x" * 5_300_000), URL)
    assert caught.value.kind is SourceFault.TOO_LARGE


@pytest.mark.timeout(20)
def test_a_sea_of_brackets_ends_soon() -> None:
    with pytest.raises(SourceError):
        parse_feed(b"<" * 5_000_000, URL)


@pytest.mark.timeout(30)
def test_of_110_000_items_a_thousand_are_kept() -> None:
    items = "".join(f"<item><title>{n}</title></item>" for n in range(110_000))
    assert len(parse_feed(rss(items), URL).items) == MAX_ITEMS


def test_entities_do_not_multiply_and_reach_no_file() -> None:
    laughs = "".join(f'<!ENTITY l{n + 1} "{ten}">' for n in range(9) for ten in [f"&l{n};" * 10])
    bomb = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = bomb.encode() + rss("<item><title>a &l9; b &f;</title><link>https://example.org/1</link></item>")[38:]
    try:
        document = parse_feed(body, URL)
    except SourceError:
        return
    assert all(len(item.headline or "") < 10_000 and "root:" not in (item.headline or "") for item in document.items)


def test_twenty_thousand_nested_tags_are_text_like_any_other() -> None:
    markup = "&lt;div&gt;" * 20_000 + "deep"
    item = only(rss(f"<item><title>x</title><description>{markup}</description></item>"))
    assert item.paragraphs in {("deep",), ()}


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: rss(f"<item><title>{text}</title></item>")))
def test_any_bytes_give_a_document_or_a_reason(body: bytes) -> None:
    with suppress(SourceError):
        assert isinstance(parse_feed(body, URL), FeedDocument)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_a_damaged_feed_gives_a_document_or_a_reason(kind: str, data: st.DataObject) -> None:
    body = bytearray(KINDS[kind])
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=8)):
        body[place] = data.draw(st.integers(0, 255))
    with suppress(SourceError):
        assert isinstance(parse_feed(bytes(body), URL), FeedDocument)


@pytest.mark.parametrize("size", [1_000, 3_000_000])
def test_a_file_of_another_kind_is_no_feed_whatever_its_size(size: int) -> None:
    with pytest.raises(SourceError) as caught:
        parse_feed(b"\x89PNG\r\n" + b"\x01\x02<q&" * (size // 5), URL)
    assert caught.value.kind is SourceFault.NOT_A_FEED


def test_a_feed_that_calls_itself_a_page_is_a_feed_and_a_page_that_shows_one_is_not() -> None:
    doctype = b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://www.w3.org/x.dtd">\n'
    feed = b"<rss><channel><title>F</title><item><title>Storm</title><link>/1</link></item></channel></rss>"
    assert only(doctype + feed).headline == "Storm"
    for before in (b"<html>", b"<p>", b"words"):
        with pytest.raises(SourceError) as caught:
            parse_feed(doctype + before + feed, URL)
        assert caught.value.kind is SourceFault.NOT_A_FEED
