"""Stories and articles as values, for tests of what is done with them."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from bot.domain.articles import Article, TextOrigin
from bot.domain.sources import SourceKind
from bot.domain.stories import Story
from bot.domain.topics import Topic

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)

_ids = count(1)


def article(headline: str = "", outlet: str = "a.example", *, age_h: float = 0.0, **fields: Any) -> Article:
    """Make a counted article of a feed, published and added `age_h` hours before NOW."""
    number = fields.pop("id", None) or next(_ids)
    when = NOW - timedelta(hours=age_h)
    given: dict[str, Any] = {
        "source_id": 1,
        "source_title": outlet,
        "source_kind": SourceKind.FEED,
        "headline": headline or f"Headline {number}",
        "outlet": outlet,
        "added_at": when,
        "published_at": when,
    }
    return Article(id=number, **{**given, **fields})


def undated(headline: str = "", *, age_h: float = 0.0, **fields: Any) -> Article:
    """Make an article of a document that states no date."""
    given: dict[str, Any] = {"source_kind": SourceKind.DOCUMENT, "published_at": None}
    return article(headline, "Bundled sample document", age_h=age_h, **{**given, **fields})


def story(*articles: Article, topics: tuple[Topic, ...] = (), **fields: Any) -> Story:
    """Make a story; without articles it has one of its own."""
    members = articles or (article(),)
    return Story(id=fields.pop("id", members[0].id), articles=members, topics=topics, **fields)


def with_text(*args: Any, **fields: Any) -> Article:
    """Make an article that has text."""
    return article(*args, **{"text_origin": TextOrigin.FEED, **fields})
