"""A database on the loop's own thread: the same SQL, but time stands still meanwhile, so simulations are exact."""

import asyncio
import sqlite3
from collections.abc import Hashable
from pathlib import Path

from bot.errors import StoreError, StoreFault
from bot.store.database import Database, T, Work, _in_transaction, translate
from bot.store.store import Store
from tests.fakes.schema import bring_up


def in_memory() -> sqlite3.Connection:
    """Make a migrated database in memory."""
    raw = sqlite3.connect(":memory:", isolation_level=None, cached_statements=256)
    raw.row_factory = sqlite3.Row
    raw.execute("pragma foreign_keys=on")
    bring_up(raw, Path("memory"))
    return raw


class InlineDatabase(Database):
    """One process's view of a connection; a dead one's calls do nothing, as after kill -9."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw
        self.path = Path("memory")
        self.is_dead = False
        self.trouble: StoreError | None = None  # what every write meets

    async def write(self, work: Work[T]) -> T:
        await asyncio.sleep(0)  # noqa: TID251 - a bare yield: what a thread's answer takes, at least
        if self.is_dead:
            raise StoreError(StoreFault.CLOSED, "The process is dead.")
        if self.trouble is not None:
            raise self.trouble
        return await self._run(work)

    async def _run(self, work: Work[T]) -> T:
        try:
            result = _in_transaction(work, "begin immediate")(self.raw)
        except sqlite3.Error as error:
            raise translate(error) from error
        await asyncio.sleep(0)  # noqa: TID251 - likewise
        return result

    async def read(self, work: Work[T]) -> T:
        return await self._run(work)

    async def read_kept(self, key: Hashable, work: Work[T]) -> T:
        return await self._run(work)

    async def search(self, work: Work[T]) -> T:
        return await self._run(work)

    async def maintain(self, work: Work[T]) -> T:
        return work(self.raw)

    async def close(self) -> None:
        self.raw.close()


def inline_store(raw: sqlite3.Connection | None = None) -> tuple[Store, InlineDatabase]:
    """Give a store on a database in memory."""
    database = InlineDatabase(raw or in_memory())
    return Store(database), database
