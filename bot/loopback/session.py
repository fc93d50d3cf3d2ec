"""Try mode's prompt at work: one line in, everything the bot answered out, as text and as JSON.

A session remembers who speaks where, waits until the bot has settled, and draws what that person would see.
"""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo
from typing import Any

from bot.loopback import entry, script, terminal
from bot.loopback.changes import Change
from bot.loopback.components import SELECTS, walk
from bot.loopback.entry import CannotDoError
from bot.loopback.guilds import Channel, User
from bot.loopback.messages import Message
from bot.loopback.people import Exchange
from bot.loopback.permissions import Permission
from bot.loopback.prose import Reader
from bot.loopback.script import UnclearError
from bot.loopback.server import Loopback
from bot.loopback.traffic import CALLBACK, Request

Json = dict[str, Any]
Doing = Awaitable[Exchange]
Advance = Callable[[timedelta], Awaitable[None]]
LEAP = timedelta(minutes=12)  # what comes due within it is done before it counts as late
MOST_LEAPS = 720  # six days of them; what is moved further may come late
REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class Output:
    """What one input brought. `input` is None for what came before any; `done` says that the person leaves."""

    input: str | None
    text: str
    responses: tuple[Json, ...] = ()
    done: bool = False

    @property
    def json_line(self) -> str:
        """The one-line JSON form: `{"input": …, "responses": […]}`."""
        return json.dumps({"input": self.input, "responses": list(self.responses)}, ensure_ascii=False)


@dataclass(slots=True)
class _Heard:
    """What happened since the last output."""

    responses: list[Json] = field(default_factory=list)
    messages: dict[int, Message | None] = field(default_factory=dict)


class Session:
    """One person at the prompt.

    Args:
        loopback: a started stand-in, with the bot on it.
        advance: moves the clock, such as `SimulatedClock.advance`.
        zone: the person's zone, for timestamps and `clock 08:00`.
        idle: waits until the bot has no work of its own left; beside it the wire must be quiet for `quiet_s`.
    """

    def __init__(
        self,
        loopback: Loopback,
        *,
        advance: Advance,
        zone: tzinfo = UTC,
        idle: Callable[[], Awaitable[None]] | None = None,
        colour: bool = False,
        width: int = 100,
        quiet_s: float = 0.15,
        at_most_s: float = 5.0,
    ) -> None:
        self._loopback = loopback
        self._advance = advance
        self._zone = zone
        self._idle = idle
        self._colour = colour
        self._width = width
        self._quiet_s = quiet_s
        self._at_most_s = at_most_s
        self._heard = _Heard()
        self._recent: list[Message] = []
        self._opened: Exchange | None = None
        self.user: User = loopback.people.user("admin")
        self.channel: Channel = loopback.people.place("#general", self.user)
        self._stops = [loopback.traffic.listen(self._request), loopback.world.changes.listen(self._change)]

    @property
    def prompt(self) -> str:
        """Who speaks where, and the time there."""
        now = self._loopback.world.time.now().astimezone(self._zone)
        return f"{now:%a %H:%M} {self.user.label} {self._place(self.channel)}> "

    def close(self) -> None:
        """Stop listening."""
        for stop in self._stops:
            stop()

    async def opening(self) -> Output:
        """Give what came before any input, once the bot has settled."""
        await self._settle()
        return self._output(None, [])

    async def enter(self, line: str) -> Output:
        """Do one line and give what came of it."""
        try:
            step = script.parse(line)
            notes = await self._do(step)
        except (UnclearError, CannotDoError) as error:
            return self._output(line, [error.sentence])
        return self._output(line, notes, done=step == script.Word("quit"))

    # Doing

    async def _do(self, step: script.Step) -> list[str]:
        match step:
            case script.Slash() | script.Suggest() | script.Press() | script.Pick() | script.Fill():
                return await self._act(self._exchange(step))
            case script.Wait() | script.Until():
                return await self._move(script.span_of(step, self._loopback.world.time.now(), self._zone))
            case _:
                return self._turn(step)

    def _exchange(self, step: script.Slash | script.Suggest | script.Press | script.Pick | script.Fill) -> Doing:
        match step:
            case script.Slash():
                return self._slash(step)
            case script.Suggest(slash):
                return self._suggest(slash)
            case script.Press(label):
                return self._press(label)
            case script.Pick(select, values):
                return self._pick(select, list(values))
            case script.Fill(fields):
                return self._fill(dict(fields))

    def _turn(self, step: script.Become | script.Go | script.Word | None) -> list[str]:
        match step:
            case script.Become(who):
                return self._become(who)
            case script.Go(where):
                self.channel = self._loopback.people.place(where, self.user)
                return [f"You are in {self._place(self.channel)}."]
            case script.Word(word):
                return self._word(word)
            case None:
                return []

    async def _act(self, doing: Doing) -> list[str]:
        exchange = await doing
        await self._loopback.people.settle(exchange, quiet_s=self._quiet_s, at_most_s=self._at_most_s)
        await self._settle()
        if exchange.error:
            return [f"{exchange.error}."]
        if exchange.interaction.choices is not None:
            return [terminal.draw_choices(exchange.choices)]
        if exchange.interaction.modal is not None:
            self._opened = exchange
            return [terminal.draw_modal(exchange.modal, self._reader())]
        return []

    async def _slash(self, step: script.Slash) -> Exchange:
        words, options = self._named(step)
        return await self._loopback.people.invoke(self.user, self.channel, words, options)

    async def _suggest(self, step: script.Slash) -> Exchange:
        words, options = self._named(step)
        if not options:
            raise UnclearError("Name the option to type into, for example: suggest /summary story:jap")
        name, typed = options.popitem()
        return await self._loopback.people.autocomplete(self.user, self.channel, words, name, typed, options)

    def _named(self, step: script.Slash) -> tuple[str, dict[str, Any]]:
        """Split the words into the command's path and free text, which goes to the command's first option."""
        commands = self._loopback.people.commands(self.user, self.channel)
        for end in range(len(step.words), 0, -1):
            words = " ".join(step.words[:end])
            try:
                _, _, known = entry.find_command(commands, words)
            except CannotDoError:
                if end == 1:
                    raise
                continue
            free = " ".join(step.words[end:])
            if free and not known:
                raise CannotDoError(f"/{words} takes no options.")
            return words, ({known[0]["name"]: free} if free else {}) | dict(step.options)
        raise CannotDoError("There is no such command.")  # pragma: no cover - the loop returns or raises

    async def _press(self, label: str) -> Exchange:
        return await self._newest(lambda message: self._loopback.people.press(self.user, message, label))

    async def _pick(self, select: str, values: list[str]) -> Exchange:
        people = self._loopback.people
        try:
            return await self._newest(lambda message: people.choose(self.user, message, select, list(values)))
        except CannotDoError:
            if not select:
                raise
            whole = f"{select}: {', '.join(values)}"
            return await self._newest(lambda message: people.choose(self.user, message, "", [whole]))

    async def _newest(self, act: Callable[[Message], Awaitable[Exchange]]) -> Exchange:
        """Try the newest messages in turn: the first that has the control gets the action.

        Where none has it, the newest one with any controls says what there is; a control that is there but can't be
        used says that.
        """
        missing: CannotDoError | None = None
        unusable: CannotDoError | None = None
        for message in reversed(self._recent):
            try:
                return await act(message)
            except entry.NoSuchControlError as error:
                missing = missing or (error if error.there else None)
            except CannotDoError as error:
                unusable = unusable or error
        raise unusable or missing or CannotDoError("There is nothing here to press or pick yet.")

    async def _fill(self, values: dict[str, str]) -> Exchange:
        if self._opened is None:
            raise CannotDoError("No form is open.")
        exchange = await self._loopback.people.submit_modal(self.user, self._opened, values)
        self._opened = None
        return exchange

    async def _move(self, span: timedelta) -> list[str]:
        """Move the clock in leaps, letting the bot finish its work after each."""
        left, longest = span, max(LEAP, span / MOST_LEAPS)
        while left > timedelta():
            leap = min(left, longest)
            await self._advance(leap)
            if self._idle is not None:  # a quiet wire is not enough: what is being composed would be left behind
                await self._idle()
            await self._loopback.traffic.quiet(0.005, at_most_s=self._at_most_s)
            left -= leap
        await self._settle()
        return [f"It is {self._loopback.world.time.now().astimezone(self._zone):%A, %Y-%m-%d %H:%M}."]

    def _become(self, who: str) -> list[str]:
        self.user = self._loopback.people.user(who)
        if Permission.VIEW_CHANNEL not in self._loopback.world.permissions(self.user, self.channel):
            self.channel = self._loopback.people.place("#general", self.user)
        return [f"You are {self.user.label}, in {self._place(self.channel)}."]

    def _word(self, word: str) -> list[str]:
        reader = self._reader()
        if word == "help":
            return [script.HELP]
        if word == "commands":
            known = self._loopback.people.commands(self.user, self.channel)
            return [terminal.draw_commands(known, reader, self.user.locale)]
        if word == "options":
            message = next((m for m in reversed(self._recent) if self._selects(m)), None)
            return [terminal.draw_options(select, reader) for select in self._selects(message)] or ["Nothing to pick."]
        if word == "show":
            shown = self._loopback.people.sees(self.user, self.channel)[-5:]
            return [self._drawn(message) for message in shown] or ["Nothing here yet."]
        return []

    @staticmethod
    def _selects(message: Message | None) -> list[Json]:
        return [part for part in walk(list(message.draft.components)) if part["type"] in SELECTS] if message else []

    async def _settle(self) -> None:
        if self._idle is not None:
            await self._idle()
        await self._loopback.traffic.quiet(self._quiet_s, at_most_s=self._at_most_s)

    # Hearing and drawing

    def _request(self, request: Request) -> None:
        body = request.spoken
        if body is None:
            return
        if request.route == CALLBACK:
            body = {"type": body.get("type"), "data": body.get("data") or {}}
        self._heard.responses.append(body)

    def _change(self, change: Change) -> None:
        if not change.event.startswith("MESSAGE"):
            return
        number, messages = int(change.data["id"]), self._loopback.world.messages
        channel = self._loopback.world.channels.get(change.channel_id or 0)
        found = messages.find(channel, number) or messages.find_private(number) if channel else None
        self._heard.messages.pop(number, None)
        self._heard.messages[number] = found

    def _output(self, line: str | None, notes: list[str], *, done: bool = False) -> Output:
        heard, self._heard = self._heard, _Heard()
        seen = [message for message in heard.messages.values() if message is not None and self._sees(message)]
        self._recent = [m for m in self._recent if m.id not in heard.messages and self._sees(m)] + seen
        del self._recent[:-REMEMBERED]
        drawn = [self._drawn(message) for message in seen]
        return Output(line, "\n\n".join([*drawn, *notes]), tuple(heard.responses), done)

    def _sees(self, message: Message) -> bool:
        held = self._loopback.world.permissions(self.user, message.channel)
        mine = message.only_for in (None, self.user.id)
        return mine and Permission.VIEW_CHANNEL in held and self._loopback.world.messages.stands(message)

    def _drawn(self, message: Message) -> str:
        place = self._place(message.channel)
        return terminal.draw_message(message.json(), self._reader(), place=place, private=message.only_for is not None)

    def _place(self, channel: Channel) -> str:
        return f"DM with {channel.recipient.label}" if channel.recipient else f"#{channel.name}"

    def _reader(self) -> Reader:
        world = self._loopback.world
        names = {user.id: user.label for user in world.users.values()}
        names |= {channel.id: channel.name for channel in world.channels.values()}
        names |= {role.id: role.name for guild in world.guilds.values() for role in guild.roles.values()}
        return Reader(self._zone, world.time.now(), self._colour, self._width, names)
