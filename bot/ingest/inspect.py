"""Inspect: what an import would make of items, without a store. The command line prints it; operators debug with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.articles import HeadlineOrigin
from bot.domain.sources import Item, Source, SourceKind
from bot.domain.stories import Summary
from bot.ingest.decide import decide_document, decide_feed
from bot.ingest.digest import Digest, digest
from bot.ingest.normalise import Prepared, outlet_of, prepare
from bot.language.sentences import split
from bot.language.stories import Headline, StoryIndex
from bot.language.summary import summarise
from bot.sources.documents import read

_NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # dates are shown as stated, not clamped
_DOCUMENT = Source(0, SourceKind.DOCUMENT, "document", "document")
FEED = Source(0, SourceKind.FEED, "feed", "feed")


@dataclass(frozen=True, slots=True)
class Inspected:
    """One item as it would be stored, with what language says about it."""

    item: Item
    headline: str
    headline_origin: HeadlineOrigin
    sentences: tuple[str, ...]
    summary: Summary | None
    topics: tuple[str, ...]
    names: tuple[str, ...]
    language: str | None
    story: int  # from 1; the same number for the same story


def inspect_document(data: bytes) -> tuple[Inspected, ...]:
    """Inspect a document's bytes.

    Raises:
        SourceError: it cannot be read.
    """
    return inspect_items(read(data), _DOCUMENT)


def inspect_items(items: Sequence[Item], source: Source = FEED) -> tuple[Inspected, ...]:
    """Inspect items in their order, without those that an import would find twice."""
    prepared = prepare(items, source.kind, _NEVER)
    decide = decide_document if source.kind is SourceKind.DOCUMENT else decide_feed
    kept = decide(prepared, (), frozenset()).new
    said = [digest(one.item, source.topic, source.language) for one in kept]
    return tuple(map(_inspect, kept, said, _stories(kept, said, source)))


def _inspect(one: Prepared, said: Digest, story: int) -> Inspected:
    item = one.item
    return Inspected(
        item=item,
        headline=said.headline,
        headline_origin=said.headline_origin,
        sentences=split(item.paragraphs, said.language),
        summary=summarise(
            item.paragraphs,
            headline=said.headline,
            headline_is_derived=said.headline_origin is HeadlineOrigin.DERIVED,
            language=said.language,
        ),
        topics=tuple(topic.value for topic in said.topics),
        names=said.names,
        language=said.language,
        story=story,
    )


def _stories(kept: Sequence[Prepared], said: Sequence[Digest], source: Source) -> list[int]:
    """Number the stories from 1, in the order they come up."""
    index = StoryIndex()
    numbers: list[int] = []
    newest = 0
    for at, (one, about) in enumerate(zip(kept, said, strict=True)):
        outlet = outlet_of(one.item, source)
        published = one.item.published_at
        headline = Headline(
            at, about.headline, published, outlet, about.language, about.names, signature=about.signature
        )
        placement = index.propose(headline)
        numbers.append(placement.story_id or newest + 1)
        newest = max(newest, numbers[-1])
        index.accept(headline, numbers[-1], placement)
    return numbers


def as_json(inspected: Inspected, *, is_feed: bool = False) -> dict[str, object]:
    """Give an item in the JSON form; items of feeds have five fields more."""
    said: dict[str, object] = {
        "headline": inspected.headline,
        "headline_origin": inspected.headline_origin.value,
        "paragraphs": list(inspected.item.paragraphs),
        "sentences": list(inspected.sentences),
        "summary": list(inspected.summary.sentences) if inspected.summary else [],
        "topics": list(inspected.topics),
        "names": list(inspected.names),
        "story": inspected.story,
    }
    return said | _feed_fields(inspected.item) if is_feed else said


def _feed_fields(item: Item) -> dict[str, object]:
    return {
        "link": item.link,
        "published": item.published_at.isoformat() if item.published_at else None,
        "author": ", ".join(item.authors) or None,
        "image": item.image.url if item.image else None,
        "id": item.guid,
    }
