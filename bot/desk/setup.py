"""Setup: a manager puts a briefing together in a panel. Each choice is kept at once; *Turn on* makes it real.

What was chosen lies in the store, by manager and briefing, so that panels survive restarts; the rest comes from the
place and the schedule as they are now, so that two managers never undo each other's choices.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.clock import Clock
from bot.desk.briefings import Briefings
from bot.desk.cooldowns import Cooldowns
from bot.desk.edits import made_of
from bot.desk.posting import posting_of
from bot.desk.scheduling import Scheduling
from bot.desk.times import parse_time
from bot.desk.zones import ZoneChoice, choose_zone, is_zone, search_zones
from bot.domain.answers import Reader, SetupDraft
from bot.domain.deliveries import DAILY, Delivery, State
from bot.domain.due import zone_named
from bot.domain.managing import SourcesPanel
from bot.domain.places import BriefingSettings, Place, Schedule, Style, TargetKind
from bot.domain.postings import Posting
from bot.domain.sources import Source
from bot.domain.text import clean_line, fold
from bot.errors import Code, UserError
from bot.store.drafts import DraftKey
from bot.store.store import Store

MOST_NAME = 60  # characters
_PREVIEW_EVERY_S = 2.0
_JUST_MADE = timedelta(minutes=1)


class Packs(Protocol):
    """The sources desk, as setup needs it."""

    async def panel(self, place_id: int, *, page: int = 1, selected: int | None = None) -> SourcesPanel:
        """Give the packs that there are and that the place has."""
        ...

    async def choose_packs(self, place_id: int, names: tuple[str, ...], by: int) -> int:
        """Have exactly these packs, and note who chose them."""
        ...


@dataclass(frozen=True, slots=True)
class SetupPanel:
    """What the panel shows: the draft, the packs there are, and zones to choose from where a city fits several."""

    draft: SetupDraft
    packs: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()  # those that the briefing is narrowed to
    zones: tuple[ZoneChoice, ...] = ()
    typed: str = ""  # the city that fits several


class Setup:
    """The use cases of the setup panel. Whether who asks may manage the place is checked before."""

    def __init__(self, store: Store, scheduling: Scheduling, packs: Packs, briefings: Briefings, clock: Clock) -> None:
        self._store = store
        self._scheduling = scheduling
        self._packs = packs
        self._briefings = briefings
        self._clock = clock
        self._cooldowns = Cooldowns(clock)
        self._making = asyncio.Lock()

    async def open(self, reader: Reader, schedule_id: int | None = None) -> SetupPanel:
        """Begin: go on with a new briefing where one was begun; an existing one is shown as it is now."""
        if schedule_id is not None:
            await self._store.drafts.drop(_key(reader, schedule_id))
        return await self.show(reader, schedule_id)

    async def show(self, reader: Reader, schedule_id: int | None = None) -> SetupPanel:
        """Give the panel with what was chosen so far, checked anew.

        Raises:
            UserError: NOT_SET_UP, when the briefing is gone.
        """
        chosen = await self._store.drafts.get(_key(reader, schedule_id), self._clock.now())
        return await self._panel(reader.place, schedule_id, chosen)

    async def choose(self, reader: Reader, schedule_id: int | None, **choices: object) -> SetupPanel:
        """Keep choices, by the names of `SetupDraft`'s fields, and give the panel.

        Raises:
            UserError: CONTROL_EXPIRED, for a channel, zone or pack that no panel of ours offers here.
        """
        await self._must_be_offered(reader.place, choices)
        chosen = await self._keep(reader, schedule_id, choices)
        return await self._panel(reader.place, schedule_id, chosen)

    async def choose_when(self, reader: Reader, schedule_id: int | None, typed: str | None, city: str) -> SetupPanel:
        """Keep time and zone as typed. Where a city fits several zones, the panel offers them.

        Raises:
            UserError: UNKNOWN_TIME or UNKNOWN_ZONE; what could be read is kept all the same.
        """
        choices: dict[str, object] = {}
        problem: UserError | None = None
        zones: tuple[ZoneChoice, ...] = ()
        try:
            if typed is not None and typed.strip():
                choices["local_time"] = parse_time(typed)
        except UserError as error:
            problem = error
        try:
            if city.strip():
                choices["zone"] = choose_zone(city)
        except UserError as error:
            zones = self._offered(error)
            problem = problem or (None if zones else error)
        chosen = await self._keep(reader, schedule_id, choices)
        if problem is not None:
            raise UserError(problem.code, **problem.parameters, schedule_id=schedule_id)
        return replace(await self._panel(reader.place, schedule_id, chosen), zones=zones, typed=city)

    async def rename(self, reader: Reader, schedule_id: int | None, typed: str) -> SetupPanel:
        """Give a briefing a name of its own; an empty one is "Daily briefing" again."""
        return await self.choose(reader, schedule_id, name=clean_line(typed)[:MOST_NAME].strip())

    async def sources(self, reader: Reader, schedule_id: int | None) -> tuple[SetupDraft, tuple[Source, ...]]:
        """Give the draft, and all that is read here and a briefing can be narrowed to."""
        draft = (await self.show(reader, schedule_id)).draft
        read = await self._store.subscriptions.source_ids(reader.place.id)
        return draft, await self._store.sources.by_ids(read)

    async def narrow(self, reader: Reader, schedule_id: int | None, source_ids: Collection[int]) -> SetupPanel:
        """Narrow a briefing to some sources; none means all."""
        read = await self._store.subscriptions.source_ids(reader.place.id)
        return await self.choose(reader, schedule_id, source_ids=tuple(one for one in read if one in source_ids))

    async def toggle_style(self, reader: Reader, schedule_id: int | None) -> SetupPanel:
        """Change cards into plain text, or back."""
        is_plain = (await self.show(reader, schedule_id)).draft.style is Style.PLAIN
        return await self.choose(reader, schedule_id, style=Style.CARDS if is_plain else Style.PLAIN)

    async def toggle_discussion(self, reader: Reader, schedule_id: int | None) -> SetupPanel:
        """Have a discussion thread with each briefing, or no longer."""
        has_one = (await self.show(reader, schedule_id)).draft.discussion
        return await self.choose(reader, schedule_id, discussion=not has_one)

    async def toggle_publish(self, reader: Reader, schedule_id: int | None) -> SetupPanel:
        """Publish each briefing to the followers of the announcement channel, or no longer."""
        does = (await self.show(reader, schedule_id)).draft.publish
        return await self.choose(reader, schedule_id, publish=not does)

    async def cancel(self, reader: Reader, schedule_id: int | None) -> None:
        """Forget what was chosen; nothing that is turned on changes."""
        await self._store.drafts.drop(_key(reader, schedule_id))

    async def turn_on(self, reader: Reader, schedule_id: int | None) -> SetupDraft:
        """Make the briefing, or change the one that is edited; give it as a draft, with its id.

        Raises:
            UserError: something is missing; the choices stay.
        """
        async with self._making:  # pressed twice, it is one briefing
            key = _key(reader, schedule_id)
            chosen = await self._store.drafts.get(key, self._clock.now())
            if not chosen and schedule_id is None and (made := await self._just_made(reader)):
                return made
            panel = await self._panel(reader.place, schedule_id, chosen)
            if panel.draft.is_name_taken:
                raise UserError(Code.NAME_TAKEN, text=panel.draft.name, schedule_id=schedule_id)
            if panel.draft.may_turn_on and "packs" in chosen:
                await self._packs.choose_packs(reader.place.id, panel.draft.packs, reader.user_id)
            settings = await self._settings(reader.place, panel.draft)
            schedule = await self._scheduling.turn_on(reader.place, panel.draft, reader.user_id, settings)
            await self._store.drafts.drop(key)
        return replace(panel.draft, schedule_id=schedule.id)

    async def _just_made(self, reader: Reader) -> SetupDraft | None:
        """Give the briefing that this manager turned on a moment ago, whose choices are gone therefore."""
        since = self._clock.now() - _JUST_MADE
        for one in await self._store.schedules.of_place(reader.place.id):
            if one.changed_by == reader.user_id and one.enabled and one.changed_at and one.changed_at >= since:
                return await self._scheduling.draft(reader.place, one.id)
        return None

    async def preview(self, reader: Reader, schedule_id: int | None) -> Posting:
        """Compose what would be posted now, the way a delivery does.

        Raises:
            UserError: COOLDOWN.
        """
        self._cooldowns.take(("preview", reader.user_id, _PREVIEW_EVERY_S))
        draft = (await self.show(reader, schedule_id)).draft
        now = self._clock.now()
        schedule = await self._as_schedule(reader.place, draft, now)
        day = now.astimezone(zone_named(schedule.zone)).date()
        delivery = Delivery(0, schedule, day, DAILY, schedule.channel_id, now, now, State.PLANNED)
        return posting_of(await self._briefings.compose(schedule), schedule, delivery, now)

    def suggest_zones(self, typed: str) -> tuple[ZoneChoice, ...]:
        """Give the zones that fit what was typed so far, with the clock there."""
        return search_zones(typed, self._clock.now())

    # Drafts

    async def _keep(self, reader: Reader, schedule_id: int | None, choices: Mapping[str, object]) -> Mapping[str, Any]:
        if schedule_id is not None:
            await self._scheduling.find(reader.place, schedule_id)
        return await self._store.drafts.put(_key(reader, schedule_id), choices, self._clock.now())

    async def _panel(self, place: Place, schedule_id: int | None, chosen: Mapping[str, Any]) -> SetupPanel:
        sources = await self._packs.panel(place.id)
        base = replace(await self._scheduling.draft(place, schedule_id), packs=sources.chosen_packs)
        draft = replace(base, **chosen)
        if not self._scheduling.has_role(place, draft.role_id):
            draft = replace(draft, role_id=None)
        draft = replace(draft, missing=(), is_name_taken=await self._is_taken(place, draft, base.name))
        checked = self._scheduling.check(draft, await self._settings(place, draft))
        narrowed = await self._store.sources.by_ids(draft.source_ids) if draft.source_ids else ()
        return SetupPanel(checked, sources.packs, narrowed)

    async def _is_taken(self, place: Place, draft: SetupDraft, before: str) -> bool:
        """Say whether another briefing of the channel has that name; one that keeps its name keeps it."""
        if draft.schedule_id is not None and draft.name == before:
            return False
        others = await self._store.schedules.of_place(place.id)
        there = (one for one in others if one.channel_id == draft.channel_id and one.id != draft.schedule_id)
        return fold(draft.name) in {fold(one.settings.name) for one in there}

    async def _must_be_offered(self, place: Place, choices: Mapping[str, object]) -> None:
        channel, zone, packs = choices.get("channel_id"), choices.get("zone"), choices.get("packs")
        is_wrong = isinstance(channel, int) and self._scheduling.is_elsewhere(place, channel)
        is_wrong = is_wrong or (isinstance(zone, str) and not is_zone(zone))
        if isinstance(packs, tuple):
            is_wrong = is_wrong or not set(packs) <= set((await self._packs.panel(place.id)).packs)
        if is_wrong:
            raise UserError(Code.CONTROL_EXPIRED, command="newsdesk setup")

    async def _settings(self, place: Place, draft: SetupDraft) -> BriefingSettings:
        known = BriefingSettings()
        if draft.schedule_id is not None:
            known = (await self._scheduling.find(place, draft.schedule_id)).settings
        return replace(
            known,
            name=draft.name,
            topics=draft.topics,
            source_ids=draft.source_ids,
            max_stories=draft.max_stories,
            style=draft.style,
            lead_choice=draft.lead_choice,
            role_id=draft.role_id,
            discussion=draft.discussion,
            publish=draft.publish and draft.target is TargetKind.ANNOUNCEMENT,
            quiet_day=draft.quiet_day,
        )

    async def _as_schedule(self, place: Place, draft: SetupDraft, now: datetime) -> Schedule:
        """Give the schedule that *Turn on* would make, with usual values for what is not chosen yet."""
        schedule = made_of(draft, place, await self._settings(place, draft), now)
        if draft.first_at is None:
            schedule = replace(schedule, next_due=now, next_date=now.date())
        if draft.schedule_id is None:
            return schedule
        known = await self._scheduling.find(place, draft.schedule_id)
        return replace(schedule, id=known.id, key=known.key, paused_until=known.paused_until, skip_date=known.skip_date)

    def _offered(self, error: UserError) -> tuple[ZoneChoice, ...]:
        """Give the zones that an ambiguous city may mean, with the clock there; none for another error."""
        if error.code is not Code.AMBIGUOUS_ZONE:
            return ()
        now, names = self._clock.now(), error.parameters["choices"]
        found = {one.zone: one for one in search_zones(str(error.parameters["text"]), now)}
        zones = names if isinstance(names, tuple) else ()
        return tuple(
            found.get(zone) or ZoneChoice(zone, _city(zone), now.astimezone(zone_named(zone))) for zone in zones
        )


def _city(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def _key(reader: Reader, schedule_id: int | None) -> DraftKey:
    return DraftKey(reader.place.id, reader.user_id, schedule_id)
