"""What the check says of this machine, thing by thing."""

import os
import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.app.findings import Finding, Level
from bot.app.inspection import inspect
from bot.errors import StoreError, StoreFault
from bot.settings import Settings
from bot.store.backup import back_up_file
from bot.store.store import Store
from tests.fakes.ledgers import add_schedule

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
async def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr("bot.app.inspection.home", lambda: tmp_path)
    made = Settings(data=tmp_path / "data")
    made.data.mkdir()
    async with await Store.open(made.database):
        pass
    return made


async def found(settings: Settings, area: str, now: datetime = NOW) -> Finding:
    """Give the worst finding of an area."""
    order = list(Level)
    return max(
        (one for one in await inspect(settings, now) if one.area == area), key=lambda one: order.index(one.level)
    )


async def test_a_file_of_settings_that_others_can_read_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("")
    (tmp_path / ".env").chmod(0o644)
    assert (await found(settings, "settings")).cure == f"Run chmod 600 {tmp_path / '.env'}."
    (tmp_path / ".env").chmod(0o600)
    assert (await found(settings, "settings")).level is Level.OK


async def test_a_folder_that_cannot_be_written_is_a_problem(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert (await found(settings, "data folder")).level is Level.PROBLEM


@pytest.mark.parametrize("name", ["dateline.db", "dateline.db-wal", "dateline.db.lock"])
async def test_a_file_of_the_database_that_somebody_else_owns_is_a_problem(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    file = settings.data / name
    file.touch()
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != file)
    assert (await found(settings, "database")).level is Level.OK  # the next start makes what is its own writable
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    told = await found(settings, "database")
    assert (told.level, told.text) == (Level.PROBLEM, f"{file} can’t be written by this user.")


ROOM = [(10 << 20, Level.PROBLEM), (100 << 20, Level.WARNING), (10 << 30, Level.OK)]


@pytest.mark.parametrize(("free", "level"), ROOM, ids=["nearly full", "tight", "roomy"])
async def test_room_on_the_disk_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    told = await found(settings, "data folder")
    assert (told.level, bool(told.cure)) == (level, level is not Level.OK)


async def test_a_damaged_page_is_found(settings: Settings) -> None:
    raw = sqlite3.connect(settings.database)
    raw.execute("pragma journal_mode=delete")
    raw.execute("pragma foreign_keys=off")
    raw.execute("insert into body(article_id, text, content_hash) values(99, 'x', 'y')")
    raw.commit()
    raw.close()
    told = await found(settings, "database")
    assert (told.level, told.text) == (Level.PROBLEM, "It is damaged: a row of body belongs to nothing.")


FAULTS = {
    StoreFault.DAMAGED: "dateline restore",
    StoreFault.NEWER_SCHEMA: "newer Dateline",
    StoreFault.READ_ONLY: "Check who owns the file",
}


@pytest.mark.parametrize(("fault", "cure"), FAULTS.items(), ids=FAULTS)
async def test_each_refusal_of_the_store_has_its_cure(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: StoreFault, cure: str
) -> None:
    async def refuse(*_: object, **__: object) -> Store:
        raise StoreError(fault, "No.")

    monkeypatch.setattr(Store, "open", refuse)
    told = await found(settings, "database")
    assert (told.level, told.text, cure in told.cure) == (Level.PROBLEM, "No.", True)


async def test_a_zone_that_the_data_do_not_know_and_a_briefing_that_was_stopped_are_told(settings: Settings) -> None:
    async with await Store.open(settings.database) as store:
        first = await add_schedule(store, 500)
        await add_schedule(store, 501)
    raw = sqlite3.connect(settings.database)
    raw.execute("update schedule set zone='Mars/Base' where id=?", (first.id,))
    raw.execute("update schedule set disabled_code='gone' where id<>?", (first.id,))
    raw.commit()
    raw.close()
    assert "Mars/Base: no such time zone" in (await found(settings, "time zones")).text
    assert "turned off by itself (gone)" in (await found(settings, "briefings")).text


async def test_backups_are_looked_at(settings: Settings) -> None:
    now = datetime.fromtimestamp(settings.database.stat().st_mtime, UTC)
    assert (await found(settings, "backups", now)).level is Level.NOTE
    assert (await found(settings, "backups", now + timedelta(days=3))).level is Level.WARNING
    back_up_file(settings.database, settings.backup_folder, now, 7)
    assert (await found(settings, "backups", now + timedelta(hours=1))).level is Level.OK
    later = (now + timedelta(days=4)).timestamp()
    os.utime(settings.database, (later, later))
    assert (await found(settings, "backups", now + timedelta(days=4))).level is Level.WARNING


async def test_a_folder_that_is_not_there_yet_is_judged_by_the_one_above(tmp_path: Path) -> None:
    settings = replace(Settings(), data=tmp_path / "a" / "b")
    assert (await found(settings, "data folder")).level in {Level.OK, Level.WARNING}
    assert list(tmp_path.iterdir()) == []
