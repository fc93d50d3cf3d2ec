"""Visits to feeds: writes down whole what one visit has changed. Ingest calls it, with a batch or alone."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.domain.feeds import Verdict
from bot.domain.intake import IngestReport
from bot.domain.sources import Source
from bot.store import feeds, sources, subscriptions
from bot.store.articles import Extra
from bot.store.database import Database

DomainOf = Callable[[str], str]


def record(raw: sqlite3.Connection, verdict: Verdict, now: datetime, domain_of: DomainOf) -> None:
    """Keep a verdict: the feed's memory, its source's state, a pause, a move, and what managers are to be told."""
    source_id = verdict.feed.source_id
    feeds.save(raw, verdict.feed, verdict.state, verdict.detail)
    if verdict.hold_until:
        feeds.hold(raw, verdict.feed.domain, verdict.hold_until)
    if verdict.notice:
        subscriptions.notify(raw, source_id, verdict.notice, now)
    if verdict.move_to:
        heir = feeds.move(raw, source_id, verdict.move_to, domain_of(verdict.move_to))
        subscriptions.recount(raw, source_id, now)
        subscriptions.recount(raw, heir, now)


def with_articles(
    decide: Callable[[IngestReport], Verdict],
    now: datetime,
    domain_of: DomainOf,
    *,
    source: Source | None = None,
    follows: Extra | None = None,
) -> Extra:
    """Make what is written in the same transaction as a feed's articles.

    Args:
        decide: gives the verdict, once it is known what became of the items.
        now: the time of the visit.
        domain_of: gives the registrable domain of an address.
        source: how the source describes itself, where that is new.
        follows: writes the follow matches; left out at the first visit, which is a baseline.
    """

    def extra(raw: sqlite3.Connection, report: IngestReport) -> None:
        if source is not None:
            sources.describe(raw, source)
        record(raw, decide(report), now, domain_of)
        if follows is not None:
            follows(raw, report)

    return extra


class Visits:
    """Visits that brought no articles, several in one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def record(self, verdicts: Sequence[Verdict], now: datetime, domain_of: DomainOf) -> None:
        """Keep verdicts, all of them or none."""

        def work(raw: sqlite3.Connection) -> None:
            for verdict in verdicts:
                record(raw, verdict, now, domain_of)

        await self._db.write(work)
