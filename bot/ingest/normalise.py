"""Normalise: an item as a parser read it → the same item clean, with its identity and the hash of its content."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.domain.intake import content_hash
from bot.domain.sources import Item, Source, SourceKind
from bot.domain.text import clean_line, fold
from bot.ingest.links import clean_link, digest_of, link_key, registrable_domain
from bot.sources.feeds import FeedDocument

MAX_HEADLINE = 1_000  # characters; a longer one is text
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # what says it is older gives no date at all


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clean item with its identity. Its headline is None where the source gives none."""

    item: Item
    key: str
    link_key: str | None
    item_hash: str


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """What a feed says of itself, and its items; those of `document` are left out."""

    document: FeedDocument
    items: tuple[Prepared, ...]


def prepare(items: Iterable[Item], kind: SourceKind, now: datetime, *, is_plain: bool = False) -> tuple[Prepared, ...]:
    """Clean the items of one fetch and give each its identity; those with nothing in them are left out.

    `is_plain` says that their texts are plain lines already, as the feed parser leaves them.
    """
    plain = items if is_plain else map(_clean, items)
    cleaned = [item for raw in plain if (item := _settle(raw, now)).headline or item.paragraphs]
    repeated = _repeated_guids(cleaned)
    return tuple(_identify(item, kind, repeated) for item in cleaned)


def outlet_of(item: Item, source: Source) -> str:
    """Give who is counted: the publisher whom the item names, else the domain of its link, else the source."""
    return item.publisher or registrable_domain(item.link) or source.title


def _clean(item: Item) -> Item:
    lines = [line for paragraph in item.paragraphs for line in paragraph.splitlines()]
    return replace(
        item,
        headline=clean_line(item.headline) if item.headline else None,
        paragraphs=_clean_all(lines),
        guid=item.guid.strip() if item.guid else None,
        authors=_clean_all(item.authors),
        publisher=clean_line(item.publisher)[:100] if item.publisher else None,
        categories=_clean_all(item.categories),
        section=clean_line(item.section) or None if item.section else None,
        image=replace(item.image, alt=clean_line(item.image.alt)) if item.image else None,
    )


def _settle(item: Item, now: datetime) -> Item:
    """Keep of an item what can be: web links, dates that may be true, a headline that is one. Most stay as they are."""
    link, image = clean_link(item.link), item.image if item.image and clean_link(item.image.url) else None
    published, updated = _stated(item.published_at, now), _stated(item.updated_at, now)
    if (link, image, published, updated) != (item.link, item.image, item.published_at, item.updated_at):
        item = replace(item, link=link, image=image, published_at=published, updated_at=updated)
    if item.headline and len(item.headline) > MAX_HEADLINE:
        item = replace(item, headline=None, paragraphs=(item.headline, *item.paragraphs))
    return item


def _clean_all(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple([text for raw in texts if (text := clean_line(raw))])


def _stated(instant: datetime | None, now: datetime) -> datetime | None:
    """Keep a date that can be true; the future is now, and a date before feeds existed is none."""
    if instant is None:
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return None if instant < _EARLIEST else min(instant, now).replace(microsecond=0)


def _repeated_guids(items: Sequence[Item]) -> frozenset[str]:
    """Give the guids that stand for several things. One thing that is listed twice keeps its guid."""
    counted = Counter(item.guid for item in items if item.guid)
    named: dict[str, set[str]] = {guid: set() for guid, times in counted.items() if times > 1}
    for item in items if named else ():
        if item.guid in named:
            named[item.guid].add(item.link or comparable(item))
    return frozenset(guid for guid, things in named.items() if len(things) > 1)


def _identify(item: Item, kind: SourceKind, repeated: frozenset[str]) -> Prepared:
    link = link_key(item.link)
    return Prepared(
        item=item,
        key=_key(item, kind, link, repeated),
        link_key=link,
        item_hash=content_hash(item.headline or "", item.paragraphs),
    )


def _key(item: Item, kind: SourceKind, link: str | None, repeated: frozenset[str]) -> str:
    if kind is SourceKind.DOCUMENT:
        return digest_of("text", comparable(item))
    if item.guid and item.guid in repeated:
        return digest_of("guid", item.guid, item.link or comparable(item))
    if item.guid:
        return digest_of("guid", item.guid)
    if link:
        return link
    return digest_of("text", comparable(item), item.published_at.isoformat() if item.published_at else "")


def comparable(item: Item) -> str:
    """Give what tells an item without guid and link apart: its headline, else its first paragraph, folded."""
    return fold(item.headline or (item.paragraphs[0] if item.paragraphs else ""))


def document_hash(items: Iterable[Item]) -> str:
    """Give the hash of a document's content, whatever its file is called and however its lines end."""
    return content_hash("", [part for item in items for part in ("\x1f", item.headline or "", *item.paragraphs)])
