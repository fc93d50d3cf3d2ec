"""Migrations: numbered .sql files, each applied whole or not at all, with `user_version` as the mark."""

import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from bot.errors import StoreError, StoreFault


def scripts() -> list[tuple[int, str]]:
    """Give every migration as (number, SQL), in order."""
    folder = files("bot.store") / "migrations"
    found = [
        (int(entry.name[:4]), entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".sql")
    ]
    return sorted(found)


def statements(script: str) -> Iterator[str]:
    """Split a script into statements; `executescript` would commit behind our back."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip():
        yield pending.strip()


def migrate(connection: sqlite3.Connection, path: Path) -> int:
    """Bring the schema up to date and give its version.

    A database that already holds data is copied to `<name>.before-<version>` first.

    Raises:
        StoreError: the file was written by a newer Dateline.
    """
    version: int = connection.execute("pragma user_version").fetchone()[0]
    known = scripts()
    newest = known[-1][0]
    if version > newest:
        raise StoreError(
            StoreFault.NEWER_SCHEMA,
            f"The database {path.name} is from a newer Dateline (schema {version}, this one knows {newest}). "
            "Install the newer version again, or restore the backup made before the upgrade.",
        )
    if 0 < version < newest:
        _copy_aside(connection, path.with_name(f"{path.name}.before-{newest}"))
    for number, script in known:
        if number > version:
            _apply(connection, number, script)
    return newest


def _copy_aside(connection: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    connection.execute("vacuum into ?", (str(target),))
    target.chmod(0o600)


def _apply(connection: sqlite3.Connection, number: int, script: str) -> None:
    connection.execute("begin immediate")
    try:
        for statement in statements(script):
            connection.execute(statement)
        connection.execute(f"pragma user_version={number}")
        connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            connection.execute("rollback")
        raise
