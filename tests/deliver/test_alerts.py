import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.deliver.alerts import LOOK_EVERY_S, MOST_TRIES, AlertSender, Direct
from bot.deliver.answers import Answer
from bot.deliver.pace import Pace
from bot.domain.intake import Batch
from bot.domain.topics import Topic
from bot.errors import SetupError, StoreError, StoreFault
from bot.store.matches import matcher
from tests.fakes import newsroom as fakes
from tests.fakes.newsroom import Newsroom
from tests.fakes.waiting import until

Json = dict[str, Any]
SENT = Answer(200, message_id=500, channel_id=50)


class FakeSender:
    """Answers as scripted, else with success; notes what was asked."""

    def __init__(self) -> None:
        self.sends: list[Json] = []
        self.edits: list[tuple[int, int, Json]] = []
        self.answers: list[Answer] = []
        self.edit_answers: list[Answer] = []

    async def direct(self, user_id: int, body: Json) -> Answer:
        self.sends.append(body | {"to": user_id})
        return self.answers.pop(0) if self.answers else SENT

    async def edit(self, channel_id: int, message_id: int, body: Json) -> Answer:
        self.edits.append((channel_id, message_id, body))
        return self.edit_answers.pop(0) if self.edit_answers else Answer(200)


class Desk:
    """The alerting desk with the simplest of words."""

    def __init__(self, room: Newsroom) -> None:
        self.room = room
        self.trouble: StoreError | None = None

    async def outgoing(self) -> tuple[Direct, ...]:
        if self.trouble:
            raise self.trouble
        return tuple(_written(one) for one in await self.room.alerting.outgoing())

    async def undressed(self) -> tuple[Direct, ...]:
        return tuple(_written(one) for one in await self.room.alerting.undressed())


def _written(one: Any) -> Direct:
    due, title = one.due, one.alert.story.title
    where = (due.channel_id, due.message_id)
    return Direct(due.id, due.user_id, due.nonce, title, [{"type": 10, "content": title}], 1, due.tries, *where)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    room = await Newsroom.open(tmp_path)
    source = await room.source("feed")
    await room.follows.follow(await room.reader(), "topic:sport")
    draft = fakes._draft("Cup won", 0, 1, topics=(Topic.SPORT,))
    await room.store.articles.take_in(source, Batch(drafts=(draft,)), room.clock.now(), matcher(room.clock))
    yield room
    await room.store.close()


@pytest.fixture
def sender() -> FakeSender:
    return FakeSender()


@pytest.fixture
def desk(room: Newsroom) -> Desk:
    return Desk(room)


@pytest.fixture
def alerts(room: Newsroom, sender: FakeSender, desk: Desk) -> AlertSender:
    rng = random.Random(1)
    return AlertSender(room.store, sender, desk, Pace(room.clock, 1e9), clock=room.clock, rng=rng)


async def step(room: Newsroom, alerts: AlertSender) -> bool:
    """Do one step, and let the pace have its moments."""
    task = asyncio.create_task(alerts.step())
    while not task.done():
        await room.clock.advance(1e-6)
    return await task


async def _state(room: Newsroom) -> str:
    query = "select state from alert"
    state: str = await room.store.db.read(lambda raw: raw.execute(query).fetchone()["state"])
    return state


async def test_an_alert_is_created_plain_with_its_nonce_and_dressed(
    room: Newsroom, sender: FakeSender, alerts: AlertSender
) -> None:
    assert await step(room, alerts)
    (body,) = sender.sends
    assert (body["to"], body["content"], body["enforce_nonce"]) == (7, "Cup won", True)
    assert (body["allowed_mentions"], len(body["nonce"])) == ({"parse": []}, 24)
    ((channel, message, edit),) = sender.edits
    assert (channel, message, edit["content"]) == (50, 500, None)
    assert not await step(room, alerts)
    assert (len(sender.sends), len(sender.edits), await _state(room)) == (1, 1, "sent")


@pytest.mark.parametrize(
    "answer", [Answer(403, 50007), Answer(403, 50278), Answer(403), Answer(404, 10013)], ids=lambda one: str(one.code)
)
async def test_a_refused_dm_is_not_tried_again_and_has_to_be_told(
    room: Newsroom, sender: FakeSender, alerts: AlertSender, answer: Answer
) -> None:
    sender.answers = [answer]
    await step(room, alerts)
    await room.clock.advance(3600)
    assert not await step(room, alerts)
    assert (len(sender.sends), await _state(room)) == (1, "dropped")
    assert await room.follows.has_to_be_told(7)


async def test_without_an_answer_it_is_tried_with_the_same_nonce_and_not_for_ever(
    room: Newsroom, sender: FakeSender, alerts: AlertSender
) -> None:
    sender.answers = [Answer(None)] * 9
    for _ in range(9):
        await step(room, alerts)
        await room.clock.advance(400)
    assert len(sender.sends) == MOST_TRIES
    assert len({body["nonce"] for body in sender.sends}) == 1
    assert await _state(room) == "dropped"


@pytest.mark.parametrize(
    "answer", [Answer(429, retry_after_s=30.0), Answer(429, retry_after_s=30.0, is_global=True)], ids=["one", "all"]
)
async def test_it_waits_as_long_as_discord_asks(
    room: Newsroom, sender: FakeSender, alerts: AlertSender, answer: Answer
) -> None:
    sender.answers = [answer]
    await step(room, alerts)
    await room.clock.advance(20)
    assert not await step(room, alerts)
    await room.clock.advance(12)
    assert await step(room, alerts)
    assert (len(sender.sends), await _state(room)) == (2, "sent")


async def test_what_discord_finds_wrong_with_it_is_our_fault_and_ends_it(
    room: Newsroom, sender: FakeSender, alerts: AlertSender
) -> None:
    sender.answers = [Answer(400, 50035)]
    await step(room, alerts)
    assert await _state(room) == "dropped"
    assert not await room.follows.has_to_be_told(7)


async def test_controls_come_later_where_the_edit_got_no_answer_and_never_where_it_was_refused(
    room: Newsroom, sender: FakeSender, alerts: AlertSender
) -> None:
    sender.edit_answers = [Answer(500), Answer(404, 10008)]
    for _ in range(3):
        await step(room, alerts)
    assert (len(sender.sends), len(sender.edits), await _state(room)) == (1, 2, "sent")


async def test_a_token_that_is_not_accepted_stops_everything(sender: FakeSender, alerts: AlertSender) -> None:
    sender.answers = [Answer(401)]
    with pytest.raises(SetupError):
        await alerts.run()


async def test_it_looks_every_few_seconds_also_after_trouble_with_the_store(
    room: Newsroom, sender: FakeSender, desk: Desk, alerts: AlertSender
) -> None:
    desk.trouble = StoreError(StoreFault.LOCKED, "The database is locked.")
    running = asyncio.create_task(alerts.run())
    await until(lambda: room.clock.next_wake)  # it met the trouble, and waits
    desk.trouble = None
    await until(lambda: sender.sends, room.clock, step_s=LOOK_EVERY_S)
    running.cancel()
    assert await asyncio.gather(running, return_exceptions=True)
