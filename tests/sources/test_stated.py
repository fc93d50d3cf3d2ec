"""What an entry states is kept whole, and nothing is made up: dates, titles, links, authors."""

from datetime import UTC, datetime

import pytest

from bot.domain.sources import Item
from bot.sources.parsing import parse_feed

SPACES = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'


def read(inside: str) -> Item:
    body = f'<rss version="2.0" {SPACES}><channel><title>F</title><item>{inside}</item></channel></rss>'
    (item,) = parse_feed(body.encode(), "https://www.post.example/feed.xml").items
    return item


def published(stated: str) -> datetime | None:
    return read(f"<title>Storm</title><link>/1</link><guid>1</guid><pubDate>{stated}</pubDate>").published_at


@pytest.mark.parametrize(
    ("stated", "hour"),
    [
        ("Sun, 22 Nov 2026 10:00:00 +0100", 9),
        ("Sun, 22 Nov 2026 10:00:00 +01:00", 9),
        ("Sun Nov 22 2026 10:00:00 GMT+0100 (Central European Standard Time)", 9),
        ("Sun, 22 Nov 2026 10:00:00 CET", 9),
        ("Sun, 22 Nov 2026 10:00:00", 10),
        ("So, 22 Nov 2026 10:00:00 +0100", 9),
        ("Nov 22, 2026 10:00 PM", 22),
        ("Nov 22, 2026 10:00 AM", 10),
        ("22.11.2026 10:00", 10),
        ("11/22/2026 10:00", 10),
    ],
)
def test_the_hour_and_zone_of_a_date_are_read(stated: str, hour: int) -> None:
    assert published(stated) == datetime(2026, 11, 22, hour, tzinfo=UTC)


def test_a_day_before_a_month_with_dots_is_no_american_date() -> None:
    assert published("11.12.2026") == datetime(2026, 12, 11, tzinfo=UTC)


@pytest.mark.parametrize("stated", ["11/12/2026", "11-12-2026 10:00", "10:00", "Tuesday", "Nov 2026"])
def test_a_date_that_may_be_several_days_is_none(stated: str) -> None:
    assert published(stated) is None


@pytest.mark.parametrize("guid", ["20261122", "2026-11-22", "20261122100000", "22.11.2026", "Nov 22 2026"])
def test_a_guid_is_no_date(guid: str) -> None:
    told = f'<title>Storm</title><link>/1</link><guid isPermaLink="false">{guid}</guid>'
    assert read(told).published_at is None
    assert read(f"{told}<pubDate>2026-11-22</pubDate>").published_at == datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "title",
    [
        "Senate <i>again</i> votes",
        "<b>Senate</b> again votes",
        "Senate <!-- a comment -->again votes",
        "Senate again<br/> votes",
    ],
)
def test_a_title_with_markup_in_it_is_read_whole(title: str) -> None:
    told = f"<media:title>Other</media:title><title>{title}</title><link>/1</link><media:title><b>No</b></media:title>"
    assert read(told).headline == "Senate again votes"


@pytest.mark.parametrize("guid", ["", '<guid isPermaLink="false">tag:1</guid>'])
def test_a_link_in_an_attribute_is_a_link(guid: str) -> None:
    told = '<title>Storm</title><link rel="enclosure" href="https://cdn.example/1.mp3"/><link href="https://www.post.example/1"/>'
    assert read(told + guid).link == "https://www.post.example/1"


def test_all_authors_are_named() -> None:
    told = "<title>Storm</title><link>/1</link><dc:creator>Ann Lee</dc:creator><dc:creator>Bob Ray</dc:creator>"
    assert read(told).authors == ("Ann Lee", "Bob Ray")


@pytest.mark.timeout(5)
@pytest.mark.parametrize("part", ["1", "a@", "&lt;p&gt;", "中"])
def test_an_endless_author_costs_no_more_than_others(part: str) -> None:
    item = read(f"<title>Storm</title><link>/1</link><author>{part * 200_000}</author>")
    assert (item.headline, all(len(name) <= 300 for name in item.authors)) == ("Storm", True)


def test_an_element_with_a_broken_name_hides_nothing_else() -> None:
    item = read("<title>Senate <i>again</i> votes</title><atom:>x</atom:><link>/1</link>")
    assert (item.headline, item.link) == ("Senate again votes", "https://www.post.example/1")


def test_prefixes_that_a_feed_does_not_declare_lose_nothing() -> None:
    told = "<title>Storm</title><link>/1</link><foo:title>No</foo:title><source>The Wire</source>"
    body = f"<rss><channel><title>F</title><item>{told}<foo:creator>Ann</foo:creator></item></channel></rss>"
    (item,) = parse_feed(body.encode(), "https://www.post.example/feed.xml").items
    assert (item.headline, item.publisher) == ("Storm", "The Wire")


def test_half_a_letter_loses_no_feed() -> None:
    told = "<title>Storm</title><link>/1</link><source>Wire</source>"
    entry = f'<entry xmlns="x&#xD800;">{told}</entry>'
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry>{told}</entry>{entry}</feed>'
    assert parse_feed(body.encode(), "https://www.post.example/feed.xml").items[0].headline == "Storm"
