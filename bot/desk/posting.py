"""From an edition and its delivery to a posting: every fact that the frame of a briefing states."""

from datetime import datetime

from bot.domain.deliveries import Delivery
from bot.domain.due import upcoming
from bot.domain.editions import Edition
from bot.domain.places import Schedule, Style, TargetKind
from bot.domain.postings import Posting


def posting_of(edition: Edition, schedule: Schedule, delivery: Delivery, now: datetime) -> Posting:
    """Give the posting of a delivery; a preview makes one the same way."""
    coming = [firing.at for firing in upcoming(schedule, 2) if firing.at > now]
    settings = schedule.settings
    return Posting(
        edition=edition,
        local_date=delivery.local_date,
        marker=delivery.marker,
        posted_at=now,
        name=settings.name,
        style=Style.PLAIN if settings.publish else settings.style,  # a crosspost is not edited into cards
        due_at=delivery.due_at,
        is_late=not delivery.is_manual and delivery.is_late(now),
        next_at=min(coming, default=None),
        role_id=settings.role_id,
        is_direct=schedule.target is TargetKind.DM,
    )
