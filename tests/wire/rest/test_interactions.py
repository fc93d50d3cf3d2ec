"""Answers to interactions: once, in time, fitting what was done."""

from typing import Any

import pytest

from bot.clock import SimulatedClock
from bot.loopback import Loopback
from bot.loopback.interactions import Interaction, Sort
from bot.loopback.judge import Draft
from bot.loopback.messages import Message
from tests.wire.rest.asking import EPHEMERAL, SAY, V2, Json, Rest, callback, opened, path


def shown(loopback: Loopback) -> Message:
    world = loopback.world
    return world.messages.create(world.channel("general"), world.bot, Draft(content="x"))


def hook(loopback: Loopback, interaction: Interaction, message: str | None = None) -> str:
    base = f"/webhooks/{loopback.world.bot.id}/{interaction.token}"
    return f"{base}/messages/{message}" if message else base


async def test_an_answer_tells_what_came_of_it_when_asked(rest: Rest, loopback: Loopback) -> None:
    interaction = opened(loopback)
    reply = await rest("POST", callback(interaction) + "?with_response=true", SAY)
    assert reply.status == 200
    assert reply.body["resource"]["message"]["content"] == "x"
    assert reply.body["interaction"]["response_message_id"] == reply.body["resource"]["message"]["id"]
    assert reply.body["resource"]["message"]["interaction_metadata"]["name"] == "headlines"


async def test_an_interaction_takes_one_first_answer(rest: Rest, loopback: Loopback) -> None:
    interaction = opened(loopback)
    assert (await rest("POST", callback(interaction), SAY)).status == 204
    assert (await rest("POST", callback(interaction), SAY)).code == (400, 40060)


async def test_the_first_answer_comes_within_three_seconds(
    rest: Rest, loopback: Loopback, clock: SimulatedClock
) -> None:
    late, in_time = opened(loopback), opened(loopback)
    await clock.advance(3)
    assert (await rest("POST", callback(in_time), SAY)).status == 204
    await clock.advance(0.001)
    assert (await rest("POST", callback(late), SAY)).code == (404, 10062)
    assert (await rest("POST", "/interactions/1/unknown/callback", SAY)).code == (404, 10062)


async def test_a_token_lives_fifteen_minutes(rest: Rest, loopback: Loopback, clock: SimulatedClock) -> None:
    interaction = opened(loopback)
    await rest("POST", callback(interaction), SAY)
    await clock.advance(15 * 60)
    assert (await rest("POST", hook(loopback, interaction), {"content": "y"})).status == 200
    await clock.advance(1)
    assert (await rest("POST", hook(loopback, interaction), {"content": "z"})).code == (401, 50027)
    assert (await rest("PATCH", hook(loopback, interaction, "@original"), {"content": "z"})).code == (401, 50027)
    await clock.advance(30 * 60)
    opened(loopback)
    assert (await rest("POST", hook(loopback, interaction), {"content": "z"})).code == (404, 10015)


async def test_a_follow_up_waits_for_the_first_answer(rest: Rest, loopback: Loopback) -> None:
    assert (await rest("POST", hook(loopback, opened(loopback)), {"content": "x"})).code == (404, 10015)


MATCHES = {
    "a message to a command": (Sort.COMMAND, 4, 204),
    "an update to a command": (Sort.COMMAND, 7, 400),
    "a deferred update to a command": (Sort.COMMAND, 6, 400),
    "choices to a command": (Sort.COMMAND, 8, 400),
    "a modal to a command": (Sort.COMMAND, 9, 204),
    "a message to autocomplete": (Sort.AUTOCOMPLETE, 4, 400),
    "choices to autocomplete": (Sort.AUTOCOMPLETE, 8, 204),
    "an update to a press": (Sort.COMPONENT, 7, 204),
    "a deferred update to a press": (Sort.COMPONENT, 6, 204),
    "a modal to a press": (Sort.COMPONENT, 9, 204),
    "a modal to a modal": (Sort.MODAL, 9, 400),
    "a pong": (Sort.COMMAND, 1, 400),
    "nonsense": (Sort.COMMAND, "4", 400),
}
DATA: Json = {
    "content": "x",
    "choices": [],
    "custom_id": "m",
    "title": "t",
    "components": [{"type": 18, "label": "l", "component": {"type": 4, "custom_id": "c", "style": 1}}],
}
FIELDS = {4: ["content"], 7: ["content"], 8: ["choices"], 9: ["custom_id", "title", "components"]}


@pytest.mark.parametrize(("sort", "kind", "status"), MATCHES.values(), ids=MATCHES)
async def test_answers_fit_what_was_done(rest: Rest, loopback: Loopback, sort: Sort, kind: Any, status: int) -> None:
    interaction = opened(loopback, sort, shown(loopback) if sort is Sort.COMPONENT else None)
    data = {name: DATA[name] for name in FIELDS.get(kind, [])}
    assert (await rest("POST", callback(interaction), {"type": kind, "data": data})).status == status


async def test_an_update_of_a_form_without_a_message_is_refused(rest: Rest, loopback: Loopback) -> None:
    interaction = opened(loopback, Sort.MODAL)
    assert (await rest("POST", callback(interaction), {"type": 7, "data": {"content": "x"}})).status == 400


async def test_an_ephemeral_answer_is_in_no_history_and_only_its_token_reaches_it(
    rest: Rest, loopback: Loopback
) -> None:
    interaction = opened(loopback)
    await rest("POST", callback(interaction), {"type": 4, "data": {"content": "x", "flags": EPHEMERAL}})
    message = interaction.original
    assert message is not None
    assert (await rest("GET", path(message.channel, message.id))).code == (404, 10008)
    assert (await rest("GET", hook(loopback, interaction, "@original"))).body["content"] == "x"
    assert (await rest("DELETE", hook(loopback, interaction, "@original"))).status == 204
    assert (await rest("GET", hook(loopback, interaction, "@original"))).code == (404, 10008)


async def test_a_deferred_answer_shows_as_loading_until_it_is_completed(rest: Rest, loopback: Loopback) -> None:
    interaction = opened(loopback)
    reply = await rest("POST", callback(interaction) + "?with_response=1", {"type": 5, "data": {"flags": EPHEMERAL}})
    about = reply.body["interaction"]
    assert about["response_message_loading"]
    assert about["response_message_ephemeral"]
    assert not interaction.completed.is_set()
    edited = await rest(
        "PATCH", hook(loopback, interaction, "@original"), {"flags": V2, "components": [{"type": 10, "content": "x"}]}
    )
    assert interaction.completed.is_set()
    assert edited.body["flags"] == V2 | EPHEMERAL


async def test_the_first_follow_up_after_a_deferral_is_as_private_as_that(rest: Rest, loopback: Loopback) -> None:
    interaction = opened(loopback)
    await rest("POST", callback(interaction), {"type": 5})
    reply = await rest("POST", hook(loopback, interaction), {"content": "x", "flags": EPHEMERAL})
    assert not reply.body["flags"] & EPHEMERAL
    further = await rest("POST", hook(loopback, interaction), {"content": "y", "flags": EPHEMERAL})
    assert further.body["flags"] & EPHEMERAL
    one = hook(loopback, interaction, further.body["id"])
    assert (await rest("PATCH", one, {"content": "z"})).body["content"] == "z"
    assert (await rest("GET", hook(loopback, interaction, "1"))).code == (404, 10008)


async def test_a_deferred_update_leaves_the_message_for_an_edit(rest: Rest, loopback: Loopback) -> None:
    message = shown(loopback)
    interaction = opened(loopback, Sort.COMPONENT, message)
    reply = await rest("POST", callback(interaction) + "?with_response=true", {"type": 6})
    assert "message" not in reply.body["resource"]
    await rest("PATCH", hook(loopback, interaction, "@original"), {"content": "y"})
    assert message.draft.content == "y"


async def test_a_user_install_has_five_follow_ups(rest: Rest, loopback: Loopback) -> None:
    interaction = opened(loopback)
    interaction.by_user_install = True
    await rest("POST", callback(interaction), SAY)
    statuses = [(await rest("POST", hook(loopback, interaction), {"content": "x"})).status for _ in range(6)]
    assert statuses == [200] * 5 + [400]


async def test_what_refused_an_answer_is_remembered(rest: Rest, loopback: Loopback) -> None:
    interaction = opened(loopback)
    assert (await rest("POST", callback(interaction), {"type": 4, "data": {"content": "a" * 2001}})).status == 400
    assert interaction.refusal is not None
    assert "BASE_TYPE_BAD_LENGTH" in interaction.refusal
