"""Discord's own description and the judge: whatever the description refuses, the judge refuses too."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.loopback import judge
from bot.loopback.commands import judge_commands
from bot.loopback.problems import Problem
from bot.loopback.traffic import CALLBACK, CREATE, FOLLOW_UP_EDIT, SYNC, Request
from tests.wire import contract

Json = dict[str, Any]
V2 = 1 << 15


@pytest.fixture
def discord() -> contract.Contract:
    loaded = contract.load()
    if loaded is None:
        pytest.skip(contract.ABSENT)
    return loaded


def request(route: str, body: Any) -> Request:
    method, _, template = route.partition(" ")
    return Request(datetime(2026, 11, 22, tzinfo=UTC), method, template, {}, {}, body)


def text(content: str = "x") -> Json:
    return {"type": 10, "content": content}


def buttons(*parts: Json) -> Json:
    return {"flags": V2, "components": [{"type": 1, "components": list(parts)}]}


BOTH_REFUSE: dict[str, Json] = {
    "41 components": {"flags": V2, "components": [text()] * 41},
    "a label of 81": buttons({"type": 2, "style": 2, "label": "a" * 81, "custom_id": "a"}),
    "a custom id of 101": buttons({"type": 2, "style": 2, "label": "a", "custom_id": "a" * 101}),
    "26 options": buttons(
        {"type": 3, "custom_id": "a", "options": [{"label": "a", "value": str(n)} for n in range(26)]}
    ),
    "a text of 4,001": {"flags": V2, "components": [text("a" * 4001)]},
    "a section without accessory": {"flags": V2, "components": [{"type": 9, "components": [text()]}]},
    "a nonce of 26": {"content": "x", "nonce": "a" * 26},
    "11 embeds": {"embeds": [{"title": "x"}] * 11},
    "an unknown component": {"flags": V2, "components": [{"type": 99}]},
}


@pytest.mark.parametrize("body", BOTH_REFUSE.values(), ids=BOTH_REFUSE)
def test_what_the_description_refuses_the_judge_refuses(discord: contract.Contract, body: Json) -> None:
    assert discord.objections(request(CREATE, body))
    with pytest.raises(Problem):
        judge.judge_message(body, known=judge.CREATE)


ONLY_THE_JUDGE: dict[str, Json] = {
    "V2 text of 4,001 in sum": {"flags": V2, "components": [text("a" * 2001), text("b" * 2000)]},
    "V2 beside content": {"flags": V2, "components": [text()], "content": "x"},
    "content of 2,001": {"content": "a" * 2001},
    "a link button without URL": buttons({"type": 2, "style": 5, "label": "a"}),
    "an unknown field": {"content": "x", "colour": 1},
}


@pytest.mark.parametrize("body", ONLY_THE_JUDGE.values(), ids=ONLY_THE_JUDGE)
def test_what_the_description_misses_the_judge_refuses(discord: contract.Contract, body: Json) -> None:
    assert discord.objections(request(CREATE, body)) == []
    with pytest.raises(Problem):
        judge.judge_message(body, known=judge.CREATE)


def test_101_commands_are_the_judges_to_refuse(discord: contract.Contract) -> None:
    commands = [{"name": f"c{n}", "description": "x", "type": 1} for n in range(101)]
    assert discord.objections(request(SYNC, commands)) == []
    with pytest.raises(Problem):
        judge_commands(commands)


def test_ids_sent_as_numbers_are_no_mistake(discord: contract.Contract) -> None:
    body = {"content": "x", "allowed_mentions": {"parse": [], "roles": [1]}, "attachments": [{"id": 0}]}
    assert discord.objections(request(CREATE, body)) == []
    assert body["attachments"] == [{"id": 0}]


def test_an_answer_of_an_unknown_type_is_found(discord: contract.Contract) -> None:
    assert discord.objections(request(CALLBACK, {"type": 99}))
    assert discord.objections(request(FOLLOW_UP_EDIT, {"content": "x"})) == []


def test_a_route_discord_does_not_have_is_found(discord: contract.Contract) -> None:
    (objection,) = discord.objections(request("POST /nothing", {}))
    assert "not in Discord's description" in objection
    assert discord.objections(request("GET /nothing", None)) == []


def test_requests_that_were_refused_as_malformed_do_not_count(discord: contract.Contract) -> None:
    refused, taken = request(CREATE, {"nonce": []}), request(CREATE, {"nonce": []})
    refused.status, taken.status = 400, 200
    assert len(discord.violations([refused, taken])) == 1


def test_the_check_fails_when_the_material_is_here_and_the_description_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_DISCORD_OPENAPI", str(tmp_path / "nothing"))
    monkeypatch.setattr(contract, "ROOT", tmp_path / "a" / "checkout")
    assert contract.main() == 0
    (tmp_path / "shared" / "discord").mkdir(parents=True)
    assert contract.main() == 1
    (tmp_path / "shared" / "discord" / "openapi.json").write_text("{}")
    assert contract.main() == 0
    monkeypatch.setenv("DATELINE_DISCORD_OPENAPI", str(tmp_path / "shared" / "discord" / "openapi.json"))
    assert contract.description() == tmp_path / "shared" / "discord" / "openapi.json"
