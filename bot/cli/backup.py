"""`dateline backup [FILE]`: copy the database aside, whether or not the bot runs."""

import argparse
from pathlib import Path

from bot.app.findings import megabytes
from bot.clock import SystemClock
from bot.errors import SetupError
from bot.settings import load
from bot.store.backup import back_up_file, copy_to


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", nargs="?", metavar="FILE", help="where to (default: the folder of the daily backups)")


def run(arguments: argparse.Namespace) -> int:
    """Copy, prove the copy, and say where it is."""
    settings = load()
    if not settings.database.is_file():
        raise SetupError(f"There is no database in {settings.data}, so there is nothing to back up.", exit_code=66)
    if arguments.file:
        target = Path(arguments.file)
        copy_to(settings.database, target)
    else:
        now = SystemClock().now()
        made = back_up_file(settings.database, settings.backup_folder, now, settings.backups_kept)
        if made is None:
            print(f"Nothing has changed since the last backup in {settings.backup_folder}.")
            return 0
        target = made
    print(f"Backed up to {target} ({megabytes(target.stat().st_size)}); the copy is whole.")
    return 0
