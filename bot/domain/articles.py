"""Articles: items that the store has taken in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.sources import Image, SourceKind
from bot.domain.topics import Topic


class HeadlineOrigin(StrEnum):
    """Whether the source wrote the headline, or it is a verbatim prefix of the first sentence."""

    SOURCE = "source"
    DERIVED = "derived"


class TextOrigin(StrEnum):
    """Where the article's text came from; decides what may be shown (full text, or quotes ≤ 90 words)."""

    NONE = "none"  # headline only
    DOCUMENT = "document"  # full text may be shown
    FEED = "feed"  # full text may be shown
    PAGE = "page"  # quoted only, link first


@dataclass(frozen=True, slots=True)
class Article:
    """One item of one source, without its text (ask the store for that by id).

    `outlet` is who is counted and shown: RSS `<source>`, else the registrable domain of the link, else the
    source's title. Missing dates are None, never made up; `added_at` is when we first saw it.
    """

    id: int
    source_id: int
    source_title: str
    source_kind: SourceKind
    headline: str
    outlet: str
    added_at: datetime
    headline_origin: HeadlineOrigin = HeadlineOrigin.SOURCE
    text_origin: TextOrigin = TextOrigin.NONE
    link: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    position: int = 0
    language: str | None = None
    topics: tuple[Topic, ...] = ()
    names: tuple[str, ...] = ()
    image: Image | None = None
    is_sample: bool = False
    is_wire_copy: bool = False  # near-duplicate of another member: counts less
    is_counted: bool = True  # joined its story above the counting threshold

    @property
    def has_text(self) -> bool:
        """Whether there is more than the headline."""
        return self.text_origin is not TextOrigin.NONE

    @property
    def when(self) -> datetime:
        """The time to sort by: published if stated, else added. Not for display as a publishing date."""
        return self.published_at or self.added_at


@dataclass(frozen=True, slots=True)
class Body:
    """An article's text: paragraphs of plain text, verbatim."""

    article_id: int
    paragraphs: tuple[str, ...]
    origin: TextOrigin
    content_hash: str  # hex; the key under which summaries are cached
