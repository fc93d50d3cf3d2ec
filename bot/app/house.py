"""The house without Discord: store, worker and pipeline. The live bot stands on it, and so do verbs run alone."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.app import trimming
from bot.app.outside import Outside, open_outside
from bot.clock import Clock
from bot.errors import SetupError
from bot.ingest.documents import Documents
from bot.ingest.pipeline import Pipeline
from bot.settings import Settings
from bot.store.database import Lock
from bot.store.matches import matcher
from bot.store.store import Store
from bot.worker.pool import WorkerPool


@dataclass(frozen=True, slots=True)
class House:
    """What works on the database, opened and holding its lock."""

    settings: Settings
    clock: Clock
    store: Store
    pool: WorkerPool
    pipeline: Pipeline
    documents: Documents
    outside: Outside


def make_data_folder(settings: Settings) -> None:
    """Make the data folder and documents/ in it.

    Raises:
        SetupError: they can't be made or written.
    """
    try:
        settings.documents.mkdir(parents=True, exist_ok=True)
        settings.data.chmod(0o700)
    except OSError as error:
        raise SetupError(
            f"The data folder {settings.data} can’t be written, so nothing was started. "
            "Make it writable, or name another one in DATELINE_DATA."
        ) from error


@contextlib.asynccontextmanager
async def open_house(settings: Settings, clock: Clock) -> AsyncIterator[House]:
    """Open everything that needs no Discord, and close it in the opposite order.

    Raises:
        SetupError: the data folder can't be used.
        StoreError: another Dateline uses the database, or it can't be opened.
    """
    trimming.confine()
    make_data_folder(settings)
    lock = Lock(settings.database)
    lock.acquire()
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(lock.release)
        store = await stack.enter_async_context(await Store.open(settings.database))
        pool = WorkerPool()
        stack.push_async_callback(pool.close)
        pipeline = Pipeline(store, clock, pool)
        stack.push_async_callback(pipeline.close)
        outside = await stack.enter_async_context(open_outside(settings, clock, store, pool, pipeline))
        documents = Documents(store, pipeline, clock, follows=matcher(clock))
        yield House(settings, clock, store, pool, pipeline, documents, outside)


async def furnish(house: House) -> None:
    """Import the bundled sample, unless the operator turned it off; at every start, and it changes nothing twice."""
    if house.settings.sample != "off":
        await house.documents.import_sample()
