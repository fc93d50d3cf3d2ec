"""Adding a source: the address is looked at, the feed read and kept, and a sample of it shown at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.clock import Clock
from bot.domain.answers import SettingChange
from bot.domain.filters import StoryFilter
from bot.domain.sources import Source, SourceKind, SourceState
from bot.errors import Code, SourceError, SourceFault, UserError, WorkerError
from bot.ingest.discover import Discovered, discover
from bot.ingest.refresh import Refresher, domain_of
from bot.ingest.visiting import Runner
from bot.sources.catalogue import by_url
from bot.sources.discovery import with_scheme
from bot.sources.web import Web
from bot.store.store import Store
from bot.store.subscriptions import NewSource

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Added:
    """A source that a place, or everyone, reads now."""

    source: Source
    headlines: tuple[str, ...]  # a sample, newest first
    stories: int
    is_new: bool  # it was not read here before


class Adding:
    """Makes feeds out of addresses. The place's limits and cooldowns are asked for by who calls it."""

    def __init__(self, store: Store, web: Web, runner: Runner, refresher: Refresher, clock: Clock) -> None:
        self._store = store
        self._web = web
        self._runner = runner
        self._refresher = refresher
        self._clock = clock

    async def add(self, typed: str, *, place_id: int | None, by: int | None = None) -> Added:
        """Add what an address leads to, for a place, or with None for every place; `by` is the manager who does.

        Raises:
            UserError: FEED_UNREADABLE or ADDRESS_PRIVATE, with the host.
        """
        known = await self._store.sources.by_name(with_scheme(typed))
        if known is None or known.kind is not SourceKind.FEED or known.state is SourceState.DISABLED:
            known = await self._read(typed)
        change = None if by is None else SettingChange(self._clock.now(), "source-added", by, known.title)
        is_new = await self._store.subscriptions.add(place_id, known.id, self._clock.now(), change)
        self._refresher.wake()
        return await self._shown(known, is_new=is_new)

    async def list_for_all(self, url: str, title: str = "") -> bool:
        """Have every place read a feed without looking at it first (packs, OPML); say whether it is new there.

        The refresher visits it soon; what is wrong with it shows in its state.
        """
        now, listed = self._clock.now(), self.listed(url, title)
        known = await self._store.feeds.register(listed.source, listed.domain, now)
        is_new = await self._store.subscriptions.add(None, known.id, now)
        self._refresher.wake()
        return is_new

    async def exchange(
        self, place_id: int, coming: Sequence[NewSource], leaving: Sequence[int], change: SettingChange
    ) -> int:
        """Have a place read some feeds, without looking at them first, and others no longer; give how many are new."""
        new = await self._store.subscriptions.exchange(place_id, coming, leaving, self._clock.now(), change)
        self._refresher.wake()
        return new

    def listed(self, url: str, title: str = "", pack: str | None = None) -> NewSource:
        """Give a feed as the catalogue knows it, else by the title it came with."""
        listing = by_url(url)
        source = Source(
            0,
            SourceKind.FEED,
            name=url,
            title=listing.title if listing else title or url,
            url=url,
            home_url=listing.home_url if listing else None,
            language=listing.language if listing else None,
            topic=listing.topic if listing else None,
        )
        return NewSource(source, domain_of(url), pack)

    async def _read(self, typed: str) -> Source:
        host = host_of(typed)
        try:
            found = await discover(self._web, self._runner, typed, self._clock.now())
        except SourceError as error:
            raise refused(error, host) from error
        except WorkerError as error:
            raise UserError(Code.FEED_UNREADABLE, host=host, reason="too much is going on, try again soon") from error
        return await self._keep(found)

    async def _keep(self, found: Discovered) -> Source:
        listing = by_url(found.url)
        source = Source(
            0,
            SourceKind.FEED,
            name=found.url,
            title=listing.title if listing else found.read.document.title or found.url,
            url=found.url,
            home_url=listing.home_url if listing else found.read.document.home_url,
            language=listing.language if listing else found.read.document.language,
            topic=listing.topic if listing else None,
        )
        kept = await self._store.feeds.register(source, domain_of(found.url), self._clock.now())
        feed = await self._store.feeds.by_id(kept.id)
        if feed is not None and (not feed.is_baselined or kept.state is SourceState.DISABLED):
            await self._refresher.adopt(kept, found.read, found.outcome)
        return kept

    async def _shown(self, source: Source, *, is_new: bool) -> Added:
        wanted = StoryFilter(source_ids=(source.id,))
        newest = await self._store.stories.newest(wanted, limit=SHOWN)
        counted = await self._store.stories.counts(wanted)
        return Added(source, tuple(story.title for story in newest), counted.stories, is_new)


def host_of(typed: str) -> str:
    """Give the host of what somebody typed, to name it in an answer."""
    return with_scheme(typed).split("://", 1)[1].split("/", 1)[0].rsplit("@", 1)[-1][:100]


def refused(error: SourceError, host: str) -> UserError:
    """Say why an address can't be read, in the codes that people see."""
    if error.kind is SourceFault.PRIVATE_ADDRESS:
        return UserError(Code.ADDRESS_PRIVATE, host=host)
    return UserError(Code.FEED_UNREADABLE, host=host, reason=error.reason)
