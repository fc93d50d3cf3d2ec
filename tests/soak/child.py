"""The bot of a soak as a process of its own: `python -m tests.soak.child SOCKET FOLDER HOSTS`.

On standard input, lines: a number moves its clock ahead by so many seconds and prints how many real ones it then took
until no feed was overdue; `look` prints its memory in MB, tasks, threads and open files as JSON; the end of input stops
it. Its log goes to standard error, one JSON object a line.
"""

import asyncio
import gc
import json
import sys
import threading
from datetime import timedelta
from pathlib import Path

from bot import logs
from bot.app.house import open_house
from bot.app.live import open_live, run
from bot.cli.explaining import explain
from bot.clock import AdjustableClock, SystemClock
from bot.loopback.connect import unix_connector
from bot.settings import Settings
from bot.store.store import Store
from tests.bench.child import resident_mb

REAL = SystemClock()
OVERDUE = timedelta(minutes=10)
PATIENCE_S = 60.0


def open_files() -> int:
    """Count them."""
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def look(files: int) -> str:
    """Say what this process holds, with the most files that were open since the last look."""
    gc.collect()
    seen = {
        "memory": round(resident_mb(), 1),
        "tasks": len(asyncio.all_tasks()),
        "threads": threading.active_count(),
        "files": max(files, open_files()),
    }
    return json.dumps(seen)


async def live(socket: Path, folder: Path, hosts: tuple[str, ...]) -> None:
    """Run until standard input ends."""
    logs.start("json", "info")
    clock, stop = AdjustableClock(), asyncio.Event()
    house = open_house(Settings(data=folder, private_hosts=hosts), clock)
    async with house as opened, open_live(opened, explain, unix_connector(socket)) as bot:
        running = asyncio.create_task(run(bot, "a-token-for-the-stand-in", stop))
        await bot.client.knows_commands.wait()
        await bot.client.wait_until_ready()
        listening = asyncio.create_task(_listen(clock, opened.store))
        await asyncio.wait({running, listening}, return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        await running


async def _listen(clock: AdjustableClock, store: Store) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    _say("ready")
    files = 0  # at most, since the last look: between two looks all connections that stay open for a while come and go
    while line := (await reader.readline()).decode().strip():
        if line == "look":
            _say(look(files))
            files = 0
        else:
            clock.advance(timedelta(seconds=float(line)))
            _say(f"{await _keep_up(clock, store):.3f}")
            files = max(files, open_files())


async def _keep_up(clock: AdjustableClock, store: Store) -> float:
    """Wait until no feed is overdue: time must not run faster than this machine can do an hour's work in an hour."""
    began = REAL.monotonic()
    while (due := await store.feeds.next_due()) is not None and due < clock.now() - OVERDUE:
        if REAL.monotonic() - began > PATIENCE_S:
            break
        await REAL.sleep(0.05)
    return REAL.monotonic() - began


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), Path(sys.argv[2]), tuple(sys.argv[3].split(","))))
