"""What the operator's verbs may ask: preview, retract, send the commands anew. JSON in, JSON out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.app.control import Progress
from bot.app.house import House
from bot.client.sync import NOTE
from bot.desk.briefings import Briefings
from bot.desk.posting import posting_of
from bot.desk.recall import Recall
from bot.desk.scope import Scope
from bot.desk.summaries import Summaries
from bot.domain.deliveries import DAILY, Delivery, State
from bot.domain.due import expiry
from bot.domain.places import Place, PlaceKind, SampleMode, Schedule, TargetKind
from bot.domain.stories import parse_story_key, story_key
from bot.errors import SetupError
from bot.i18n import texts_for
from bot.render.briefings import preview as draw
from bot.render.message import to_payload
from bot.render.voice import Voice

_NOBODY = Place(0, PlaceKind.SERVER, 0)


async def preview(house: House, arguments: Mapping[str, Any], _: Progress) -> dict[str, Any]:
    """Compose what a schedule would post now; without one, what a place with no settings of its own would get."""
    now = house.clock.now()
    schedule = await _schedule(house, arguments.get("schedule"), now)
    recall, summaries = Recall(house.store.members, house.clock), Summaries(house.store, house.pool)
    scope = Scope(house.store, house.clock, SampleMode(house.settings.sample))
    edition = await Briefings(house.store, house.clock, scope, summaries, recall).compose(schedule)
    posting = posting_of(edition, schedule, _delivery(schedule, now), now)
    if not schedule.id:  # nothing is set up, so nothing comes next
        posting = replace(posting, next_at=None)
    say = Voice(texts_for(arguments.get("language") or schedule.place.locale or "en"), now)
    return {
        "schedule": schedule.id or None,
        "zone": schedule.zone,
        "stories": [pick.story.title for pick in edition.picks],
        "message": to_payload(draw(posting, say)) if edition.picks else None,
    }


async def _schedule(house: House, number: int | None, now: datetime) -> Schedule:
    known = await house.store.overview.schedules()
    if number is None:
        on = [one for one in known if one.enabled]
        return on[0] if on else _any_schedule(now)
    found = next((one for one in known if one.id == number), None)
    if found is None:
        listed = ", ".join(str(one.id) for one in known[:20]) or "none"
        raise SetupError(
            f"There is no schedule {number}, so there is nothing to show. There are: {listed}.", exit_code=64
        )
    return found


def _any_schedule(now: datetime) -> Schedule:
    return Schedule(
        id=0, key=bytes(8), place=_NOBODY, channel_id=0, target=TargetKind.CHANNEL, local_time=now.time(), zone="UTC",
        next_due=now, next_date=now.date(),
    )  # fmt: skip


def _delivery(schedule: Schedule, now: datetime) -> Delivery:
    return Delivery(
        id=0, schedule=schedule, local_date=schedule.next_date, slot=DAILY, channel_id=schedule.channel_id, due_at=now,
        expires_at=expiry(schedule, now), state=State.PLANNED,
    )  # fmt: skip


async def retract(house: House, arguments: Mapping[str, Any], _: Progress) -> dict[str, Any]:
    """Withdraw a story everywhere; the posts that show it as a lead are corrected by the running bot, or the next."""
    key = str(arguments["story"])
    number = parse_story_key(key) if not key.isdigit() else int(key)
    story = await house.store.stories.story(number) if number is not None else None
    if story is None:
        raise SetupError(
            f"There is no story {key}, so nothing was changed. Its id stands under its card.", exit_code=64
        )
    posts = await house.store.corrections.of_story(story.id)
    told = {"story": story_key(story.id), "title": story.title, "articles": len(story.articles), "posts": len(posts)}
    if arguments.get("dry_run"):
        return {**told, "done": False}
    await house.store.stories.retract(story.id, house.clock.now())
    await house.pipeline.forget([article.id for article in story.articles])
    return {**told, "done": True}


async def send_commands(house: House, _: Mapping[str, Any], __: Progress) -> dict[str, Any]:
    """Forget which commands Discord has, so that the next start sends them."""
    await house.store.notes.put(NOTE, "{}")
    return {}
