"""What may be quoted of an article, and how much."""

from collections.abc import Sequence

from bot.render.limits import cut, size

PAGE_WORDS = 90  # of text fetched from a page, by publishers' rights


def quotable(sentences: Sequence[str]) -> tuple[str, ...]:
    """Keep what may be quoted of a page: whole sentences up to 90 words, and of a longer first one its start."""
    kept: list[str] = []
    words = 0
    for sentence in sentences:
        words += len(sentence.split())
        if words > PAGE_WORDS and kept:
            break
        kept.append(sentence)
    if kept and len(kept[0].split()) > PAGE_WORDS:
        kept = [cut(kept[0], size(" ".join(kept[0].split()[:PAGE_WORDS])) + 1)]
    return tuple(kept)
