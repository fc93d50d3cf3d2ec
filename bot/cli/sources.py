"""`dateline sources list | add | remove | check | import | export`: the sources that every place reads."""

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from bot.app.source_requests import look
from bot.cli.asking import perform
from bot.cli.counting import count
from bot.errors import Code
from bot.settings import load

_STATES = {"new": "not read yet", "ok": "in order", "failing": "failing", "paused": "paused", "disabled": "gone"}
_REFUSALS = {Code.UNKNOWN_SOURCE: "there is no such source", Code.COOLDOWN: "it was checked a moment ago"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list every source with its state and next check")
    listing.add_argument("--json", action="store_true", help="print JSON instead of text")
    adding = actions.add_parser("add", help="add what a page’s or feed’s address leads to, for every place")
    adding.add_argument("name", nargs="?", metavar="ADDRESS", help="of a page or a feed")
    adding.add_argument("--pack", help="a pack of the catalogue: World, US, UK, Europe, Tech, Science and others")
    removing = actions.add_parser("remove", help="read a source no longer for every place")
    removing.add_argument("name", metavar="SOURCE", help="its id, address or title")
    checking = actions.add_parser("check", help="visit feeds now and say how they do")
    checking.add_argument("names", nargs="*", metavar="SOURCE", help="ids, addresses or titles (default: all feeds)")
    importing = actions.add_parser("import", help="add every feed of an OPML file")
    importing.add_argument("name", metavar="FILE.opml", help="a list that a feed reader exported")
    exporting = actions.add_parser("export", help="print all feeds as OPML")
    exporting.add_argument("name", nargs="?", metavar="FILE", help="write there instead of printing")


def run(arguments: argparse.Namespace) -> int:
    """Do the action and say what became of it."""
    if arguments.action == "add" and not (arguments.name or arguments.pack):
        print("Name an address, or a pack with --pack.", file=sys.stderr)
        return 64
    asked = {key: value for key, value in vars(arguments).items() if key in {"action", "name", "names", "pack"}}
    if arguments.action == "import":
        asked["name"] = str(Path(arguments.name).resolve())
    reads_only = arguments.action in {"list", "export"}
    result = asyncio.run(look(load(), arguments.action)) if reads_only else perform("sources", asked)
    if getattr(arguments, "json", False):
        print(json.dumps(result, ensure_ascii=False, indent=2))
        return 0
    return _tell(arguments, result)


def _tell(arguments: argparse.Namespace, result: dict[str, Any]) -> int:
    if arguments.action in {"list", "check"}:
        for one in result["sources"]:
            print(line(one))
        print(count(len(result["sources"]), "source"))
        return 65 if arguments.action == "check" and any("code" in one for one in result["sources"]) else 0
    if arguments.action == "export":
        _write(result["opml"], arguments.name)
    elif arguments.action == "import":
        print(f"{result['added']} added, {result['known']} already there.")
        for address in result["refused"]:
            print(f"not added, because it is no public web address: {address}")
    elif arguments.action == "remove" and result["kind"] == "document":
        print(f"“{result['title']}” is a document, and every place reads those. `dateline retract` takes a story out.")
        return 65
    elif arguments.action == "remove":
        print(f"“{result['title']}” is no longer read for every place. What it brought stays.")
    else:
        _tell_added(result)
    return 0


def _tell_added(result: dict[str, Any]) -> None:
    if "title" not in result:
        print(f"{count(result['added'], 'source')} added. `dateline sources check` says how they do.")
        return
    print(f"“{result['title']}” {'is added' if result['is_new'] else 'was there already'}: {result['url']}")
    for headline in result["headlines"]:
        print(f"  {headline}")


def line(one: dict[str, Any]) -> str:
    """Give the line of one source."""
    if "code" in one:
        return f"{one['name']}: not checked ({_REFUSALS.get(Code(one['code']), one['code'])})"
    state = "read by nobody" if one.get("readers") == 0 else _STATES.get(one["state"], one["state"])
    parts = [state, f"{one['stories']:,} stor{'y' if one['stories'] == 1 else 'ies'}"]
    if one["detail"]:
        parts.append(one["detail"])
    if one["next_check"]:
        parts.append(f"next check {one['next_check'][:16].replace('T', ' ')} UTC")
    return f"{one['id']:>5}  {one['title']}  ·  {' · '.join(parts)}"


def _write(opml: str, name: str | None) -> None:
    if name is None:
        print(opml, end="")
        return
    Path(name).write_text(opml, "utf-8")
    print(f"Written to {name}.")
