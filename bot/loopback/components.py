"""The judge of components in messages: V1 rows and Components V2, as nested as Discord takes them. Pure."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from bot.loopback import limits
from bot.loopback.verdict import Path, Verdict

Json = dict[str, Any]

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = frozenset({3, 5, 6, 7, 8})
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
V2_TOP = frozenset({ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR, CONTAINER})
LINK, PREMIUM = 5, 6

FIELDS: dict[int, frozenset[str]] = {
    ROW: frozenset({"components"}),
    BUTTON: frozenset({"custom_id", "style", "label", "disabled", "url", "sku_id", "emoji"}),
    STRING_SELECT: frozenset(
        {"custom_id", "placeholder", "min_values", "max_values", "disabled", "required", "options"}
    ),
    SECTION: frozenset({"components", "accessory"}),
    TEXT: frozenset({"content"}),
    THUMBNAIL: frozenset({"description", "spoiler", "media"}),
    GALLERY: frozenset({"items"}),
    FILE: frozenset({"spoiler", "file"}),
    SEPARATOR: frozenset({"spacing", "divider"}),
    CONTAINER: frozenset({"accent_color", "components", "spoiler"}),
    **dict.fromkeys(
        (5, 6, 7, 8),
        frozenset(
            {"custom_id", "placeholder", "min_values", "max_values", "disabled", "required", "default_values"}
            | {"channel_types"}
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Size:
    """What a message uses of the limits."""

    characters: int
    parts: int


def walk(components: object) -> list[Json]:
    """List every component of a tree, depth first, accessories and label contents included."""
    found: list[Json] = []
    for part in components if isinstance(components, list) else []:
        if isinstance(part, dict):
            found.append(part)
            found += walk(part.get("components"))
            found += walk([part[name] for name in ("accessory", "component") if name in part])
    return found


def measure(components: object) -> Size:
    """Count the characters of all text displays and all components, nested ones too."""
    parts = walk(components)
    texts = [part.get("content") for part in parts if part.get("type") == TEXT]
    return Size(sum(len(text) for text in texts if isinstance(text, str)), len(parts))


@dataclass(slots=True)
class _Walk:
    """What one judgement carries through the tree."""

    verdict: Verdict
    files: Collection[str]
    custom_ids: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)

    def of_type(self, path: Path, component: object, allowed: Collection[int]) -> bool:
        """Judge one component if its type may stand here."""
        if not isinstance(component, dict):
            self.verdict.add(path, "MODEL_TYPE_CONVERT", "A component must be an object")
            return False
        kind = component.get("type")
        if not isinstance(kind, int) or kind not in allowed:
            self.verdict.add((*path, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {sorted(allowed)}.")
            return False
        self.verdict.fields(path, component, FIELDS[kind] | {"type", "id"})
        if isinstance(number := component.get("id"), int) and number:
            self.ids.append(number)
        JUDGES[kind](self, path, component)
        return True

    def custom_id(self, path: Path, component: Json) -> None:
        """A custom id of 1–100 characters, used once in the message."""
        value = component.get("custom_id")
        if self.verdict.text((*path, "custom_id"), value, 1, limits.CUSTOM_ID):
            if value in self.custom_ids:
                self.verdict.add((*path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Custom ids must be unique")
            self.custom_ids.append(str(value))


def judge_components(verdict: Verdict, components: object, *, v2: bool, files: Collection[str] = ()) -> None:
    """Object to whatever Discord refuses in a message's components."""
    path: Path = ("components",)
    tour = _Walk(verdict, files)
    parts = verdict.items(path, components, 0, limits.COMPONENTS if v2 else limits.ROWS)
    for index, part in enumerate(parts):
        tour.of_type((*path, index), part, V2_TOP if v2 else {ROW})
    verdict.unique(path, tour.ids, "COMPONENT_ID_DUPLICATED", "Component ids")
    size = measure(components)
    if size.parts > limits.COMPONENTS:
        verdict.add(path, "COMPONENT_MAX_TOTAL", f"At most {limits.COMPONENTS} components, nested ones counted")
    if size.characters > limits.V2_TEXT:
        verdict.add(path, "COMPONENT_TEXT_TOTAL", f"At most {limits.V2_TEXT} characters of text in sum")


def _row(tour: _Walk, path: Path, row: Json) -> None:
    inner = tour.verdict.items((*path, "components"), row.get("components"), 1, limits.BUTTONS_IN_ROW)
    for index, part in enumerate(inner):
        tour.of_type((*path, "components", index), part, {BUTTON, *SELECTS})
    kinds = [part.get("type") for part in inner if isinstance(part, dict)]
    if len(kinds) > 1 and SELECTS & set(kinds):
        tour.verdict.add((*path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A select fills its row")


def _button(tour: _Walk, path: Path, button: Json) -> None:
    verdict, style = tour.verdict, button.get("style")
    verdict.choice((*path, "style"), style, range(1, 7))
    verdict.optional_text((*path, "label"), button.get("label"), limits.LABEL)
    if style == LINK:
        verdict.address((*path, "url"), button.get("url"), limits.URL)
        if button.get("custom_id"):
            verdict.add((*path, "custom_id"), "BUTTON_LINK_CUSTOM_ID", "A link button has no custom id")
    elif style != PREMIUM:
        tour.custom_id(path, button)
        if button.get("url"):
            verdict.add((*path, "url"), "BUTTON_URL_WITHOUT_LINK_STYLE", "Only a link button has a URL")
    if style != PREMIUM and not button.get("label") and not button.get("emoji"):
        verdict.add((*path, "label"), "BUTTON_COMPONENT_LABEL_REQUIRED", "A button needs a label or an emoji")


def judge_options(verdict: Verdict, path: Path, options: object, low: int, high: int) -> list[Any]:
    """Judge the options of a string select, a radio group or a checkbox group; give them back."""
    items = verdict.items(path, options, low, high)
    for index, option in enumerate(items):
        at = (*path, index)
        if not isinstance(option, dict):
            verdict.add(at, "MODEL_TYPE_CONVERT", "An option must be an object")
            continue
        verdict.fields(at, option, {"label", "value", "description", "emoji", "default"})
        verdict.text((*at, "label"), option.get("label"), 1, limits.OPTION_TEXT)
        verdict.text((*at, "value"), option.get("value"), 1, limits.OPTION_TEXT)
        verdict.optional_text((*at, "description"), option.get("description"), limits.OPTION_TEXT)
    values = [str(option.get("value")) for option in items if isinstance(option, dict)]
    verdict.unique(path, values, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Option values")
    return items


def judge_select(verdict: Verdict, path: Path, select: Json) -> None:
    """Judge everything of a select but its custom id."""
    verdict.optional_text((*path, "placeholder"), select.get("placeholder"), limits.PLACEHOLDER)
    low, high = select.get("min_values"), select.get("max_values")
    low, high = 1 if low is None else low, 1 if high is None else high
    fine = verdict.whole((*path, "min_values"), low, 0, limits.OPTIONS)
    fine = verdict.whole((*path, "max_values"), high, 1, limits.OPTIONS) and fine
    if fine and low > high:
        verdict.add((*path, "min_values"), "SELECT_COMPONENT_MIN_OVER_MAX", "min_values is over max_values")
    if select.get("type") != STRING_SELECT:
        defaults = select.get("default_values") or []
        verdict.items((*path, "default_values"), defaults, 0, high if fine else limits.OPTIONS)
        return
    options = judge_options(verdict, (*path, "options"), select.get("options"), 1, limits.OPTIONS)
    chosen = sum(1 for option in options if isinstance(option, dict) and option.get("default"))
    if fine and high > len(options):
        verdict.add((*path, "max_values"), "SELECT_COMPONENT_MAX_OVER_OPTIONS", "max_values is over the options")
    if fine and chosen > high:
        verdict.add((*path, "options"), "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "More defaults than max_values")


def _select(tour: _Walk, path: Path, select: Json) -> None:
    tour.custom_id(path, select)
    judge_select(tour.verdict, path, select)  # `required` is ignored outside modals; discord.py always sends it


def _section(tour: _Walk, path: Path, section: Json) -> None:
    inner = tour.verdict.items((*path, "components"), section.get("components"), 1, limits.SECTION_TEXTS)
    for index, part in enumerate(inner):
        tour.of_type((*path, "components", index), part, {TEXT})
    if section.get("accessory") is None:
        tour.verdict.add((*path, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
    else:
        tour.of_type((*path, "accessory"), section["accessory"], {BUTTON, THUMBNAIL})


def _text(tour: _Walk, path: Path, display: Json) -> None:
    tour.verdict.text((*path, "content"), display.get("content"), 1, limits.V2_TEXT)


def _media(tour: _Walk, path: Path, item: Json, name: str = "media") -> None:
    media = item.get(name)
    url = media.get("url") if isinstance(media, dict) else None
    tour.verdict.address((*path, name, "url"), url, limits.MEDIA_URL, names=tour.files)
    tour.verdict.optional_text((*path, "description"), item.get("description"), limits.ALT_TEXT)


def _gallery(tour: _Walk, path: Path, gallery: Json) -> None:
    items = tour.verdict.items((*path, "items"), gallery.get("items"), 1, limits.GALLERY)
    for index, item in enumerate(items):
        _media(tour, (*path, "items", index), item if isinstance(item, dict) else {})


def _file(tour: _Walk, path: Path, file: Json) -> None:
    _media(tour, path, file, "file")
    media = file.get("file")
    if not isinstance(media, dict) or not str(media.get("url", "")).startswith("attachment://"):
        tour.verdict.add((*path, "file", "url"), "FILE_COMPONENT_NO_ATTACHMENT", "A file must be an attachment")


def _separator(tour: _Walk, path: Path, separator: Json) -> None:
    tour.verdict.choice((*path, "spacing"), separator.get("spacing", 1), (1, 2))


def _container(tour: _Walk, path: Path, container: Json) -> None:
    colour = container.get("accent_color")
    if colour is not None:
        tour.verdict.whole((*path, "accent_color"), colour, 0, 0xFFFFFF)
    inner = tour.verdict.items((*path, "components"), container.get("components"), 1, limits.COMPONENTS)
    for index, part in enumerate(inner):
        tour.of_type((*path, "components", index), part, V2_TOP - {CONTAINER})


JUDGES: dict[int, Callable[[_Walk, Path, Json], None]] = {
    ROW: _row,
    BUTTON: _button,
    **dict.fromkeys(SELECTS, _select),
    SECTION: _section,
    TEXT: _text,
    THUMBNAIL: _media,
    GALLERY: _gallery,
    FILE: _file,
    SEPARATOR: _separator,
    CONTAINER: _container,
}
