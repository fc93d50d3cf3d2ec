"""Article pages: the text out of the HTML. Imported by the worker process only; it never opens the network.

trafilatura with `fast=True` scored best of what was measured (docs/decisions/0031).
"""

import json
import logging
import re
from datetime import UTC, datetime

import trafilatura
from trafilatura.settings import Document

from bot.domain.sources import Image, Item
from bot.domain.text import clean_line
from bot.errors import SourceError, SourceFault
from bot.sources.answers import MAX_BYTES
from bot.sources.charsets import charset_of
from bot.sources.entries import http_url
from bot.sources.plain import line

_SCRIPT = re.compile(
    rb"<script[^>]{0,200}application/ld\+json[^>]{0,200}>(.{1,400000}?)</script", re.IGNORECASE | re.DOTALL
)
_NOT_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?false', re.IGNORECASE)
_HUGE_TAG = re.compile(rb"<[A-Za-z][^<>]{262144}")
_INLINE_DATA = re.compile(rb"data:[\w/+.;=-]{1,100},[\w+/=%-]+")
_MAX_NAMES = 12

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports each page it cannot read as an error


def article_text(body: bytes, url: str = "", content_type: str = "") -> tuple[str, ...]:
    """Give the paragraphs of an article's page.

    Raises:
        SourceError: REFUSED when the page says that reading it costs money, EMPTY when it holds no article,
            UNPARSABLE when it is no page.
    """
    if _NOT_FREE.search(_linked_data(body)):
        raise SourceError(SourceFault.REFUSED, "the page is for subscribers")
    found = _paragraphs(_extract(body, url, content_type, with_metadata=False))
    if not found:
        raise SourceError(SourceFault.EMPTY, "the page holds no article text")
    return found


def read_page(body: bytes, url: str = "", content_type: str = "") -> Item:
    """Read a saved article page whole: headline, text, and what the page states about itself.

    Raises:
        SourceError: there is no article in it.
    """
    found = _extract(body, url, content_type, with_metadata=True)
    authors = (line(name) for name in (found.author or "").split(";"))
    return Item(
        headline=line(found.title or "") or None,
        paragraphs=_paragraphs(found),
        link=http_url(url or found.url or "", found.url or url) if found.url or url else None,
        published_at=_day(found.date),
        authors=tuple(dict.fromkeys(name for name in authors if name))[:_MAX_NAMES],
        publisher=line(found.sitename or "") or None,
        categories=tuple(line(word) for word in found.categories or () if line(word))[:_MAX_NAMES],
        image=Image(address) if found.image and (address := http_url(url, found.image)) else None,
        language=found.language or None,
    )


def _extract(body: bytes, url: str, content_type: str, *, with_metadata: bool) -> Document:
    if _HUGE_TAG.search(body):
        body = _INLINE_DATA.sub(b"data:", body)  # pictures within a page, as saved pages have them
    if len(body) > MAX_BYTES or _HUGE_TAG.search(body):
        raise SourceError(SourceFault.TOO_LARGE, "the page is too large")
    try:
        found = trafilatura.bare_extraction(
            _decoded(body, content_type),
            url=url or None,
            fast=True,
            include_comments=False,
            with_metadata=with_metadata,
            date_extraction_params={"extensive_search": False, "original_date": True} if with_metadata else None,
        )
    except Exception as error:
        raise SourceError(SourceFault.UNPARSABLE, "the page is too broken to read") from error
    if not isinstance(found, Document):
        raise SourceError(SourceFault.EMPTY, "the page holds no article text")
    return found


def _paragraphs(found: Document) -> tuple[str, ...]:
    cleaned = (clean_line(text) for text in (found.text or "").split("\n"))
    return tuple(text for text in cleaned if text)


def _decoded(body: bytes, content_type: str) -> bytes | str:
    """Decode what is not UTF-8 where the server named its charset; else trafilatura looks at the page."""
    charset = charset_of(content_type)
    if not charset or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body
    for name in ("utf-8-sig", charset):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return body


def _linked_data(body: bytes) -> str:
    found: list[str] = []
    for block in _SCRIPT.findall(body):
        try:
            found.append(json.dumps(json.loads(block)))
        except (ValueError, RecursionError):
            continue
    return " ".join(found)


def _day(stated: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(stated).replace(tzinfo=UTC) if stated else None
    except ValueError:
        return None
