"""Cooldowns: a member or a server may do a costly thing only so often."""

from collections import OrderedDict
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.errors import Code, UserError

_KEPT = 10_000


class Cooldowns:
    """Remembers when each key may act again; forgets the oldest keys first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ready: OrderedDict[tuple[str, int], datetime] = OrderedDict()

    def take(self, *keys: tuple[str, int, float]) -> None:
        """Use up a turn of every (what, whose id, seconds); nothing is used up when one of them has to wait.

        Raises:
            UserError: COOLDOWN, with the instant from which all may.
        """
        now = self._clock.now()
        waits = [ready for what, owner, _ in keys if (ready := self._ready.get((what, owner), now)) > now]
        if waits:
            raise UserError(Code.COOLDOWN, retry_at=max(waits))
        for what, owner, seconds in keys:
            self._ready[what, owner] = now + timedelta(seconds=seconds)
            self._ready.move_to_end((what, owner))
        while len(self._ready) > _KEPT:
            self._ready.popitem(last=False)
