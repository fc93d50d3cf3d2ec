"""Language work as the worker process is asked for it: positional plain values in, values out."""

from collections.abc import Sequence

from bot.domain.stories import Length, Summary
from bot.language import summary
from bot.language.sentences import split

METHOD = "2"  # raise it when `summarise` picks otherwise: kept summaries are then made anew


def summarise(
    paragraphs: Sequence[str],
    headline: str,
    headline_is_derived: bool,  # noqa: FBT001 - positional on the way to the worker
    length: Length,
    language: str | None,
) -> Summary | None:
    """Summarise an article; None only when there is no text."""
    return summary.summarise(
        paragraphs, headline=headline, headline_is_derived=headline_is_derived, length=length, language=language
    )


def first_sentence(paragraphs: Sequence[str], language: str | None) -> str | None:
    """Give the first sentence of a text; None when it has none."""
    return next(iter(split(paragraphs[:1], language)), None)
