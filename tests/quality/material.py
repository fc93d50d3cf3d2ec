"""The evaluation sets in a data folder, as rows; the project itself holds none of them."""

import gzip
import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def rows(folder: Path, name: str) -> list[Row]:
    """Read one set, e.g. `headlines-dev`."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
