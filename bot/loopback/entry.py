"""What a person types or picks, checked as Discord's own client would before anything is sent."""

from typing import Any

from bot.errors import DatelineError
from bot.loopback.commands import GROUP, SUBCOMMAND
from bot.loopback.components import BUTTON, LABEL, LINK, ROW, SELECTS, STRING_SELECT, TEXT, TEXT_INPUT, walk
from bot.loopback.guilds import Channel, Guild, User
from bot.loopback.modals import CHECKBOX, CHECKBOX_GROUP, RADIO_GROUP
from bot.loopback.payloads import (
    ATTACHMENT,
    BOOLEAN,
    CHANNEL,
    ENTITY_SELECTS,
    INTEGER,
    MENTIONABLE,
    NUMBER,
    ROLE,
    STRING,
    USER,
)
from bot.loopback.permissions import Permission
from bot.loopback.world import World

Json = dict[str, Any]
_LONGEST_ID = 20  # digits


class CannotDoError(DatelineError):
    """Discord's client would not let this person do that; one sentence says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NoSuchControlError(CannotDoError):
    """A message has no such button or select; `there` lists those it has."""

    def __init__(self, wanted: str, there: list[str]) -> None:
        listed = ", ".join(f"“{label}”" for label in there) or "none"
        super().__init__(f"There is no “{wanted}” here. There is: {listed}." if wanted else f"Name one: {listed}.")
        self.there = there


def commands_for(world: World, user: User, channel: Channel) -> list[Json]:
    """List the commands a person sees in a channel: by context, default permission, and Use Application Commands."""
    guild = world.guild_of(channel)
    held = world.permissions(user, channel)
    context = 1 if guild is None else 0
    shown = []
    for command in world.commands.available(guild.id if guild else None):
        contexts = command["contexts"]
        fits = context in contexts if contexts is not None else context == 0 or command["dm_permission"]
        if fits and _may_use(world, user, held, command, guild):
            shown.append(command)
    return shown


def _may_use(world: World, user: User, held: Permission, command: Json, guild: Guild | None) -> bool:
    if guild is None or Permission.ADMINISTRATOR in held:
        return True
    if Permission.USE_APPLICATION_COMMANDS not in held:
        return False
    roles = guild.members[user.id].role_ids
    granted = world.commands.granted(guild.id, str(command["name"]), user.id, roles)
    asked = command["default_member_permissions"]
    if granted is not None or asked is None:
        return granted is not False
    return int(asked) != 0 and int(held) & int(asked) == int(asked)


def find_command(commands: list[Json], words: str) -> tuple[Json, list[Json], list[Json]]:
    """Find "newsdesk setup": the command, the subcommands down to it, and the options there."""
    first, *rest = words.removeprefix("/").split() or [""]
    command = next((command for command in commands if command["name"] == first and command["type"] == 1), None)
    if command is None:
        raise CannotDoError(f"There is no command /{first} for you here.")
    path: list[Json] = []
    options: list[Json] = command.get("options") or []
    for word in rest:
        step = next((o for o in options if o["name"] == word and o["type"] in (SUBCOMMAND, GROUP)), None)
        if step is None:
            raise CannotDoError(f"/{first} has no subcommand {word}.")
        path.append(step)
        options = step.get("options") or []
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in options):
        names = ", ".join(option["name"] for option in options)
        raise CannotDoError(f"/{first} needs one of: {names}.")
    return command, path, options


def fill_options(world: World, guild: Guild | None, options: list[Json], given: dict[str, Any]) -> list[Json]:
    """Turn given values into options as sent, converted and checked by the synced description of each."""
    known = {option["name"]: option for option in options}
    for name in given:
        if name not in known:
            raise CannotDoError(f"There is no option {name} here.")
    for name, option in known.items():
        if option.get("required") and name not in given:
            raise CannotDoError(f"The option {name} is required.")
    return [
        {"name": name, "type": known[name]["type"], "value": convert(world, guild, known[name], value)}
        for name, value in given.items()
    ]


def convert(world: World, guild: Guild | None, option: Json, value: Any) -> Any:  # noqa: ANN401 - an option's value is any JSON scalar
    """Turn one value into what its option type takes."""
    for choice in option.get("choices") or []:
        names = [choice["name"], choice["value"], *(choice.get("name_localizations") or {}).values()]
        if str(value).casefold() in {str(name).casefold() for name in names}:
            return choice["value"]
    if option.get("choices"):
        raise CannotDoError(f"{value} is none of the choices of {option['name']}.")
    kind = option["type"]
    if kind == STRING:
        return _text(option, str(value))
    if kind in (INTEGER, NUMBER):
        return _number(option, value)
    if kind == BOOLEAN:
        return value if isinstance(value, bool) else str(value).casefold() in ("true", "yes", "on", "1")
    return entity(world, guild, kind, value)


def _text(option: Json, text: str) -> str:
    low, high = option.get("min_length") or 0, option.get("max_length") or 6000
    if not low <= len(text) <= high:
        raise CannotDoError(f"{option['name']} takes {low} to {high} characters.")
    return text


def _number(option: Json, value: Any) -> int | float:  # noqa: ANN401 - what a person typed
    try:
        number = int(value) if option["type"] == INTEGER else float(value)
    except ValueError as error:
        raise CannotDoError(f"{option['name']} takes a number.") from error
    low, high = option.get("min_value"), option.get("max_value")
    if (low is not None and number < low) or (high is not None and number > high):
        raise CannotDoError(f"{option['name']} takes {low} to {high}.")
    return number


def entity(world: World, guild: Guild | None, kind: int, value: Any) -> str:  # noqa: ANN401 - an object, an id or a name
    """Give the id of a user, channel or role that is named, numbered or passed."""
    if kind == ATTACHMENT and getattr(value, "id", None) not in world.uploads:
        raise CannotDoError("A file can't be attached here.")
    if hasattr(value, "id"):
        return str(value.id)
    if _is_id(world, guild, kind, str(value)):
        return str(value)
    try:
        if kind == CHANNEL:
            return str(world.channel(str(value), guild).id)
        if kind == ROLE:
            return str(_role(guild, str(value)))
        if kind in (USER, MENTIONABLE):
            return str(world.person(str(value).removeprefix("@")).id)
    except KeyError as error:
        raise CannotDoError(f"{value} is not here.") from error
    raise CannotDoError("The stand-in can't send that kind of option.")


def _is_id(world: World, guild: Guild | None, kind: int, text: str) -> bool:
    """Say whether a text is the id of something that is there."""
    number = int(text) if text.isdecimal() and len(text) <= _LONGEST_ID else 0
    is_person, is_role = number in world.users, guild is not None and number in guild.roles
    known = {CHANNEL: number in world.channels, ROLE: is_role, USER: is_person, MENTIONABLE: is_person or is_role}
    return known.get(kind, False)


def _role(guild: Guild | None, name: str) -> int:
    for role in guild.roles.values() if guild else ():
        if role.name.casefold() == name.removeprefix("@").casefold():
            return role.id
    raise KeyError(name)


def find_control(components: list[Json], wanted: str, kinds: frozenset[int]) -> Json:
    """Find a button or select by custom id, label or placeholder: exactly, else by a beginning only one has."""
    controls = [part for part in walk(components) if part.get("type") in kinds]
    name = wanted.strip().casefold()
    exact = [part for part in controls if name in (str(part.get("custom_id")).casefold(), title(part).casefold())]
    found = exact or [part for part in controls if title(part).casefold().startswith(name)]
    if not wanted and len(controls) == 1:
        found = controls
    if not found or (len(found) > 1 and not exact):
        raise NoSuchControlError(wanted, [title(part) for part in controls])
    return found[0]


def title(control: Json) -> str:
    """Say what stands on a button or in an empty select."""
    if control.get("type") == BUTTON:
        return str(control.get("label") or (control.get("emoji") or {}).get("name") or "")
    return str(control.get("placeholder") or "Make a selection")


def check_pressable(button: Json) -> None:
    """Insist that a press would send anything."""
    if button.get("disabled"):
        raise CannotDoError(f"“{title(button)}” is off.")
    if button.get("style") == LINK:
        raise CannotDoError(f"“{title(button)}” opens {button['url']} in a browser.")


def pick_values(world: World, guild: Guild | None, select: Json, values: list[Any]) -> list[str]:
    """Turn picked labels, values, names or row numbers ("3") into the values sent."""
    if select.get("disabled"):
        raise CannotDoError(f"“{title(select)}” is off.")
    low = 1 if select.get("min_values") is None else select["min_values"]
    high = 1 if select.get("max_values") is None else select["max_values"]
    if not low <= len(values) <= high:
        raise CannotDoError(f"“{title(select)}” takes {low} to {high} choices.")
    if select["type"] != STRING_SELECT:
        return [entity(world, guild, ENTITY_SELECTS[select["type"]], value) for value in values]
    return [pick_option(select["options"], str(value)) for value in values]


def pick_option(options: list[Json], wanted: str) -> str:
    """Find an option by value, by label (whole, else by its beginning), or by its row number."""
    name = wanted.strip().casefold()
    for option in options:
        if wanted == option["value"] or name == option["label"].casefold():
            return str(option["value"])
    if name.isdigit() and 1 <= int(name) <= len(options):
        return str(options[int(name) - 1]["value"])
    found = [option for option in options if option["label"].casefold().startswith(name)]
    if len(found) != 1:
        raise CannotDoError(f"“{wanted}” is none of: {', '.join(option['label'] for option in options)}.")
    return str(found[0]["value"])


def fill_modal(world: World, guild: Guild | None, modal: Json, given: dict[str, Any]) -> dict[str, Any]:
    """Give each control of a modal its value by custom id: what was given by label or id, else what it shows."""
    left = {name.casefold(): value for name, value in given.items()}
    filled: dict[str, Any] = {}
    for label, control in controls_of(modal):
        names = [name for name in (control["custom_id"].casefold(), label.casefold()) if name in left]
        value = left.pop(names[0]) if names else None
        filled[control["custom_id"]] = _control_value(world, guild, label, control, value)
    if left:
        raise CannotDoError(f"The form has no field {', '.join(left)}.")
    return filled


def controls_of(modal: Json) -> list[tuple[str, Json]]:
    """List a modal's controls, each with the label people see."""
    found: list[tuple[str, Json]] = []
    for row in modal["components"]:
        if row["type"] == LABEL:
            found.append((row["label"], row["component"]))
        elif row["type"] == ROW:
            found += [(part["label"], part) for part in row["components"]]
        elif row["type"] != TEXT:
            raise CannotDoError("The form holds something unknown.")
    return found


def _control_value(world: World, guild: Guild | None, label: str, control: Json, value: Any) -> Any:  # noqa: ANN401 - what a person filled in
    kind, required = control["type"], control.get("required", True)
    if kind == TEXT_INPUT:
        text = str(control.get("value") or "" if value is None else value)
        low, high = control.get("min_length") or 0, control.get("max_length") or 4000
        if (required and not text) or (text and not low <= len(text) <= high):
            raise CannotDoError(f"{label} takes {max(low, int(required))} to {high} characters.")
        return text
    if kind == CHECKBOX:
        return bool(control.get("default")) if value is None else str(value).casefold() in ("true", "yes", "on", "1")
    picked = _picked(control) if value is None else value if isinstance(value, list) else [value]
    if required and not picked and control.get("min_values") != 0:
        raise CannotDoError(f"{label} is required.")
    if kind in SELECTS:
        return pick_values(world, guild, control, picked) if picked else []
    picked = [pick_option(control["options"], str(item)) for item in picked] if control.get("options") else picked
    if kind == RADIO_GROUP:
        return picked[0] if picked else None
    return picked if kind == CHECKBOX_GROUP else []


def _picked(control: Json) -> list[str]:
    if control["type"] in ENTITY_SELECTS:
        return [str(item["id"]) for item in control.get("default_values") or []]
    return [str(option["value"]) for option in control.get("options") or [] if option.get("default")]
