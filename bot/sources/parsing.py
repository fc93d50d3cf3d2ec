"""Bytes of a feed → FeedDocument. Imported by the worker process only: it loads lxml and two parsing libraries.

fastfeedparser first; feedparser when that fails, finds nothing, or leaves a title or link out, merged field by
field (docs/decisions/0030). Hostile shapes are refused before either library sees them.
"""

import re
from collections.abc import Mapping
from typing import Any

import fastfeedparser.main
import feedparser

from bot.errors import SourceError, SourceFault
from bot.sources import json_feeds
from bot.sources.answers import MAX_BYTES
from bot.sources.charsets import as_utf_8
from bot.sources.entries import Entry, http_url, to_item
from bot.sources.feed_dates import StatedDates, mail_date
from bot.sources.feeds import MAX_ITEMS, FeedDocument
from bot.sources.head import Head, read_head
from bot.sources.left_out import complete
from bot.sources.plain import line

SECOND_LOOK_BYTES = 2 * 1024 * 1024
SECOND_LOOK_TAGS = 60_000  # feedparser takes seconds for more
_HUGE_TAG = re.compile(rb"<[A-Za-z][^<>]{262144}")  # no real feed has one over 64 KiB
_ROOT = re.compile(rb"<(?:\?xml|!doctype\s+(?:rss|rdf|feed)|(?:\w{1,16}:)?(?:rss|feed|rdf|channel)\b)", re.IGNORECASE)
_FEED_ROOT = re.compile(rb"<(?:\w{1,16}:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_HTML = re.compile(rb"<!doctype\s+html|<html\b|<body\b", re.IGNORECASE)
_ONLY_DOCTYPE = re.compile(rb"\s*(?:<\?xml[^<>]*>\s*)?<!doctype\s+html[^<>]*>\s*", re.IGNORECASE)
_FAR = 64 * 1024
_BARE = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")
_MOST_AMPERSANDS = 50_000

Entries = list[dict[str, Any]]


fastfeedparser.main.dateutil_parser = StatedDates
fastfeedparser.main.parsedate_to_datetime = mail_date
# dateparser, its last resort, makes a date of "Tuesday" and takes 100 ms for it.
fastfeedparser.main._slow_dateparser = lambda _: None  # noqa: SLF001


def parse_feed(body: bytes, url: str, content_type: str = "", most: int = MAX_ITEMS) -> FeedDocument:
    """Read a feed of any kind.

    Args:
        body: at most 5 MB.
        url: where it came from; relative links hang on it.
        content_type: of the answer; its charset helps where the feed names none.
        most: items taken; the rest is left out.

    Raises:
        SourceError: NOT_A_FEED, UNPARSABLE or TOO_LARGE, with a plain reason.
    """
    _refuse_hostile(body)
    if json_feeds.looks_like_json(body):
        return _document(*json_feeds.read(body), Head(), url, most)
    body = _without_junk(body)
    _refuse_pages(body)
    body = _with_ampersands(as_utf_8(body, content_type))
    head = read_head(body)
    feed, entries = _read_xml(body)
    complete(body, entries)
    return _document(feed, entries, head, url, most)


def _refuse_hostile(body: bytes) -> None:
    if len(body) > MAX_BYTES:
        raise SourceError(SourceFault.TOO_LARGE, "it is larger than 5 MB")
    if not body.strip():
        raise SourceError(SourceFault.EMPTY, "the answer is empty")
    if len(body) > 262_144 and _HUGE_TAG.search(body):
        raise SourceError(SourceFault.UNPARSABLE, "it holds a tag that is far too long")


def _without_junk(body: bytes) -> bytes:
    """Drop what a broken server put before the feed, if a feed follows."""
    found = _ROOT.search(body[:_FAR])
    if found and found.start() and not _HTML.search(body, 0, found.start()) and b"\0" not in body[:64]:
        return body[found.start() :]
    return body


def _with_ampersands(body: bytes) -> bytes:
    """Escape the ampersands that XML knows no meaning for: lxml, going on after one, loses those that are right."""
    if b"<!ENTITY" in body or b"\0" in body[:64] or body.count(b"&") > _MOST_AMPERSANDS or not _BARE.search(body):
        return body
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        start = body.find(b"<![CDATA[", at)
        start = len(body) if start < 0 else start
        end = body.find(b"]]>", start)
        end = len(body) if end < 0 else end
        parts += [_BARE.sub(b"&amp;", body[at:start]), body[start:end]]
        at = end
    return b"".join(parts)


def _refuse_pages(body: bytes) -> None:
    start = body[:_FAR].replace(b"\0", b"")
    root = _FEED_ROOT.search(start)
    if root and _ONLY_DOCTYPE.fullmatch(start, 0, root.start()):
        return  # a feed whose maker took it for a page
    if _HTML.search(start, 0, root.end() if root else _FAR):
        raise SourceError(SourceFault.NOT_A_FEED, "it is a web page, not a feed")


def _read_xml(body: bytes) -> tuple[Mapping[str, Any], Entries]:
    feed, entries = _first_look(body)
    if not _needs_second_look(feed, entries):
        return feed, entries
    if len(body) > SECOND_LOOK_BYTES or max(body.count(b"<"), body.count(b"&") // 5) > SECOND_LOOK_TAGS:
        if entries:
            return feed, entries
        if not _FEED_ROOT.search(body.replace(b"\0", b"")):
            raise SourceError(SourceFault.NOT_A_FEED, "it is not a feed")
        raise SourceError(SourceFault.UNPARSABLE, "it is too broken to read at its size")
    slow_feed, slow_entries = _second_look(body)
    if not (entries or slow_entries or slow_feed or _FEED_ROOT.search(body.replace(b"\0", b""))):
        raise SourceError(SourceFault.NOT_A_FEED, "it is not a feed")
    return _merged(feed, slow_feed), _merge_entries(entries, slow_entries) if entries else slow_entries


def _first_look(body: bytes) -> tuple[dict[str, Any], Entries]:
    try:
        found = fastfeedparser.parse(body)
        return dict(found.get("feed") or {}), [*found.get("entries", ())]
    except Exception:  # noqa: BLE001 - whatever a library says about hostile bytes, the other one is asked
        return {}, []


def _needs_second_look(feed: Mapping[str, Any], entries: Entries) -> bool:
    if not entries or not (feed.get("title") or "").strip():
        return True
    return any(not entry.get("title") or not (entry.get("link") or entry.get("id")) for entry in entries)


def _second_look(body: bytes) -> tuple[Mapping[str, Any], Entries]:
    try:
        found = feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:
        raise SourceError(SourceFault.UNPARSABLE, "it is too broken to read") from error
    # dict() passes by feedparser's warnings about keys it once named otherwise
    return dict(found.get("feed") or {}), [dict(entry) for entry in found.get("entries", ())]


def _merged(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Fill what is missing or blank in the first from the second."""
    filled = dict(first)
    for name, value in second.items():
        if value and not _has(filled.get(name)):
            filled[name] = value
    return filled


def _has(value: object) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)


def _merge_entries(entries: Entries, others: Entries) -> Entries:
    if len(entries) == len(others):
        return [_merged(entry, other) for entry, other in zip(entries, others, strict=True)]
    if len(others) > len(entries):
        return others
    by_key = {key: other for other in others for key in (other.get("id"), other.get("link")) if key}
    return [_merged(entry, by_key.get(entry.get("id")) or by_key.get(entry.get("link")) or {}) for entry in entries]


def _document(feed: Mapping[str, Any], entries: Entries, head: Head, url: str, most: int) -> FeedDocument:
    home = http_url(url, _string(feed.get("link"))) if feed.get("link") else None
    base = http_url(url, head.base) if head.base else None
    items = tuple(
        to_item(entry, position, base or home or url) for position, entry in enumerate(_usable(entries)[:most])
    )
    language = _string(feed.get("language")).strip() or head.language
    return FeedDocument(
        title=line(_string(feed.get("title")))[:300],
        items=items,
        home_url=home,
        language=language[:35] or None,
        cadence=head.cadence,
    )


def _usable(entries: Entries) -> list[Entry]:
    return [entry for entry in entries if entry.get("title") or any(_has(entry.get(name)) for name in _TELLING)]


_TELLING = ("title", "link", "id", "summary", "description", "content")


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
