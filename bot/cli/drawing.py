"""The console that verbs print on: colours and the real width on a terminal, plain text of a fixed width in a pipe."""

import sys

from rich.console import Console, RenderableType

_PIPE_WIDTH = 120


def console_for_output() -> Console:
    """Give the console on standard output."""
    is_terminal = sys.stdout.isatty()
    return Console(highlight=False, width=None if is_terminal else _PIPE_WIDTH, no_color=not is_terminal)


def show(console: Console, drawn: RenderableType) -> None:
    """Print; in a pipe without the blanks that fill columns up."""
    if console.is_terminal:
        console.print(drawn)
        return
    with console.capture() as captured:
        console.print(drawn)
    lines = [line.rstrip() for line in captured.get().rstrip().splitlines()]
    console.print("\n".join(lines), markup=False, soft_wrap=True)
