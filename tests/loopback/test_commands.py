"""Commands are judged as Discord judges a sync, and keep their ids."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.clock import SimulatedClock
from bot.loopback.commands import Commands, judge_commands, text_size
from bot.loopback.ids import DiscordTime
from bot.loopback.problems import Problem

Json = dict[str, Any]


def command(name: str = "headlines", **about: Any) -> Json:
    return {"name": name, "description": "List headlines", "type": 1, **about}


def option(name: str = "topic", kind: int = 3, **about: Any) -> Json:
    return {"name": name, "description": "A topic", "type": kind, **about}


FINE: dict[str, list[Json]] = {
    "none": [],
    "100 commands": [command(f"c{n}") for n in range(100)],
    "25 options": [command(options=[option(f"o{n}") for n in range(25)])],
    "25 choices": [command(options=[option(choices=[{"name": "a", "value": str(n)} for n in range(25)])])],
    "required before optional": [command(options=[option("a", required=True), option("b")])],
    "subcommands in a group": [command(options=[option("g", 2, options=[option("s", 1, options=[option()])])])],
    "another script": [command(name_localizations={"de": "schlagzeilen", "ja": "見出し"})],
    "a context menu": [{"name": "Read This", "type": 3}],
    "one name in two types": [command("read"), {"name": "read", "type": 3}],
}


@pytest.mark.parametrize("commands", FINE.values(), ids=FINE)
def test_a_sync_takes(commands: list[Json]) -> None:
    judge_commands(commands)


REFUSED: dict[str, tuple[Any, str]] = {
    "no list": ({}, "LIST_TYPE_CONVERT"),
    "101 commands": ([command(f"c{n}") for n in range(101)], "APPLICATION_COMMANDS_TOO_MANY"),
    "16 context menus": ([{"name": f"Read {n}", "type": 3} for n in range(16)], "APPLICATION_COMMANDS_TOO_MANY"),
    "two of one name": ([command(), command()], "APPLICATION_COMMANDS_DUPLICATE_NAME"),
    "a name of 33": ([command("a" * 33)], "BASE_TYPE_BAD_LENGTH"),
    "capitals": ([command("Headlines")], "APPLICATION_COMMAND_INVALID_NAME"),
    "a blank in the name": ([command("head lines")], "APPLICATION_COMMAND_INVALID_NAME"),
    "a bad name in another language": (
        [command(name_localizations={"de": "Die Schlagzeilen"})],
        "APPLICATION_COMMAND_INVALID_NAME",
    ),
    "no description": ([command(description="")], "BASE_TYPE_BAD_LENGTH"),
    "a description of 101": ([command(description="a" * 101)], "BASE_TYPE_BAD_LENGTH"),
    "26 options": ([command(options=[option(f"o{n}") for n in range(26)])], "BASE_TYPE_BAD_LENGTH"),
    "two options of one name": (
        [command(options=[option(), option()])],
        "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED",
    ),
    "an unknown option type": ([command(options=[option(kind=12)])], "BASE_TYPE_CHOICES"),
    "optional before required": (
        [command(options=[option("a"), option("b", required=True)])],
        "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    "subcommands beside options": (
        [command(options=[option("s", 1), option("o")])],
        "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    "a group in a group": (
        [command(options=[option("g", 2, options=[option("h", 2)])])],
        "APPLICATION_COMMAND_NESTING",
    ),
    "26 choices": (
        [command(options=[option(choices=[{"name": "a", "value": str(n)} for n in range(26)])])],
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a choice of 101": (
        [command(options=[option(choices=[{"name": "a" * 101, "value": "a"}])])],
        "BASE_TYPE_BAD_LENGTH",
    ),
    "choices and autocomplete": (
        [command(options=[option(choices=[{"name": "a", "value": "a"}], autocomplete=True)])],
        "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES",
    ),
    "autocomplete of a channel": (
        [command(options=[option(kind=7, autocomplete=True)])],
        "APPLICATION_COMMAND_AUTOCOMPLETE_TYPE",
    ),
    "an unknown field": ([command(colour=1)], "UNKNOWN_FIELD"),
    "8,001 characters": (
        [
            command(
                options=[
                    option(
                        f"o{n}",
                        description="a" * 100,
                        choices=[{"name": "n" * 100, "value": "v" * 90 + str(i)} for i in range(2)],
                    )
                    for n in range(17)
                ]
            )
        ],
        "APPLICATION_COMMAND_TOO_LARGE",
    ),
}


@pytest.mark.parametrize(("commands", "code"), REFUSED.values(), ids=REFUSED)
def test_a_sync_is_refused_with(commands: Any, code: str) -> None:
    with pytest.raises(Problem) as refusal:
        judge_commands(commands)
    assert refusal.value.code == 50035
    assert f"'{code}'" in str(refusal.value.errors)


def test_the_size_counts_the_longest_localization_of_each_text() -> None:
    one = command("ab", description="abc", description_localizations={"de": "abcdef", "fr": "a"})
    assert text_size(one | {"options": [option("x", description="y", choices=[{"name": "n", "value": "vv"}])]}) == 13


@pytest.fixture
def kept() -> Commands:
    return Commands(7, DiscordTime(SimulatedClock(datetime(2026, 11, 22, tzinfo=UTC))))


def test_a_sync_keeps_ids_and_moves_the_version_only_of_what_changed(kept: Commands) -> None:
    first = kept.replace(0, [command("a"), command("b")])
    second = kept.replace(0, [command("a"), command("b", description="Another")])
    assert [c["id"] for c in first] == [c["id"] for c in second]
    assert [a["version"] == b["version"] for a, b in zip(first, second, strict=True)] == [True, False]
    assert kept.syncs == 2


def test_a_sync_drops_what_it_does_not_name(kept: Commands) -> None:
    kept.replace(0, [command("a"), command("b")])
    assert [c["name"] for c in kept.replace(0, [command("b")])] == ["b"]


def test_a_guilds_commands_stand_before_the_global_ones(kept: Commands) -> None:
    kept.replace(0, [command("a")])
    own = kept.upsert(5, command("b", default_member_permissions=32))
    assert own["guild_id"] == "5"
    assert own["default_member_permissions"] == "32"
    assert [c["name"] for c in kept.available(5)] == ["b", "a"]
    assert [c["name"] for c in kept.available(None)] == ["a"]


def test_one_command_is_replaced_found_and_removed(kept: Commands) -> None:
    made = kept.upsert(0, command("a"))
    assert kept.upsert(0, command("a", description="Changed"))["id"] == made["id"]
    assert kept.by_id(0, int(made["id"])) == kept.listed()[0]
    assert kept.remove(0, int(made["id"]))
    assert not kept.remove(0, int(made["id"]))
    assert kept.by_id(0, int(made["id"])) is None
