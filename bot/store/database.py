"""Connections and transactions. Store modules call it; nobody else touches SQLite.

A transaction is one plain function that gets the `sqlite3.Connection` and runs from `begin` to `commit` on the
connection's own thread. Nothing can interleave with it, and a cancelled caller leaves nothing open: coroutines
that share a connection otherwise lose each other's writes (measured; see docs/decisions/0002).
"""

import asyncio
import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Awaitable, Callable, Hashable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, cast

import aiosqlite

from bot.errors import StoreError, StoreFault
from bot.store.migrate import migrate

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

BUSY_MS = 5_000
SIDES = ("-wal", "-shm")  # what SQLite keeps beside a database
MAX_KEPT = 1_000

_MAKE_ROOM = "Make room on it; a running bot then goes on by itself."
_LOOK_AT_DISK = "See whether it is full or broken; a running bot goes on by itself once it is mended."
_LET_GO = "Check that no other program holds it."
_OWN = "Check who owns the file and its folder, and that the disk can be written."
_STOP = "Stop it first, or name another folder in DATELINE_DATA."
_WRITABLE = "Make it writable for the bot’s user, or name another one in DATELINE_DATA."
_RESTORE = "Stop the bot and run dateline restore with the last backup."

_FAULTS: dict[int, tuple[StoreFault, str, str]] = {
    sqlite3.SQLITE_BUSY: (StoreFault.LOCKED, "The database is locked by another process.", _LET_GO),
    sqlite3.SQLITE_LOCKED: (StoreFault.LOCKED, "The database is locked by another connection.", _LET_GO),
    sqlite3.SQLITE_FULL: (StoreFault.FULL, "The disk is full.", _MAKE_ROOM),
    sqlite3.SQLITE_IOERR_SHMSIZE: (StoreFault.FULL, "The disk is full.", _MAKE_ROOM),
    sqlite3.SQLITE_IOERR_WRITE: (StoreFault.FULL, "The disk does not take any more writes.", _LOOK_AT_DISK),
    sqlite3.SQLITE_IOERR_FSYNC: (StoreFault.FULL, "The disk does not take any more writes.", _LOOK_AT_DISK),
    sqlite3.SQLITE_READONLY: (StoreFault.READ_ONLY, "The database file is read-only.", _OWN),
    sqlite3.SQLITE_CANTOPEN: (StoreFault.READ_ONLY, "The database file cannot be opened.", _OWN),
    sqlite3.SQLITE_CORRUPT: (StoreFault.DAMAGED, "The database file is damaged.", _RESTORE),
    sqlite3.SQLITE_NOTADB: (StoreFault.DAMAGED, "The file is not a Dateline database.", _RESTORE),
}


def translate(error: sqlite3.Error) -> StoreError:
    """Turn SQLite's error into the store's, by its result code."""
    code = getattr(error, "sqlite_errorcode", 0)
    return StoreError(*(_FAULTS.get(code) or _FAULTS.get(code & 0xFF) or (StoreFault.OTHER, str(error))))


def hand_over(file: Path) -> None:
    """Let what root makes belong to who owns the folder: root may type verbs for a bot that runs as somebody else."""
    if os.geteuid() == 0:
        with contextlib.suppress(OSError):  # a root without that right, as in a container: then it is its own folder
            there = file.parent.stat()
            os.chown(file, there.st_uid, there.st_gid)


class Lock:
    """Holds `<database>.lock`, so that a second bot on the same database refuses to start."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            StoreError: another process has it, or its file or the folder cannot be written.
        """
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            hand_over(self._path)
        except OSError as error:
            if self._path.exists():
                raise StoreError(StoreFault.READ_ONLY, f"The file {self._path} cannot be opened.", _OWN) from error
            sentence = f"The folder {self._path.parent} cannot be written."
            raise StoreError(StoreFault.READ_ONLY, sentence, _WRITABLE) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise StoreError(StoreFault.IN_USE, "Another Dateline already uses this database.", _STOP) from error
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


class _Thread:
    """One aiosqlite connection, used only through whole functions on its thread."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def run(self, work: Work[T]) -> T:
        """Run `work` on the thread, to its end, even if the caller is cancelled."""
        # aiosqlite 0.22.1 has no public way to run a function on its thread; pinned, and tested.
        execute = cast("Callable[[Work[T], sqlite3.Connection], Awaitable[T]]", self._connection._execute)  # noqa: SLF001
        try:
            job = asyncio.ensure_future(execute(work, self._connection._conn))  # noqa: SLF001
            return await asyncio.shield(job)
        except sqlite3.Error as error:
            raise translate(error) from error
        except ValueError as error:
            if "onnection" in str(error):
                raise StoreError(StoreFault.CLOSED, "The database is closed.") from error
            raise

    async def close(self) -> None:
        await asyncio.shield(asyncio.ensure_future(self._connection.close()))
        self._connection._thread.join()  # noqa: SLF001 - it is past its last job, but not always gone


def _in_transaction(work: Work[T], begin: str) -> Work[T]:
    def run(connection: sqlite3.Connection) -> T:
        connection.execute(begin)
        try:
            result = work(connection)
            connection.execute("commit")
        except BaseException:
            if connection.in_transaction:
                connection.execute("rollback")
            raise
        return result

    return run


async def _connect(path: Path, *, read_only: bool, busy_ms: int) -> _Thread:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    try:
        connection = await aiosqlite.connect(uri, uri=True, isolation_level=None, cached_statements=256)
    except sqlite3.Error as error:
        raise translate(error) from error
    thread = _Thread(connection)

    def prepare(raw: sqlite3.Connection) -> None:
        raw.row_factory = sqlite3.Row
        raw.execute(f"pragma busy_timeout={busy_ms}")
        raw.execute("pragma cache_size=-768")  # KiB; the system caches the rest (docs/decisions/0150)
        raw.execute("pragma foreign_keys=on")
        if not read_only:
            raw.execute("pragma auto_vacuum=incremental")
            raw.execute("pragma journal_mode=wal")
            raw.execute("pragma synchronous=full")  # a power cut loses nothing that was acknowledged

    try:
        await thread.run(prepare)
    except BaseException:
        await thread.close()
        raise
    return thread


def _keep_private(path: Path) -> None:
    """Let the file be for its owner alone; what SQLite puts beside it takes after it, or did before it was changed.

    It is never opened here: closing a file gives back all locks that this process has on it.
    """
    with contextlib.suppress(OSError):  # whatever is wrong with the folder, SQLite says it next
        if not path.exists():
            path.touch(mode=0o600)
            hand_over(path)
        for file in (path, *(path.with_name(path.name + side) for side in SIDES)):
            if file.exists():
                file.chmod(0o600)


class Database:
    """One writer, one reader and one search reader on a SQLite file; `read_only` has no writer."""

    def __init__(self, path: Path, writer: _Thread | None, reader: _Thread, searcher: _Thread) -> None:
        self.path = path
        self._writer = writer
        self._reader = reader
        self._searcher = searcher
        self._writes = 0  # finished here; one process writes, so that this tells whether anything may have changed
        self._kept: dict[Hashable, object] = {}
        self._kept_at = 0  # the count of writes that they were read at

    @classmethod
    async def open(cls, path: Path, *, read_only: bool = False, busy_ms: int = BUSY_MS) -> Self:
        """Open the file, making and migrating it unless `read_only`.

        Raises:
            StoreError: the file cannot be opened, is damaged, or is from a newer Dateline.
        """
        threads: list[_Thread] = []
        try:
            if not read_only:
                _keep_private(path)
                threads.append(await _connect(path, read_only=False, busy_ms=busy_ms))
                await threads[0].run(lambda raw: migrate(raw, path))
            threads += [await _connect(path, read_only=True, busy_ms=busy_ms) for _ in range(2)]
        except BaseException:
            for thread in reversed(threads):
                await thread.close()
            raise
        return cls(path, None if read_only else threads[0], threads[-2], threads[-1])

    async def write(self, work: Work[T]) -> T:
        """Run `work` as one transaction; all of it happens, or nothing.

        Raises:
            StoreError: the database refused, or was opened read-only.
        """
        if self._writer is None:
            raise StoreError(StoreFault.READ_ONLY, "The database was opened for reading only.")

        def run(connection: sqlite3.Connection) -> T:
            try:
                return _in_transaction(work, "begin immediate")(connection)
            finally:
                self._writes += 1  # on the thread: also when the caller was cancelled

        return await self._writer.run(run)

    async def read(self, work: Work[T]) -> T:
        """Run `work` on one consistent snapshot."""
        return await self._reader.run(_in_transaction(work, "begin"))

    async def read_kept(self, key: Hashable, work: Work[T]) -> T:
        """Like `read`, but keep the answer until the next write: for small ones that every command asks for.

        Handing work to a thread and back costs more than such an answer.
        """
        writes = self._writes
        if self._kept_at != writes:
            self._kept.clear()
            self._kept_at = writes
        elif key in self._kept:
            return cast("T", self._kept[key])
        found = await self.read(work)
        if self._kept_at == writes:
            if len(self._kept) >= MAX_KEPT:
                self._kept.clear()
            self._kept[key] = found
        return found

    async def search(self, work: Work[T]) -> T:
        """Run `work` on the reader kept for slow questions, so that quick ones never wait behind it."""
        return await self._searcher.run(_in_transaction(work, "begin"))

    async def maintain(self, work: Work[T]) -> T:
        """Run `work` on the writer outside a transaction (vacuum, checkpoint, backup)."""
        if self._writer is None:
            raise StoreError(StoreFault.READ_ONLY, "The database was opened for reading only.")
        try:
            return await self._writer.run(work)
        finally:
            self._writes += 1

    async def close(self) -> None:
        """Close every connection and end its thread."""
        for thread in (self._searcher, self._reader, self._writer):
            if thread is not None:
                await thread.close()

    async def __aenter__(self) -> Self:
        """Give the open database."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()
