"""What reaches out of the house: the web client, the refresher, article texts, and the desks that add sources."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import bot
from bot.clock import Clock
from bot.desk.adding import Adding
from bot.desk.filters import Filters
from bot.desk.operating import OperatorSources
from bot.desk.sources import Sources
from bot.ingest.article_texts import ArticleTexts
from bot.ingest.pipeline import Pipeline
from bot.ingest.refresh import Refresher
from bot.settings import Settings
from bot.sources.addresses import AddressGuard
from bot.sources.web import Web
from bot.store.matches import matcher
from bot.store.store import Store
from bot.worker.pool import WorkerPool


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything that knows the web. Nothing is fetched before it is asked for, or `refresher.run()` runs."""

    web: Web
    refresher: Refresher
    texts: ArticleTexts
    sources: Sources
    operator: OperatorSources
    filters: Filters
    guard: AddressGuard


@contextlib.asynccontextmanager
async def open_outside(
    settings: Settings, clock: Clock, store: Store, pool: WorkerPool, pipeline: Pipeline
) -> AsyncIterator[Outside]:
    """Open the web client, and close it after the visits under way have ended."""
    guard = AddressGuard(settings.private_hosts)
    async with Web(clock, user_agent=user_agent(settings.contact), guard=guard, is_off=settings.fetch == "off") as web:
        refresher = Refresher(store, web, pool, pipeline, clock, follows=matcher(clock))
        texts = ArticleTexts(store, web, pool, clock)
        adding = Adding(store, web, pool, refresher, clock)
        sources = Sources(store, adding, refresher, pool, clock, guard=guard)
        operator = OperatorSources(store, adding, refresher, pool, clock, guard=guard)
        try:
            yield Outside(web, refresher, texts, sources, operator, Filters(store, clock), guard)
        finally:
            await refresher.close()
            await texts.close()


def user_agent(contact: str) -> str:
    """Say who asks, and how to reach the operator where they gave an address."""
    return f"Dateline/{bot.__version__} (+{contact})" if contact else f"Dateline/{bot.__version__} (news reader)"
