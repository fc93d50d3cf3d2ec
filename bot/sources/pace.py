"""How often a host is asked: at most two connections and one start a second each, 64 in all."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.clock import Clock

_KEPT_HOSTS = 4_096


class _Host:
    """One host's slots and the instant from which it may be asked again."""

    def __init__(self, at_once: int) -> None:
        self.slots = asyncio.Semaphore(at_once)
        self.free_at = float("-inf")
        self.users = 0


class Pace:
    """Hands out turns; `gap_s=0` switches the pause between starts off."""

    def __init__(self, clock: Clock, *, gap_s: float = 1.0, at_once: int = 2, in_all: int = 64) -> None:
        self._clock = clock
        self._gap_s = gap_s
        self._at_once = at_once
        self._all = asyncio.Semaphore(in_all)
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the host's turn and hold it for the length of the block."""
        entry = self._entry(host)
        entry.users += 1
        try:
            async with entry.slots:
                await self._wait(entry)
                async with self._all:  # last, so that a slow host's queue takes no slot from the others
                    yield
        finally:
            entry.users -= 1

    async def _wait(self, entry: _Host) -> None:
        now = self._clock.monotonic()
        start = max(now, entry.free_at)
        entry.free_at = start + self._gap_s
        if start > now:
            await self._clock.sleep(start - now)

    def _entry(self, host: str) -> _Host:
        entry = self._hosts.get(host)
        if entry is None:
            entry = self._hosts[host] = _Host(self._at_once)
            self._forget()
        self._hosts.move_to_end(host)
        return entry

    def _forget(self) -> None:
        now = self._clock.monotonic()
        for host in list(self._hosts)[: max(0, len(self._hosts) - _KEPT_HOSTS)]:
            entry = self._hosts[host]
            if not entry.users and entry.free_at <= now:
                del self._hosts[host]
