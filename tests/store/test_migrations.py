"""Rules of migrations: from every older version, whole or not at all, with a copy made first."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.store import migrate as migrations
from bot.store.migrate import migrate, scripts, statements
from bot.store.store import Store

NUMBERS = [number for number, _ in scripts()]


def schema(raw: sqlite3.Connection) -> list[tuple[str, str]]:
    return raw.execute("select name, sql from sqlite_master where sql is not null order by name").fetchall()


def at_version(path: Path, version: int) -> sqlite3.Connection:
    """Make a database as an older Dateline left it."""
    raw = sqlite3.connect(path, isolation_level=None)
    raw.row_factory = None
    raw.execute("pragma synchronous=off")  # no power is cut here
    for number, script in scripts():
        if number <= version:
            for statement in statements(script):
                raw.execute(statement)
            raw.execute(f"pragma user_version={number}")
    return raw


@pytest.fixture(scope="module")
def newest() -> list[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as raw:
        migrate(raw, Path("new.db"))
        return schema(raw)


@pytest.mark.parametrize("version", [0, *NUMBERS])
def test_each_older_version_becomes_the_newest(version: int, tmp_path: Path, newest: list[tuple[str, str]]) -> None:
    raw = at_version(tmp_path / "d.db", version)
    if version:
        raw.execute("insert into source(kind, name, title, added_at) values('feed', 'https://a.example', 'A', 5)")
    assert migrate(raw, tmp_path / "d.db") == NUMBERS[-1]
    assert schema(raw) == newest
    kept = raw.execute("select name, title, added_at from source").fetchall()
    assert kept == ([("https://a.example", "A", 5)] if version else [])
    assert bool(list(tmp_path.glob("*.before-*"))) == (0 < version < NUMBERS[-1])
    raw.close()


def _cuts() -> list[tuple[int, int]]:
    return [(number, at) for number, script in scripts() for at in range(len(list(statements(script))))]


@pytest.mark.parametrize(("number", "at"), _cuts())
def test_a_migration_that_fails_anywhere_leaves_the_old_version(
    number: int, at: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = max((known for known in NUMBERS if known < number), default=0)
    raw = at_version(tmp_path / "d.db", older)
    before = schema(raw)
    script = dict(scripts())[number]
    broken = [*list(statements(script))[:at], "insert into nowhere values(1);"]
    monkeypatch.setattr(migrations, "scripts", lambda: [(number, "\n".join(broken))])
    with pytest.raises(sqlite3.OperationalError, match="nowhere"):
        migrate(raw, tmp_path / "d.db")
    assert schema(raw) == before
    assert raw.execute("pragma user_version").fetchone() == (older,)
    raw.close()


async def test_what_the_newest_schema_holds_is_whole(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "d.db") as store:
        assert await store.db.read(lambda raw: raw.execute("pragma foreign_key_check").fetchall()) == []
        strict = await store.db.read(
            lambda raw: raw.execute(
                "select name from pragma_table_list where schema='main' and type='table' and not strict"
                " and name not like 'sqlite_%' and name not like '%_fts_%'"
            ).fetchall()
        )
        assert strict == []
