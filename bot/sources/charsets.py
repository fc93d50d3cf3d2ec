"""Bytes of a feed in any charset → the same in UTF-8. Only the worker process imports it.

What the bytes themselves say comes first: what is valid UTF-8 is UTF-8, whatever the feed or its server call it. Else
the feed's own word counts, then its server's, unless either is only the default that nobody chose; then a guess.
"""

import codecs
import re
from email.message import Message
from functools import lru_cache

_DECLARED = re.compile(rb"""^(\s*<\?xml\b[^>]{0,100}?\bencoding\s*=\s*["'])([A-Za-z][\w.:-]{0,39})(["'])""")
_ESCAPE = b"\x1b"  # of ISO-2022: letters of other scripts in ASCII's bytes
_UTF_8 = frozenset({"utf-8", "ascii"})
_DEFAULTS = frozenset({"utf-8", "ascii", "cp1252"})  # what servers and tools say unasked
_WIDER = {  # the charset that is meant by a narrower one's name, as browsers read it
    "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
_GUESSED = [
    "cp1252", "cp1251", "koi8_r", "cp1250", "iso8859_2", "cp1253", "cp1254", "cp1255", "cp1256", "cp874", "cp932",
    "euc_jp", "gb18030", "big5", "cp949",
]  # fmt: skip
_NO_CHARSETS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"})
_SAMPLE_BYTES = 64 * 1024
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_SOUND = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BROKEN = "\ufffd"


def as_utf_8(body: bytes, content_type: str) -> bytes:
    """Give XML in UTF-8 that says so; what needs no change, or names its charset by its first bytes, as it is."""
    if body.isascii() and _ESCAPE not in body:
        return body
    if b"\0" in body[:64]:
        return body  # UTF-16 or 32, with or without a mark: the parsers tell
    declared = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8))
    own = _known(declared[2].decode()) if declared else ""
    text = _decoded(body, own, charset_of(content_type))
    if text is None:
        return body
    return _DECLARED.sub(rb"\g<1>utf-8\g<3>", text.removeprefix("\ufeff").encode())


def _decoded(body: bytes, own: str, servers: str) -> str | None:
    """Give the text; None where it is UTF-8 as stated, perhaps with some damage, and best left to the parsers."""
    stated = [own, servers]
    if not body.isascii():
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            if _is_damaged(body[max(0, error.start - _SAMPLE_BYTES) : error.start + _SAMPLE_BYTES]):
                return None
        else:
            return None if own in {"", *_UTF_8} else text
    chosen = [name for name in stated if name and name not in _DEFAULTS]
    for name in [*chosen, *(["cp1252"] if "cp1252" in stated else [])]:
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return _guessed(body)


def _is_damaged(sample: bytes) -> bool:
    """Say whether bytes are UTF-8 with a few broken letters, as one that was cut in the middle leaves."""
    return len(_SOUND.findall(sample)) > 3 * sample.decode("utf-8", "replace").count(_BROKEN)


def _guessed(body: bytes) -> str:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 50 ms, and few feeds need it

    sample = b"\n".join(part for part in _TAG.split(body[: 4 * _SAMPLE_BYTES]) if not part.isascii())
    found = from_bytes((sample or body)[:_SAMPLE_BYTES], cp_isolation=_GUESSED)
    best = found.best()
    if best is None:
        return body.decode("cp1252", "replace")
    equal = (one for one in found if (one.chaos, one.coherence) == (best.chaos, best.coherence))
    is_usual = any("cp1252" in one.could_be_from_charset for one in equal)  # then it is the likeliest by far
    return body.decode("cp1252" if is_usual else best.encoding, "replace")


@lru_cache(maxsize=64)
def charset_of(content_type: str) -> str:
    """Give the charset that a server names, as Python knows it; empty where it names none."""
    header = Message()
    header["Content-Type"] = content_type
    return _known(header.get_content_charset() or "")


@lru_cache(maxsize=64)
def _known(name: str) -> str:
    """Give a charset's name as Python knows it; empty where there is no such charset for text."""
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""
    return "" if found.replace("_", "-") in _NO_CHARSETS else _WIDER.get(found, found)
