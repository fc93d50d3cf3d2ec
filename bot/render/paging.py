"""Dividing a long text into pages; the desk asks for it before it makes a `FullText`."""

from bot.render.limits import cut, size
from bot.render.markdown import clean, escape

PAGE_ROOM = 2_600  # of escaped text


def pages_of(paragraphs: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Divide a text into pages that fit a message; a paragraph over a page's length is split between sentences."""
    pages: list[list[str]] = [[]]
    used = 0
    for piece in (piece for paragraph in paragraphs for piece in _pieces(clean(paragraph))):
        length = size(escape(piece)) + 2
        if used + length > PAGE_ROOM and pages[-1]:
            pages.append([])
            used = 0
        pages[-1].append(piece)
        used += length
    return tuple(tuple(page) for page in pages)


def _pieces(paragraph: str) -> list[str]:
    pieces = []
    rest = paragraph
    while size(escape(rest)) + 2 > PAGE_ROOM:
        head = cut(rest, PAGE_ROOM // 3).removesuffix("…").rstrip()
        stop = max(head.rfind(mark) for mark in (". ", "! ", "? ", "。"))
        length = stop + 1 if stop > len(head) // 2 else max(len(head), 1)
        pieces.append(rest[:length])
        rest = rest[length:].lstrip()
    return [*pieces, rest] if rest else pieces
