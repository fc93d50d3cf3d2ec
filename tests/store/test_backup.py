"""Backups and restores (F11, F16)."""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.errors import StoreError, StoreFault
from bot.store.backup import back_up, back_up_file, backups, check, restore
from bot.store.database import Database, Lock
from bot.store.store import Store
from tests.fakes.database import InlineDatabase, in_memory, inline_store
from tests.fakes.delivery import build, running
from tests.fakes.discord import FakeDiscord
from tests.fakes.ledgers import add_schedule
from tests.fakes.schedules import DUE

DAY = timedelta(days=1)


async def test_a_backup_is_made_beside_writers_and_only_when_something_changed(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    await add_schedule(store, 500)
    first = await back_up(store.db, folder, DUE)
    assert first is not None
    assert first.stat().st_mode & 0o777 == 0o600
    assert await back_up(store.db, folder, DUE + DAY) is None
    await add_schedule(store, 501)
    second = await back_up(store.db, folder, DUE + 2 * DAY)
    assert backups(folder, "d") == [first, second]


async def test_the_newest_few_are_kept(store: Store, tmp_path: Path) -> None:
    for day in range(5):
        await add_schedule(store, 500 + day)
        await back_up(store.db, tmp_path, DUE + day * DAY, keep=3)
    assert [file.name for file in backups(tmp_path, "d")] == [
        f"d-202611{day}-080000.db" for day in (24, 25, 26)
    ]  # fmt: skip


async def test_a_folder_that_cannot_be_written_is_said_and_spoils_nothing(store: Store, tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    with pytest.raises(StoreError, match="could not be written"):
        await back_up(store.db, blocker / "backups", DUE)
    assert await store.schedules.next_due_at() is None


async def test_a_restored_database_is_the_backup_and_the_present_one_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await Store.open(path) as store:
        await add_schedule(store, 500)
        backup = await back_up(store.db, tmp_path / "b", DUE)
        await add_schedule(store, 501)
    assert backup is not None
    kept = restore(backup, path, DUE)
    async with await Store.open(path) as store:
        assert len(await store.schedules.due_between(DUE - DAY, DUE)) == 1
    assert kept is not None
    assert check(kept) > 0
    assert list(tmp_path.glob("*.partial")) == []


async def test_a_restore_works_where_the_database_is_lost_or_damaged(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await Store.open(path) as store:
        await add_schedule(store, 500)
        backup = await back_up(store.db, tmp_path / "b", DUE)
    assert backup is not None
    path.write_bytes(b"\x00" * 100 + path.read_bytes()[100:])  # a damaged header
    with pytest.raises(StoreError) as caught:
        await Database.open(path)
    assert caught.value.kind is StoreFault.DAMAGED
    restore(backup, path, DUE)
    path.unlink()
    assert restore(backup, path, DUE) is None
    async with await Store.open(path) as store:
        assert await store.schedules.next_due_at() == DUE


async def test_a_running_bot_is_not_restored_under(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await Store.open(path) as store:
        backup = await back_up(store.db, tmp_path / "b", DUE)
    assert backup is not None
    lock = Lock(path)
    lock.acquire()
    with pytest.raises(StoreError) as caught:
        restore(backup, path, DUE)
    lock.release()
    assert caught.value.kind is StoreFault.IN_USE


async def test_what_is_no_whole_backup_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await Store.open(path) as store:
        await add_schedule(store, 500)
        backup = await back_up(store.db, tmp_path / "b", DUE)
    assert backup is not None
    whole = backup.read_bytes()
    torn = tmp_path / "torn.db"
    torn.write_bytes(whole[: len(whole) // 2])
    other = tmp_path / "other.db"
    sqlite3.connect(other).close()
    newer = tmp_path / "newer.db"
    newer.write_bytes(whole)
    raw = sqlite3.connect(newer)
    raw.execute("pragma user_version=9999")
    raw.close()
    before = path.read_bytes()
    for file, kind in (
        (torn, StoreFault.DAMAGED),
        (other, StoreFault.DAMAGED),
        (newer, StoreFault.NEWER_SCHEMA),
        (tmp_path / "none.db", StoreFault.OTHER),
    ):
        with pytest.raises(StoreError) as caught:
            restore(file, path, DUE)
        assert caught.value.kind is kind
    assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_backup_that_may_not_be_read_is_said_to_be_that(tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "d.db"):
        pass
    (tmp_path / "d.db").chmod(0o000)
    with pytest.raises(StoreError, match=r"can’t be opened\. Check who owns it"):
        check(tmp_path / "d.db")


@pytest.mark.parametrize("saved_at_s", [600.0, 1200.02], ids=["before it was planned", "while it was being sent"])
async def test_after_a_restore_nothing_is_posted_that_the_channel_already_has(saved_at_s: float) -> None:  # F16
    clock = SimulatedClock(DUE - timedelta(minutes=20))
    discord = FakeDiscord(clock)
    store, database = inline_store()
    await add_schedule(store)
    rig = build(store, clock, discord)
    saved = sqlite3.connect(":memory:", isolation_level=None)
    saved.row_factory = sqlite3.Row
    async with store, running(rig):
        await rig.pass_time(saved_at_s)
        database.raw.backup(saved)
        await rig.pass_time(1800)
    assert len(discord.posts) == 1
    restored, _ = inline_store(saved)
    again = build(restored, clock, discord)
    async with restored, running(again):
        await again.pass_time(600)
        assert (await restored.ledger.last_shown(1, DUE - DAY)) != {}
    assert len(discord.posts) == 1


async def test_a_log_left_beside_a_crashed_database_is_moved_away_with_it(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await Store.open(path) as store:
        await add_schedule(store, 500)
        backup = await back_up(store.db, tmp_path / "b", DUE)
    assert backup is not None
    log = path.with_name("d.db-wal")
    log.write_bytes(b"what a crash left")
    kept = restore(backup, path, DUE)
    assert kept is not None
    assert not log.exists()
    assert kept.with_name(kept.name + "-wal").read_bytes() == b"what a crash left"


async def test_a_database_that_cannot_be_copied_is_said_and_leaves_no_half_copy(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await Store.open(path) as store:
        await add_schedule(store, 500)
    whole = bytearray(path.read_bytes())
    whole[4096:] = b"\xff" * (len(whole) - 4096)  # rubbish behind the header: there is nothing to copy
    path.write_bytes(bytes(whole))
    (tmp_path / "b").mkdir()
    raw = in_memory()
    database = InlineDatabase(raw)
    database.path = path
    with pytest.raises(StoreError) as caught:
        await back_up(database, tmp_path / "b", DUE)
    raw.close()
    assert caught.value.kind in {StoreFault.DAMAGED, StoreFault.OTHER}
    assert list((tmp_path / "b").iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
async def test_what_root_makes_in_somebodys_folder_is_theirs(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, 12345)
    path = tmp_path / "dateline.db"
    lock = Lock(path)
    lock.acquire()
    async with await Database.open(path) as db:
        await db.write(lambda raw: raw.execute("insert into note(name, text) values('a', 'b')"))
        made = back_up_file(path, tmp_path / "backups", DUE, 7)
        assert made is not None
    lock.release()
    restore(made, path, DUE)
    assert {file.stat().st_uid for file in tmp_path.rglob("*")} == {12345}
