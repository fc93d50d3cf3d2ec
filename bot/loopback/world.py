"""The simulated world: who is where and may do what. Every change is told to the listeners of `changes`."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from bot.loopback.changes import Change, Changes
from bot.loopback.commands import Commands
from bot.loopback.guilds import Channel, Guild, Kind, Member, Role, User
from bot.loopback.ids import DiscordTime
from bot.loopback.messages import Attachment, Messages
from bot.loopback.permissions import DIRECT, MEMBER, NONE, Overwrite, Permission, base, in_channel

Json = dict[str, Any]


class World:
    """Guilds, channels, people, messages and synced commands of one stand-in."""

    def __init__(self, clock: Clock, *, skew: timedelta = timedelta(), bot_name: str = "Dateline") -> None:
        self.time = DiscordTime(clock, skew)
        self.changes = Changes()
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self._directs: dict[int, Channel] = {}
        self.messages = Messages(self.time, self.changes)
        self.uploads: dict[int, Attachment] = {}  # files that people attached to commands
        self.bot = self.add_user(bot_name, bot_name, is_bot=True)
        self.owner = self.add_user("operator", "Operator")
        self.commands = Commands(self.bot.id, self.time)

    def subscribe(self) -> AbstractAsyncContextManager[AsyncIterator[Change]]:
        """Give the changes from now on as a stream, for a page: `async with world.subscribe() as stream`."""
        return self.changes.subscribe()

    def upload(self, name: str, content: bytes, content_type: str = "application/octet-stream") -> Attachment:
        """Let somebody attach a file to a command that they send next."""
        attachment = Attachment(self.time.snowflake(), name, content, content_type)
        self.uploads[attachment.id] = attachment
        return attachment

    # People

    def add_user(self, name: str, label: str, *, locale: str = "en-US", is_bot: bool = False) -> User:
        """Let an account exist."""
        user = User(self.time.snowflake(), name, label, locale, is_bot)
        self.users[user.id] = user
        return user

    def person(self, name: str) -> User:
        """Find a person by name, label or locale; `KeyError` when nobody is called so."""
        wanted = name.casefold()
        for user in self.users.values():
            if not user.is_bot and wanted in (user.name.casefold(), user.label.casefold()):
                return user
        for user in self.users.values():
            if not user.is_bot and wanted == user.locale.casefold():
                return user
        raise KeyError(name)

    def add_member(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Let somebody join."""
        member = Member(user, self.time.now(), {role.id for role in roles})
        guild.members[user.id] = member
        guild.member_count += 1
        self._tell("GUILD_MEMBER_ADD", member.json() | {"guild_id": str(guild.id)}, guild)
        return member

    def set_roles(self, guild: Guild, user: User, *roles: Role) -> None:
        """Give somebody exactly these roles."""
        member = guild.members[user.id]
        member.role_ids = {role.id for role in roles}
        self._tell("GUILD_MEMBER_UPDATE", member.json() | {"guild_id": str(guild.id)}, guild)

    # Guilds

    def add_guild(
        self,
        name: str,
        owner: User,
        *,
        everyone: Permission = MEMBER,
        bot: Permission | None = None,
        features: tuple[str, ...] = (),
        locale: str = "en-US",
    ) -> Guild:
        """Open a server and let its owner in; with `bot` permissions the bot joins too (GUILD_CREATE)."""
        guild = Guild(self.time.snowflake(), name, owner.id, locale, features=features)
        guild.roles[guild.id] = Role(guild.id, "@everyone", everyone)
        self.guilds[guild.id] = guild
        self.add_member(guild, owner)
        if bot is not None:
            self.invite_bot(guild, bot)
        return guild

    def invite_bot(self, guild: Guild, permissions: Permission) -> Role:
        """Let the bot join with a role of its own."""
        role = Role(self.time.snowflake(), self.bot.label, permissions, len(guild.roles), bot_id=self.bot.id)
        guild.roles[role.id] = role
        self.add_member(guild, self.bot, role)
        self._tell("GUILD_CREATE", self.guild_create(guild), guild)
        return role

    def remove_bot(self, guild: Guild) -> None:
        """Let the guild remove the bot (GUILD_DELETE); the guild itself stays."""
        member = guild.members.pop(self.bot.id, None)
        if member is not None:
            guild.member_count -= 1
            self._tell("GUILD_DELETE", {"id": str(guild.id)}, guild)

    def bot_role(self, guild: Guild) -> Role:
        """Give the bot's own role."""
        return next(role for role in guild.roles.values() if role.bot_id == self.bot.id)

    def add_role(self, guild: Guild, name: str, permissions: Permission = NONE, *, mentionable: bool = False) -> Role:
        """Make a role."""
        role = Role(self.time.snowflake(), name, permissions, len(guild.roles), mentionable)
        guild.roles[role.id] = role
        self._tell("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role.json()}, guild)
        return role

    def change_role(self, guild: Guild, role: Role, permissions: Permission) -> None:
        """Change what a role grants."""
        role.permissions = permissions
        self._tell("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role.json()}, guild)

    def remove_role(self, guild: Guild, role: Role) -> None:
        """Delete a role."""
        del guild.roles[role.id]
        for member in guild.members.values():
            member.role_ids.discard(role.id)
        self._tell("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)}, guild)

    def change_guild(self, guild: Guild, **about: object) -> None:
        """Change fields of a guild by name."""
        for name, value in about.items():
            setattr(guild, name, value)
        self._tell("GUILD_UPDATE", guild.json(), guild)

    def guild_create(self, guild: Guild, *, all_members: bool = False) -> Json:
        """Write the event that opens a guild to the bot; without the members intent only the bot is in it."""
        mine = guild.channels.values()
        members = guild.members.values() if all_members else [guild.members[self.bot.id]]
        return guild.json() | {
            "joined_at": guild.members[self.bot.id].joined.isoformat(),
            "large": guild.member_count >= 250,
            "unavailable": False,
            "member_count": guild.member_count,
            "members": [member.json() for member in members],
            "channels": [channel.json() for channel in mine if not channel.kind.is_thread],
            "threads": [channel.json() for channel in mine if channel.kind.is_thread and not channel.archived],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
        }

    def bot_guilds(self) -> list[Guild]:
        """List the guilds the bot is in."""
        return [guild for guild in self.guilds.values() if self.bot.id in guild.members]

    # Channels

    def add_channel(self, guild: Guild, name: str, kind: Kind = Kind.TEXT, *overwrites: Overwrite) -> Channel:
        """Make a channel in a guild."""
        channel = Channel(self.time.snowflake(), kind, name, guild.id, position=len(guild.channels))
        channel.overwrites = {line.target_id: line for line in overwrites}
        self.channels[channel.id] = guild.channels[channel.id] = channel
        self._tell("CHANNEL_CREATE", channel.json(), guild)
        return channel

    def add_thread(
        self, parent: Channel, name: str, owner: User, *, thread_id: int | None = None, kind: Kind | None = None
    ) -> Channel:
        """Open a thread under a channel, or a post in a forum."""
        usual = Kind.ANNOUNCEMENT_THREAD if parent.kind is Kind.ANNOUNCEMENT else Kind.THREAD
        thread = Channel(thread_id or self.time.snowflake(), kind or usual, name, parent.guild_id, parent.id)
        thread.owner_id, thread.created = owner.id, self.time.now()
        self.channels[thread.id] = thread
        if guild := self.guild_of(thread):
            guild.channels[thread.id] = thread
        self._tell("THREAD_CREATE", thread.json() | {"newly_created": True}, guild)
        return thread

    def change_channel(self, channel: Channel, **about: object) -> None:
        """Change fields of a channel or thread by name."""
        if about.get("archived", channel.archived) is not channel.archived:
            channel.archived_at = self.time.now()
        for name, value in about.items():
            setattr(channel, name, value)
        event = "THREAD_UPDATE" if channel.kind.is_thread else "CHANNEL_UPDATE"
        self._tell(event, channel.json(), self.guild_of(channel))

    def set_overwrite(self, channel: Channel, overwrite: Overwrite) -> None:
        """Set one line of a channel's permissions."""
        self.change_channel(channel, overwrites=channel.overwrites | {overwrite.target_id: overwrite})

    def remove_channel(self, channel: Channel) -> None:
        """Delete a channel or thread; threads go with their parent."""
        guild = self.guild_of(channel)
        if guild is not None:
            for thread in [c for c in guild.channels.values() if c.parent_id == channel.id and c.kind.is_thread]:
                self.remove_channel(thread)
            del guild.channels[channel.id]
        del self.channels[channel.id]
        event = "THREAD_DELETE" if channel.kind.is_thread else "CHANNEL_DELETE"
        self._tell(event, channel.json(), guild)

    def direct(self, user: User) -> Channel:
        """Give the DM between the bot and a person; it is made when first asked for."""
        if user.id not in self._directs:
            channel = Channel(self.time.snowflake(), Kind.DM, recipient=user)
            self._directs[user.id] = self.channels[channel.id] = channel
        return self._directs[user.id]

    def channel(self, name: str, guild: Guild | None = None) -> Channel:
        """Find a guild channel by name, with or without "#"; `KeyError` when there is none."""
        wanted = name.removeprefix("#").casefold()
        for channel in self.channels.values():
            if channel.guild_id and (guild is None or channel.guild_id == guild.id) and channel.name == wanted:
                return channel
        raise KeyError(name)

    def guild_of(self, channel: Channel) -> Guild | None:
        """Give the guild a channel is in; None for a DM."""
        return self.guilds.get(channel.guild_id) if channel.guild_id else None

    def permissions(self, user: User, channel: Channel) -> Permission:
        """Say what somebody may do in a channel; threads follow their parent."""
        guild = self.guild_of(channel)
        if guild is None:
            return DIRECT if channel.recipient is user or user is self.bot else NONE
        member = guild.members.get(user.id)
        if member is None:
            return NONE
        place = self.channels[channel.parent_id] if channel.kind.is_thread and channel.parent_id else channel
        if guild.owner_id == user.id:
            granted: Permission = Permission.ADMINISTRATOR
        else:
            granted = self.guild_permissions(guild, user)
        return in_channel(granted, place.overwrites, everyone_id=guild.id, role_ids=member.role_ids, user_id=user.id)

    def guild_permissions(self, guild: Guild, user: User) -> Permission:
        """Say what somebody may do in a guild at large."""
        roles = {role_id: guild.roles[role_id].permissions for role_id in guild.members[user.id].role_ids}
        return base(roles | {guild.id: guild.roles[guild.id].permissions}, guild.id)

    def _tell(self, event: str, data: Json, guild: Guild | None) -> None:
        channel_id = int(data["id"]) if event.startswith(("CHANNEL", "THREAD")) else None
        self.changes.emit(Change(event, data, guild.id if guild else None, channel_id))
