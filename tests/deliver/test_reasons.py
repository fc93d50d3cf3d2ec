"""Why a briefing did not arrive: every word that delivery writes into the ledger is a sentence in the status."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import bot
from bot.domain.answers import DeliveryRecord, ScheduleStatus, ServerStatus
from bot.domain.deliveries import State
from bot.errors import Code
from bot.i18n import texts_for
from bot.loopback.components import walk
from bot.render.message import to_payload
from bot.render.status import status
from bot.render.voice import Voice
from tests.fakes.schedules import SERVER, a_schedule

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
_WRITTEN = re.compile(r"reason=\"([a-z-]+)\"|_retry\(\w+, \w+, \"([a-z-]+)\"|case reason when '' then '([a-z-]+)'")


def _reasons() -> set[str]:
    """Find what the source writes, so that a new word cannot be forgotten here."""
    root = Path(bot.__file__).parent
    files = [*(root / "deliver").glob("*.py"), root / "store" / "plans.py", root / "domain" / "due.py"]
    found = {word for file in files for words in _WRITTEN.findall(file.read_text("utf-8")) for word in words if word}
    return found | {Code.CANNOT_POST, Code.DM_CLOSED, Code.INTERNAL, "gone", "turned-off", "not-running", "paused"}


def _shown(one: ScheduleStatus) -> list[str]:
    """Give the lines of the status panel."""
    drawn = status(ServerStatus(SERVER, (one,)), Voice(texts_for("en"), NOW))
    return [line for part in walk(to_payload(drawn)["components"]) for line in str(part.get("content")).splitlines()]


@pytest.mark.parametrize("reason", sorted(_reasons()))
def test_every_reason_is_said_in_words(reason: str) -> None:
    record = DeliveryRecord(date(2026, 11, 22), State.FAILED, NOW, None, reason=reason)
    (line,) = [line for line in _shown(ScheduleStatus(a_schedule(), (), (record,))) if "2026-11-22" in line]
    said = line.rpartition(" · ")[2]
    assert said not in {"", "not posted"}
    assert reason == "paused" or said != reason


@pytest.mark.parametrize(("code", "said"), [("E01", "Code E01"), ("E24", "Code E24"), ("gone", "the channel is gone")])
def test_a_briefing_that_was_stopped_says_why(code: str, said: str) -> None:
    assert f"**Stopped** {said}" in _shown(ScheduleStatus(a_schedule(disabled_code=code), (), ()))
