"""`dateline restore FILE`: put a backup in the place of the database; the present one is kept beside it."""

import argparse
from pathlib import Path

from bot.app.house import make_data_folder
from bot.clock import SystemClock
from bot.errors import SetupError, StoreError, StoreFault
from bot.settings import load
from bot.store.backup import restore


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="a backup, e.g. data/backups/dateline-20261122-030000.db")


def run(arguments: argparse.Namespace) -> int:
    """Check the backup, put it in place, and say where the former database is."""
    settings = load()
    make_data_folder(settings)
    try:
        kept = restore(Path(arguments.file), settings.database, SystemClock().now())
    except StoreError as error:
        if error.kind is StoreFault.IN_USE:
            raise SetupError(
                "A bot is running on this database, so nothing was changed. Stop it first.", exit_code=75
            ) from error
        raise
    print(f"{arguments.file} is now the database {settings.database}.")
    if kept is not None:
        print(f"The former one is kept as {kept}; delete it when all is well.")
    print("Start the bot. What a channel already has is not posted again.")
    return 0
