"""Members who send what no form of ours would: the whole bot answers each with something clear, and stays well."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.clock import SystemClock
from bot.loopback import CannotDoError, Loopback
from bot.loopback.judge import Draft
from bot.loopback.limits import V2_FLAG
from bot.loopback.messages import Message
from bot.loopback.people import Exchange
from bot.render.custom_ids import _HINTS, REGISTRY
from bot.settings import Settings
from tests.wire.newsroom import Newsroom, newsroom

Json = dict[str, Any]
STRING, SUBCOMMAND, GROUP = 3, 1, 2
BROKEN = "Code E16"  # the code of what nobody expected

HOSTILE = {
    "huge": "a" * 6_000,
    "words": "storm " * 1_000,
    "astral": "𝕬" * 3_000,
    "marks": "e" + "\u0301" * 2_999,
    "bidi": "\u202e\u2066@everyone\u200b<@&1> `x` ||y|| [a](http://10.0.0.1) <t:0:R>\u0000",
    "sql": "'; drop table article; -- \" OR 1=1 * NEAR(a b) AND NOT",
    "path": "../../etc/passwd\x00 ${jndi:x} %s %n {0} {name}",
    "numbers": "99999999999999999999999999",
    "kind": "story:s" + "z" * 12,
    "space": "\u3000 \t\n ",
}


@pytest.fixture
async def room(tmp_path: Path, loopback: Loopback, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Newsroom]:
    """Give the bot with the bundled sample; nothing worse than a warning may be logged."""
    async with newsroom(tmp_path, loopback, SystemClock(), Settings(data=tmp_path, fetch="off")) as opened:
        await opened.house.documents.import_sample()
        yield opened
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def said(exchange: Exchange) -> str:
    return str(exchange.message.json())


async def answered(loopback: Loopback, exchange: Exchange) -> str:
    """Wait for an answer, which is there, and is not that something went wrong; give it as text."""
    if exchange.interaction.modal is not None:
        return "a form"
    await loopback.people.settle(exchange)
    assert exchange.error is None, exchange.error
    text = said(exchange)
    assert BROKEN not in text, text
    return text


def options_of(command: Json, path: str = "") -> Iterator[tuple[str, list[Json]]]:
    """Give every command that can be sent, with its options."""
    name = f"{path} {command['name']}".strip()
    inner = [one for one in command.get("options") or [] if one["type"] in (SUBCOMMAND, GROUP)]
    if not inner:
        yield name, command.get("options") or []
    for one in inner:
        yield from options_of(one, name)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
async def test_every_text_option_of_every_command_takes_anything(room: Newsroom, loopback: Loopback, text: str) -> None:
    tried = 0
    for command in loopback.people.commands("admin", "general"):
        for name, options in options_of(command):
            texts = [one for one in options if one["type"] == STRING and not one.get("choices")]
            for option in texts:
                given = {one["name"]: "a" for one in texts if one.get("required")}
                given[option["name"]] = text[: option.get("max_length") or 6_000]
                await answered(loopback, await loopback.people.invoke("admin", "general", name, given))
                tried += 1
            for option in (one for one in texts if one.get("autocomplete")):
                typed = await loopback.people.autocomplete("admin", "general", name, option["name"], text)
                assert typed.error is None
                assert len(typed.choices) <= 25
    assert tried >= 9


# ── controls that nobody was given ───────────────────────────────────────────────────────────────────────────────


def forged() -> list[str]:
    """Make ids of every kind of control with values that we never wrote, and some that are no ids of ours."""
    ids = ["x", "d1", "d1:", "d1:story", "d0:story:1", "d1:nothing:1", "d1:story:1:2:3:4", "d1:story:é", "d1:pick:1"]
    for kind in REGISTRY:
        values = [list(_values(hint)) for hint in _HINTS[kind].values()]
        rows = itertools.islice(itertools.zip_longest(*values, fillvalue="1"), 14)
        ids.extend(":".join(("d1", kind, *row)) for row in rows)
    return [one for one in dict.fromkeys(ids) if len(one) <= 100]


def _values(hint: Any) -> Iterator[str]:
    for kind in get_args(hint) or (hint,):
        if isinstance(kind, type) and issubclass(kind, Enum):
            yield from (str(one.value) for one in kind)
    yield from ("1", "-1", "9007199254740993", "true", "none", "")


def posted(loopback: Loopback, custom_id: str, kind: int) -> Message:
    """Let the bot have posted a message with such a control, as a client that was tampered with would claim."""
    part: Json = {"type": 2, "style": 2, "label": "Press", "custom_id": custom_id, "id": 2}
    if kind == 3:
        values = ["s1", "999", "nothing", "topic-0", "1", "9" * 40]
        part = {"type": 3, "custom_id": custom_id, "id": 2, "options": [{"label": one, "value": one} for one in values]}
    draft = Draft(components=({"type": 1, "id": 1, "components": [part]},), flags=V2_FLAG)
    return loopback.world.messages.create(loopback.world.channel("general"), loopback.world.bot, draft)


@pytest.mark.parametrize("who", ["member", "admin"])
async def test_every_forged_control_is_answered(room: Newsroom, loopback: Loopback, who: str) -> None:
    failed = []
    for custom_id in forged():
        exchanges = [
            await loopback.people.press(who, posted(loopback, custom_id, 2), custom_id),
            await loopback.people.choose(who, posted(loopback, custom_id, 3), custom_id, ["nothing"]),
            await loopback.people.choose(who, posted(loopback, custom_id, 3), custom_id, ["999"]),
            await loopback.people.choose(who, posted(loopback, custom_id, 3), custom_id, ["9" * 40]),
        ]
        told = [one for one in exchanges if one.interaction.modal is None]
        failed += [custom_id for one in told if one.error or BROKEN in said(one)]
    assert failed == []


# ── double clicks, and what vanished meanwhile ───────────────────────────────────────────────────────────────────


async def test_a_double_click_shares_once_and_follows_once(room: Newsroom, loopback: Loopback) -> None:
    card = await loopback.people.invoke("member", "general", "summary", {"story": "japan"})
    presses = [loopback.people.press("member", card.message, "Share in channel") for _ in range(5)]
    told = [await answered(loopback, one) for one in await asyncio.gather(*presses)]
    assert sum("Code E21" in text for text in told) == 4
    follows = [loopback.people.choose("member", card.message, "More…", ["follow"]) for _ in range(5)]
    for one in await asyncio.gather(*follows):
        await answered(loopback, one)
    user = loopback.people.user("member")
    assert len(await room.house.store.follows.of_person(user.id)) == 1


async def test_a_story_retracted_while_its_card_is_open_is_gone_from_every_control(
    room: Newsroom, loopback: Loopback
) -> None:
    card = await loopback.people.invoke("member", "general", "summary", {"story": "japan"})
    listed = await loopback.people.invoke("member", "general", "headlines")
    (found,) = [one for one in await room.house.store.stories.newest(limit=50) if one.title.startswith("Japan")]
    await room.house.store.stories.retract(found.id, SystemClock().now())
    for button in ("Read full text", "Share in channel"):
        assert "Code E04" in await answered(loopback, await loopback.people.press("member", card.message, button))
    for act in ("why", "longer", "follow", "mute"):
        chosen = await loopback.people.choose("member", card.message, "More…", [act])
        assert "Code E04" in await answered(loopback, chosen), act
    number = next(
        one["value"]
        for part in listed.message.json()["components"]
        for one in (part.get("components") or [{}])[0].get("options", [])
        if "Japan" in one["label"]
    )
    gone = await loopback.people.choose("member", listed.message, "", [number])
    assert "Code E04" in await answered(loopback, gone)


async def test_typing_at_full_speed_is_answered_and_so_is_a_command_meanwhile(
    room: Newsroom, loopback: Loopback
) -> None:
    fields = [("summary", "story"), ("follow", "what"), ("headlines", "topic"), ("mybriefing", "zone")]
    typing = [
        loopback.people.autocomplete("member", "general", command, option, text)
        for (command, option), text in itertools.product(fields, ["", "j", "ja", "jap", "japa", "japan x"] * 8)
    ]
    list_, *typed = await asyncio.gather(loopback.people.invoke("admin", "general", "headlines"), *typing)
    await answered(loopback, list_)
    assert [one.error for one in typed if one.error] == []


async def test_a_control_of_somebody_elses_message_is_answered_for_the_presser(
    room: Newsroom, loopback: Loopback
) -> None:
    public = await loopback.people.invoke("admin", "general", "headlines", {"show": "everyone"})
    card = await loopback.people.choose("mitglied", public.message, "", [1])
    assert card.is_private
    with pytest.raises(CannotDoError):
        await loopback.people.press("member", card.message, "Share in channel")
