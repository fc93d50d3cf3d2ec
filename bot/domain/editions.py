"""Editions: what was chosen for one place at one moment, and why."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.stories import Story


class LeadChoice(StrEnum):
    """What a manager lets lead the briefing; the rest may still be listed below."""

    EVERYTHING = "everything"
    NO_CRIME_AND_WAR = "no-crime-and-war"
    NO_POLITICS = "no-politics"


class Mode(StrEnum):
    """How the stories of an edition were ordered."""

    RANKED = "ranked"
    LATEST = "latest"  # few sources: newest first
    ARCHIVE = "archive"  # documents only and nothing new: the least recently shown


@dataclass(frozen=True, slots=True)
class Why:
    """The parts of a story's score, so that *Why this story?* can say them in words.

    score = (cover + pace + prominence) · freshness · topic_weight · watched · repeat, then · diversity.
    """

    cover: float
    pace: float
    prominence: float
    freshness: float
    topic_weight: float = 1.0
    watched: float = 1.0  # 1.5 when it matches something followed here
    repeat: float = 1.0  # .15 when it was posted here and has no new outlet
    diversity: float = 1.0
    outlets: int = 1  # that tell it in words of their own
    wire_copies: int = 0  # outlets beside them that only repeat it
    new_outlets: int = 0  # in the last 3 hours
    age_s: float = 0.0  # since its newest article
    mode: Mode = Mode.RANKED

    @property
    def score(self) -> float:
        """The product that orders stories; higher comes first."""
        base = self.cover + self.pace + self.prominence
        return base * self.freshness * self.topic_weight * self.watched * self.repeat * self.diversity


@dataclass(frozen=True, slots=True)
class Pick:
    """A story chosen for an edition."""

    story: Story
    why: Why
    quotes: tuple[str, ...] = ()  # whole sentences, verbatim; leads with text only
    quoted_id: int | None = None  # the article the quotes are from
    is_update: bool = False  # shown here before, and there is materially new reporting


@dataclass(frozen=True, slots=True)
class Edition:
    """What to read now in one place: leads, "also today", and the facts its frame states."""

    made_at: datetime
    leads: tuple[Pick, ...]
    also: tuple[Pick, ...]
    total_stories: int  # how many it was chosen from
    mode: Mode = Mode.RANKED
    is_undated: bool = False  # no item states a date: say so at the top, and never "Morning"
    is_sample: bool = False  # everything is from the bundled sample
    newest_added_at: datetime | None = None  # for "Nothing new since"

    @property
    def picks(self) -> tuple[Pick, ...]:
        """Leads first, then the rest, in the order shown."""
        return self.leads + self.also
