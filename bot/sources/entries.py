"""One entry of a feed, as either parsing library gives it, made an Item: plain text, absolute links, stated dates."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from time import struct_time
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.domain.sources import Image, Item
from bot.sources.plain import first_image, line, paragraphs

Entry = Mapping[str, Any]

MAX_LINK = 2_048
_FIRST_YEAR = 1990  # before the web nothing was published on it: a zero date is no date
_MAX_NAMES = 12
_LONGEST_NAME = 300
_SHORT = 100  # characters of a name that is worth keeping at hand
_MAIL = re.compile(r"\S+@\S+\.\S+")
_NUMBERS = re.compile(r"\d{1,4}(?!\d)")
_DAY = re.compile(r"\b(?:19|20)\d{6}(?!\d)")
_MONTH = re.compile(r"[^\W\d_]{3}")
_PLAIN_URL = re.compile(
    r"https?://[a-z0-9][a-z0-9.-]*+(?::\d{1,5})?(?:/(?!\.{1,2}(?:/|$))[\w%&=?+,;:@~!$*'()/#.-]*+)?", re.ASCII
)
_PICTURED = frozenset({"media_content", "media_thumbnail", "enclosures", "image"})
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:$|\?)", re.IGNORECASE)


def to_item(entry: Entry, position: int, base: str, publisher: str | None = None) -> Item:
    """Make an Item of an entry; nothing is guessed, what is missing stays missing."""
    headline = line(_text(entry.get("title")))
    markup = _markup(entry)
    text = paragraphs(markup)
    if text == (headline,):
        text = ()
    return Item(
        headline=headline or None,
        paragraphs=text,
        position=position,
        link=_link(entry, base),
        guid=_text(entry.get("id")).strip()[:MAX_LINK] or None,
        published_at=instant(entry, "published"),
        updated_at=instant(entry, "updated"),
        authors=_authors(entry),
        publisher=publisher or line(_text(_part(entry["source"], "title"))) or None if "source" in entry else publisher,
        categories=_names([_part(tag, "term") or _part(tag, "label") for tag in _list(entry.get("tags"))]),
        image=_image(entry, markup, base),
        language=_language(entry),
    )


def instant(entry: Entry, field: str) -> datetime | None:
    """Read a date that a library has parsed; None when it is none, or before there was a web."""
    parsed = entry.get(f"{field}_parsed")
    value = entry.get(field)
    try:
        if isinstance(parsed, struct_time):
            if not _is_complete(_text(value)):
                return None
            found = datetime(*parsed[:6], tzinfo=UTC)
        elif isinstance(value, str) and value:
            found = datetime.fromisoformat(value)
            if found.tzinfo is not UTC:
                found = found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        else:
            return None
    except (ValueError, OverflowError):
        return None
    return found if found.year >= _FIRST_YEAR else None


def _is_complete(stated: str) -> bool:
    """Say whether a date names a day: feedparser fills what is missing with today's."""
    numbers = len(_NUMBERS.findall(stated))
    return len(stated) <= 100 and (
        numbers >= 3 or bool(_DAY.search(stated)) or (numbers == 2 and bool(_MONTH.search(stated)))
    )


def http_url(base: str, link: str) -> str | None:
    """Give an absolute http(s) address, or None."""
    if len(link) <= MAX_LINK and _PLAIN_URL.fullmatch(link):
        return link
    try:
        stated = urlsplit(link.strip())
        joined = urljoin(base, link.strip())
        parts = urlsplit(joined)
        usable = bool(stated.netloc or not stated.scheme) and parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return None
    return "".join(joined.split()) if usable and len(joined) <= MAX_LINK else None


def _link(entry: Entry, base: str) -> str | None:
    stated = _text(entry.get("link"))
    if stated.strip() and (found := http_url(base, stated)):
        return found
    links = [part for part in _list(entry.get("links")) if isinstance(part, dict)]
    alternates = (_text(part.get("href")) for part in links if part.get("rel") in {None, "", "alternate"})
    others = (_text(part.get("href")) for part in links if part.get("rel") not in {"self", "edit", "replies", "hub"})
    attached = (_text(_part(part, "url") or _part(part, "href")) for part in _list(entry.get("enclosures")))
    for candidate in alternates:
        if candidate.strip() and (found := http_url(base, candidate)):
            return found
    guid = _text(entry.get("id")).strip()
    for candidate in (guid if guid.startswith(("http://", "https://")) else "", *others, *attached):
        if candidate.strip() and (found := http_url(base, candidate)):
            return found
    return None


def _markup(entry: Entry) -> str:
    """Give the fuller of content and summary."""
    texts = [_part(part, "value") for part in _list(entry.get("content"))]
    fullest = ""
    for text in (*texts, entry.get("summary"), entry.get("description")):
        if isinstance(text, str) and len(text) > len(fullest):
            fullest = text
    return fullest


def _authors(entry: Entry) -> tuple[str, ...]:
    if "authors" not in entry and "author" not in entry:
        return ()
    names = [_text(_part(author, "name")) for author in _list(entry.get("authors"))]
    return _names([_without_mail(name) for name in names or [_text(entry.get("author"))]])


def _without_mail(name: str) -> str:
    name = name[:_LONGEST_NAME]  # looking for an address takes the square of the length
    inside = re.fullmatch(r"\S+@\S+\s*\((.*)\)", name.strip())
    return inside[1] if inside else _MAIL.sub("", name).strip(" <>()")


def _names(found: list[object]) -> tuple[str, ...]:
    if not found:
        return ()
    cleaned = [_short(name) for name in found if name and isinstance(name, str)]
    return tuple([name for name in dict.fromkeys(cleaned) if name][:_MAX_NAMES])


def _short(name: str) -> str:
    return _label(name) if len(name) <= _SHORT else line(name)[:200]


@lru_cache(maxsize=4_096)
def _label(name: str) -> str:
    """Clean what a feed's entries say over and over: labels and authors."""
    return line(name)


def _language(entry: Entry) -> str | None:
    contents = _list(entry.get("content"))
    stated = entry.get("language") or (_part(contents[0], "language") if contents else None)
    return _text(stated).strip()[:35] or None


def _image(entry: Entry, markup: str, base: str) -> Image | None:
    if _PICTURED.isdisjoint(entry) and "<img" not in markup and "<IMG" not in markup:
        return None  # most entries: this runs for every one
    for part in (*_list(entry.get("media_content")), *_list(entry.get("media_thumbnail"))):
        if _is_picture(part) and (found := http_url(base, _text(_part(part, "url")))):
            alt = _part(part, "description") or _part(part, "text") or _part(part, "title")
            return Image(found, line(_text(alt))[:1_024])
    for part in _list(entry.get("enclosures")):
        kind, url = _text(_part(part, "type")), _text(_part(part, "url") or _part(part, "href"))
        if (kind.startswith("image/") or _PICTURE.search(url)) and (found := http_url(base, url)):
            return Image(found)
    named = entry.get("image")
    if (url := _text(_part(named, "href") or named)) and (found := http_url(base, url)):
        return Image(found)
    inline = first_image(markup)
    if inline and (found := http_url(base, inline[0])):
        return Image(found, line(inline[1])[:1_024])
    return None


def _is_picture(part: object) -> bool:
    medium, kind = _text(_part(part, "medium")), _text(_part(part, "type"))
    if medium or kind:
        return medium == "image" or kind.startswith("image/")
    return True  # media:thumbnail says nothing more


def _part(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
