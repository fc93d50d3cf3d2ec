"""Places (where readers are), schedules (when a briefing comes), and the settings of both."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from bot.domain.editions import LeadChoice
from bot.domain.topics import Topic


class PlaceKind(StrEnum):
    """Who reads here."""

    SERVER = "server"
    PERSON = "person"  # the bot's DM with one person


class SampleMode(StrEnum):
    """Whether the bundled sample takes part here; AUTO lets it give way at 8 stories of the place's own."""

    AUTO = "auto"
    KEEP = "keep"
    OFF = "off"


class Style(StrEnum):
    """How a briefing looks: dressed as Components V2, or a plain message that reads well aloud."""

    CARDS = "cards"
    PLAIN = "plain"


class QuietDay(StrEnum):
    """What a schedule does when nothing is new."""

    SILENT = "silent"
    LINE = "line"  # one line, at most once a week
    ARCHIVE = "archive"


class TargetKind(StrEnum):
    """What a schedule posts into."""

    CHANNEL = "channel"
    ANNOUNCEMENT = "announcement"
    THREAD = "thread"
    FORUM = "forum"
    DM = "dm"


@dataclass(frozen=True, slots=True)
class Place:
    """A server or a person's DM, with the settings that hold for all reading there.

    `discord_id` is the guild's id for a server and the user's id for a person.
    """

    id: int
    kind: PlaceKind
    discord_id: int
    locale: str | None = None  # BCP 47; None: not known, use English
    zone: str | None = None  # IANA; None: not chosen yet
    sample: SampleMode = SampleMode.AUTO
    public_channels: tuple[int, ...] = ()  # where answers are public by default
    notices_channel: int | None = None
    manager_role: int | None = None
    may_share: bool = True
    corrections: bool = True
    set_up_by: int | None = None
    welcomed_at: datetime | None = None
    left_at: datetime | None = None  # the bot was removed; settings are kept 30 days


@dataclass(frozen=True, slots=True)
class BriefingSettings:
    """What a schedule posts and how, apart from when."""

    name: str = ""  # shown instead of "Daily briefing"
    style: Style = Style.CARDS
    topics: tuple[Topic, ...] = ()  # empty: all
    source_ids: tuple[int, ...] = ()  # empty: all of the place's
    lead_choice: LeadChoice = LeadChoice.EVERYTHING
    max_stories: int = 8
    quiet_day: QuietDay | None = None  # None: archive for documents-only places, else one line
    role_id: int | None = None  # the one role to ping
    publish: bool = False  # in announcement channels
    discussion: bool = False  # a thread per briefing


ALL_DAYS = 0b111_1111


@dataclass(frozen=True, slots=True)
class Schedule:
    """Local time, weekdays and zone for one target of a place, and the next due instant."""

    id: int
    key: bytes  # 8 random bytes; survives a restore, so nonces do too
    place: Place
    channel_id: int
    target: TargetKind
    local_time: time
    zone: str  # IANA
    next_due: datetime
    next_date: date  # the local date that next_due stands for
    weekdays: int = ALL_DAYS  # bit mask, Monday = 1
    settings: BriefingSettings = BriefingSettings()
    enabled: bool = True
    grace_s: int = 10_800
    paused_until: date | None = None  # local date of the first briefing after the pause
    skip_date: date | None = None
    fail_streak: int = 0
    disabled_code: str | None = None
    changed_by: int | None = None
    changed_at: datetime | None = None
