"""The judge of modals: labels with one control each, text displays, and the older rows of text inputs. Pure."""

from collections.abc import Callable, Collection
from typing import Any

from bot.loopback import limits
from bot.loopback.components import LABEL, ROW, SELECTS, TEXT, TEXT_INPUT, judge_options, judge_select
from bot.loopback.verdict import Path, Verdict

Json = dict[str, Any]

FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 19, 21, 22, 23
CONTROLS = frozenset({TEXT_INPUT, *SELECTS, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX})


def judge_modal(verdict: Verdict, modal: Json) -> None:
    """Object to whatever Discord refuses in a modal."""
    path: Path = ("data",)
    verdict.fields(path, modal, {"custom_id", "title", "components"})
    verdict.text((*path, "custom_id"), modal.get("custom_id"), 1, limits.CUSTOM_ID)
    verdict.text((*path, "title"), modal.get("title"), 1, limits.MODAL_TITLE)
    rows = verdict.items((*path, "components"), modal.get("components"), 1, limits.MODAL_ROWS)
    custom_ids: list[str] = []
    for index, row in enumerate(rows):
        _judge_row(verdict, (*path, "components", index), row, custom_ids)
    verdict.unique((*path, "components"), custom_ids, "COMPONENT_CUSTOM_ID_DUPLICATED", "Custom ids")


def _judge_row(verdict: Verdict, path: Path, row: object, custom_ids: list[str]) -> None:
    if not isinstance(row, dict):
        verdict.add(path, "MODEL_TYPE_CONVERT", "A component must be an object")
        return
    kind = row.get("type")
    verdict.choice((*path, "type"), kind, (ROW, TEXT, LABEL))
    if kind == TEXT:
        verdict.fields(path, row, {"type", "id", "content"})
        verdict.text((*path, "content"), row.get("content"), 1, limits.V2_TEXT)
    elif kind == LABEL:
        verdict.fields(path, row, {"type", "id", "label", "description", "component"})
        verdict.text((*path, "label"), row.get("label"), 1, limits.MODAL_LABEL)
        verdict.optional_text((*path, "description"), row.get("description"), limits.OPTION_TEXT)
        _judge_control(verdict, (*path, "component"), row.get("component"), CONTROLS, custom_ids)
    elif kind == ROW:
        for index, part in enumerate(verdict.items((*path, "components"), row.get("components"), 1, 1)):
            at = (*path, "components", index)
            _judge_control(verdict, at, part, {TEXT_INPUT}, custom_ids)
            verdict.text((*at, "label"), part.get("label") if isinstance(part, dict) else None, 1, limits.MODAL_LABEL)


def _judge_control(
    verdict: Verdict, path: Path, control: object, allowed: Collection[int], custom_ids: list[str]
) -> None:
    if not isinstance(control, dict) or control.get("type") not in allowed:
        verdict.add((*path, "type"), "BASE_TYPE_CHOICES", f"Value must be one of {sorted(allowed)}.")
        return
    if verdict.text((*path, "custom_id"), control.get("custom_id"), 1, limits.CUSTOM_ID):
        custom_ids.append(control["custom_id"])
    JUDGES[control["type"]](verdict, path, control)


def _text_input(verdict: Verdict, path: Path, field: Json) -> None:
    verdict.choice((*path, "style"), field.get("style"), (1, 2))
    for name, low in (("min_length", 0), ("max_length", 1)):
        if field.get(name) is not None:
            verdict.whole((*path, name), field[name], low, limits.MODAL_INPUT)
    verdict.optional_text((*path, "value"), field.get("value"), field.get("max_length") or limits.MODAL_INPUT)
    verdict.optional_text((*path, "placeholder"), field.get("placeholder"), limits.MODAL_INPUT_PLACEHOLDER)
    if path[-1] == "component" and field.get("label") is not None:
        verdict.add((*path, "label"), "TEXT_INPUT_LABEL_TWICE", "Inside a label, the label names the input")


def _select(verdict: Verdict, path: Path, select: Json) -> None:
    if select.get("disabled"):
        verdict.add((*path, "disabled"), "SELECT_DISABLED_IN_MODAL", "A select in a modal can't be disabled")
    judge_select(verdict, path, select)


def _radio_group(verdict: Verdict, path: Path, group: Json) -> None:
    options = judge_options(verdict, (*path, "options"), group.get("options"), 2, limits.MODAL_GROUP)
    if sum(1 for option in options if isinstance(option, dict) and option.get("default")) > 1:
        verdict.add((*path, "options"), "RADIO_GROUP_TOO_MANY_DEFAULTS", "One option at most is chosen")


def _checkbox_group(verdict: Verdict, path: Path, group: Json) -> None:
    options = judge_options(verdict, (*path, "options"), group.get("options"), 1, limits.MODAL_GROUP)
    for name, low in (("min_values", 0), ("max_values", 1)):
        if group.get(name) is not None:
            verdict.whole((*path, name), group[name], low, max(low, len(options)))


def _file_upload(verdict: Verdict, path: Path, upload: Json) -> None:
    for name, low in (("min_values", 0), ("max_values", 1)):
        if upload.get(name) is not None:
            verdict.whole((*path, name), upload[name], low, limits.MODAL_GROUP)


def _checkbox(_verdict: Verdict, _path: Path, _box: Json) -> None:
    """A checkbox has nothing but its custom id."""


JUDGES: dict[int, Callable[[Verdict, Path, Json], None]] = {
    TEXT_INPUT: _text_input,
    **dict.fromkeys(SELECTS, _select),
    RADIO_GROUP: _radio_group,
    CHECKBOX_GROUP: _checkbox_group,
    FILE_UPLOAD: _file_upload,
    CHECKBOX: _checkbox,
}
