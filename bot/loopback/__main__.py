"""`python -m bot.loopback`: the stand-in as a process of its own, for tests that kill the bot. It ends by itself.

python -m bot.loopback --socket S --control C --journal J --guilds 20 --storm 0.3 --seed 7 --life 300
"""

import argparse
import asyncio
import contextlib
import signal
import sys
from datetime import timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.loopback.control import Control
from bot.loopback.journal import keep_journal
from bot.loopback.rates import Rates
from bot.loopback.scenery import crowd, try_out
from bot.loopback.server import Loopback


def arguments(words: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bot.loopback", description="A local stand-in for Discord.")
    parser.add_argument("--socket", type=Path, required=True, help="the Unix socket for the bot")
    parser.add_argument("--control", type=Path, help="the Unix socket for tests: one JSON object a line")
    parser.add_argument("--journal", type=Path, help="append what happens to messages as JSON lines")
    parser.add_argument("--token", help="refuse every other token")
    parser.add_argument("--guilds", type=int, default=0, help="further servers with one channel each")
    parser.add_argument("--storm", type=float, default=0.0, metavar="RATE", help="let this share of requests fail")
    parser.add_argument("--seed", type=int, default=1, help="of the storm")
    parser.add_argument("--down", action="store_true", help="start with Discord down, until told `up`")
    parser.add_argument("--rate", type=int, default=0, metavar="N", help="answer 429 above N requests a second")
    parser.add_argument("--channel-rate", type=int, default=0, metavar="N", help="and above N posts in 5 s a channel")
    parser.add_argument("--nonce-window", type=float, metavar="S", help="how long nonces are remembered")
    parser.add_argument("--skew", type=float, default=0.0, metavar="S", help="Discord's clock runs this much ahead")
    parser.add_argument("--life", type=float, default=900.0, metavar="S", help="end after so many seconds")
    return parser.parse_args(words)


async def serve(options: argparse.Namespace) -> None:
    """Run until asked to stop, signalled, or the life is over."""
    clock = SystemClock()
    world = try_out(clock, skew=timedelta(seconds=options.skew))
    crowd(world, options.guilds)
    if options.nonce_window is not None:
        world.messages.nonce_window_s = options.nonce_window
    async with await Loopback.start(clock, world, options.socket, token=options.token) as loopback:
        loopback.rates = Rates(clock, per_second=options.rate, per_channel=options.channel_rate)
        if options.storm:
            loopback.faults.storm(options.seed, options.storm)
        if options.down:
            loopback.faults.down()
        close_journal = keep_journal(world, options.journal) if options.journal else None
        control = Control(loopback)
        if options.control is not None:
            await control.start(options.control)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, control.stopped.set)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(options.life):
                await control.stopped.wait()
        await control.close()
        if close_journal is not None:
            close_journal()


def main(words: list[str] | None = None) -> int:
    """Start, and give the exit code."""
    asyncio.run(serve(arguments(sys.argv[1:] if words is None else words)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
