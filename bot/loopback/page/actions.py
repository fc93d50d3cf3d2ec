"""What the page lets people do: each action is one of `People`, so it reaches the client as a gateway event.

body of a POST → Asked → the action → what the page is told (messages arrive by the event stream)
"""

import itertools
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.loopback.entry import CannotDoError
from bot.loopback.guilds import Channel, User
from bot.loopback.interactions import Callback
from bot.loopback.messages import Message
from bot.loopback.page.view import with_text_ids
from bot.loopback.people import Exchange
from bot.loopback.server import Loopback

Json = dict[str, Any]
T = TypeVar("T")
FORMS_KEPT = 50
ID_DIGITS = 20


class Asked:
    """The body of an action; every reader raises `CannotDoError` with a sentence when it doesn't fit."""

    def __init__(self, loopback: Loopback, body: object) -> None:
        if not isinstance(body, dict):
            raise CannotDoError("An action is a JSON object.")
        self._world = loopback.world
        self._body = body

    def text(self, name: str) -> str:
        """Give a text."""
        return self._value(name, str, "a text")

    def mapping(self, name: str) -> Json:
        """Give an object."""
        return self._value(name, dict, "an object")

    def items(self, name: str) -> list[Any]:
        """Give a list."""
        return self._value(name, list, "a list")

    def _value(self, name: str, kind: type[T], what: str) -> T:
        value = self._body.get(name)
        if not isinstance(value, kind):
            raise CannotDoError(f"The action lacks “{name}”, {what}.")
        return value

    def _number(self, name: str) -> int:
        text = self.text(name)
        return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS else 0

    @property
    def user(self) -> User:
        """Who acts."""
        user = self._world.users.get(self._number("as"))
        if user is None or user.is_bot:
            raise CannotDoError("Nobody here has that id.")
        return user

    @property
    def channel(self) -> Channel:
        """Where."""
        channel = self._world.channels.get(self._number("channel"))
        if channel is None:
            raise CannotDoError("That channel is gone.")
        return channel

    @property
    def message(self) -> Message:
        """On which message."""
        number = self._number("message")
        found = self._world.messages.find(self.channel, number) or self._world.messages.find_private(number)
        if found is None:
            raise CannotDoError("That message is gone.")
        return found


class Actions:
    """The actions of one page, by name."""

    def __init__(self, loopback: Loopback) -> None:
        self._loopback = loopback
        self._people = loopback.people
        self._numbers = itertools.count(1)
        self._forms: dict[str, Exchange] = {}
        self._by_name: dict[str, Callable[[Asked], Awaitable[Json]]] = {
            "invoke": self._invoke,
            "suggest": self._suggest,
            "press": self._press,
            "choose": self._choose,
            "submit": self._submit,
            "say": self._say,
            "commands": self._commands,
        }

    async def do(self, name: str, body: object) -> Json | None:
        """Do an action; None when there is none of that name.

        Raises:
            CannotDoError: when Discord's own client would not let this person do that.
        """
        action = self._by_name.get(name)
        return None if action is None else await action(Asked(self._loopback, body))

    def keep(self, opened: Exchange) -> str:
        """Keep a form that was opened until it is handed in; the newest ones stay."""
        number = str(next(self._numbers))
        self._forms[number] = opened
        while len(self._forms) > FORMS_KEPT:
            del self._forms[next(iter(self._forms))]
        return number

    def form(self, number: str) -> Exchange | None:
        """Give a form that is open."""
        return self._forms.get(number)

    async def _invoke(self, asked: Asked) -> Json:
        command, options = asked.text("command"), asked.mapping("options")
        return self._told(await self._people.invoke(asked.user, asked.channel, command, options))

    async def _suggest(self, asked: Asked) -> Json:
        exchange = await self._people.autocomplete(
            asked.user,
            asked.channel,
            asked.text("command"),
            asked.text("option"),
            asked.text("typed"),
            asked.mapping("options"),
        )
        return {"error": exchange.error, "choices": exchange.interaction.choices or []}

    async def _press(self, asked: Asked) -> Json:
        return self._told(await self._people.press(asked.user, asked.message, asked.text("control")))

    async def _choose(self, asked: Asked) -> Json:
        control, values = asked.text("control"), asked.items("values")
        return self._told(await self._people.choose(asked.user, asked.message, control, values))

    async def _submit(self, asked: Asked) -> Json:
        opened = self._forms.get(asked.text("form"))
        if opened is None:
            raise CannotDoError("That form is closed.")
        return self._told(await self._people.submit_modal(asked.user, opened, asked.mapping("values")))

    async def _say(self, asked: Asked) -> Json:
        self._people.say(asked.user, asked.channel, asked.text("text"))
        return {"error": None}

    async def _commands(self, asked: Asked) -> Json:
        return {"error": None, "commands": self._people.commands(asked.user, asked.channel)}

    def _told(self, exchange: Exchange) -> Json:
        """Say how an exchange went."""
        told: Json = {"error": exchange.error, "latency_ms": round(exchange.latency_s * 1000, 1)}
        if exchange.callback is Callback.MODAL:
            told |= {"form": self.keep(exchange), "modal": with_text_ids(exchange.modal)}
        return told
