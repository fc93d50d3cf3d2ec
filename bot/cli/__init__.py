"""The command line: each verb parses, calls the desk or the app, and prints.

A verb's module is imported only when it is asked for, so that `--version` and `--help` stay quick. It has
`configure(parser)`, which declares its arguments, and `run(arguments) -> int`, which gives the exit code.
"""

import argparse
import contextlib
import importlib
import logging
import sys
from collections.abc import Sequence

from bot import __version__
from bot.errors import DatelineError, SetupError

VERBS = {
    "run": "run the bot (the default with a token)",
    "try": "show everything without a token, on a local stand-in (the default without one)",
    "check": "check token, permissions, database, sources and clock",
    "status": "show what the bot did and will do",
    "seed": "import documents into the store",
    "inspect": "show what an import would make of a file",
    "sources": "list, add, remove, check, import or export sources",
    "preview": "show the briefing that would be posted now",
    "backup": "copy the database aside",
    "restore": "put a backup back",
    "retract": "remove a story everywhere and correct the posts that show it",
    "reports": "list what members reported about stories",
    "snapshot": "draw the main messages as pictures",
}


def _parser() -> argparse.ArgumentParser:
    listing = "\n".join(f"  {name:<10} {text}" for name, text in VERBS.items())
    parser = argparse.ArgumentParser(
        prog="dateline",
        description="Dateline delivers news briefings to Discord.",
        epilog=f"verbs:\n{listing}\n\n`dateline VERB --help` says more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        usage="dateline [VERB] [options]",
    )
    parser.add_argument("--version", action="version", version=f"dateline {__version__}")
    parser.add_argument("verb", nargs="?", choices=VERBS, metavar="VERB", help=argparse.SUPPRESS)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and give its exit code; every expected error is one sentence on standard error."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words and words[0] in VERBS:
            return _run_verb(words[0], words[1:])
        _parser().parse_args(words)
        return _run_verb(_default_verb(), [])
    except DatelineError as error:
        from bot.cli.explaining import explain  # noqa: PLC0415 - not needed for --version

        sentence, code = explain(error)
        print(sentence, file=sys.stderr)
        return code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 141
    except Exception as error:  # noqa: BLE001 - a supervisor: whatever failed, a person gets a sentence, no traceback
        return _failed(error)


def _failed(error: Exception) -> int:
    """Say that something unexpected ended a verb, and what the system says where it refused something."""
    what, code = "Something went wrong", 70
    if isinstance(error, OSError):
        named = f"{error.filename} can’t be used" if error.filename else "The system refused something"
        what, code = f"{named} ({error.strerror or error})", 74
    print(f"{what}, and nothing more was done. DATELINE_LOG_LEVEL=debug shows more.", file=sys.stderr)
    _show_failure(error)
    return code


def _show_failure(error: Exception) -> None:
    """Log what failed, for whoever asked for it; secrets are hidden as in every log."""
    from bot import logs  # noqa: PLC0415 - not needed for --version
    from bot.settings import load  # noqa: PLC0415 - likewise

    with contextlib.suppress(DatelineError):
        settings = load()
        if settings.log_level == "debug":
            if settings.token is not None:
                logs.redact.hide(settings.token.reveal())
            logs.start(settings.log_format, "debug")
            logging.getLogger(__name__).debug("A verb failed", exc_info=error)


def _run_verb(verb: str, words: Sequence[str]) -> int:
    module = importlib.import_module(f"bot.cli.{'trial' if verb == 'try' else verb}")
    parser = argparse.ArgumentParser(
        prog=f"dateline {verb}", description=f"{VERBS[verb][:1].upper()}{VERBS[verb][1:]}."
    )
    module.configure(parser)
    code: int = module.run(parser.parse_args(words))
    return code


def _default_verb() -> str:
    from bot.settings import load  # noqa: PLC0415 - not needed for --version

    if load().token is not None:
        return "run"
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        raise SetupError(
            "No DISCORD_TOKEN is set, so there is no bot to run. Put the token into .env or the environment; "
            "`dateline try` shows everything without one."
        )
    print("No DISCORD_TOKEN is set, so this is try mode: a simulation on this machine, not Discord.", file=sys.stderr)
    return "try"
