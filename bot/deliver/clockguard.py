"""The clock guard: tells the time only when it can be trusted, and corrects a system clock that is set wrong.

Discord's `Date` header, with the monotonic time at its receipt, is the second opinion. A clock that was ten years
ahead for half an hour burnt 3,650 dates in an experiment without it.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp

from bot.clock import Clock

log = logging.getLogger(__name__)

TOLERANCE = timedelta(seconds=120)

limited: ContextVar[list[bool] | None] = ContextVar("limited", default=None)
"""Collects the 429s that a request met on its way (True: the global limit); discord.py waits them out by itself."""

single: ContextVar["Single | None"] = ContextVar("single", default=None)
"""Keeps discord.py from repeating a request by itself, as it does after a 502."""


class RepeatedError(aiohttp.ClientError):
    """A request was about to go out a second time, though the first may have been done."""


class Single:
    """A request that goes out once: it carries no nonce, so what is done twice would stand twice."""

    def __init__(self) -> None:
        self._is_out = False

    def begin(self) -> None:
        """Let it out, unless it is already.

        Raises:
            RepeatedError: it is.
        """
        if self._is_out:
            raise RepeatedError("the first answer was none; what became of it must be looked up")
        self._is_out = True

    def end(self, status: int) -> None:
        """Take note of its answer: what was limited was not done."""
        self._is_out = status != 429


class ClockGuard:
    """Holds the system clock against Discord's. `probe` makes one cheap request whose answer carries a `Date`."""

    def __init__(self, clock: Clock, probe: Callable[[], Awaitable[None]]) -> None:
        self._clock = clock
        self._probe = probe
        self._wall = clock.now()
        self._mono = clock.monotonic()
        self._date: datetime | None = None
        self._date_mono = 0.0
        self._is_off = False

    def observe(self, date: datetime) -> None:
        """Take Discord's time, just received."""
        self._date = date
        self._date_mono = self._clock.monotonic()
        self._wall, self._mono = self._clock.now(), self._date_mono

    def now(self) -> datetime | None:
        """Give the time, by Discord's clock where the system's is wrong; None while neither can be trusted."""
        wall, mono = self._clock.now(), self._clock.monotonic()
        stepped = abs((wall - self._wall) - timedelta(seconds=mono - self._mono)) > TOLERANCE
        self._wall, self._mono = wall, mono
        if stepped:
            log.warning("the system clock was set, or the machine slept; asking Discord for the time")
            self._date = None
        if self._date is None:
            return None
        expected = self._date + timedelta(seconds=mono - self._date_mono)
        is_off = abs(wall - expected) > TOLERANCE
        if is_off and not self._is_off:
            log.error("the system clock is wrong by %s; briefings follow Discord's clock", wall - expected)
        self._is_off = is_off
        return expected if is_off else wall

    async def refresh(self) -> datetime | None:
        """Ask Discord for the time if there is doubt, and give the time as `now` does."""
        found = self.now()
        if found is None:
            await self._probe()
            found = self.now()
        return found

    def trace(self) -> aiohttp.TraceConfig:
        """Give what reads the `Date` of every answer: `discord.Client(http_trace=guard.trace())`."""

        async def on_start(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, _params: aiohttp.TraceRequestStartParams
        ) -> None:
            if one := single.get():
                one.begin()

        async def on_end(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
        ) -> None:
            self.read(params.response.status, params.response.headers)

        config = aiohttp.TraceConfig()
        config.on_request_start.append(on_start)
        config.on_request_end.append(on_end)
        return config

    def read(self, status: int, headers: Mapping[str, str]) -> None:
        """Take note of an answer's status and of the time it gives."""
        met, date = limited.get(), headers.get("Date")
        if one := single.get():
            one.end(status)
        if status == 429 and met is not None:
            met.append("X-RateLimit-Global" in headers or "Via" not in headers)
        if date is None:
            return
        try:
            found = parsedate_to_datetime(date)
        except ValueError:
            return
        self.observe(found if found.tzinfo else found.replace(tzinfo=UTC))
