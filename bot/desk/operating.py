"""The operator's sources: what `dateline sources` does. What is added here is read by every place."""

from bot.clock import Clock
from bot.desk.adding import Added, Adding
from bot.desk.sources import check_now, read_list, sort_list
from bot.domain.feeds import SourceStatus
from bot.domain.managing import ListImport
from bot.errors import Code, UserError
from bot.ingest.refresh import Refresher
from bot.ingest.visiting import Runner
from bot.sources import catalogue
from bot.sources.addresses import AddressGuard
from bot.sources.discovery import with_scheme
from bot.store.store import Store


class OperatorSources:
    """Sources for everybody; named by id, address or title."""

    def __init__(
        self,
        store: Store,
        adding: Adding,
        refresher: Refresher,
        runner: Runner,
        clock: Clock,
        *,
        guard: AddressGuard | None = None,
    ) -> None:
        self._store = store
        self._adding = adding
        self._refresher = refresher
        self._runner = runner
        self._clock = clock
        self._guard = guard or AddressGuard()

    async def listed(self) -> tuple[SourceStatus, ...]:
        """Give every source there is."""
        return await self._store.subscriptions.overview()

    async def add(self, typed: str) -> Added:
        """Add what an address leads to, for every place.

        Raises:
            UserError: FEED_UNREADABLE or ADDRESS_PRIVATE.
        """
        return await self._adding.add(typed, place_id=None)

    async def add_pack(self, name: str) -> int:
        """Add a pack of the catalogue for every place; give how many are new.

        Raises:
            UserError: UNKNOWN_SOURCE, when there is no such pack.
        """
        found = next((pack for pack in catalogue.packs() if pack.casefold() == name.casefold()), None)
        if found is None:
            raise UserError(Code.UNKNOWN_SOURCE, text=name)
        added = [await self._adding.list_for_all(one.url) for one in catalogue.in_pack(found)]
        return sum(added)

    async def remove(self, named: str) -> SourceStatus:
        """Let places no longer read a source unless they chose it themselves; its articles stay.

        Raises:
            UserError: UNKNOWN_SOURCE.
        """
        status = await self.find(named)
        await self._store.subscriptions.remove_for_all(status.source.id, self._clock.now())
        return status

    async def check(self, named: str) -> SourceStatus:
        """Visit a source now and give how it does.

        Raises:
            UserError: UNKNOWN_SOURCE, or COOLDOWN.
        """
        status = await self.find(named)
        await check_now(self._store, self._refresher, self._clock, status)
        return await self.find(str(status.source.id))

    async def import_opml(self, body: bytes, name: str) -> ListImport:
        """Add every feed of a list for every place.

        Raises:
            UserError: FILE_UNREADABLE.
        """
        listed = await read_list(self._runner, body, name)
        known = {status.source.url or "" for status in await self.listed() if status.feed and status.feed.readers}
        fresh, refused = sort_list(listed, self._guard, known)
        for feed in fresh:
            await self._adding.list_for_all(feed.url, feed.title)
        return ListImport(len(fresh), len(listed) - len(fresh) - len(refused), refused)

    async def find(self, named: str) -> SourceStatus:
        """Find a source by its id, address or title.

        Raises:
            UserError: UNKNOWN_SOURCE.
        """
        wanted = named.strip()
        for status in await self.listed():
            source = status.source
            names = {str(source.id), source.name, source.url, source.title.casefold()}
            if names & {wanted, with_scheme(wanted), wanted.casefold()}:
                return status
        raise UserError(Code.UNKNOWN_SOURCE, text=wanted)
