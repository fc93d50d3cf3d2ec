"""A person can do what Discord's client lets them do, and nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.clock import SimulatedClock
from bot.loopback import entry
from bot.loopback.components import SELECTS
from bot.loopback.entry import CannotDoError
from bot.loopback.payloads import modal_data, resolve
from bot.loopback.permissions import MEMBER, Permission
from bot.loopback.scenery import try_out
from bot.loopback.world import World

Json = dict[str, Any]
BUTTONS = frozenset({2})


@pytest.fixture
def world() -> World:
    return try_out(SimulatedClock(datetime(2026, 11, 22, tzinfo=UTC)))


def command(name: str = "headlines", **about: Any) -> Json:
    return {"name": name, "description": "A command", "type": 1, **about}


MANAGE, NOBODY = str(int(Permission.MANAGE_GUILD)), "0"
SEEN: dict[str, tuple[Json, str, str, bool]] = {
    "everybody": (command(), "member", "general", True),
    "in a DM by default": (command(), "member", "dm", True),
    "servers only": (command(dm_permission=False), "member", "dm", False),
    "DMs only, in a server": (command(contexts=[1]), "member", "general", False),
    "DMs only, in a DM": (command(contexts=[1]), "member", "dm", True),
    "managers only, for a member": (command(default_member_permissions=MANAGE), "member", "general", False),
    "managers only, for an admin": (command(default_member_permissions=MANAGE), "admin", "general", True),
    "nobody but administrators": (command(default_member_permissions=NOBODY), "member", "general", False),
    "managers only, in a DM": (command(default_member_permissions=MANAGE), "member", "dm", True),
}


@pytest.mark.parametrize(("synced", "who", "where", "seen"), SEEN.values(), ids=SEEN)
def test_a_command_is_seen_by(world: World, synced: Json, who: str, where: str, seen: bool) -> None:  # noqa: FBT001 - a table's column
    world.commands.replace(0, [synced])
    user = world.person(who)
    channel = world.direct(user) if where == "dm" else world.channel(where)
    assert bool(entry.commands_for(world, user, channel)) is seen


def test_application_commands_can_be_forbidden_in_a_server(world: World) -> None:
    world.commands.replace(0, [command()])
    (guild,) = world.guilds.values()
    world.change_role(guild, guild.roles[guild.id], MEMBER & ~Permission.USE_APPLICATION_COMMANDS)
    assert entry.commands_for(world, world.person("member"), world.channel("general")) == []


def test_an_admin_may_grant_or_deny_a_command_in_integrations(world: World) -> None:
    world.commands.replace(0, [command(default_member_permissions=MANAGE)])
    (guild,) = world.guilds.values()
    member, general = world.person("member"), world.channel("general")
    managers = world.add_role(guild, "News managers")
    world.commands.grant(guild.id, "headlines", managers.id)
    assert not entry.commands_for(world, member, general)
    world.set_roles(guild, member, managers)
    assert entry.commands_for(world, member, general)
    world.commands.grant(guild.id, "headlines", member.id, allowed=False)
    assert not entry.commands_for(world, member, general)
    world.commands.grant(guild.id, "headlines", guild.id)
    assert entry.commands_for(world, world.person("de"), general)


DESK = command(
    "newsdesk",
    options=[
        {"name": "setup", "type": 1, "options": [{"name": "time", "type": 3}]},
        {"name": "sources", "type": 2, "options": [{"name": "add", "type": 1}]},
    ],
)


def test_a_subcommand_is_found_with_its_path_and_options() -> None:
    found, path, options = entry.find_command([DESK], "/newsdesk setup")
    assert (found["name"], [step["name"] for step in path]) == ("newsdesk", ["setup"])
    assert [option["name"] for option in options] == ["time"]
    assert [step["name"] for step in entry.find_command([DESK], "newsdesk sources add")[1]] == ["sources", "add"]


@pytest.mark.parametrize("words", ["headlines", "newsdesk", "newsdesk nothing", "newsdesk sources"])
def test_there_is_no_command(words: str) -> None:
    with pytest.raises(CannotDoError):
        entry.find_command([DESK], words)


def option(kind: int, **about: Any) -> Json:
    return {"name": "o", "type": kind, **about}


TOPICS = [{"name": "World", "value": "world"}]
SHOW = [{"name": "Only me", "name_localizations": {"de": "Nur ich"}, "value": "me"}]
VALUES: dict[str, tuple[Json, Any, Any]] = {
    "a text": (option(3), "x", "x"),
    "a choice by name": (option(3, choices=TOPICS), "World", "world"),
    "a choice by value": (option(3, choices=TOPICS), "world", "world"),
    "a choice in small letters": (option(3, choices=SHOW), "only me", "me"),
    "a choice in one's own language": (option(3, choices=SHOW), "Nur ich", "me"),
    "a whole number": (option(4, min_value=1, max_value=9), "5", 5),
    "a number": (option(10), "0.5", 0.5),
    "yes": (option(5), "yes", True),
    "no": (option(5), "no", False),
    "true as it is": (option(5), True, True),
}


@pytest.mark.parametrize(("known", "given", "sent"), VALUES.values(), ids=VALUES)
def test_an_option_takes(world: World, known: Json, given: Any, sent: Any) -> None:
    assert entry.fill_options(world, None, [known], {"o": given}) == [
        {"name": "o", "type": known["type"], "value": sent}
    ]


REFUSED: dict[str, tuple[Json, Json]] = {
    "an unknown option": (option(3), {"p": "x"}),
    "a required option left out": (option(3, required=True), {}),
    "none of the choices": (option(3, choices=TOPICS), {"o": "sport"}),
    "too long": (option(3, max_length=1), {"o": "xx"}),
    "no number": (option(4), {"o": "x"}),
    "too large": (option(4, max_value=1), {"o": "2"}),
    "nobody": (option(6), {"o": "nobody"}),
    "no role": (option(8), {"o": "nothing"}),
    "no channel": (option(7), {"o": "#nothing"}),
    "a file": (option(11), {"o": "x"}),
}


@pytest.mark.parametrize(("known", "given"), REFUSED.values(), ids=REFUSED)
def test_an_option_refuses(world: World, known: Json, given: Json) -> None:
    with pytest.raises(CannotDoError):
        entry.fill_options(world, None, [known], given)


def test_people_roles_and_channels_are_named_passed_and_resolved(world: World) -> None:
    (guild,) = world.guilds.values()
    admin, news = world.person("admin"), world.channel("news")
    role = next(role for role in guild.roles.values() if role.name == "Admins")
    assert entry.entity(world, guild, 6, "@Admin") == str(admin.id)
    assert entry.entity(world, guild, 7, news) == entry.entity(world, guild, 7, "#news") == str(news.id)
    assert entry.entity(world, guild, 8, "@admins") == str(role.id)
    for kind, there in ((6, admin), (7, news), (8, role), (9, admin), (9, role)):
        assert entry.entity(world, guild, kind, str(there.id)) == str(there.id)
    found = resolve(world, guild, [(6, admin.id), (7, news.id), (8, role.id), (3, "x"), (9, world.owner.id)])
    assert {kind: set(values) for kind, values in found.items()} == {
        "users": {str(admin.id), str(world.owner.id)},
        "members": {str(admin.id)},
        "channels": {str(news.id)},
        "roles": {str(role.id)},
    }


def button(label: str, **about: Any) -> Json:
    return {"type": 2, "style": 2, "label": label, "custom_id": f"id-{label}", **about}


ROW = {"type": 1, "components": [button("Next page"), button("Next topic"), button("Off", disabled=True)]}
FOUND = {"a label": "next page", "a custom id": "id-Next page", "a beginning only one has": "next p"}


@pytest.mark.parametrize("wanted", FOUND.values(), ids=FOUND)
def test_a_button_is_found_by(wanted: str) -> None:
    assert entry.find_control([ROW], wanted, BUTTONS)["label"] == "Next page"


@pytest.mark.parametrize("wanted", ["next", "nothing"])
def test_a_button_is_not_guessed(wanted: str) -> None:
    with pytest.raises(CannotDoError):
        entry.find_control([ROW], wanted, BUTTONS)


def test_a_button_that_is_off_or_a_link_sends_nothing() -> None:
    for part in (ROW["components"][2], button("Open", style=5, url="https://e.org")):  # type: ignore[index]
        with pytest.raises(CannotDoError):
            entry.check_pressable(part)


def test_an_emoji_stands_for_a_missing_label() -> None:
    assert entry.title(button("", emoji={"name": "x"})) == "x"


def select(**about: Any) -> Json:
    options = [{"label": "1 · Rain", "value": "a"}, {"label": "2 · Snow", "value": "b"}]
    return {"type": 3, "custom_id": "open", "options": options, **about}


PICKS = {"a value": "b", "a label": "2 · Snow", "a row": "2", "a beginning": "2 ·"}


@pytest.mark.parametrize("wanted", PICKS.values(), ids=PICKS)
def test_an_option_is_picked_by(world: World, wanted: str) -> None:
    assert entry.pick_values(world, None, select(), [wanted]) == ["b"]


BAD_PICKS: dict[str, tuple[Json, list[str]]] = {
    "a select that is off": (select(disabled=True), ["1"]),
    "too many": (select(), ["1", "2"]),
    "too few": (select(min_values=2, max_values=2), ["1"]),
    "nothing that is there": (select(), ["Hail"]),
}


@pytest.mark.parametrize(("control", "values"), BAD_PICKS.values(), ids=BAD_PICKS)
def test_a_pick_is_refused(world: World, control: Json, values: list[str]) -> None:
    with pytest.raises(CannotDoError):
        entry.pick_values(world, None, control, values)


def test_a_channel_is_picked_by_name_and_the_only_select_needs_none(world: World) -> None:
    (guild,) = world.guilds.values()
    picker = {"type": 8, "custom_id": "c"}
    assert entry.find_control([{"type": 1, "components": [picker]}], "", SELECTS) is picker
    assert entry.pick_values(world, guild, picker, ["#news"]) == [str(world.channel("news").id)]


def label(name: str, control: Json) -> Json:
    return {"type": 18, "label": name, "component": control}


def boxes(kind: int, custom_id: str, **about: Any) -> Json:
    options = [{"label": "Mon", "value": "1", "default": True}, {"label": "Tue", "value": "2"}]
    return {"type": kind, "custom_id": custom_id, "options": options, **about}


FORM: Json = {
    "title": "Set up",
    "custom_id": "m",
    "components": [
        {"type": 10, "content": "Text"},
        label("Time", {"type": 4, "custom_id": "time", "value": "08:00", "max_length": 5}),
        label("Days", boxes(22, "days", max_values=2)),
        label("First", boxes(21, "first")),
        label("Where", {"type": 8, "custom_id": "where", "required": False}),
        label("Quiet", {"type": 23, "custom_id": "quiet"}),
        {"type": 1, "components": [{"type": 4, "custom_id": "note", "label": "Note", "required": False}]},
    ],
}


def test_a_form_is_filled_by_label_or_id_and_keeps_what_it_shows(world: World) -> None:
    (guild,) = world.guilds.values()
    filled = entry.fill_modal(
        world, guild, FORM, {"time": "07:30", "Days": ["Mon", "2"], "where": ["#news"], "Quiet": "yes"}
    )
    news = str(world.channel("news").id)
    assert filled == {"time": "07:30", "days": ["1", "2"], "first": "1", "where": [news], "quiet": True, "note": ""}
    data = modal_data(world, guild, FORM, filled)
    assert data["components"][1] == {
        "type": 18,
        "id": 2,
        "component": {"type": 4, "id": 102, "custom_id": "time", "value": "07:30"},
    }
    assert list(data["resolved"]["channels"]) == [news]
    assert data["components"][6]["components"][0]["value"] == ""


def test_a_form_left_as_it_is_sends_its_defaults(world: World) -> None:
    filled = entry.fill_modal(world, None, FORM, {})
    assert filled == {"time": "08:00", "days": ["1"], "first": "1", "where": [], "quiet": False, "note": ""}


def test_optional_groups_may_be_empty(world: World) -> None:
    for kind, empty in ((21, None), (22, []), (19, [])):
        control = boxes(kind, "c", required=False, options=[{"label": "a", "value": "a"}] if kind != 19 else [])
        form = {"components": [label("C", control)]}
        assert entry.fill_modal(world, None, form, {}) == {"c": empty}


def test_defaults_of_a_channel_select_are_sent(world: World) -> None:
    news = str(world.channel("news").id)
    control = {"type": 8, "custom_id": "c", "default_values": [{"id": news, "type": "channel"}]}
    assert entry.fill_modal(world, None, {"components": [label("C", control)]}, {}) == {"c": [news]}


BAD_FORMS: dict[str, tuple[Json, Json]] = {
    "too long": (FORM, {"Time": "08:00:00"}),
    "no such field": (FORM, {"Colour": "red"}),
    "required and empty": ({"components": [label("T", {"type": 4, "custom_id": "t"})]}, {}),
    "nothing chosen": ({"components": [label("D", boxes(21, "d", options=[]))]}, {}),
    "something unknown": ({"components": [{"type": 99}]}, {}),
}


@pytest.mark.parametrize(("form", "values"), BAD_FORMS.values(), ids=BAD_FORMS)
def test_a_form_refuses(world: World, form: Json, values: Json) -> None:
    with pytest.raises(CannotDoError):
        entry.fill_modal(world, None, form, values)


def test_a_file_is_attached_once_the_world_has_it_and_is_resolved_beside_the_option(world: World) -> None:
    option = {"name": "file", "type": 11}
    with pytest.raises(CannotDoError, match="can't be attached"):
        entry.convert(world, None, option, "list.opml")
    file = world.upload("list.opml", b"<opml/>")
    value = entry.convert(world, None, option, file)
    assert resolve(world, None, [(11, value)])["attachments"][value]["filename"] == "list.opml"


@pytest.mark.parametrize("kind", [6, 7, 8, 9])
@pytest.mark.parametrize("number", ["5", "0", "9" * 5_000, "²"])
def test_a_number_that_is_nothings_id_is_refused(world: World, kind: int, number: str) -> None:
    (guild,) = world.guilds.values()
    with pytest.raises(CannotDoError):
        entry.entity(world, guild, kind, number)
