"""The page's server: one aiohttp application on 127.0.0.1, everything under a random key.

    Loopback, clock → Page.start → the address to open

The event stream carries the whole state first and then each change, so a page that reconnects needs nothing else.
"""

import asyncio
import json
import mimetypes
import os
from collections.abc import Awaitable, Callable
from importlib import resources
from typing import Any, Self

from aiohttp import web

from bot.errors import SetupError
from bot.loopback.changes import Change
from bot.loopback.entry import CannotDoError
from bot.loopback.page import guard, view
from bot.loopback.page.actions import Actions
from bot.loopback.page.leap import Idle, MovableClock, leap, read_leap
from bot.loopback.page.records import Records
from bot.loopback.server import Loopback

Json = dict[str, Any]
Handle = Callable[[web.Request], Awaitable[web.StreamResponse]]
FILES = resources.files("bot.loopback.page") / "static"
TYPES = {"css": "text/css", "html": "text/html", "js": "text/javascript", "svg": "image/svg+xml"}
PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
BODY_LIMIT = 256 * 1024
BREATH_S = 0.003


def load_files() -> dict[str, bytes]:
    """Read the page's files, all of them: name → content."""
    return {file.name: file.read_bytes() for file in FILES.iterdir() if file.name.partition(".")[2] in TYPES}


class Page:
    """A page on a running stand-in. Close it before the stand-in."""

    def __init__(
        self, loopback: Loopback, clock: MovableClock, *, person: str, channel: str, idle: Idle | None = None
    ) -> None:
        self.loopback = loopback
        self.key = guard.new_key()
        self.port = 0
        self.actions = Actions(loopback)
        self._clock = clock
        self._idle = idle or self._quiet
        self._opening = {"person": person, "channel": channel}
        self._records = Records(loopback)
        self._files = load_files()
        self._queues: set[asyncio.Queue[Json | None]] = set()
        self._leaping = asyncio.Lock()
        self._stop = loopback.world.changes.listen(self._changed)
        self._runner: web.AppRunner | None = None

    @classmethod
    async def start(
        cls,
        loopback: Loopback,
        clock: MovableClock,
        *,
        port: int = 0,
        person: str = "admin",
        channel: str = "news",
        idle: Idle | None = None,
    ) -> Self:
        """Serve the page on `port` (0: a free one); `person` and `channel` are what it opens with.

        While the clock is moved ahead, `idle` waits until the bot has done what came due (without it: until it has
        asked the stand-in nothing for a moment).

        Raises:
            SetupError: the port is taken, or not to be had.
        """
        self = cls(loopback, clock, person=person, channel=channel, idle=idle)
        application = web.Application(client_max_size=BODY_LIMIT, middlewares=[self._guard])
        application.router.add_get("/{key}/events", self._events)
        application.router.add_get("/{key}/forms/{number}", self._form)
        application.router.add_get("/{key}/files/{message}/{file}", self._attachment)
        application.router.add_get("/{key}/{file:[a-z.]*}", self._file)
        application.router.add_post("/{key}/act/{name}", self._act)
        application.router.add_post("/{key}/clock", self._move_clock)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise SetupError(
                f"The page can’t have port {port} ({os.strerror(error.errno or 0)}). Choose another with --port, or "
                "leave it out for a free one.",
                exit_code=74,
            ) from error
        self.port = int(self._runner.addresses[0][1])
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    @property
    def url(self) -> str:
        """The address to open, with its key."""
        return f"http://127.0.0.1:{self.port}/{self.key}/"

    async def close(self) -> None:
        """End the streams and the server."""
        self._stop()
        self._records.close()
        for queue in self._queues:
            queue.put_nowait(None)
        if self._runner is not None:
            await self._runner.cleanup()

    # What is served

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handle) -> web.StreamResponse:
        reason = guard.refuse_reason(request.method, request.headers)
        if reason is not None:
            return _refusal(403, reason)
        if not guard.is_key(request.path.split("/")[1], self.key):
            return _refusal(404, "The address needs its key: open the one that was printed when try mode started.")
        try:
            response = await handler(request)
        except web.HTTPException as error:
            return _refusal(error.status, error.reason)
        if not response.prepared:
            response.headers.update(guard.HEADERS)
        return response

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["file"] or "index.html"
        content = self._files.get(name)
        if content is None:
            return _refusal(404, "There is no such file.")
        return web.Response(body=content, content_type=TYPES[name.partition(".")[2]], charset="utf-8")

    async def _attachment(self, request: web.Request) -> web.StreamResponse:
        for message in self.loopback.world.messages.everything():
            for attachment in message.attachments if str(message.id) == request.match_info["message"] else ():
                if attachment.name == request.match_info["file"]:
                    return web.Response(body=attachment.content, headers=_file_headers(attachment.name))
        return _refusal(404, "There is no such file.")

    async def _form(self, request: web.Request) -> web.StreamResponse:
        opened = self.actions.form(request.match_info["number"])
        if opened is None:
            return _refusal(404, "That form is closed.")
        channel, user = str(opened.interaction.channel.id), str(opened.interaction.user.id)
        return web.json_response({"modal": view.with_text_ids(opened.modal), "channel": channel, "user": user})

    async def _act(self, request: web.Request) -> web.StreamResponse:
        try:
            told = await self.actions.do(request.match_info["name"], await _body(request))
        except CannotDoError as error:
            return web.json_response({"error": error.sentence}, status=409)
        return _refusal(404, "There is no such action.") if told is None else web.json_response(told)

    # The clock

    async def _move_clock(self, request: web.Request) -> web.StreamResponse:
        by = read_leap(await _body(request))
        if by is None:
            return web.json_response({"error": "The clock moves ahead only, by eight days at most."}, status=409)
        async with self._leaping:
            await leap(self._clock, by, lambda: self._tell(self._time(leaping=True)), self._idle)
        self._tell(self._time())
        return web.json_response({"error": None})

    async def _quiet(self) -> bool:
        return await self.loopback.traffic.quiet(BREATH_S, at_most_s=2.0)

    def _time(self, *, leaping: bool = False) -> Json:
        return {"kind": "clock", "now": int(self._clock.now().timestamp() * 1000), "leaping": leaping}

    # The event stream

    async def _events(self, request: web.Request) -> web.StreamResponse:
        queue: asyncio.Queue[Json | None] = asyncio.Queue()
        queue.put_nowait(self._state())
        self._queues.add(queue)  # before anything is awaited: no change falls between the state and the stream
        response = web.StreamResponse(headers=guard.HEADERS | {"Content-Type": "text/event-stream"})
        try:
            await response.prepare(request)
            while (event := await queue.get()) is not None:
                await response.write(f"data: {json.dumps(event)}\n\n".encode())
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._queues.discard(queue)
        return response

    def _state(self) -> Json:
        everything = sorted(self.loopback.world.messages.everything(), key=lambda message: message.id)
        return {
            "kind": "state",
            "clock": self._time(leaping=self._leaping.locked()),
            "opening": self._opening,
            "places": view.places(self.loopback.world),
            "messages": [view.message(message, self._records.of(message.id)) for message in everything],
        }

    def _tell(self, event: Json) -> None:
        for queue in self._queues:
            queue.put_nowait(event)

    def _changed(self, change: Change) -> None:
        if not self._queues:
            return
        if not change.event.startswith("MESSAGE"):
            self._tell({"kind": "places", "places": view.places(self.loopback.world)})
            return
        world, number = self.loopback.world, int(change.data["id"])
        standing = world.messages.find(world.channels[int(change.data["channel_id"])], number)
        standing = standing or world.messages.find_private(number)
        if standing is None:
            self._tell({"kind": "gone", "id": str(number)})
        else:
            self._tell({"kind": "message", "message": view.message(standing, self._records.of(number))})


def _refusal(status: int, sentence: str) -> web.Response:
    return web.Response(status=status, text=f"{sentence}\n", headers=guard.HEADERS)


def _file_headers(name: str) -> dict[str, str]:
    """Pictures are shown; whatever else a message carries is only ever saved. The name says the type: uploads don't."""
    kind, _ = mimetypes.guess_type(name)
    if kind in PICTURES:
        return {"Content-Type": kind}
    return {"Content-Type": "application/octet-stream", "Content-Disposition": "attachment"}


async def _body(request: web.Request) -> object:
    try:
        return await request.json()
    except ValueError:
        return None
