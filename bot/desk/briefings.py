"""Briefings: composes editions for schedules and for those who ask, and shows what was posted."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.clock import Clock
from bot.desk.candidates import Candidates
from bot.desk.recall import Recall
from bot.desk.scope import Scope
from bot.desk.summaries import Summaries
from bot.domain.answers import BriefingAnswer, Reader
from bot.domain.editions import Edition, Mode, Pick
from bot.domain.places import BriefingSettings, Place, PlaceKind, Schedule
from bot.domain.stories import Story
from bot.edition.rank import weigh
from bot.edition.select import Past, Wishes, frame, select
from bot.errors import Code, UserError
from bot.store.editions import Posted
from bot.store.store import Store

REMEMBERED = timedelta(days=400)  # how far back "shown here" reaches: the archive of a place turns slower than news
MAX_DATES = 25
LATEST = "latest"

Sees = Callable[[int], bool]  # whether the reader sees a channel


def everywhere(_channel_id: int) -> bool:
    """Say that every channel is seen, as by the operator."""
    return True


class Briefings:
    """The briefing desk. The deliverer calls `compose`, commands call `answer`; both make editions the same way."""

    def __init__(self, store: Store, clock: Clock, scope: Scope, summaries: Summaries, recall: Recall) -> None:
        self._store = store
        self._clock = clock
        self._scope = scope
        self._summaries = summaries
        self._recall = recall
        self._candidates = Candidates(store, clock)
        self._choosing = asyncio.Lock()  # one thread is as fast as thirty, and commands are not kept waiting

    async def compose(self, schedule: Schedule, *, is_asked_for: bool = False) -> Edition:
        """Compose what a schedule would post now; without picks when nothing is new, by the place's choice.

        A person's own one holds what the day's cap kept back of their alerts; one they asked for (`is_asked_for`)
        may repeat what they have seen, rather than hold nothing.
        """
        now = self._clock.now()
        shown, last_at = await self._store.editions.shown(schedule.id, now - REMEMBERED)
        if schedule.place.kind is not PlaceKind.PERSON:
            return await self._make(schedule.place, schedule.settings, Past(shown, last_at))
        kept = await self._store.alerts.kept(schedule.place.id, now)
        owed = [story_id for story_id, at in kept.items() if story_id not in shown or shown[story_id] < at]
        past = Past() if is_asked_for else Past(shown, last_at)
        return await self._make(schedule.place, schedule.settings, past, owed[: schedule.settings.max_stories])

    async def answer(self, reader: Reader, asked: str | None = None, sees: Sees = everywhere) -> BriefingAnswer:
        """Give the edition asked for: the latest by default, else by `Posted`'s reference, see `editions`.

        Where none was posted yet it is composed now, for this reader.

        Raises:
            UserError: NO_BRIEFING, when that one is not there; BRIEFING_NOT_OPEN, when the reader doesn't see where it
                is posted, or where any is.
        """
        schedule_id, on = _parse(asked)
        schedules, closed = await self._open_to(reader, sees)
        hidden = [one.id for one in closed]
        if schedule_id in hidden or (not schedules and any(one.enabled for one in closed)):
            raise UserError(Code.BRIEFING_NOT_OPEN)
        found = await self._store.editions.posted(
            reader.place.id, schedule_id=schedule_id, on=on, hidden=hidden, limit=1
        )
        if not found and on is not None:
            raise UserError(Code.NO_BRIEFING)
        answer = await self._posted(reader, found[0]) if found else await self._made_now(reader, schedules)
        self._recall.listed(reader, [pick.story.id for pick in answer.edition.picks])
        return answer

    async def editions(
        self, reader: Reader, typed: str = "", sees: Sees = everywhere
    ) -> tuple[tuple[str, Posted], ...]:
        """Give what was posted where the reader sees it, the latest first, each with what `answer` takes for it."""
        text = typed.strip().casefold()
        named: dict[str, Posted] = {}
        _, closed = await self._open_to(reader, sees)
        hidden = [one.id for one in closed]
        for one in await self._store.editions.posted(reader.place.id, hidden=hidden, limit=MAX_DATES):
            if text in f"{one.local_date} {one.name}".casefold():
                named.setdefault(f"{one.schedule_id}:{one.local_date}", one)
        return tuple(named.items())

    async def _open_to(self, reader: Reader, sees: Sees) -> tuple[list[Schedule], list[Schedule]]:
        """Give the place's schedules that post where the reader sees it, and the others."""
        schedules = await self._store.schedules.of_place(reader.place.id)
        seen = [one for one in schedules if sees(one.channel_id)]
        return seen, [one for one in schedules if one not in seen]

    async def _made_now(self, reader: Reader, schedules: Sequence[Schedule]) -> BriefingAnswer:
        first = min((one for one in schedules if one.enabled), key=lambda one: one.next_due, default=None)
        edition = await self._make(reader.place, first.settings if first else BriefingSettings(), Past())
        next_at = first.next_due if first and first.disabled_code is None else None
        return BriefingAnswer(edition, name=first.settings.name if first else "", next_at=next_at)

    async def _make(self, place: Place, settings: BriefingSettings, past: Past, owed: Sequence[int] = ()) -> Edition:
        now = self._clock.now()
        view = await self._scope.briefed(place, settings.topics, settings.source_ids)
        stories, ranked = await self._candidates.of(view)
        if place.kind is PlaceKind.PERSON:
            ranked = ranked.watching(await self._store.follows.watched(place.id, [story.id for story in stories]))
        wishes = Wishes(settings.max_stories, settings.lead_choice, settings.quiet_day)
        async with self._choosing:
            edition = await asyncio.to_thread(select, stories, now, past, wishes, ranked)
        if owed:
            first = await self._store.stories.stories(owed, await self._scope.everything(place))
            held = select(_with(first, edition, wishes.max_stories), now, past, wishes)
            edition = replace(held, total_stories=max(edition.total_stories, held.total_stories))
        return await self._summaries.compose(edition)

    async def _posted(self, reader: Reader, posted: Posted) -> BriefingAnswer:
        """Show a posted edition again, with what its stories have become; those that are gone are left out."""
        leading = dict(posted.stories)
        allowed = await self._scope.everything(reader.place)
        stories = await self._store.stories.stories(list(leading), allowed)
        picks = [Pick(story, weigh(story, self._clock.now())) for story in stories]
        roles = ([p for p in picks if leading[p.story.id]], [p for p in picks if not leading[p.story.id]])
        edition = frame(stories, len(stories), posted.made_at, Mode.RANKED, roles, Past())
        schedule = await self._store.schedules.get(posted.schedule_id)
        return BriefingAnswer(
            await self._summaries.compose(edition),
            name=posted.name,
            posted_at=posted.sent_at,
            posted_url=posted.url,
            next_at=schedule.next_due if schedule and schedule.enabled and not schedule.disabled_code else None,
            local_date=posted.local_date,
        )


def _with(first: Sequence[Story], edition: Edition, most: int) -> list[Story]:
    """Give the stories of an edition that holds `first`; what ranked lowest makes room for them."""
    ids = {story.id for story in first}
    others = [pick.story for pick in edition.picks if pick.story.id not in ids]
    return [*first, *others[: max(0, most - len(first))]]


def _parse(asked: str | None) -> tuple[int | None, date | None]:
    """Read "12:2026-11-22", "2026-11-22", "12:latest" or "latest".

    Raises:
        UserError: NO_BRIEFING, for anything else.
    """
    text = (asked or "").strip().casefold()
    if text in {"", LATEST}:
        return None, None
    schedule, _, day = text.rpartition(":")
    try:
        return (int(schedule) if schedule else None), (None if day == LATEST else date.fromisoformat(day))
    except ValueError:
        raise UserError(Code.NO_BRIEFING) from None
