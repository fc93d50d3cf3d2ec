"""Postings: an edition on its way to a place, with every fact that its frame states."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.editions import Edition
from bot.domain.places import Style


@dataclass(frozen=True, slots=True)
class Correction:
    """A headline that changed at its source after it was posted; `after` None: the story was withdrawn."""

    at: datetime
    before: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Posting:
    """What is composed and frozen when a delivery is claimed; a preview is the same, not posted."""

    edition: Edition
    local_date: date
    marker: str  # "2026-11-22 · k7f3": the end of the last line, by which the post is found again
    posted_at: datetime
    name: str = ""  # shown instead of "Daily briefing"
    style: Style = Style.CARDS
    due_at: datetime | None = None
    is_late: bool = False
    next_at: datetime | None = None
    role_id: int | None = None  # the one role to ping
    corrections: tuple[Correction, ...] = ()
    is_direct: bool = False  # by DM: it offers "Change my briefing" instead of "Get this by DM"
