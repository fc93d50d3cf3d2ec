"""Reading: bytes of a feed → its items, clean and with their identity. Only the worker process imports it."""

from dataclasses import replace
from datetime import datetime

from bot.domain.sources import SourceKind
from bot.ingest.normalise import ReadFeed, prepare
from bot.sources.parsing import parse_feed


def read_feed(body: bytes, url: str, content_type: str, now: datetime) -> ReadFeed:
    """Read a feed.

    Raises:
        SourceError: it is none, or can't be read.
    """
    document = parse_feed(body, url, content_type)
    return ReadFeed(replace(document, items=()), prepare(document.items, SourceKind.FEED, now, is_plain=True))
