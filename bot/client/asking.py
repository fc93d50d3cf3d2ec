"""Asking: who asks the desk, and where, from an interaction; and waiting for the desk within Discord's 3 seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum
from typing import Any, TypeVar

import discord

from bot.client.answering import Interaction
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.domain.places import Place, PlaceKind
from bot.errors import Code, UserError
from bot.render.voice import Voice

T = TypeVar("T")

PATIENCE_S = 1.0  # then Discord is told that the answer is on its way


class Show(StrEnum):
    """Who sees an answer, where the reader says so."""

    ONLY_ME = "me"
    EVERYONE = "everyone"


async def reader_of(interaction: Interaction, services: Services, show: str | None = None) -> Reader:
    """Tell who asks, where, and whether the answer is for everyone.

    It is so where `show` says it, to who may write in the channel, and in channels that a manager named. A pressed
    control is always answered to the presser alone.
    """
    kind = PlaceKind.PERSON if interaction.guild_id is None else PlaceKind.SERVER
    place = await services.places.ensure(kind, interaction.guild_id or interaction.user.id, services.clock.now())
    may_write = kind is PlaceKind.SERVER and _may_write(interaction)
    is_public = False
    if kind is PlaceKind.SERVER and interaction.type is discord.InteractionType.application_command:
        is_public = (show == Show.EVERYONE and may_write) or (show is None and _is_public_channel(interaction, place))
    return Reader(
        user_id=interaction.user.id,
        place=place,
        channel_id=interaction.channel_id or 0,
        locale=interaction.locale.value,
        is_public=is_public,
        may_share=may_write and place.may_share,
        is_manager=_is_manager(interaction, place),
    )


async def manager_of(interaction: Interaction, services: Services) -> Reader:
    """Tell who acts for a server, asked anew on every press and form.

    Raises:
        UserError: NOT_ALLOWED, without Manage Server or the news managers role; nobody manages in a DM.

    An admin may let others run `/newsdesk` in Discord's Integrations: they look, and are told here what pressing needs.
    """
    reader = await reader_of(interaction, services)
    if reader.is_dm or not reader.is_manager:
        raise UserError(Code.NOT_ALLOWED, role_id=reader.place.manager_role)
    return reader


def sight_of(interaction: Interaction) -> Callable[[int], bool]:
    """Give what says whether the asker sees a channel; one that the bot does not know hides nothing."""

    def sees(channel_id: int) -> bool:
        channel, member = interaction.client.get_channel(channel_id), interaction.user
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread) or not isinstance(member, discord.Member):
            return True
        have = channel.permissions_for(member)
        if channel.type is discord.ChannelType.private_thread:  # who was let in is not told to the bot
            return have.manage_threads or channel.id == interaction.channel_id
        return have.view_channel

    return sees


def voice_of(interaction: Interaction, reader: Reader | None = None) -> Voice:
    """Give the voice of an answer: the reader's language, or the server's where everyone reads it."""
    if reader is not None and reader.is_public:
        return server_voice_of(interaction, reader)
    voice: Voice = interaction.client.voice(interaction.locale.value)
    return voice


def server_voice_of(interaction: Interaction, reader: Reader) -> Voice:
    """Give the voice of what everyone in the channel reads."""
    known = interaction.guild_locale.value if interaction.guild_locale else None
    voice: Voice = interaction.client.voice(reader.place.locale, known)
    return voice


async def patiently(interaction: Interaction, work: Awaitable[T], *, private: bool = True, in_place: bool = False) -> T:
    """Wait for the desk; if it takes over a second, tell Discord that the answer is on its way.

    Args:
        interaction: what is answered.
        work: the desk's answer to come.
        private: whether the answer will be private: Discord wants to know beforehand.
        in_place: whether it will take the place of the pressed message, which then shows no "thinking".
    """
    task = asyncio.ensure_future(work)
    try:
        done, _ = await asyncio.wait({task}, timeout=PATIENCE_S)
        if not done and not interaction.response.is_done():
            await interaction.response.defer(ephemeral=private, thinking=not in_place)
        return await task
    finally:
        task.cancel()


def _may_write(interaction: Interaction) -> bool:
    if isinstance(interaction.channel, discord.Thread):
        return interaction.permissions.send_messages_in_threads
    return interaction.permissions.send_messages


def _is_public_channel(interaction: Interaction, place: Place) -> bool:
    channel: Any = interaction.channel
    return bool({interaction.channel_id, getattr(channel, "parent_id", None)} & set(place.public_channels))


def _is_manager(interaction: Interaction, place: Place) -> bool:
    if interaction.guild_id is None:
        return True  # one's own DM
    roles = getattr(interaction.user, "roles", ())
    return interaction.permissions.manage_guild or any(role.id == place.manager_role for role in roles)
