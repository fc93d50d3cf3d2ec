"""Filters: what a list of stories is narrowed to."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.topics import Topic


@dataclass(frozen=True, slots=True)
class StoryFilter:
    """Which articles may be seen, and so which stories.

    A story passes with the articles that pass; a source that is not allowed is never shown, not even as a
    sibling in a story of others. Empty tuples do not narrow; `source_ids=()` allows nothing.
    """

    source_ids: tuple[int, ...] | None = None  # None: every source
    topics: tuple[Topic, ...] = ()  # any of these
    muted_topics: tuple[Topic, ...] = ()  # stories that have none but these are left out
    since: datetime | None = None  # undated articles count by when they were added
    languages: tuple[str, ...] = ()  # stories whose language is not known pass
    names: tuple[str, ...] = ()  # any of these, compared without case and accents
    include_sample: bool = True
    include_undated: bool = True
    only_with_text: bool = False


EVERYTHING = StoryFilter()


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is under a filter."""

    stories: int
    articles: int
