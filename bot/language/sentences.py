"""Sentences: an article's paragraphs, cut where its sentences end; every sentence is verbatim."""

import re
from collections.abc import Iterator, Sequence

from sentencex import segment

from bot.language.detect import language_of

_BREAK = re.compile(r"[\u2028\u2029]|(?:\r\n|[\n\r\x0b\x0c\x85])\s*?(?:\r\n|[\n\r\x0b\x0c\x85])+")
# What sentencex 1.0.32 takes for an end of sentence and is none.
_UNFINISHED = {
    "fr": re.compile(r"(?:^|[\s(«])(?:M|MM|Me|Mgr|St|Ste|art|av|env|p)\.$"),
    "de": re.compile(r"(?:^|[\s(„])(?:Nr|Str|Abs|Art|bzw|ca|evtl|ggf|inkl|Mio|Mrd|St|usw|Hr|Fr)\.$"),
    "es": re.compile(r"(?:^|[\s(«])(?:Sr|Sra|Srta|Dr|Dra|EE|núm|art|pág|Ud|Uds)\.$"),
    "pt": re.compile(r"(?:^|[\s(«])(?:Sr|Sra|Dr|Dra|nº|art|pág|Exmo|Prof)\.$"),
    "ru": re.compile(r"(?:^|[\s(«])(?:г|гг|ул|им|стр|тыс|млн|млрд|руб|[А-ЯЁ])\.$"),
    "en": re.compile(
        r"(?:^|[\s(“\"'‘])"
        r"(?:Sen|Rep|Gov|Gen|Lt|Col|Sgt|Capt|Cmdr|Maj|Adm|Rev|Hon|Mr|Mrs|Ms|Dr|Prof|St|Mt|Ft|No|vs|v|[A-Z])\.$"
    ),
}
# `… “Stay With Me.” The singer …`: an end that sentencex sees only before a new paragraph.
_QUOTED_END = re.compile(r"(?<=[.!?][\"”])\s+(?=[A-Z“])")
_OPENS_ITEM = re.compile(r"\s*[•▪*–-]?\s*\(?\d{1,3}[.)]$")  # "1." before what it counts
_DASHES = frozenset("-–—")  # after "MADRID, 3 mar (EFE)."
_MOST = 4_000  # characters that are cut at once: sentencex takes the square of the time for many opening quotes
_OPENER = re.compile(r"[\s\"“”'‘«(\[]*[^\W\d_]")


def split(paragraphs: Sequence[str], language: str | None = None) -> tuple[str, ...]:
    """Give all sentences of an article in order, each a verbatim part of its paragraph.

    Without `language` it is told from the text. Only text of nothing but white space has no sentences.
    """
    return tuple(each(paragraphs, language))


def each(paragraphs: Sequence[str], language: str | None = None) -> Iterator[str]:
    """Give the sentences of `split` one by one, for who needs only the first."""
    known = language or language_of(" ".join(paragraphs[:4])) or "en"
    for paragraph in paragraphs:
        for block in _BREAK.split(paragraph):
            yield from _of_long_block(block, known.split("-")[0].lower())


def _of_long_block(block: str, language: str) -> Iterator[str]:
    """Cut piece by piece what is longer than any paragraph. The last sentence of a piece goes on in the next one.

    A sentence that fills a whole piece is none: it is parted at a space.
    """
    start = 0
    while len(block) - start > _MOST:
        piece = block[start : start + _MOST]
        found = _of_block(piece, language)
        if len(found) > 1:
            yield from found[:-1]
            start += piece.rindex(found[-1])
        else:
            cut = piece.rfind(" ") + 1 or _MOST
            yield from _of_block(piece[:cut], language)
            start += cut
    yield from _of_block(block[start:], language)


def _of_block(block: str, language: str) -> list[str]:
    whole: list[str] = []
    start = end = 0
    for piece in segment(language, block):
        end += len(piece)
        rest = block[end:]
        if not _is_finished(block[start:end], rest, language):
            continue
        whole += _at_quoted_ends(block[start:end].strip())
        start = end
    whole += _at_quoted_ends(block[start:].strip())
    return [sentence for sentence in whole if sentence]


def _at_quoted_ends(text: str) -> list[str]:
    parts: list[str] = []
    start = 0
    for end in _QUOTED_END.finditer(text):
        if text.count('"', start, end.start()) % 2 == 0:
            parts.append(text[start : end.start()])
            start = end.end()
    return [*parts, text[start:]]


def _is_finished(piece: str, rest: str, language: str) -> bool:
    """Say whether a piece may end here: not behind an abbreviation, and not before a lower-case word."""
    text = piece.rstrip()
    if _OPENS_ITEM.match(text) or (text.endswith(").") and rest.lstrip()[:1] in _DASHES):
        return False
    unfinished = _UNFINISHED.get(language)
    if unfinished and unfinished.search(text):
        return False
    opening = _OPENER.match(rest)
    # A sentence does not begin in lower case: what looked like its end was an abbreviation or a quoted stop.
    return not (opening and opening.group()[-1].islower() and text.endswith((".", ".”", '."', "?”", '?"', "!”", '!"')))
