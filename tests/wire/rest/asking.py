"""What every test of the stand-in's REST side asks with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.loopback import Loopback
from bot.loopback.guilds import Channel
from bot.loopback.interactions import Interaction, Sort
from bot.loopback.messages import Message
from bot.loopback.permissions import Overwrite, Permission

Json = dict[str, Any]
V2, EPHEMERAL = 1 << 15, 1 << 6
SAY: Json = {"type": 4, "data": {"content": "x"}}
NOW = datetime(2026, 11, 22, 7, 59, tzinfo=UTC)


@dataclass
class Reply:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> tuple[int, int]:
        return self.status, self.body["code"]


Rest = Callable[..., Awaitable[Reply]]


def path(channel: Channel, *more: object) -> str:
    return "/".join([f"/channels/{channel.id}/messages", *map(str, more)])


def forbid(loopback: Loopback, channel: Channel, what: Permission) -> None:
    (guild,) = loopback.world.guilds.values()
    loopback.world.set_overwrite(channel, Overwrite(loopback.world.bot_role(guild).id, deny=what))


def opened(loopback: Loopback, sort: Sort = Sort.COMMAND, message: Message | None = None) -> Interaction:
    world = loopback.world
    return loopback.stand.interactions.open(
        sort, world.person("member"), world.channel("general"), message=message, name="headlines"
    )


def callback(interaction: Interaction) -> str:
    return f"/interactions/{interaction.id}/{interaction.token}/callback"
