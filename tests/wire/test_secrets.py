"""F17: the token is nowhere: not in logs, tracebacks, replies, files, or in what Discord is sent beyond its header."""

import asyncio
import io
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from bot.app.check import check
from bot.app.house import open_house
from bot.app.live import Live, open_live, run
from bot.cli.explaining import explain
from bot.clock import SystemClock
from bot.loopback import Loopback
from bot.settings import Secret, Settings, child_environment
from bot.store.backup import back_up
from tests.fakes.waiting import PATIENCE_S

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE.do-not-print-this-token-anywhere-please"
PLAIN = "plain-token-without-the-usual-shape"
CLOCK = SystemClock()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Collect all logs at the most talkative level, and put logging back as it was."""
    root = logging.getLogger()
    levels = {name: logging.getLogger(name).level for name in ("discord", "discord.http", "discord.gateway")}
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setattr(logs, "redact", logs.Redactor())
    stream = io.StringIO()
    logs.start("json", "debug", stream=stream)
    yield stream
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


async def until_ready(live: Live) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await live.client.knows_commands.wait()
        await live.client.wait_until_ready()


def break_reading(live: Live, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `/headlines` fail with the token in its error, as a careless library would."""

    async def fail(*_: object, **__: object) -> None:
        raise RuntimeError(f"cannot reach https://discord.com with Bot {token}")

    monkeypatch.setattr(type(live.client.services.reading), "headlines", fail)


@pytest.mark.parametrize("token", [TOKEN, PLAIN], ids=["shaped like a token", "any other secret"])
async def test_after_a_full_run_with_faults_the_token_is_nowhere(
    token: str, tmp_path: Path, loopback: Loopback, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.redact.hide(token)
    settings = Settings(data=tmp_path, token=Secret(token), fetch="off")
    replies: list[Any] = []
    stop = asyncio.Event()
    async with open_house(settings, CLOCK) as house, open_live(house, explain, loopback.connector()) as live:
        running = asyncio.create_task(run(live, token, stop))
        await until_ready(live)
        for command in ("headlines", "briefing", "dateline"):
            replies += (await loopback.people.invoke("member", "#general", command)).responses
        break_reading(live, token, monkeypatch)
        failed = await loopback.people.invoke("member", "#general", "headlines")
        await loopback.people.settle(failed)
        replies += failed.responses
        replies += (await check(settings, CLOCK, connector=loopback.connector())).as_json()["findings"]
        logging.getLogger("bot.test").error("settings are %r", settings)
        await back_up(house.store.db, settings.backup_folder, CLOCK.now())
        loopback.gateway.drop()
        await live.client.wait_for("resumed", timeout=PATIENCE_S)
        stop.set()
        await running
    text = written.getvalue()
    assert "RuntimeError" in text, "the failure was logged, with its traceback"
    assert "E16" in json.dumps(replies)
    sent = json.dumps([[one.params, one.query, one.body] for one in loopback.traffic.requests], default=str)
    for where, content in {"logs": text, "replies": json.dumps(replies, default=str), "requests": sent}.items():
        assert token not in content, where
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert token.encode() not in path.read_bytes(), path


def test_child_processes_get_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    assert "DISCORD_TOKEN" not in child_environment()
    assert TOKEN not in "".join(child_environment().values())
    assert TOKEN in "".join(os.environ.values()), "it was there to be left out"  # noqa: TID251 - the test looks


def test_settings_never_print_it() -> None:
    settings = replace(Settings(), token=Secret(TOKEN))
    assert TOKEN not in f"{settings!r} {settings}"
