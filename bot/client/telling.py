"""Telling managers what nobody asked for, in the private place for notices: plain first, then dressed, silently."""

import logging
from collections.abc import Iterable
from dataclasses import replace

import discord

from bot.client.access import Access
from bot.domain.places import Place, PlaceKind
from bot.render.markdown import fit, link
from bot.render.message import Message, plain_twin

log = logging.getLogger(__name__)

_NAME_ROOM = 80
_SERVER = "https://discord.com/channels/{}"
_REFUSED = (discord.Forbidden, discord.NotFound)


class Teller:
    """Finds the private place of a server's managers, and writes there."""

    def __init__(self, client: discord.Client, access: Access) -> None:
        self._client = client
        self._access = access

    async def tell(self, place: Place, message: Message) -> bool:
        """Tell the managers of a place: the channel they chose, the Community one, else who set it up by DM.

        Raises:
            discord.HTTPException: Discord is in trouble; try again later.
        """
        for channel_id in self._channels(place):
            if await self.post(channel_id, message):
                return True
        return place.set_up_by is not None and await self._tell_person(place, message)

    async def post(self, channel_id: int, message: Message) -> bool:
        """Write into a channel, if it is there and the bot may; say whether it stands."""
        channel = self._client.get_channel(channel_id)
        if not isinstance(channel, discord.abc.Messageable) or self._access.missing(channel_id):
            return False
        return await self._send(channel, message)

    async def _tell_person(self, place: Place, message: Message) -> bool:
        """Tell who set it up, with a link to the server instead of controls, which are pressed there."""
        guild = self._client.get_guild(place.discord_id)
        named = f"-# {link(fit(guild.name, _NAME_ROOM), _SERVER.format(guild.id))}\n" if guild is not None else ""
        plain = plain_twin(message)
        try:
            channel = await self._client.create_dm(discord.Object(place.set_up_by or 0))
        except _REFUSED:
            return False
        return await self._send(channel, replace(plain, content=f"{named}{plain.content}"))

    async def _send(self, channel: discord.abc.Messageable, message: Message) -> bool:
        plain = plain_twin(message)
        try:
            sent = await channel.send(
                plain.content, silent=True, suppress_embeds=True, allowed_mentions=plain.allowed_mentions
            )
        except _REFUSED:
            return False
        if message.view is not None:
            try:
                await sent.edit(content=None, view=message.view, allowed_mentions=message.allowed_mentions)
            except discord.HTTPException as error:
                log.info("A notice stays plain", extra={"why": repr(error)})  # all has been said
        return True

    def _channels(self, place: Place) -> Iterable[int]:
        if place.kind is not PlaceKind.SERVER:
            return
        if place.notices_channel is not None:
            yield place.notices_channel
        guild = self._client.get_guild(place.discord_id)
        if guild is not None and guild.public_updates_channel is not None:
            yield guild.public_updates_channel.id
