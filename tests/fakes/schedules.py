"""A schedule and a place that a test changes only where it cares."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from bot.domain.places import Place, PlaceKind, Schedule, TargetKind

SERVER = Place(id=1, kind=PlaceKind.SERVER, discord_id=500)
DUE = datetime(2026, 11, 22, 8, tzinfo=UTC)  # a Sunday

_USUAL = Schedule(
    id=0,
    key=b"8 bytes!",
    place=SERVER,
    channel_id=700,
    target=TargetKind.CHANNEL,
    local_time=time(8),
    zone="UTC",
    next_due=DUE,
    next_date=date(2026, 11, 22),
)


def a_schedule(**changes: Any) -> Schedule:
    """Give a schedule for 08:00 UTC, next on 22 November 2026."""
    return replace(_USUAL, **changes)
