"""`dateline retract STORY [--yes]`: remove a story everywhere and correct the posts that show it."""

import argparse
import sys

from bot.app.summary import require_database
from bot.cli.asking import perform
from bot.cli.counting import count
from bot.settings import load


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("story", metavar="STORY", help="its short id, as it stands in the story’s card, e.g. s1f")
    parser.add_argument("--yes", action="store_true", help="do not ask first")


def run(arguments: argparse.Namespace) -> int:
    """Show what would go, ask, and do it."""
    require_database(load())
    found = perform("retract", {"story": arguments.story, "dry_run": True})
    what = f"“{found['title']}” ({count(found['articles'], 'article')}, shown in {count(found['posts'], 'briefing')})"
    if not arguments.yes:
        if not sys.stdin.isatty():
            print(f"This would remove {what}. Nothing was changed; add --yes to do it.")
            return 64
        if input(f"Remove {what} for good? [y/N] ").strip().lower() not in {"y", "yes"}:
            print("Nothing was changed.")
            return 0
    perform("retract", {"story": arguments.story})
    print(f"Removed: {what}. It does not return; briefings of the last two days that lead with it are corrected.")
    return 0
