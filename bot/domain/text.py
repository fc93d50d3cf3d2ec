"""Characters: what is dropped from any text that came from outside, and how words are folded for comparing."""

import re
import unicodedata

import regex

# C0 and C1 but for tab and line feed; soft hyphen; zero-width and bidi controls; word joiner and invisible
# operators; BOM; interlinear marks; tag characters. ZWNJ and ZWJ are handled apart: some scripts need them.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINERS = re.compile("[\u200c\u200d]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_LATIN_JOINERS = re.compile("(?<![^\x00-\u024f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u024f])")
_BLANKS = ("\u2800", "\u3164", "\uffa0")  # look like spaces and are none for str.split
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
# Scripts written without spaces: each character becomes a word.
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])"
)
_SURPLUS_MARKS = regex.compile(r"(\P{ccc=0}{4})\P{ccc=0}+")  # more on one letter than any orthography needs


def clean_line(text: str) -> str:
    """Give one line of plain text: NFC, no control, bidi or zero-width characters, single spaces.

    Joiners stay only between letters of scripts that write with them; stacks of combining marks are capped. What is
    clean stays as it is.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    for blank in _BLANKS:
        text = text.replace(blank, " ")
    text = " ".join(text.split())  # first: NEL and the separators are spaces, not nothing
    if not text.isprintable():
        text = _without_invisible(text)
    text = unicodedata.normalize("NFC", text)
    return _SURPLUS_MARKS.sub(r"\1", text) if _SURPLUS_MARKS.search(text) else text


def _without_invisible(text: str) -> str:
    text = unicodedata.normalize("NFC", _SURROGATES.sub("\ufffd", _DROPPED.sub("", text)))
    while _JOINERS.search(text) and (left := _LATIN_JOINERS.sub("", text)) != text:
        text = unicodedata.normalize("NFC", left)  # what stood around one may compose, and stand beside another then
    return " ".join(text.split())  # what was dropped may have stood between two spaces


def fold(text: str) -> str:
    """Give text for comparing: no case, no accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(char for char in apart if not unicodedata.combining(char)))


def words_of(text: str) -> list[str]:
    """Give the words of a text as people see them, folded."""
    return _WORD.findall(fold(text))


def spaced(text: str) -> str:
    """Put spaces around each character of the scripts that are written without them."""
    return text if text.isascii() else _UNSPACED.sub(r" \1 ", text)
