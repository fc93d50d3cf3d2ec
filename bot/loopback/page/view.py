"""The world as the page needs it: places, people, messages with what they use of the limits. Reads only."""

from typing import Any

from bot.loopback import limits
from bot.loopback.components import measure, walk
from bot.loopback.guilds import Channel, Guild, Kind, User
from bot.loopback.messages import Message
from bot.loopback.page.records import Step
from bot.loopback.permissions import Permission
from bot.loopback.world import World

Json = dict[str, Any]


def people(world: World) -> list[User]:
    """List those one can speak as: everybody who is in a server and is no bot."""
    joined = {user_id for guild in world.bot_guilds() for user_id in guild.members}
    return [user for user in world.users.values() if user.id in joined and not user.is_bot]


def places(world: World) -> Json:
    """Write servers, channels, roles and people, each with what they may see and where they may write."""
    who = people(world)
    for user in who:
        world.direct(user)
    guilds = world.bot_guilds()
    shown = [channel for channel in world.channels.values() if channel.kind is not Kind.CATEGORY]
    return {
        "bot": {"id": str(world.bot.id), "name": world.bot.label},
        "guilds": [{"id": str(guild.id), "name": guild.name} for guild in guilds],
        "roles": [_role(guild, role.id) for guild in guilds for role in guild.roles.values()],
        "people": [_person(world, user) for user in who],
        "channels": [_channel(world, channel, who) for channel in shown],
    }


def _role(guild: Guild, role_id: int) -> Json:
    role = guild.roles[role_id]
    return {"id": str(role.id), "guild": str(guild.id), "name": role.name, "managed": role.bot_id is not None}


def _person(world: World, user: User) -> Json:
    guilds = [guild for guild in world.bot_guilds() if user.id in guild.members]
    roles = [guild.roles[role_id].name for guild in guilds for role_id in sorted(guild.members[user.id].role_ids)]
    return {
        "id": str(user.id),
        "name": user.name,
        "label": user.label,
        "locale": user.locale,
        "roles": roles,
        "dm": str(world.direct(user).id),
    }


def _channel(world: World, channel: Channel, who: list[User]) -> Json:
    held = [(str(user.id), world.permissions(user, channel)) for user in who]
    writing = Permission.SEND_MESSAGES_IN_THREADS if channel.kind.is_thread else Permission.SEND_MESSAGES
    sees = [number for number, bits in held if Permission.VIEW_CHANNEL in bits]
    writes = [number for number, bits in held if writing in bits and channel.kind is not Kind.FORUM]
    return {
        "id": str(channel.id),
        "name": channel.name,
        "kind": int(channel.kind),
        "guild": str(channel.guild_id) if channel.guild_id else None,
        "parent": str(channel.parent_id) if channel.parent_id else None,
        "position": channel.position,
        "topic": channel.topic,
        "recipient": str(channel.recipient.id) if channel.recipient else None,
        "sees": sees,
        "writes": writes,
    }


def with_text_ids(part: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Write the ids of default values as texts, as Discord answers; scripts can't hold them as numbers."""
    if isinstance(part, list):
        return [with_text_ids(inner) for inner in part]
    if not isinstance(part, dict):
        return part
    written = {name: with_text_ids(value) for name, value in part.items()}
    if "default_values" in part:
        written["default_values"] = [one | {"id": str(one["id"])} for one in part["default_values"] or []]
    return written


def message(standing: Message, steps: list[Step]) -> Json:
    """Write a message with who sees it, how it came to be and what it uses of the limits."""
    return {
        "message": with_text_ids(standing.json()),
        "channel": str(standing.channel.id),
        "only_for": str(standing.only_for) if standing.only_for else None,
        "loading": standing.is_loading,
        "steps": [step.json() for step in steps],
        "meters": meters(standing),
    }


def meters(standing: Message) -> list[Json]:
    """Measure a message against Discord's limits: what it is, how much is used, how much there is."""
    parts = walk(list(standing.draft.components))
    size = measure(list(standing.draft.components))
    if standing.draft.is_v2:
        lines = [("Characters of text", size.characters, limits.V2_TEXT)]
    else:
        lines = [("Characters of text", len(standing.draft.content), limits.CONTENT)]
    lines.append(("Components", size.parts, limits.COMPONENTS))
    lines += [line for line in _longest(parts) if line[1]]
    return [{"name": name, "used": used, "limit": limit} for name, used, limit in lines]


def _longest(parts: list[Json]) -> list[tuple[str, int, int]]:
    def longest(name: str) -> int:
        return max((len(part.get(name) or "") for part in parts), default=0)

    return [
        ("Longest button label", longest("label"), limits.LABEL),
        ("Longest custom id", longest("custom_id"), limits.CUSTOM_ID),
        ("Options in a select", longest("options"), limits.OPTIONS),
    ]
