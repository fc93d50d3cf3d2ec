"""Short forms of the storms, for every day; the long ones are commands (see `tests/storm/__main__.py`)."""

import argparse
import asyncio
import sys
from pathlib import Path

import pytest

from bot.store.database import Database, Lock
from tests.fakes.waiting import PATIENCE_S
from tests.storm.__main__ import run

USUAL = {
    "kills": 0, "seed": 11, "servers": 12, "beyond": False, "forums": False, "stop": 0.0, "term": False, "rate": 100,
    "load": 0, "restart": 0, "lead": 5.0, "schedules": 0, "crowd": 12, "articles": 200, "patient": True,
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    "given",
    [
        pytest.param({"kills": 6}, id="F1: kill -9 at random, every third request fails"),
        pytest.param({"kills": 3, "beyond": True}, id="F2: outages beyond the nonce window, wrong clocks"),
        pytest.param({"term": True}, id="F10: SIGTERM while sending"),
    ],
)
async def test_nothing_is_lost_doubled_or_out_of_order(given: dict[str, object], tmp_path: Path) -> None:
    count, said = await run(argparse.Namespace(**(USUAL | given)), tmp_path)
    assert count.is_clean, f"{count} {said}"
    assert count.states == {"sent": count.deliveries}
    assert said[-2].startswith("last exit 0, token printed 0 times")
    assert said[-1] == "0 bots ended by themselves"


@pytest.mark.slow
async def test_a_rush_goes_out_at_the_pace_while_members_read(tmp_path: Path) -> None:  # F13, of the whole bot
    given = {"load": 100, "schedules": 1_000, "rate": 40}
    count, said = await run(argparse.Namespace(**(USUAL | given)), tmp_path)
    assert count.is_clean, f"{count} {said}"
    assert (count.states, said[0].endswith("exit 0")) == ({"sent": 100}, True)
    assert " 0 lost" in said[-1]


@pytest.mark.slow
async def test_a_bot_killed_amid_a_rush_goes_on_soon_after_its_start(tmp_path: Path) -> None:
    given = {"load": 150, "restart": 1, "rate": 40}
    count, said = await run(argparse.Namespace(**(USUAL | given)), tmp_path)
    assert count.is_clean, f"{count} {said}"
    assert (count.states, said[0].endswith("exit 0")) == ({"sent": 150}, True)


async def test_a_second_bot_on_the_same_store_says_so_and_ends(tmp_path: Path) -> None:  # F3
    await (await Database.open(tmp_path / "d.db")).close()
    lock = Lock(tmp_path / "d.db")
    lock.acquire()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storm.child", "--socket", "/nowhere", "--db", str(tmp_path / "d.db"),
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    _, printed = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    lock.release()
    assert (process.returncode, printed.decode()) == (1, "Another Dateline already uses this database.\n")
