"""Discord's markdown as text for a terminal: bold, subtext, headings, links, mentions, timestamps. Pure.

Control characters are dropped first: text from outside must not steer the terminal.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_ANSI = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
_ESCAPED = re.compile(r"\\([^\w\s])")
_HELD = re.compile("[\ue000-\uf8ff]")
_PRIVATE = 0xE000
_TIME = re.compile(r"<t:(-?\d{1,12})(?::([tTdDfFR]))?>")
_LINK = re.compile(r"\[([^\]\n]+)\]\(<?([^\s<>]+?)>?\)")
_MENTION = re.compile(r"<(@[!&]?|#)(\d+)>")
_COMMAND = re.compile(r"</([^:>]+):\d+>")
_SPANS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\*\*(.+?)\*\*"), "bold"),
    (re.compile(r"__(.+?)__"), "underline"),
    (re.compile(r"(?<![\w*])\*(?!\s)(.+?)(?<!\s)\*(?![\w*])"), "italic"),
    (re.compile(r"(?<![\w_])_(?!\s)(.+?)(?<!\s)_(?![\w_])"), "italic"),
    (re.compile(r"~~(.+?)~~"), "strike"),
    (re.compile(r"\|\|(.+?)\|\|"), "reverse"),
    (re.compile(r"`([^`\n]+)`"), "reverse"),
)
_CODES = {"bold": 1, "dim": 2, "italic": 3, "underline": 4, "reverse": 7, "strike": 9, "off": 90}


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the terminal: zone and moment for timestamps, colour or not, width, and names behind ids."""

    zone: tzinfo = UTC
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    colour: bool = False
    width: int = 100
    names: Mapping[int, str] = field(default_factory=dict)

    def style(self, text: str, *names: str) -> str:
        """Wrap a text in ANSI styles; plain when there is no colour."""
        if not self.colour or not text:
            return text
        return "".join(f"\x1b[{_CODES[name]}m" for name in names) + text + "\x1b[0m"

    def link(self, text: str, url: str) -> str:
        """Show a link: clickable with colour, spelled out without."""
        if self.colour:
            return f"\x1b]8;;{url}\x1b\\{self.style(text, 'underline')}\x1b]8;;\x1b\\"
        return f"{text} ({url})"


def clean(text: str) -> str:
    """Drop control, direction and invisible characters."""
    return _CONTROL.sub("", text.replace("\t", " "))


def visible(text: str) -> int:
    """Count the characters a terminal shows."""
    return len(_ANSI.sub("", text))


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """Break a line at spaces; further lines begin with `indent`."""
    lines: list[str] = []
    start, *words = text.lstrip(" ").split(" ")
    line = " " * (len(text) - len(text.lstrip(" "))) + start
    for word in words:
        if visible(line) + 1 + visible(word) > width:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}"
    return [*lines, line]


def lines_of(text: str, reader: Reader) -> list[str]:
    """Draw a block of markdown as lines no wider than the reader's terminal."""
    drawn: list[str] = []
    for line in clean(text.replace("\r\n", "\n")).split("\n"):
        drawn += _line(line, reader)
    return drawn


def _line(line: str, reader: Reader) -> list[str]:
    for mark, names in (("### ", ("bold",)), ("## ", ("bold",)), ("# ", ("bold", "underline")), ("-# ", ("dim",))):
        if line.startswith(mark):
            return [reader.style(part, *names) for part in wrap(inline(line.removeprefix(mark), reader), reader.width)]
    if line.startswith("> "):
        return [f"│ {part}" for part in wrap(inline(line[2:], reader), reader.width - 2)]
    if line.startswith(("- ", "* ")):
        return wrap("• " + inline(line[2:], reader), reader.width, "  ")
    numbered = re.match(r"\d+\. ", line)
    return wrap(inline(line, reader), reader.width, " " * len(numbered[0]) if numbered else "")


def inline(text: str, reader: Reader) -> str:
    """Draw the marks inside one line. What is escaped with a backslash stays as it is."""
    held: list[str] = []

    def hold(drawn: str) -> str:
        held.append(drawn)
        return chr(_PRIVATE + len(held) - 1)

    text = _HELD.sub("?", text)
    text = _ESCAPED.sub(lambda m: hold(m[1]), text)
    text = _TIME.sub(lambda m: hold(timestamp(int(m[1]), m[2] or "f", reader)), text)
    text = _COMMAND.sub(lambda m: hold("/" + m[1]), text)
    text = _MENTION.sub(lambda m: hold(_mention(m, reader)), text)
    text = _LINK.sub(lambda m: hold(_link(m, reader, lambda s: _spans(s, reader))), text)
    text = _spans(text, reader)
    while _HELD.search(text):
        text = _HELD.sub(lambda m: held[ord(m[0]) - _PRIVATE], text)
    return text


def _link(match: re.Match[str], reader: Reader, spans: Callable[[str], str]) -> str:
    return reader.link(spans(match[1]), match[2])


def _spans(text: str, reader: Reader) -> str:
    for pattern, name in _SPANS:
        text = pattern.sub(lambda m, name=name: reader.style(m[1], name), text)  # type: ignore[misc]
    return text


def _mention(match: re.Match[str], reader: Reader) -> str:
    name = reader.names.get(int(match[2]), "unknown")
    return ("#" if match[1] == "#" else "@") + name


def timestamp(seconds: int, style: str, reader: Reader) -> str:
    """Write a Discord timestamp as the reader's own client would."""
    try:
        moment = datetime.fromtimestamp(seconds, UTC).astimezone(reader.zone)
    except (OverflowError, ValueError, OSError):
        return f"<t:{seconds}>"
    if style == "R":
        return relative((moment - reader.now).total_seconds())
    day = f"{moment.day} {moment:%B %Y}"
    return {
        "t": f"{moment:%H:%M}",
        "T": f"{moment:%H:%M:%S}",
        "d": f"{moment:%d/%m/%Y}",
        "D": day,
        "f": f"{day} {moment:%H:%M}",
        "F": f"{moment:%A}, {day} {moment:%H:%M}",
    }[style]


def relative(seconds: float) -> str:
    """Say how far a moment is: "in 3 hours", "2 days ago"."""
    units = ((31_536_000, "year"), (2_592_000, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute"))
    size = abs(seconds)
    length, name = next(((length, name) for length, name in units if size >= length), (1, "second"))
    count = round(size / length)
    span = f"{count} {name}" + ("" if count == 1 else "s")
    return f"in {span}" if seconds >= 0 else f"{span} ago"
