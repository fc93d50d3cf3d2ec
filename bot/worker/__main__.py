"""The worker process: reads jobs from standard input, answers on standard output, ends when the bot does.

`python -m bot.worker`; started by `pool.py` and by nobody else.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from bot.errors import SourceError
from bot.worker.jobs import load
from bot.worker.wire import HEADER, Tag, pack, unpack

_RETIRE_AT_MB = 220  # below the limit, so that memory spoilt by one feed does not fail the next


def serve(
    jobs: BinaryIO, answers: BinaryIO, *, memory_mb: int = 0, alarm: Callable[[float], object] | None = None
) -> None:
    """Do jobs one by one until the bot closes its end, or memory has grown too far.

    Args:
        jobs: frames of (function's path, limit in seconds, arguments).
        answers: where frames go.
        memory_mb: retire after an answer once this much is held; 0: never.
        alarm: called with the seconds after which this process must die, and with 0 when a job is done.
    """
    loaded: dict[str, Callable[..., Any]] = {}
    while header := jobs.read(HEADER.size):
        length, _, _ = HEADER.unpack(header)
        path, limit_s, arguments = unpack(jobs.read(length))
        if path not in loaded:
            loaded[path] = load(path)
            answers.write(pack(Tag.LOADED, None))
            answers.flush()
        if alarm:
            alarm(limit_s)
        tag, value, is_spoilt = _do(loaded[path], arguments)
        if alarm:
            alarm(0)
        is_last = is_spoilt or bool(memory_mb and _used_mb() > memory_mb)
        answers.write(pack(tag, value, is_last=is_last))
        answers.flush()
        if is_last:
            return


def _do(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Tag, object, bool]:
    try:
        return Tag.RESULT, function(*arguments), False
    except SourceError as error:
        return Tag.SOURCE_ERROR, (error.kind, error.reason), False
    except MemoryError:
        return Tag.FAILED, "MemoryError", True
    except Exception as error:  # noqa: BLE001 - a supervisor: the bot is told the kind, and decides
        return Tag.FAILED, type(error).__name__, False


def _used_mb() -> float:
    """Give the memory held now. Linux's ru_maxrss would do, but it is inherited from the bot that forked us."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024)  # macOS counts bytes
    return pages * resource.getpagesize() / (1024 * 1024)


def _limit_memory(megabytes: int) -> None:
    """Cap private memory; RLIMIT_AS would also count mapped libraries, which alone take more."""
    size = megabytes * 1024 * 1024
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def main() -> None:
    """Run the worker on this process's standard input and output."""
    memory_mb = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process even inside C code, bot or no bot
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the bot's to handle
    with suppress(OSError):
        os.nice(5)  # the bot's loop comes first
    _limit_memory(memory_mb)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not look like an answer
    with suppress(BrokenPipeError, KeyboardInterrupt):
        serve(
            sys.stdin.buffer,
            answers,
            memory_mb=min(_RETIRE_AT_MB, memory_mb),
            alarm=lambda limit_s: signal.setitimer(signal.ITIMER_REAL, limit_s),
        )


if __name__ == "__main__":
    main()
