"""The bot as a process of its own on a stand-in: `python -m tests.bench.child SOCKET FOLDER [RATE]`.

It prints `ready` and its processor seconds once commands are synced and servers known; on each line at standard input
it prints its own memory in MB; the end of input stops it.
"""

import asyncio
import sys
import time
from pathlib import Path

from bot.app.house import open_house
from bot.app.live import open_live, run
from bot.cli.explaining import explain
from bot.client.client import Client
from bot.clock import SystemClock
from bot.loopback.connect import unix_connector
from bot.settings import Settings


def resident_mb() -> float:
    """Give the memory of this process that is not shared out to disk, in MB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024


async def live(socket: Path, folder: Path, rate: int = 25) -> None:
    """Run until standard input ends."""
    stop = asyncio.Event()
    house = open_house(Settings(data=folder, fetch="off", sends_per_second=rate), SystemClock())
    async with house as opened, open_live(opened, explain, unix_connector(socket)) as bot:
        running = asyncio.create_task(run(bot, "a-token-for-the-stand-in", stop))
        await asyncio.wait({running, asyncio.create_task(_ready(bot.client))}, return_when=asyncio.FIRST_COMPLETED)
        sys.stdout.write(f"ready {time.process_time():.2f}\n")
        sys.stdout.flush()
        while await asyncio.to_thread(sys.stdin.readline):
            sys.stdout.write(f"{resident_mb():.1f}\n")
            sys.stdout.flush()
        stop.set()
        await running


async def _ready(client: Client) -> None:
    await client.knows_commands.wait()
    await client.wait_until_ready()


if __name__ == "__main__":
    asyncio.run(live(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])))
