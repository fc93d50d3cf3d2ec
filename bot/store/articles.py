"""Articles: single ones, their text, what ingest needs to know of them, and how they leave."""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.articles import Article, Body, HeadlineOrigin, TextOrigin
from bot.domain.intake import Batch, ChangeKind, IngestReport, Known, content_hash
from bot.domain.sources import Image, Source, SourceKind
from bot.domain.topics import Topic
from bot.store import intake
from bot.store.database import Database
from bot.store.shelves import bump, refresh
from bot.store.texts import index, unindex
from bot.store.values import from_epoch, maybe_from_epoch, strings, to_epoch, to_json

Extra = Callable[[sqlite3.Connection, IngestReport], None]


@dataclass(frozen=True, slots=True)
class Stored:
    """What is to be stored of one source: its batch, and what has to be true together with it."""

    source_id: int
    batch: Batch
    also: Extra | None = None


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the store has of a source: the articles that its items may be, and which of their keys were purged."""

    articles: tuple[Known, ...]
    purged: frozenset[str]


COLUMNS = """a.story_id, a.id, a.source_id, s.title as source_title, s.kind as source_kind, a.headline, a.outlet,
 a.added_at, a.headline_origin, a.text_origin, a.link, a.published_at, a.updated_at, a.position, a.language, a.topics,
 a.names, a.image_url, a.image_alt, s.is_sample, a.is_wire_copy, a.is_counted"""

_KINDS = {kind.value: kind for kind in SourceKind}
_HEADLINES = {origin.value: origin for origin in HeadlineOrigin}
_TEXTS = {origin.value: origin for origin in TextOrigin}
_TOPICS: dict[str, tuple[Topic, ...]] = {"": ()}


def _topics(words: str) -> tuple[Topic, ...]:
    found = _TOPICS.get(words)
    if found is None:
        found = _TOPICS[words] = tuple(Topic(word) for word in words.split())
    return found


def from_row(row: sqlite3.Row) -> Article:
    """Read an article from a row of `COLUMNS`, by their order: looking columns up by name takes longer than the rest.

    A cold list reads hundreds.
    """
    (
        _, number, source_id, source_title, source_kind, headline, outlet, added_at, headline_origin, text_origin,
        link, published_at, updated_at, position, language, topics, names, image, image_alt, is_sample, is_wire_copy,
        is_counted,
    ) = row  # fmt: skip
    return Article(
        number,
        source_id,
        source_title,
        _KINDS[source_kind],
        headline,
        outlet,
        from_epoch(added_at),
        _HEADLINES[headline_origin],
        _TEXTS[text_origin],
        link,
        maybe_from_epoch(published_at),
        maybe_from_epoch(updated_at),
        position,
        language,
        _topics(topics),
        strings(names),
        Image(image, image_alt) if image else None,
        bool(is_sample),
        bool(is_wire_copy),
        bool(is_counted),
    )


_KNOWN = """a.id, a.story_id, a.key, a.link_key, a.item_hash, a.headline, a.position, a.changes, a.text_origin,
 a.withdrawn_at, a.published_at, a.added_at, s.retracted_at"""


def _known_from_row(row: sqlite3.Row) -> Known:
    return Known(
        article_id=row["id"],
        story_id=row["story_id"],
        key=row["key"],
        link_key=row["link_key"],
        item_hash=row["item_hash"],
        headline=row["headline"],
        position=row["position"],
        changes=row["changes"],
        text_origin=TextOrigin(row["text_origin"]),
        is_withdrawn=row["withdrawn_at"] is not None,
        is_retracted=row["retracted_at"] is not None,
        published_at=maybe_from_epoch(row["published_at"]),
        added_at=from_epoch(row["added_at"]),
    )


def known(raw: sqlite3.Connection, source_id: int, keys: Sequence[str]) -> tuple[Known, ...]:
    """Give what is stored of a source under any of these keys, be they an item's or its link's."""
    rows = raw.execute(
        f"""select {_KNOWN} from article a join story s on s.id=a.story_id where a.id in (
              select id from article where source_id=:source and key in (select value from json_each(:keys))
              union
              select id from article where source_id=:source and link_key in (select value from json_each(:keys)))
            order by a.id""",  # noqa: S608 - constant columns
        {"source": source_id, "keys": to_json(keys)},
    )
    return tuple(_known_from_row(row) for row in rows)


def known_of_source(raw: sqlite3.Connection, source_id: int) -> tuple[Known, ...]:
    """Give all that is stored of a source, withdrawn articles too, in document order. For documents."""
    rows = raw.execute(
        f"select {_KNOWN} from article a join story s on s.id=a.story_id"  # noqa: S608 - constant columns
        " where a.source_id=:source order by a.position, a.id",
        {"source": source_id},
    )
    return tuple(_known_from_row(row) for row in rows)


def tombstones(raw: sqlite3.Connection, source_id: int, keys: Sequence[str]) -> frozenset[str]:
    """Give those of the keys that belong to purged items."""
    rows = raw.execute(
        "select key from tombstone where source_id=:source and key in (select value from json_each(:keys))",
        {"source": source_id, "keys": to_json(keys)},
    )
    return frozenset(row["key"] for row in rows)


def recall(raw: sqlite3.Connection, source: Source, keys: Sequence[str]) -> Recalled:
    """Give what has to be known of a source to judge its items."""
    is_feed = source.kind is SourceKind.FEED
    articles = known(raw, source.id, keys) if is_feed else known_of_source(raw, source.id)
    return Recalled(articles, tombstones(raw, source.id, keys))


def article(raw: sqlite3.Connection, article_id: int) -> Article | None:
    """Give a live article, or None."""
    row = raw.execute(
        f"select {COLUMNS} from article a join source s on s.id=a.source_id"  # noqa: S608 - constant columns
        " where a.id=:id and a.withdrawn_at is null",
        {"id": article_id},
    ).fetchone()
    return from_row(row) if row else None


def articles(raw: sqlite3.Connection, article_ids: Sequence[int]) -> tuple[Article, ...]:
    """Give the live ones among the articles, in the order asked for."""
    rows = raw.execute(
        f"select {COLUMNS} from article a join source s on s.id=a.source_id"  # noqa: S608 - constant columns
        " where a.id in (select value from json_each(:ids)) and a.withdrawn_at is null",
        {"ids": to_json(article_ids)},
    )
    found = {row["id"]: from_row(row) for row in rows}
    return tuple(found[article_id] for article_id in article_ids if article_id in found)


def body(raw: sqlite3.Connection, article_id: int) -> Body | None:
    """Give a live article's text; None when there is only a headline."""
    row = raw.execute(
        "select b.text, b.content_hash, a.text_origin from body b join article a on a.id=b.article_id"
        " where b.article_id=:id and a.withdrawn_at is null",
        {"id": article_id},
    ).fetchone()
    if row is None:
        return None
    return Body(article_id, tuple(row["text"].split("\n")), TextOrigin(row["text_origin"]), row["content_hash"])


def set_page_text(raw: sqlite3.Connection, article_id: int, paragraphs: Sequence[str]) -> bool:
    """Keep the text that was fetched from an article's page; say whether the article is still there.

    Paragraphs hold no line feeds. The text replaces the feed's, and may only be quoted.
    """
    query = "select headline from article where id=:id and withdrawn_at is null"
    row = raw.execute(query, {"id": article_id}).fetchone()
    if row is None or not paragraphs:
        return False
    unindex(raw, [article_id])
    raw.execute(
        "insert into body(article_id, text, content_hash) values(:id, :text, :hash)"
        " on conflict(article_id) do update set text=excluded.text, content_hash=excluded.content_hash",
        {"id": article_id, "text": "\n".join(paragraphs), "hash": content_hash(row["headline"], paragraphs)},
    )
    raw.execute("update article set text_origin='page' where id=:id", {"id": article_id})
    index(raw, [article_id])
    bump(raw)
    return True


def _bury(raw: sqlite3.Connection, article_ids: Sequence[int], now: datetime) -> None:
    """Leave tombstones under the keys of articles and of their links."""
    raw.execute(
        "insert into tombstone(source_id, key, purged_at) select source_id, key, :now from article"
        " where id in (select value from json_each(:ids)) union"
        " select source_id, link_key, :now from article"
        " where id in (select value from json_each(:ids)) and link_key is not null on conflict do nothing",
        {"ids": to_json(article_ids), "now": to_epoch(now)},
    )


def purge(raw: sqlite3.Connection, source_kind: SourceKind, before: datetime, now: datetime, limit: int) -> int:
    """Delete up to `limit` articles added before an instant, leaving tombstones; give how many went."""
    rows = raw.execute(
        "select a.id, a.story_id from article a join source s on s.id=a.source_id"
        " where a.added_at<:before and s.kind=:kind order by a.added_at limit :limit",
        {"before": to_epoch(before), "kind": source_kind.value, "limit": limit},
    ).fetchall()
    ids = [row["id"] for row in rows]
    unindex(raw, ids)
    _bury(raw, ids, now)
    raw.execute("delete from article where id in (select value from json_each(:ids))", {"ids": to_json(ids)})
    refresh(raw, {row["story_id"] for row in rows})
    if rows:
        bump(raw)
    return len(rows)


def take_in(raw: sqlite3.Connection, several: Sequence[Stored], now: datetime) -> tuple[IngestReport, ...]:
    """Write what came from several sources, and with each what has to be true together with it."""
    reports: list[IngestReport] = []
    for one in several:
        report = intake.take_in(raw, one.source_id, one.batch, now)
        reports.append(report)
        if one.also is not None:
            one.also(raw, report)
    index(raw, [article_id for report in reports for article_id in report.new])
    if not all(one.batch.is_empty for one in several):
        bump(raw)
    return tuple(reports)


class Articles:
    """Articles, as ingest writes them and the desk reads them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def take_in(self, source_id: int, batch: Batch, now: datetime, extra: Extra | None = None) -> IngestReport:
        """Write a batch, and `extra` with it: both are committed, or neither is."""
        (report,) = await self.take_in_together([Stored(source_id, batch, extra)], now)
        return report

    async def take_in_together(self, several: Sequence[Stored], now: datetime) -> tuple[IngestReport, ...]:
        """Write what came from several sources: all of it is committed, or nothing."""
        return await self._db.write(lambda raw: take_in(raw, several, now))

    async def known_of(self, asked: Sequence[tuple[Source, Sequence[str]]]) -> tuple[Recalled, ...]:
        """Recall what is stored of each source under keys of its items and links; of a document all of it."""
        return await self._db.read(lambda raw: tuple(recall(raw, source, keys) for source, keys in asked))

    async def article(self, article_id: int) -> Article | None:
        """Give a live article, or None."""
        return await self._db.read(lambda raw: article(raw, article_id))

    async def articles(self, article_ids: Sequence[int]) -> tuple[Article, ...]:
        """Give the live ones among the articles, in the order asked for."""
        return await self._db.read(lambda raw: articles(raw, article_ids))

    async def body(self, article_id: int) -> Body | None:
        """Give a live article's text; None when there is only a headline."""
        return await self._db.read(lambda raw: body(raw, article_id))

    async def set_page_text(self, article_id: int, paragraphs: Sequence[str]) -> bool:
        """Keep the text fetched from an article's page; say whether the article is still there."""
        return await self._db.write(lambda raw: set_page_text(raw, article_id, paragraphs))

    async def withdraw(self, article_id: int, now: datetime) -> bool:
        """Take one article out of lists, by hand; say whether it was live. It does not return."""
        return await self._db.write(lambda raw: retract(raw, article_id, now))

    async def purge(self, source_kind: SourceKind, before: datetime, now: datetime, limit: int = 500) -> int:
        """Delete old articles, leaving tombstones; give how many went (call again until 0)."""
        return await self._db.write(lambda raw: purge(raw, source_kind, before, now, limit))


def retract(raw: sqlite3.Connection, article_id: int, now: datetime) -> bool:
    """Withdraw one article by hand; its tombstone keeps it from returning."""
    touched: set[int] = set()
    intake.withdraw(raw, article_id, now, touched, ChangeKind.RETRACTED)
    _bury(raw, [article_id], now)
    refresh(raw, touched)
    bump(raw)
    return bool(touched)
