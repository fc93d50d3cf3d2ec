"""What the bot may do in a channel, read from the cache; the desk asks it through `ChannelAccess`."""

from collections.abc import Iterable

import discord

from bot.domain.places import TargetKind

_SAY = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "read_message_history": "Read Message History",
    "create_public_threads": "Create Public Threads",
    "manage_messages": "Manage Messages",
    "mention_everyone": "Mention Everyone",
}

_KINDS: dict[discord.ChannelType, TargetKind] = {
    discord.ChannelType.text: TargetKind.CHANNEL,
    discord.ChannelType.news: TargetKind.ANNOUNCEMENT,
    discord.ChannelType.public_thread: TargetKind.THREAD,
    discord.ChannelType.private_thread: TargetKind.THREAD,
    discord.ChannelType.news_thread: TargetKind.THREAD,
    discord.ChannelType.forum: TargetKind.FORUM,
}


class Access:
    """`ChannelAccess` over discord.py's cache of servers and channels."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    def kind(self, channel_id: int) -> TargetKind | None:
        """Give what kind of target a channel is; None when the bot does not see it or can't post there."""
        channel = self._client.get_channel(channel_id)
        return _KINDS.get(channel.type) if isinstance(channel, discord.abc.GuildChannel | discord.Thread) else None

    def name(self, channel_id: int) -> str | None:
        """Give the channel's name; None when the bot does not see it."""
        return getattr(self._client.get_channel(channel_id), "name", None)

    def server_of(self, channel_id: int) -> int | None:
        """Give the server that a channel is in; None when the bot does not see it."""
        guild = getattr(self._client.get_channel(channel_id), "guild", None)
        return guild.id if isinstance(guild, discord.Guild) else None

    def has_role(self, server_id: int, role_id: int) -> bool:
        """Say whether a server has such a role."""
        guild = self._client.get_guild(server_id)
        return guild is not None and guild.get_role(role_id) is not None

    def role_name(self, server_id: int, role_id: int) -> str | None:
        """Give a role's name; None when the server has no such role."""
        guild = self._client.get_guild(server_id)
        role = guild.get_role(role_id) if guild else None
        return role.name if role else None

    def missing(self, channel_id: int, *, discussion: bool = False, publish: bool = False) -> tuple[str, ...]:
        """Give the permissions the bot lacks there, by Discord's names; a channel it can't see lacks View Channel."""
        channel = self._client.get_channel(channel_id)
        if channel is None:
            return (_SAY["view_channel"],)
        if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
            return ()
        have = channel.permissions_for(channel.guild.me)
        return tuple(_SAY[name] for name in _needed(channel, discussion, publish) if not getattr(have, name))


def _needed(channel: discord.abc.GuildChannel | discord.Thread, discussion: bool, publish: bool) -> Iterable[str]:  # noqa: FBT001 - private
    yield "view_channel"
    yield "send_messages_in_threads" if isinstance(channel, discord.Thread) else "send_messages"
    yield "read_message_history"
    if discussion:
        yield "create_public_threads"
    if publish and channel.type is discord.ChannelType.news:
        yield "send_messages"
