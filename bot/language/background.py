"""Background: how common English stems are in news, learned once from headlines; see NOTICE for which.

The table is one line a count: the count in base 36, then the stems seen that often among `total` headlines.
"""

import math
from functools import cache
from importlib.resources import files

_COMMON = 12


def idf(term: str) -> float:
    """Give how much a stem says: low for everyday news words, highest for ones never seen."""
    counts, total = _table()
    return math.log(total / (counts.get(term, 0) + 0.5))


def is_common(term: str) -> bool:
    """Say whether English news uses a stem often."""
    return _table()[0].get(term, 0) >= _COMMON


@cache
def _table() -> tuple[dict[str, int], int]:
    text = (files("bot") / "data" / "language" / "background.txt").read_text(encoding="utf-8")
    head, *rows = text.splitlines()
    counts: dict[str, int] = {}
    for row in rows:
        number, *stems = row.split(" ")
        counts.update(dict.fromkeys(stems, int(number, 36)))
    return counts, int(head.split(" ")[-1])
