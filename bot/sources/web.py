"""The only place that makes HTTP requests: a polite, safe GET. The refresher, discovery and pages call it.

No cookies, no Referer, redirects followed by hand, every hop checked, everything capped in time and size.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from bot.clock import Clock
from bot.errors import SourceError, SourceFault
from bot.sources.addresses import AddressGuard, GuardedResolver
from bot.sources.answers import BodyReader, Fetched, Validators, check_status, fresh_s, validators
from bot.sources.pace import Pace
from bot.sources.resolving import SystemResolver

FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
MAX_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_CHUNK = 64 * 1024
_CANNOT_REACH = "it could not be reached"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """Time-outs in seconds: one connection, silence while reading, and the whole fetch with all its hops."""

    connect_s: float = 5.0
    read_s: float = 10.0
    total_s: float = 30.0


class Web:
    """A polite, safe GET. Open it inside a running loop, close it when done.

    Args:
        clock: paces hosts and reads dates.
        user_agent: "Dateline/VERSION (+contact URL)" without the closing note on subscribers.
        guard: the address rule; tests and operators allow exact private hosts through it.
        pace: turns per host; shared by all fetches.
        resolver: who resolves names before the guard looks at the answer; the system unless given.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        user_agent: str,
        guard: AddressGuard | None = None,
        pace: Pace | None = None,
        resolver: AbstractResolver | None = None,
        limits: Limits | None = None,
        is_off: bool = False,
    ) -> None:
        self._clock = clock
        self._user_agent = user_agent
        self._guard = guard or AddressGuard()
        self._pace = pace or Pace(clock)
        self._limits = limits or Limits()
        self._is_off = is_off
        self._session = self._open_session(resolver or SystemResolver())

    def _open_session(self, resolver: AbstractResolver) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._guard, resolver),
            socket_factory=self._guard.open_socket,
            limit=0,  # the pace counts
            ttl_dns_cache=60,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=self._limits.connect_s, sock_read=self._limits.read_s
            ),
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding"),
        )

    async def get(
        self,
        url: str,
        *,
        accept: str = FEED_TYPES,
        known: Validators | None = None,
        subscribers: int = 0,
        ask_first: Callable[[str], Awaitable[None]] | None = None,
    ) -> Fetched:
        """Fetch a URL.

        Args:
            url: http or https, public.
            accept: the Accept header.
            known: the validators of the last answer that parsed; sent back both.
            subscribers: how many places read it; the publisher is told.
            ask_first: called with each address before it is opened, the end of a redirect too; may raise SourceError.

        Raises:
            SourceError: whatever kept it from ending with 200 or 304, within the time limit.
        """
        target = asked = self._guard.check(url)
        if self._is_off:
            raise SourceError(SourceFault.UNREACHABLE, "fetching is turned off here")
        headers = self._headers(accept, known or Validators(), subscribers)
        left_s, is_permanent = self._limits.total_s, True
        for hop in range(MAX_HOPS + 1):
            if ask_first is not None:
                await ask_first(str(target))
            async with self._pace.turn(target.raw_host or ""):
                began = asyncio.get_running_loop().time()
                async with _translated(left_s):
                    answer = await self._one(target, headers)
                left_s -= asyncio.get_running_loop().time() - began
            if isinstance(answer, Fetched):
                return replace(answer, asked=str(asked), moved_to=str(target) if hop and is_permanent else None)
            is_permanent &= answer.status in _PERMANENT
            target = self._follow(target, answer.location)
        raise SourceError(SourceFault.REDIRECT, f"it redirects more than {MAX_HOPS} times")

    def _headers(self, accept: str, known: Validators, subscribers: int) -> dict[str, str]:
        count = f"; {subscribers} subscriber{'s' if subscribers != 1 else ''}" if subscribers else ""
        agent = self._user_agent
        headers = {
            "User-Agent": f"{agent[:-1]}{count})" if agent.endswith(")") else agent,
            "Accept": accept,
            "Accept-Encoding": "gzip, deflate",
        }
        if known.etag:
            headers["If-None-Match"] = known.etag
        if known.last_modified:
            headers["If-Modified-Since"] = known.last_modified
        return headers

    async def _one(self, target: URL, headers: Mapping[str, str]) -> "Fetched | _Redirect":
        async with self._session.get(target, headers=headers, allow_redirects=False) as response:
            if response.status in _REDIRECTS:
                return _Redirect(response.status, response.headers.get("Location", ""))
            now = self._clock.now()
            check_status(response.status, response.headers, now)
            body = b""
            if response.status != 304:
                reader = BodyReader(response.headers)
                async for chunk in response.content.iter_chunked(_CHUNK):
                    reader.feed(chunk)
                body = reader.finish()
            return Fetched(
                url=str(target),
                status=304 if response.status == 304 else 200,
                body=body,
                content_type=response.headers.get("Content-Type", "")[:256].encode("ascii", "ignore").decode(),
                validators=validators(response.headers),
                fresh_s=fresh_s(response.headers, now),
            )

    def _follow(self, target: URL, location: str) -> URL:
        try:
            following = self._guard.check(target.join(URL(location))) if location else None
        except ValueError as error:
            raise SourceError(SourceFault.REDIRECT, "it redirects to something that is no address") from error
        except SourceError as error:  # the same words as a closed door: what lies inside is nobody's business
            log.info("redirect refused", extra={"host": target.host, "fault": error.kind.value})
            raise SourceError(SourceFault.UNREACHABLE, _CANNOT_REACH) from error
        if following is None:
            raise SourceError(SourceFault.REDIRECT, "it redirects to nowhere")
        if target.scheme == "https" and following.scheme == "http":
            raise SourceError(SourceFault.REDIRECT, "it redirects from https to http")
        return following

    async def close(self) -> None:
        """Close all connections."""
        await self._session.close()

    async def __aenter__(self) -> Self:
        """Give the open client."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        await self.close()


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str


@asynccontextmanager
async def _translated(left_s: float) -> AsyncIterator[None]:
    """Turn what the client raises into SourceError, and end after `left_s`."""
    try:
        async with asyncio.timeout(max(0.0, left_s)):
            yield
    except SourceError as error:
        if error.kind is SourceFault.PRIVATE_ADDRESS:  # told apart by no one outside: see _follow
            raise SourceError(SourceFault.UNREACHABLE, _CANNOT_REACH) from error
        raise
    except TimeoutError as error:
        raise SourceError(SourceFault.TIMED_OUT, "it took too long to answer") from error
    except aiohttp.ClientPayloadError as error:
        raise SourceError(SourceFault.UNREACHABLE, "its answer broke off") from error
    except (aiohttp.ClientConnectorCertificateError, aiohttp.ClientConnectorSSLError) as error:
        raise SourceError(SourceFault.UNREACHABLE, "its certificate is not valid") from error
    except (aiohttp.ClientError, OSError, ValueError, RuntimeError) as error:
        raise SourceError(SourceFault.UNREACHABLE, _CANNOT_REACH) from error
