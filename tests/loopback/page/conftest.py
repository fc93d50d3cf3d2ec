"""The page on the stand-in with a small bot."""

from collections.abc import AsyncIterator

import pytest

from tests.fakes import stage as stages


@pytest.fixture
async def stage() -> AsyncIterator[stages.Stage]:
    async with stages.stage() as started:
        yield started
