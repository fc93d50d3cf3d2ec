"""`dateline inspect FILE [--json]`: what an import would make of a file. It opens no database and no network."""

import argparse
import asyncio
import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.counting import count
from bot.errors import SourceError, SourceFault

if TYPE_CHECKING:
    from bot.domain.sources import Item
    from bot.ingest.inspect import Inspected


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="a document, a feed file or a saved article page")
    parser.add_argument("--json", action="store_true", help="print JSON instead of text")


def run(arguments: argparse.Namespace) -> int:
    """Print the items in document order."""
    from bot.ingest.inspect import as_json  # noqa: PLC0415 - slow to import, not for --help

    items, is_from_web = _inspected(Path(arguments.file))
    if arguments.json:
        told = [as_json(item, is_feed=is_from_web) for item in items]
        print(json.dumps({"items": told}, ensure_ascii=False, indent=2))
        return 0
    for number, item in enumerate(items, 1):
        print(_told(number, item))
    stories = len({item.story for item in items})
    print(f"\n{count(len(items), 'item')} in {stories} stor{'y' if stories == 1 else 'ies'}.")
    return 0


def _inspected(path: Path) -> "tuple[tuple[Inspected, ...], bool]":
    from bot.sources.decoding import read_file  # noqa: PLC0415 - as above

    try:
        data = read_file(path, is_piped=True)
    except OSError as error:
        raise SourceError(SourceFault.UNREADABLE_FILE, f"{path} can’t be read ({error.strerror})") from error
    try:
        return asyncio.run(_inspect(data))
    except SourceError as error:
        raise SourceError(error.kind, f"{path} can’t be used: {error.reason}") from error


async def _inspect(data: bytes) -> "tuple[tuple[Inspected, ...], bool]":
    """Inspect in the worker what is hard to parse, so that no file can hang the command."""
    from bot.ingest.inspect_file import inspect_file  # noqa: PLC0415 - as above
    from bot.worker.pool import WorkerPool  # noqa: PLC0415 - as above

    pool = WorkerPool()
    try:
        return await inspect_file(pool, data)
    finally:
        await pool.close()


def _told(number: int, item: "Inspected") -> str:
    derived = "" if item.headline_origin == "source" else " (derived from the first sentence)"
    facts = [f"story {item.story}", count(len(item.sentences), "sentence"), *item.topics]
    lines = [f"{number:>3}. {item.headline}{derived}", f"     {' · '.join(facts)}"]
    if noted := _noted(item.item):
        lines += _indented(" · ".join(noted))
    if item.item.link:
        lines.append(f"     {item.item.link}")
    if item.names:
        lines += _indented(f"named: {', '.join(item.names)}")
    for sentence in item.summary.sentences if item.summary else ():
        lines += _indented(f"“{sentence}”", hang=1)
    return "\n".join(lines)


def _noted(item: "Item") -> list[str]:
    """Say what the lines around an item were understood as: "By …", "Source: …", "Published: …", a section's name."""
    dates = {"published": item.published_at, "updated": item.updated_at}
    said = {"section": item.section, "by": ", ".join(item.authors), "source": item.publisher}
    said |= {name: f"{date:%Y-%m-%d %H:%M} UTC" for name, date in dates.items() if date}
    return [f"{name}: {value}" for name, value in said.items() if value]


def _indented(text: str, *, hang: int = 0) -> list[str]:
    return textwrap.wrap(text, 100, initial_indent=" " * 5, subsequent_indent=" " * (5 + hang))
