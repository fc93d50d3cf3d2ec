"""What benches measure on: a newsroom with a full store, and the bot as a process of its own on a stand-in."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from bot.loopback import Loopback
from bot.store.store import Store
from tests.bench.corpus import END, fill
from tests.fakes.newsroom import Newsroom

ROOT = Path(__file__).resolve().parents[2]


@asynccontextmanager
async def filled_room(folder: Path, articles: int, *, end: datetime = END) -> AsyncIterator[Newsroom]:
    """Open a newsroom on so many articles of 40 sources, at the moment the newest came in."""
    async with await Store.open(folder / "dateline.db") as store:
        await fill(store, articles, sources=40, end=end)
        room = Newsroom(store)
        await room.clock.advance(end - room.clock.now())
        yield room


class Bot:
    """The bot as a process: `tests/bench/child.py`, talked to in lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def hear(self) -> str:
        """Give the next line that it prints."""
        assert self._process.stdout is not None
        return (await self._process.stdout.readline()).decode().strip()

    async def memory_mb(self) -> float:
        """Ask what it holds."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        await self._process.stdin.drain()
        return float(await self.hear())

    async def end(self) -> None:
        """Ask it to stop, and wait until it has."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()


@asynccontextmanager
async def bot_on(loopback: Loopback, folder: Path) -> AsyncIterator[tuple[Bot, float]]:
    """Run the bot on a stand-in for the length of a block; give it, ready, with the processor seconds that took."""
    words = [sys.executable, "-m", "tests.bench.child", str(loopback.socket_path), str(folder)]
    pipe = subprocess.PIPE
    bot = Bot(await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, cwd=ROOT))
    try:
        word, cpu_s = (await bot.hear()).split()
        assert word == "ready"
        yield bot, float(cpu_s)
    finally:
        await bot.end()
