"""Hard-wrapped paragraphs: lines that were broken at a width are put together again. `documents.py` calls it.

Where one paragraph ends and the next begins is told by a blank line, by an indent, or by a sentence that ends on a
line with room left.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from bot.sources.lines import Kind, Line, ends_sentence, is_title, is_unspaced

_WIDEST = 120  # characters; a longer line is a paragraph of its own
_NARROWEST = 40  # no text is wrapped at less; a run of short headlines often looks as if it were
_NARROWEST_UNSPACED = 12  # for its characters are as wide as two
_BREAKS_OFF = re.compile(r",$|\b(?:an?|and|as|at|but|by|for|from|in|is|its|of|on|or|that|the|to|was|with)$")
_SLACK = 3  # characters by which lines of one paragraph miss its width


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Join the lines of hard-wrapped paragraphs, block by block."""
    joined: list[Line] = []
    block: list[Line] = []
    for line in [*lines, Line("", Kind.SEPARATOR)]:
        if block and _parts(line, block[-1]):
            joined += _join(block)
            block = []
        if line.kind in {Kind.PROSE, Kind.HEADLINE} and not line.is_marked:
            block.append(line)
        elif line.text or line.gap:
            joined.append(line)
    return joined


def _parts(line: Line, above: Line) -> bool:
    is_other = line.kind in {Kind.SEPARATOR, Kind.LABEL} or line.is_metadata or line.is_marked
    return line.gap > 0 or is_other or (line.is_indented and not above.is_indented)


def _join(block: list[Line]) -> list[Line]:
    """Join one block, whole or below its first line (a title); give it back as it is when it is not wrapped."""
    for start in (0, 1):
        paragraphs = list(_paragraphs(block[start:]))
        long = [paragraph for paragraph in paragraphs if len(paragraph) > 1]
        if long and all(map(_is_wrapped, long)):
            return [*block[:start], *map(_joined, paragraphs)]
    return block


def _paragraphs(block: Sequence[Line]) -> Iterator[list[Line]]:
    """Part a block where a sentence ends although the first word of the next line had room beside it."""
    width = max((len(line.text) for line in block), default=0)
    paragraph: list[Line] = []
    for line in block:
        if paragraph and ends_sentence(paragraph[-1].text) and _has_room(paragraph[-1].text, line.text, width):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _joined(paragraph: Sequence[Line]) -> Line:
    if len(paragraph) == 1:
        return paragraph[0]
    text = paragraph[0].text
    for line in paragraph[1:]:
        text += line.text if is_unspaced(text[-1] + line.text) else f" {line.text}"
    return replace(paragraph[0], text=text, kind=Kind.PROSE)


def _has_room(text: str, below: str, width: int) -> bool:
    word = 1 if is_unspaced(below) else len(below.split(" ", 1)[0])
    return len(text) + 1 + word <= width - _SLACK


def _is_wrapped(block: Sequence[Line]) -> bool:
    """Say whether lines are one paragraph broken at a width.

    Then no line has room for the first word of the next, the text ends as a sentence does, and somewhere it goes
    on from line to line.
    """
    texts = [line.text for line in block]
    width = max(map(len, texts))
    if not (_NARROWEST_UNSPACED if is_unspaced(texts[0]) else _NARROWEST) <= width <= _WIDEST:
        return False
    pairs = list(pairwise(texts))
    if any(_has_room(text, below, width) for text, below in pairs):
        return False
    if not any(char.isupper() or char.islower() for char in "".join(texts)):  # a caseless script
        return ends_sentence(texts[-1]) and not all(ends_sentence(text) for text in texts[:-1])
    if is_title(texts[0]) and not _goes_on(*pairs[0]):
        return False
    goes_on = sum(_goes_on(text, below) for text, below in pairs)
    starts_low = texts[0][0].islower()  # then low letters say nothing: it may be a run of such headlines
    return goes_on > 0 and (ends_sentence(texts[-1]) or (goes_on * 2 >= len(pairs) and not starts_low))


def _goes_on(text: str, below: str) -> bool:
    """Say whether a line breaks off within a sentence: the next begins small, or it ends on a word that needs one."""
    return below[0].islower() or bool(_BREAKS_OFF.search(text))
