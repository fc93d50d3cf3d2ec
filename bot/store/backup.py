"""Backups: whole copies made beside the running bot, a few kept; and putting one back.

What a channel already has is not posted again after a restore: nonces come from the schedule's key, and whatever was
due before the bot started is looked for in the channel first (see `deliver/outbox.py`).
"""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StoreError, StoreFault
from bot.store.database import SIDES, Database, Lock, hand_over, translate
from bot.store.migrate import scripts

_CACHE_KB = 512  # of pages: each is needed once, and SQLite's 2 MB three times over are a peak on a small machine


def backups(folder: Path, stem: str) -> list[Path]:
    """Give the backups of a database, oldest first; their names sort by time."""
    return sorted(folder.glob(f"{stem}-????????-??????.db"))


async def back_up(db: Database, folder: Path, now: datetime, *, keep: int = 7) -> Path | None:
    """Copy the database into the folder, and keep the newest `keep` copies; None when nothing changed since the last.

    Raises:
        StoreError: the folder can't be written, or the disk is full; the copies before are untouched.
    """
    return await asyncio.to_thread(back_up_file, db.path, folder, now, keep)


def back_up_file(database: Path, folder: Path, now: datetime, keep: int) -> Path | None:
    """Do the same in this thread; whether or not a bot runs on the database."""
    changed_ns = _changed_ns(database)
    before = backups(folder, database.stem)
    if before and before[-1].stat().st_mtime_ns == changed_ns:
        return None
    target = folder / f"{database.stem}-{now.astimezone(UTC):%Y%m%d-%H%M%S}.db"
    partial = target.with_suffix(".partial")
    try:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            hand_over(folder)
        partial.unlink(missing_ok=True)
        _copy(database, partial)
        hand_over(partial)
        os.utime(partial, ns=(changed_ns, changed_ns))
        partial.replace(target)
    except OSError as error:
        raise StoreError(StoreFault.FULL, f"The backup could not be written to {folder}: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    for old in backups(folder, database.stem)[:-keep]:
        old.unlink(missing_ok=True)
    return target


def copy_to(database: Path, target: Path) -> None:
    """Copy the database into one file that is not there yet, whether or not a bot runs on it.

    Raises:
        StoreError: there is no database, the file is there already, or it can't be written.
    """
    if not database.is_file():
        raise StoreError(StoreFault.OTHER, f"There is no database {database}, so there is nothing to back up.")
    if target.exists():
        raise StoreError(StoreFault.OTHER, f"{target} is there already, so nothing was written. Choose another name.")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(database, target)
    except OSError as error:
        raise StoreError(StoreFault.FULL, f"The backup could not be written to {target}: {error.strerror}.") from error
    except StoreError:
        target.unlink(missing_ok=True)  # half a copy, or an empty one
        raise


def _changed_ns(database: Path) -> int:
    """Give when the database was last written; the write-ahead log counts."""
    files = (database, database.with_name(database.name + "-wal"))
    return max(file.stat().st_mtime_ns for file in files if file.exists())


def _copy(database: Path, target: Path) -> None:
    """Copy on a connection of our own, so that writers go on meanwhile; then prove the copy."""
    target.touch(0o600)  # says as an OSError what is wrong with the place; SQLite writes into an empty file
    try:
        with _opened(database) as raw:
            raw.execute("vacuum into ?", (str(target),))
        check(target)
        with target.open("rb") as file:
            os.fsync(file.fileno())
    except sqlite3.Error as error:
        raise translate(error) from error


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    raw = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        raw.execute(f"pragma cache_size=-{_CACHE_KB}")
        yield raw
    finally:
        raw.close()


def check(file: Path) -> int:
    """Prove that a file is a whole Dateline database this version can read; give its schema's number.

    Raises:
        StoreError: it is damaged, no database, from a newer Dateline, or can't be opened.
    """
    if not file.is_file():
        raise StoreError(StoreFault.OTHER, f"There is no file {file.name}.")
    try:
        with _opened(file) as raw:
            found = str(raw.execute("pragma integrity_check").fetchone()[0])
            version = int(raw.execute("pragma user_version").fetchone()[0])
            raw.execute("select count(*) from schedule").fetchone()
    except sqlite3.Error as error:
        if translate(error).kind is StoreFault.READ_ONLY:
            cure = "Check who owns it and its folder."
            raise StoreError(StoreFault.READ_ONLY, f"{file.name} can’t be opened.", cure) from error
        raise StoreError(StoreFault.DAMAGED, f"{file.name} is not a whole Dateline database.") from error
    if found != "ok":
        raise StoreError(StoreFault.DAMAGED, f"{file.name} is damaged.")
    if version > scripts()[-1][0]:
        raise StoreError(StoreFault.NEWER_SCHEMA, f"{file.name} is from a newer Dateline. Install that version first.")
    return version


def restore(backup: Path, database: Path, now: datetime) -> Path | None:
    """Put a backup in the place of the database; give where the present one was moved to, None when there was none.

    Raises:
        StoreError: the backup is not whole, a bot is running on the database, or the folder can't be written.
    """
    check(backup)
    lock = Lock(database)
    lock.acquire()
    partial = database.with_name(database.name + ".partial")
    try:
        _copy_beside(backup, partial)
        kept = _move_aside(database, now)
        partial.replace(database)
    finally:
        partial.unlink(missing_ok=True)
        lock.release()
    return kept


def _copy_beside(backup: Path, partial: Path) -> None:
    try:
        shutil.copyfile(backup, partial)
        partial.chmod(0o600)
        hand_over(partial)
        with partial.open("rb") as file:
            os.fsync(file.fileno())
    except OSError as error:
        sentence = f"The backup could not be put into {partial.parent}: {error.strerror}. Nothing was changed."
        raise StoreError(StoreFault.FULL, sentence) from error


def _move_aside(database: Path, now: datetime) -> Path | None:
    """Move the database away with what belongs to it: a log of the old one would spoil the new."""
    if not database.exists():
        return None
    kept = database.with_name(f"{database.name}.before-restore-{now.astimezone(UTC):%Y%m%d-%H%M%S}")
    for side in (*SIDES, "-journal"):
        log = database.with_name(database.name + side)
        if log.exists():
            log.replace(kept.with_name(kept.name + side))
    database.replace(kept)
    return kept
