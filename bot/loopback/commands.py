"""Commands as the bot synced them: judged, kept with stable ids, and shown to those who may use them."""

import re
from collections.abc import Iterator
from typing import Any

from bot.loopback import limits
from bot.loopback.ids import DiscordTime
from bot.loopback.verdict import Path, Verdict

Json = dict[str, Any]

CHAT_INPUT = 1
SUBCOMMAND, GROUP = 1, 2
_NAME = re.compile(r"[-_'\w]{1,32}\Z")
_COMMAND_FIELDS = {
    "name", "name_localizations", "description", "description_localizations", "options", "handler", "type", "id",
    "default_member_permissions", "dm_permission", "contexts", "integration_types", "nsfw", "default_permission",
}  # fmt: skip
_OPTION_FIELDS = {
    "type", "name", "name_localizations", "description", "description_localizations", "required", "choices",
    "options", "channel_types", "min_value", "max_value", "min_length", "max_length", "autocomplete",
}  # fmt: skip


def judge_commands(commands: object) -> None:
    """Judge a whole set as PUT sends it.

    Raises:
        Problem: 50035 with the objections.
    """
    verdict = Verdict()
    items = verdict.items((), commands, 0, limits.COMMANDS + 2 * limits.CONTEXT_COMMANDS)
    for index, command in enumerate(items):
        _judge_command(verdict, (index,), command)
    for kind, high in ((CHAT_INPUT, limits.COMMANDS), (2, limits.CONTEXT_COMMANDS), (3, limits.CONTEXT_COMMANDS)):
        names = [command.get("name") for command in items if command.get("type", CHAT_INPUT) == kind]
        verdict.unique((), names, "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names")
        if len(names) > high:
            verdict.add((), "APPLICATION_COMMANDS_TOO_MANY", f"At most {high} commands of this type")
    verdict.enforce()


def _judge_command(verdict: Verdict, path: Path, command: Json) -> None:
    verdict.fields(path, command, _COMMAND_FIELDS)
    if command.get("type", CHAT_INPUT) == CHAT_INPUT:
        _judge_name(verdict, path, command)
        _judge_description(verdict, path, command)
        _judge_options(verdict, (*path, "options"), command.get("options") or [], depth=0)
    else:
        verdict.text((*path, "name"), command.get("name"), 1, limits.COMMAND_NAME)
    if (size := text_size(command)) > limits.COMMAND_TEXT:
        sentence = f"Command exceeds maximum size ({limits.COMMAND_TEXT}): {size}"
        verdict.add(path, "APPLICATION_COMMAND_TOO_LARGE", sentence)


def _judge_name(verdict: Verdict, path: Path, item: Json) -> None:
    for at, name in [((*path, "name"), item.get("name")), *_localized(path, item, "name")]:
        if not verdict.text(at, name, 1, limits.COMMAND_NAME):
            continue
        if not _NAME.match(str(name)) or str(name) != str(name).lower():
            verdict.add(at, "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _judge_description(verdict: Verdict, path: Path, item: Json) -> None:
    for at, text in [((*path, "description"), item.get("description")), *_localized(path, item, "description")]:
        verdict.text(at, text, 1, limits.COMMAND_DESCRIPTION)


def _localized(path: Path, item: Json, name: str) -> Iterator[tuple[Path, object]]:
    for locale, text in (item.get(f"{name}_localizations") or {}).items():
        yield (*path, f"{name}_localizations", locale), text


def _judge_options(verdict: Verdict, path: Path, options: object, *, depth: int) -> None:
    items = verdict.items(path, options, 0, limits.COMMAND_OPTIONS)
    verdict.unique(path, [item.get("name") for item in items], "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", "Names")
    optional_seen = False
    for index, item in enumerate(items):
        at = (*path, index)
        verdict.fields(at, item, _OPTION_FIELDS)
        _judge_name(verdict, at, item)
        _judge_description(verdict, at, item)
        kind = item.get("type")
        verdict.choice((*at, "type"), kind, range(1, 12))
        if kind in (SUBCOMMAND, GROUP):
            if depth > 1 or (depth == 1 and kind == GROUP):
                verdict.add((*at, "type"), "APPLICATION_COMMAND_NESTING", "Groups and subcommands nest no deeper")
            _judge_options(verdict, (*at, "options"), item.get("options") or [], depth=depth + 1)
            continue
        if item.get("required") and optional_seen:
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            verdict.add(at, code, "Required options must be placed before non-required options")
        optional_seen = optional_seen or not item.get("required")
        _judge_choices(verdict, at, item)
    kinds = {item.get("type") in (SUBCOMMAND, GROUP) for item in items}
    if len(kinds) > 1:
        verdict.add(path, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Subcommands and options don't mix")


def _judge_choices(verdict: Verdict, path: Path, option: Json) -> None:
    choices = option.get("choices") or []
    for index, choice in enumerate(verdict.items((*path, "choices"), choices, 0, limits.CHOICES)):
        at = (*path, "choices", index)
        verdict.text((*at, "name"), choice.get("name"), 1, limits.CHOICE_TEXT)
        if isinstance(choice.get("value"), str):
            verdict.text((*at, "value"), choice["value"], 1, limits.CHOICE_TEXT)
    if choices and option.get("autocomplete"):
        verdict.add((*path, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES", "Choices or autocomplete")
    if option.get("autocomplete") and option.get("type") not in (3, 4, 10):
        verdict.add((*path, "autocomplete"), "APPLICATION_COMMAND_AUTOCOMPLETE_TYPE", "Only texts and numbers")


def text_size(item: Json) -> int:
    """Count what Discord counts against 8,000: names, descriptions and values, each in its longest localization."""
    total = 0
    for name in ("name", "description"):
        texts = [item.get(name) or "", *(item.get(f"{name}_localizations") or {}).values()]
        total += max(len(text) for text in texts)
    value = item.get("value")
    total += len(value) if isinstance(value, str) else 0
    return total + sum(text_size(inner) for inner in [*(item.get("options") or []), *(item.get("choices") or [])])


class Commands:
    """The commands of one application: global ones under key 0, a guild's own under its id."""

    def __init__(self, application_id: int, time: DiscordTime) -> None:
        self.application_id = application_id
        self._time = time
        self._sets: dict[int, dict[tuple[int, str], Json]] = {}
        self._grants: dict[tuple[int, str], dict[int, bool]] = {}
        self.syncs = 0

    def grant(self, guild_id: int, name: str, target_id: int, *, allowed: bool = True) -> None:
        """Let an admin allow or deny a command for a role or a person, as in a server's Integrations."""
        self._grants.setdefault((guild_id, name), {})[target_id] = allowed

    def granted(self, guild_id: int, name: str, user_id: int, role_ids: set[int]) -> bool | None:
        """Say what an admin set: the person's own line, else the roles', else @everyone's; None for nothing."""
        lines = self._grants.get((guild_id, name), {})
        if user_id in lines:
            return lines[user_id]
        roles = [lines[role_id] for role_id in role_ids if role_id in lines]
        return any(roles) if roles else lines.get(guild_id)

    def replace(self, scope: int, commands: list[Json]) -> list[Json]:
        """Take a whole set; ids stay with name and type, versions move when something changed."""
        judge_commands(commands)
        before = self._sets.get(scope, {})
        keys = [(int(command.get("type", CHAT_INPUT)), str(command["name"])) for command in commands]
        self._sets[scope] = {
            key: self._complete(scope, command, before.get(key)) for key, command in zip(keys, commands, strict=True)
        }
        self.syncs += 1
        return self.listed(scope)

    def upsert(self, scope: int, command: Json) -> Json:
        """Take one command; one of the same name and type is replaced."""
        judge_commands([command])
        key = (int(command.get("type", CHAT_INPUT)), str(command["name"]))
        kept = self._sets.setdefault(scope, {})
        kept[key] = self._complete(scope, command, kept.get(key))
        return kept[key]

    def listed(self, scope: int = 0) -> list[Json]:
        """Give the set of one scope."""
        return list(self._sets.get(scope, {}).values())

    def available(self, guild_id: int | None) -> list[Json]:
        """Give what can be used in a guild: its own commands, then the global ones."""
        own = self.listed(guild_id) if guild_id else []
        return own + self.listed(0)

    def by_id(self, scope: int, command_id: int) -> Json | None:
        """Find one command."""
        return next((command for command in self.listed(scope) if command["id"] == str(command_id)), None)

    def remove(self, scope: int, command_id: int) -> bool:
        """Delete one command; False if there is none."""
        kept = self._sets.get(scope, {})
        found = [key for key, command in kept.items() if command["id"] == str(command_id)]
        for key in found:
            del kept[key]
        return bool(found)

    def _complete(self, scope: int, command: Json, before: Json | None) -> Json:
        complete = {
            "type": CHAT_INPUT,
            "description": "",
            "name_localizations": None,
            "description_localizations": None,
            "default_member_permissions": None,
            "dm_permission": True,
            "contexts": None,
            "integration_types": [0],
            "nsfw": False,
            **{name: value for name, value in command.items() if name != "id"},
            "application_id": str(self.application_id),
            "id": before["id"] if before else str(self._time.snowflake()),
        }
        if scope:
            complete["guild_id"] = str(scope)
        if complete["default_member_permissions"] is not None:
            complete["default_member_permissions"] = str(complete["default_member_permissions"])
        unchanged = before is not None and before == complete | {"version": before["version"]}
        complete["version"] = before["version"] if before and unchanged else str(self._time.snowflake())
        return complete
