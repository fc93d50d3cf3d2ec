"""Interactions in flight: their token, deadlines, first answer and follow-ups."""

import asyncio
import secrets
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from bot.loopback import limits, problems
from bot.loopback.guilds import Channel, User
from bot.loopback.ids import DiscordTime
from bot.loopback.messages import Message

Json = dict[str, Any]

KEPT = 5_000


class Sort(IntEnum):
    """What a person did."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Callback(IntEnum):
    """How the bot answered first."""

    MESSAGE = 4
    DEFER = 5
    DEFER_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


ALLOWED: dict[Callback, frozenset[Sort]] = {
    Callback.MESSAGE: frozenset({Sort.COMMAND, Sort.COMPONENT, Sort.MODAL}),
    Callback.DEFER: frozenset({Sort.COMMAND, Sort.COMPONENT, Sort.MODAL}),
    Callback.DEFER_UPDATE: frozenset({Sort.COMPONENT, Sort.MODAL}),
    Callback.UPDATE: frozenset({Sort.COMPONENT, Sort.MODAL}),
    Callback.CHOICES: frozenset({Sort.AUTOCOMPLETE}),
    Callback.MODAL: frozenset({Sort.COMMAND, Sort.COMPONENT}),
}


@dataclass(slots=True)
class Interaction:
    """One thing a person did, and what became of it."""

    id: int
    token: str
    sort: Sort
    user: User
    channel: Channel
    born: float
    message: Message | None = None
    name: str = ""
    by_user_install: bool = False
    callback: Callback | None = None
    original: Message | None = None
    follow_ups: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] | None = None
    responses: list[Json] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    completed: asyncio.Event = field(default_factory=asyncio.Event)
    refusal: str | None = None

    def accept(self, callback: Callback) -> None:
        """Take the first answer; a deferred one is completed later."""
        self.callback = callback
        self.answered.set()
        if callback not in (Callback.DEFER, Callback.DEFER_UPDATE):
            self.completed.set()

    def metadata(self) -> Json:
        """Write what a message says of the interaction it answers."""
        about: Json = {"id": str(self.id), "type": int(self.sort), "user": self.user.json()}
        about["authorizing_integration_owners"] = {"0": str(self.channel.guild_id or 0)}
        if self.message is not None and self.sort is Sort.COMPONENT:
            about["interacted_message_id"] = str(self.message.id)
        return about | ({"name": self.name} if self.name else {})


class Interactions:
    """The newest interactions, by token: half an hour of them, and no more than `KEPT`."""

    def __init__(self, time: DiscordTime) -> None:
        self.answer_s = limits.ANSWER_S  # how long a first answer may take
        self._time = time
        self._by_token: dict[str, Interaction] = {}

    def open(
        self, sort: Sort, user: User, channel: Channel, *, message: Message | None = None, name: str = ""
    ) -> Interaction:
        """Begin an interaction."""
        number = self._time.snowflake()
        token = f"{number}-{secrets.token_urlsafe(24)}"
        interaction = Interaction(number, token, sort, user, channel, self._time.monotonic(), message, name)
        self._forget_old()
        self._by_token[token] = interaction
        return interaction

    def for_callback(self, token: str) -> Interaction:
        """Give the interaction a first answer is for.

        Raises:
            Problem: 10062 when unknown or past `answer_s`, 40060 when it was answered.
        """
        interaction = self._by_token.get(token)
        if interaction is None:
            raise problems.unknown("Interaction")
        if interaction.callback is not None:
            raise problems.already_answered()
        if self._age(interaction) > self.answer_s:
            raise problems.unknown("Interaction")
        return interaction

    def for_webhook(self, token: str) -> Interaction:
        """Give the interaction a follow-up or an edit is for.

        Raises:
            Problem: 10015 when unknown or not yet answered, 50027 past 15 minutes.
        """
        interaction = self._by_token.get(token)
        if interaction is None:
            raise problems.unknown("Webhook")
        if self._age(interaction) > limits.TOKEN_S:
            raise problems.expired_token()
        if interaction.callback is None:
            raise problems.unknown("Webhook")
        return interaction

    def by_token(self, token: str) -> Interaction | None:
        """Find an interaction, whatever its age."""
        return self._by_token.get(token)

    def _age(self, interaction: Interaction) -> float:
        return self._time.monotonic() - interaction.born

    def _forget_old(self) -> None:
        for token, interaction in list(self._by_token.items()):
            if self._age(interaction) <= 2 * limits.TOKEN_S and len(self._by_token) < KEPT:
                break
            del self._by_token[token]
