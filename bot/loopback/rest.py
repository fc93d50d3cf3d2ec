"""The vocabulary of the REST side: a call, an answer, a route, and what every handler may reach."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.loopback import problems
from bot.loopback.guilds import Channel, Guild
from bot.loopback.interactions import Interactions
from bot.loopback.permissions import NONE, Permission
from bot.loopback.world import World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart body."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request as a handler sees it."""

    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    uploads: tuple[Upload, ...] = ()

    def number(self, name: str) -> int:
        """Give an id of the path."""
        return int(self.params[name])

    @property
    def fields(self) -> Json:
        """The body as an object."""
        if not isinstance(self.body, dict):
            raise problems.unreadable()
        return self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body (None: no body)."""

    json: Any = None
    status: int = 200


NOTHING = Answer(None, 204)


@dataclass(slots=True)
class Stand:
    """What the handlers share: the world and the interactions in flight."""

    world: World
    interactions: Interactions
    shards: int = 1
    gateway_url: str = "wss://gateway.discord.gg"
    settings: Json = field(default_factory=dict)

    def channel(self, call: Call, *, needs: Permission = NONE) -> Channel:
        """Give the channel of a call if the bot sees it and has `needs`.

        Raises:
            Problem: 10003, 50001 or 50013.
        """
        channel = self.world.channels.get(call.number("channel_id"))
        if channel is None:
            raise problems.unknown("Channel")
        self.require(channel, needs)
        return channel

    def require(self, channel: Channel, needs: Permission) -> None:
        """Insist that the bot sees a channel and may do `needs` there."""
        held = self.world.permissions(self.world.bot, channel)
        if Permission.VIEW_CHANNEL not in held:
            raise problems.missing_access()
        if needs not in held:
            raise problems.missing_permissions()

    def guild(self, call: Call) -> Guild:
        """Give the guild of a call if the bot is in it.

        Raises:
            Problem: 10004 when it does not exist or the bot is not in it.
        """
        guild = self.world.guilds.get(call.number("guild_id"))
        if guild is None or self.world.bot.id not in guild.members:
            raise problems.unknown("Guild")
        return guild


Handler = Callable[[Stand, Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """A method, a path template and who answers; `token` says whether the bot's token is asked for."""

    method: str
    template: str
    handler: Handler
    token: bool = True


Routes = Sequence[Route]
