"""What ingest hands the store: drafts of new articles, edits, and what became of each item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from bot.domain.articles import HeadlineOrigin, TextOrigin
from bot.domain.sources import Item
from bot.domain.topics import Topic


def content_hash(headline: str, paragraphs: Sequence[str]) -> str:
    """Give the hash under which an article's content is compared and its summaries are cached (hex)."""
    return sha256("\n".join((headline, *paragraphs)).encode("utf-8", "replace")).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Known:
    """What the store already has of an item: enough to decide whether it is new, changed or the same."""

    article_id: int
    story_id: int
    key: str
    link_key: str | None
    item_hash: str  # of headline and text as the source gave them
    headline: str
    position: int
    changes: int
    text_origin: TextOrigin
    is_withdrawn: bool
    is_retracted: bool
    added_at: datetime
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An article ready to be stored. `item` is cleaned and its headline is set."""

    key: str
    item: Item
    outlet: str
    story_id: int  # of an existing story, or the next free id for a new one
    item_hash: str
    link_key: str | None = None
    headline_origin: HeadlineOrigin = HeadlineOrigin.SOURCE
    text_origin: TextOrigin = TextOrigin.NONE
    language: str | None = None
    topics: tuple[Topic, ...] = ()
    names: tuple[str, ...] = ()
    is_wire_copy: bool = False
    is_counted: bool = True
    article_id: int | None = None  # the next free id; None: the store chooses

    @property
    def headline(self) -> str:
        """The headline, never None here."""
        return self.item.headline or ""


@dataclass(frozen=True, slots=True)
class Edit:
    """New content for an article that the store has; it stays in its story and is never posted again."""

    article_id: int
    draft: Draft


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything one refresh of one source changes."""

    drafts: tuple[Draft, ...] = ()
    edits: tuple[Edit, ...] = ()
    restored: tuple[int, ...] = ()  # withdrawn articles that are back, unchanged
    withdrawn: tuple[int, ...] = ()
    moved: tuple[tuple[int, int], ...] = ()  # (article id, new position)
    rekeyed: tuple[tuple[int, str], ...] = ()  # same article under a new guid

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.drafts or self.edits or self.restored or self.withdrawn or self.moved or self.rekeyed)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of a source's items; ids are the articles'."""

    source_id: int
    new: tuple[int, ...] = ()
    changed: tuple[int, ...] = ()
    withdrawn: tuple[int, ...] = ()
    unchanged: int = 0
    duplicates: int = 0
    refused: int = 0  # tombstones: purged items that tried to return, and items with nothing in them
    story_ids: tuple[int, ...] = ()  # every story touched
    new_story_ids: tuple[int, ...] = ()

    @property
    def has_news(self) -> bool:
        """Whether anything was written."""
        return bool(self.new or self.changed or self.withdrawn)


class ChangeKind(StrEnum):
    """What happened to an article that may already have been shown."""

    HEADLINE = "headline"
    TEXT = "text"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    RETRACTED = "retracted"  # by hand


@dataclass(frozen=True, slots=True)
class Change:
    """One recorded change, for corrections and for those who follow a story."""

    id: int
    kind: ChangeKind
    article_id: int
    story_id: int
    at: datetime
    before: str  # the headline as it was
    after: str  # the headline as it is; empty when withdrawn or retracted
