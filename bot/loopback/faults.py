"""Faults on demand: what goes wrong between the bot and Discord, one by one, by count, or as a seeded storm.

`before` means nothing was done; `after` means it was done and the answer was lost or wrong.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.loopback.traffic import CREATE, CROSSPOST, EDIT, HISTORY, Request


class Kind(StrEnum):
    """What happens to a request."""

    STATUS = "status"  # an answer such as 502, without Discord's JSON
    REFUSE = "refuse"  # an answer in Discord's JSON shape: status, code, message
    RESET = "reset"  # the connection is cut
    HANG = "hang"  # no answer for a long time, then the connection is cut
    LIMIT = "limit"  # 429 for the route
    LIMIT_GLOBAL = "limit-global"
    LIMIT_WITHOUT_VIA = "limit-without-via"  # as Cloudflare answers


When = Literal["before", "after"]
Match = str | Callable[[Request], bool] | None


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `match` is a route such as `traffic.CREATE`, a predicate, or None for every request."""

    kind: Kind
    match: Match = None
    times: int | None = 1
    when: When = "before"
    status: int = 502
    code: int = 0
    message: str = ""
    retry_after_s: float = 0.05
    hang_s: float = 60.0

    def fits(self, request: Request) -> bool:
        """Say whether it is about this request."""
        if callable(self.match):
            return self.match(request)
        return self.match is None or self.match == request.route


STORM: tuple[Fault, ...] = (
    Fault(Kind.STATUS, status=500),
    Fault(Kind.STATUS, status=503),
    Fault(Kind.STATUS, status=502, when="after"),
    Fault(Kind.STATUS, status=503, when="after"),
    Fault(Kind.RESET),
    Fault(Kind.RESET, when="after"),
    Fault(Kind.HANG, hang_s=8.0),
    Fault(Kind.HANG, hang_s=8.0, when="after"),
    Fault(Kind.LIMIT),
    Fault(Kind.LIMIT_GLOBAL),
    Fault(Kind.LIMIT_WITHOUT_VIA),
)
"""What a storm picks from, evenly."""
STORM_ROUTES = frozenset({CREATE, EDIT, HISTORY, CROSSPOST})


class Faults:
    """The faults in force. `outage` takes everything down: REST and gateway."""

    def __init__(self) -> None:
        self.outage: Fault | None = None
        self.struck = 0
        self._armed: list[tuple[Fault, int | None]] = []
        self._rng: random.Random | None = None
        self._rate = 0.0
        self._choices: tuple[Fault, ...] = STORM
        self._routes: frozenset[str] = STORM_ROUTES

    def add(self, fault: Fault) -> None:
        """Arm a fault for the next `times` requests it fits (None: until cleared)."""
        self._armed.append((fault, fault.times))

    def clear(self) -> None:
        """Disarm everything, the storm and the outage too."""
        self._armed.clear()
        self._rng = None
        self.outage = None

    def storm(
        self,
        seed: int,
        rate: float,
        *,
        choices: tuple[Fault, ...] = STORM,
        routes: frozenset[str] = STORM_ROUTES,
    ) -> None:
        """Let a request of `routes` go wrong with probability `rate`, picked from `choices`, by a seeded generator."""
        self._rng, self._rate, self._choices, self._routes = random.Random(seed), rate, choices, routes

    def down(self, *, status: int = 503, reset: bool = False) -> None:
        """Take Discord down: every request gets `status` or a cut connection, and the gateway refuses."""
        self.outage = Fault(Kind.RESET if reset else Kind.STATUS, status=status, times=None)

    def up(self) -> None:
        """Bring Discord back."""
        self.outage = None

    def pick(self, request: Request) -> Fault | None:
        """Choose what happens to a request; None for nothing."""
        fault = self.outage or self._next_armed(request) or self._next_of_storm(request)
        self.struck += fault is not None
        return fault

    def _next_armed(self, request: Request) -> Fault | None:
        for index, (fault, left) in enumerate(self._armed):
            if not fault.fits(request):
                continue
            if left is not None and left <= 1:
                del self._armed[index]
            else:
                self._armed[index] = (fault, None if left is None else left - 1)
            return fault
        return None

    def _next_of_storm(self, request: Request) -> Fault | None:
        if self._rng is None or request.route not in self._routes or self._rng.random() >= self._rate:
            return None
        return self._rng.choice(self._choices)
