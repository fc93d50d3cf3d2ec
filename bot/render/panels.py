"""What the controls of the managers' panels stand for: setup, status, sample, sources and filters (see `controls`)."""

from dataclasses import dataclass
from enum import StrEnum

from bot.render.custom_ids import Control, control


class SetupAct(StrEnum):
    """What the setup panel does. Values in brackets come with selects and forms."""

    CHANNEL = "channel"  # [a channel]
    SOURCES = "sources"  # [pack names]
    TIME = "time"  # a form: FIELD_TIME, FIELD_CITY
    ZONE = "zone"  # [an IANA zone], after a city that fits several
    CHECK = "check"
    PREVIEW = "preview"
    TURN_ON = "on"
    CANCEL = "cancel"
    OPEN = "open"
    BACK = "back"  # to the first page
    OPTIONS = "options"  # the second page: what it holds
    NAME = "name"  # a form: FIELD_NAME
    TOPICS = "topics"  # [topics]
    NARROW = "narrow"  # a form: FIELD_SOURCES and a number, [source ids] each
    LEAD = "lead"  # [a LeadChoice]
    LENGTH = "length"  # [how many stories]
    QUIET = "quiet"  # [a QuietDay]
    POSTING = "posting"  # the third page: how it is posted
    DAYS = "days"  # [weekday numbers, Monday 0]
    GRACE = "grace"  # [seconds]
    ROLE = "role"  # [the role to ping]
    STYLE = "style"  # toggles cards and plain
    DISCUSSION = "discussion"  # toggles the thread
    PUBLISH = "publish"  # toggles publishing to followers, in announcement channels


@control("setup")
@dataclass(frozen=True, slots=True)
class Setup(Control):
    """An act of the setup panel, for a new briefing or an existing schedule."""

    act: SetupAct
    schedule_id: int | None = None


class StatusAct(StrEnum):
    """What the status panel does to the schedule it shows."""

    SHOW = "show"  # a select: [schedule id]
    REFRESH = "refresh"
    POST_NOW = "post"
    SKIP_NEXT = "skip"
    UNSKIP = "unskip"
    PAUSE = "pause"
    PAUSE_UNTIL = "pause-until"  # a form: FIELD_DATE
    RESUME = "resume"
    TURN_OFF = "off"
    CONFIRM_OFF = "confirm-off"
    REMOVE = "remove"
    CONFIRM_REMOVE = "confirm-remove"


@control("status")
@dataclass(frozen=True, slots=True)
class Status(Control):
    """An act of the status panel."""

    act: StatusAct
    schedule_id: int | None = None


@control("changes")
@dataclass(frozen=True, slots=True)
class Changes(Control):
    """A page of who changed what."""

    page: int = 1


class ServerAct(StrEnum):
    """What the panel of the server's own settings does; each choice holds at once."""

    OPEN = "open"
    PUBLIC = "public"  # [channels]
    NOTICES = "notices"  # [a channel]
    MANAGERS = "managers"  # [a role]
    SHARING = "sharing"  # toggles sharing by members
    CORRECTIONS = "corrections"  # toggles corrections of posts


@control("server")
@dataclass(frozen=True, slots=True)
class ServerSettings(Control):
    """An act of the panel of the server's own settings; from a setup, it leads back there."""

    act: ServerAct
    is_from_setup: bool = False
    schedule_id: int | None = None


class ImportAct(StrEnum):
    """What a manager says to a settings file that was read."""

    CONFIRM = "confirm"
    CANCEL = "cancel"


@control("import")
@dataclass(frozen=True, slots=True)
class Import(Control):
    """Carry out, or let go of, an import that waits."""

    act: ImportAct
    import_id: int


class SampleAct(StrEnum):
    """What a manager may say about the bundled sample."""

    KEEP = "keep"
    DROP = "drop"


@control("sample")
@dataclass(frozen=True, slots=True)
class Sample(Control):
    """Keep or drop the sample in this place."""

    act: SampleAct


class SourceAct(StrEnum):
    """What the sources panel does."""

    LIST = "list"
    ADD = "add"  # opens a form: FIELD_ADDRESS
    PACKS = "packs"  # a select: [pack names]
    SHOW = "show"  # a select: [source id]
    PAUSE = "pause"
    RESUME = "resume"
    REMOVE = "remove"
    EXPORT = "export"  # gives a file
    CHECK = "check"


@control("sources")
@dataclass(frozen=True, slots=True)
class Sources(Control):
    """An act of the sources panel."""

    act: SourceAct
    source_id: int | None = None
    page: int = 1


class FilterAct(StrEnum):
    """What the filters panel does."""

    WORDS = "words"  # opens a form: FIELD_INCLUDE, FIELD_EXCLUDE
    TOPICS = "topics"  # a select: [topics to leave out]
    SOURCES = "sources"  # a select: [ids of the only sources]
    LANGUAGES = "languages"  # a select: [the only languages]
    CLEAR = "clear"
    SHOW = "show"


@control("filters")
@dataclass(frozen=True, slots=True)
class Filters(Control):
    """An act of the filters panel."""

    act: FilterAct


class MuteAct(StrEnum):
    """What the panels of mutes do."""

    SHOW = "show"
    TOPIC = "topic"  # a select: [a topic]
    WORD = "word"  # opens a form: FIELD_WORD
    LIFT = "lift"  # a select: [a mute's key]


@control("mutes")
@dataclass(frozen=True, slots=True)
class Mutes(Control):
    """An act of the panel of mutes, the server's or the presser's own."""

    act: MuteAct
    is_own: bool = False


# Custom ids of the fields inside forms.
FIELD_WORD = "word"
FIELD_NAME = "name"
FIELD_DATE = "date"
FIELD_SOURCES = "sources"  # and a number: a form has room for several selects
FIELD_ADDRESS = "address"
FIELD_INCLUDE = "include"
FIELD_EXCLUDE = "exclude"
