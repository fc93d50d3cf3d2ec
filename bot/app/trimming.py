"""Trimming: keeps what the C library's allocator holds empty small, and gives it to the system every hour.

glibc by itself opens an arena for every thread, from which a long night's wear never goes back.
"""

import asyncio
import ctypes
from typing import Any, NoReturn

from bot.clock import Clock
from bot.language.forgetting import forget

EVERY_S = 3_600.0
# Options of mallopt(3), and what they are set to. Once set, they no longer grow with the largest block seen.
_ARENA_MAX, _ARENAS = -8, 1  # shared by all threads: Python lets them take turns anyway
_MMAP_THRESHOLD, _LARGE = -3, 128 * 1_024  # blocks from here on go back as soon as they are free
_TRIM_THRESHOLD, _TOP = -1, 1_024 * 1_024  # so much may stay empty at the end


def confine() -> bool:
    """Keep the allocator to one arena; say whether this machine's C library can. Call it before threads start."""
    set_to = _of_libc("mallopt")
    if set_to is None:
        return False
    return all([set_to(_ARENA_MAX, _ARENAS), set_to(_MMAP_THRESHOLD, _LARGE), set_to(_TRIM_THRESHOLD, _TOP)])


def trim() -> bool:
    """Give empty memory back; say whether this machine's C library can: musl and macOS see to it themselves."""
    give_back = _of_libc("malloc_trim")
    if give_back is None:
        return False
    give_back(0)
    return True


async def keep_trim(clock: Clock) -> NoReturn:
    """Every hour forget words and trim off the loop, for as long as the bot runs."""
    while True:
        forget()
        await asyncio.to_thread(trim)
        await clock.sleep(EVERY_S)


def _of_libc(name: str) -> Any:  # noqa: ANN401 - a foreign function
    try:
        return getattr(ctypes.CDLL(None), name, None)
    except OSError:
        return None
