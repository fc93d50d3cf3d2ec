"""Shortcuts that bring a ledger into a state a test starts from."""

from datetime import datetime
from typing import Any

from bot.domain.answers import SettingChange
from bot.domain.deliveries import Composed, Delivery, Shown, freeze
from bot.domain.places import PlaceKind, Schedule
from bot.store.store import Store
from tests.fakes.schedules import DUE, a_schedule

SHOWN = (Shown(1, 11, "Lead headline", is_lead=True), Shown(2, 12, "Other headline"))


async def add_schedule(store: Store, guild: int = 500, **changes: Any) -> Schedule:
    """Store a schedule for 08:00 UTC, next on 22 November 2026."""
    place = await store.places.ensure(PlaceKind.SERVER, guild, DUE)
    changes.setdefault("key", f"{guild:08}".encode())
    return await store.schedules.add(a_schedule(place=place, **changes), SettingChange(DUE, "turned-on", 42))


async def claim_one(store: Store, now: datetime = DUE) -> Delivery:
    """Plan what is due and claim the only delivery that is ready."""
    await store.plans.plan_due(now)
    (delivery,) = await store.deliveries.claim(now)
    return delivery


async def send_one(store: Store, now: datetime = DUE, message_id: int = 9000) -> Delivery:
    """Plan, claim, freeze, try and mark one delivery as sent."""
    delivery = await claim_one(store, now)
    await store.deliveries.freeze(delivery, freeze(Composed("Text")), SHOWN, 1, now)
    await store.deliveries.record_try(delivery, 0, now)
    await store.deliveries.mark_sent(delivery, 0, message_id, delivery.channel_id, now)
    return delivery
