"""The things of the simulated world: users, guilds, roles, members, channels; and how Discord writes them."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any

from bot.loopback.permissions import NONE, Overwrite, Permission

Json = dict[str, Any]


class Kind(IntEnum):
    """Channel types."""

    TEXT = 0
    DM = 1
    CATEGORY = 4
    ANNOUNCEMENT = 5
    ANNOUNCEMENT_THREAD = 10
    THREAD = 11
    PRIVATE_THREAD = 12
    FORUM = 15

    @property
    def is_thread(self) -> bool:
        """Whether it hangs under another channel."""
        return self in (Kind.THREAD, Kind.ANNOUNCEMENT_THREAD, Kind.PRIVATE_THREAD)


@dataclass(slots=True)
class User:
    """An account: a person, or the bot."""

    id: int
    name: str
    label: str
    locale: str = "en-US"
    is_bot: bool = False
    takes_dms: bool = True

    def json(self) -> Json:
        """Write it as Discord does."""
        return {
            "id": str(self.id),
            "username": self.name,
            "global_name": None if self.is_bot else self.label,
            "discriminator": "0000" if self.is_bot else "0",
            "avatar": None,
            "bot": self.is_bot,
            "public_flags": 0,
        }


@dataclass(slots=True)
class Role:
    """A role; the one with the guild's id is @everyone."""

    id: int
    name: str
    permissions: Permission = NONE
    position: int = 0
    mentionable: bool = False
    bot_id: int | None = None

    def json(self) -> Json:
        """Write it as Discord does."""
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(int(self.permissions)),
            "position": self.position,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "icon": None,
            "unicode_emoji": None,
            "managed": self.bot_id is not None,
            "mentionable": self.mentionable,
            "flags": 0,
            **({"tags": {"bot_id": str(self.bot_id)}} if self.bot_id else {}),
        }


@dataclass(slots=True)
class Member:
    """A user in a guild."""

    user: User
    joined: datetime
    role_ids: set[int] = field(default_factory=set)

    def json(self) -> Json:
        """Write it as Discord does, with its user."""
        return {
            "user": self.user.json(),
            "roles": [str(role_id) for role_id in sorted(self.role_ids)],
            "joined_at": self.joined.isoformat(),
            "nick": None,
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "pending": False,
            "communication_disabled_until": None,
            "deaf": False,
            "mute": False,
            "flags": 0,
        }


@dataclass(slots=True)
class Channel:
    """A channel, a thread or a DM."""

    id: int
    kind: Kind
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    position: int = 0
    topic: str | None = None
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipient: User | None = None
    owner_id: int | None = None
    created: datetime | None = None
    archived: bool = False
    archived_at: datetime | None = None  # when that last changed
    locked: bool = False
    last_message_id: int | None = None
    messages: int = 0

    def json(self) -> Json:
        """Write it as Discord does."""
        last = str(self.last_message_id) if self.last_message_id else None
        shared: Json = {"id": str(self.id), "type": int(self.kind), "last_message_id": last, "flags": 0}
        if self.recipient is not None:
            return shared | {"recipients": [self.recipient.json()]}
        shared |= {"guild_id": str(self.guild_id), "name": self.name, "rate_limit_per_user": 0}
        shared["parent_id"] = str(self.parent_id) if self.parent_id else None
        return shared | (self._thread_json() if self.kind.is_thread else self._place_json())

    def _place_json(self) -> Json:
        lines = [
            {"id": str(o.target_id), "type": int(o.is_member), "allow": str(int(o.allow)), "deny": str(int(o.deny))}
            for o in self.overwrites.values()
        ]
        place = {"position": self.position, "permission_overwrites": lines, "topic": self.topic, "nsfw": False}
        if self.kind is Kind.FORUM:
            place |= {
                "available_tags": [],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
            }
        return place

    def _thread_json(self) -> Json:
        created = self.created.isoformat() if self.created else None
        archived = self.archived_at.isoformat() if self.archived_at else created
        return {
            "owner_id": str(self.owner_id),
            "message_count": self.messages,
            "total_message_sent": self.messages,
            "member_count": 1,
            "applied_tags": [],
            "thread_metadata": {
                "archived": self.archived,
                "locked": self.locked,
                "auto_archive_duration": 1440,
                "archive_timestamp": archived,
                "create_timestamp": created,
            },
        }


@dataclass(slots=True)
class Guild:
    """A server."""

    id: int
    name: str
    owner_id: int
    locale: str = "en-US"
    member_count: int = 0
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    features: tuple[str, ...] = ()
    system_channel_id: int | None = None
    public_updates_channel_id: int | None = None

    def json(self) -> Json:
        """Write it as Discord does, without channels and members."""
        updates, system = self.public_updates_channel_id, self.system_channel_id
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner_id),
            "preferred_locale": self.locale,
            "roles": [role.json() for role in self.roles.values()],
            "features": list(self.features),
            "system_channel_id": str(system) if system else None,
            "system_channel_flags": 0,
            "public_updates_channel_id": str(updates) if updates else None,
            "rules_channel_id": None,
            "emojis": [],
            "stickers": [],
            "verification_level": 0,
            "default_message_notifications": 1,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "premium_subscription_count": 0,
            "afk_timeout": 300,
            "afk_channel_id": None,
            "icon": None,
            "banner": None,
            "splash": None,
            "discovery_splash": None,
            "description": None,
            "vanity_url_code": None,
            "max_members": 500_000,
            "premium_progress_bar_enabled": False,
        }
