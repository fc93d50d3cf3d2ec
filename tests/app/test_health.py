"""The health of a running bot: over its socket, over HTTP on loopback, and as metrics."""

import asyncio
import importlib.util
import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import endpoint
from bot.app.check import ask_running
from bot.app.health import Health
from bot.cli.check import _running
from bot.cli.status import _servers
from bot.clock import SystemClock
from bot.errors import SetupError, StoreError, StoreFault
from bot.loopback import Loopback
from bot.settings import Settings
from bot.store.overview import Overview
from tests.wire.newsroom import newsroom

WELL = Health(
    ready=True, heartbeat_age_s=1.0, latency_s=0.05, servers=2, undelivered=0, oldest_due_s=None, feeds_overdue=0,
    source_lag_s=None, disk_free=1 << 30, database_bytes=1 << 20,
)  # fmt: skip


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "disconnected": ({"ready": False}, "not connected to Discord"),
    "stuck": ({"heartbeat_age_s": 45.0}, "the loop stood still for 45 s"),
    "overdue": ({"undelivered": 3, "oldest_due_s": 700.0}, "3 briefings are overdue"),
    "silent": ({"store_answers": False}, "the database does not answer"),
    "full": ({"disk_free": 1 << 20}, "the disk is full"),
}


@pytest.mark.parametrize(("change", "fault"), FAULTS.values(), ids=FAULTS)
def test_each_fault_has_its_clause(change: dict[str, Any], fault: str) -> None:
    assert WELL.faults == ()
    assert replace(WELL, **change).faults == (fault,)


async def test_a_ready_bot_is_well_over_its_socket_and_over_http(
    tmp_path: Path, loopback: Loopback, port: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(data=tmp_path, fetch="off", metrics_port=port)
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path))
    async with newsroom(tmp_path, loopback, SystemClock(), settings), aiohttp.ClientSession() as session:
        told = await ask_running(settings, "health")
        assert (told["ok"], told["servers"], told["undelivered"]) == (True, 1, 0)
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert (response.status, (await response.json())["ok"]) == (200, True)
        async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
            text = await response.text()
        assert "dateline_ready 1.0" in text
        assert 'dateline_deliveries_last_day{outcome="sent"} 0.0' in text
        assert "process_resident_memory_bytes" in text
        async with session.get(f"http://127.0.0.1:{port}/") as response:
            assert response.status == 404
        assert await asyncio.to_thread(_running, as_json=False) == 0
        assert await asyncio.to_thread(_servers, as_json=False) == 0
    said = capsys.readouterr().out.splitlines()
    assert (said[0], said[1].endswith("Try-out"), said[2]) == ("The bot is well.", True, "1 server")
    assert await asyncio.to_thread(_servers, as_json=True) == 69


async def test_a_bot_without_discord_answers_503(tmp_path: Path, loopback: Loopback, port: int) -> None:
    settings = Settings(data=tmp_path, fetch="off", metrics_port=port)
    async with newsroom(tmp_path, loopback, SystemClock(), settings) as room, aiohttp.ClientSession() as session:
        room.live.client._ready.clear()  # what discord.py does when it loses a connection for good
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert (response.status, (await response.json())["faults"]) == (503, ["not connected to Discord"])


async def test_a_database_that_does_not_answer_is_told_as_a_fault(
    tmp_path: Path, loopback: Loopback, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError(StoreFault.LOCKED, "The database is locked by another process.")

    settings = Settings(data=tmp_path, fetch="off", metrics_port=port)
    async with newsroom(tmp_path, loopback, SystemClock(), settings), aiohttp.ClientSession() as session:
        monkeypatch.setattr(Overview, "backlog", refuse)
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert (response.status, (await response.json())["faults"]) == (503, ["the database does not answer"])


async def test_without_the_extra_metrics_say_what_to_install(
    tmp_path: Path, loopback: Loopback, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if "prom" in name else found(name, *rest))
    settings = Settings(data=tmp_path, fetch="off", metrics_port=port)
    async with newsroom(tmp_path, loopback, SystemClock(), settings), aiohttp.ClientSession() as session:
        async with session.get(f"http://127.0.0.1:{port}/metrics") as response:
            assert (response.status, await response.text()) == (501, endpoint.MISSING)
        async with session.get(f"http://127.0.0.1:{port}/health") as response:
            assert response.status == 200


async def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path, loopback: Loopback, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(SetupError, match="DATELINE_METRICS_PORT"):
            async with newsroom(tmp_path, loopback, SystemClock(), Settings(data=tmp_path, metrics_port=port)):
                pass
