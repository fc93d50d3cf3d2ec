"""How the running bot does: for `/health`, the container's health check, `dateline status` and the metrics."""

import asyncio
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from bot.client.client import Client
from bot.clock import Clock
from bot.errors import StoreError
from bot.store.store import Store

BEAT_S = 5.0
SLOWEST_BEAT_S = 30.0  # the loop is stuck beyond this
OLDEST_DUE_S = 600.0
LEAST_DISK = 50 << 20


@dataclass(frozen=True, slots=True)
class Health:
    """One look at the bot. Ages are in seconds; None: there is nothing of the kind."""

    ready: bool  # connected to Discord, and its servers are known
    heartbeat_age_s: float  # since the event loop last took a turn of its own
    latency_s: float | None  # of the gateway
    servers: int
    undelivered: int
    oldest_due_s: float | None  # since the oldest unposted briefing was due
    feeds_overdue: int
    source_lag_s: float | None  # since the feed that waits longest should have been asked
    disk_free: int
    database_bytes: int
    store_answers: bool = True

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong, one clause each; empty: the bot is well."""
        stuck = self.oldest_due_s is not None and self.oldest_due_s > OLDEST_DUE_S
        found = {
            "not connected to Discord": not self.ready,
            f"the loop stood still for {self.heartbeat_age_s:.0f} s": self.heartbeat_age_s > SLOWEST_BEAT_S,
            f"{self.undelivered} briefings are overdue": stuck,
            "the disk is full": self.disk_free < LEAST_DISK,
            "the database does not answer": not self.store_answers,
        }
        return tuple(text for text, is_so in found.items() if is_so)

    def as_json(self) -> dict[str, Any]:
        """Give it for JSON."""
        return {"ok": not self.faults, "faults": list(self.faults), **asdict(self)}


class Pulse:
    """Beats as long as the event loop turns, and looks at the rest when asked."""

    def __init__(self, client: Client, store: Store, clock: Clock) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._last = clock.monotonic()
        self._looked: tuple[float, Health] | None = None
        self._looking = asyncio.Lock()

    async def run(self) -> None:
        """Beat for ever."""
        while True:
            self._last = self._clock.monotonic()
            await self._clock.sleep(BEAT_S)

    async def look(self, *, within_s: float = 1.0) -> Health:
        """Look at the bot; a look of the last second serves again, so that no number of askers can weigh on it."""
        async with self._looking:
            mono = self._clock.monotonic()
            if self._looked is None or mono - self._looked[0] > within_s:
                self._looked = (mono, await self._health(mono))
            return self._looked[1]

    async def _health(self, mono: float) -> Health:
        now, path = self._clock.now(), self._store.db.path
        try:
            waiting = await self._store.overview.backlog(now)
        except StoreError:  # that is what health is asked for
            waiting = None
        latency = self._client.latency if self._client.is_ready() else None
        return Health(
            ready=self._client.is_ready() and latency is not None and latency < SLOWEST_BEAT_S,
            heartbeat_age_s=max(0.0, mono - self._last),
            latency_s=round(latency, 3) if latency is not None and latency < SLOWEST_BEAT_S else None,
            servers=len(self._client.guilds),
            undelivered=waiting.undelivered if waiting else 0,
            oldest_due_s=_since(waiting.oldest_due, now) if waiting else None,
            feeds_overdue=waiting.feeds_overdue if waiting else 0,
            source_lag_s=_since(waiting.oldest_check, now) if waiting else None,
            disk_free=shutil.disk_usage(path.parent).free,
            database_bytes=sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*") if file.is_file()),
            store_answers=waiting is not None,
        )


def _since(then: datetime | None, now: datetime) -> float | None:
    return None if then is None else round(max(0.0, (now - then).total_seconds()), 1)
