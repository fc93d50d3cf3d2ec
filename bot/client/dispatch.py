"""One listener for every button, select and modal: parse the custom id, call the handler its cog registered."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

import discord

from bot.client.answering import Interaction
from bot.errors import Code, UserError
from bot.render.controls import parse
from bot.render.custom_ids import Control

_COMMANDS = {
    "setup": "newsdesk setup",
    "status": "newsdesk status",
    "server": "newsdesk status",
    "changes": "newsdesk status",
    "import": "newsdesk import",
    "sources": "newsdesk sources",
    "filters": "newsdesk filters",
}

_LONGEST_NUMBER = 18  # digits

Handler = Callable[[Interaction, Any], Awaitable[None]]
Handlers = Mapping[type[Control], Handler]


def collect(cogs: Iterable[object]) -> dict[type[Control], Handler]:
    """Join the `controls` tables of all cogs; a kind has one handler.

    Raises:
        ValueError: two cogs claim the same control.
    """
    handlers: dict[type[Control], Handler] = {}
    for cog in cogs:
        for kind, handler in getattr(cog, "controls", {}).items():
            if kind in handlers:
                raise ValueError(f"two cogs handle {kind.__name__}")
            handlers[kind] = handler
    return handlers


async def dispatch(interaction: Interaction, handlers: Handlers) -> None:
    """Call the handler of a pressed control or a handed-in form.

    Raises:
        UserError: nobody knows this control any more (E14).
    """
    custom_id = str(_data(interaction).get("custom_id", ""))
    control = parse(custom_id)
    handler = None if control is None else handlers.get(type(control))
    if control is None or handler is None:
        raise UserError(Code.CONTROL_EXPIRED, command=_command_of(custom_id))
    await handler(interaction, control)


def _command_of(custom_id: str) -> str:
    """Name the command that shows the panel anew which a control of another version belonged to."""
    _, _, rest = custom_id.partition(":")
    return _COMMANDS.get(rest.partition(":")[0], "headlines")


def chosen(interaction: Interaction) -> tuple[str, ...]:
    """Give the values picked in the select that was used."""
    return tuple(str(value) for value in _data(interaction).get("values", ()))


def chosen_numbers(interaction: Interaction) -> tuple[int, ...]:
    """Give the numbers among the values picked; what is none, or too large to be one of ours, was not ours."""
    numbers = (number_of(value) for value in chosen(interaction))
    return tuple(number for number in numbers if number is not None)


def number_of(value: str) -> int | None:
    """Read a number of ours; None for what is none, or too large to be one."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= _LONGEST_NUMBER else None


def fields(interaction: Interaction) -> dict[str, tuple[str, ...]]:
    """Give what was handed in with a form: custom id of the field → its text, or the values chosen in it."""
    found: dict[str, tuple[str, ...]] = {}
    waiting: list[Any] = list(_data(interaction).get("components", ()))
    while waiting:
        part = waiting.pop()
        waiting += part.get("components", ())
        if "component" in part:
            waiting.append(part["component"])
        if "values" in part:
            found[part["custom_id"]] = tuple(part["values"])
        elif "value" in part:
            found[part["custom_id"]] = (str(part["value"]),)
    return found


def _data(interaction: Interaction) -> dict[str, Any]:
    return dict(interaction.data or {})


IS_CONTROL = frozenset({discord.InteractionType.component, discord.InteractionType.modal_submit})
