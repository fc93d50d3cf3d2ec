"""Captions: what each picture shows, as text beside it, so that a picture which no longer shows the truth is found out.

What differs from run to run (times, dates, ids) is written alike. The first line is the digest of the picture that was
drawn from this very text (docs/decisions/0092).
"""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from bot.loopback.messages import Message
from bot.loopback.prose import Reader
from bot.loopback.terminal import budget, draw_body

_ALIKE = (
    (re.compile(r"<t:-?\d+:"), "<t:0:"),
    (re.compile(r"<#\d+>"), "#channel"),
    (re.compile(r"<@&?\d+>"), "@somebody"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b( · [0-9a-z]{4}\b)?"), "0000-00-00"),
    (re.compile(r"\b\d{1,2}:\d\d\b"), "00:00"),
    (re.compile(r"\b\d{15,}\b"), "0"),
)


def caption(messages: Iterable[Message]) -> str:
    """Write what messages say and offer."""
    parts = []
    for message in messages:
        alike = json.dumps(message.json(), ensure_ascii=False)
        for pattern, same in _ALIKE:
            alike = pattern.sub(same, alike)
        payload = json.loads(alike)
        parts.append("\n".join([*draw_body(payload, Reader()), budget(message.json())]))
    return "\n\n".join(parts) + "\n"


def digest(picture: Path) -> str:
    """Give the first line of a picture's caption file."""
    return f"sha256 {hashlib.sha256(picture.read_bytes()).hexdigest()}\n"


def stands(picture: Path, said: str) -> bool:
    """Say whether a picture is there that was drawn from these very words."""
    words = picture.with_suffix(".txt")
    return picture.exists() and words.exists() and words.read_text("utf-8") == digest(picture) + said


def write(picture: Path, said: str) -> None:
    """Write the caption beside a picture that was just drawn."""
    picture.with_suffix(".txt").write_text(digest(picture) + said, "utf-8")
