"""Discord's limits in one place, and text that fits them by construction.

Lengths are counted in UTF-16 units: never fewer than code points, so a text that fits here fits however Discord
counts. discord.py checks neither message text nor its sum.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import regex

CONTENT = 2_000
TEXT_SUM = 4_000  # of all text displays in a message
COMPONENTS = 40  # nested ones included
ROW_BUTTONS = 5
BUTTON_LABEL = 34  # the design guide's; Discord refuses over 80
CUSTOM_ID = 100
URL = 512
OPTIONS = 25
OPTION = 100  # label, value and description alike
PLACEHOLDER = 100  # Discord refuses over 150; phones show less
MODAL_TITLE = 45
MODAL_LABEL = 45
MODAL_ROWS = 5
MODAL_HINT = 100
CHOICES = 25
CHOICE = 100
ALT_TEXT = 1_024
THREAD_TITLE = 100
NONCE = 25

ELLIPSIS = "…"
_GRAPHEME = regex.compile(r"\X")
_KEPT_SHARE = 0.6  # of the room, at least, when cutting at a word
_SHORT = 300  # characters: what is remembered when it is cut


def size(text: str) -> int:
    """Measure a text in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, room: int) -> str:
    """Shorten to `room` at the end, at a word where that keeps 60 %, else between graphemes, with "…"."""
    if size(text) <= room:
        return text
    return _cut_short(text, room) if len(text) <= _SHORT else _cut(text, room)


def _cut(text: str, room: int) -> str:
    if room < 1:
        return ""
    whole = _prefix(text, room - size(ELLIPSIS))
    words = whole[: whole.rfind(" ") + 1]
    if size(words) >= room * _KEPT_SHARE:
        return words + ELLIPSIS
    return whole.rstrip() + ELLIPSIS


_cut_short = lru_cache(1_024)(_cut)


def _prefix(text: str, room: int) -> str:
    """Take as many whole graphemes as fit."""
    if text[max(room - 1, 0) : room + 1].isascii() and size(text[:room]) == room:
        return text[:room]  # between two ASCII characters there is always a boundary
    used, end = 0, 0
    for match in _GRAPHEME.finditer(text):
        used += size(match.group())
        if used > room:
            break
        end = match.end()
    return text[:end]


def first_fitting(drafts: Iterable[str], room: int) -> str:
    """Take the first of ever simpler drafts that fits; the last one is taken whatever its size, then cut."""
    draft = ""
    for draft in drafts:
        if size(draft) <= room:
            return draft
    return cut(draft, room)


def keep_first(rows: Sequence[str], room: int, tail_room: int) -> tuple[list[str], int]:
    """Keep leading rows (joined by newlines) within `room`; say how many are left out.

    `tail_room` is kept free for the line that says so when any are.
    """
    total = sum(size(row) + 1 for row in rows) - 1
    if total <= room:
        return list(rows), 0
    kept, used = [], tail_room
    for row in rows:
        used += size(row) + 1
        if used > room:
            break
        kept.append(row)
    return kept, len(rows) - len(kept)


def walk(components: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Walk every component of a payload, nested ones included, in reading order."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        for nested in ("accessory", "component"):
            if nested in component:
                yield from walk([component[nested]])


def count_components(payload: dict[str, Any]) -> int:
    """Count a payload's components as Discord does: recursively."""
    return sum(1 for _ in walk(payload.get("components", ())))


def text_length(payload: dict[str, Any]) -> int:
    """Sum the text of a payload: its content, or all its text displays."""
    shown = sum(size(part["content"]) for part in walk(payload.get("components", ())) if part["type"] == 10)
    return shown + size(payload.get("content") or "")
