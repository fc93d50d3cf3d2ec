"""Own briefings: a person's daily briefing by DM, which is a schedule of their own place."""

import asyncio
from dataclasses import replace
from datetime import date, time

from bot.desk.own_places import OwnPlaces
from bot.desk.scheduling import Scheduling
from bot.desk.times import parse_time
from bot.desk.zones import choose_zone
from bot.domain.answers import Reader, SetupDraft
from bot.domain.personal import OwnBriefingPanel
from bot.domain.places import ALL_DAYS, Place, Schedule, TargetKind
from bot.domain.topics import Topic
from bot.errors import UserError
from bot.store.store import Store

USUAL_TIME = time(8)
_NO_ZONE = "UTC"  # said in the panel; used only by who sets days or topics before a time


class OwnBriefings:
    """The desk of `/mybriefing`. What is done in a server makes that server's sources part of the briefing."""

    def __init__(self, store: Store, scheduling: Scheduling, places: OwnPlaces) -> None:
        self._store = store
        self._scheduling = scheduling
        self._places = places
        self._making = asyncio.Lock()  # so that two presses at once make one schedule

    async def panel(self, reader: Reader) -> OwnBriefingPanel:
        """Give the panel as things stand."""
        own = await self._places.of(reader)
        schedule = await self._schedule(own)
        closed = (await self._store.followers.get(reader.user_id)).closed_at is not None
        if schedule is None:
            return OwnBriefingPanel(None, _zone(reader, own), is_dm_closed=closed)
        was_stopped = schedule.disabled_code is not None
        return OwnBriefingPanel(
            replace(schedule, enabled=schedule.enabled and not was_stopped),
            schedule.zone,
            schedule.settings.topics,
            is_dm_closed=closed or was_stopped or schedule.fail_streak > 0,
        )

    async def set_time(self, reader: Reader, typed: str, city: str) -> OwnBriefingPanel:
        """Let it come at that time, by that city's clock; where one is not given, the known one stays. It is on then.

        Raises:
            UserError: UNKNOWN_TIME, UNKNOWN_ZONE or AMBIGUOUS_ZONE, each `own`; a time that could be read is kept.
        """
        at: time | None = None
        try:
            at = parse_time(typed) if typed.strip() else None
            zone = choose_zone(city) if city.strip() else None
        except UserError as error:
            if at is not None:
                schedule = await self._made(reader)
                await self._scheduling.change_timing(schedule.place, schedule.id, reader.user_id, local_time=at)
            raise UserError(error.code, **error.parameters, own=True) from error
        await self._turn_on(reader, at, zone)
        return await self.panel(reader)

    async def set_zone(self, reader: Reader, zone: str) -> OwnBriefingPanel:
        """Choose one of the zones that a city's name fits; the time stays."""
        return await self.set_time(reader, "", zone)

    async def turn_on(self, reader: Reader) -> OwnBriefingPanel:
        """Let it come from now on, also where it was paused or where we stopped."""
        own = await self._places.of(reader)
        before = await self._schedule(own)
        if before is None:
            return await self.set_time(reader, "", "")
        await self._scheduling.resume(own, before.id, reader.user_id)
        await self._store.followers.reopen(reader.user_id)
        await self._places.set_up_here(reader)
        return await self.panel(reader)

    async def turn_off(self, reader: Reader) -> OwnBriefingPanel:
        """Let it come no more; time, days and topics stay."""
        schedule = await self._schedule(await self._places.of(reader))
        if schedule is not None:
            await self._scheduling.turn_off(schedule.place, schedule.id, reader.user_id)
        return await self.panel(reader)

    async def pause(self, reader: Reader, until: date | None = None) -> OwnBriefingPanel:
        """Let none come until a date, or until it is resumed."""
        schedule = await self._schedule(await self._places.of(reader))
        if schedule is not None:
            await self._scheduling.pause(schedule.place, schedule.id, reader.user_id, until)
        return await self.panel(reader)

    async def set_days(self, reader: Reader, days: tuple[int, ...]) -> OwnBriefingPanel:
        """Let it come on these days (Monday 0); none means all."""
        mask = sum(1 << day for day in set(days) if 0 <= day <= 6) or ALL_DAYS
        schedule = await self._made(reader)
        await self._scheduling.change_timing(schedule.place, schedule.id, reader.user_id, weekdays=mask)
        return await self.panel(reader)

    async def set_topics(self, reader: Reader, topics: tuple[Topic, ...]) -> OwnBriefingPanel:
        """Narrow it to topics; none means all."""
        schedule = await self._made(reader)
        await self._scheduling.change_settings(
            schedule.place, schedule.id, reader.user_id, lambda old: replace(old, topics=topics)
        )
        return await self.panel(reader)

    async def send_now(self, reader: Reader) -> None:
        """Send one now, beside the daily one.

        Raises:
            UserError: COOLDOWN.
        """
        schedule = await self._made(reader)
        await self._store.followers.reopen(reader.user_id)
        await self._scheduling.post_now(schedule.place, schedule.id, reader.user_id)

    async def _schedule(self, own: Place) -> Schedule | None:
        return next(iter(await self._store.schedules.of_place(own.id)), None)

    async def _made(self, reader: Reader) -> Schedule:
        """Give the schedule; where there is none yet, one that is off."""
        own = await self._places.set_up_here(reader)
        async with self._making:
            known = await self._schedule(own)
            if known is not None:
                return known
            draft = _draft(USUAL_TIME, _zone(reader, own) or _NO_ZONE)
            return await self._scheduling.keep_off(own, draft, reader.user_id)

    async def _turn_on(self, reader: Reader, at: time | None, zone: str | None) -> None:
        own = await self._places.set_up_here(reader)
        async with self._making:
            old = await self._schedule(own)
            if old is None:
                draft = _draft(at if at is not None else USUAL_TIME, zone or _zone(reader, own) or _NO_ZONE)
                await self._scheduling.turn_on(own, draft, reader.user_id)
            else:
                draft = _draft(at if at is not None else old.local_time, zone or old.zone)
                draft = replace(draft, weekdays=old.weekdays, schedule_id=old.id)
                await self._scheduling.turn_on(own, draft, reader.user_id, old.settings)
        await self._store.followers.reopen(reader.user_id)


def _zone(reader: Reader, own: Place) -> str | None:
    return own.zone or reader.place.zone


def _draft(at: time, zone: str) -> SetupDraft:
    return SetupDraft(target=TargetKind.DM, local_time=at, zone=zone)
