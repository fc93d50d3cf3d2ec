"""Recall: what members were just shown, so that "3" and "next page" mean something, also after a restart.

It is collected in memory and written down every few seconds in one transaction: a list must not wait for the disk.
"""

import logging
import secrets
from collections import OrderedDict
from collections.abc import Sequence
from typing import NoReturn

from bot.clock import Clock
from bot.domain.answers import Reader
from bot.errors import StoreError
from bot.store.members import KeptSearch, Members, Owner, Rows, Use

log = logging.getLogger(__name__)

MAX_ROWS = 25
_KEEP_EVERY_S = 5.0
_PURGE_EVERY_S = 3_600.0
_REMEMBERED = 2_000  # members, and searches, in memory; older ones are read from the store
_MAX_WORDS = 200


class Recall:
    """Last lists, searches and counts of use. `run` writes them down; `flush` does so at once."""

    def __init__(self, members: Members, clock: Clock) -> None:
        self._members = members
        self._clock = clock
        self._lists: OrderedDict[Owner, Rows] = OrderedDict()
        self._searches: OrderedDict[int, KeptSearch] = OrderedDict()
        self._new_lists: set[Owner] = set()
        self._new_searches: list[KeptSearch] = []
        self._new_uses: dict[int, Use] = {}

    def listed(self, reader: Reader, story_ids: Sequence[int], first_row: int = 1) -> None:
        """Note the rows a member sees: a first page begins anew, a later page joins what was listed before it."""
        owner = (reader.user_id, reader.place.id)
        known = self._lists.get(owner) if first_row > 1 else None
        rows = list(known.story_ids if known else ())[:MAX_ROWS]
        rows += [0] * (first_row - 1 + len(story_ids) - len(rows))
        rows[first_row - 1 : first_row - 1 + len(story_ids)] = story_ids
        self._lists[owner] = Rows(tuple(rows[:MAX_ROWS]), self._clock.now())
        self._lists.move_to_end(owner)
        self._new_lists.add(owner)

    async def row(self, reader: Reader, number: int) -> int | None:
        """Give the id of the story that stood in a row of the member's last list here."""
        owner = (reader.user_id, reader.place.id)
        rows = self._lists.get(owner) or await self._members.last_list(*owner)
        if rows is None or not 1 <= number <= len(rows.story_ids):
            return None
        return rows.story_ids[number - 1] or None

    def searched(self, reader: Reader, words: str) -> int:
        """Keep a search's words and give the number by which they are found again."""
        search = KeptSearch(secrets.randbits(48), reader.user_id, words[:_MAX_WORDS], self._clock.now())
        self._searches[search.id] = search
        self._new_searches.append(search)
        return search.id

    async def words(self, search_id: int) -> str | None:
        """Give the words of a kept search; None when it is gone."""
        search = self._searches.get(search_id) or await self._members.kept_search(search_id)
        return search.words if search else None

    def opened(self, message_id: int) -> None:
        """Count that a story was opened from a message; by whom is not kept."""
        use = self._new_uses.get(message_id, Use())
        self._new_uses[message_id] = Use(use.opens + 1, use.shares)

    def shared(self, message_id: int) -> None:
        """Count that a story was shared from a message."""
        use = self._new_uses.get(message_id, Use())
        self._new_uses[message_id] = Use(use.opens, use.shares + 1)

    async def flush(self) -> None:
        """Write down what was collected; on failure it stays for the next time."""
        lists = {owner: self._lists[owner] for owner in self._new_lists if owner in self._lists}
        searches, uses = self._new_searches, self._new_uses
        if not (lists or searches or uses):
            return
        self._new_lists, self._new_searches, self._new_uses = set(), [], {}
        try:
            await self._members.keep(lists, searches, uses, self._clock.now())
        except StoreError:
            self._new_lists |= set(lists)
            self._new_searches = searches + self._new_searches
            for message_id, use in uses.items():
                now = self._new_uses.get(message_id, Use())
                self._new_uses[message_id] = Use(now.opens + use.opens, now.shares + use.shares)
            raise
        while len(self._lists) > _REMEMBERED:
            self._lists.popitem(last=False)
        while len(self._searches) > _REMEMBERED:
            self._searches.popitem(last=False)

    async def run(self) -> NoReturn:
        """Write down every few seconds, and every hour drop what is old, for as long as the bot runs."""
        purge_at = self._clock.monotonic()
        told = ""
        while True:
            await self._clock.sleep(_KEEP_EVERY_S)
            try:
                await self.flush()
                if self._clock.monotonic() >= purge_at:
                    while await self._members.purge(self._clock.now()):
                        """Piece by piece, so that no other write waits."""
                    purge_at = self._clock.monotonic() + _PURGE_EVERY_S
            except StoreError as error:
                if str(error) != told:
                    log.warning("What members were shown was not written down yet", extra={"why": str(error)})
                told = str(error)
            else:
                told = ""

    def forget_person(self, user_id: int) -> None:
        """Forget a member at once, also what was not written down yet."""
        for owner in [owner for owner in self._lists if owner[0] == user_id]:
            del self._lists[owner]
        for search_id in [one.id for one in self._searches.values() if one.user_id == user_id]:
            del self._searches[search_id]
        self._new_searches = [one for one in self._new_searches if one.user_id != user_id]
