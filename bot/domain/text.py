"""Characters: what is dropped from any text that came from outside, and how words are folded for comparing."""

import re
import unicodedata

# C0 and C1 but for tab and line feed; soft hyphen; zero-width and bidi controls; word joiner and invisible
# operators; BOM; interlinear marks; tag characters. ZWNJ and ZWJ are handled apart: some scripts need them.
_DROPPED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINERS = re.compile("[\u200c\u200d]")
_LATIN_JOINERS = re.compile("(?<![^\x00-\u024f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u024f])")
_SPACES = re.compile("[\\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u3164\uffa0]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
# Scripts written without spaces: each character becomes a word.
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])"
)
_MAX_MARKS = 4  # more combining marks on one letter than any orthography needs


def clean_line(text: str) -> str:
    """Give one line of plain text: NFC, no control, bidi or zero-width characters, single spaces.

    Joiners stay only between letters of scripts that write with them; stacks of combining marks are capped. What is
    clean stays as it is.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _SPACES.sub(" ", text)  # first: NEL and the separators are spaces, not nothing
    text = unicodedata.normalize("NFC", _SURROGATES.sub("\ufffd", _DROPPED.sub("", text)))
    while _JOINERS.search(text) and (left := _LATIN_JOINERS.sub("", text)) != text:
        text = unicodedata.normalize("NFC", left)  # what stood around one may compose, and stand beside another then
    return " ".join(_cap_marks(text).split())  # what was dropped may have stood between two spaces


def _cap_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) else 0
        if run <= _MAX_MARKS:
            kept.append(char)
    return "".join(kept)


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
