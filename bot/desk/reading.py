"""Reading: lists, cards, full texts, search, why and compare, as a member in a place may have them."""

import asyncio
import contextlib
from collections.abc import Sequence
from dataclasses import replace

from bot.clock import Clock
from bot.desk.ports import Texts
from bot.desk.rankings import Ranking, Rankings
from bot.desk.recall import MAX_ROWS, Recall
from bot.desk.resolving import Resolver
from bot.desk.scope import Scope
from bot.desk.summaries import Summaries
from bot.domain.answers import Card, Comparison, Coverage, FullText, ListPage, Query, Reader, WhyAnswer
from bot.domain.articles import Article, TextOrigin
from bot.domain.filters import StoryFilter
from bot.domain.sources import Source
from bot.domain.stories import Length, Story
from bot.domain.text import clean_line
from bot.domain.topics import Topic
from bot.edition.compare import distinctive, voices
from bot.edition.compose import quotable
from bot.edition.rank import weigh
from bot.errors import Code, DatelineError, UserError
from bot.language.names import telling
from bot.render.paging import pages_of
from bot.store.search import Found, Order
from bot.store.store import Store

ALL = Query()  # narrowed to nothing
PER_PAGE = 10
PER_PUBLIC_PAGE = 5  # a list that everyone sees is short and has no pages
MAX_RELATED = 3
TEXT_PATIENCE_S = 6.0  # for a publisher's page; the reader sees that the answer is on its way
KEPT_CARDS = 256
_LONGEST_WORDS = 200
_MAY_BE_SHOWN_WHOLE = frozenset({TextOrigin.DOCUMENT, TextOrigin.FEED})


class Reading:
    """The reading desk. Errors are UserErrors; a story that may not be seen here is treated as gone."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        scope: Scope,
        recall: Recall,
        summaries: Summaries,
        texts: Texts | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._scope = scope
        self._recall = recall
        self._summaries = summaries
        self._texts = texts
        self.rankings = Rankings(store, clock)  # shared with whoever ranks the same lists
        self.resolver = Resolver(store, recall)
        self._cards: dict[tuple[int, StoryFilter, int, Length], Card] = {}

    async def headlines(self, reader: Reader, query: Query = ALL, page: int = 1) -> ListPage:
        """Give a page of the ranked list; a page past the end gives the last one."""
        ranking = await self._ranking(reader, query)
        per_page = PER_PUBLIC_PAGE if reader.is_public else PER_PAGE
        total = len(ranking.picks)
        pages_there = 1 if reader.is_public else max(1, -(-total // per_page))
        page = min(max(1, page), pages_there)
        start = (page - 1) * per_page
        shown = ranking.stories[start : start + per_page]
        self._remember(reader, shown if page > 1 else ranking.stories[:MAX_ROWS], start + 1)
        return ListPage(
            stories=shown,
            page=page,
            pages=pages_there,
            total_stories=total,
            total_items=sum(len(story.articles) for story in ranking.stories),
            query=query,
            source=await self._source(query.source_id),
            has_undated=any(story.lead.published_at is None for story in shown),
            first_row=start + 1,
        )

    async def search(
        self,
        reader: Reader,
        words: str,
        query: Query = ALL,
        page: int = 1,
        *,
        by_best_match: bool = True,
    ) -> ListPage:
        """Give a page of what the words find; none is an answer too. Its `found` number turns its pages."""
        words = clean_line(words)[:_LONGEST_WORDS]
        return await self._found(reader, words, query, page, self._recall.searched(reader, words), best=by_best_match)

    async def search_page(self, reader: Reader, found: int, query: Query, page: int) -> ListPage:
        """Give a page of a search that was made before.

        Raises:
            UserError: CONTROL_EXPIRED, when its words are not kept any more.
        """
        words = await self._recall.words(found)
        if words is None:
            raise UserError(Code.CONTROL_EXPIRED, command="search")
        return await self._found(reader, words, query, page, found, best=True)

    async def card(self, reader: Reader, typed: str, length: Length = Length.MEDIUM) -> Card:
        """Give the card of the story that was typed.

        Raises:
            UserError: STORY_GONE with `candidates`.
        """
        if typed.strip().isdigit() and await self._recall.row(reader, 1) is None:
            await self.headlines(reader)  # a row number before any list means the list they would have seen
        allowed, revision = await self._scope.opened(reader.place)
        card = await self._card(await self.resolver.story_id(reader, typed, allowed), allowed, revision, length)
        return await self._for(reader, card)

    async def open(
        self, reader: Reader, story_id: int, length: Length = Length.MEDIUM, *, message_id: int | None = None
    ) -> Card:
        """Give the card of a story by its id; `message_id` is the public message it was opened from, to be counted.

        Raises:
            UserError: STORY_GONE.
        """
        allowed, revision = await self._scope.opened(reader.place)
        card = await self._card(story_id, allowed, revision, length)
        if message_id is not None:
            self._recall.opened(message_id)
        return await self._for(reader, card)

    async def full_text(self, reader: Reader, story_id: int, article_id: int | None = None, page: int = 1) -> FullText:
        """Give a page of an article's text, where it may be shown whole.

        Raises:
            UserError: STORY_GONE, or HEADLINE_ONLY when there is no such text.
        """
        story = await self._story(reader, story_id)
        named = [article for article in story.articles if article.id == article_id]
        article = named[0] if named else quotable(story)
        body = await self._store.articles.body(article.id) if article else None
        if article is None or body is None or body.origin not in _MAY_BE_SHOWN_WHOLE:
            raise UserError(Code.HEADLINE_ONLY)
        parts = pages_of(body.paragraphs)
        page = min(max(1, page), len(parts))
        return FullText(story, article, parts[page - 1], page, len(parts))

    async def why(self, reader: Reader, story_id: int) -> WhyAnswer:
        """Tell why a story stands where it stands in this reader's headlines.

        Raises:
            UserError: STORY_GONE.
        """
        story = await self._story(reader, story_id)
        ranking = await self._ranking(reader, ALL)
        for rank, pick in enumerate(ranking.picks, start=1):
            if pick.story.id == story.id:
                return WhyAnswer(pick.story, pick.why, rank, len(ranking.picks))
        return WhyAnswer(story, weigh(story, self._clock.now()), None, len(ranking.picks))

    async def compare(self, reader: Reader, story_id: int) -> Comparison:
        """Put the outlets of a story side by side.

        Raises:
            UserError: STORY_GONE.
        """
        story = await self._story(reader, story_id)
        articles = voices(story)
        firsts = await asyncio.gather(*(self._summaries.first_sentence(article) for article in articles))
        words = distinctive([(article.headline, article.language) for article in articles])
        lines = zip(articles, firsts, words, strict=True)
        return Comparison(story, tuple(Coverage(article, first, own) for article, first, own in lines))

    async def topic_of(self, reader: Reader, story_id: int) -> Topic:
        """Give the topic a story counts under.

        Raises:
            UserError: STORY_GONE, also when it shows no topic any more.
        """
        story = await self._story(reader, story_id)
        if not story.topics:
            raise UserError(Code.STORY_GONE)
        return story.topics[0]

    # ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _ranking(self, reader: Reader, query: Query) -> Ranking:
        return await self.rankings.of(await self._scope.listed(reader, query))

    async def _found(self, reader: Reader, words: str, query: Query, page: int, found: int, *, best: bool) -> ListPage:
        wanted = await self._scope.narrowed(reader.place, query)
        per_page = PER_PUBLIC_PAGE if reader.is_public else PER_PAGE
        order = Order.BEST if best else Order.NEWEST
        hits = await self._store.search.search(words, wanted, order=order, page=max(1, page), per_page=per_page)
        self._remember(reader, hits.stories, (max(1, page) - 1) * per_page + 1)
        return ListPage(
            stories=hits.stories,
            page=max(1, page),
            pages=1 if reader.is_public else max(1, page, -(-hits.total // per_page)),
            total_stories=hits.total,
            total_items=_items(hits),
            query=query,
            source=await self._source(query.source_id),
            words=words,
            by_best_match=best,
            has_undated=any(story.lead.published_at is None for story in hits.stories),
            first_row=(max(1, page) - 1) * per_page + 1,
            list_id=found,
            is_more=hits.is_more,
        )

    async def _card(self, story_id: int, allowed: StoryFilter, revision: int, length: Length) -> Card:
        """Give a story's card as of a revision; it is kept, since making it asks five questions."""
        key = (story_id, allowed, revision, length)
        card = self._cards.get(key)
        if card is None:
            card = await self._make_card(await self._with_text(story_id, allowed), allowed, length)
            if len(self._cards) >= KEPT_CARDS:
                self._cards.clear()
            self._cards[key] = card
        return card

    async def _with_text(self, story_id: int, allowed: StoryFilter) -> Story:
        """Give the story, with its page's text where that could be had soon; the fetch goes on if it could not."""
        story = await self.resolver.by_id(story_id, allowed)
        if self._texts is None:
            return story
        with contextlib.suppress(TimeoutError, DatelineError):
            async with asyncio.timeout(TEXT_PATIENCE_S):
                if await self._texts.fetch(quotable(story) or story.lead):
                    return await self.resolver.by_id(story_id, allowed)
        return story

    async def _for(self, reader: Reader, card: Card) -> Card:
        """Say whether this reader follows the story; the rest of a card is the same for everyone."""
        follow_id = await self._store.follows.of_story(reader.user_id, card.story.id)
        return card if follow_id is None else replace(card, is_followed=True)

    async def _make_card(self, story: Story, allowed: StoryFilter, length: Length) -> Card:
        article = quotable(story)
        summary = await self._summaries.of(article, length) if article else None
        return Card(
            story=story,
            summary=summary,
            quoted=article if summary else None,
            has_full_text=bool(summary and article and _is_longer(article, len(summary.sentences), summary.total)),
            related=await self._related(story, allowed),
        )

    async def _related(self, story: Story, allowed: StoryFilter) -> tuple[Story, ...]:
        named = replace(story, names=telling(story.names))
        return await self._store.names.related(named, allowed, limit=MAX_RELATED)

    async def _story(self, reader: Reader, story_id: int) -> Story:
        return await self.resolver.by_id(story_id, await self._scope.everything(reader.place))

    async def _source(self, source_id: int | None) -> Source | None:
        return await self._store.sources.by_id(source_id) if source_id is not None else None

    def _remember(self, reader: Reader, stories: Sequence[Story], first_row: int) -> None:
        self._recall.listed(reader, [story.id for story in stories], first_row)


def _items(hits: Found) -> int | None:
    """Count the items of all that was found; only a page's stories are at hand, so not where there are more."""
    is_whole = len(hits.stories) == hits.total and not hits.is_more
    return sum(len(story.articles) for story in hits.stories) if is_whole else None


def _is_longer(article: Article, quoted: int, total: int) -> bool:
    """Whether an article may be shown whole, and there is more of it than the quotes."""
    return article.text_origin in _MAY_BE_SHOWN_WHOLE and total > quoted
