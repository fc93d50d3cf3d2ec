"""The stand-in itself: REST and gateway in one aiohttp server on a Unix socket (and a port of 127.0.0.1 if wanted).

    clock, world → Loopback.start → .connector() → Bot(connector=…)

Faults, rate limits and recording wrap every request here; what an endpoint does is in the `rest_*` modules.
"""

import asyncio
import json
import re
import secrets
import tempfile
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from hashlib import blake2s
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web

from bot.clock import Clock
from bot.loopback import problems, rest_commands, rest_interactions, rest_messages, rest_places
from bot.loopback.connect import LocalConnector, unix_connector
from bot.loopback.faults import Fault, Faults, Kind
from bot.loopback.gateway import Gateway
from bot.loopback.interactions import Interactions
from bot.loopback.people import People
from bot.loopback.problems import Problem
from bot.loopback.rates import Limited, Rates
from bot.loopback.rest import Answer, Call, Route, Stand, Upload
from bot.loopback.scenery import try_out
from bot.loopback.traffic import CALLBACK, Request, Traffic
from bot.loopback.world import World

Json = dict[str, Any]

ROUTES: tuple[Route, ...] = (
    *rest_places.ROUTES,
    *rest_commands.ROUTES,
    *rest_interactions.ROUTES,
    *rest_messages.ROUTES,
)
BODY_LIMIT = 32 * 1024 * 1024
BACKLOG = 4096  # asyncio takes a Unix socket whose queue is full for connected, and then fails to write
_ID = re.compile(r"\{(\w*_id)\}")
Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Loopback:
    """A running stand-in. Close the bot before it."""

    def __init__(self, clock: Clock, world: World, *, token: str | None = None, granted_intents: int = 0) -> None:
        self.clock = clock
        self.world = world
        self.token = token
        self.faults = Faults()
        self.rates = Rates(clock)
        self.traffic = Traffic()
        self.stand = Stand(world, Interactions(world.time))
        self.gateway = Gateway(world, token=token, granted_intents=granted_intents)
        self.people = People(world, self.stand.interactions, self.gateway, self.traffic, clock)
        self.socket_path: Path | None = None
        self.port: int | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()

    @classmethod
    async def start(
        cls,
        clock: Clock,
        world: World | None = None,
        socket_path: Path | None = None,
        *,
        tcp: bool = False,
        token: str | None = None,
        granted_intents: int = 0,
    ) -> Self:
        """Start a stand-in on a Unix socket (made in a temporary folder unless given); `tcp` adds a local port.

        `token` makes it refuse every other one; None takes any. `granted_intents` are the privileged intents
        that are switched on in the developer portal.
        """
        self = cls(clock, world or try_out(clock), token=token, granted_intents=granted_intents)
        if socket_path is None:
            self._folder = tempfile.TemporaryDirectory(prefix="loopback-")
            socket_path = Path(self._folder.name) / "discord.sock"
        self.socket_path = socket_path
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.UnixSite(self._runner, str(socket_path), backlog=BACKLOG).start()
        if tcp:
            await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=BACKLOG).start()
            self.port = int(self._runner.addresses[-1][1])
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    def connector(self) -> aiohttp.UnixConnector:
        """Make a connector for one client."""
        if self.socket_path is None:
            raise RuntimeError("the stand-in is not started")
        return unix_connector(self.socket_path)

    def tcp_connector(self) -> LocalConnector:
        """Make a connector for one client over 127.0.0.1."""
        if self.port is None:
            raise RuntimeError("the stand-in was started without tcp")
        return LocalConnector(self.port)

    async def close(self) -> None:
        """Close the gateway and the server; hanging requests are cut."""
        self._closing.set()
        await self.gateway.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._folder is not None:
            self._folder.cleanup()

    # The server

    def _application(self) -> web.Application:
        app = web.Application(client_max_size=BODY_LIMIT)
        for route in ROUTES:
            path = _ID.sub(r"{\1:\\d+}", route.template)
            app.router.add_route(route.method, f"/api/{{version:v\\d+}}{path}", self._handler(route))
        app.on_response_prepare.append(self._stamp)
        app.router.add_get("/attachments/{channel_id}/{attachment_id}/{name}", self._serve_file)
        app.router.add_get("/", self._serve_gateway)
        app.router.add_route("*", "/{anything:.*}", self._serve_unknown)
        return app

    async def _stamp(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Put the stand-in's time on whatever is answered, the gateway's handshake and files too."""
        response.headers["Date"] = self._date()

    async def _serve_gateway(self, request: web.Request) -> web.StreamResponse:
        if self.faults.outage is not None:
            if self.faults.outage.kind is Kind.RESET:
                return self._cut(request)
            return web.Response(status=self.faults.outage.status)
        return await self.gateway.serve(request)

    async def _serve_unknown(self, request: web.Request) -> web.StreamResponse:
        seen = Request(self.world.time.now(), request.method, request.path, {}, dict(request.query))
        self.traffic.begin(seen)
        self.traffic.end(seen, 404)
        return self._respond(Answer(problems.not_found().body(), 404))

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        wanted = int(request.match_info["attachment_id"])
        if upload := self.world.uploads.get(wanted):
            return web.Response(body=upload.content, content_type=upload.content_type)
        for message in self.world.messages.everything():
            for attachment in message.attachments:
                if attachment.id == wanted:
                    return web.Response(body=attachment.content, content_type=attachment.content_type)
        return web.Response(status=404)

    def _handler(self, route: Route) -> Handle:
        async def handle(request: web.Request) -> web.StreamResponse:
            seen, call = await self._read(route, request)
            self.traffic.begin(seen)
            status = 0
            try:
                response, status = await self._decide(route, request, seen, call)
                return response
            finally:
                self.traffic.end(seen, status)

        return handle

    async def _read(self, route: Route, request: web.Request) -> tuple[Request, Call | None]:
        params = {name: value for name, value in request.match_info.items() if name != "version"}
        query = dict(request.query)
        try:
            body, uploads = await _body(request)
        except ValueError:
            return Request(self.world.time.now(), route.method, route.template, params, query), None
        names = tuple(upload.name for upload in uploads)
        seen = Request(self.world.time.now(), route.method, route.template, params, query, body, names)
        if seen.route == CALLBACK or seen.template.startswith("/webhooks/"):
            self._note_response(seen)
        return seen, Call(params, query, body, uploads)

    def _note_response(self, seen: Request) -> None:
        interaction = self.stand.interactions.by_token(seen.params["token"])
        if interaction is not None and seen.spoken is not None:
            interaction.responses.append(seen.spoken)

    async def _decide(
        self, route: Route, request: web.Request, seen: Request, call: Call | None
    ) -> tuple[web.StreamResponse, int]:
        limited = self.rates.check(seen)
        if limited is not None:
            return self._limit(route, limited), 429
        fault = self.faults.pick(seen)
        if fault is not None and fault.when == "before":
            return await self._strike(route, request, fault)
        answer = self._answer(route, request, seen, call)
        if fault is not None:
            return await self._strike(route, request, fault)
        return self._respond(answer, route), answer.status

    def _answer(self, route: Route, request: web.Request, seen: Request, call: Call | None) -> Answer:
        try:
            if route.token:
                self._check_token(request)
            if call is None:
                raise problems.unreadable()
            return route.handler(self.stand, call)
        except Problem as problem:
            return self._refuse(seen, problem)
        except (AttributeError, KeyError, TypeError, ValueError) as error:  # a shape no client sends
            return self._refuse(seen, Problem(400, 50035, f"Invalid Form Body ({error!r})"))

    def _refuse(self, seen: Request, problem: Problem) -> Answer:
        if seen.route == CALLBACK:
            self._note_refusal(seen, problem)
        return Answer(problem.body(), problem.status)

    def _note_refusal(self, seen: Request, problem: Problem) -> None:
        interaction = self.stand.interactions.by_token(seen.params["token"])
        if interaction is not None and interaction.callback is None:
            interaction.refusal = json.dumps(problem.body())

    def _check_token(self, request: web.Request) -> None:
        given = request.headers.get("Authorization", "")
        if not given.startswith("Bot ") or (self.token is not None and given != f"Bot {self.token}"):
            raise problems.unauthorized()

    # Answers

    async def _strike(self, route: Route, request: web.Request, fault: Fault) -> tuple[web.StreamResponse, int]:
        if fault.kind is Kind.STATUS:
            return web.Response(status=fault.status, text="upstream error", headers=self._headers(route)), fault.status
        if fault.kind is Kind.REFUSE:
            body = Problem(fault.status, fault.code, fault.message).body()
            return self._respond(Answer(body, fault.status), route), fault.status
        if fault.kind is Kind.RESET:
            return self._cut(request), 0
        if fault.kind is Kind.HANG:
            await self._hang(fault.hang_s)
            return self._cut(request), 0
        limited = Limited(fault.retry_after_s, is_global=fault.kind is Kind.LIMIT_GLOBAL)
        return self._limit(route, limited, via=fault.kind is not Kind.LIMIT_WITHOUT_VIA), 429

    async def _hang(self, seconds: float) -> None:
        waits = [asyncio.ensure_future(self.clock.sleep(seconds)), asyncio.ensure_future(self._closing.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    @staticmethod
    def _cut(request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=502)

    def _limit(self, route: Route, limited: Limited, *, via: bool = True) -> web.Response:
        wait = round(limited.retry_after_s, 3)
        if not via:
            headers = {"Retry-After": str(max(1, int(wait)))}
            return web.Response(status=429, text="error code: 1015", headers=headers)
        body = {"message": "You are being rate limited.", "retry_after": wait, "global": limited.is_global}
        headers = self._headers(route) | {
            "Retry-After": str(wait),
            "X-RateLimit-Scope": "global" if limited.is_global else "user",
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset-After": str(wait),
        }
        if limited.is_global:
            headers["X-RateLimit-Global"] = "true"
        return _json_response(body, 429, headers)

    def _respond(self, answer: Answer, route: Route | None = None) -> web.Response:
        return _json_response(answer.json, answer.status, self._headers(route))

    def _headers(self, route: Route | None) -> dict[str, str]:
        headers = {"Via": "1.1 loopback"}
        if route is not None:
            bucket = blake2s(f"{route.method} {route.template}".encode(), digest_size=16).hexdigest()
            headers |= {
                "X-RateLimit-Bucket": bucket,
                "X-RateLimit-Limit": "1000",
                "X-RateLimit-Remaining": "999",
                "X-RateLimit-Reset": f"{self.world.time.now().timestamp() + 1:.3f}",
                "X-RateLimit-Reset-After": "1.000",
            }
        return headers

    def _date(self) -> str:
        return format_datetime(self.world.time.now(), usegmt=True)


def _json_response(body: object, status: int, headers: dict[str, str]) -> web.Response:
    if status == 204:
        return web.Response(status=204, headers=headers)
    text = json.dumps(body).encode()
    return web.Response(body=text, status=status, headers=headers | {"Content-Type": "application/json"})


async def _body(request: web.Request) -> tuple[Any, tuple[Upload, ...]]:
    if not request.can_read_body:
        return None, ()
    if not request.content_type.startswith("multipart/"):
        return json.loads(await request.read()), ()
    body: Any = None
    uploads: list[Upload] = []
    async for part in await request.multipart():
        if not isinstance(part, aiohttp.BodyPartReader):
            continue
        content = bytes(await part.read())
        if part.name == "payload_json":
            body = json.loads(content)
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            uploads.append(Upload(part.filename or part.name or secrets.token_hex(4), content, kind))
    return body, tuple(uploads)
