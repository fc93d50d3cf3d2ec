"""What was posted is corrected in the open when its source changes its mind."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.tryout import Tryout, open_tryout
from bot.loopback.messages import Message
from tests.fakes.clocks import from_noon
from tests.fakes.waiting import PATIENCE_S


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let try mode wait for its bot however busy the machine is."""
    monkeypatch.setattr("bot.cli.tryout._IDLE_S", PATIENCE_S)


async def _post(tryout: Tryout) -> Message:
    await tryout.idle()
    return tryout.loopback.people.sees("member", "#news")[-1]


async def test_a_lead_that_is_withdrawn_is_said_to_be_in_the_post_and_stays_readable(tmp_path: Path) -> None:
    async with open_tryout(ZoneInfo("UTC"), folder=tmp_path, clock=from_noon()) as tryout:
        house = tryout.live.house
        before = str((await _post(tryout)).draft.components)
        assert "Withdrawn" not in before
        await house.store.stories.retract(1, house.clock.now())
        tryout.live.supervisor.wake()
        async with tryout.loopback.world.subscribe() as changes:
            async for change in changes:
                if change.event == "MESSAGE_UPDATE":
                    break
        after = str((await _post(tryout)).draft.components)
        assert "Japan is intensifying its defense capabilities" in after
        assert len(after) > len(before)
        assert len(tryout.loopback.people.sees("member", "#news")) == 1
