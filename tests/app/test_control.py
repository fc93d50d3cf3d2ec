import asyncio
import json
import socket
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.app.control import NobodyError, Progress, ask, serve, socket_path
from bot.errors import DatelineError, SetupError


def explain(error: DatelineError) -> tuple[str, int]:
    return str(error), 64


async def double(arguments: Mapping[str, Any], progress: Progress) -> int:
    progress("half way")
    return int(arguments["number"]) * 2


async def refuse(arguments: Mapping[str, Any], progress: Progress) -> None:
    raise DatelineError("No.")


async def fail(arguments: Mapping[str, Any], progress: Progress) -> None:
    raise RuntimeError("secret detail")


REQUESTS = {"double": double, "refuse": refuse, "fail": fail}


async def test_a_request_is_answered_with_progress_and_a_result(tmp_path: Path) -> None:
    path = socket_path(tmp_path / "d.db")
    said: list[str] = []
    async with serve(path, REQUESTS, explain):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert await ask(path, "double", {"number": 21}, said.append) == 42
    assert said == ["half way"]
    assert not path.exists()


@pytest.mark.parametrize(
    ("verb", "sentence", "code"),
    [
        ("refuse", "No.", 64),
        ("fail", "Its log says more", 70),
        ("unknown", "another version", 69),
        ("double", "did not understand", 65),
    ],
)
async def test_a_failed_request_is_one_sentence_and_no_detail(
    tmp_path: Path, verb: str, sentence: str, code: int
) -> None:
    path = socket_path(tmp_path / "d.db")
    async with serve(path, REQUESTS, explain):
        with pytest.raises(SetupError, match=sentence) as caught:
            await ask(path, verb, {}, print)
    assert caught.value.exit_code == code
    assert "secret detail" not in caught.value.sentence


async def test_garbage_on_the_socket_is_answered_and_harms_nothing(tmp_path: Path) -> None:
    path = socket_path(tmp_path / "d.db")
    async with serve(path, REQUESTS, explain):
        with socket.socket(socket.AF_UNIX) as raw:
            raw.connect(str(path))
            raw.sendall(b"\xff\xfe not json\n")
        assert await ask(path, "double", {"number": 1}, lambda text: None) == 2


async def test_whoever_waits_for_an_answer_is_told_when_the_bot_stops(tmp_path: Path) -> None:
    path, has_begun = socket_path(tmp_path / "d.db"), asyncio.Event()

    async def hang(arguments: Mapping[str, Any], progress: Progress) -> None:
        has_begun.set()
        await asyncio.Event().wait()

    async with serve(path, {"hang": hang}, explain):
        asking = asyncio.create_task(ask(path, "hang", {}, print))
        await has_begun.wait()
    with pytest.raises(SetupError, match="stopped before it had finished"):
        await asking


async def test_without_a_bot_the_socket_is_simply_not_there(tmp_path: Path) -> None:
    with pytest.raises(NobodyError):
        await ask(socket_path(tmp_path / "d.db"), "double", {}, print)


async def test_a_socket_left_behind_by_a_killed_bot_is_taken_over(tmp_path: Path) -> None:
    path = socket_path(tmp_path / "d.db")
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(path))
    stale.close()
    async with serve(path, REQUESTS, explain):
        assert await ask(path, "double", {"number": 2}, lambda text: None) == 4


def test_a_path_too_long_for_a_socket_moves_to_a_private_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 80) / "dateline.db"
    path = socket_path(deep)
    assert len(str(path)) < 104
    assert path == socket_path(deep)
    assert json.dumps(str(path))
