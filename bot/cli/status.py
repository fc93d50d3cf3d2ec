"""`dateline status [--json]`: whether it runs, what comes next, the last 30 days, how sources do, and how big it is."""

import argparse
import asyncio
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from bot.app.findings import megabytes
from bot.cli.counting import count
from bot.cli.drawing import console_for_output, show

if TYPE_CHECKING:
    from bot.app.summary import Summary
    from bot.domain.places import Schedule
    from bot.store.overview import Day

_BARS = "▁▂▃▄▅▆▇█"
_SHOWN = 8


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")
    parser.add_argument("--servers", action="store_true", help="only list the servers that the running bot is in")


def run(arguments: argparse.Namespace) -> int:
    """Gather and draw."""
    from bot.app.summary import summarise  # noqa: PLC0415 - slow to import, not for --help
    from bot.clock import SystemClock  # noqa: PLC0415 - likewise
    from bot.settings import load  # noqa: PLC0415 - likewise

    if arguments.servers:
        return _servers(as_json=arguments.json)
    found = asyncio.run(summarise(load(), SystemClock().now()))
    if arguments.json:
        print(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        draw(console_for_output(), found)
    return 0


def _servers(*, as_json: bool) -> int:
    from bot.app.check import ask_running  # noqa: PLC0415 - slow to import, not for --help
    from bot.settings import load  # noqa: PLC0415 - likewise

    found = asyncio.run(ask_running(load(), "servers"))
    if found is None:
        print("No bot answers on this database, and only a running one knows its servers.")
        return 69
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return 0
    for one in found:
        print(f"{one['id']:>20}  {count(one['members'] or 0, 'member'):>16}  {one['name']}")
    print(count(len(found), "server"))
    return 0


def draw(console: Console, found: "Summary") -> None:
    """Draw all of it; every bar has its number beside it."""
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(overflow="fold")
    for name, content in (
        ("Bot", _bot(found)),
        ("Next", _next(found)),
        ("Last 30 days", _days(found)),
        ("Lateness", _lateness(found)),
        ("Sources", _sources(found)),
        ("Database", _database(found)),
    ):
        table.add_row(name, content)
        table.add_row()
    show(console, table)


def _bot(found: "Summary") -> Text:
    health = found.health
    if health is None:
        return Text("not running (or it does not answer)", "yellow")
    if health["ok"]:
        return Text(
            f"running, {count(health['servers'], 'server')}, gateway {health['latency_s'] * 1000:.0f} ms", "green"
        )
    return Text(f"running, but: {'; '.join(health['faults'])}", "bold red")


def _next(found: "Summary") -> Text | Group:
    on = [one for one in found.schedules if one.enabled and one.disabled_code is None]
    stopped = [one for one in found.schedules if one.disabled_code is not None]
    lines = [_schedule(one, found.now) for one in on[:_SHOWN]]
    if len(on) > _SHOWN:
        lines.append(Text(f"and {len(on) - _SHOWN:,} more", "dim"))
    lines += [
        Text(f"{one.id:>4}  {_place(one)}  turned off by itself ({one.disabled_code})", "yellow")
        for one in stopped[:_SHOWN]
    ]
    return Group(*lines) if lines else Text("no briefing is set up")


def _schedule(one: "Schedule", now: datetime) -> Text:
    due = one.next_due.astimezone(UTC)
    minutes = max(0, int((due - now).total_seconds() // 60))
    away = f"in {minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"in {minutes} min"
    return Text(f"{one.id:>4}  {_place(one)}  {due:%Y-%m-%d %H:%M} UTC, {away}  ({one.local_time:%H:%M} {one.zone})")


def _place(one: "Schedule") -> str:
    return f"{one.place.kind.value} {one.place.discord_id}" + (f", channel {one.channel_id}" if one.channel_id else "")


def _days(found: "Summary") -> Group | Text:
    total = [sum(getattr(day, name) for day in found.days) for name in ("sent", "late", "failed", "quiet")]
    if not any(total):
        return Text("no briefing was due")
    lines = [Text(f"{bars([day.sent for day in found.days])}  {total[0]:,} posted", "green")]
    if total[2]:
        why = ", ".join(f"{reason} {number}" for reason, number in list(found.failures.items())[:4])
        lines.append(Text(f"{bars([day.failed for day in found.days])}  {total[2]:,} not posted ({why})", "red"))
    lines.append(Text(_edges(found.days), "dim"))
    if total[1] or total[3]:
        lines.append(Text(f"{total[1]:,} more than 5 minutes late, {total[3]:,} with nothing new or skipped"))
    return Group(*lines)


def _edges(days: "tuple[Day, ...]") -> str:
    first, last = f"{days[0].day:%b %d}", f"{days[-1].day:%b %d}"
    return first + " " * max(1, len(days) - len(first) - len(last)) + last


def bars(numbers: list[int]) -> str:
    """Draw numbers as a row of bars; zero is a dot, so that it is told from little."""
    most = max(numbers, default=0)
    return "".join("·" if number == 0 else _BARS[(number * (len(_BARS) - 1) + most - 1) // most] for number in numbers)


def _lateness(found: "Summary") -> Text:
    late = found.lateness
    if late is None:
        return Text("no daily briefing was posted")
    return Text(
        f"half within {seconds(late.median_s)}, 95 % within {seconds(late.p95_s)}, worst {seconds(late.worst_s)}"
    )


def seconds(number: float) -> str:
    """Give a span for people."""
    if number < 120:
        return f"{number:.0f} s"
    return f"{number / 60:.0f} min" if number < 7_200 else f"{number / 3_600:.1f} h"


def _sources(found: "Summary") -> Text | Group:
    if not found.feeds:
        return Text("no feeds; documents only")
    bad = [one for one in found.feeds if one.state in {"failing", "disabled"}]
    good = len(found.feeds) - len(bad)
    width = round(30 * good / len(found.feeds))
    lines = [Text("█" * width + "░" * (30 - width) + f"  {good:,} of {count(len(found.feeds), 'feed')} in order")]
    lines += [
        Text(f"{one.id:>4}  {one.title}: {one.detail or one.state} ({count(one.fail_streak, 'time')})", "yellow")
        for one in bad[:_SHOWN]
    ]
    if len(bad) > _SHOWN:
        lines.append(Text(f"and {len(bad) - _SHOWN:,} more; see `dateline sources list`", "dim"))
    return Group(*lines)


def _database(found: "Summary") -> Text:
    size = found.size
    free = f", {megabytes(size.free)} of it to be used again" if size.free > 1_048_576 else ""
    held = f"{count(size.articles, 'article')} in {size.stories:,} stories, {count(size.sources, 'source')}"
    readers = f"{count(size.servers, 'server')}, {size.people:,} in DMs"
    return Text(f"{megabytes(size.bytes)}{free}\n{held}; {readers}")
