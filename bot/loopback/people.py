"""What people do: slash commands, autocomplete, buttons, selects, modals, plain words; each arrives as a gateway event.

Every action gives an `Exchange`: what the bot answered, in order, how fast, or why there was no answer in 3 seconds.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from bot.loopback import entry, payloads
from bot.loopback.commands import CHAT_INPUT
from bot.loopback.components import BUTTON, SELECTS
from bot.loopback.entry import CannotDoError
from bot.loopback.gateway import Gateway
from bot.loopback.guilds import Channel, User
from bot.loopback.interactions import Callback, Interaction, Interactions, Sort
from bot.loopback.judge import Draft
from bot.loopback.messages import Message
from bot.loopback.permissions import Permission
from bot.loopback.traffic import Traffic
from bot.loopback.world import World

Json = dict[str, Any]
Who = User | str
Where = Channel | str

SILENT = "The application did not respond"
UNHEARD = "The bot is not connected"


@dataclass(slots=True)
class Exchange:
    """One thing a person did and what the bot answered; follow-ups still arrive in `responses`."""

    interaction: Interaction
    error: str | None
    latency_s: float

    @property
    def responses(self) -> list[Json]:
        """The bodies of all requests the bot made for this, in order: callbacks with type and data, then messages."""
        return self.interaction.responses

    @property
    def callback(self) -> Callback | None:
        """How the bot answered first."""
        return self.interaction.callback

    @property
    def message(self) -> Message:
        """The message of the answer (or the one that was updated).

        Raises:
            LookupError: when the answer was none.
        """
        if self.interaction.original is None:
            raise LookupError(f"no message was answered: {self.error or self.callback}")
        return self.interaction.original

    @property
    def modal(self) -> Json:
        """The form that was opened; `LookupError` when it was none."""
        if self.interaction.modal is None:
            raise LookupError(f"no form was answered: {self.error or self.callback}")
        return self.interaction.modal

    @property
    def choices(self) -> list[Json]:
        """The suggestions of an autocomplete; `LookupError` when there were none sent."""
        if self.interaction.choices is None:
            raise LookupError(f"no choices were answered: {self.error or self.callback}")
        return self.interaction.choices

    @property
    def is_private(self) -> bool:
        """Whether only this person sees the answer."""
        return self.message.only_for is not None


class People:
    """Acts for the people of the world. `patience_s` bounds a wait in real time when the clock stands still."""

    def __init__(
        self, world: World, interactions: Interactions, gateway: Gateway, traffic: Traffic, clock: Clock
    ) -> None:
        self._world = world
        self._interactions = interactions
        self._gateway = gateway
        self._traffic = traffic
        self._clock = clock
        self.patience_s = 10.0

    # Who and where

    def user(self, who: Who) -> User:
        """Give a person by name, label, locale or as they are."""
        try:
            return who if isinstance(who, User) else self._world.person(who)
        except KeyError as error:
            raise CannotDoError(f"Nobody is called {who}.") from error

    def place(self, where: Where, user: User) -> Channel:
        """Give a channel by name, "dm", or as it is, if the person sees it."""
        try:
            channel = where if isinstance(where, Channel) else self._named(where, user)
        except KeyError as error:
            raise CannotDoError(f"There is no channel {where}.") from error
        if Permission.VIEW_CHANNEL not in self._world.permissions(user, channel):
            raise CannotDoError(f"{user.label} does not see that channel.")
        return channel

    def _named(self, where: str, user: User) -> Channel:
        return self._world.direct(user) if where == "dm" else self._world.channel(where)

    def commands(self, who: Who, where: Where) -> list[Json]:
        """List the slash commands somebody sees in a channel."""
        user = self.user(who)
        shown = entry.commands_for(self._world, user, self.place(where, user))
        return [command for command in shown if command["type"] == CHAT_INPUT]

    # Actions

    async def invoke(self, who: Who, where: Where, command: str, options: dict[str, Any] | None = None) -> Exchange:
        """Send a slash command, such as `"newsdesk setup"` with `{"time": "08:00"}`."""
        user = self.user(who)
        channel = self.place(where, user)
        guild = self._world.guild_of(channel)
        found, path, known = entry.find_command(self.commands(user, channel), command)
        sent = entry.fill_options(self._world, guild, known, options or {})
        data = payloads.command_data(self._world, guild, found, path, sent)
        name = " ".join([found["name"], *(step["name"] for step in path)])
        return await self._act(self._interactions.open(Sort.COMMAND, user, channel, name=name), data)

    async def autocomplete(
        self, who: Who, where: Where, command: str, option: str, typed: str, options: dict[str, Any] | None = None
    ) -> Exchange:
        """Type into an option: ask for suggestions."""
        user = self.user(who)
        channel = self.place(where, user)
        guild = self._world.guild_of(channel)
        found, path, known = entry.find_command(self.commands(user, channel), command)
        focused = next((item for item in known if item["name"] == option and item.get("autocomplete")), None)
        if focused is None:
            raise CannotDoError(f"{option} has no suggestions.")
        optional = [item | {"required": False} for item in known]
        sent = entry.fill_options(self._world, guild, optional, options or {})
        sent.append({"name": option, "type": focused["type"], "value": typed, "focused": True})
        data = payloads.command_data(self._world, guild, found, path, sent)
        return await self._act(self._interactions.open(Sort.AUTOCOMPLETE, user, channel), data)

    async def press(self, who: Who, message: Message, button: str) -> Exchange:
        """Press a button by label or custom id."""
        user = self._reader(who, message)
        control = entry.find_control(message.json()["components"], button, frozenset({BUTTON}))
        entry.check_pressable(control)
        return await self._touch(user, message, control, None)

    async def choose(self, who: Who, message: Message, select: str, values: list[Any]) -> Exchange:
        """Choose from a select by custom id or placeholder ("" when there is one): values, labels or row numbers."""
        user = self._reader(who, message)
        control = entry.find_control(message.json()["components"], select, SELECTS)
        guild = self._world.guild_of(message.channel)
        return await self._touch(user, message, control, entry.pick_values(self._world, guild, control, values))

    async def submit_modal(self, who: Who, opened: Exchange, values: dict[str, Any]) -> Exchange:
        """Fill the form an exchange opened, by label or custom id, and send it."""
        user = self.user(who)
        before = opened.interaction
        if before.user is not user:
            raise CannotDoError("That form is open for somebody else.")
        guild = self._world.guild_of(before.channel)
        filled = entry.fill_modal(self._world, guild, opened.modal, values)
        data = payloads.modal_data(self._world, guild, opened.modal, filled)
        interaction = self._interactions.open(Sort.MODAL, user, before.channel, message=before.message)
        return await self._act(interaction, data)

    def say(self, who: Who, where: Where, text: str) -> Message:
        """Write an ordinary message."""
        user = self.user(who)
        channel = self.place(where, user)
        if Permission.SEND_MESSAGES not in self._world.permissions(user, channel):
            raise CannotDoError(f"{user.label} may not write there.")
        return self._world.messages.create(channel, user, Draft(content=text))

    def sees(self, who: Who, where: Where) -> list[Message]:
        """List the messages somebody sees in a channel, oldest first."""
        user = self.user(who)
        return self._world.messages.visible(self.place(where, user), user)

    async def settle(self, exchange: Exchange, *, quiet_s: float = 0.03, at_most_s: float | None = None) -> None:
        """Wait in real time until a deferred answer is completed and the bot has stopped asking things."""
        at_most_s = self.patience_s if at_most_s is None else at_most_s
        if exchange.callback in (Callback.DEFER, Callback.DEFER_UPDATE):
            try:
                async with asyncio.timeout(at_most_s):
                    await exchange.interaction.completed.wait()
            except TimeoutError:
                exchange.error = exchange.error or "The deferred answer did not come"
        await self._traffic.quiet(quiet_s, at_most_s=at_most_s)

    # How an action goes

    def _reader(self, who: Who, message: Message) -> User:
        user = self.user(who)
        self.place(message.channel, user)
        if message.only_for not in (None, user.id):
            raise CannotDoError("Only one person sees that message, and it is somebody else.")
        if not self._world.messages.stands(message):
            raise CannotDoError("That message is gone.")
        return user

    async def _touch(self, user: User, message: Message, control: Json, values: list[str] | None) -> Exchange:
        guild = self._world.guild_of(message.channel)
        data = payloads.component_data(self._world, guild, control, values)
        interaction = self._interactions.open(Sort.COMPONENT, user, message.channel, message=message)
        return await self._act(interaction, data)

    async def _act(self, interaction: Interaction, data: Json) -> Exchange:
        payload = payloads.envelope(self._world, interaction, data)
        started = self._clock.monotonic()
        if not self._gateway.interact(payload, interaction.channel.guild_id):
            return Exchange(interaction, UNHEARD, 0.0)
        answered = await self._answered(interaction)
        error = None if answered else f"{SILENT}: {interaction.refusal}" if interaction.refusal else SILENT
        return Exchange(interaction, error, self._clock.monotonic() - started)

    async def _answered(self, interaction: Interaction) -> bool:
        deadline = asyncio.ensure_future(self._clock.sleep(self._interactions.answer_s))
        answer = asyncio.ensure_future(interaction.answered.wait())
        try:
            async with asyncio.timeout(self.patience_s):
                await asyncio.wait({deadline, answer}, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            pass
        finally:
            deadline.cancel()
            answer.cancel()
        return interaction.answered.is_set()
