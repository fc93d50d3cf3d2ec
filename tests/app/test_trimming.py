"""What is empty goes back to the system, and a machine that can't give it back is left alone."""

import asyncio
import ctypes
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from bot.app import trimming
from bot.clock import SimulatedClock
from bot.language import words
from tests.fakes.waiting import until

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BUSY = """
import ctypes, threading
from bot.app.trimming import confine

def work():
    bytearray(4_000)
    together.wait()

print(confine(), flush=True)
together = threading.Barrier(4)
threads = [threading.Thread(target=work) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
ctypes.CDLL(None).malloc_stats()
"""


async def test_every_hour_words_are_forgotten_and_memory_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, done = SimulatedClock(NOW), list[float]()

    def count() -> bool:
        done.append(clock.monotonic())
        assert words.term_of.cache_info().currsize == 0
        words.term_of("storms", "en")
        return True

    monkeypatch.setattr(trimming, "trim", count)
    keeping = asyncio.create_task(trimming.keep_trim(clock))
    for _ in range(3):
        await until(lambda: clock.next_wake is not None)
        await clock.advance(clock.next_wake or 0)
    keeping.cancel()
    assert done[:3] == [0, 3_600, 7_200]


def test_trimming_asks_the_c_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trimming.trim() in {True, False}
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    assert trimming.trim() is False


def test_a_machine_without_a_c_library_of_its_own_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_name: None) -> None:
        raise OSError("no such library")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert trimming.trim() is False
    assert trimming.confine() is False


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_stats"), reason="glibc alone has arenas")
def test_threads_share_one_arena_once_the_allocator_is_confined() -> None:
    def arenas(code: str) -> int:
        ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        return ran.stderr.count("Arena ")

    assert arenas(BUSY) == 1
    assert arenas(BUSY.replace("confine()", "False")) > 1
