"""Messages, forms and suggestions as text for a terminal: payload JSON in, text out. Pure.

Each message ends with its budget: `1,499/4,000 characters · 18/40 parts`.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.loopback import components as kinds
from bot.loopback import limits, modals
from bot.loopback.components import measure
from bot.loopback.entry import controls_of
from bot.loopback.prose import Reader, clean, lines_of, visible, wrap

Json = dict[str, Any]

_ENTITIES = {5: "people", 6: "roles", 7: "people and roles", 8: "channels"}


def draw_message(message: Json, reader: Reader, *, place: str = "", private: bool = False) -> str:
    """Draw a whole message: who and where, what it says, its controls, its budget."""
    head = " · ".join(part for part in (_author(message), place) if part)
    if message.get("edited_timestamp"):
        head += " (edited)"
    lines = [reader.style(head, "bold"), *draw_body(message, reader)]
    if private:
        lines.append(reader.style("Only you can see this", "dim"))
    lines.append(reader.style(budget(message), "dim"))
    return "\n".join(lines)


def _author(message: Json) -> str:
    author = message.get("author") or {}
    return clean(str(author.get("global_name") or author.get("username") or ""))


def draw_body(payload: Json, reader: Reader) -> list[str]:
    """Draw what a payload shows: content, embeds, components, files. Works for request bodies too."""
    if int(payload.get("flags") or 0) & limits.LOADING_FLAG:
        return [reader.style("Thinking…", "dim")]
    lines = lines_of(payload["content"], reader) if payload.get("content") else []
    for embed in payload.get("embeds") or []:
        parts = [embed.get("title") and f"**{embed['title']}**", embed.get("description")]
        lines += [f"│ {line}" for part in parts if part for line in lines_of(part, _narrower(reader))]
    lines += draw_components(payload.get("components") or [], reader)
    return lines + [f"[file: {clean(str(item.get('filename', '')))}]" for item in payload.get("attachments") or []]


def budget(payload: Json) -> str:
    """Say what a payload uses of Discord's limits."""
    if int(payload.get("flags") or 0) & limits.V2_FLAG:
        size = measure(payload.get("components") or [])
        return f"{size.characters:,}/{limits.V2_TEXT:,} characters · {size.parts}/{limits.COMPONENTS} parts"
    return f"{len(payload.get('content') or ''):,}/{limits.CONTENT:,} characters"


def draw_components(components: list[Json], reader: Reader) -> list[str]:
    """Draw components in order."""
    lines: list[str] = []
    for part in components:
        lines += _DRAW.get(part.get("type", 0), _unknown)(part, reader)
    return lines


def _narrower(reader: Reader) -> Reader:
    return replace(reader, width=reader.width - 2)


def _row(row: Json, reader: Reader) -> list[str]:
    return wrap("  ".join(_control(part, reader) for part in row.get("components", [])), reader.width)


def _control(part: Json, reader: Reader) -> str:
    return _button(part, reader) if part.get("type") == kinds.BUTTON else _select(part, reader)


def _button(button: Json, reader: Reader) -> str:
    label = clean(str(button.get("label") or (button.get("emoji") or {}).get("name") or ""))
    if button.get("disabled"):
        return reader.style(f"[{label} (off)]", "off")
    if button.get("style") == kinds.LINK:
        return reader.link(f"[{label} ↗]", str(button.get("url")))
    return reader.style(f"[{label}]", "bold")


def _select(select: Json, reader: Reader) -> str:
    title = clean(str(select.get("placeholder") or "Make a selection"))
    options = select.get("options") or []
    chosen = [clean(str(option.get("label"))) for option in options if option.get("default")]
    count = str(len(options)) if options else _ENTITIES.get(select.get("type", 0), "")
    text = f"[select: {', '.join(chosen) or title} ({count})]"
    return reader.style(text, "off") if select.get("disabled") else reader.style(text, "bold")


def _section(section: Json, reader: Reader) -> list[str]:
    lines = draw_components(section.get("components", []), reader)
    accessory = section.get("accessory") or {}
    drawn = _image(accessory, reader) if accessory.get("type") == kinds.THUMBNAIL else [_control(accessory, reader)]
    last = lines[-1] if lines else ""
    if len(drawn) == 1 and lines and visible(last) + 2 + visible(drawn[0]) <= reader.width:
        return [*lines[:-1], f"{last}  {drawn[0]}"]
    return lines + drawn


def _text(display: Json, reader: Reader) -> list[str]:
    return lines_of(str(display.get("content", "")), reader)


def _image(item: Json, _reader: Reader) -> list[str]:
    return [f"[image: {clean(str(item.get('description') or 'no description'))}]"]


def _gallery(gallery: Json, reader: Reader) -> list[str]:
    return [line for item in gallery.get("items", []) for line in _image(item, reader)]


def _file(file: Json, _reader: Reader) -> list[str]:
    url = str((file.get("file") or {}).get("url", ""))
    return [f"[file: {clean(url.rpartition('/')[2])}]"]


def _separator(separator: Json, reader: Reader) -> list[str]:
    return [reader.style("─" * min(40, reader.width), "dim") if separator.get("divider", True) else ""]


def _container(container: Json, reader: Reader) -> list[str]:
    return [f"┃ {line}".rstrip() for line in draw_components(container.get("components", []), _narrower(reader))]


def _unknown(part: Json, _reader: Reader) -> list[str]:
    return [f"[component of type {part.get('type')}]"]


_DRAW: dict[int, Callable[[Json, Reader], list[str]]] = {
    kinds.ROW: _row,
    kinds.SECTION: _section,
    kinds.TEXT: _text,
    kinds.GALLERY: _gallery,
    kinds.FILE: _file,
    kinds.SEPARATOR: _separator,
    kinds.CONTAINER: _container,
}


def draw_modal(modal: Json, reader: Reader) -> str:
    """Draw a form: its title, each field with what it holds, and how to send it."""
    lines = [reader.style(f"Form: {clean(modal['title'])}", "bold")]
    for row in modal["components"]:
        if row["type"] == kinds.TEXT:
            lines += lines_of(row["content"], reader)
    for label, control in controls_of(modal):
        must = "" if control.get("required", True) else " (optional)"
        lines += wrap(f"  {clean(label)}{must}: {_shown(control)}", reader.width, "    ")
    lines.append(reader.style("fill Label=value Label=value sends it", "dim"))
    return "\n".join(lines)


def _shown(control: Json) -> str:
    if control["type"] == kinds.TEXT_INPUT:
        return clean(str(control.get("value") or control.get("placeholder") or "…"))
    if control["type"] == modals.CHECKBOX:
        return "yes" if control.get("default") else "no"
    options = control.get("options") or []
    marked = [f"*{o['label']}" if o.get("default") else str(o["label"]) for o in options]
    return clean(" | ".join(marked)) or f"choose {_ENTITIES.get(control['type'], 'a file')}"


def draw_options(select: Json, reader: Reader) -> str:
    """List what a select offers, numbered as `pick` takes it."""
    lines = [clean(str(select.get("placeholder") or "Make a selection"))]
    for number, option in enumerate(select.get("options") or [], start=1):
        about = f" — {clean(option['description'])}" if option.get("description") else ""
        lines += wrap(f"  {number}. {clean(option['label'])}{about}", reader.width, "     ")
    return "\n".join(lines)


def draw_choices(choices: list[Json]) -> str:
    """List suggestions."""
    return "\n".join(f"  {clean(str(choice['name']))}" for choice in choices) or "No suggestions"


def draw_commands(commands: list[Json], reader: Reader, locale: str = "") -> str:
    """List slash commands with their options, described in the language of who asks."""
    lines: list[str] = []
    for command in sorted(commands, key=lambda command: str(command["name"])):
        subcommands = [o for o in command.get("options") or [] if o["type"] in (1, 2)]
        for step in subcommands or [command]:
            name = f"/{command['name']} {step['name']}" if subcommands else f"/{command['name']}"
            options = "".join(f" {o['name']}:…" for o in step.get("options") or [])
            lines += wrap(f"  {name}{options} — {clean(_described(step, locale))}", reader.width, "      ")
    return "\n".join(lines)


def _described(step: Json, locale: str) -> str:
    return str((step.get("description_localizations") or {}).get(locale) or step["description"])
