"""`dateline try`: everything without a token, on the stand-in; in the terminal, or as JSON lines for scripts."""

import argparse
import asyncio
import io
import signal
import sys
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import logs
from bot.cli.tryout import Tryout, begin, open_tryout, until
from bot.desk.times import parse_time
from bot.desk.zones import choose_zone
from bot.loopback.page.server import Page
from bot.loopback.session import Output, Session
from bot.settings import is_over_ssh, local_zone

_WELCOME = "Simulation, not Discord. Nothing leaves this machine. Type help for the commands, quit to leave."
_LAST_PORT = 65_535


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--terminal", action="store_true", help="show it in the terminal instead of a page")
    parser.add_argument("--port", type=_port, default=0, help="the page’s port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--no-open", action="store_true", help="do not open the page in a browser")
    parser.add_argument("--json", action="store_true", help="print one JSON line per input; implies --terminal")
    parser.add_argument("--at", metavar="TIME", default="08:00", help="when the daily briefing comes (default 08:00)")
    parser.add_argument("--zone", metavar="ZONE", help="the time zone, e.g. Europe/Berlin (default: this machine’s)")
    parser.add_argument("--days", type=_days, metavar="N", help="run the clock through N briefings, then end")
    parser.add_argument("--keep", metavar="DIR", help="keep the store in DIR instead of a temporary folder")


def _port(text: str) -> int:
    if not (text.isdecimal() and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"a port is a whole number from 0 to {_LAST_PORT}, not {text!r}")
    return int(text)


def _days(text: str) -> int:
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"days are a whole number from 1, not {text!r}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Run try mode until the person leaves."""
    logs.start("console", "error")
    at = parse_time(arguments.at)
    zone = ZoneInfo(choose_zone(arguments.zone or local_zone()))
    folder = Path(arguments.keep) if arguments.keep else None
    asyncio.run(_run(arguments, at, zone, folder))
    return 0


async def _run(arguments: argparse.Namespace, at: time, zone: ZoneInfo, folder: Path | None) -> None:
    in_terminal = arguments.terminal or arguments.json or arguments.days is not None
    async with open_tryout(zone, at=at, folder=folder, begins=not in_terminal) as tryout:
        if not in_terminal:
            await _serve_page(tryout, arguments.port, opens=not arguments.no_open)
            return
        colour = sys.stdout.isatty() and not arguments.json
        session = Session(tryout.loopback, advance=_mover(tryout), zone=zone, idle=tryout.idle, colour=colour)
        try:
            await begin(tryout, at)
            await _talk(arguments, session, tryout, at)
        finally:
            session.close()


async def _serve_page(tryout: Tryout, port: int, *, opens: bool) -> None:
    """Serve the page until Ctrl-C or SIGTERM."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with await Page.start(tryout.loopback, tryout.clock, port=port, idle=tryout.idle) as page:
        print(f"Try mode: a simulation on this machine, not Discord. Open {page.url}")
        if is_over_ssh():
            print(
                f"Over SSH, first forward the port on your own machine: ssh -L {page.port}:127.0.0.1:{page.port} HOST"
            )
        elif opens:
            await asyncio.to_thread(webbrowser.open, page.url)
        print("Ctrl-C ends it. `./dateline try --terminal` shows the same in the terminal.", flush=True)
        await stop.wait()


def _mover(tryout: Tryout) -> Callable[[timedelta], Awaitable[None]]:
    async def advance(by: timedelta) -> None:
        tryout.clock.advance(by)

    return advance


async def _talk(arguments: argparse.Namespace, session: Session, tryout: Tryout, at: time) -> None:
    as_json: bool = arguments.json
    if not as_json:
        print(_WELCOME)
    _show(await session.opening(), as_json=as_json)
    if arguments.days is not None:
        for _ in range(arguments.days):
            seconds = until(tryout.clock.now(), at, tryout.zone).total_seconds()
            _show(await session.enter(f"clock +{seconds:.0f}s"), as_json=as_json)
        return
    async for line in _lines(session, as_json=as_json):
        output = await session.enter(line)
        _show(output, as_json=as_json)
        if output.done:
            return


def _show(output: Output, *, as_json: bool) -> None:
    if as_json:
        print(output.json_line, flush=True)
        if output.text and not output.responses:  # the bot was not asked: say why, beside the lines
            print(output.text, file=sys.stderr, flush=True)
    elif output.text:
        print(output.text, flush=True)


async def _lines(session: Session, *, as_json: bool) -> AsyncIterator[str]:
    """Read lines in a thread, so that the bot goes on meanwhile. Bytes that are no text are read as a mark for that."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    while True:
        prompt = "" if as_json or not sys.stdin.isatty() else session.prompt
        try:
            yield await asyncio.to_thread(input, prompt)
        except EOFError:
            return
