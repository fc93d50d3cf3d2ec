"""A rig: delivery wired to a simulated clock, a database in memory and a Discord in memory."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.fakes.clocks import ExactClock
from tests.fakes.database import inline_store
from tests.fakes.delivery import Rig, build
from tests.fakes.discord import FakeDiscord
from tests.fakes.schedules import DUE


@pytest.fixture
async def rig() -> AsyncIterator[Rig]:
    clock = ExactClock(DUE - timedelta(minutes=20))
    store, database = inline_store()
    yield build(store, clock, FakeDiscord(clock))
    await database.close()
