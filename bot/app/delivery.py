"""Wires deliver: what it composes with, sends through, corrects with and tells by."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.app.house import House
from bot.clock import Clock
from bot.deliver.clockguard import ClockGuard
from bot.deliver.corrections import amender
from bot.deliver.dresser import Dresser
from bot.deliver.outbox import Outbox
from bot.deliver.pace import Pace
from bot.deliver.senders import DiscordSender
from bot.deliver.supervisor import Prefetch, Supervisor
from bot.desk.briefings import Briefings
from bot.desk.posting import posting_of
from bot.domain.deliveries import Composed, Delivery, Nothing, Notice, Shown
from bot.domain.editions import Edition, Pick
from bot.domain.places import QuietDay, Schedule
from bot.domain.postings import Posting
from bot.ingest.article_texts import ArticleTexts
from bot.render import briefings, notices
from bot.render.message import plain_twin, to_payload
from bot.render.voice import Voice

Speak = Callable[[str | None], Voice]

_QUIET_LINE_EVERY = timedelta(days=7)
_NOTHING_NEW = "nothing new"


def build(
    house: House, sender: DiscordSender, composer: "Composer", guard: ClockGuard, prefetch: Prefetch, pace: Pace
) -> Supervisor:
    """Give the supervisor that delivers through `sender`."""
    rng = random.Random()
    outbox = Outbox(house.store, sender, composer.compose, pace, guard.now, clock=house.clock, rng=rng)
    amend = amender(lambda place: composer.speak(place.locale))
    dresser = Dresser(house.store, sender, pace, amend, clock=house.clock, rng=rng)
    return Supervisor(house.store, outbox, dresser, clock=house.clock, guard=guard, prefetch=prefetch)


class Composer:
    """Composes what a claimed delivery posts: the edition from the desk, the words from render."""

    def __init__(self, house: House, briefing_desk: Briefings, speak: Speak) -> None:
        self._store = house.store
        self._desk = briefing_desk
        self.speak = speak

    async def compose(self, schedule: Schedule, delivery: Delivery, now: datetime) -> Composed | Nothing:
        """Give the messages, or the reason why there is nothing to post."""
        say = replace(self.speak(schedule.place.locale), now=now)
        edition = await self._desk.compose(schedule, is_asked_for=delivery.is_manual)
        posting = posting_of(edition, schedule, delivery, now)
        if not posting.edition.picks:
            return await self._quiet(schedule, posting, say, now)
        post = briefings.post(posting, say)
        return Composed(
            plain=post.plain.content or "",
            dressed=None if post.dressed is None else to_payload(post.dressed)["components"],
            shown=_shown(posting.edition),
            allowed_role=posting.role_id,
            title=post.title,
        )

    async def _quiet(self, schedule: Schedule, posting: Posting, say: Voice, now: datetime) -> Composed | Nothing:
        if schedule.settings.quiet_day is QuietDay.SILENT:
            return Nothing(_NOTHING_NEW)
        name = f"quiet-line:{schedule.id}"
        last = await self._store.notes.get(name)
        if last is not None and now - datetime.fromisoformat(last) < _QUIET_LINE_EVERY:
            return Nothing(_NOTHING_NEW)
        await self._store.notes.put(name, now.isoformat())
        return Composed(briefings.quiet_line(posting, say).content or "", title=briefings.title(posting, say))


def tell(notice: Notice, say: Voice) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write a notice to managers: as plain text, since a V2 message gives an empty push, and what it is edited to."""
    message = notices.trouble(notice, say)
    return to_payload(plain_twin(message)), {"content": None, **to_payload(message)}


def _shown(edition: Edition) -> tuple[Shown, ...]:
    leads = {pick.story.id for pick in edition.leads}
    return tuple(_one_shown(pick, is_lead=pick.story.id in leads) for pick in edition.picks)


def _one_shown(pick: Pick, *, is_lead: bool) -> Shown:
    return Shown(pick.story.id, pick.story.lead.id, pick.story.title, is_lead)


def prefetcher(texts: ArticleTexts, briefing_desk: Briefings, clock: Clock) -> Prefetch:
    """Give what fetches, some minutes before an edition, the texts its leads would be quoted from."""

    async def prefetch(schedules: Sequence[Schedule]) -> None:
        asked: set[int] = set()
        for schedule in schedules:
            if schedule.next_due <= clock.now():
                continue  # it is composed by now, or about to be
            edition = await briefing_desk.compose(schedule)
            wanted = [pick.story.lead for pick in edition.leads if pick.story.lead.id not in asked]
            asked.update(article.id for article in wanted)
            await texts.prefetch(wanted)

    return prefetch
