"""Scheduling: what managers may ask about the daily briefing. Each change is committed, then the planner is woken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

from bot.clock import Clock
from bot.desk.cooldowns import Cooldowns
from bot.desk.dates import parse_date
from bot.desk.edits import as_draft, described, edited, is_same, made_of, moved
from bot.desk.ports import ChannelAccess
from bot.domain.answers import ChangesPage, ScheduleStatus, ServerStatus, SettingChange, SetupDraft
from bot.domain.due import Timing, upcoming, zone_named
from bot.domain.places import BriefingSettings, Place, Schedule, TargetKind
from bot.errors import Code, UserError
from bot.store.store import Store

MOST_PER_PLACE = 10
SHOWN_FIRINGS = 5
SHOWN_DELIVERIES = 5
SHOWN_CHANGES = 3
POST_NOW_EVERY_S = 60.0
CHANGES_PAGE = 10


class Scheduling:
    """The use cases of `/newsdesk` and `/mybriefing` that are about when and where."""

    def __init__(self, store: Store, access: ChannelAccess, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._access = access
        self._clock = clock
        self._wake = wake
        self._cooldowns = Cooldowns(clock)

    def check(self, draft: SetupDraft, settings: BriefingSettings | None = None) -> SetupDraft:
        """Fill in what follows from what was chosen: the kind of target, what is missing, the first firing."""
        target, missing = draft.target, draft.missing
        if draft.channel_id is not None and target is not TargetKind.DM:
            target = self._access.kind(draft.channel_id) or TargetKind.CHANNEL
            missing = self._missing(draft.channel_id, settings or BriefingSettings())
        first = None
        if draft.local_time is not None and draft.zone is not None:
            first = Timing(draft.local_time, draft.zone, draft.weekdays).ahead(self._clock.now()).at
        return replace(draft, target=target, missing=missing, first_at=first)

    async def draft(self, place: Place, schedule_id: int | None = None) -> SetupDraft:
        """Start a setup: empty but for the place's own choices, or with all of an existing schedule."""
        if schedule_id is None:
            return SetupDraft(zone=place.zone)
        schedule = await self._own(place, schedule_id)
        return self.check(as_draft(schedule), schedule.settings)

    async def turn_on(
        self, place: Place, draft: SetupDraft, by: int, settings: BriefingSettings | None = None
    ) -> Schedule:
        """Make the schedule of a finished draft, or change the one it edits.

        Raises:
            UserError: something is not chosen yet, the bot may not post there, or there are too many.
        """
        draft = self.check(draft, settings)
        if draft.missing:
            raise UserError(
                Code.CANNOT_POST,
                channel_id=draft.channel_id,
                permissions=draft.missing,
                schedule_id=draft.schedule_id,
            )
        is_dm = draft.target is TargetKind.DM
        if draft.local_time is None or draft.zone is None or (draft.channel_id is None and not is_dm):
            raise UserError(Code.NOT_SET_UP)
        if draft.schedule_id is not None:
            schedule = await self._edit(place, draft, by, settings)
        else:
            schedule = await self._make(place, draft, by, settings)
        await self._keep_choices(place, draft, by)
        self._wake()
        return schedule

    async def keep_off(self, place: Place, draft: SetupDraft, by: int) -> Schedule:
        """Make the schedule of a draft with time and zone, but off: somebody begins with what is in it."""
        return await self._make(place, draft, by, None, enabled=False)

    async def _make(
        self, place: Place, draft: SetupDraft, by: int, settings: BriefingSettings | None, *, enabled: bool = True
    ) -> Schedule:
        if len(await self._store.schedules.of_place(place.id)) >= MOST_PER_PLACE:
            raise UserError(Code.LIMIT_REACHED, limit=MOST_PER_PLACE, what="briefings")
        now = self._clock.now()
        schedule = made_of(draft, place, settings or BriefingSettings(), now)
        schedule = replace(schedule, enabled=enabled, changed_by=by, changed_at=now)
        return await self._store.schedules.add(schedule, SettingChange(now, "turned-on" if enabled else "settings", by))

    async def _edit(self, place: Place, draft: SetupDraft, by: int, settings: BriefingSettings | None) -> Schedule:
        assert draft.schedule_id is not None  # noqa: S101 - checked by turn_on
        return await self._change(place, draft.schedule_id, by, lambda old: edited(old, draft, settings))

    async def _keep_choices(self, place: Place, draft: SetupDraft, by: int) -> None:
        await self._store.places.change(
            place.id,
            lambda old: replace(old, zone=draft.zone, set_up_by=old.set_up_by or by),
        )

    async def change_settings(
        self, place: Place, schedule_id: int, by: int, edit: Callable[[BriefingSettings], BriefingSettings]
    ) -> Schedule:
        """Change what a briefing holds or how it looks."""
        return await self._change(place, schedule_id, by, lambda old: replace(old, settings=edit(old.settings)))

    async def change_timing(
        self, place: Place, schedule_id: int, by: int, *, local_time: time | None = None, weekdays: int | None = None
    ) -> Schedule:
        """Change when a briefing comes; it stays on or off."""

        def edit(old: Schedule) -> Schedule:
            at = old.local_time if local_time is None else local_time
            return replace(old, local_time=at, weekdays=old.weekdays if weekdays is None else weekdays)

        return await self._change(place, schedule_id, by, edit)

    async def turn_off(self, place: Place, schedule_id: int, by: int) -> Schedule:
        """Stop a briefing until somebody resumes it; its settings stay."""
        return await self._change(place, schedule_id, by, lambda old: replace(old, enabled=False), "turned-off")

    async def remove(self, place: Place, schedule_id: int, by: int) -> None:
        """Delete a briefing with its history; that it was there, and who deleted it, is remembered."""
        schedule = await self._own(place, schedule_id)
        change = SettingChange(self._clock.now(), "removed", by, schedule.settings.name)
        await self._store.schedules.remove(schedule_id, place.id, change)
        self._wake()

    async def pause(self, place: Place, schedule_id: int, by: int, until: date | None = None) -> Schedule:
        """Pause a briefing; `until` is the local date of the first one after the pause, None: until resumed."""
        until = until or date.max
        detail = "" if until == date.max else until.isoformat()
        edit: Callable[[Schedule], Schedule] = lambda old: replace(old, paused_until=until)  # noqa: E731 - typed
        return await self._change(place, schedule_id, by, edit, "paused", detail)

    async def pause_until(self, place: Place, schedule_id: int, by: int, typed: str) -> Schedule:
        """Pause a briefing until a date as people write it, by the calendar of its zone.

        Raises:
            UserError: UNKNOWN_DATE or DATE_NOT_AHEAD.
        """
        schedule = await self._own(place, schedule_id)
        today = self._clock.now().astimezone(zone_named(schedule.zone)).date()
        try:
            until = parse_date(typed, today)
        except UserError as error:
            raise UserError(error.code, **error.parameters, schedule_id=schedule_id) from error
        return await self.pause(place, schedule_id, by, until)

    async def resume(self, place: Place, schedule_id: int, by: int) -> Schedule:
        """Undo whatever keeps a briefing from coming: turned off, paused, skipped, or stopped by us.

        Raises:
            UserError: the bot may still not post there.
        """
        schedule = await self._own(place, schedule_id)
        self._must_be_open(schedule)

        def edit(old: Schedule) -> Schedule:
            return replace(old, enabled=True, paused_until=None, skip_date=None, disabled_code=None, fail_streak=0)

        return await self._change(place, schedule_id, by, edit, "resumed")

    async def skip_next(self, place: Place, schedule_id: int, by: int) -> Schedule:
        """Leave out the next briefing; said twice, it is still one."""
        schedule = await self._own(place, schedule_id)
        if schedule.skip_date is not None and schedule.skip_date >= schedule.next_date:
            return schedule

        def edit(old: Schedule) -> Schedule:
            return replace(old, skip_date=next((firing.local_date for firing in upcoming(old, 1)), None))

        return await self._change(place, schedule_id, by, edit, "skipped-next")

    async def unskip(self, place: Place, schedule_id: int, by: int) -> Schedule:
        """Post the next briefing after all."""
        return await self._change(place, schedule_id, by, lambda old: replace(old, skip_date=None), "resumed")

    def has_channel(self, place: Place, channel_id: int | None) -> bool:
        """Say whether the place has such a channel, of a kind that one can write in."""
        if channel_id is None or self._access.kind(channel_id) is None:
            return False
        return self._access.server_of(channel_id) == place.discord_id

    def is_elsewhere(self, place: Place, channel_id: int) -> bool:
        """Say whether a channel is known to be another server's."""
        return self._access.server_of(channel_id) not in {None, place.discord_id}

    def has_role(self, place: Place, role_id: int | None) -> bool:
        """Say whether the place has such a role."""
        return role_id is not None and self._access.has_role(place.discord_id, role_id)

    async def find(self, place: Place, schedule_id: int) -> Schedule:
        """Give one of the place's briefings.

        Raises:
            UserError: NOT_SET_UP, when it is gone or another place's.
        """
        return await self._own(place, schedule_id)

    async def post_now(self, place: Place, schedule_id: int, by: int) -> int:
        """Post a briefing now, beside the daily one; give the delivery's id.

        Raises:
            UserError: the bot may not post there, or one was asked for a moment ago.
        """
        schedule = await self._own(place, schedule_id)
        self._must_be_open(schedule)
        now = self._clock.now()
        self._cooldowns.take(("post now", schedule_id, POST_NOW_EVERY_S))
        day = now.astimezone(zone_named(schedule.zone)).date()
        made = await self._store.plans.post_now(schedule, day, by, now)
        self._wake()
        return made

    async def status(self, place: Place, selected: int | None = None) -> ServerStatus:
        """Give every briefing of a place with its next firings, last deliveries and latest changes."""
        schedules = await self._store.schedules.of_place(place.id)
        found = [await self._status_of(schedule) for schedule in schedules]
        ids = [schedule.id for schedule in schedules]
        latest = await self._store.setting_changes.of_place(place.id, limit=SHOWN_CHANGES)
        return ServerStatus(place, tuple(found), selected if selected in ids else next(iter(ids), None), latest)

    async def changes(self, place: Place, page: int = 1) -> ChangesPage:
        """Give a page of who changed what here, the newest first."""
        total = await self._store.setting_changes.count(place.id)
        pages = max(1, -(-total // CHANGES_PAGE))
        page = min(max(1, page), pages)
        shown = await self._store.setting_changes.of_place(place.id, CHANGES_PAGE, (page - 1) * CHANGES_PAGE)
        return ChangesPage(shown, page, pages)

    async def _status_of(self, schedule: Schedule) -> ScheduleStatus:
        is_on = schedule.enabled and schedule.disabled_code is None
        is_dm = schedule.target is TargetKind.DM
        return ScheduleStatus(
            schedule=schedule,
            firings=upcoming(schedule, SHOWN_FIRINGS) if is_on else (),
            last=await self._store.ledger.recent(schedule, SHOWN_DELIVERIES),
            missing=() if is_dm else self._missing(schedule.channel_id, schedule.settings),
            sources=await self._store.sources.by_ids(schedule.settings.source_ids),
        )

    async def _own(self, place: Place, schedule_id: int) -> Schedule:
        schedule = await self._store.schedules.get(schedule_id)
        if schedule is None or schedule.place.id != place.id:
            raise UserError(Code.NOT_SET_UP)
        return schedule

    def _missing(self, channel_id: int, settings: BriefingSettings) -> tuple[str, ...]:
        return self._access.missing(channel_id, discussion=settings.discussion, publish=settings.publish)

    def _must_be_open(self, schedule: Schedule) -> None:
        if schedule.target is TargetKind.DM:
            return
        if missing := self._missing(schedule.channel_id, schedule.settings):
            raise UserError(
                Code.CANNOT_POST, channel_id=schedule.channel_id, permissions=missing, schedule_id=schedule.id
            )

    async def _change(
        self,
        place: Place,
        schedule_id: int,
        by: int,
        edit: Callable[[Schedule], Schedule],
        what: str = "",
        detail: str = "",
    ) -> Schedule:
        await self._own(place, schedule_id)
        now = self._clock.now()

        def work(old: Schedule, taken: frozenset[date]) -> tuple[Schedule, tuple[SettingChange, ...]]:
            new = moved(old, edit(old), now, taken)
            if is_same(old, new):
                return old, ()  # pressed twice, or saved without a change
            told = (SettingChange(now, what, by, detail),) if what else described(old, new, by, now)
            return replace(new, changed_by=by, changed_at=now), told

        changed = await self._store.schedules.change(schedule_id, work)
        if changed is None:
            raise UserError(Code.NOT_SET_UP)
        self._wake()
        return changed
