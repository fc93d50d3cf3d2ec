"""`dateline preview [SCHEDULE] [--json]`: the briefing that would be posted now, drawn as Discord would show it."""

import argparse
import json
import sys
from datetime import UTC
from zoneinfo import ZoneInfo

from bot.app.summary import require_database
from bot.cli.asking import perform
from bot.clock import SystemClock
from bot.loopback.prose import Reader
from bot.loopback.terminal import budget, draw_body
from bot.settings import load


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "schedule",
        nargs="?",
        type=int,
        metavar="SCHEDULE",
        help="its number, as in `dateline status` (default: the next due)",
    )
    parser.add_argument("--language", metavar="CODE", help="the language of the frame, e.g. de (default: the place’s)")
    parser.add_argument("--json", action="store_true", help="print the message as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Compose it now and draw it; nothing is posted or counted as shown."""
    require_database(load())
    made = perform("preview", {"schedule": arguments.schedule, "language": arguments.language})
    if arguments.json:
        print(json.dumps(made, ensure_ascii=False, indent=2))
    elif made["message"] is None:
        print("There is nothing new, so nothing would be posted now.")
    else:
        zone = UTC if made["zone"] == "UTC" else ZoneInfo(made["zone"])
        reader = Reader(zone=zone, now=SystemClock().now(), colour=sys.stdout.isatty())
        print("\n".join([*draw_body(made["message"], reader), "", budget(made["message"])]))
    return 0
