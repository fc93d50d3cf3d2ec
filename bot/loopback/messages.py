"""Messages: what stands in each channel, what only one person sees, and which nonces were used lately."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.loopback import limits
from bot.loopback.changes import Change, Changes
from bot.loopback.guilds import Channel, User
from bot.loopback.ids import DiscordTime
from bot.loopback.judge import Draft

Json = dict[str, Any]

PRIVATE_KEPT = 2_000
"""Ephemeral messages that are kept; a client forgets them too, at its restart."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message."""

    id: int
    name: str
    content: bytes
    content_type: str
    description: str | None = None

    def json(self, channel_id: int) -> Json:
        """Write it as Discord does."""
        url = f"https://cdn.discordapp.com/attachments/{channel_id}/{self.id}/{self.name}"
        shape: Json = {"id": str(self.id), "filename": self.name, "size": len(self.content), "url": url}
        shape |= {"proxy_url": url, "content_type": self.content_type}
        return shape | ({"description": self.description} if self.description else {})


@dataclass(frozen=True, slots=True)
class Pings:
    """Whom a message notified."""

    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    everyone: bool = False

    def __bool__(self) -> bool:
        return bool(self.users or self.roles or self.everyone)


@dataclass(frozen=True, slots=True)
class Extra:
    """What a new message has beside its draft. `message_id` is given for the first message of a forum post."""

    only_for: int | None = None
    nonce: str | None = None
    attachments: tuple[Attachment, ...] = ()
    pings: Pings = field(default_factory=Pings)
    about: Json = field(default_factory=dict)
    message_id: int | None = None


@dataclass(slots=True)
class Message:
    """A message as it stands now. `only_for` is the one person who sees it."""

    id: int
    channel: Channel
    author: User
    draft: Draft
    created: datetime
    edited: datetime | None = None
    nonce: str | None = None
    only_for: int | None = None
    attachments: tuple[Attachment, ...] = ()
    pings: Pings = field(default_factory=Pings)
    about: Json = field(default_factory=dict)

    @property
    def is_loading(self) -> bool:
        """Whether it is the place of a deferred answer ("thinking")."""
        return bool(self.draft.flags & limits.LOADING_FLAG)

    def json(self) -> Json:
        """Write it as Discord does."""
        return {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "author": self.author.json(),
            "content": self.draft.content,
            "timestamp": self.created.isoformat(),
            "edited_timestamp": self.edited.isoformat() if self.edited else None,
            "tts": False,
            "mention_everyone": self.pings.everyone,
            "mentions": [],
            "mention_roles": [str(role_id) for role_id in self.pings.roles],
            "attachments": [attachment.json(self.channel.id) for attachment in self.attachments],
            "embeds": list(self.draft.embeds),
            "components": numbered(list(self.draft.components)),
            "pinned": False,
            "type": 0,
            "flags": self.draft.flags,
            **({"nonce": self.nonce} if self.nonce is not None else {}),
            **self.about,
        }


def numbered(components: list[Json]) -> list[Json]:
    """Give a copy in which each component has an `id`, as Discord answers: counted depth first from 1."""
    count = 0

    def number(part: Json) -> Json:
        nonlocal count
        count += 1
        shaped: Json = {"id": part.get("id") or count} | {k: v for k, v in part.items() if k != "id"}
        if "components" in shaped:
            shaped["components"] = [number(inner) for inner in shaped["components"]]
        if "accessory" in shaped:
            shaped["accessory"] = number(shaped["accessory"])
        return shaped

    return [number(part) for part in components]


class Messages:
    """All messages, by channel in order of their ids."""

    def __init__(self, time: DiscordTime, changes: Changes) -> None:
        self._time = time
        self._changes = changes
        self._channels: dict[int, dict[int, Message]] = {}
        self._private: dict[int, Message] = {}
        self._nonces: dict[str, tuple[float, Channel, int]] = {}
        self.nonce_window_s = limits.NONCE_WINDOW_S

    def create(
        self,
        channel: Channel,
        author: User,
        draft: Draft,
        extra: Extra | None = None,
    ) -> Message:
        """Let a message stand."""
        extra = extra or Extra()
        message = Message(
            extra.message_id or self._time.snowflake(),
            channel,
            author,
            draft,
            self._time.now(),
            nonce=extra.nonce,
            only_for=extra.only_for,
            attachments=extra.attachments,
            pings=extra.pings,
            about=extra.about,
        )
        if message.only_for is not None:
            self._private[message.id] = message
            if len(self._private) > PRIVATE_KEPT:
                del self._private[next(iter(self._private))]
        else:
            self._channels.setdefault(channel.id, {})[message.id] = message
            channel.last_message_id = message.id
            channel.messages += 1
        self._tell("MESSAGE_CREATE", message)
        return message

    def edit(self, message: Message, draft: Draft, attachments: tuple[Attachment, ...] = ()) -> None:
        """Change what a message shows and carries."""
        was_loading = message.is_loading
        message.draft = replace(draft, flags=draft.flags & ~limits.LOADING_FLAG)
        if not was_loading:
            message.edited = self._time.now()
        message.attachments = attachments
        self._tell("MESSAGE_UPDATE", message)

    def mark(self, message: Message, flags: int) -> None:
        """Set flags without an edit mark (crosspost)."""
        message.draft = replace(message.draft, flags=message.draft.flags | flags)
        self._tell("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        """Take a message away; its nonce is remembered."""
        self._private.pop(message.id, None)
        self._channels.get(message.channel.id, {}).pop(message.id, None)
        self._tell("MESSAGE_DELETE", message)

    def find(self, channel: Channel, message_id: int) -> Message | None:
        """Find a message everybody in the channel sees."""
        return self._channels.get(channel.id, {}).get(message_id)

    def find_private(self, message_id: int) -> Message | None:
        """Find an ephemeral message."""
        return self._private.get(message_id)

    def stands(self, message: Message) -> bool:
        """Say whether a message has not been deleted."""
        return self.find(message.channel, message.id) is message or self.find_private(message.id) is message

    def history(
        self,
        channel: Channel,
        *,
        limit: int = 50,
        before: int | None = None,
        after: int | None = None,
        around: int | None = None,
    ) -> list[Message]:
        """Page through a channel as Discord does: newest first whatever was asked."""
        stored = self._channels.get(channel.id, {})
        ids = sorted(stored)
        if around is not None:
            middle = bisect_left(ids, around)
            start = max(0, middle - limit // 2)
            ids = ids[start : start + limit]
        elif after is not None:
            start = bisect_right(ids, after)
            ids = ids[start : start + limit]
        else:
            end = len(ids) if before is None else bisect_left(ids, before)
            ids = ids[max(0, end - limit) : end]
        return [stored[message_id] for message_id in reversed(ids)]

    def visible(self, channel: Channel, user: User) -> list[Message]:
        """List what one person sees in a channel, oldest first, own ephemeral messages among it."""
        private = [m for m in self._private.values() if m.channel is channel and m.only_for == user.id]
        shown = [*self._channels.get(channel.id, {}).values(), *private]
        return sorted(shown, key=lambda message: message.id)

    def all(self) -> list[Message]:
        """List every message that is not ephemeral, by id."""
        return sorted((m for kept in self._channels.values() for m in kept.values()), key=lambda m: m.id)

    def everything(self) -> list[Message]:
        """List every message, ephemeral ones too."""
        return [*self.all(), *self._private.values()]

    def remember_nonce(self, message: Message) -> None:
        """Keep a message's nonce for the window."""
        if message.nonce is not None:
            self._nonces[message.nonce] = (self._time.monotonic(), message.channel, message.id)

    def sent_with(self, nonce: str) -> tuple[bool, Message | None]:
        """Say whether the bot used a nonce within the window, and what stands of it (None: deleted since)."""
        used = self._nonces.get(nonce)
        if used is None or self._time.monotonic() - used[0] > self.nonce_window_s:
            return False, None
        return True, self.find(used[1], used[2])

    def _tell(self, event: str, message: Message) -> None:
        channel = message.channel
        shared: Json = {"guild_id": str(channel.guild_id)} if channel.guild_id else {}
        if event == "MESSAGE_DELETE":
            data: Json = {"id": str(message.id), "channel_id": str(channel.id)}
        else:
            data = message.json()
        self._changes.emit(Change(event, data | shared, channel.guild_id, channel.id, message.only_for))
