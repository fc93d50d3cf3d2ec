"""The sources of a place: what managers may do in `/newsdesk sources`. A source belongs to the place, not to a person.

Every method takes the place's id; whether who asks may manage it is checked before.
"""

from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from bot.desk.adding import Added, Adding
from bot.desk.cooldowns import Cooldowns
from bot.domain.answers import SettingChange
from bot.domain.feeds import SourceStatus
from bot.domain.managing import ListImport, SourcesPanel
from bot.domain.places import Place, SampleMode
from bot.domain.sources import SourceKind
from bot.domain.uploads import Upload
from bot.errors import Code, SourceError, UserError, WorkerError
from bot.ingest.refresh import Refresher, domain_of
from bot.ingest.visiting import Runner, guarded
from bot.sources import catalogue
from bot.sources.addresses import AddressGuard
from bot.sources.discovery import with_scheme
from bot.sources.opml import OpmlFeed, write_opml
from bot.store.store import Store

MOST_PER_PLACE = 50
LIST_BYTES = 1_000_000  # an OPML file of 2,000 feeds has 400 KB
PAGE = 10
CHECK_GAP_S = 300.0
_MEMBER_GAP_S = 10.0
_PLACE_GAP_S = 3.0


class Sources:
    """What a place reads, and how its managers change that."""

    def __init__(
        self,
        store: Store,
        adding: Adding,
        refresher: Refresher,
        runner: Runner,
        clock: Clock,
        *,
        guard: AddressGuard | None = None,
        most: int = MOST_PER_PLACE,
    ) -> None:
        self._store = store
        self._adding = adding
        self._refresher = refresher
        self._runner = runner
        self._clock = clock
        self._guard = guard or AddressGuard()
        self._most = most
        self._cooldowns = Cooldowns(clock)

    async def panel(self, place_id: int, *, page: int = 1, selected: int | None = None) -> SourcesPanel:
        """Give a page of what the place reads, with the packs and the limit."""
        everything = await self._store.subscriptions.of_place(place_id)
        pages = max(1, -(-len(everything) // PAGE))
        page = min(max(1, page), pages)
        shown = everything[(page - 1) * PAGE : page * PAGE]
        return SourcesPanel(
            sources=shown,
            limit=self._most,
            total=await self._store.subscriptions.count(place_id),
            packs=catalogue.packs(),
            chosen_packs=_packs_of(everything),
            selected=selected if any(status.source.id == selected for status in shown) else None,
            page=page,
            pages=pages,
        )

    async def add(self, place_id: int, user_id: int, typed: str) -> Added:
        """Add what an address leads to, and give a sample of it.

        Raises:
            UserError: COOLDOWN, LIMIT_REACHED, FEED_UNREADABLE or ADDRESS_PRIVATE.
        """
        self._cooldowns.take(("add", user_id, _MEMBER_GAP_S), ("add here", place_id, _PLACE_GAP_S))
        if await self._store.subscriptions.count(place_id) >= self._most:
            raise UserError(Code.LIMIT_REACHED, limit=self._most, what="sources")
        return await self._adding.add(typed, place_id=place_id, by=user_id)

    async def choose_packs(self, place_id: int, names: tuple[str, ...], by: int) -> int:
        """Have exactly these packs: add what is missing, remove what came with another; give how many are new.

        Raises:
            UserError: LIMIT_REACHED; nothing was changed.
        """
        own = await self._own(place_id)
        wanted = {listing.url: name for name in names for listing in catalogue.in_pack(name)}
        leaving = [status for url, status in own.items() if status.pack and url not in wanted]
        coming = [url for url in wanted if url not in own]
        if len(own) - len(leaving) + len(coming) > self._most:
            raise UserError(Code.LIMIT_REACHED, limit=self._most, what="sources")
        listed = [self._adding.listed(url, pack=wanted[url]) for url in coming]
        change = SettingChange(self._clock.now(), "packs", by, ", ".join(names))
        await self._adding.exchange(place_id, listed, [status.source.id for status in leaving], change)
        return len(coming)

    async def remove(self, place_id: int, source_id: int, by: int) -> None:
        """Read a source no longer here; its articles stay for others.

        Raises:
            UserError: UNKNOWN_SOURCE, when the place has not chosen it.
        """
        change = await self._change("source-removed", source_id, by)
        if not await self._store.subscriptions.remove(place_id, source_id, change.at, change):
            raise UserError(Code.UNKNOWN_SOURCE, text=str(source_id))

    async def set_paused(self, place_id: int, source_id: int, by: int, *, is_paused: bool) -> None:
        """Pause a source here, or go on with it.

        Raises:
            UserError: UNKNOWN_SOURCE, when the place has not chosen it.
        """
        change = await self._change("source-paused" if is_paused else "source-resumed", source_id, by)
        subscriptions, now = self._store.subscriptions, change.at
        if not await subscriptions.set_paused(place_id, source_id, now, is_paused=is_paused, change=change):
            raise UserError(Code.UNKNOWN_SOURCE, text=str(source_id))
        self._refresher.wake()

    async def _change(self, what: str, source_id: int, by: int) -> SettingChange:
        source = await self._store.sources.by_id(source_id)
        return SettingChange(self._clock.now(), what, by, source.title if source else "")

    async def check(self, place_id: int, source_id: int) -> SourceStatus:
        """Visit a source now, politely: conditional, and at most every five minutes; give how it does.

        Raises:
            UserError: UNKNOWN_SOURCE, or COOLDOWN.
        """
        status = await self._status(place_id, source_id)
        await check_now(self._store, self._refresher, self._clock, status)
        return await self._status(place_id, source_id)

    async def set_sample(self, place: Place, mode: SampleMode, by: int) -> Place:
        """Keep the bundled sample here, hide it, or let it give way by itself; give the place as it is then."""
        change = SettingChange(self._clock.now(), "sample", by)
        return await self._store.places.change(place.id, lambda before: replace(before, sample=mode), change)

    async def import_opml(self, place_id: int, user_id: int, file: Upload) -> ListImport:
        """Add every feed of a list, up to the limit; each is visited soon. A file too large is not even read.

        Raises:
            UserError: COOLDOWN, or FILE_UNREADABLE.
        """
        if file.size > LIST_BYTES:
            reason = f"it is larger than {LIST_BYTES // 1_000_000} MB"
            raise UserError(Code.FILE_UNREADABLE, name=file.name, reason=reason)
        self._cooldowns.take(("import", user_id, 60.0), ("import here", place_id, 30.0))
        listed = await read_list(self._runner, await file.read(), file.name)
        room = self._most - await self._store.subscriptions.count(place_id)
        own = await self._own(place_id)
        fresh, refused = sort_list(listed, self._guard, set(own))
        coming = [self._adding.listed(feed.url, feed.title) for feed in fresh[: max(0, room)]]
        if coming:
            change = SettingChange(self._clock.now(), "list-imported", user_id, file.name)
            await self._adding.exchange(place_id, coming, (), change)
        added = len(coming)
        known = len(listed) - len(fresh) - len(refused)
        return ListImport(added, known, refused, len(fresh) - added, self._most)

    async def export_opml(self, place_id: int) -> bytes:
        """Give the place's feeds as a list that any reader reads."""
        return as_opml(tuple((await self._own(place_id)).values()))

    async def _own(self, place_id: int) -> dict[str, SourceStatus]:
        everything = await self._store.subscriptions.of_place(place_id)
        return {status.source.url or status.source.name: status for status in everything if status.is_own}

    async def _status(self, place_id: int, source_id: int) -> SourceStatus:
        for status in await self._store.subscriptions.of_place(place_id):
            if status.source.id == source_id:
                return status
        raise UserError(Code.UNKNOWN_SOURCE, text=str(source_id))


async def check_now(store: Store, refresher: Refresher, clock: Clock, status: SourceStatus) -> None:
    """Visit a feed now unless it is too soon, or its publisher asked for a pause; documents need no visit.

    Raises:
        UserError: COOLDOWN, with the instant from which it may be visited.
    """
    if status.feed is None:
        return
    now = clock.now()
    held = await store.feeds.held_until(domain_of(status.feed.url), now)
    if held is not None:
        raise UserError(Code.COOLDOWN, retry_at=held)
    if status.feed.checked_at is not None and (now - status.feed.checked_at).total_seconds() < CHECK_GAP_S:
        raise UserError(Code.COOLDOWN, retry_at=status.feed.checked_at + timedelta(seconds=CHECK_GAP_S))
    await refresher.check(status.source.id)


async def read_list(runner: Runner, body: bytes, name: str) -> tuple[OpmlFeed, ...]:
    """Read an OPML file in the worker.

    Raises:
        UserError: FILE_UNREADABLE, with the file's name.
    """
    try:
        found = await guarded(runner, "read_opml", body)
    except SourceError as error:
        raise UserError(Code.FILE_UNREADABLE, name=name, reason=error.reason) from error
    except WorkerError as error:
        raise UserError(Code.FILE_UNREADABLE, name=name, reason="too much is going on, try again soon") from error
    return tuple(feed for feed in found if isinstance(feed, OpmlFeed)) if isinstance(found, tuple) else ()


def sort_list(
    listed: tuple[OpmlFeed, ...], guard: AddressGuard, known: set[str]
) -> tuple[list[OpmlFeed], tuple[str, ...]]:
    """Part a list into the feeds that are new and the addresses that may not be opened."""
    fresh: list[OpmlFeed] = []
    refused: list[str] = []
    seen: set[str] = set()
    for feed in listed:
        try:
            url = str(guard.check(with_scheme(feed.url)))
        except SourceError:
            refused.append(feed.url)
        else:
            if url not in known and url not in seen:
                fresh.append(replace(feed, url=url))
            seen.add(url)
    return fresh, tuple(refused)


def as_opml(chosen: tuple[SourceStatus, ...]) -> bytes:
    """Write the feeds among some sources as OPML, in folders by their packs."""
    feeds = (
        OpmlFeed(status.source.url or "", status.source.title, status.source.home_url, status.pack or "")
        for status in chosen
        if status.source.kind is SourceKind.FEED and status.source.url
    )
    return write_opml("Dateline", feeds)


def _packs_of(chosen: tuple[SourceStatus, ...]) -> tuple[str, ...]:
    mine = {status.pack for status in chosen if status.pack}
    return tuple(name for name in catalogue.packs() if name in mine)
