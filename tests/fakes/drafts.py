"""Articles put into a store by hand: one line each, without language work."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.articles import TextOrigin
from bot.domain.intake import Batch, Draft, IngestReport, content_hash
from bot.domain.sources import Item, Source, SourceKind
from bot.store.store import Store

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def a_draft(
    headline: str, story: int, *paragraphs: str, key: str = "", hours: float | None = None, **more: Any
) -> Draft:
    """Give a draft of an article in a story; `hours` says how long before noon it was published."""
    published = None if hours is None else NOON - timedelta(hours=hours)
    place = {"position": more.pop("position", 0), "link": more.pop("link", None)}
    item = Item(headline, paragraphs, published_at=published, **place)
    settings: dict[str, Any] = {"text_origin": TextOrigin.FEED if paragraphs else TextOrigin.NONE, "language": "en"}
    return Draft(
        key=key or headline,
        item=item,
        outlet=more.pop("outlet", "a.example"),
        story_id=story,
        item_hash=content_hash(headline, paragraphs),
        **(settings | more),
    )


async def a_source(store: Store, name: str = "a", *, is_sample: bool = False) -> Source:
    """Give the feed of that name, made if need be."""
    source = Source(0, SourceKind.FEED, f"https://{name}.example/feed", name.title(), is_sample=is_sample)
    return await store.sources.add(source, NOON)


async def put(store: Store, source: Source, drafts: Sequence[Draft], at: datetime = NOON) -> IngestReport:
    """Take drafts in."""
    return await store.articles.take_in(source.id, Batch(drafts=tuple(drafts)), at)
