"""Rate limits as Discord enforces them: 50 requests a second in all, five messages in five seconds a channel.

Off unless asked for, so that ordinary tests run at full speed; on, a client that does not pace itself gets real 429s.
"""

from collections import deque
from dataclasses import dataclass

from bot.clock import Clock
from bot.loopback import limits
from bot.loopback.traffic import CREATE, CROSSPOST, Request

UNCOUNTED = ("/interactions/", "/webhooks/")
"""Interaction answers do not count against the global limit."""


@dataclass(frozen=True, slots=True)
class Limited:
    """A 429: how long to wait, and whether it is the global limit."""

    retry_after_s: float
    is_global: bool = False


class _Window:
    """At most `high` in any `seconds`."""

    def __init__(self, high: int, seconds: float) -> None:
        self._high, self._seconds = high, seconds
        self._times: deque[float] = deque()

    def take(self, now: float) -> float | None:
        """Count one; give the seconds to wait when there is no room."""
        while self._times and now - self._times[0] >= self._seconds:
            self._times.popleft()
        if len(self._times) >= self._high:
            return self._seconds - (now - self._times[0])
        self._times.append(now)
        return None


class Rates:
    """The limits in force. `per_second` and `per_channel` of 0 mean no such limit."""

    def __init__(self, clock: Clock, *, per_second: int = 0, per_channel: int = 0) -> None:
        self._clock = clock
        self._global = _Window(per_second, 1.0) if per_second else None
        self._per_channel = per_channel
        self._channels: dict[str, _Window] = {}
        self._crossposts: dict[str, _Window] = {}
        self.refused = 0

    def check(self, request: Request) -> Limited | None:
        """Count a request; give the 429 it earns, or None."""
        limited = self._check(request, self._clock.monotonic())
        self.refused += limited is not None
        return limited

    def _check(self, request: Request, now: float) -> Limited | None:
        if self._global and not request.template.startswith(UNCOUNTED):
            wait = self._global.take(now)
            if wait is not None:
                return Limited(wait, is_global=True)
        wait = None
        channel = request.params.get("channel_id", "")
        if request.route == CREATE and self._per_channel:
            wait = self._channels.setdefault(channel, _Window(self._per_channel, 5.0)).take(now)
        elif request.route == CROSSPOST:
            window = _Window(limits.CROSSPOSTS_PER_HOUR, 3600.0)
            wait = self._crossposts.setdefault(channel, window).take(now)
        return None if wait is None else Limited(wait)
