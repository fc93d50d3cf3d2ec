"""Names are asked of the system, and a silent name server keeps nobody else waiting."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sources.resolving import SystemResolver
from tests.fakes.waiting import until


@pytest.fixture
async def resolver() -> AsyncIterator[SystemResolver]:
    made = SystemResolver()
    yield made
    await made.close()


async def test_a_name_of_this_machine_has_its_addresses(resolver: SystemResolver) -> None:
    (found,) = await resolver.resolve("127.0.0.1", 8080, socket.AF_INET)
    assert (found["hostname"], found["host"], found["port"], found["family"]) == (
        "127.0.0.1", "127.0.0.1", 8080, socket.AF_INET,
    )  # fmt: skip


async def test_a_name_that_can_not_be_looked_up_is_an_error_of_the_system(
    resolver: SystemResolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(OSError, match="not known"):
        await resolver.resolve("nowhere.example")


async def test_a_silent_name_server_leaves_the_loops_threads_free(
    resolver: SystemResolver, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, is_asked = threading.Event(), threading.Event()

    def silent(*_: Any, **__: Any) -> list[Any]:
        is_asked.set()
        answers.wait()
        return []

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    asked = [asyncio.create_task(resolver.resolve(f"{number}.example")) for number in range(64)]
    try:
        await until(is_asked.is_set)
        async with asyncio.timeout(60):
            assert await asyncio.to_thread(lambda: "ranked") == "ranked"
        assert not any(task.done() for task in asked)
    finally:
        answers.set()
    assert await asyncio.gather(*asked) == [[]] * 64
