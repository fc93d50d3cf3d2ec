"""Every expected error as one sentence and an exit code, for the terminal and the control socket."""

from bot.errors import DatelineError, SetupError, SourceError, StoreError, UserError


def explain(error: DatelineError) -> tuple[str, int]:
    """Give the sentence and the exit code (sysexits.h)."""
    if isinstance(error, SetupError):
        return error.sentence, error.exit_code
    if isinstance(error, StoreError):
        return str(error), 74
    if isinstance(error, SourceError):
        return f"{error.reason[:1].upper()}{error.reason[1:]}.", 65
    if isinstance(error, UserError):
        from bot.cli.words import say  # noqa: PLC0415 - render is slow to import, and rarely needed here

        return say(error), 64
    return str(error), 70
