import asyncio
from datetime import timedelta

import pytest

from bot.deliver.tidying import tidy
from bot.errors import StoreError, StoreFault
from tests.fakes.database import InlineDatabase
from tests.fakes.delivery import Rig
from tests.fakes.ledgers import add_schedule, send_one
from tests.fakes.schedules import DUE
from tests.fakes.waiting import until

LONG_AFTER = DUE + timedelta(days=400)


async def test_what_is_old_goes(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    await send_one(rig.store)
    tidying = asyncio.create_task(tidy(rig.store, LONG_AFTER, rig.clock))
    await until(tidying.done, rig.clock)
    assert await rig.store.ledger.recent(schedule) == ()


async def test_a_store_that_refuses_is_left_alone_until_tomorrow(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    await add_schedule(rig.store)
    await send_one(rig.store)
    database = rig.store.db
    assert isinstance(database, InlineDatabase)
    database.trouble = StoreError(StoreFault.FULL, "The disk is full.")
    await tidy(rig.store, LONG_AFTER, rig.clock)
    assert "The disk is full." in caplog.text
