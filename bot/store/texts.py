"""The full-text index's feed: what goes into it for an article, and how that is taken out again.

The index is contentless, so an entry can only be removed by giving the very text that was put in; both ways go
through `_entry`. A change to what it makes needs a migration that rebuilds the index.
"""

import sqlite3
from collections.abc import Iterable

from bot.domain.text import spaced
from bot.store.bulk import insert
from bot.store.values import to_json

_INTO = "article_fts(rowid, headline, body, labels)"
_LIVE = """from article a left join body b on b.article_id=a.id
 where a.id in (select value from json_each(:ids)) and a.withdrawn_at is null"""
# An ASCII text has as many bytes as characters; all that `_entry` does to it, SQLite can do too.
_IS_ASCII = """length(cast(a.headline as blob))=length(a.headline)
 and coalesce(length(cast(b.text as blob))=length(b.text), 1)"""


def _entry(article_id: int, source_id: int, topics: str, headline: str, text: str) -> tuple[int, str, str, str]:
    return article_id, spaced(headline), spaced(text), f"s{source_id} {topics}"


def _entries(raw: sqlite3.Connection, ids: str, condition: str = "true") -> list[tuple[int, str, str, str]]:
    rows = raw.execute(
        f"select a.id, a.source_id, a.topics, a.headline, coalesce(b.text, '') {_LIVE} and {condition} order by a.id",
        {"ids": ids},
    )
    return [_entry(*row) for row in rows]


def index(raw: sqlite3.Connection, article_ids: Iterable[int]) -> None:
    """Make live articles findable; each must not be in the index already.

    One statement takes in all it can: between two, the index writes itself out.
    """
    ids = to_json(list(article_ids))
    raw.execute(
        f"insert into {_INTO} select a.id, a.headline, coalesce(b.text, ''), 's' || a.source_id || ' ' || a.topics"
        f" {_LIVE} and {_IS_ASCII} order by a.id",
        {"ids": ids},
    )
    insert(raw, _INTO, _entries(raw, ids, f"not ({_IS_ASCII})"))


def unindex(raw: sqlite3.Connection, article_ids: Iterable[int]) -> None:
    """Take live articles out, before anything that `_entry` reads is changed."""
    raw.executemany(
        "insert into article_fts(article_fts, rowid, headline, body, labels) values('delete', ?, ?, ?, ?)",
        _entries(raw, to_json(list(article_ids))),
    )
