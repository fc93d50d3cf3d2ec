"""What one person keeps with us: follows, an own briefing, a catch-up marker; and what they may see of their data."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.domain.places import Schedule
from bot.domain.stories import Story
from bot.domain.topics import Topic


@dataclass(frozen=True, slots=True)
class CatchUp:
    """What happened since this person's last catch-up."""

    stories: tuple[Story, ...]
    total: int
    since: datetime | None = None  # None: the first time; the latest 24 h or the top 8
    newest_at: datetime | None = None  # of what they have seen already, for "Nothing new since"
    is_repeat: bool = False  # asked again within 30 minutes: the same once more
    is_more: bool = False  # there are more than `total`: after a long absence nobody counts


class FollowKind(StrEnum):
    """What can be followed."""

    TOPIC = "topic"
    NAME = "name"
    SOURCE = "source"
    STORY = "story"


@dataclass(frozen=True, slots=True)
class Follow:
    """One thing a person follows. `label` is a topic's word, a name, a source's title or a story's headline."""

    id: int
    kind: FollowKind
    label: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Follows:
    """The panel of `/follow`."""

    follows: tuple[Follow, ...]
    limit: int
    quiet_from: time | None = None
    quiet_until: time | None = None
    zone: str | None = None
    added: Follow | None = None  # what this answer has just added
    is_dm_closed: bool = False


@dataclass(frozen=True, slots=True)
class Alert:
    """Why a person gets a DM: a followed story grew, or a new one matches."""

    follow: Follow
    story: Story
    is_growth: bool = False
    more_today: int = 0  # kept back by the daily cap; they come with the next own briefing


@dataclass(frozen=True, slots=True)
class OwnBriefingPanel:
    """The panel of `/mybriefing`."""

    schedule: Schedule | None  # None: never set up
    zone: str | None = None  # known from elsewhere
    topics: tuple[Topic, ...] = ()
    is_dm_closed: bool = False

    @property
    def is_on(self) -> bool:
        """Whether it comes."""
        return self.schedule is not None and self.schedule.enabled and self.schedule.paused_until is None


@dataclass(frozen=True, slots=True)
class PrivacyFacts:
    """What is stored about the reader, by kind and number of rows."""

    counts: tuple[tuple[str, int], ...]  # ("follows", 3) …; the words are those of `render/privacy.py`
    has_any: bool = False
