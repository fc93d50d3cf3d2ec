"""Lines of a document: cleaned, and told apart by how they look. `documents.py` decides what they mean together."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from bot.domain.text import clean_line


class Kind(StrEnum):
    """What a line looks like on its own."""

    PROSE = "prose"
    HEADLINE = "headline"  # anything that is not prose
    LABEL = "label"  # the name of a section
    BYLINE = "byline"
    FIELD = "field"  # "Source: …", "Published: …"
    LINK = "link"
    SEPARATOR = "separator"


@dataclass(frozen=True, slots=True)
class Line:
    """A line with text in it. `gap` counts the blank lines before it, 0 within a block."""

    text: str
    kind: Kind
    gap: int = 0
    is_marked: bool = False  # had a bullet, a number or a Markdown heading mark
    is_listed: bool = False  # had a bullet or a number
    is_indented: bool = False
    value: str = ""  # a field's value, a byline's names, a link
    field: str = ""

    @property
    def is_metadata(self) -> bool:
        """Whether it says something about an item instead of being one."""
        return self.is_note or self.kind is Kind.BYLINE

    @property
    def is_note(self) -> bool:
        """Whether it surely does; only its neighbours tell whether a byline is one."""
        return self.kind in {Kind.FIELD, Kind.LINK}


_BREAKS = re.compile("\r\n|[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
_TAG = re.compile(
    r"</?(?:a|abbr|address|article|aside|b|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|figcaption|figure|font|footer"
    r"|h[1-6]|head|header|hr|html|i|img|li|link|main|mark|meta|nav|ol|p|pre|q|s|script|section|small|span|strong|style"
    r"|sub|sup|table|tbody|td|th|thead|time|title|tr|u|ul)(?:\s[^<>=]{0,200}=[^<>]{0,2000})?\s{0,9}/?>|<!--.{0,2000}?-->",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|time|u)[\s>/]", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[-*_=~•·–—#+\s]{3,}|[-–—*]{1,2}")
_BULLET = re.compile(r"(?:[•▪‣◦●○■▸►·∙⁃→➤»›✓✔◆◇★*+—–-]\s+)(?:\[[ xX]\]\s+)?(?=\S)")
_NUMBER = re.compile(
    r"\(?#?(\d{1,3})(?:[.):]\s*+(?=[^\W\d_]|[\"'“‘«])|[.)]\s+(?=\S)|\s+[–—-]\s+(?=[^\W\d_]|[\"'“‘«])|(?<=#\d)\s+(?=\S))"
)
_HEADING = re.compile(r"#{1,6}\s+(?=\S)")
_URL = re.compile(r"<?(https?://[^\s<>]{3,2000})>?", re.IGNORECASE)
_FIELD = re.compile(
    r"(source|published(?: on| at)?|posted(?: on)?|date|updated(?: on)?|last updated|author|byline|written by|link|url)"
    r"\s*[:：]\s*(\S.*)",
    re.IGNORECASE,
)
_BYLINE = re.compile(  # names have capitals: "By putting its defense first, Japan …" is the beginning of a sentence
    r"(?:[Bb]y|BY)\s++((?:(?:and|of|the|for|in|at|al|bin|da|de|del|den|der|di|do|dos|du|el|ibn|la|le|van|von|y)\s++"
    r"|[^\W\d_a-zß-ÿ][\w.’'-]*+\s*+[,&|/–—]?+\s*+|[&|/–—]\s*+){1,12}+)"
)
_DESK = re.compile(
    r"(?=\S+(?:\s\S+){0,4}$).*\b(?:press|news|newspapers|reuters|bloomberg|AP|AFP|BBC|CNN|times|post|journal|tribune|agency"
    r"|staff|writer|reporter|correspondent|editor|columnist)",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"(?:\b[^\W\d_]\.|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|St|No|vs|Mr|Mrs|Ms|Dr|Gov|Sen|Rep|Gen)\.)$")
_FULL_STOP = re.compile(r"(?:(?<!\.)\.|[。．｡।۔]+)[\"”’»)\]』」]*$")  # "..." is an ellipsis and ends nothing
_INNER_STOP = re.compile(r"[^\W\d_A-Z]{2}\.[\"”’)]*\s+[\"“‘(]?[^\W\d_a-z]")
_SMALL_WORD = re.compile(
    "an?|amid|and|as|at|but|by|del?|der|du|el|for|from|in|into|la|le|like|near|nor|off?|on|onto|or|over|per|so|than|that"
    "|the|to|up|upon|van|via|von|vs|with|yet"
)
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SAID = re.compile(r"[“\"„«‘]\s?[^“”„«»\"]+[.!?…]\s?[”\"“»’]")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")

_SHORT = 38  # within wrapped text a line that begins with "by" is longer
_LONG = 180  # no headline is this long
_LONG_UNSPACED = 60
_SECTION = re.compile(
    r"(?:top|world|us|latest|other|local)?\s?news|top stories|in brief|(?:more\s)?headlines"
    r"|world|politics|business|technology|tech|science|health|sports?|entertainment|culture|arts|opinion|economy|markets"
    r"|finance|(?:inter)?national|local|us|uk|europe|asia|africa|americas|climate|environment|education|travel|lifestyle"
    r"|food|media|weather|crime|justice|law|military|defen[cs]e|energy|space"
    r"|welt|politik|wirtschaft|wissenschaft|gesundheit|kultur|monde|politique|économie|sciences|santé"
    r"|mundo|política|economía|tecnología|ciencia|salud|deportes|cultura"
)
_DECORATION = " :：[]=-–—*_#"


def lines_of(text: str) -> list[Line]:
    """Give the lines that hold anything, each with what it looks like on its own."""
    found: list[Line] = []
    gap = 0
    for raw in _BREAKS.split(text):
        cleaned = clean(raw)
        if not cleaned:
            gap += 1
            continue
        if _underlines(cleaned, gap, found):
            found[-1] = replace(found[-1], is_marked=True)
        elif _continues_bullet(raw, cleaned, gap, found):
            found[-1] = replace(found[-1], text=f"{found[-1].text} {cleaned}")
        else:
            found.append(replace(_look(cleaned, gap), is_indented=_is_indented(raw)))
        gap = 0
    return _with_desks(_without_numbers(found))


def clean(raw: str) -> str:
    """Give a line without tags, with its entities read, and cleaned."""
    if "<" in raw or "&" in raw:
        for _ in range(2):  # many publishers escape twice
            raw = html.unescape(_TAG.sub(_space_for, raw))
        raw = _BREAKS.sub(" ", _TAG.sub(_space_for, raw))
    return clean_line(raw)


def _space_for(tag: re.Match[str]) -> str:
    return "" if _INLINE.match(tag.group()) else " "


def _look(text: str, gap: int) -> Line:
    if _SEPARATOR.fullmatch(text):
        return Line(text, Kind.SEPARATOR, gap)
    bare = _HEADING.sub("", text, count=1) if _HEADING.match(text) else text
    is_heading = bare != text
    if bullet := _BULLET.match(bare):
        bare = bare[bullet.end() :]
    is_marked, is_listed = bare != text, bullet is not None
    if url := _URL.fullmatch(bare):
        return Line(text, Kind.LINK, gap, is_marked, value=url.group(1))
    if (field := _FIELD.fullmatch(_unbracketed(bare))) and _is_field(field):
        return Line(text, Kind.FIELD, gap, is_marked, value=field.group(2), field=field.group(1).lower())
    if (byline := _BYLINE.fullmatch(bare)) and _is_byline(bare):
        return Line(text, Kind.BYLINE, gap, is_marked, value=byline.group(1))
    if is_section(bare):
        return Line(bare, Kind.LABEL, gap, is_marked)
    kind = Kind.PROSE if is_prose(bare) and not is_heading else Kind.HEADLINE
    return Line(bare, kind, gap, is_marked, is_listed)


def _unbracketed(text: str) -> str:
    return text[1:-1].strip() if text[0] + text[-1] in {"()", "[]"} else text


def _is_field(field: re.Match[str]) -> bool:
    """Say whether "Source: …" names a source; "Source: Club to sell its stadium" is a headline."""
    name, value = field.group(1).lower(), field.group(2)
    if name == "source":
        return len(value.split()) <= 4 or bool(_URL.search(value))
    if name in {"link", "url"}:
        return bool(_URL.fullmatch(value))
    if name in {"author", "byline", "written by"}:
        return len(value) <= 80
    return len(value) <= 60 and any(map(str.isdigit, value))


def as_long_source(line: Line) -> Line:
    """Give "Source: Ministry of Foreign Affairs of Japan" as the note that it is where only its neighbours tell."""
    field = _FIELD.fullmatch(_unbracketed(line.text)) if line.kind is Kind.HEADLINE else None
    if field is None or field.group(1).lower() != "source" or not is_title(field.group(2)):
        return line
    return replace(line, kind=Kind.FIELD, value=field.group(2), field="source")


def _is_byline(text: str) -> bool:
    return len(text) <= (80 if text[0] == "B" else _SHORT) and not ends_sentence(text)


def is_section(text: str) -> bool:
    """Say whether a line is a well-known section's name, however it is decorated."""
    return len(text) <= 40 and bool(_SECTION.fullmatch(undecorated(text).casefold()))


def undecorated(text: str) -> str:
    """Give a section's name without colons, rules and brackets around it."""
    return text.strip(_DECORATION)


def is_prose(text: str) -> bool:
    """Say whether a line reads like running text: long, or sentences that end, and not written as a title is."""
    if len(text) >= _LONG:
        return True
    if is_title(text) and not text.isupper():
        return False
    if is_unspaced(text):
        return len(_UNSPACED.findall(text)) >= _LONG_UNSPACED or bool(_FULL_STOP.search(text))
    words = len(text.split())
    return (words >= 7 and ends_sentence(text)) or (words >= 12 and _has_inner_stop(text))


def is_one_sentence(text: str) -> bool:
    """Say whether prose is no more than one sentence that a list may hold as a headline."""
    return len(text) < _LONG and not _has_inner_stop(text)


def is_title(text: str) -> bool:
    """Say whether a line is written in capitals as English headlines are: every word has one but the small ones."""
    words = _WORD.findall(text)
    if any(word.islower() and not _SMALL_WORD.fullmatch(word) for word in words):
        return False
    return sum(len(word) > 3 for word in words) > 1


def is_unspaced(text: str) -> bool:
    """Say whether a line is in a script that is written without spaces."""
    return len(_UNSPACED.findall(text)) > len(text) // 3


def _has_inner_stop(text: str) -> bool:
    stops = (match.start() + 3 for match in _INNER_STOP.finditer(text))
    return any(not _ABBREVIATION.search(text[:stop]) for stop in stops)


def is_said(text: str) -> bool:
    """Say whether a line is nothing but what somebody said; a headline of that kind has capitals."""
    return bool(_SAID.fullmatch(text)) and not is_title(text)


def ends_sentence(text: str) -> bool:
    """Say whether a line ends with a full stop that is not an abbreviation's."""
    return bool(_FULL_STOP.search(text)) and not _ABBREVIATION.search(text)


def _is_indented(raw: str) -> bool:
    return raw[:1] in {"\t", "\u3000"} or raw[:2].isspace()


def _underlines(text: str, gap: int, found: Sequence[Line]) -> bool:
    """Say whether a rule is a title's underline: right below it, and as long as it."""
    is_rule = len(text) > 2 and text == text[0] * len(text) and text[0] in "=-~*_"
    return (
        is_rule
        and not gap
        and bool(found)
        and found[-1].kind is Kind.HEADLINE
        and abs(len(text) - len(found[-1].text)) <= 2
    )


def _continues_bullet(raw: str, cleaned: str, gap: int, found: Sequence[Line]) -> bool:
    if gap or not _is_indented(raw) or not found or not found[-1].is_marked or found[-1].kind is not Kind.HEADLINE:
        return False
    if len(found[-1].text) > 2 * _LONG:
        return False
    is_item = _BULLET.match(cleaned) or _NUMBER.match(cleaned)
    return not is_item and _look(cleaned, 0).kind in {Kind.HEADLINE, Kind.PROSE}


def _with_desks(found: list[Line]) -> list[Line]:
    """Add to a byline the line below it that says for whom they write: between a title and the text."""
    kept: list[Line] = []
    for at, line in enumerate(found):
        below = found[at + 1] if at + 1 < len(found) else None
        if (
            line.kind is Kind.HEADLINE
            and len(kept) > 1
            and (kept[-1].kind, kept[-2].kind) == (Kind.BYLINE, Kind.HEADLINE)
            and not (line.gap or kept[-1].gap)
            and below is not None
            and below.gap
            and _DESK.fullmatch(line.text)
        ):
            kept[-1] = replace(kept[-1], value=f"{kept[-1].value}, {line.text}")
        else:
            kept.append(line)
    return kept


def _without_numbers(found: list[Line]) -> list[Line]:
    """Take numbers off the lines of a counted list: 1, 2, 3 …; a lone "1. FC" is part of a headline."""
    numbered = [(at, int(match.group(1))) for at, line in enumerate(found) if (match := _NUMBER.match(line.text))]
    in_list: set[int] = set()
    for (first_at, first), (second_at, second) in pairwise(numbered):
        if second == first + 1:
            in_list |= {first_at, second_at}
    for at in in_list:
        line = _look(_NUMBER.sub("", found[at].text, count=1), found[at].gap)
        kind = Kind.HEADLINE if line.kind is Kind.LABEL else line.kind
        found[at] = replace(line, is_marked=True, is_listed=True, kind=kind)
    return found
