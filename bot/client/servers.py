"""Servers come and go, and their roles and channels change: the desk is told, and managers are greeted once."""

import logging
from collections.abc import Callable, Iterable

import discord
from discord.ext import commands

from bot.client.access import Access
from bot.client.telling import Teller
from bot.desk.arrivals import Arrival, Greeting
from bot.desk.services import Services
from bot.domain.managing import Server
from bot.render import notices
from bot.render.voice import Voice

log = logging.getLogger(__name__)

_SETTLE_S = 2.0  # one change of roles comes as many events

Speak = Callable[[str | None], Voice]


class Servers(commands.Cog):
    """Listens to what happens to servers; `served` is empty when every server is served."""

    def __init__(self, client: discord.Client, services: Services, served: frozenset[int], speak: Speak) -> None:
        self._client = client
        self._services = services
        self._served = served
        self._speak = speak
        self._access = Access(client)
        self._teller = Teller(client, self._access)
        self._changing: set[int] = set()

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up on what happened while the bot was not connected."""
        strange = await self._services.arrivals.missed(frozenset(guild.id for guild in self._client.guilds))
        for guild in self._client.guilds:
            if guild.id in strange:
                await self._arrive(guild)
        await self._services.arrivals.roles_present(_roles(self._client.guilds))
        await self._services.watch.check_troubled()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet a new server."""
        await self._arrive(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Look at a server that was not there yet when the bot was ready."""
        if self._client.is_ready():
            await self._arrive(guild)
            await self._services.arrivals.roles_present(_roles([guild]))
            await self._changed(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Stop posting there."""
        await self._services.arrivals.left(guild.id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        """Look whether the bot still may what it must."""
        await self._changed(after.guild)

    @commands.Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Take the role out of the settings, and look whether the bot still may what it must."""
        await self._services.arrivals.role_deleted(role.guild.id, role.id)
        await self._changed(role.guild)

    @commands.Cog.listener()
    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Only the bot's own roles come without a privileged intent."""
        await self._changed(after.guild)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Look whether the bot still may what it must."""
        await self._changed(after.guild)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Look whether a briefing has lost its channel."""
        await self._changed(channel.guild)

    @commands.Cog.listener()
    async def on_thread_delete(self, thread: discord.Thread) -> None:
        """Look whether a briefing has lost its thread."""
        await self._changed(thread.guild)

    async def _changed(self, guild: discord.Guild) -> None:
        """Wait until the changes have settled, then let delivery look at the server once."""
        if guild.id in self._changing:
            return
        self._changing.add(guild.id)
        try:
            await self._services.clock.sleep(_SETTLE_S)
        finally:
            self._changing.discard(guild.id)
        place = await self._services.arrivals.place_of(guild.id)
        if place is not None:
            await self._services.watch.check_place(place.id)

    async def _arrive(self, guild: discord.Guild) -> None:
        if guild.unavailable or (self._served and guild.id not in self._served):
            return
        arrival = await self._services.arrivals.joined(self._describe(guild))
        if arrival is None:
            return
        try:
            await self._greet(arrival)
        except (discord.HTTPException, OSError) as error:
            log.warning("A server was not greeted", extra={"server": guild.id, "why": repr(error)})

    async def _greet(self, arrival: Arrival) -> None:
        voice = self._speak(arrival.place.locale)
        if arrival.greeting is Greeting.BACK:
            await self._teller.tell(arrival.place, notices.back_again(voice))
        elif arrival.channel_id is not None:
            is_public = bool(arrival.place.public_channels)
            message = notices.welcome(voice, sample_stories=arrival.sample_stories, is_public=is_public)
            await self._teller.post(arrival.channel_id, message)

    def _describe(self, guild: discord.Guild) -> Server:
        everyone = guild.default_role
        writable = (
            channel.id
            for channel in guild.text_channels
            if (may := channel.permissions_for(everyone)).view_channel and may.send_messages
        )
        return Server(
            id=guild.id,
            members=guild.member_count or 0,
            locale=guild.preferred_locale.value,
            updates_channel=self._usable(guild.public_updates_channel),
            system_channel=self._usable(guild.system_channel),
            open_channels=tuple(writable),
        )

    def _usable(self, channel: discord.TextChannel | None) -> int | None:
        return None if channel is None or self._access.missing(channel.id) else channel.id


def _roles(guilds: Iterable[discord.Guild]) -> dict[int, frozenset[int]]:
    """Give the roles of every server that is there; of the others nothing is known."""
    return {guild.id: frozenset(role.id for role in guild.roles) for guild in guilds if not guild.unavailable}
