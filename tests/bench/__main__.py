"""`./dev bench [name …]`: run the modules here that have a `run` and print their lines; no figure fails."""

import sys
from importlib import import_module
from pathlib import Path

_NOT_BENCHES = {"__main__", "__init__", "child", "corpus", "publishers", "rivals", "rooms"}


def main(names: list[str]) -> int:
    """Run the named benches, or all of them; give 64 for a name that is none."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in _NOT_BENCHES)
    if unknown := [name for name in names if name not in known]:
        sys.stderr.write(f"There is no bench {', '.join(unknown)}. There are: {', '.join(known)}.\n")
        return 64
    for name in names or known:
        run = getattr(import_module(f"tests.bench.{name}"), "run", None)
        if run is not None:
            sys.stdout.write("\n".join([f"== {name}", *run(), ""]) + "\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
