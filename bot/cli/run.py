"""`dateline run`: the live bot, until SIGTERM or Ctrl-C; a second signal ends it at once."""

import argparse
import asyncio
import os
import signal

from bot import logs
from bot.app.house import open_house
from bot.app.live import open_live
from bot.app.live import run as run_live
from bot.cli.explaining import explain
from bot.clock import SystemClock
from bot.errors import SetupError
from bot.settings import Settings, load


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments: none."""


def run(_arguments: argparse.Namespace) -> int:
    """Run the bot."""
    settings = load()
    logs.start(settings.log_format, settings.log_level)
    if settings.token is None:
        raise SetupError(
            "No DISCORD_TOKEN is set, so there is no bot to run. Put the token into .env or the environment; "
            "`dateline try` shows everything without one."
        )
    logs.redact.hide(settings.token.reveal())
    asyncio.run(_run(settings, settings.token.reveal()))
    return 0


async def _run(settings: Settings, token: str) -> None:
    stop = asyncio.Event()
    _listen(stop)
    async with open_house(settings, SystemClock()) as house, open_live(house, explain) as live:
        await run_live(live, token, stop)


def _listen(stop: asyncio.Event) -> None:
    def asked() -> None:
        if stop.is_set():
            os._exit(130)  # the second signal: whatever hangs, end
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked)
