"""Tidying: what has had its time goes, in many short transactions, so that no write waits behind one long one."""

import logging
from datetime import datetime

from bot.clock import Clock
from bot.errors import StoreError
from bot.store.store import Store

log = logging.getLogger(__name__)

PAUSE_S = 0.1


async def tidy(store: Store, now: datetime, clock: Clock) -> None:
    """Let go of left places, old deliveries with their texts, and old changes of settings.

    Where the store refuses, it goes on tomorrow, or after the next start.
    """
    done = 0
    try:
        for purge in (store.places.purge, store.plans.purge, store.setting_changes.purge):
            while gone := await purge(now):
                done += gone
                await clock.sleep(PAUSE_S)
    except StoreError as error:
        log.warning("old rows were not all let go of: %s", error)
    if done:
        log.info("let go of %s old rows", done)
