"""What a member may do in a channel: Discord's bits and its order of overwrites. Pure."""

from dataclasses import dataclass
from enum import IntFlag


class Permission(IntFlag):
    """The permission bits the stand-in looks at."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    SEND_MESSAGES_IN_THREADS = 1 << 38


ALL = Permission((1 << 53) - 1)
NONE = Permission(0)
MEMBER = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What @everyone may do in a fresh server, as far as it matters here."""

BOT = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.READ_MESSAGE_HISTORY
)
"""What the bot's invitation asks for."""

DIRECT = MEMBER
"""What either side may do in a DM."""


@dataclass(frozen=True, slots=True)
class Overwrite:
    """One line of a channel's permission settings: for a role (also @everyone) or for a member."""

    target_id: int
    allow: Permission = NONE
    deny: Permission = NONE
    is_member: bool = False


def base(roles: dict[int, Permission], everyone_id: int) -> Permission:
    """Join what the roles of a member grant, the @everyone role included."""
    granted = roles[everyone_id]
    for bits in roles.values():
        granted |= bits
    return ALL if Permission.ADMINISTRATOR in granted else granted


def in_channel(
    granted: Permission, overwrites: dict[int, Overwrite], *, everyone_id: int, role_ids: set[int], user_id: int
) -> Permission:
    """Apply a channel's overwrites in Discord's order: @everyone, then the roles together, then the member."""
    if Permission.ADMINISTRATOR in granted:
        return ALL
    if everyone := overwrites.get(everyone_id):
        granted = granted & ~everyone.deny | everyone.allow
    allow = deny = NONE
    for role_id in role_ids - {everyone_id}:
        if line := overwrites.get(role_id):
            allow |= line.allow
            deny |= line.deny
    granted = granted & ~deny | allow
    if own := overwrites.get(user_id):
        granted = granted & ~own.deny | own.allow
    return granted if Permission.VIEW_CHANNEL in granted else NONE
