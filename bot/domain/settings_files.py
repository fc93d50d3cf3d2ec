"""A server's settings as they travel in a file: what is there, in domain words, and what may be wrong with a file.

Nothing in it names a person. Channels and roles carry their names for readers; only their ids count.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from bot.domain.places import ALL_DAYS, BriefingSettings, SampleMode
from bot.domain.topics import Topic

_USUAL = BriefingSettings()


class Problem(StrEnum):
    """Why a settings file is not taken; `render/errors.py` has the words."""

    TOO_LARGE = "too-large"
    NOT_JSON = "not-json"
    NOT_OURS = "not-ours"
    NEWER = "newer"
    MISSING = "missing"
    NOT_KNOWN = "not-known"
    WRONG_KIND = "wrong-kind"
    NOT_OFFERED = "not-offered"
    TOO_MANY = "too-many"
    TWICE = "twice"
    BAD_ADDRESS = "bad-address"


@dataclass(frozen=True, slots=True)
class Named:
    """A channel or a role."""

    id: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A feed that the server reads."""

    address: str
    title: str = ""
    pack: str | None = None
    is_paused: bool = False


@dataclass(frozen=True, slots=True)
class FilterRules:
    """What is left out; sources by their addresses or titles."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    excluded_topics: tuple[Topic, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefingLine:
    """A schedule. `settings` holds neither role nor source ids: these travel by name."""

    channel: Named | None
    local_time: time
    zone: str
    weekdays: int = ALL_DAYS
    is_on: bool = True
    paused_until: date | None = None
    grace_s: int = 10_800
    role: Named | None = None
    sources: tuple[str, ...] = ()  # addresses, or titles of documents
    settings: BriefingSettings = _USUAL


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """All of a server's settings."""

    zone: str | None = None
    sample: SampleMode = SampleMode.AUTO
    public_channels: tuple[Named, ...] = ()
    notices_channel: Named | None = None
    manager_role: Named | None = None
    may_share: bool = True
    corrections: bool = True
    filters: FilterRules = FilterRules()
    sources: tuple[SourceLine, ...] = ()
    briefings: tuple[BriefingLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would change, in names for people. Nothing is removed but what a filter says."""

    id: int
    file: str
    new_sources: tuple[str, ...] = ()
    new_briefings: tuple[str, ...] = ()
    changed_briefings: tuple[str, ...] = ()
    changes_server: bool = False
    changes_filters: bool = False
    missing_channels: tuple[str, ...] = ()  # that are not of this server
    missing_roles: tuple[str, ...] = ()
    missing_sources: tuple[str, ...] = ()  # that a briefing or a filter names, and nobody reads here
    waiting: tuple[str, ...] = ()  # briefings that stay off: their channel is not here, or the bot may not post there

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        changed = self.new_sources or self.new_briefings or self.changed_briefings
        return not (changed or self.changes_server or self.changes_filters)
