"""Alerting: which alerts go out now: not in quiet hours, so many a day, and only what the person may still see.

What a day's cap keeps back comes with the next own briefing.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.clock import Clock
from bot.desk.scope import Scope
from bot.domain.answers import Query, Reader
from bot.domain.due import zone_named
from bot.domain.personal import Alert, FollowKind
from bot.domain.stories import Story
from bot.store.alerts import Due
from bot.store.followers import Follower
from bot.store.store import Store

MOST_A_DAY = 8
STALE = timedelta(hours=24)
AGAIN = timedelta(minutes=30)  # how long the controls of a sent alert may still come

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An alert to send or to dress: what it says, to whom, and under which nonce."""

    due: Due
    alert: Alert


class Alerting:
    """What the sender of alerts asks the desk."""

    def __init__(self, store: Store, clock: Clock, scope: Scope) -> None:
        self._store = store
        self._clock = clock
        self._scope = scope

    async def outgoing(self) -> tuple[Outgoing, ...]:
        """Give what may be sent now; what may not is put off, kept for the next briefing, or dropped."""
        now = self._clock.now()
        found: list[Outgoing] = []
        sent: dict[int, int] = {}  # by person, today
        going: Counter[int] = Counter()  # by person, now
        for due in await self._store.alerts.due(now):
            if due.user_id not in sent:
                sent[due.user_id] = await self._store.alerts.sent_since(due.user_id, day_of(due.follower, now))
            if outgoing := await self._one(due, now, sent[due.user_id], going[due.user_id]):
                going[due.user_id] += 1
                found.append(outgoing)
        return tuple(found)

    async def undressed(self) -> tuple[Outgoing, ...]:
        """Give what was sent and lacks its controls; what can't be shown any more stays plain."""
        found: list[Outgoing] = []
        for due in await self._store.alerts.undressed(self._clock.now() - AGAIN):
            story = await self._story(due)
            if story is None:
                await self._store.alerts.dressed(due.id, self._clock.now())
            else:
                found.append(Outgoing(due, Alert(due.follow, story, due.is_growth)))
        return tuple(found)

    async def _one(self, due: Due, now: datetime, sent: int, going: int) -> Outgoing | None:
        if now - due.matched_at > STALE or due.follower.closed_at is not None:
            await self._store.alerts.drop(due.id)
            return None
        if until := quiet_until(due.follower, now):
            await self._store.alerts.postpone(due.id, until)
            return None
        if sent + going >= MOST_A_DAY:
            await self._store.alerts.keep(due.id)
            return None
        story = await self._story(due)
        if story is None:
            await self._store.alerts.drop(due.id)
            return None
        more = await self._more(due, now, going) if sent + going == MOST_A_DAY - 1 else 0
        return Outgoing(due, Alert(due.follow, story, due.is_growth, more))

    async def _more(self, due: Due, now: datetime, going: int) -> int:
        """Give how many others of today come with the next own briefing, where there will be one."""
        schedules = await self._store.schedules.of_place(due.place.id)
        if not any(one.enabled and one.disabled_code is None for one in schedules):
            return 0
        return max(0, await self._store.alerts.held_back(due.user_id, day_of(due.follower, now)) - going - 1)

    async def _story(self, due: Due) -> Story | None:
        """Give the story as the person may see it; None when it is gone, or left out by what they muted since."""
        reader = Reader(due.user_id, due.place, 0)
        view = await self._scope.listed(reader, Query())
        story = await self._store.stories.story(due.story_id, await self._scope.everything(due.place))
        if story is None or (due.follow.kind is not FollowKind.STORY and not view.keeps.keeps(story)):
            return None
        return story


def day_of(follower: Follower, now: datetime) -> datetime:
    """Give when the person's day began: midnight by their clock."""
    zone = zone_named(follower.zone) if follower.zone else UTC
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def quiet_until(follower: Follower, now: datetime) -> datetime | None:
    """Give when the quiet hours end that `now` lies in; None outside them. 22:00–07:00 goes over midnight."""
    start, end = follower.quiet_from, follower.quiet_until
    if start is None or end is None or start == end:
        return None
    zone = zone_named(follower.zone) if follower.zone else UTC
    local = now.astimezone(zone)
    for day in (local.date() - _DAY, local.date()):
        begins = datetime.combine(day, start, zone).astimezone(UTC)
        ends = datetime.combine(day + _DAY if end <= start else day, end, zone).astimezone(UTC)
        if begins <= now < ends:
            return ends
    return None
