"""`dateline seed [FILE …]`: import documents; without a file, the bundled one."""

import argparse
from pathlib import Path
from typing import Any

from bot.cli.asking import perform
from bot.cli.counting import count


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="text files in the seed’s format")
    parser.add_argument("--title", help="what the source is called (default: the file’s name without its ending)")


def run(arguments: argparse.Namespace) -> int:
    """Import, and say per file what became of it."""
    files = [str(Path(name).resolve()) for name in arguments.files]
    results = perform("seed", {"files": files, "title": arguments.title})
    for result in results:
        print(_line(result))
    return 65 if any("error" in result for result in results) else 0


def _line(result: dict[str, Any]) -> str:
    if "error" in result:
        return f"{result['file']}: not imported, because {result['error']}. Nothing was changed by it."
    if result["known"]:
        return f"{result['file']}: already there as “{result['source']}”. Nothing to do."
    parts = [f"{result[kind]} {kind}" for kind in ("new", "changed", "withdrawn", "unchanged") if result[kind]]
    return f"{result['file']}: {', '.join(parts) or count(0, 'item')} in “{result['source']}”."
