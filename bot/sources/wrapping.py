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
_INDENT = 8  # characters that may stand before the first line of a paragraph
_SLACK = 1  # characters by which lines of one paragraph miss its width


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Join the lines of hard-wrapped paragraphs, block by block."""
    blocks = list(_blocks(lines))
    width = max((_sure_width(block) for block in blocks), default=0)
    return [line for block in blocks for line in _join(block, width)]


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Give the lines that may belong together, and each other line by itself."""
    block: list[Line] = []
    for line in lines:
        is_text = line.kind in {Kind.PROSE, Kind.HEADLINE} and not line.is_marked
        if block and (not is_text or line.gap or (line.is_indented and not block[-1].is_indented)):
            yield block
            block = []
        if is_text:
            block.append(line)
        else:
            yield [line]
    if block:
        yield block


def _sure_width(block: Sequence[Line]) -> int:
    """Give the width at which a block is surely broken, else 0."""
    wrapped = [line for line in _paragraphs_in(block, 0) if len(line) > 1]
    return max((len(line.text) for paragraph in wrapped for line in paragraph), default=0)


def _join(block: list[Line], width: int) -> list[Line]:
    """Join one block; give it back as it is when it is not wrapped."""
    return [_joined(paragraph) for paragraph in _paragraphs_in(block, width)]


def _paragraphs_in(block: Sequence[Line], width: int) -> list[list[Line]]:
    """Part a block into paragraphs, whole or below its first line (a title); into its lines when it is not wrapped."""
    for start in (0, 1):
        paragraphs = list(_paragraphs(block[start:], width))
        long = [paragraph for paragraph in paragraphs if len(paragraph) > 1]
        if long and all(_is_wrapped(paragraph, width) for paragraph in long):
            return [*([line] for line in block[:start]), *paragraphs]
    return [[line] for line in block]


def _paragraphs(block: Sequence[Line], width: int) -> Iterator[list[Line]]:
    """Part a block where a sentence ends although the first word of the next line had room beside it."""
    width = max((len(line.text) for line in block if width < len(line.text) <= _WIDEST), default=width)
    paragraph: list[Line] = []
    for line in block:
        if paragraph and ends_sentence(paragraph[-1].text) and _has_room(paragraph[-1], line, width):
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


def _has_room(line: Line, below: Line, width: int) -> bool:
    word = 1 if is_unspaced(below.text) else len(below.text.split(" ", 1)[0])
    return len(line.text) + 1 + word <= width - (_INDENT if line.is_indented else _SLACK)


def _is_wrapped(block: Sequence[Line], known_width: int) -> bool:
    """Say whether lines are one paragraph broken at a width.

    Then no line has room for the first word of the next, the text ends as a sentence does, and somewhere it goes
    on from line to line, or the lines are as wide as others of the document that do (`known_width`, 0: none).
    """
    texts = [line.text for line in block]
    width = max(map(len, texts))
    if not (_NARROWEST_UNSPACED if is_unspaced(texts[0]) else _NARROWEST) <= width <= _WIDEST:
        return False
    if any(_has_room(line, below, width) for line, below in pairwise(block)):
        return False
    pairs = list(pairwise(texts))
    if not any(char.isupper() or char.islower() for char in "".join(texts)):  # a caseless script
        return ends_sentence(texts[-1]) and not all(ends_sentence(text) for text in texts[:-1])
    if is_title(texts[0]) and not _goes_on(*pairs[0]):
        return False
    goes_on = sum(_goes_on(text, below) for text, below in pairs)
    starts_low = texts[0][0].islower()  # then low letters say nothing: it may be a run of such headlines
    if goes_on > 0:
        return ends_sentence(texts[-1]) or (goes_on * 2 >= len(pairs) and not starts_low)
    is_as_wide = width <= known_width and not any(
        _has_room(line, below, known_width) for line, below in pairwise(block)
    )
    return is_as_wide and ends_sentence(texts[-1])


def _goes_on(text: str, below: str) -> bool:
    """Say whether a line breaks off within a sentence: the next begins small, or it ends on a word that needs one."""
    return below[0].islower() or bool(_BREAKS_OFF.search(text))
