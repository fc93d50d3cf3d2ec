"""The three ways to answer an interaction with a rendered message; whichever comes first acknowledges it."""

from typing import Any

import discord
from discord.utils import MISSING

from bot.render.controls import PickStory
from bot.render.message import Message

Interaction = discord.Interaction[Any]


def _parts(message: Message) -> dict[str, Any]:
    return {
        "content": MISSING if message.content is None else message.content,
        "view": MISSING if message.view is None else message.view,
        "files": list(message.files) if message.files else MISSING,
        "allowed_mentions": message.allowed_mentions,
    }


async def answer(interaction: Interaction, message: Message) -> int | None:
    """Answer with a new message and give its id; as a follow-up when the interaction was already acknowledged."""
    parts = _parts(message) | {"ephemeral": message.ephemeral}
    if message.view is None:
        parts["suppress_embeds"] = True
    if interaction.response.is_done():
        sent = await interaction.followup.send(**parts, wait=True)
        return sent.id
    return (await interaction.response.send_message(**parts)).message_id


async def replace(interaction: Interaction, message: Message) -> None:
    """Put `message` in place of the one whose control was pressed; for private lists and panels."""
    parts = _parts(message)
    files = parts.pop("files")
    if files is not MISSING:
        parts["attachments"] = files
    if interaction.response.is_done():
        await interaction.edit_original_response(**parts)
    else:
        await interaction.response.edit_message(**parts)


async def respond(interaction: Interaction, message: Message, *, keeps_lists: bool = False) -> None:
    """Put the answer in place of the pressed message where that gives way (see `gives_way`), else answer anew."""
    if gives_way(interaction, keeps_lists=keeps_lists):
        await replace(interaction, message)
    else:
        await answer(interaction, message)


def gives_way(interaction: Interaction, *, keeps_lists: bool = False) -> bool:
    """Whether the pressed message was an answer to this reader, so that the next may take its place.

    That is a private answer, or an answer in the bot's DM; briefings and alerts by DM came unasked, and stay. With
    `keeps_lists` so does what lists stories: who opens one of them comes back to the list.
    """
    pressed = interaction.message
    if pressed is None or (keeps_lists and _lists_stories(pressed)):
        return False
    return pressed.flags.ephemeral or (interaction.guild_id is None and pressed.interaction_metadata is not None)


def _lists_stories(pressed: discord.Message) -> bool:
    children = (child for row in pressed.components for child in getattr(row, "children", ()))
    return any(getattr(child, "custom_id", None) == PickStory().custom_id for child in children)
