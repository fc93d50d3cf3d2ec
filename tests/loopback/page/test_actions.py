"""Nothing the page does bypasses the stand-in: each action reaches the unmodified client as gateway events."""

from typing import Any

import discord
import pytest

from tests.fakes import waiting
from tests.fakes.stage import Stage

Kind = discord.InteractionType


async def _message(stage: Stage, command: str = "headlines", **options: Any) -> dict[str, str]:
    _, told = await stage.act("invoke", command=command, options=options)
    assert told["error"] is None
    stage.bot.seen.clear()
    return {"message": str(stage.newest().id)}


async def test_a_command_arrives_as_an_interaction(stage: Stage) -> None:
    status, told = await stage.act("invoke", command="headlines", options={"since": 3})
    assert (status, told["error"]) == (200, None)
    assert [(seen.type, seen.user.name, seen.data["name"]) for seen in stage.bot.seen] == [  # type: ignore[index,typeddict-item]
        (Kind.application_command, "admin", "headlines")
    ]


async def test_typing_in_an_option_asks_the_bot_for_suggestions(stage: Stage) -> None:
    _, told = await stage.act("suggest", command="headlines", option="topic", typed="be", options={})
    assert [choice["name"] for choice in told["choices"]] == ["Berlin", "Bergen"]
    assert [seen.type for seen in stage.bot.seen] == [Kind.autocomplete]


async def test_a_press_arrives_as_an_interaction_and_edits_the_message(stage: Stage) -> None:
    on = await _message(stage)
    _, told = await stage.act("press", control="page:2", **on)
    assert told["error"] is None
    assert [(seen.type, seen.data["custom_id"]) for seen in stage.bot.seen] == [(Kind.component, "page:2")]  # type: ignore[index,typeddict-item]
    assert "page 2 of 2" in str(stage.newest().json()["components"])


async def test_a_choice_arrives_with_its_values(stage: Stage) -> None:
    on = await _message(stage)
    await stage.act("choose", control="open", values=["2"], **on)
    assert [(seen.type, seen.data["values"]) for seen in stage.bot.seen] == [(Kind.component, ["2"])]  # type: ignore[index,typeddict-item]


async def test_a_form_is_told_to_the_page_and_arrives_filled(stage: Stage) -> None:
    on = await _message(stage, "newsdesk setup", channel="news")
    _, told = await stage.act("press", control="time", **on)
    assert told["modal"]["title"] == "Time and zone"
    values = {"time": "07:30", "city": ["Lisbon"], "style": "plain", "extras": ["hush"]}
    _, told = await stage.act("submit", form=told["form"], values=values)
    assert told["error"] is None
    assert stage.bot.seen[-1].type is Kind.modal_submit
    assert stage.newest().draft.content == "Handed in: 07:30 · ['Lisbon'] · plain · ['hush']"


async def test_words_arrive_as_a_message(stage: Stage) -> None:
    await stage.act("say", who="member", text="Good morning")
    await waiting.until(lambda: stage.bot.heard)
    assert [(heard.author.name, heard.channel.name) for heard in stage.bot.heard] == [("member", "general")]  # type: ignore[union-attr]


async def test_commands_are_those_the_person_may_use(stage: Stage) -> None:
    names = {}
    for who in ("admin", "member"):
        _, told = await stage.act("commands", who=who)
        names[who] = {command["name"] for command in told["commands"]}
    assert names["admin"] - names["member"] == {"newsdesk"}


async def test_a_bot_that_says_nothing_is_told_as_such(stage: Stage) -> None:
    on = await _message(stage)
    await stage.act("choose", control="open", values=["1"], **on)
    stage.loopback.people.patience_s = 0.05
    status, told = await stage.act("press", message=str(stage.newest().id), control="silent")
    assert (status, told["error"]) == (200, "The application did not respond")


@pytest.mark.parametrize(
    ("name", "body", "sentence"),
    [
        pytest.param("invoke", {"command": "nothing", "options": {}}, "no command /nothing", id="an unknown command"),
        pytest.param("invoke", {"command": "echo", "options": {}}, "text is required", id="a missing option"),
        pytest.param("invoke", {"command": "echo"}, "lacks “options”", id="no options"),
        pytest.param("press", {"message": "1", "control": "page:2"}, "message is gone", id="no such message"),
        pytest.param("press", {"message": "9" * 5000, "control": "x"}, "message is gone", id="an endless id"),
        pytest.param("press", {"message": 7, "control": "x"}, "lacks “message”", id="an id that is no text"),
        pytest.param("submit", {"form": "77", "values": {}}, "form is closed", id="a form that is not open"),
        pytest.param("say", {"channel": "5", "text": "x"}, "channel is gone", id="no such channel"),
        pytest.param("say", {"as": "5", "text": "x"}, "Nobody here", id="nobody"),
        pytest.param("say", {"text": ["x"]}, "lacks “text”", id="a text that is a list"),
    ],
)
async def test_what_discord_would_not_let_happen_is_told_in_a_sentence(
    stage: Stage, name: str, body: dict[str, Any], sentence: str
) -> None:
    status, told = await stage.act(name, **body)
    assert status == 409
    assert sentence in told["error"]
    assert stage.bot.seen == []


async def test_members_may_not_write_where_only_admins_do(stage: Stage) -> None:
    status, told = await stage.act("say", who="member", where="news", text="x")
    assert (status, told["error"]) == (409, "Member may not write there.")


@pytest.mark.parametrize("body", [None, [], "text", 3], ids=["nothing", "a list", "a text", "a number"])
async def test_an_action_is_an_object(stage: Stage, body: object) -> None:
    assert (await stage.post("act/say", body))[0] == 409


async def test_the_newest_fifty_forms_stay_open(stage: Stage) -> None:
    on = await _message(stage, "newsdesk setup", channel="news")
    numbers = [(await stage.act("press", control="time", **on))[1]["form"] for _ in range(52)]
    assert [stage.page.actions.form(number) is not None for number in numbers] == [False] * 2 + [True] * 50
