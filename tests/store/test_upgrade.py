"""Upgrading and going back: old database → new version → backup → back, with nothing lost on the way."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import StoreError, StoreFault
from bot.store import backup, database, migrate
from bot.store.backup import back_up_file, restore
from bot.store.database import Database

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ALL = migrate.scripts()
OLD = [one for one in ALL if one[0] <= 4]  # as the first releases had them


@pytest.fixture
def run_version(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[tuple[int, str]]], None]:
    """Let the program know only these migrations, as another version does."""
    monkeypatch.setattr(database, "migrate", migrate.migrate)  # not the tests' quick one

    def switch(known: list[tuple[int, str]]) -> None:
        for module in (migrate, backup):
            monkeypatch.setattr(module, "scripts", lambda: known)

    return switch


async def opened(path: Path) -> tuple[int, list[str]]:
    """Open a database as the bot does at its start; give its schema and the sources in it."""
    async with await Database.open(path) as db:
        version = await db.read(lambda raw: raw.execute("pragma user_version").fetchone()[0])
        names = await db.read(lambda raw: raw.execute("select name from source order by id").fetchall())
    return version, [row["name"] for row in names]


async def add(path: Path, name: str) -> None:
    async with await Database.open(path) as db:
        await db.write(
            lambda raw: raw.execute(
                "insert into source(kind, name, title, added_at) values('document', :name, :name, 0)", {"name": name}
            )
        )


async def test_an_upgrade_and_the_way_back(
    tmp_path: Path, run_version: Callable[[list[tuple[int, str]]], None]
) -> None:
    path = tmp_path / "dateline.db"
    run_version(OLD)
    await add(path, "old")
    assert (await opened(path))[0] == 4

    run_version(ALL)  # the new version starts
    await add(path, "new")
    assert await opened(path) == (ALL[-1][0], ["old", "new"])
    aside = tmp_path / f"dateline.db.before-{ALL[-1][0]}"
    assert aside.exists()
    made = back_up_file(path, tmp_path / "backups", NOW, 7)
    assert made is not None

    run_version(OLD)  # back to the old version
    with pytest.raises(StoreError, match="newer Dateline") as refused:
        await opened(path)
    assert refused.value.kind is StoreFault.NEWER_SCHEMA
    with pytest.raises(StoreError, match="newer Dateline"):
        restore(made, path, NOW)
    kept = restore(aside, path, NOW)
    assert await opened(path) == (4, ["old"])

    run_version(ALL)  # and forward again, to where it was
    assert kept is not None
    restore(kept, path, NOW)
    assert await opened(path) == (ALL[-1][0], ["old", "new"])
