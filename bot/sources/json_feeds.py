"""JSON Feed 1.0 and 1.1, read leniently into the same shape as the XML libraries give."""

import json
from collections.abc import Mapping
from typing import Any

from bot.errors import SourceError, SourceFault

_HALF = b"\\ud"


def looks_like_json(body: bytes) -> bool:
    """Say whether a body begins like a JSON object."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read(body: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Give (feed, entries) of a JSON Feed.

    Raises:
        SourceError: it is JSON, but no feed, or no JSON at all.
    """
    try:
        data = json.loads(body.decode("utf-8-sig", "replace"))
        if _HALF in body.lower():  # of a pair: no text that could be stored
            data = json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise SourceError(SourceFault.UNPARSABLE, "it looks like JSON but is broken") from error
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise SourceError(SourceFault.NOT_A_FEED, "it is JSON, but not a JSON Feed")
    feed = {"title": data.get("title"), "link": data.get("home_page_url"), "language": data.get("language")}
    return feed, [_entry(item) for item in items if isinstance(item, dict)]


def _entry(item: Mapping[str, Any]) -> dict[str, Any]:
    attachments = [part for part in _list(item.get("attachments")) if isinstance(part, Mapping)]
    guid = item.get("id")
    content = item.get("content_html") or item.get("content_text")
    return {
        "id": str(guid) if isinstance(guid, str | int | float) else "",
        "title": item.get("title"),
        "link": item.get("url") or item.get("external_url"),
        "content": [{"value": content}] if content else [],
        "summary": item.get("summary"),
        "published": item.get("date_published"),
        "updated": item.get("date_modified"),
        "authors": [*_list(item.get("authors")), item.get("author")],
        "tags": [{"term": tag} for tag in _list(item.get("tags"))],
        "image": item.get("image") or item.get("banner_image"),
        "enclosures": [{"url": part.get("url"), "type": part.get("mime_type")} for part in attachments],
        "language": item.get("language"),
    }


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
