"""What the operator's verbs ask of a running bot."""

from datetime import time
from pathlib import Path

import pytest

from bot.app.control import ask, socket_path
from bot.clock import Clock
from bot.domain.answers import SetupDraft
from bot.domain.places import PlaceKind
from bot.errors import SetupError
from bot.loopback import Loopback
from bot.settings import Settings
from tests.fakes.clocks import from_noon
from tests.fakes.waiting import until
from tests.wire.newsroom import Newsroom, newsroom


@pytest.fixture
def clock() -> Clock:
    """Give a clock by which no briefing of eight o'clock comes by itself in the middle of a test."""
    return from_noon()


async def asked(room: Newsroom, verb: str, **arguments: object) -> object:
    return await ask(socket_path(room.house.settings.database), verb, arguments, lambda _: None)


async def posted(room: Newsroom) -> int:
    """Set up a briefing as a manager does, post it now; give the schedule's id."""
    people = room.loopback.people
    admin, news = people.user("admin"), room.loopback.world.channel("news")
    services = room.live.client.services
    guild = next(iter(room.loopback.world.bot_guilds()))
    place = await services.places.ensure(PlaceKind.SERVER, guild.id, room.house.clock.now())
    draft = SetupDraft(channel_id=news.id, local_time=time(8), zone="Europe/Berlin")
    schedule = await services.scheduling.turn_on(place, draft, admin.id)
    await services.scheduling.post_now(place, schedule.id, admin.id)

    async def is_sent() -> bool:
        return any(one.state == "sent" for one in await room.house.store.ledger.recent(schedule))

    await until(is_sent)
    return schedule.id


def shown(room: Newsroom) -> str:
    return str([one.json() for one in room.loopback.people.sees("admin", "news")])


async def test_beside_a_running_bot_a_story_is_retracted_and_its_post_corrected(
    tmp_path: Path, loopback: Loopback, clock: Clock
) -> None:
    async with newsroom(tmp_path, loopback, clock, Settings(data=tmp_path, fetch="off")) as room:
        number = await posted(room)
        before = await asked(room, "preview", schedule=number)
        assert isinstance(before, dict)
        assert before["zone"] == "Europe/Berlin"
        lead = await _lead(room)
        told = await asked(room, "retract", story=lead)
        assert isinstance(told, dict)
        assert (told["done"], told["posts"]) == (True, 1)
        await until(lambda: "ithdrawn" in shown(room) or "orrect" in shown(room))
        after = await asked(room, "preview", schedule=number)
        assert isinstance(after, dict)
        assert told["title"] not in after["stories"]
        with pytest.raises(SetupError, match="There is no story"):
            await asked(room, "retract", story=lead)


async def _lead(room: Newsroom) -> str:
    for story in await room.house.store.stories.newest(limit=50):
        if story.title.startswith("Japan is intensifying"):
            return story.key
    raise AssertionError("the sample leads with Japan")
