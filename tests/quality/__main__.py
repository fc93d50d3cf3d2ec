"""Print the tables of reading quality: ./dev quality --data FOLDER.

Summaries, stories and topics on the development sets, beside the libraries one could install instead, then what
the language rooms cost. With --libraries those are installed beside the environment, so that no row is left out.
Without --data only the costs are printed. It never fails on a figure: the gate is tests/quality/test_gate.py. Rows
marked * were tuned on the set they are measured on; for summaries the ranker is also fitted anew on four fifths and
measured on the last fifth.
"""

import argparse
from pathlib import Path

from tests.quality import cost, rivals, tables


def main() -> None:
    """Print what can be measured with what is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder with *-dev.jsonl.gz")
    parser.add_argument(
        "--libraries",
        action="store_true",
        help=f"install the libraries compared with in {rivals.FOLDER}, and measure them",
    )
    given = parser.parse_args()
    folder = given.data
    if given.libraries:
        rivals.fetch()
    lines = cost.report()
    if folder is not None:
        lines = [*tables.summaries(folder), *tables.stories(folder), *tables.topics(folder), *lines]
    print("\n".join(lines))  # noqa: T201 - this program prints


if __name__ == "__main__":
    main()
