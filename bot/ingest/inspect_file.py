"""Inspect any file: a document, a saved feed, or a saved article page. The worker parses; nothing is fetched."""

import re
from collections.abc import Sequence

from bot.domain.sources import Item
from bot.errors import SourceError, SourceFault
from bot.ingest.inspect import Inspected, inspect_document, inspect_items
from bot.ingest.visiting import Runner, guarded
from bot.sources.feeds import FeedDocument
from bot.sources.json_feeds import looks_like_json

_LOOKED_AT = 64 * 1024
_MOST_ITEMS = 100_000  # all that the bytes of a file can hold: who asks about a file is told of the whole of it
_FEED = re.compile(rb"<(?:\w{1,16}:)?(?:rss|feed|rdf|channel)\b", re.IGNORECASE)
_PAGE = re.compile(rb"<!doctype\s+html|<(?:html|head|body)\b", re.IGNORECASE)


async def inspect_file(runner: Runner, data: bytes) -> tuple[tuple[Inspected, ...], bool]:
    """Inspect a file's bytes; says also whether they came from the web (a feed or a page).

    Raises:
        SourceError: it cannot be read.
    """
    start = data[:_LOOKED_AT].replace(b"\0", b"")
    feed, page = _FEED.search(start), _PAGE.search(start)
    if (looks_like_json(data) and b'"items"' in data) or (feed and not (page and page.start() < feed.start())):
        return inspect_items(await _feed(runner, data)), True
    if page:
        return inspect_items(await _page(runner, data)), True
    return inspect_document(data), False


async def _feed(runner: Runner, data: bytes) -> Sequence[Item]:
    found = await guarded(runner, "parse_feed", data, "", "", _MOST_ITEMS)
    assert isinstance(found, FeedDocument)  # noqa: S101 - the worker's wire lets nothing else through
    return found.items


async def _page(runner: Runner, data: bytes) -> Sequence[Item]:
    found = await guarded(runner, "read_page", data, "", "")
    if not isinstance(found, Item):
        raise SourceError(SourceFault.EMPTY, "the page holds no article text")
    return (found,)
