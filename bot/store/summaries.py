"""Summaries: kept by the content they were made from, so that an edited article gets a new one."""

import sqlite3

from bot.domain.stories import Length, Summary
from bot.store.database import Database
from bot.store.values import from_json, from_json_numbers, to_json


def get(raw: sqlite3.Connection, content_hash: str, length: Length, method: str) -> Summary | None:
    """Give the summary made of that content by that version of the method, or None."""
    row = raw.execute(
        "select sentences, picked, total from summary where content_hash=:hash and length=:length and method=:method",
        {"hash": content_hash, "length": length.value, "method": method},
    ).fetchone()
    if row is None:
        return None
    return Summary(tuple(from_json(row["sentences"])), tuple(from_json_numbers(row["picked"])), row["total"], length)


def put(raw: sqlite3.Connection, content_hash: str, summary: Summary, method: str) -> None:
    """Keep a summary, in place of one by another version of the method."""
    raw.execute(
        "insert or replace into summary(content_hash, length, method, sentences, picked, total)"
        " values(:hash, :length, :method, :sentences, :picked, :total)",
        {
            "hash": content_hash,
            "length": summary.length.value,
            "method": method,
            "sentences": to_json(summary.sentences),
            "picked": to_json(summary.picked),
            "total": summary.total,
        },
    )


def drop_unused(raw: sqlite3.Connection, limit: int = 1_000) -> int:
    """Delete summaries of content that no article has any more; give how many went."""
    return raw.execute(
        "delete from summary where content_hash in (select content_hash from summary"
        " where content_hash not in (select content_hash from body) limit :limit)",
        {"limit": limit},
    ).rowcount


class Summaries:
    """The cache of summaries, by content hash and length."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, content_hash: str, length: Length, *, method: str = "1") -> Summary | None:
        """Give the summary made of that content by that version of the method, or None."""
        return await self._db.read(lambda raw: get(raw, content_hash, length, method))

    async def put(self, content_hash: str, summary: Summary, *, method: str = "1") -> None:
        """Keep a summary."""
        await self._db.write(lambda raw: put(raw, content_hash, summary, method))

    async def drop_unused(self, limit: int = 1_000) -> int:
        """Delete summaries of content that is gone; give how many went (call again until 0)."""
        return await self._db.write(lambda raw: drop_unused(raw, limit))
