"""OPML: what one reader writes, another reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import clean_line
from bot.errors import SourceError, SourceFault
from bot.sources.opml import MAX_FEEDS, OpmlFeed, read_opml, write_opml

FILE = b"""<?xml version="1.0"?><opml version="1.1"><head/><body>
<outline text="World"><outline text="A &amp; B" xmlUrl="https://a.example/feed" htmlUrl="https://a.example/"/>
<outline title="Twice" xmlUrl="https://a.example/feed"/><OUTLINE XMLURL="https://b.example/?x=1&y=2"/></outline>
<outline text="C" xmlurl=" https://c.example/f "/><outline text="no feed"/></body></opml>"""


def test_each_feed_is_read_once_with_its_folder_even_from_a_broken_file() -> None:
    assert read_opml(FILE) == (
        OpmlFeed("https://a.example/feed", "A & B", "https://a.example/", "World"),
        OpmlFeed("https://b.example/?x=1&y=2", "", None, "World"),
        OpmlFeed("https://c.example/f", "C"),
    )


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", SourceFault.UNPARSABLE),
        (b"hello", SourceFault.UNPARSABLE),
        (b"<rss/>", SourceFault.UNPARSABLE),
        (b"<opml><body/></opml>", SourceFault.EMPTY),
        (b"<opml>" + b" " * 5_300_000 + b"</opml>", SourceFault.TOO_LARGE),
    ],
    ids=["empty", "text", "a feed", "no feeds", "too large"],
)
def test_what_is_no_list_is_called_that(body: bytes, kind: SourceFault) -> None:
    with pytest.raises(SourceError) as caught:
        read_opml(body)
    assert caught.value.kind is kind


def test_entities_reach_no_file_and_do_not_multiply() -> None:
    body = (
        b'<!DOCTYPE opml [<!ENTITY f SYSTEM "file:///etc/passwd"><!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
        b'<opml><body><outline text="x &b;" xmlUrl="https://a.example/"/><outline text="&f;" xmlUrl="https://b.example/"/>'
        b"</body></opml>"
    )
    assert "root:" not in str(read_opml(body))


def test_a_list_has_an_end() -> None:
    outlines = b"".join(b'<outline xmlUrl="https://a.example/%d"/>' % n for n in range(MAX_FEEDS + 5))
    assert len(read_opml(b"<opml><body>" + outlines + b"</body></opml>")) == MAX_FEEDS


_texts = st.text(alphabet=st.characters(categories=("L", "N", "P", "S")), max_size=20).map(clean_line)
_feeds = st.builds(
    OpmlFeed,
    url=_texts.map(lambda text: f"https://example.org/{text}"),
    title=_texts.filter(bool),
    home_url=st.none() | st.just("https://example.org/"),
    folder=_texts,
)


@given(st.lists(_feeds, min_size=1, max_size=6, unique_by=lambda feed: feed.url))
def test_what_is_written_is_read_back(feeds: list[OpmlFeed]) -> None:
    assert set(read_opml(write_opml("Mine & <yours>", feeds))) == set(feeds)


def test_half_a_letter_spoils_no_other_feed() -> None:
    half = '<outline text="a &#xD800;" xmlUrl="https://a.example/"/><outline xmlUrl="https://b.example/"/>'
    assert "https://b.example/" in [feed.url for feed in read_opml(f"<opml><body>{half}</body></opml>".encode())]


def test_a_title_in_windows_letters_is_read_where_no_charset_is_named() -> None:
    (feed,) = read_opml(
        '<opml><body><outline text="Größe" xmlUrl="https://h.example/"/></body></opml>'.encode("cp1252")
    )
    assert feed.title == "Größe"
