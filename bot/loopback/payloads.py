"""Interaction payloads, written exactly as Discord sends them. Pure but for reading the world."""

from typing import Any

from bot.loopback import limits
from bot.loopback.components import LABEL, ROW, TEXT
from bot.loopback.guilds import Channel, Guild, User
from bot.loopback.interactions import Interaction
from bot.loopback.permissions import Permission
from bot.loopback.world import World

Json = dict[str, Any]

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 3, 4, 5, 6, 7, 8, 9, 10, 11
ENTITY_SELECTS = {5: USER, 6: ROLE, 7: MENTIONABLE, 8: CHANNEL}
IN_GUILD, IN_DM = 0, 1


def envelope(world: World, interaction: Interaction, data: Json, *, complete_message: bool = True) -> Json:
    """Wrap what a person did in everything Discord tells about who, where and in which language."""
    user, channel, guild = interaction.user, interaction.channel, world.guild_of(interaction.channel)
    held = world.permissions(user, channel)
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(world.bot.id),
        "type": int(interaction.sort),
        "token": interaction.token,
        "version": 1,
        "data": data,
        "channel_id": str(channel.id),
        "channel": channel.json() | {"permissions": str(int(held))},
        "locale": user.locale,
        "entitlements": [],
        "entitlement_sku_ids": [],
        "attachment_size_limit": limits.ATTACHMENT_BYTES,
        "app_permissions": str(int(world.permissions(world.bot, channel))),
        "context": IN_DM if guild is None else IN_GUILD,
        "authorizing_integration_owners": _owners(interaction, guild),
    }
    payload |= _author(guild, user, held)
    if interaction.message is not None and complete_message:
        payload["message"] = interaction.message.json()
    return payload


def _owners(interaction: Interaction, guild: Guild | None) -> Json:
    if interaction.by_user_install:
        return {"1": str(interaction.user.id)}
    return {"0": str(guild.id if guild else 0)}


def _author(guild: Guild | None, user: User, held: Permission) -> Json:
    if guild is None:
        return {"user": user.json()}
    return {
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": guild.locale, "features": list(guild.features)},
        "guild_locale": guild.locale,
        "member": guild.members[user.id].json() | {"permissions": str(int(held))},
    }


def command_data(world: World, guild: Guild | None, command: Json, path: list[Json], options: list[Json]) -> Json:
    """Write a slash command: the options nest in the subcommands of `path`, entities are resolved beside them."""
    resolved = resolve(world, guild, [(option["type"], option["value"]) for option in options])
    for step in reversed(path):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"], "options": options}
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data | ({"resolved": resolved} if resolved else {})


def resolve(world: World, guild: Guild | None, values: list[tuple[int, Any]]) -> Json:
    """Write the users, members, channels and roles that values of entity types name."""
    resolved: Json = {}
    for kind, value in values:
        if kind in (USER, MENTIONABLE) and int(value) in world.users:
            resolved.setdefault("users", {})[str(value)] = world.users[int(value)].json()
            if guild and int(value) in guild.members:
                member = guild.members[int(value)]
                held = str(int(world.guild_permissions(guild, member.user)))
                shape = {k: v for k, v in member.json().items() if k not in ("user", "deaf", "mute")}
                resolved.setdefault("members", {})[str(value)] = shape | {"permissions": held}
        if kind in (ROLE, MENTIONABLE) and guild and int(value) in guild.roles:
            resolved.setdefault("roles", {})[str(value)] = guild.roles[int(value)].json()
        if kind == CHANNEL:
            resolved.setdefault("channels", {})[str(value)] = _partial(world, world.channels[int(value)])
        if kind == ATTACHMENT:
            resolved.setdefault("attachments", {})[str(value)] = world.uploads[int(value)].json(0)
    return resolved


def _partial(world: World, channel: Channel) -> Json:
    return channel.json() | {"permissions": str(int(world.permissions(world.bot, channel)))}


def component_data(world: World, guild: Guild | None, component: Json, values: list[str] | None) -> Json:
    """Write a press or a choice."""
    data: Json = {"custom_id": component["custom_id"], "component_type": component["type"], "id": component["id"]}
    if values is None:
        return data
    data["values"] = values
    kind = ENTITY_SELECTS.get(component["type"])
    resolved = resolve(world, guild, [(kind, value) for value in values]) if kind else {}
    return data | ({"resolved": resolved} if resolved else {})


def modal_data(world: World, guild: Guild | None, modal: Json, filled: dict[str, Any]) -> Json:
    """Write a submitted modal; `filled` holds the value of each control by custom id."""
    resolved: Json = {}
    rows: list[Json] = []
    for number, row in enumerate(modal["components"], start=1):
        shape: Json = {"type": row["type"], "id": row.get("id") or number}
        if row["type"] == LABEL:
            shape["component"] = _control(row["component"], number, filled)
        elif row["type"] == ROW:
            shape["components"] = [_control(part, number, filled) for part in row["components"]]
        if row["type"] != TEXT and (kind := ENTITY_SELECTS.get(_inner(row)["type"])):
            values = [(kind, value) for value in filled[_inner(row)["custom_id"]]]
            for name, found in resolve(world, guild, values).items():
                resolved.setdefault(name, {}).update(found)
        rows.append(shape)
    data: Json = {"custom_id": modal["custom_id"], "components": rows}
    return data | ({"resolved": resolved} if resolved else {})


def _inner(row: Json) -> Json:
    inner: Json = row["component"] if row["type"] == LABEL else row["components"][0]
    return inner


def _control(control: Json, row: int, filled: dict[str, Any]) -> Json:
    value = filled[control["custom_id"]]
    name = "values" if isinstance(value, list) else "value"
    return {
        "type": control["type"],
        "id": control.get("id") or 100 + row,
        "custom_id": control["custom_id"],
        name: value,
    }
