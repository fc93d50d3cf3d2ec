"""The JSON of what is sent: the plain message with its nonce, its dressed form, the post in a forum. Pure."""

import json
import re
from typing import Any

from bot.domain.deliveries import Message
from bot.domain.places import Schedule, Style, TargetKind
from bot.render.limits import CONTENT, NONCE, THREAD_TITLE, cut, size

SUPPRESS_EMBEDS = 1 << 2
COMPONENTS_V2 = 1 << 15
TEXT_DISPLAY = 10

_LINK = re.compile(r"\[([^\]]*)\]\(<?https?://[^)\s]*>?\)")
_ADDRESS = re.compile(r"<?https?://\S+>?")

Json = dict[str, Any]


def with_marker(text: str, marker: str) -> str:
    """Give the text with the marker in it: the composer's own, else as a last line."""
    if marker in text:
        return cut(text, CONTENT)
    line = f"\n-# {marker}"
    return cut(text, CONTENT - size(line)) + line


def simplified(text: str, marker: str) -> str:
    """Give the text without any link: the second and last try when Discord refuses the first."""
    bare = _ADDRESS.sub("", _LINK.sub(r"\1", text.replace(marker, "")))
    return with_marker(cut(bare, CONTENT - 100), marker)


def mentions(role_id: int | None) -> Json:
    """Allow no mention but one role's."""
    return {"parse": [], "roles": [str(role_id)]} if role_id else {"parse": []}


def plain(message: Message, marker: str, nonce: str, role_id: int | None, *, is_simple: bool = False) -> Json:
    """Give the body that creates a message; the same nonce on every try."""
    text = simplified(message.plain, marker) if is_simple else with_marker(message.plain, marker)
    return {
        "content": text,
        "nonce": nonce[:NONCE],
        "enforce_nonce": True,
        "allowed_mentions": mentions(role_id),
        "flags": SUPPRESS_EMBEDS,
    }


def forum_post(message: Message, marker: str, title: str, role_id: int | None, *, is_simple: bool = False) -> Json:
    """Give the body that creates a forum post. It knows no nonce: its title carries the marker, and is looked for."""
    first = plain(message, marker, "", role_id, is_simple=is_simple)
    del first["nonce"], first["enforce_nonce"]
    return {"name": thread_title(title, marker), "message": first}


def thread_title(title: str, marker: str) -> str:
    """Give the name of a forum post or of a discussion thread."""
    end = f" · {marker}"
    return cut(title, THREAD_TITLE - size(end)) + end


def is_dressed_by(schedule: Schedule, message: Message) -> bool:
    """Whether a message is to be edited to components: what is published stays plain."""
    settings = schedule.settings
    return bool(message.dressed) and settings.style is Style.CARDS and not settings.publish


def can_have_thread(schedule: Schedule) -> bool:
    """Whether a discussion can be opened under its messages."""
    return schedule.target in {TargetKind.CHANNEL, TargetKind.ANNOUNCEMENT}


def follow_ups(schedule: Schedule, part: int, message: Message) -> int:
    """Count the requests that follow a create: the edit to components, publishing, the discussion."""
    settings = schedule.settings
    is_published = settings.publish and schedule.target is TargetKind.ANNOUNCEMENT
    is_discussed = settings.discussion and part == 0 and can_have_thread(schedule)
    return int(is_dressed_by(schedule, message)) + int(is_published) + int(is_discussed)


def dressed(message: Message, marker: str) -> Json:
    """Give the body that edits a plain message to Components V2; the marker stays readable in it."""
    components = message.dressed or []
    if marker not in json.dumps(components, ensure_ascii=False):
        components = [*components, {"type": TEXT_DISPLAY, "content": f"-# {marker}"}]
    return {
        "content": None,
        "components": components,
        "flags": COMPONENTS_V2,
        "allowed_mentions": mentions(None),
    }
