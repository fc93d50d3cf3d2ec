"""The acceptance list as checks on payloads: each gives the faults it finds, as sentences."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.render.controls import Privacy, parse
from bot.render.custom_ids import Control
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import count_components, size, text_length, walk
from bot.render.markdown import BREAK

Payload = dict[str, Any]

ROW, BUTTON, TEXT = 1, 2, 10
SELECTS = {3, 5, 6, 7, 8}
PRIMARY, DANGER, LINK = 1, 4, 5
EPHEMERAL, V2 = 1 << 6, 1 << 15
PRIVATE = {
    Kind.ANSWER,
    Kind.CHOICE,
    Kind.COMPARISON,
    Kind.ERROR,
    Kind.FILTERS,
    Kind.FOLLOWS,
    Kind.MUTES,
    Kind.OWN_BRIEFING,
    Kind.PRIVACY,
    Kind.SETTINGS,
    Kind.SETUP,
    Kind.SOURCES,
    Kind.STATUS,
    Kind.TRANSFER,
    Kind.WHY,
}
PLAIN = {Kind.BRIEFING_PLAIN, Kind.QUIET_LINE, Kind.ALERT}
OURS = re.compile(r"\]\(<[^<>\s]*>\)|<t:-?\d+:[tTdDfFR]>|<#\d+>|<@&?\d+>|</[\w -]+:\d+>")
ESCAPED = re.compile(r"\\[^0-9A-Za-z\s]")


def texts(payload: Payload) -> list[str]:
    shown = [part["content"] for part in walk(payload.get("components", ())) if part["type"] == TEXT]
    return [payload["content"]] if payload.get("content") else shown


def parts(payload: Payload, *types: int) -> list[dict[str, Any]]:
    return [part for part in walk(payload.get("components", ())) if part["type"] in types]


def faults(kind: Kind, payload: Payload) -> list[str]:
    """Give every fault of a payload, "number: what is wrong"."""
    return [fault for check in CHECKS for fault in check(kind, payload)]


def is_v2_or_plain(kind: Kind, payload: Payload) -> Iterator[str]:
    plain = "content" in payload
    if plain == bool(payload["flags"] & V2) or plain == bool(payload.get("components")):
        yield "1: neither V2 nor plain"
    if plain and kind not in PLAIN:
        yield "1: plain, but not of a documented plain form"


def is_within_its_budget(kind: Kind, payload: Payload) -> Iterator[str]:
    budget = BUDGETS[kind]
    if text_length(payload) > min(budget.characters, 2_000 if "content" in payload else 4_000):
        yield f"2: {text_length(payload)} characters of {budget.characters}"
    if "components" in payload and count_components(payload) > min(budget.components, 40):
        yield f"3: {count_components(payload)} components of {budget.components}"
    if not all(text.strip() for text in texts(payload)) or not texts(payload):
        yield "2: an empty text"


def has_good_selects(kind: Kind, payload: Payload) -> Iterator[str]:
    for select in parts(payload, *SELECTS):
        options = select.get("options", [])
        labels = [option["label"] for option in options]
        values = [option["value"] for option in options]
        if select["type"] == 3 and not 1 <= len(options) <= 25:
            yield f"4: {len(options)} options"
        if len(set(labels)) < len(labels) or len(set(values)) < len(values):
            yield "4: options that are the same"
        fields = [*labels, *values, *(option.get("description") or "–" for option in options)]
        if any(not 1 <= size(field) <= 100 for field in fields):
            yield "4: an option that is empty or too long"
        if size(select.get("placeholder") or "") > 150:
            yield "4: a placeholder that is too long"
        if sum(bool(option.get("default")) for option in options) > select.get("max_values", 1):
            yield "4: more chosen than may be"


def has_good_labels(kind: Kind, payload: Payload) -> Iterator[str]:
    labels = [part["label"] for part in parts(payload, BUTTON)]
    if any(not 1 <= size(label) <= 34 for label in labels):
        yield f"6: labels {labels}"
    if len(set(labels)) < len(labels):
        yield f"6: a label twice in {labels}"
    if any(part["label"].endswith("…") for part in parts(payload, BUTTON) if part["style"] != LINK):
        yield f"6: a label was cut: {labels}"


def has_good_buttons(kind: Kind, payload: Payload) -> Iterator[str]:
    for row in parts(payload, ROW):
        buttons = [part for part in row["components"] if part["type"] == BUTTON]
        if not 1 <= len(row["components"]) <= 5 or (len(buttons) not in {0, len(row["components"])}):
            yield "3: a row of none, or of buttons and others"
        if sum(part["style"] == PRIMARY for part in buttons) > 1:
            yield "7: two primary buttons in a row"
    for part in parts(payload, BUTTON):
        control = parse(part.get("custom_id", ""))
        destroys = isinstance(control, Privacy) or "remove" in str(getattr(control, "act", ""))
        if part["style"] == DANGER and not destroys:
            yield f"7: danger where nothing is destroyed: {part['label']}"


def has_good_ids(kind: Kind, payload: Payload) -> Iterator[str]:
    ids = [part["custom_id"] for part in parts(payload, BUTTON, *SELECTS) if "custom_id" in part]
    if len(set(ids)) < len(ids):
        yield f"8: a custom id twice in {ids}"
    for custom_id in ids:
        control: Control | None = parse(custom_id)
        if len(custom_id) > 100 or control is None or control.custom_id != custom_id:
            yield f"8: custom id {custom_id}"
    for part in parts(payload, BUTTON):
        if part["style"] == LINK and not re.fullmatch(r"https?://[^\s<>]{1,505}", part["url"]):
            yield f"9: link {part['url']}"


def has_words_before_times(kind: Kind, payload: Payload) -> Iterator[str]:
    for line in "\n".join(texts(payload)).splitlines():
        for piece in line.split(" · "):
            before, found, _ = ESCAPED.sub("", piece).partition("<t:")
            if found and not re.search(r"\w\w", re.sub(r"<[^>]*>|-#", "", before)):
                yield f"17: a time without a word: {piece}"


ACTIVE = {
    "19: an open bracket": "<",
    "19: a mention": rf"@(?!{BREAK})",
    "21: a bare address": r"(?i)\b(?:https?|ftp|discord)://|discord\.gg/|discord(?:app)?\.com/",
    "19: a mark": r"[`|~]",
    "19: hidden characters": "[\u202a-\u202e\u2060-\u2069\ufeff\u00ad\U000e0000-\U000e007f]",
    "18: an entity": r"&(?:amp|lt|gt|quot|nbsp|#\d+);",
}


def is_inert(kind: Kind, payload: Payload) -> Iterator[str]:
    for text in texts(payload):
        bare = ESCAPED.sub("", OURS.sub("]", text))
        yield from (f"{what} in {text!r}" for what, pattern in ACTIVE.items() if re.search(pattern, bare))
    for part in parts(payload, BUTTON, *SELECTS):
        if re.search("[\u202a-\u202e\u2066-\u2069\u200b\n]", str(part)):
            yield f"19: hidden characters in {part}"


INTERNALS = re.compile(r"Traceback|\b[A-Z]\w*Error\b|\b[Ss][Qq][Ll]|/(?:home|usr|var|tmp)/|\.py\b|0x[0-9a-f]{6}")


def shows_no_internals(kind: Kind, payload: Payload) -> Iterator[str]:
    yield from (f"23: {found[0]} in {text!r}" for text in texts(payload) if (found := INTERNALS.search(text)))


def describes_its_images(kind: Kind, payload: Payload) -> Iterator[str]:
    media = [item for part in parts(payload, 12) for item in part["items"]] + parts(payload, 11)
    if not all((item.get("description") or "").strip() for item in media):
        yield "29: an image without words"


def mentions_nobody(kind: Kind, payload: Payload) -> Iterator[str]:
    allowed = payload["allowed_mentions"]
    if allowed.get("parse") != [] or len(allowed.get("roles", [])) > 1 or set(allowed) - {"parse", "roles"}:
        yield f"20: mentions {allowed}"
    if allowed.get("roles") and kind not in {Kind.BRIEFING, Kind.BRIEFING_PLAIN}:
        yield f"20: a role is pinged by {kind}"


def is_private_where_it_must_be(kind: Kind, payload: Payload) -> Iterator[str]:
    if kind in PRIVATE and not payload["flags"] & EPHEMERAL:
        yield f"22: {kind} is not ephemeral"


def leads_on(kind: Kind, payload: Payload) -> Iterator[str]:
    enabled = [part for part in parts(payload, BUTTON, *SELECTS) if not part.get("disabled")]
    is_helpless = "E26" in "".join(texts(payload))  # the operator does not serve this server
    if kind in {Kind.EMPTY, Kind.ERROR, Kind.WELCOME, Kind.NOTICE} and not enabled and not is_helpless:
        yield f"26: {kind} offers no action"


CHECKS: tuple[Callable[[Kind, Payload], Iterator[str]], ...] = (
    is_v2_or_plain,
    is_within_its_budget,
    has_good_selects,
    has_good_labels,
    has_good_buttons,
    has_good_ids,
    has_words_before_times,
    is_inert,
    shows_no_internals,
    describes_its_images,
    mentions_nobody,
    is_private_where_it_must_be,
    leads_on,
)
