"""One visit to a feed: fetch, read in the worker, and say what came of it. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from bot.domain.feeds import Feed
from bot.errors import SourceError, SourceFault, WorkerError, WorkerFault
from bot.ingest.health import Answered, Failed, is_to_be_told
from bot.ingest.normalise import ReadFeed
from bot.sources.answers import Fetched, Validators
from bot.sources.discovery import FoundFeed
from bot.sources.web import Web


class Runner(Protocol):
    """Does slow or dangerous work by name in another process; `bot.worker.pool.WorkerPool` is one."""

    async def run(self, job: str, /, *arguments: object) -> object:
        """Do one job and give its result."""
        ...


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of a visit; `read` is None when there is nothing new to take in."""

    outcome: Answered | Failed
    read: ReadFeed | None = None


async def visit(web: Web, runner: Runner, feed: Feed, now: datetime) -> Visit:
    """Ask a feed's publisher for what is new.

    Raises:
        WorkerError: the worker has no time now; nothing is known about the feed.
    """
    fetched: Fetched | None = None
    try:
        fetched = await web.get(feed.url, known=Validators(feed.etag, feed.last_modified), subscribers=feed.readers)
        body_hash = None if fetched.is_unchanged else digest_of(fetched.body)
        is_same = body_hash is None or body_hash == feed.body_hash
        found = None if is_same else await read(runner, fetched, now)
    except SourceError as error:
        named = () if fetched is None or not is_to_be_told(feed) else await named_feeds(runner, fetched, error.kind)
        named_feed = next((url for url in named if url != feed.url), None)
        return Visit(Failed(error.kind, error.reason, error.retry_after_s, named_feed))
    answered = Answered(
        validators=fetched.validators,
        body_hash=body_hash,
        cadence=found.document.cadence if found else None,
        fresh_s=fetched.fresh_s,
        moved_to=fetched.moved_to,
    )
    return Visit(answered, found)


async def read(runner: Runner, fetched: Fetched, now: datetime) -> ReadFeed:
    """Have a body read as a feed.

    Raises:
        SourceError: it is none, or reading it took too much time or memory.
        WorkerError: the worker has no time now.
    """
    found = await guarded(runner, "read_feed", fetched.body, fetched.url, fetched.content_type, now)
    assert isinstance(found, ReadFeed)  # noqa: S101 - the worker's wire lets nothing else through
    return found


async def named_feeds(runner: Runner, fetched: Fetched, fault: SourceFault = SourceFault.NOT_A_FEED) -> tuple[str, ...]:
    """Give the feeds that a page names, where a page came instead of a feed.

    Raises:
        WorkerError: the worker has no time now.
    """
    if fault is not SourceFault.NOT_A_FEED:
        return ()
    try:
        found = await guarded(runner, "find_feeds", fetched.body, fetched.url)
    except SourceError:
        return ()
    assert isinstance(found, tuple)  # noqa: S101 - the worker's wire lets only our values through
    return tuple(feed.url for feed in found if isinstance(feed, FoundFeed))


async def guarded(runner: Runner, job: str, *arguments: object) -> object:
    """Do a job on bytes from outside; what hangs or kills the worker is the bytes' fault.

    Raises:
        SourceError: the bytes can't be read.
        WorkerError: the worker has no time now.
    """
    try:
        return await runner.run(job, *arguments)
    except WorkerError as error:
        if error.kind in {WorkerFault.BUSY, WorkerFault.CLOSED}:
            raise
        raise SourceError(SourceFault.UNPARSABLE, "it takes too much time or memory to read") from error


def digest_of(body: bytes) -> str:
    """Give the hash by which an unchanged body is known."""
    return sha256(body).hexdigest()[:32]


def choose(due: Sequence[Feed], busy: dict[str, int], room: int, per_host: int = 2) -> list[Feed]:
    """Pick the feeds to visit now: the longest waiting first, few of one publisher, so that none holds up the rest."""
    counts = dict(busy)
    chosen: list[Feed] = []
    for feed in due:
        if len(chosen) >= room:
            break
        if counts.get(feed.domain, 0) < per_host:
            counts[feed.domain] = counts.get(feed.domain, 0) + 1
            chosen.append(feed)
    return chosen
