"""Summaries for the desk: from the store's cache, else made in the worker and kept by the content's hash."""

import asyncio

from bot.desk.ports import Runner
from bot.domain.articles import Article, Body, HeadlineOrigin
from bot.domain.editions import Edition
from bot.domain.stories import Length, Summary
from bot.edition.compose import compose, quotable
from bot.errors import DatelineError
from bot.language import jobs
from bot.store.store import Store


class Summaries:
    """Makes and keeps summaries."""

    def __init__(self, store: Store, runner: Runner) -> None:
        self._store = store
        self._runner = runner

    async def of(self, article: Article, length: Length) -> Summary | None:
        """Give an article's summary; None when there is only a headline."""
        body = await self._store.articles.body(article.id) if article.has_text else None
        if body is None:
            return None
        summary = await self._store.summaries.get(body.content_hash, length, method=jobs.METHOD)
        if summary is None:
            summary = await self._make(article, body, length)
            if summary is not None:
                await self._store.summaries.put(body.content_hash, summary, method=jobs.METHOD)
        return summary

    async def compose(self, edition: Edition) -> Edition:
        """Quote the leads of an edition."""
        quoted = [article for pick in edition.leads if (article := quotable(pick.story))]
        made = await asyncio.gather(*(self.of(article, Length.SHORT) for article in quoted))
        return compose(edition, {one.id: summary for one, summary in zip(quoted, made, strict=True) if summary})

    async def first_sentence(self, article: Article) -> str | None:
        """Give the sentence an article begins with; None when there is only a headline."""
        body = await self._store.articles.body(article.id) if article.has_text else None
        return jobs.first_sentence(body.paragraphs, article.language) if body else None

    async def _make(self, article: Article, body: Body, length: Length) -> Summary | None:
        is_derived = article.headline_origin is HeadlineOrigin.DERIVED
        arguments = (body.paragraphs, article.headline, is_derived, length, article.language)
        try:
            found = await self._runner.run("summarise", *arguments)
        except DatelineError:  # the worker is gone or busy: slower here beats not at all
            found = await asyncio.to_thread(jobs.summarise, *arguments)
        return found if isinstance(found, Summary) else None
