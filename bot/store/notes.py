"""Notes: small facts remembered by name across restarts, such as which commands Discord has."""

import sqlite3

from bot.store.database import Database


def get(raw: sqlite3.Connection, name: str) -> str | None:
    """Give a note's text; None when there is none."""
    row = raw.execute("select text from note where name = :name", {"name": name}).fetchone()
    return None if row is None else str(row["text"])


def put(raw: sqlite3.Connection, name: str, text: str) -> None:
    """Write a note, in place of an older one."""
    raw.execute(
        "insert into note(name, text) values(:name, :text) on conflict(name) do update set text = :text",
        {"name": name, "text": text},
    )


class Notes:
    """Notes by name."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, name: str) -> str | None:
        """Give a note's text; None when there is none."""
        return await self._db.read(lambda raw: get(raw, name))

    async def put(self, name: str, text: str) -> None:
        """Write a note, in place of an older one."""
        await self._db.write(lambda raw: put(raw, name, text))
