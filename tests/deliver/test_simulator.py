"""Weeks of a bad world, in a second or two each. A whole year: `python -m tests.deliver.simulator --seed N`."""

import logging

import pytest

from tests.deliver.simulator import simulate


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_nothing_is_lost_and_nothing_doubled_whatever_happens(
    seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL)
    verdict = await simulate(seed, days=14, servers=20)
    assert verdict.is_clean, str(verdict)
    assert verdict.states["sent"] > 200
