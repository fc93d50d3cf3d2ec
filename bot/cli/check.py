"""`dateline check [--json] [--running] [--send-commands]`: what is wrong, and the one thing to do about each."""

import argparse
import asyncio
import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.counting import count
from bot.cli.drawing import console_for_output, show

_LOOKS = {"ok": "green", "note": "cyan", "warning": "yellow", "problem": "bold red"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.add_argument("--running", action="store_true", help="only ask the running bot whether it is well")
    parser.add_argument("--send-commands", action="store_true", help="let the next start send all commands anew")
    parser.epilog = "Exit code: 0 all is well, 1 warnings, 2 problems."


def run(arguments: argparse.Namespace) -> int:
    """Look at everything and say it."""
    from bot.app.check import check  # noqa: PLC0415 - slow to import, not for --help
    from bot.app.findings import exit_code  # noqa: PLC0415 - likewise
    from bot.clock import SystemClock  # noqa: PLC0415 - likewise
    from bot.settings import load  # noqa: PLC0415 - likewise

    if arguments.running:
        return _running(as_json=arguments.json)
    if arguments.send_commands:
        return _send_commands()
    report = asyncio.run(check(load(), SystemClock()))
    if arguments.json:
        print(json.dumps(report.as_json() | {"exit_code": exit_code(report.findings)}, ensure_ascii=False, indent=2))
    else:
        draw(console_for_output(), report.as_json())
    return exit_code(report.findings)


def _running(*, as_json: bool) -> int:
    """Ask the running bot; a container's health check."""
    from bot.app.check import ask_running  # noqa: PLC0415 - slow to import, not for --help
    from bot.settings import load  # noqa: PLC0415 - likewise

    seen: dict[str, Any] | None = asyncio.run(ask_running(load(), "health"))
    if as_json:
        print(json.dumps(seen or {"ok": False, "faults": ["no bot answers"]}, ensure_ascii=False, indent=2))
    elif seen is None:
        print("No bot answers on this database.")
    else:
        print("The bot is well." if seen["ok"] else f"The bot runs, but: {'; '.join(seen['faults'])}.")
    return 0 if seen is not None and seen["ok"] else 2


def _send_commands() -> int:
    from bot.cli.asking import perform  # noqa: PLC0415 - slow to import, not for --help

    perform("send-commands", {})
    print("The commands are sent to Discord at the next start of the bot.")
    return 0


def draw(console: Console, report: dict[str, Any]) -> None:
    """Draw the findings: one line each, the cure below; the words tell what the colours do."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in report["findings"]:
        said = Text(one["text"])
        if one["cure"]:
            said.append(f"\n→ {one['cure']}", "" if one["level"] == "note" else "bold")
        table.add_row(Text(one["level"], _LOOKS[one["level"]]), Text(one["area"], "bold"), said)
    show(console, table)
    levels = [one["level"] for one in report["findings"]]
    if report["invite"]:
        console.print(Text(f"\nAdd the bot to a server: {report['invite']}"), soft_wrap=True)
    counted = [count(levels.count(level), level) for level in ("problem", "warning") if level in levels]
    console.print(Text(f"\n{', '.join(counted) or 'All is well'}.", "bold"))
