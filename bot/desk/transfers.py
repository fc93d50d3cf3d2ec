"""Settings as a file, out and in: what a file would change is decided, shown, and carried out once it is confirmed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from bot.clock import Clock
from bot.desk import settings_files
from bot.desk.cooldowns import Cooldowns
from bot.desk.importing import Decision, Seen
from bot.desk.ports import ChannelAccess
from bot.domain.answers import Reader
from bot.domain.settings_files import (
    BriefingLine,
    FilterRules,
    ImportPreview,
    Named,
    Problem,
    SettingsFile,
    SourceLine,
)
from bot.domain.sources import SourceKind
from bot.domain.text import clean_line
from bot.domain.uploads import Upload
from bot.errors import Code, SourceError, UserError
from bot.sources.addresses import AddressGuard
from bot.store.store import Store
from bot.store.transfers import Held, Orders

_MEMBER_GAP_S = 10.0
_PLACE_GAP_S = 3.0
_FILE_NAME = 60  # characters


class Names(ChannelAccess, Protocol):
    """Knows channels and roles, with their names."""

    def name(self, channel_id: int) -> str | None:
        """Give a channel's name; None when the bot does not see it."""
        ...

    def role_name(self, server_id: int, role_id: int) -> str | None:
        """Give a role's name; None when the server has no such role."""
        ...


class Transfers:
    """The use cases of `/newsdesk export` and `/newsdesk import`."""

    def __init__(
        self, store: Store, names: Names, clock: Clock, wake: Callable[[], None], guard: AddressGuard | None = None
    ) -> None:
        self._store = store
        self._names = names
        self._clock = clock
        self._wake = wake
        self._guard = guard or AddressGuard()
        self._cooldowns = Cooldowns(clock)

    async def export(self, reader: Reader) -> bytes:
        """Give all settings of the server as a file.

        Raises:
            UserError: COOLDOWN.
        """
        self._cooldowns.take(("export", reader.user_id, _MEMBER_GAP_S))
        found = await self._store.transfers.held(reader.place.id)
        return settings_files.write(as_file(found, self._names), self._clock.now())

    async def propose(self, reader: Reader, file: Upload) -> ImportPreview:
        """Read a file, keep it, and say what it would change here.

        Raises:
            UserError: SETTINGS_UNREADABLE, LIMIT_REACHED or COOLDOWN; nothing was kept.
        """
        name = clean_line(file.name)[:_FILE_NAME]
        if file.size > settings_files.MOST_BYTES:
            raise UserError(Code.SETTINGS_UNREADABLE, name=name, problem=Problem.TOO_LARGE.value, where="")
        self._cooldowns.take(("import", reader.user_id, _MEMBER_GAP_S), ("import here", reader.place.id, _PLACE_GAP_S))
        body = await file.read()
        value = settings_files.read(body, name)
        self._must_be_public(value.sources, name)
        found, now = await self._store.transfers.held(reader.place.id), self._clock.now()
        preview = Decision(value, found, Seen.of(self._names, value, found), reader.user_id, name, now).preview
        if preview.is_empty:
            return preview
        document = settings_files.write(value, now).decode()
        return replace(preview, id=await self._store.transfers.keep(reader.place.id, document, now))

    async def confirm(self, reader: Reader, import_id: int) -> ImportPreview:
        """Do what a file asks for, whole or not at all; give what that was.

        Raises:
            UserError: CONTROL_EXPIRED, when it waits no longer; or LIMIT_REACHED.
        """
        now, made = self._clock.now(), list[ImportPreview]()
        waiting = await self._store.transfers.waiting(reader.place.id, import_id)
        if waiting is None:
            raise UserError(Code.CONTROL_EXPIRED, command="newsdesk import")
        file = settings_files.read(waiting.encode(), "")
        seen = Seen.of(self._names, file, await self._store.transfers.held(reader.place.id))

        def decide(found: Held) -> Orders:  # on the store's thread: it asks nobody
            decision = Decision(file, found, seen, reader.user_id, "", now)
            made.append(decision.preview)
            return decision.orders

        if await self._store.transfers.carry_out(reader.place.id, import_id, now, decide) is None:
            raise UserError(Code.CONTROL_EXPIRED, command="newsdesk import")
        self._wake()
        return made[0]

    async def cancel(self, reader: Reader, import_id: int) -> None:
        """Let go of a file."""
        await self._store.transfers.drop(reader.place.id, import_id, self._clock.now())

    def _must_be_public(self, lines: tuple[SourceLine, ...], name: str) -> None:
        seen: set[str] = set()
        for number, line in enumerate(lines, 1):
            where = f"sources[{number}].address"
            try:
                self._guard.check(line.address)
            except SourceError as error:
                problem = Problem.BAD_ADDRESS.value
                raise UserError(Code.SETTINGS_UNREADABLE, name=name, problem=problem, where=where) from error
            if line.address in seen:
                raise UserError(Code.SETTINGS_UNREADABLE, name=name, problem=Problem.TWICE.value, where=where)
            seen.add(line.address)


def as_file(found: Held, names: Names) -> SettingsFile:
    """Put a place's settings into words that travel."""
    place = found.place

    def channel(channel_id: int | None) -> Named | None:
        return Named(channel_id, names.name(channel_id) or "") if channel_id else None

    def role(role_id: int | None) -> Named | None:
        return Named(role_id, names.role_name(place.discord_id, role_id) or "") if role_id else None

    def named(ids: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(found.names[one] for one in ids if one in found.names)

    rules = found.filter
    return SettingsFile(
        zone=place.zone,
        sample=place.sample,
        public_channels=tuple(one for each in place.public_channels if (one := channel(each))),
        notices_channel=channel(place.notices_channel),
        manager_role=role(place.manager_role),
        may_share=place.may_share,
        corrections=place.corrections,
        filters=FilterRules(
            rules.include, rules.exclude, rules.topics, rules.excluded_topics, named(rules.source_ids), rules.languages
        ),
        sources=tuple(
            SourceLine(status.source.name, status.source.title, status.pack, status.is_paused)
            for status in found.sources
            if status.is_own and status.source.kind is SourceKind.FEED
        ),
        briefings=tuple(
            BriefingLine(
                channel=channel(one.channel_id),
                local_time=one.local_time,
                zone=one.zone,
                weekdays=one.weekdays,
                is_on=one.enabled,
                paused_until=one.paused_until,
                grace_s=one.grace_s,
                role=role(one.settings.role_id),
                sources=named(one.settings.source_ids),
                settings=replace(one.settings, source_ids=(), role_id=None),
            )
            for one, _ in found.schedules
        ),
    )
