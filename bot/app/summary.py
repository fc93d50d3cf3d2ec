"""What `dateline status` tells: the last 30 days from the database (read only), and the running bot's own word."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.app.check import ask_running
from bot.domain.places import Schedule
from bot.errors import SetupError
from bot.settings import Settings
from bot.store.overview import Day, Lateness, Size, SourceHealth
from bot.store.store import Store

DAYS = 30
_MOST = 500


@dataclass(frozen=True, slots=True)
class Summary:
    """All that is drawn."""

    now: datetime
    health: dict[str, Any] | None  # None: no bot runs
    days: tuple[Day, ...]  # one for each of the last 30, today last
    lateness: Lateness | None
    failures: dict[str, int]
    schedules: tuple[Schedule, ...]
    feeds: tuple[SourceHealth, ...]
    size: Size

    def as_json(self) -> dict[str, Any]:
        """Give it for JSON."""
        late = self.lateness
        return {
            "at": self.now.isoformat(),
            "running": self.health is not None,
            "health": self.health,
            "days": [
                {
                    "day": one.day.isoformat(),
                    "sent": one.sent,
                    "late": one.late,
                    "failed": one.failed,
                    "quiet": one.quiet,
                }
                for one in self.days
            ],
            "lateness": late and {"median_s": late.median_s, "p95_s": late.p95_s, "worst_s": late.worst_s},
            "failures": self.failures,
            "schedules": [
                {
                    "id": one.id,
                    "place": f"{one.place.kind.value} {one.place.discord_id}",
                    "channel": one.channel_id,
                    "next": one.next_due.isoformat() if one.enabled and one.disabled_code is None else None,
                    "stopped": one.disabled_code,
                }
                for one in self.schedules
            ],
            "feeds": {
                state: sum(one.state == state for one in self.feeds) for state in {one.state for one in self.feeds}
            },
            "database": {name: getattr(self.size, name) for name in self.size.__slots__},
        }


def require_database(settings: Settings) -> None:
    """See that there is something to read.

    Raises:
        SetupError: there is no database yet.
    """
    if not settings.database.is_file():
        raise SetupError(
            f"There is no database in {settings.data} yet. Start the bot once; it makes one.", exit_code=66
        )


async def summarise(settings: Settings, now: datetime) -> Summary:
    """Gather it.

    Raises:
        SetupError: there is no database yet.
        StoreError: it can't be read.
    """
    require_database(settings)
    since = (now - timedelta(days=DAYS - 1)).replace(hour=0, minute=0, second=0, microsecond=0)
    async with await Store.open(settings.database, read_only=True) as store:
        look = store.overview
        return Summary(
            now=now,
            health=await ask_running(settings, "health"),
            days=_filled(await look.days(since), since.date()),
            lateness=await look.lateness(since),
            failures=await look.failures(since),
            schedules=await look.schedules(_MOST),
            feeds=await look.feeds(),
            size=await look.size(),
        )


def _filled(days: tuple[Day, ...], first: date) -> tuple[Day, ...]:
    """Give every day of the span, also those on which nothing was due."""
    known = {one.day: one for one in days}
    span = (first + timedelta(days=number) for number in range(DAYS))
    return tuple(known.get(day, Day(day, 0, 0, 0, 0)) for day in span)
