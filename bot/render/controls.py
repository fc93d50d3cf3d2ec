"""What every button, select and form stands for, as values that survive restarts.

The client parses the custom id of an interaction and asks the handler for its class; an id that does not parse is
answered with E14. What a reader chose in a select comes beside the id, as values that the classes below describe.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.domain.answers import Query, Since
from bot.domain.stories import Length
from bot.domain.topics import Topic
from bot.render.custom_ids import Control, control, read


def parse(custom_id: str) -> Control | None:
    """Read a custom id back; None when it is not ours, of another version, or forged."""
    return read(custom_id)


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


@control("story")
@dataclass(frozen=True, slots=True)
class OpenStory(Control):
    """Open a story's card."""

    story_id: int
    length: Length = Length.MEDIUM


@control("pick")
@dataclass(frozen=True, slots=True)
class PickStory(Control):
    """A select whose value is the key of the story to open."""


@control("page")
@dataclass(frozen=True, slots=True)
class OpenPage(Control):
    """Show a page of a list in place of the one it is pressed on; `found` names a search whose words the desk keeps."""

    page: int = 1
    topic: Topic | None = None
    source_id: int | None = None
    since: Since | None = None
    found: int | None = None

    @classmethod
    def of(cls, query: Query, page: int = 1, found: int | None = None) -> "OpenPage":
        """Stand for one page of what `query` (and a kept search) asks for."""
        return cls(page, query.topic, query.source_id, query.since, found)

    @property
    def query(self) -> Query:
        """What the list is narrowed to."""
        return Query(self.topic, self.source_id, self.since)


@control("list")
@dataclass(frozen=True, slots=True)
class OpenList(Control):
    """Show the first page of all headlines as a new answer, for the presser alone."""

    topic: Topic | None = None


@control("topics")
@dataclass(frozen=True, slots=True)
class ChooseTopic(Control):
    """Open the topic choice for a list, keeping the rest of its query."""

    source_id: int | None = None
    since: Since | None = None
    found: int | None = None


@control("topic")
@dataclass(frozen=True, slots=True)
class PickTopic(Control):
    """A select whose value is a topic or `ALL_TOPICS`."""

    source_id: int | None = None
    since: Since | None = None
    found: int | None = None


ALL_TOPICS = "all"


@control("search")
@dataclass(frozen=True, slots=True)
class Search(Control):
    """Open the search form; as a form's id: words were handed in (`FIELD_WORDS`)."""


@control("text")
@dataclass(frozen=True, slots=True)
class ReadText(Control):
    """Show a page of an article's full text."""

    story_id: int
    article_id: int
    page: int = 1


@control("share")
@dataclass(frozen=True, slots=True)
class Share(Control):
    """Share a story's card in the channel it is pressed in."""

    story_id: int


@control("unshare")
@dataclass(frozen=True, slots=True)
class Unshare(Control):
    """Remove a shared card; for its sharer and for moderators."""

    sharer_id: int


class More(StrEnum):
    """What the "More…" select of a card offers."""

    WHY = "why"
    COMPARE = "compare"
    LONGER = "longer"
    SHORTER = "shorter"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    MUTE = "mute"
    REPORT = "report"


@control("more")
@dataclass(frozen=True, slots=True)
class MoreOf(Control):
    """A card's select whose value is a `More`."""

    story_id: int


@control("do")
@dataclass(frozen=True, slots=True)
class DoMore(Control):
    """The same act from a button."""

    act: More
    story_id: int


@control("mute")
@dataclass(frozen=True, slots=True)
class MuteTopic(Control):
    """Mute a topic for the presser for 7 days, or hear it again."""

    topic: Topic
    on: bool = True


@control("briefing")
@dataclass(frozen=True, slots=True)
class OpenBriefing(Control):
    """Show the latest briefing, or the one of a schedule and date."""

    schedule_id: int | None = None
    on: date | None = None


@control("catchup")
@dataclass(frozen=True, slots=True)
class CatchUpNow(Control):
    """Run `/catchup` for the presser."""


class Screen(StrEnum):
    """The parts of the one screen."""

    HOME = "home"
    PRIVACY = "privacy"
    SOURCES = "sources"
    FOLLOWS = "follows"
    MY_BRIEFING = "my-briefing"
    MUTES = "mutes"


@control("about")
@dataclass(frozen=True, slots=True)
class OpenScreen(Control):
    """Show a screen, for the presser alone."""

    screen: Screen


# ── following ────────────────────────────────────────────────────────────────────────────────────────────────────


@control("unfollow")
@dataclass(frozen=True, slots=True)
class Unfollow(Control):
    """Remove a follow, from the message it caused."""

    follow_id: int


@control("follows")
@dataclass(frozen=True, slots=True)
class RemoveFollows(Control):
    """A select whose values are the ids of follows to remove."""


@control("quiet")
@dataclass(frozen=True, slots=True)
class QuietHours(Control):
    """Open the form of quiet hours; as a form's id: they were handed in (`FIELD_FROM`, `FIELD_UNTIL`)."""


class Own(StrEnum):
    """What the own-briefing panel does."""

    ON = "on"
    OFF = "off"
    TIME = "time"
    ZONE = "zone"  # a select, after a city that fits several
    DAYS = "days"
    TOPICS = "topics"
    PAUSE = "pause"
    RESUME = "resume"
    NOW = "now"


@control("own")
@dataclass(frozen=True, slots=True)
class OwnBriefing(Control):
    """An act of the own-briefing panel; TIME opens a form, DAYS and TOPICS are selects."""

    act: Own


@control("dm")
@dataclass(frozen=True, slots=True)
class GetByDM(Control):
    """Open the presser's own-briefing panel from a briefing."""


# ── privacy and reports ──────────────────────────────────────────────────────────────────────────────────────────


class PrivacyAct(StrEnum):
    """What the privacy screen does."""

    DOWNLOAD = "download"
    DELETE = "delete"
    CONFIRM = "confirm"


@control("privacy")
@dataclass(frozen=True, slots=True)
class Privacy(Control):
    """An act of the privacy screen."""

    act: PrivacyAct


@control("report")
@dataclass(frozen=True, slots=True)
class Report(Control):
    """A report form was handed in (`FIELD_REASON`, `FIELD_DETAIL`)."""

    story_id: int


# Custom ids of the fields inside forms.
FIELD_WORDS = "words"
FIELD_FROM = "from"
FIELD_UNTIL = "until"
FIELD_TIME = "time"
FIELD_CITY = "city"
FIELD_REASON = "reason"
FIELD_DETAIL = "detail"
