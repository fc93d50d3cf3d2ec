"""Where the browser and axe-core are on this machine; tests say in a sentence what is missing."""

import os
from pathlib import Path

from bot.loopback.page.chromium import NoBrowserError, find

_CACHED = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def chromium() -> Path | None:
    """Give the Chromium: the one named in DATELINE_CHROMIUM, else one that is installed."""
    named = os.environ.get("DATELINE_CHROMIUM")  # noqa: TID251 - tests read it; the program never does
    try:
        return find(Path(named) if named else None)
    except NoBrowserError:
        return None


def axe() -> Path | None:
    """Give axe-core: the file named in DATELINE_AXE, else the one in node_modules."""
    named = os.environ.get("DATELINE_AXE")  # noqa: TID251 - likewise
    path = Path(named) if named else _CACHED
    return path if path.is_file() else None
