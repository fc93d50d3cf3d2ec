"""Retention: what is let go of beside old articles, and the room that is given back to the disk. Called once a day.

Tombstones stay for good: they are what keeps an old item from coming in again, and being posted again.
"""

import sqlite3
from datetime import datetime

from bot.store.database import Database
from bot.store.values import to_epoch

_MERGED = 16  # pages written at a time
_AT_ONCE = 500


def drop_deliveries(raw: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Delete final deliveries that were due before an instant; give how many. The schedule knows its next date."""
    return raw.execute(
        "delete from delivery where id in (select id from delivery"
        " where due_at<:before and state not in ('planned', 'sending') limit :limit)",
        {"before": to_epoch(before), "limit": limit},
    ).rowcount


def drop_changes(raw: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Delete the record of changes that posts were corrected by long ago; give how many went.

    The newest row stays: who reads changes counts by its id.
    """
    return raw.execute(
        "delete from change where id in (select id from change where at<:before"
        " and id<(select max(id) from change) limit :limit)",
        {"before": to_epoch(before), "limit": limit},
    ).rowcount


def drop_empty_stories(raw: sqlite3.Connection, before: datetime, limit: int) -> int:
    """Delete stories whose articles are all gone; give how many. Those that were retracted by hand stay."""
    return raw.execute(
        "delete from story where id in (select s.id from story s where s.newest_at is null and s.retracted_at is null"
        " and s.created_at<:before and not exists (select 1 from article a where a.story_id=s.id)"
        " and not exists (select 1 from story m where m.merged_into=s.id) limit :limit)",
        {"before": to_epoch(before), "limit": limit},
    ).rowcount


def give_back(raw: sqlite3.Connection, pages: int) -> int:
    """Give up to so many empty pages back to the disk; give how many are left."""
    # A script is stepped to its end; `execute` stops after the first page, for the pragma's rows have no columns.
    raw.executescript(f"pragma incremental_vacuum({pages:d})")
    return int(raw.execute("pragma freelist_count").fetchone()[0])


def merge_index(raw: sqlite3.Connection, *, is_first: bool) -> int:
    """Merge a piece of the search index; give 0 when it is one piece.

    A deleted article leaves its words there, and a note that they are void, until the pieces with both are merged: 21
    of 22 MB in an index of 2,000 articles after 28,000 were deleted.
    """
    before = raw.total_changes
    # The negative number says that all pieces are to become one (SQLite's FTS5, 6.8).
    pages = -_MERGED if is_first else _MERGED
    raw.execute("insert into article_fts(article_fts, rank) values('merge', :pages)", {"pages": pages})
    changes = raw.total_changes - before
    return changes if changes > 1 else 0


class Retention:
    """What maintenance may ask; each call is one short transaction, to be called again until it gives 0."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def drop_deliveries(self, before: datetime, limit: int = _AT_ONCE) -> int:
        """Delete final deliveries that were due before an instant; give how many."""
        return await self._db.write(lambda raw: drop_deliveries(raw, before, limit))

    async def drop_changes(self, before: datetime, limit: int = _AT_ONCE) -> int:
        """Delete old records of changes; give how many."""
        return await self._db.write(lambda raw: drop_changes(raw, before, limit))

    async def drop_empty_stories(self, before: datetime, limit: int = _AT_ONCE) -> int:
        """Delete old stories that hold no article any more; give how many."""
        return await self._db.write(lambda raw: drop_empty_stories(raw, before, limit))

    async def merge_index(self, *, is_first: bool) -> int:
        """Merge a piece of the search index; give 0 when it is one piece."""
        return await self._db.write(lambda raw: merge_index(raw, is_first=is_first))

    async def give_back(self, pages: int = 1_000) -> int:
        """Give empty pages back to the disk; give how many are left."""
        return await self._db.maintain(lambda raw: give_back(raw, pages))
