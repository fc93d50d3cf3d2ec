"""`dateline reports [--json]`: what members reported about stories, the newest first."""

import argparse
import asyncio
import json
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.counting import count
from bot.cli.drawing import console_for_output, show

if TYPE_CHECKING:
    from pathlib import Path

    from bot.store.reports import Report

_SHOWN = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(arguments: argparse.Namespace) -> int:
    """Read and draw; a bot may run beside it."""
    from bot.settings import load  # noqa: PLC0415 - slow to import, not for --help

    found = asyncio.run(_latest(load().database))
    if arguments.json:
        print(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=2))
    else:
        draw(console_for_output(), found)
    return 0


async def _latest(database: "Path") -> "tuple[Report, ...]":
    from bot.store.store import Store  # noqa: PLC0415 - slow to import, not for --help

    if not database.exists():
        return ()
    async with await Store.open(database, read_only=True) as store:
        return await store.reports.latest(_SHOWN)


def draw(console: Console, found: "tuple[Report, ...]") -> None:
    """Draw one line a report; what the member wrote stands below it."""
    if not found:
        console.print("Nobody reported a story.")
        return
    table = Table.grid(padding=(0, 2))
    for _ in range(3):
        table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for one in found:
        said = Text(one.headline)
        if one.detail:
            said.append(f"\n“{''.join(filter(str.isprintable, one.detail))}”", "dim")  # nothing steers the terminal
        table.add_row(f"{one.reported_at:%Y-%m-%d %H:%M} UTC", Text(_key(one), "bold"), one.reason, said)
    show(console, table)
    console.print(f"\n{count(len(found), 'report')}. To remove a story everywhere: dateline retract STORY.")


def _key(report: "Report") -> str:
    from bot.domain.stories import story_key  # noqa: PLC0415 - slow to import, not for --help

    return story_key(report.story_id)


def _as_json(report: "Report") -> dict[str, object]:
    return {
        "id": report.id,
        "story": _key(report),
        "headline": report.headline,
        "reason": report.reason,
        "detail": report.detail,
        "at": report.reported_at.isoformat(),
        "of_story": report.of_story,
    }
