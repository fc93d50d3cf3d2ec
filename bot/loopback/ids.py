"""Discord's own time and the ids made from it.

Discord's time starts at the clock's wall time and then follows its monotonic time: when a test steps the wall
alone, the bot's clock is wrong and Discord stays right, which is what a clock guard has to notice. `skew` is the
offset to a bot whose clock was wrong from the start.
"""

from datetime import datetime, timedelta

from bot.clock import Clock

EPOCH_MS = 1_420_070_400_000


class DiscordTime:
    """The time that stands in `Date` headers, timestamps and ids."""

    def __init__(self, clock: Clock, skew: timedelta = timedelta()) -> None:
        self.clock = clock
        self.skew = skew
        self._wall = clock.now()
        self._mono = clock.monotonic()
        self._last = 0

    def now(self) -> datetime:
        """Give Discord's wall time, aware UTC."""
        return self._wall + timedelta(seconds=self.clock.monotonic() - self._mono) + self.skew

    def monotonic(self) -> float:
        """Give the clock's monotonic seconds; deadlines and windows are measured with these."""
        return self.clock.monotonic()

    def snowflake(self) -> int:
        """Make a new id of this moment, greater than every one before."""
        self._last = max(self._last + 1, (self._milliseconds() - EPOCH_MS) << 22)
        return self._last

    def _milliseconds(self) -> int:
        return int(self.now().timestamp() * 1000)
