"""What a settings file means for a server as it is: decided without asking anybody, for preview and deed alike."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.desk.edits import is_same, moved
from bot.desk.ports import ChannelAccess
from bot.desk.scheduling import MOST_PER_PLACE
from bot.desk.sources import MOST_PER_PLACE as MOST_SOURCES
from bot.domain.answers import SettingChange
from bot.domain.due import Timing
from bot.domain.place_filters import PlaceFilter
from bot.domain.places import Place, Schedule, TargetKind
from bot.domain.settings_files import BriefingLine, ImportPreview, Named, SettingsFile, SourceLine
from bot.domain.sources import Source, SourceKind
from bot.domain.text import fold
from bot.errors import Code, UserError
from bot.ingest.refresh import domain_of
from bot.sources import catalogue
from bot.store.subscriptions import NewSource
from bot.store.transfers import Held, Orders


@dataclass(frozen=True, slots=True)
class Seen:
    """The channels and roles of the server that a file, or what is set here, speaks of."""

    kinds: dict[int, TargetKind]  # channels that are here
    missing: dict[tuple[int, bool], tuple[str, ...]]  # permissions, by channel and whether threads are wanted
    roles: frozenset[int]

    @classmethod
    def of(cls, access: ChannelAccess, file: SettingsFile, found: Held) -> "Seen":
        """Look at all of them."""
        server = found.place.discord_id
        named = [*file.public_channels, file.notices_channel, *(one.channel for one in file.briefings)]
        channels = {one.id for one in named if one} | {one.channel_id for one, _ in found.schedules}
        kinds = {one: kind for one in channels if access.server_of(one) == server and (kind := access.kind(one))}
        missing = {(one, flag): access.missing(one, discussion=flag) for one in kinds for flag in (False, True)}
        roles = {one.id for one in (file.manager_role, *(one.role for one in file.briefings)) if one}
        return cls(kinds, missing, frozenset(one for one in roles if access.has_role(server, one)))


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A briefing of the file, fitted to the server."""

    schedule: Schedule
    sources: tuple[str, ...]
    is_new: bool
    is_changed: bool
    waits: bool


class Decision:
    """What a file means for a place as it is: pure, made for the preview and again when it is carried out.

    Raises:
        UserError: LIMIT_REACHED.
    """

    def __init__(self, file: SettingsFile, found: Held, seen: Seen, by: int, file_name: str, now: datetime) -> None:
        self._file = file
        self._found = found
        self._seen = seen
        self._now = now
        self._by = by
        self._file_name = file_name
        own = {status.source.name for status in found.sources if status.is_own}
        self._new = tuple(line for line in file.sources if line.address not in own)
        self._readable = {*found.names.values(), *(line.address for line in file.sources)}
        self._missing_channels: dict[int, str] = {}
        self._missing_roles: dict[int, str] = {}
        self._missing_sources: dict[str, None] = {}
        if len(own) + len(self._new) > MOST_SOURCES:
            raise UserError(Code.LIMIT_REACHED, limit=MOST_SOURCES, what="sources")
        self._place = self._fit_place(found.place)
        self._filter_sources = self._known(file.filters.sources)
        self._fitted = tuple(self._fit_all())
        if len(found.schedules) + sum(one.is_new for one in self._fitted) > MOST_PER_PLACE:
            raise UserError(Code.LIMIT_REACHED, limit=MOST_PER_PLACE, what="briefings")

    @property
    def preview(self) -> ImportPreview:
        """Say what would change."""
        return ImportPreview(
            id=0,
            file=self._file_name,
            new_sources=tuple(line.title or line.address for line in self._new),
            new_briefings=tuple(one.schedule.settings.name for one in self._fitted if one.is_new),
            changed_briefings=tuple(
                one.schedule.settings.name for one in self._fitted if one.is_changed and not one.is_new
            ),
            changes_server=replace(self._place, set_up_by=self._found.place.set_up_by) != self._found.place,
            changes_filters=self._changes_filters(),
            missing_channels=tuple(self._missing_channels.values()),
            missing_roles=tuple(self._missing_roles.values()),
            missing_sources=tuple(self._missing_sources),
            waiting=tuple(one.schedule.settings.name for one in self._fitted if one.waits),
        )

    @property
    def orders(self) -> Orders:
        """Say what is to be stored."""
        return Orders(
            place=self._place,
            filter=self._filter(),
            filter_sources=self._filter_sources,
            sources=tuple(self._source(line) for line in self._new),
            schedules=tuple((one.schedule, one.sources) for one in self._fitted if one.is_new or one.is_changed),
            change=SettingChange(self._now, "imported", self._by, self._file_name),
        )

    def _filter(self) -> PlaceFilter:
        rules = self._file.filters
        return PlaceFilter(rules.include, rules.exclude, rules.topics, rules.excluded_topics, (), rules.languages)

    def _changes_filters(self) -> bool:
        known = self._found.named(self._found.filter.source_ids)
        return (self._filter(), self._filter_sources) != (replace(self._found.filter, source_ids=()), known)

    def _source(self, line: SourceLine) -> NewSource:
        listing = catalogue.by_url(line.address)
        source = Source(
            0,
            SourceKind.FEED,
            name=line.address,
            title=listing.title if listing else line.title or line.address,
            url=line.address,
            home_url=listing.home_url if listing else None,
            language=listing.language if listing else None,
            topic=listing.topic if listing else None,
        )
        pack = line.pack if line.pack in catalogue.packs() else None
        return NewSource(source, domain_of(line.address), pack, line.is_paused)

    def _fit_place(self, place: Place) -> Place:
        file = self._file
        public = tuple(one.id for one in file.public_channels if self._has_channel(one))
        notices, managers = file.notices_channel, file.manager_role
        return replace(
            place,
            zone=file.zone,
            sample=file.sample,
            public_channels=public if public or not file.public_channels else place.public_channels,
            notices_channel=self._fit(notices, self._has_channel, place.notices_channel),
            manager_role=self._fit(managers, self._has_role, place.manager_role),
            may_share=file.may_share,
            corrections=file.corrections,
            set_up_by=place.set_up_by or self._by,
        )

    def _fit(self, wanted: Named | None, is_here: Callable[[Named], bool], known: int | None) -> int | None:
        """Take what the file says where that is here; what is not here changes nothing."""
        if wanted is None:
            return None
        return wanted.id if is_here(wanted) else known

    def _has_channel(self, one: Named) -> bool:
        is_here = one.id in self._seen.kinds
        if not is_here:
            self._missing_channels[one.id] = one.name or str(one.id)
        return is_here

    def _has_role(self, one: Named) -> bool:
        is_here = one.id in self._seen.roles
        if not is_here:
            self._missing_roles[one.id] = one.name or str(one.id)
        return is_here

    def _known(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        self._missing_sources |= dict.fromkeys(name for name in wanted if name not in self._readable)
        return tuple(dict.fromkeys(name for name in wanted if name in self._readable))

    def _fit_all(self) -> Iterator[_Fitted]:
        """Fit each briefing to the one here that has its name; the second of a name to the second."""
        here: dict[str, list[tuple[Schedule, frozenset[date]]]] = {}
        for schedule, taken in self._found.schedules:
            here.setdefault(fold(schedule.settings.name), []).append((schedule, taken))
        for line in self._file.briefings:
            same = here.get(fold(line.settings.name))
            old, taken = same.pop(0) if same else (None, frozenset[date]())
            yield self._fit_briefing(line, old, taken)

    def _fit_briefing(self, line: BriefingLine, old: Schedule | None, taken: frozenset[date]) -> _Fitted:
        wanted = line.channel
        channel = self._fit(wanted, self._has_channel, old.channel_id if old else None) or 0
        target = self._seen.kinds.get(channel) or (old.target if old else TargetKind.CHANNEL)
        sources = self._known(line.sources)
        settings = replace(
            line.settings,
            role_id=self._fit(line.role, self._has_role, old.settings.role_id if old else None),
            publish=line.settings.publish and target is TargetKind.ANNOUNCEMENT,
        )
        is_as_it_was = old is not None and old.enabled and old.channel_id == channel
        is_open = is_as_it_was or not self._seen.missing.get((channel, settings.discussion), ("View Channel",))
        waits = line.is_on and not (is_open and (sources or not line.sources))
        today = self._now.date()
        paused = line.paused_until if line.paused_until and line.paused_until > today else None
        base = old or self._blank(line)
        made = replace(
            base,
            channel_id=channel,
            target=target,
            local_time=line.local_time,
            zone=line.zone,
            weekdays=line.weekdays,
            settings=settings,
            enabled=line.is_on and not waits,
            paused_until=paused,
            grace_s=line.grace_s,
        )
        if not base.enabled and made.enabled:
            made = replace(made, disabled_code=None, fail_streak=0)
        made = moved(base, made, self._now, taken)
        return _Fitted(made, sources, old is None, old is None or self._differs(old, made, sources), waits)

    def _differs(self, old: Schedule, made: Schedule, sources: tuple[str, ...]) -> bool:
        known = self._found.named(old.settings.source_ids)
        bare = replace(old, settings=replace(old.settings, source_ids=()))
        return known != sources or not is_same(bare, made)

    def _blank(self, line: BriefingLine) -> Schedule:
        firing = Timing(line.local_time, line.zone, line.weekdays).ahead(self._now)
        return Schedule(
            id=0,
            key=secrets.token_bytes(8),
            place=self._found.place,
            channel_id=0,
            target=TargetKind.CHANNEL,
            local_time=line.local_time,
            zone=line.zone,
            next_due=firing.at,
            next_date=firing.local_date,
            weekdays=line.weekdays,
        )
