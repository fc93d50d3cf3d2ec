"""Comparing coverage: which article speaks for each outlet, and which words only its headline has. Pure."""

from collections.abc import Sequence

from bot.domain.articles import Article
from bot.domain.stories import Story
from bot.language.words import term_of, tokens

MAX_OUTLETS = 8


def voices(story: Story) -> tuple[Article, ...]:
    """Give one article for each outlet: its own report before a copy, the newest first.

    Where one outlet tells it all, give its reports: beside itself alone a headline says nothing.
    """
    if len({article.outlet for article in story.articles}) == 1:
        return tuple(sorted(story.articles, key=lambda one: (-one.when.timestamp(), one.id))[:MAX_OUTLETS])
    chosen: dict[str, Article] = {}
    for article in story.articles:
        best = chosen.get(article.outlet)
        if best is None or _merit(article) > _merit(best):
            chosen[article.outlet] = article
    spoken = sorted(chosen.values(), key=lambda one: (one.is_wire_copy, -one.when.timestamp(), one.id))
    return tuple(spoken[:MAX_OUTLETS])


def _merit(article: Article) -> tuple[bool, bool, float]:
    return (article.is_counted, not article.is_wire_copy, article.when.timestamp())


def distinctive(headlines: Sequence[tuple[str, str | None]]) -> list[tuple[str, ...]]:
    """Give, for each (headline, language), the words that say something and stand in no other, as written."""
    known = [_stems(headline, language) for headline, language in headlines]
    found = []
    for index, stems in enumerate(known):
        others = {stem for number, other in enumerate(known) if number != index for stem in other.values()}
        found.append(tuple(word for word, stem in stems.items() if stem not in others))
    return found


def _stems(headline: str, language: str | None) -> dict[str, str]:
    """Give the words of a headline that say something, as written, each with what it is compared by."""
    found = {token: term_of(token, language or "en") for token in tokens(headline)}
    return {token: stem for token, stem in found.items() if stem}
