"""What managers see beside setup and status: the place's sources and its filters."""

from dataclasses import dataclass

from bot.domain.feeds import SourceStatus
from bot.domain.place_filters import Kept, Mute, PlaceFilter
from bot.domain.sources import Source


@dataclass(frozen=True, slots=True)
class SourcesPanel:
    """The panel of `/newsdesk sources`, and of *Sources* for everyone."""

    sources: tuple[SourceStatus, ...]  # of this page, ten at most
    limit: int  # how many feeds this place may have
    total: int = 0
    packs: tuple[str, ...] = ()  # that can be chosen
    chosen_packs: tuple[str, ...] = ()
    selected: int | None = None  # a source's id
    page: int = 1
    pages: int = 1


@dataclass(frozen=True, slots=True)
class FilterPanel:
    """The panel of `/newsdesk filters`, with what the filter would have kept."""

    wanted: PlaceFilter
    kept: Kept | None = None  # of the last stories; None: there were none
    mutes: tuple[Mute, ...] = ()  # that hold now
    sources: tuple[Source, ...] = ()  # that can be chosen, the chosen ones first
    languages: tuple[str, ...] = ()  # likewise; ISO 639


@dataclass(frozen=True, slots=True)
class ListImport:
    """What an imported list of feeds brought."""

    added: int
    known: int
    refused: tuple[str, ...] = ()  # addresses that are no public web addresses
    left_out: int = 0  # beyond the place's limit
    limit: int = 0  # 0: there is none


@dataclass(frozen=True, slots=True)
class MutePanel:
    """What is muted for a while: for everyone in a server, or for one member (`is_own`)."""

    mutes: tuple[Mute, ...]
    limit: int
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Server:
    """A server as Discord describes it, when the bot arrives there."""

    id: int
    members: int
    locale: str | None = None
    updates_channel: int | None = None  # the Community moderators-only channel, where the bot may post
    system_channel: int | None = None  # likewise
    open_channels: tuple[int, ...] = ()  # text channels in which every member may write
