"""A newsroom for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.newsroom import Newsroom


@pytest.fixture
async def newsroom(tmp_path: Path) -> AsyncIterator[Newsroom]:
    room = await Newsroom.open(tmp_path)
    yield room
    await room.store.close()
