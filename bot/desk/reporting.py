"""Reporting: a member says that something is wrong with a story; it is counted, kept, and reaches the operator."""

import logging

from bot.clock import Clock
from bot.desk.cooldowns import Cooldowns
from bot.desk.reading import Reading
from bot.domain.answers import Reader
from bot.domain.stories import story_key
from bot.store.reports import Report
from bot.store.store import Store

log = logging.getLogger(__name__)

EVERY_S = 30.0  # by one member
EVERY_HERE_S = 2.0  # in one place
_LONGEST = 500


class Reporting:
    """The desk of *Report a problem*."""

    def __init__(self, store: Store, clock: Clock, reading: Reading) -> None:
        self._store = store
        self._clock = clock
        self._reading = reading
        self._cooldowns = Cooldowns(clock)

    async def report(self, reader: Reader, story_id: int, reason: str, detail: str) -> int:
        """Keep a report and write it to the log; give how many there are of the story.

        Raises:
            UserError: STORY_GONE, or COOLDOWN.
        """
        card = await self._reading.open(reader, story_id)
        self._cooldowns.take(("report", reader.user_id, EVERY_S), ("report here", reader.place.id, EVERY_HERE_S))
        words = " ".join(detail.split())[:_LONGEST]
        report = Report(0, card.story.id, card.story.title, reason, words, self._clock.now())
        count = await self._store.reports.add(reader.user_id, reader.place.id, report)
        key = story_key(card.story.id)
        log.warning("A story was reported", extra={"story": key, "reason": reason, "reports": count})
        return count
