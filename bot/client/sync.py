"""Commands are sent to Discord only when they changed, and their ids are kept for command mentions."""

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import discord
from discord import app_commands


class Notes(Protocol):
    """Where one line of text is remembered by name, across restarts."""

    async def get(self, name: str) -> str | None:
        """Give the remembered text."""
        ...

    async def put(self, name: str, text: str) -> None:
        """Remember the text."""
        ...


NOTE = "commands"


async def payload(tree: app_commands.CommandTree[Any]) -> list[dict[str, Any]]:
    """Give what Discord would be sent for all global commands, with every translation."""
    commands = sorted(tree.get_commands(), key=lambda command: command.name)
    if tree.translator is None:
        return [command.to_dict(tree) for command in commands]
    return [await command.get_translated_payload(tree, tree.translator) for command in commands]


def fingerprint(commands: list[dict[str, Any]], application_id: int) -> str:
    """Give a hash that changes with any command, option, text or application."""
    text = json.dumps([application_id, commands], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


async def sync(
    tree: app_commands.CommandTree[Any], application_id: int, notes: Notes, send: Callable[[], Awaitable[list[Any]]]
) -> dict[str, int]:
    """Send the commands if they changed since the last time, and give their ids by name."""
    mark = fingerprint(await payload(tree), application_id)
    known = json.loads(await notes.get(NOTE) or "{}")
    if known.get("mark") == mark:
        return {str(name): int(number) for name, number in known["ids"].items()}
    ids = {command.name: command.id for command in await send()}
    await notes.put(NOTE, json.dumps({"mark": mark, "ids": ids}))
    return ids


def invite_link(application_id: int) -> str:
    """Give the address that adds the bot with exactly the permissions it needs."""
    return discord.utils.oauth_url(application_id, permissions=NEEDED, scopes=("bot", "applications.commands"))


NEEDED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
)
