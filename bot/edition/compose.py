"""Composition: an edition's leads get their quotes. Pure; whoever calls makes or fetches the summaries between."""

from collections.abc import Mapping
from dataclasses import replace

from bot.domain.articles import Article, HeadlineOrigin
from bot.domain.editions import Edition, Pick
from bot.domain.stories import Story, Summary


def quotable(story: Story) -> Article | None:
    """Give the article that a story is quoted from, or None when all are headlines only.

    It is the one that gives the title, if it has text, else the newest independent report that has.
    """
    with_text = [article for article in story.articles if article.has_text]
    if story.lead in with_text:
        return story.lead
    return max(with_text, key=lambda one: (one.is_counted, not one.is_wire_copy, one.when, -one.id), default=None)


def compose(edition: Edition, summaries: Mapping[int, Summary]) -> Edition:
    """Quote one whole sentence under each lead that has a summary; `summaries` is by article id.

    A derived headline is quoted with its whole sentence, attribution included, which is its summary's first.
    """
    return replace(edition, leads=tuple(_quoted(pick, summaries) for pick in edition.leads))


def _quoted(pick: Pick, summaries: Mapping[int, Summary]) -> Pick:
    article = quotable(pick.story)
    summary = summaries.get(article.id) if article else None
    if article is None or summary is None or not summary.sentences:
        return pick
    sentence = summary.sentences[0]
    if article.headline_origin is HeadlineOrigin.DERIVED:
        sentence = next((one for one in summary.sentences if one.startswith(article.headline)), sentence)
    return replace(pick, quotes=(sentence,), quoted_id=article.id)
