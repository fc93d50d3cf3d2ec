"""What a place wants to read and what not: words, topics, sources, languages, and mutes that end by themselves.

Words are never patterns: "storm" is a word, "climate change" a phrase, "elect*" the start of a word; case and
accents do not matter.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256

from bot.domain.stories import Story
from bot.domain.text import fold
from bot.domain.topics import Topic

MAX_TERMS = 50
MAX_TERM = 80  # characters
_WORDS = re.compile(r"\w+\*?")
# Scripts that write without spaces: a word is found anywhere in them.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


class MuteKind(StrEnum):
    """What can be muted for a while."""

    TOPIC = "topic"
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Mute:
    """A topic or word that a place, or a person, does not want to see until an instant."""

    kind: MuteKind
    value: str
    until: datetime

    @property
    def key(self) -> str:
        """A short name for it: a word of 80 characters does not fit what stands behind an option."""
        return f"{self.kind.value}-{sha256(self.value.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class PlaceFilter:
    """What passes: any of the included words, none of the excluded; empty tuples do not narrow."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    excluded_topics: tuple[Topic, ...] = ()
    source_ids: tuple[int, ...] = ()
    languages: tuple[str, ...] = ()  # BCP 47; "pt" passes "pt-BR"; what states none passes

    @property
    def is_open(self) -> bool:
        """Whether everything passes."""
        return self == OPEN

    def with_mutes(self, mutes: Iterable[Mute], now: datetime) -> "PlaceFilter":
        """Give the filter with the mutes that still hold."""
        holding = [mute for mute in mutes if mute.until > now]
        words = (mute.value for mute in holding if mute.kind is MuteKind.WORD)
        topics = (Topic(mute.value) for mute in holding if mute.kind is MuteKind.TOPIC)
        return replace(self, exclude=(*self.exclude, *words), excluded_topics=(*self.excluded_topics, *topics))

    def keeps(self, story: Story) -> bool:
        """Say whether a story passes, by its articles' headlines, names, topics, sources and languages."""
        if self.is_open:
            return True
        if self.topics and not set(self.topics) & set(story.topics):
            return False
        if story.topics and set(story.topics) <= set(self.excluded_topics):
            return False
        if not any(self._passes(article.source_id, article.language) for article in story.articles):
            return False
        texts = [*(article.headline for article in story.articles), *story.names]
        return (not self.include or mentions(texts, self.include)) and not mentions(texts, self.exclude)

    def passing(self, stories: Sequence[Story]) -> tuple[Story, ...]:
        """Give the stories that pass."""
        return tuple(stories) if self.is_open else tuple(story for story in stories if self.keeps(story))

    def _passes(self, source_id: int, language: str | None) -> bool:
        if self.source_ids and source_id not in self.source_ids:
            return False
        stated = (language or "").lower().replace("_", "-")
        return not (self.languages and stated) or any(
            stated == wanted or stated.startswith(f"{wanted}-") for wanted in map(str.lower, self.languages)
        )


OPEN = PlaceFilter()


@dataclass(frozen=True, slots=True)
class Kept:
    """What a filter would have done: "would have kept 43 of the last 50"."""

    kept: int
    total: int


def would_keep(wanted: PlaceFilter, stories: Iterable[Story]) -> Kept:
    """Count how many of some stories pass."""
    passing = [wanted.keeps(story) for story in stories]
    return Kept(sum(passing), len(passing))


def mentions(texts: Iterable[str], terms: tuple[str, ...]) -> bool:
    """Say whether any of the terms stands in any of the texts."""
    if not terms:
        return False
    pattern = _pattern(terms)
    return pattern is not None and any(pattern.search(fold(text)) for text in texts)


def read_terms(typed: str) -> tuple[str, ...]:
    """Read terms from a line or several: commas, semicolons and line breaks part them; quotes are dropped."""
    parts = (part.strip().strip("\"'“”„«»").strip() for part in re.split(r"[,;\n]+", typed))
    terms = dict.fromkeys(" ".join(part.split())[:MAX_TERM] for part in parts)
    return tuple(term for term in terms if _WORDS.search(fold(term)))[:MAX_TERMS]


@lru_cache(maxsize=512)
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str] | None:
    found = [pattern for term in terms if (pattern := _one(fold(term)))]
    return re.compile("|".join(found)) if found else None


def _one(term: str) -> str:
    """Give the pattern of one folded term: its words in order, whatever stands between them."""
    words = _WORDS.findall(term)
    if not words:
        return ""
    parts = [re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in words]
    if _UNSPACED.search(term):
        return r"\W*".join(parts)
    end = "" if words[-1].endswith("*") else r"(?!\w)"
    return r"(?<!\w)" + r"[\W_]+".join(parts) + end
