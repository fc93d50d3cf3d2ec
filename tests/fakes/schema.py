"""New databases with the newest schema: copied from one that was migrated once, since thousands of tests open one."""

import functools
import sqlite3
from pathlib import Path

from bot.store.migrate import migrate


@functools.cache
def _newest() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    made.execute("pragma auto_vacuum=incremental")
    migrate(made, Path("memory"))
    return made


def bring_up(connection: sqlite3.Connection, path: Path) -> int:
    """Do what `migrate` does, but fill a database that holds nothing in one go."""
    marks = [connection.execute(f"pragma {mark}").fetchone()[0] for mark in ("schema_version", "user_version")]
    if marks == [0, 0]:
        _newest().backup(connection)
    return migrate(connection, path)
