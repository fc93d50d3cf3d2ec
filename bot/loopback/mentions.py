"""Whom a message notifies: what its text names, cut down to what `allowed_mentions` lets through."""

import re
from typing import Any

from bot.loopback.components import TEXT, walk
from bot.loopback.guilds import Channel, User
from bot.loopback.judge import Draft
from bot.loopback.messages import Pings
from bot.loopback.permissions import Permission
from bot.loopback.world import World

Json = dict[str, Any]

_USER = re.compile(r"<@!?(\d+)>")
_ROLE = re.compile(r"<@&(\d+)>")
_EVERYONE = re.compile(r"@(?:everyone|here)")


def text_of(draft: Draft) -> str:
    """Join all text of a message that may mention somebody."""
    displays = [part.get("content", "") for part in walk(list(draft.components)) if part.get("type") == TEXT]
    return "\n".join([draft.content, *displays])


def pings(world: World, channel: Channel, author: User, draft: Draft, allowed: Json | None) -> Pings:
    """Work out who is notified; without `allowed_mentions` Discord lets everything through."""
    text = text_of(draft)
    users = {int(found) for found in _USER.findall(text)} & world.users.keys()
    guild = world.guild_of(channel)
    roles = {int(found) for found in _ROLE.findall(text)} & (guild.roles.keys() if guild else set())
    may_ping_all = Permission.MENTION_EVERYONE in world.permissions(author, channel)
    if guild and not may_ping_all:
        roles = {role_id for role_id in roles if guild.roles[role_id].mentionable}
    everyone = bool(_EVERYONE.search(text)) and may_ping_all and guild is not None
    if allowed is not None:
        parse = allowed.get("parse") or []
        users = users if "users" in parse else users & _ids(allowed, "users")
        roles = roles if "roles" in parse else roles & _ids(allowed, "roles")
        everyone = everyone and "everyone" in parse
    return Pings(tuple(sorted(users)), tuple(sorted(roles)), everyone)


def _ids(allowed: Json, kind: str) -> set[int]:
    return {int(number) for number in allowed.get(kind) or []}
