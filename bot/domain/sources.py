"""Sources, and the items they yield before ingest has looked at them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.topics import Topic


class SourceKind(StrEnum):
    """Where items come from."""

    DOCUMENT = "document"
    FEED = "feed"


class SourceState(StrEnum):
    """How a source is doing; `Source.detail` says more in plain words."""

    NEW = "new"  # never fetched yet
    OK = "ok"
    FAILING = "failing"
    PAUSED = "paused"
    DISABLED = "disabled"  # 410, or 404 for 7 days


@dataclass(frozen=True, slots=True)
class Source:
    """A document or a feed that the store knows."""

    id: int
    kind: SourceKind
    name: str  # unique: a document's title or file stem, a feed's address
    title: str
    url: str | None = None
    home_url: str | None = None
    language: str | None = None  # BCP 47, as stated
    topic: Topic | None = None
    is_sample: bool = False  # the one file we ship
    state: SourceState = SourceState.NEW
    detail: str = ""
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that a publisher attached, and the alternative text it gave, if any."""

    url: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One item as a parser read it. All text is plain (no HTML), unescaped, and as the source wrote it.

    Dates are what the source states, never guesses; `position` counts from 0 within the source.
    """

    headline: str | None  # None: the source gives none; ingest derives one from the text
    paragraphs: tuple[str, ...] = ()
    position: int = 0
    link: str | None = None
    guid: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    categories: tuple[str, ...] = ()
    section: str | None = None  # a document's label above a run of items
    image: Image | None = None
    language: str | None = None
