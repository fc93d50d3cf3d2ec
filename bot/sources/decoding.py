"""Bytes of a text file → text, or one plain sentence why not. Nothing is guessed where a guess could garble."""

import codecs
import errno
from pathlib import Path

from bot.errors import SourceError, SourceFault

MAX_BYTES = 5_000_000
READ_BYTES = 5 * 1024 * 1024 + 1  # one more than feeds, pages and OPML may have, too

_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP or Office file"),
    (b"\x89PNG", "a picture"),
    (b"GIF8", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"{\\rtf", "a rich-text file"),
    (b"\xd0\xcf\x11\xe0", "an old Office file"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1a\x1b")


def read_file(path: Path, *, is_piped: bool = False) -> bytes:
    """Give a file's bytes, cut where they are more than any reader accepts; that one then says that it is too large.

    A pipe or a device is read only where the caller says so: one that never ends would hold the bot's threads.

    Raises:
        OSError: it can't be read.
    """
    if not is_piped and path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a file", str(path))
    with path.open("rb") as opened:
        return opened.read(READ_BYTES)


def decode(data: bytes) -> str:
    """Give the text of a file that is UTF-8, UTF-16, UTF-32 or Windows-1252.

    Raises:
        SourceError: it is empty, too large, no text, or in an encoding that cannot be told.
    """
    if not data.strip():
        raise SourceError(SourceFault.EMPTY, "it is empty")
    if len(data) > MAX_BYTES:
        raise SourceError(SourceFault.TOO_LARGE, f"it is larger than {MAX_BYTES // 1_000_000} MB")
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            raise _unreadable(f"it is {kind}, not plain text")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data, encoding)
    return _without_bom(data)


def _without_bom(data: bytes) -> str:
    if encoding := _utf_16_without_bom(data):
        return _strictly(data, encoding)
    if _looks_binary(data):
        raise _unreadable("it is not a text file")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_1252(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable(f"its text is damaged: it starts like {encoding.upper()[:6]} but is not") from error


def _utf_16_without_bom(data: bytes) -> str | None:
    """Tell UTF-16 by its zeros: Latin text has one in nearly every pair, always on the same side."""
    sample = data[:2_000]
    if len(sample) < 4 or 0 not in sample:
        return None
    half = len(sample) // 2
    if sample[1::2].count(0) > half * 0.6:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.6:
        return "utf-16-be"
    return None


def _looks_binary(data: bytes) -> bool:
    sample = data[:100_000]
    controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in sample)
    return sample.count(0) > len(sample) // 1_000 or controls > len(sample) // 20


def _windows_1252(data: bytes) -> str:
    """Read what is not UTF-8, unless it nearly is: a mixture would come out garbled."""
    letters = data.decode("utf-8", "ignore")
    if any(ord(char) > 127 for char in letters):
        raise _unreadable("its text is damaged or mixes encodings; save it as UTF-8")
    unclear = _unreadable("I can’t tell the encoding of its text; save it as UTF-8")
    if sum(byte > 127 for byte in data) > len(data) // 2:  # no language in Latin letters has that many accents
        raise unclear
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise unclear from error


def _unreadable(reason: str) -> SourceError:
    return SourceError(SourceFault.UNREADABLE_FILE, reason)
