"""Text from outside as inert Discord text, and the few marks we write ourselves.

Truncate first, escape last: every other module hands raw text to `escape`, `fit` or `link` exactly once. Discord's
own rules: a backslash protects any ASCII punctuation; a zero-width space breaks what has no punctuation to protect.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote, urlsplit, urlunsplit

import regex

from bot.render.limits import URL, cut, size

BREAK = "\u200b"
_SHORT = 300  # characters: what is remembered

_SURPLUS_MARKS = regex.compile(r"([\p{Mn}\p{Me}]{3})[\p{Mn}\p{Me}]+")  # more only smear over neighbouring lines
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b"
    "\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff"
    "\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
)
_JOINER = re.compile(
    "(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])|(?<=[\u200c\u200d])[\u200c\u200d]+"
)
_SPECIAL = re.compile(r"[\\*_~|\[\]<>`]")
_LINE_START = re.compile(r"^(?:([#>+])|(-)|(\d+)([.)]))")
_SCHEME = re.compile(
    r"(?i)\b([a-z][a-z0-9+.\-]{1,30})(?=:(?://|\\))|\b(mailto|tel|sms|xmpp|data|javascript|discord|steam)(?=:\S)"
)
_INVITE = re.compile(r"(?i)\b(discord(?:app)?)(?=\.(?:gg|com|io|me|new)\b)|\b(dsc|invite)(?=\.gg\b)")
_PROTECTED = re.compile(r"\\([^0-9A-Za-z\s])")
_HOST = re.compile(r"(?i)[a-z0-9\-_.]+|\[[0-9a-f:.]+\]")


def clean(text: str) -> str:
    """Take out what cannot be seen (controls, bidi, zero-width, tags, surplus marks); one line, NFC."""
    return _clean_short(text) if len(text) <= _SHORT else _clean(text)


def _clean(text: str) -> str:
    if text.isascii() and text.isprintable():  # most English: nothing can hide in it
        return " ".join(text.split())
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    if not visible.isascii():
        visible = _SURPLUS_MARKS.sub(r"\1", _JOINER.sub("", visible))
    return " ".join(visible.split())


def escape(text: str) -> str:
    """Make text from outside inert: it shows as it was written, formats nothing, links and mentions nothing."""
    return _escape_short(text) if len(text) <= _SHORT else _escape(text)


def _escape(text: str) -> str:
    line = clean(text)
    line = _SPECIAL.sub(r"\\\g<0>", line)
    line = _LINE_START.sub(_protect_start, line)
    if ":" in line:
        line = _SCHEME.sub(rf"\g<0>{BREAK}", line)
    if "." in line:
        line = _INVITE.sub(rf"\g<0>{BREAK}", line)
    return line.replace("@", f"@{BREAK}")


# The same headlines are shown again and again; these keep `/headlines` at a millisecond. Only short texts are kept:
# thousands of whole articles are megabytes.
_clean_short = lru_cache(1_024)(_clean)
_escape_short = lru_cache(1_024)(_escape)


def _protect_start(match: re.Match[str]) -> str:
    mark, dash, digits, dot = match.groups()
    return f"{digits}\\{dot}" if digits else f"\\{mark or dash}"


def unescape(text: str) -> str:
    """Undo `escape`, for those who compare what is shown with what is stored."""
    return _PROTECTED.sub(r"\1", text.replace(BREAK, ""))


def fit(text: str, room: int) -> str:
    """Escape `text`, cut beforehand so that the escaped form takes at most `room`."""
    raw = clean(text)
    length = room
    escaped = escape(cut(raw, length))
    while size(escaped) > room and length > 0:
        length -= max(1, (size(escaped) - room) // 2)
        escaped = escape(cut(raw, length))
    return escaped


def web_url(url: str | None) -> str | None:
    """Give a link target that is safe inside `<…>` and on a button: http(s), encoded, ≤ 512; else None."""
    if not url or any(char in url for char in "\r\n\t"):
        return None
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in {"http", "https"} or parts.username is not None or not _HOST.fullmatch(host):
        return None
    path = quote(parts.path, safe="/%:@!$&'*+,;=~")
    query = quote(parts.query, safe="/%:@!$&'*+,;=~?")
    fragment = quote(parts.fragment, safe="/%:@!$&'*+,;=~?")
    encoded = urlunsplit((parts.scheme, host + port, path, query, fragment))
    return encoded if size(encoded) <= URL else None


def is_linkable(text: str) -> bool:
    """Tell whether Discord takes `text` as a link's text: brackets must pair up, one deep."""
    depth = 0
    for char in text:
        depth += {"[": 1, "]": -1}.get(char, 0)
        if depth not in {0, 1}:
            return False
    return depth == 0


def link(shown: str, url: str) -> str:
    """Write a masked link from text that is already escaped and a target from `web_url`; `<>` stops the preview."""
    return f"[{shown}](<{url}>)"


def stamp(when: datetime, style: str = "R") -> str:
    """Write a time that each reader sees in their own zone. Put a word before it that says what it is."""
    return f"<t:{int(when.timestamp())}:{style}>"


def command(name: str, commands: Mapping[str, int]) -> str:
    """Mention a command so that a press opens it; its plain name while its id is not known."""
    known = commands.get(name.split(maxsplit=1)[0])
    return f"</{name}:{known}>" if known else f"/{name}"
