"""What fastfeedparser leaves out of an entry, or makes up: looked up in the feed's own elements where a sign says so.

Only the worker process imports it.
"""

import re
from contextlib import suppress
from typing import Any

from fastfeedparser.main import _parse_date
from lxml import etree

_MARKED_TITLE = re.compile(rb"<title(?:\s[^<>]{0,200})?>[^<]*<(?!/|!\[CDATA\[)")
_DATES = frozenset({"pubdate", "published", "issued", "date", "created", "available", "updated", "modified"})
_MONTH = re.compile(r"[^\W\d_]{3}")
_DATE_CHARS = 32  # a longer guid is no date

Entries = list[dict[str, Any]]


def complete(body: bytes, entries: Entries) -> None:
    """Add an item's publisher, its other authors, a title that holds markup, and a link in an attribute.

    The publisher, `<source>`, is who is counted as the outlet. A date that was read out of a guid is dropped.
    """
    is_asked = (
        b"<source" in body
        or _has_more_authors(body, entries)
        or _MARKED_TITLE.search(body)
        or not all(entry.get("link") for entry in entries)
        or any(map(_may_be_guids, entries))
    )
    if not is_asked:
        return
    for entry, item in zip(entries, _items(body, len(entries)), strict=False):
        with suppress(ValueError):  # lxml goes on after a half of a letter, and can't give it out
            _complete(entry, item)


def _has_more_authors(body: bytes, entries: Entries) -> bool:
    if not any("author" in entry or "authors" in entry for entry in entries):
        return False
    tag, most = (b"<dc:creator", len(entries)) if b"<dc:creator" in body else (b"<author", len(entries) + 1)
    return body.count(tag) > most


def _may_be_guids(entry: dict[str, Any]) -> bool:
    """Say whether a date may have been read out of a guid, as fastfeedparser does where an item states none."""
    guid, published = entry.get("id"), entry.get("published")
    if not isinstance(guid, str) or not isinstance(published, str) or len(guid) > _DATE_CHARS:
        return False
    year, month, day = published[2:4], published[5:7].lstrip("0"), published[8:10].lstrip("0")
    is_likely = year in guid and day in guid and (month in guid or _MONTH.search(guid))
    return bool(is_likely) and _parse_date(guid.strip()) == published


def _items(body: bytes, least: int) -> list[Any]:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    items = [] if root is None else list(root.iter("{*}item", "{*}entry"))
    return items if len(items) >= least else []


def _complete(entry: dict[str, Any], item: Any) -> None:  # noqa: ANN401 - lxml's element
    space, _ = _named(item.tag)
    children = [(*_named(child.tag), child) for child in item if isinstance(child.tag, str)]
    own: dict[str, list[Any]] = {}
    for childs_space, name, child in children:
        if childs_space == space:
            own.setdefault(name, []).append(child)
    creators = [child for _, name, child in children if name == "creator"]
    _add_publisher(entry, own.get("source", []))
    _add_authors(entry, creators or own.get("author", []))
    for title in own.get("title", ()):
        if len(title):
            entry["title"] = _text(title)
    if not entry.get("link"):
        links = (link for link in own.get("link", ()) if link.get("rel") in {None, "alternate"})
        entry["link"] = next((found for link in links if (found := link.get("href") or _text(link).strip())), None)
    if _may_be_guids(entry) and not any(name in _DATES for _, name, _ in children):
        del entry["published"]


def _named(tag: str) -> tuple[str, str]:
    """Give a tag's namespace and its name in small letters; a prefix that the feed does not declare is a namespace."""
    space, brace, name = tag.rpartition("}")
    if not brace:
        space, _, name = tag.rpartition(":")
    return space, name.lower()


def _add_publisher(entry: dict[str, Any], found: list[Any]) -> None:
    if found and not entry.get("source"):
        title = found[0].findtext("{*}title") or found[0].text or ""
        entry["source"] = {"title": title, "href": found[0].get("url")}


def _add_authors(entry: dict[str, Any], found: list[Any]) -> None:
    if len(found) > 1 and len(entry.get("authors") or ()) < 2:
        entry["authors"] = [{"name": one.findtext("{*}name") or one.text or ""} for one in found]


def _text(element: Any) -> str:  # noqa: ANN401
    return str(element.xpath("string()"))
