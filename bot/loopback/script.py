"""The language of try mode's prompt: a line in, what to do out. Pure.

/headlines topic:world     press Next page     pick 3     fill Time=08:00 Zone=Berlin
as member     in #news     clock tomorrow 08:00     suggest /summary story:jap
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from bot.errors import DatelineError


class UnclearError(DatelineError):
    """The line means nothing; one sentence says what would."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Slash:
    """A slash command: its words, and options by name. `free` is text that named no option."""

    words: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Suggest:
    """Typing into the last option of a slash command."""

    slash: Slash


@dataclass(frozen=True, slots=True)
class Press:
    """A button by its label."""

    label: str


@dataclass(frozen=True, slots=True)
class Pick:
    """Choices in a select; `select` is "" when it was not named."""

    select: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """A form's fields."""

    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Become:
    """Speak as somebody."""

    who: str


@dataclass(frozen=True, slots=True)
class Go:
    """Speak somewhere."""

    where: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Move the clock by a span."""

    span: timedelta


@dataclass(frozen=True, slots=True)
class Until:
    """Move the clock to a local time: on a date, so many days ahead, or the next time it strikes (None)."""

    at: time
    day: date | None = None
    days_ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A word by itself: help, quit, options, show, commands."""

    word: str


Step = Slash | Suggest | Press | Pick | Fill | Become | Go | Wait | Until | Word | None
_OPTION = re.compile(r"(?:^|(?<=\s))([\w-]{1,32}):(?!//)")
_FIELD = re.compile(r'(?:^|\s+)("[^"]+"|[^\s="]+)=')
_SPAN = re.compile(r"\+(\d{1,5})([smhdw])\Z")
FARTHEST = timedelta(days=100)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WORDS = {"help": "help", "?": "help", "quit": "quit", "exit": "quit", "options": "options", "show": "show"}
_WORDS |= {"commands": "commands", "/": "commands"}

HELP = """\
/headlines topic:world     run a slash command; / lists them, suggest /summary story:jap shows suggestions
press Next page            press a button by its label; > Next page does the same
pick 3                     choose from a select: a row, a label or a value; pick Open a story: 3 names the select
options                    list what the newest selects offer
fill Time=08:00            fill the open form and send it; quote labels with spaces: "Your zone"=Berlin
as member                  speak as admin, member or de
in #news                   speak in a channel, or in dm
clock +1d                  move the clock: +90m, 08:00, tomorrow 08:00, 2026-11-25 08:00
show                       draw the newest messages here again
quit                       leave"""


def parse(line: str) -> Step:
    """Understand one line; None for an empty one or a comment (`#` and a space).

    Raises:
        UnclearError: when it means nothing.
    """
    text = line.strip()
    if not text or text.startswith("# "):
        return None
    if text in _WORDS:
        return Word(_WORDS[text])
    if text.startswith("/"):
        return _slash(text)
    if text.startswith(">"):
        return Press(_rest(text[1:], "press Next page"))
    verb, _, rest = text.partition(" ")
    return _verb(verb.casefold(), rest.strip())


def _verb(verb: str, rest: str) -> Step:
    if verb == "fill":
        return _fill(rest)
    if verb not in _VERBS:
        raise UnclearError(f"“{verb}” is nothing I know. Type help for what I do.")
    example, understand = _VERBS[verb]
    return understand(_rest(rest, f"{verb} {example}"))


def _rest(text: str, example: str) -> str:
    if not text.strip():
        raise UnclearError(f"Say it whole, for example: {example}")
    return text.strip()


def _slash(text: str) -> Slash:
    text = text.removeprefix("/")
    marks = list(_OPTION.finditer(text))
    words = tuple(text[: marks[0].start()].split() if marks else text.split())
    if not words:
        raise UnclearError("Say it whole, for example: /headlines topic:world")
    return Slash(words, tuple(_pieces(text, marks)))


def _pieces(text: str, marks: list[re.Match[str]]) -> Iterator[tuple[str, str]]:
    """Cut a text at its names: each with what stands until the next one."""
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=False):
        yield _unquoted(mark[1]), _unquoted(text[mark.end() : end].strip())


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _pick(text: str) -> Pick:
    select, colon, values = text.rpartition(": ")
    return Pick(select.strip() if colon else "", tuple(_split(values if colon else text)))


def _split(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",")]
    return parts if all(part.isdigit() for part in parts) else [text.strip()]


def _fill(text: str) -> Fill:
    marks = list(_FIELD.finditer(text))
    if text and (not marks or marks[0].start()):
        raise UnclearError('Name each field, for example: fill Time=08:00 "Your zone"=Berlin')
    return Fill(tuple(_pieces(text, marks)))


def _clock(text: str) -> Wait | Until:
    if span := _SPAN.match(text):
        return Wait(timedelta(**{_UNITS[span[2]]: int(span[1])}))
    day, _, at = text.rpartition(" ")
    try:
        if day in ("", "today", "tomorrow"):
            return Until(time.fromisoformat(at), days_ahead={"": None, "today": 0, "tomorrow": 1}[day])
        return Until(time.fromisoformat(at), day=date.fromisoformat(day))
    except ValueError as error:
        raise UnclearError("The clock takes +1d, +90m, 08:00, tomorrow 08:00 or 2026-11-25 08:00.") from error


_VERBS: dict[str, tuple[str, Callable[[str], Step]]] = {
    "press": ("Next page", Press),
    "pick": ("3", _pick),
    "as": ("member", Become),
    "in": ("#news", Go),
    "clock": ("tomorrow 08:00", _clock),
    "suggest": ("/summary story:jap", lambda rest: Suggest(_slash(rest))),
}
"""Each verb with an example of what follows it, and who understands that."""


def span_of(step: Wait | Until, now: datetime, zone: tzinfo) -> timedelta:
    """Work out how far the clock has to go; it never goes back, and the bot lives through all of it.

    Raises:
        UnclearError: when that moment is over, or too far away.
    """
    here = now.astimezone(zone)
    if isinstance(step, Wait):
        return _near(step.span)
    day = step.day or here.date() + timedelta(days=step.days_ahead or 0)
    _near(day - here.date())
    target = datetime.combine(day, step.at, zone)
    if step.day is None and step.days_ahead is None and target <= here:
        target = datetime.combine(day + timedelta(days=1), step.at, zone)
    span = target.astimezone(now.tzinfo) - now
    if span < timedelta():
        raise UnclearError(f"It is {here:%Y-%m-%d %H:%M} already; the clock goes forward only.")
    return span


def _near(span: timedelta) -> timedelta:
    if span > FARTHEST:
        raise UnclearError(f"The clock goes {FARTHEST.days} days at once at most: the bot lives through each of them.")
    return span
