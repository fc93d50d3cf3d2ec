"""A publisher on loopback: says what it is told to, and keeps what it was asked."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.clock import Clock, SimulatedClock
from bot.sources.addresses import AddressGuard
from bot.sources.pace import Pace
from bot.sources.web import Limits, Web

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
AGENT = "Dateline/0 (+https://example.org)"

Reply = web.StreamResponse | Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def answer(
    body: bytes | str = b"", status: int = 200, content_type: str = "application/rss+xml", **headers: str
) -> Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]:
    """Make a fresh response for each request; header names take _ for -."""

    async def give(request: web.BaseRequest) -> web.StreamResponse:
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=raw, status=status, headers={"Content-Type": content_type, **named})

    return give


async def never(request: web.BaseRequest) -> web.StreamResponse:
    """Take the request and say nothing."""
    await asyncio.Event().wait()
    raise AssertionError


@dataclass
class Publisher:
    """Answers by path; unknown paths get 404."""

    port: int = 0
    replies: dict[str, Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]] = field(default_factory=dict)
    asked: list[web.BaseRequest] = field(default_factory=list)

    def url(self, path: str = "/feed", host: str = "127.0.0.1") -> str:
        """Give the address of a path."""
        return f"http://{host}:{self.port}{path}"

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        self.asked.append(request)
        reply = self.replies.get(request.path_qs) or self.replies.get(request.path)
        return await reply(request) if reply else web.Response(status=404)

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [request.path_qs for request in self.asked]


@asynccontextmanager
async def publishing() -> AsyncIterator[Publisher]:
    """Serve on a free loopback port."""
    publisher = Publisher()
    runner = web.ServerRunner(web.Server(publisher.handle), handle_signals=False, shutdown_timeout=0.05)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    publisher.port = runner.addresses[0][1]
    try:
        yield publisher
    finally:
        await runner.cleanup()


class Names(AbstractResolver):
    """Resolves from a table; a list of lists gives a new answer each time."""

    def __init__(self, table: dict[str, list[list[str]]]) -> None:
        self.table = table
        self.asked: list[str] = []

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = socket.AF_UNSPEC,
    ) -> list[ResolveResult]:
        """Give the next answer for a name; an unknown name does not exist."""
        self.asked.append(host)
        answers = self.table.get(host)
        if not answers:
            raise OSError(f"no such name: {host}")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        """Nothing to close."""


def open_web(
    publisher: Publisher,
    *,
    clock: Clock | None = None,
    names: dict[str, list[list[str]]] | None = None,
    limits: Limits | None = None,
    gap_s: float = 0.0,
    hosts: tuple[str, ...] = (),
) -> Web:
    """Open the real client, allowed to reach this publisher only."""
    clock = clock or SimulatedClock(NOON)
    allowed = (f"127.0.0.1:{publisher.port}", *(f"{host}:{publisher.port}" for host in hosts))
    return Web(
        clock,
        user_agent=AGENT,
        guard=AddressGuard(allowed),
        pace=Pace(clock, gap_s=gap_s),
        resolver=Names(names or {}),
        limits=limits,
    )
