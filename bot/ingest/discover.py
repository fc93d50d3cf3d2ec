"""Discovery: from an address that somebody typed to a feed that was really read. The desk calls it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.errors import SourceError, SourceFault
from bot.ingest.health import Answered
from bot.ingest.normalise import ReadFeed
from bot.ingest.visiting import Runner, digest_of, named_feeds, read
from bot.sources.answers import Fetched
from bot.sources.discovery import known_feeds, usual_feeds, with_scheme
from bot.sources.web import PAGE_TYPES, Web

MAX_TRIES = 10
_GO_ON = frozenset(
    {SourceFault.NOT_A_FEED, SourceFault.NOT_FOUND, SourceFault.UNPARSABLE, SourceFault.EMPTY, SourceFault.GONE}
)


@dataclass(frozen=True, slots=True)
class Discovered:
    """A feed and its first answer, so that it need not be fetched twice."""

    url: str
    read: ReadFeed
    outcome: Answered


async def discover(web: Web, runner: Runner, typed: str, now: datetime) -> Discovered:
    """Find the feed that a page's or a feed's address leads to.

    Raises:
        SourceError: there is none to be had; the reason is that of the address itself.
        WorkerError: the worker has no time now.
    """
    address = with_scheme(typed)
    followed = await _first(web, runner, known_feeds(address), MAX_TRIES, now)
    if followed is not None:
        return followed
    fetched = await _fetch(web, address, is_short="://" not in typed)
    try:
        return await _read(runner, fetched, now)
    except SourceError as error:
        if error.kind not in _GO_ON:
            raise
        named = await named_feeds(runner, fetched)
        for candidates, most in ((named, MAX_TRIES), (usual_feeds(fetched.url), MAX_TRIES - len(named))):
            found = await _first(web, runner, candidates, most, now)
            if found is not None:
                return found
        raise


async def _fetch(web: Web, address: str, *, is_short: bool) -> Fetched:
    """Fetch the typed address; where no scheme was typed and https does not answer, over http."""
    accept = f"application/rss+xml, application/atom+xml, application/feed+json, {PAGE_TYPES}"
    try:
        return await web.get(address, accept=accept)
    except SourceError as error:
        if not (is_short and error.kind is SourceFault.UNREACHABLE):
            raise
    return await web.get(address.replace("https://", "http://", 1), accept=accept)


async def _first(web: Web, runner: Runner, candidates: Iterable[str], most: int, now: datetime) -> Discovered | None:
    for url in list(candidates)[: max(0, most)]:
        try:
            fetched = await web.get(url)
            return await _read(runner, fetched, now)
        except SourceError as error:
            if error.kind in {SourceFault.RATE_LIMITED, SourceFault.REFUSED}:
                return None  # it does not want to be tried out
    return None


async def _read(runner: Runner, fetched: Fetched, now: datetime) -> Discovered:
    found = await read(runner, fetched, now)
    cadence = found.document.cadence
    answered = Answered(fetched.validators, digest_of(fetched.body), cadence, fetched.fresh_s, has_news=True)
    return Discovered(fetched.lasting_url, found, answered)
