"""Answers: what the desk gives back to a command, before render makes a message of it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.articles import Article
from bot.domain.editions import Edition, LeadChoice, Why
from bot.domain.places import ALL_DAYS, Place, QuietDay, Schedule, Style, TargetKind
from bot.domain.sources import Source
from bot.domain.stories import Story, Summary
from bot.domain.topics import Topic


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, and where the answer goes.

    `place` is the server they ask in, or their own DM. `may_share` says whether they may write in the channel.
    """

    user_id: int
    place: Place
    channel_id: int
    locale: str = "en"
    is_public: bool = False  # the answer is seen by everyone in the channel
    may_share: bool = False
    is_manager: bool = False

    @property
    def is_dm(self) -> bool:
        """Whether they ask in the bot's DM."""
        return self.place.kind.value == "person"


class Since(StrEnum):
    """How far back a list goes; undated items count by when they were added."""

    TODAY = "today"
    THREE_DAYS = "3-days"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Query:
    """What a list was narrowed to; it fits into a custom id, so it holds ids and words of ours only."""

    topic: Topic | None = None
    source_id: int | None = None
    since: Since | None = None


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of stories, ranked or newest first."""

    stories: tuple[Story, ...]
    page: int  # from 1
    pages: int  # at least 1
    total_stories: int
    total_items: int | None  # None: not counted
    query: Query = Query()
    source: Source | None = None  # when narrowed to one
    words: str | None = None  # a search's words, as typed
    by_best_match: bool = False
    has_undated: bool = False
    first_row: int = 1  # the number of the first story on this page
    list_id: int | None = None  # under which the desk keeps a search's words, so that its pages can be turned
    is_more: bool = False  # there are more than `total_stories`: the search stopped looking


@dataclass(frozen=True, slots=True)
class Card:
    """One story, read: quoted sentences and sources, or the plain statement that there is only a headline."""

    story: Story
    summary: Summary | None
    quoted: Article | None  # the article the summary is from
    has_full_text: bool = False  # may be shown whole here
    related: tuple[Story, ...] = ()  # same names, other event
    is_followed: bool = False


@dataclass(frozen=True, slots=True)
class FullText:
    """A page of an article's whole text, for documents and feeds that carry it."""

    story: Story
    article: Article
    paragraphs: tuple[str, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    """Why a story stands where it stands."""

    story: Story
    why: Why
    rank: int | None
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """One outlet's line in *Compare coverage*."""

    article: Article
    first_sentence: str | None
    distinctive: tuple[str, ...] = ()  # words only this headline has, as written


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outlets of a story side by side."""

    story: Story
    lines: tuple[Coverage, ...]


@dataclass(frozen=True, slots=True)
class BriefingAnswer:
    """An edition shown on request."""

    edition: Edition
    name: str = ""
    posted_at: datetime | None = None  # None: made for this reader, not posted
    posted_url: str | None = None
    next_at: datetime | None = None  # None: no daily post is set up
    local_date: date | None = None


@dataclass(frozen=True, slots=True)
class About:
    """The one screen of `/dateline`."""

    stories: int
    articles: int
    sources: tuple[Source, ...]
    next_at: datetime | None = None
    channel_id: int | None = None


@dataclass(frozen=True, slots=True)
class SetupDraft:
    """What the setup panel holds while a manager fills it in; nothing is saved before *Turn on*."""

    name: str = ""  # shown instead of "Daily briefing"
    is_name_taken: bool = False  # by another briefing of the channel
    channel_id: int | None = None
    target: TargetKind = TargetKind.CHANNEL
    local_time: time | None = None
    zone: str | None = None
    weekdays: int = ALL_DAYS
    missing: tuple[str, ...] = ()  # permissions the bot lacks in the channel, by Discord's names
    first_at: datetime | None = None
    packs: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()  # empty: all
    source_ids: tuple[int, ...] = ()  # empty: all of the place's
    max_stories: int = 8
    grace_s: int = 10_800
    schedule_id: int | None = None  # editing an existing one
    role_id: int | None = None  # the one role to ping
    lead_choice: LeadChoice = LeadChoice.EVERYTHING
    style: Style = Style.CARDS
    discussion: bool = False
    publish: bool = False  # to the followers of an announcement channel
    quiet_day: QuietDay | None = None  # None: archive for documents-only places, else one line

    @property
    def may_turn_on(self) -> bool:
        """Whether channel, time, zone, permissions and name have all passed."""
        is_chosen = self.channel_id and self.local_time is not None and self.zone
        return bool(is_chosen and not self.missing and not self.is_name_taken)


@dataclass(frozen=True, slots=True)
class Firing:
    """One coming briefing. `shift` names what DST does to it that day."""

    at: datetime
    local_date: date
    shift: str | None = None  # "gap": an hour later by the clock; "fold": the hour comes twice, the first counts


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """One row of the ledger, for people."""

    local_date: date
    state: str  # planned, sending, sent, failed, expired, unknown, skipped, empty
    due_at: datetime
    sent_at: datetime | None = None
    url: str | None = None
    reason: str = ""
    opens: int = 0  # how often a story was opened from it, by whomever
    shares: int = 0  # how often one of its stories was shared


@dataclass(frozen=True, slots=True)
class SettingChange:
    """Who changed what, when. `by` is a user's id; None: the bot itself did, or it is not known any more.

    `what` is a word; `render/changes.py` has a phrase for each. `briefing` names the schedule it was about.
    """

    at: datetime
    what: str
    by: int | None = None
    detail: str = ""
    briefing: str | None = None  # None: the whole place; "": one without a name of its own


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page of who changed what in a place, the newest first."""

    changes: tuple[SettingChange, ...]
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """A schedule with its next firings and its last deliveries."""

    schedule: Schedule
    firings: tuple[Firing, ...]
    last: tuple[DeliveryRecord, ...]
    missing: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()  # what it is narrowed to; none: all of the place's


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """The status panel of a server."""

    place: Place
    schedules: tuple[ScheduleStatus, ...]
    selected: int | None = None  # the id of the schedule shown in full
    changes: tuple[SettingChange, ...] = ()  # the latest of the whole server
