"""OPML: the list of feeds that every reader can write and read. Reading runs in the worker."""

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from bot.domain.text import clean_line
from bot.errors import SourceError, SourceFault

MAX_FEEDS = 2_000
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)")  # in most addresses
MAX_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class OpmlFeed:
    """One feed of a list."""

    url: str
    title: str = ""
    home_url: str | None = None
    folder: str = ""


def read_opml(body: bytes) -> tuple[OpmlFeed, ...]:
    """Read a list, broken ones too: each address once, in order.

    Raises:
        SourceError: it is no OPML, too large, or names no feed.
    """
    from lxml import etree  # noqa: PLC0415 - only the worker loads it

    from bot.sources.charsets import as_utf_8  # noqa: PLC0415 - as above

    if len(body) > MAX_BYTES:
        raise SourceError(SourceFault.TOO_LARGE, "it is larger than 5 MB")
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(_BARE_AMPERSAND.sub(b"&amp;", as_utf_8(body.strip(), "")), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceError(SourceFault.UNPARSABLE, "it is not an OPML file") from error
    if root is None or not isinstance(root.tag, str) or root.tag.rpartition("}")[2].lower() != "opml":
        raise SourceError(SourceFault.UNPARSABLE, "it is not an OPML file")
    found: dict[str, OpmlFeed] = {}
    for outline in root.iter("{*}outline", "{*}OUTLINE"):
        with suppress(ValueError):  # lxml goes on after a half of a letter, and can't give it out
            given = {name.lower(): value for name, value in outline.attrib.items() if isinstance(name, str)}
            url = given.get("xmlurl", "").strip()
            if url and len(found) < MAX_FEEDS:
                found.setdefault(url, _feed(url, given, outline.getparent()))
    if not found:
        raise SourceError(SourceFault.EMPTY, "it names no feed")
    return tuple(found.values())


def _feed(url: str, given: dict[str, str], parent: object) -> OpmlFeed:
    attributes = getattr(parent, "attrib", {})
    folder = "" if "xmlUrl" in attributes else attributes.get("title") or attributes.get("text") or ""
    return OpmlFeed(
        url=url,
        title=clean_line(given.get("title") or given.get("text") or "")[:200],
        home_url=given.get("htmlurl", "").strip() or None,
        folder=clean_line(folder)[:100],
    )


def write_opml(title: str, feeds: Iterable[OpmlFeed]) -> bytes:
    """Write OPML 2.0, feeds in folders where they have one."""
    folders: dict[str, list[OpmlFeed]] = {}
    for feed in feeds:
        folders.setdefault(feed.folder, []).append(feed)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{_text(title)}</title></head>", "  <body>"]
    for folder, members in folders.items():
        if folder:
            lines.append(f"    <outline text={_attribute(folder)}>")
        lines += [f"{'      ' if folder else '    '}{_outline(feed)}" for feed in members]
        if folder:
            lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""]).encode()


def _outline(feed: OpmlFeed) -> str:
    home = f" htmlUrl={_attribute(feed.home_url)}" if feed.home_url else ""
    name = _attribute(feed.title or feed.url)
    return f'<outline type="rss" text={name} title={name} xmlUrl={_attribute(feed.url)}{home}/>'


def _attribute(text: str) -> str:
    return quoteattr(clean_line(text))


def _text(text: str) -> str:
    return clean_line(text).replace("&", "&amp;").replace("<", "&lt;")
