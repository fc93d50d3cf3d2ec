"""Article texts: fetches the page behind a story that needs it, once, politely; the feed's own text stays otherwise.

Called when a card is opened, and by deliver some minutes before an edition. Never for documents.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable
from datetime import timedelta

from bot.clock import Clock
from bot.domain.articles import Article, TextOrigin
from bot.domain.sources import SourceKind
from bot.errors import SourceError, SourceFault, WorkerError
from bot.ingest.health import SHORTEST_S
from bot.ingest.links import registrable_domain
from bot.ingest.visiting import Runner, guarded
from bot.sources.robots import Robots
from bot.sources.web import PAGE_TYPES, Web
from bot.store.store import Store

ENOUGH_CHARS = 600  # a feed's text this long is an article; less is a teaser
_AGAIN_S = 6 * 3_600.0
_MAX_REFUSED = 5_000

log = logging.getLogger(__name__)


class ArticleTexts:
    """Fetches pages; one fetch per article however many ask."""

    def __init__(self, store: Store, web: Web, runner: Runner, clock: Clock, robots: Robots | None = None) -> None:
        self._store = store
        self._web = web
        self._runner = runner
        self._clock = clock
        self._robots = robots or Robots(web, clock)
        self._running: dict[int, asyncio.Task[bool]] = {}
        self._refused: OrderedDict[int, float] = OrderedDict()

    async def prefetch(self, articles: Iterable[Article], timeout_s: float = 60.0) -> int:
        """Fetch the texts that are missing among some articles; give how many came."""
        tasks = [asyncio.ensure_future(self.fetch(article)) for article in articles]
        if not tasks:
            return 0
        done, late = await asyncio.wait(tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        return sum(not task.cancelled() and task.exception() is None and task.result() for task in done)

    async def fetch(self, article: Article) -> bool:
        """Fetch the text of one article's page if it needs it; say whether there is a new text now.

        A page that is for subscribers, broken, or not to be read by robots leaves the article as it is.
        """
        if not await self.is_needed(article):
            return False
        task = self._running.get(article.id)
        if task is None:
            task = self._running[article.id] = asyncio.create_task(self._fetch(article))
            task.add_done_callback(lambda _: self._running.pop(article.id, None))
        return await asyncio.shield(task)

    async def is_needed(self, article: Article) -> bool:
        """Say whether an article's page should be fetched: it has a link, little text, and its source allows it."""
        if article.link is None or article.source_kind is not SourceKind.FEED:
            return False
        if article.text_origin is TextOrigin.PAGE or self._was_refused(article.id):
            return False
        feed = await self._store.feeds.by_id(article.source_id)
        if feed is None or not feed.may_fetch_pages:
            return False
        return await self._length(article) < ENOUGH_CHARS

    async def close(self) -> None:
        """End the fetches under way."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _fetch(self, article: Article) -> bool:
        try:
            fetched = await self._web.get(article.link or "", accept=PAGE_TYPES, ask_first=self._ask_first)
            found = await guarded(self._runner, "article_text", fetched.body, fetched.url, fetched.content_type)
        except SourceError as error:
            log.info("no article text: %s", error.reason, extra={"article": article.id})
            self._refuse(article.id)
            if error.retry_after_s is not None:
                await self._hold(article.link or "", error.retry_after_s)
            return False
        except WorkerError:
            return False
        paragraphs = tuple(str(text) for text in found) if isinstance(found, tuple) else ()
        if sum(map(len, paragraphs)) <= await self._length(article):
            self._refuse(article.id)  # the feed's own text says more: a cookie wall, a teaser
            return False
        return await self._store.articles.set_page_text(article.id, paragraphs)

    async def _ask_first(self, url: str) -> None:
        """Leave in peace a publisher who asked for a pause, and pages that robots.txt closes."""
        if await self._store.feeds.held_until(_publisher(url), self._clock.now()):
            raise SourceError(SourceFault.RATE_LIMITED, "its publisher asked for a pause")
        if not await self._robots.allows(url):
            raise SourceError(SourceFault.REFUSED, "robots.txt does not allow it")

    async def _hold(self, url: str, retry_after_s: float) -> None:
        """Ask nothing of a publisher for as long as it wishes; a pause that holds already is not made longer."""
        now, domain = self._clock.now(), _publisher(url)
        if not await self._store.feeds.held_until(domain, now):
            await self._store.feeds.hold(domain, now + timedelta(seconds=max(retry_after_s, SHORTEST_S)))

    async def _length(self, article: Article) -> int:
        if not article.has_text:
            return 0
        body = await self._store.articles.body(article.id)
        return sum(map(len, body.paragraphs)) if body else 0

    def _refuse(self, article_id: int) -> None:
        self._refused[article_id] = self._clock.monotonic() + _AGAIN_S
        while len(self._refused) > _MAX_REFUSED:
            self._refused.popitem(last=False)

    def _was_refused(self, article_id: int) -> bool:
        return self._refused.get(article_id, float("-inf")) > self._clock.monotonic()


def _publisher(url: str) -> str:
    return registrable_domain(url) or url
