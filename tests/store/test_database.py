import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from bot.errors import StoreError, StoreFault
from bot.store.database import Database, Lock
from bot.store.migrate import scripts, statements


def _names(raw: sqlite3.Connection) -> list[str]:
    return [row["name"] for row in raw.execute("select name from source order by id")]


async def test_a_transaction_happens_whole_or_not_at_all(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "d.db") as db:

        def half(raw: sqlite3.Connection) -> None:
            raw.execute("insert into source(kind, name, title, added_at) values('document', 'a', 'a', 0)")
            raise KeyError("halfway")

        with pytest.raises(KeyError):
            await db.write(half)
        assert await db.read(_names) == []


async def test_a_cancelled_writer_leaves_nothing_open_and_others_keep_their_writes(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "d.db") as db:
        gate = threading.Event()

        def slow(raw: sqlite3.Connection) -> None:
            raw.execute("insert into source(kind, name, title, added_at) values('document', 'slow', 's', 0)")
            gate.wait(5)

        def other(raw: sqlite3.Connection) -> None:
            raw.execute("insert into source(kind, name, title, added_at) values('document', 'other', 'o', 0)")

        first = asyncio.create_task(db.write(slow))
        second = asyncio.create_task(db.write(other))
        await asyncio.sleep(0)  # noqa: TID251 - a bare yield to the loop
        first.cancel()
        gate.set()
        with pytest.raises(asyncio.CancelledError):
            await first
        await second
        assert await db.read(_names) == ["slow", "other"]


async def test_closing_ends_every_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())  # others may end meanwhile: a pool's, of an earlier test
    db = await Database.open(tmp_path / "d.db")
    opened = set(threading.enumerate()) - before
    await db.close()
    assert len(opened) == 3
    assert not opened & set(threading.enumerate())


async def test_a_read_only_database_refuses_writes_in_one_sentence(tmp_path: Path) -> None:
    await (await Database.open(tmp_path / "d.db")).close()
    async with await Database.open(tmp_path / "d.db", read_only=True) as db:
        with pytest.raises(StoreError, match="for reading only") as caught:
            await db.write(lambda raw: None)
        assert caught.value.kind is StoreFault.READ_ONLY


@pytest.mark.parametrize("is_old", [False, True], ids=["a new one", "one that others could read"])
async def test_a_database_is_for_its_owner_alone(tmp_path: Path, is_old: bool) -> None:  # noqa: FBT001
    path = tmp_path / "dateline.db"
    if is_old:
        path.touch(mode=0o644)
    async with await Database.open(path) as db:
        await db.write(lambda raw: raw.execute("insert into note(name, text) values('a', 'b')"))
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert modes == {"dateline.db": 0o600, "dateline.db-wal": 0o600, "dateline.db-shm": 0o600}


async def test_what_stands_beside_a_database_that_was_read_only_is_made_writable_with_it(tmp_path: Path) -> None:
    path = tmp_path / "dateline.db"
    await (await Database.open(path)).close()
    path.chmod(0o400)
    async with await Database.open(path, read_only=True):
        pass  # who only reads may leave its log and index behind, as private as the file was
    (tmp_path / "dateline.db-shm").touch(mode=0o400)
    async with await Database.open(path) as db:
        await db.write(lambda raw: raw.execute("insert into note(name, text) values('a', 'b')"))
        assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}


async def test_a_lock_that_somebody_else_owns_is_named_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "d.db.lock").mkdir()  # no user may write into it as a file
    with pytest.raises(StoreError, match=r"d\.db\.lock cannot be opened\. Check who owns the file"):
        Lock(tmp_path / "d.db").acquire()
    with pytest.raises(StoreError, match=r"The folder .* cannot be written\. Make it writable"):
        Lock(tmp_path / "nowhere" / "d.db").acquire()


async def test_a_database_from_a_newer_version_is_refused_and_untouched(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    raw = sqlite3.connect(path)
    raw.execute("pragma user_version=9999")
    raw.close()
    with pytest.raises(StoreError, match="newer Dateline") as caught:
        await Database.open(path)
    assert caught.value.kind is StoreFault.NEWER_SCHEMA
    raw = sqlite3.connect(path)
    assert raw.execute("pragma user_version").fetchone() == (9999,)
    raw.close()


async def test_a_file_that_is_no_database_is_called_that(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    path.write_bytes(b"this is no database at all, only text" * 40)
    with pytest.raises(StoreError) as caught:
        await Database.open(path)
    assert caught.value.kind is StoreFault.DAMAGED


async def test_a_full_disk_is_told_with_its_cure_loses_nothing_and_is_written_to_again(tmp_path: Path) -> None:
    def fill(raw: sqlite3.Connection) -> None:
        raw.execute(
            "insert into source(kind, name, title, added_at) values('document', 'large', :title, 0)",
            {"title": "x" * 100_000},
        )

    def limit(raw: sqlite3.Connection) -> None:
        raw.execute(f"pragma max_page_count={raw.execute('pragma page_count').fetchone()[0] + 5}")

    async with await Database.open(tmp_path / "d.db") as db:
        await db.maintain(limit)
        with pytest.raises(StoreError) as caught:
            await db.write(fill)
        assert caught.value.kind is StoreFault.FULL
        assert str(caught.value) == "The disk is full. Make room on it; a running bot then goes on by itself."
        assert await db.read(_names) == []
        await db.maintain(lambda raw: raw.execute("pragma max_page_count=1000000").fetchone())
        await db.write(fill)
        assert await db.read(_names) == ["large"]


async def test_a_closed_database_says_so(tmp_path: Path) -> None:
    db = await Database.open(tmp_path / "d.db")
    await db.close()
    with pytest.raises(StoreError) as caught:
        await db.read(_names)
    assert caught.value.kind is StoreFault.CLOSED


async def test_a_second_bot_on_the_same_database_is_refused(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "d.db"), Lock(tmp_path / "d.db")
    first.acquire()
    with pytest.raises(StoreError) as caught:
        second.acquire()
    assert caught.value.kind is StoreFault.IN_USE
    first.release()
    second.acquire()
    second.release()


async def test_a_locked_database_is_reported_as_locked(tmp_path: Path) -> None:
    path = tmp_path / "d.db"
    async with await Database.open(path, busy_ms=1) as db:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("begin immediate")
        with pytest.raises(StoreError) as caught:
            await db.write(lambda raw: None)
        other.close()
        assert caught.value.kind is StoreFault.LOCKED
        assert await db.write(lambda raw: 1) == 1


def test_scripts_are_numbered_and_split_into_statements() -> None:
    numbers = [number for number, _ in scripts()]
    assert numbers == sorted(set(numbers))
    assert list(statements("create table a(x); -- why\ncreate trigger t after insert on a begin\n select 1;\nend;\n"))


async def test_a_kept_answer_is_asked_anew_after_any_write(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "d.db") as db:
        asked: list[int] = []

        def ask(raw: sqlite3.Connection) -> list[str]:
            asked.append(1)
            return _names(raw)

        def add(raw: sqlite3.Connection) -> None:
            raw.execute("insert into source(kind, name, title, added_at) values('document', 'a', 'a', 0)")

        def fail(raw: sqlite3.Connection) -> None:
            raise KeyError("halfway")

        assert [await db.read_kept("names", ask), await db.read_kept("names", ask), len(asked)] == [[], [], 1]
        await db.write(add)
        assert [await db.read_kept("names", ask), len(asked)] == [["a"], 2]
        with pytest.raises(KeyError):
            await db.write(fail)
        await db.maintain(lambda raw: raw.execute("delete from source"))
        assert [await db.read_kept("names", ask), len(asked)] == [[], 3]


async def test_kept_answers_do_not_outlive_a_write(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "d.db") as db:
        for number in range(5):
            await db.read_kept(number, lambda raw: 1)
        await db.write(lambda raw: None)
        await db.read_kept("another", lambda raw: 1)
        assert list(db._kept) == ["another"]


async def test_an_answer_that_a_write_overtook_is_not_kept(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "d.db") as db:
        reading = asyncio.ensure_future(db.read_kept("old", lambda raw: 1))
        await asyncio.sleep(0)  # noqa: TID251 - a bare yield: it has begun
        await db.write(lambda raw: None)
        await db.read_kept("new", lambda raw: 2)
        assert await reading == 1
        assert await db.read_kept("old", lambda raw: 3) == 3


async def test_kept_answers_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.store.database.MAX_KEPT", 2)
    async with await Database.open(tmp_path / "d.db") as db:
        assert [await db.read_kept(number, lambda raw: 1) for number in range(5)] == [1] * 5
        assert len(db._kept) <= 2
