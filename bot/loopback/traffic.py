"""What the bot asked of the stand-in: each request with its answer's status, in order, and how many are in flight."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

KEPT = 5_000
CALLBACK = "POST /interactions/{interaction_id}/{token}/callback"
CREATE = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
HISTORY = "GET /channels/{channel_id}/messages"
CROSSPOST = "POST /channels/{channel_id}/messages/{message_id}/crosspost"
FOLLOW_UP = "POST /webhooks/{application_id}/{token}"
FOLLOW_UP_EDIT = "PATCH /webhooks/{application_id}/{token}/messages/{message}"
START_THREAD = "POST /channels/{channel_id}/threads"
CHANGE_CHANNEL = "PATCH /channels/{channel_id}"
OPEN_THREADS = "GET /guilds/{guild_id}/threads/active"
ARCHIVED_THREADS = "GET /channels/{channel_id}/threads/archived/public"
SYNC = "PUT /applications/{application_id}/commands"
OPEN_DM = "POST /users/@me/channels"


@dataclass(slots=True)
class Request:
    """One request of the bot. `status` is None until it is answered, and 0 when the answer was lost on purpose."""

    at: datetime
    method: str
    template: str
    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: tuple[str, ...] = ()
    status: int | None = None

    @property
    def route(self) -> str:
        """Method and template, such as `POST /channels/{channel_id}/messages`."""
        return f"{self.method} {self.template}"

    @property
    def spoken(self) -> dict[str, Any] | None:
        """The body if it says something to people: an interaction answer, a message, an edit; None otherwise."""
        if not isinstance(self.body, dict):
            return None
        if self.route in (CALLBACK, CREATE, EDIT, FOLLOW_UP, FOLLOW_UP_EDIT):
            return self.body
        message = self.body.get("message")
        return message if self.route == START_THREAD and isinstance(message, dict) else None


class Traffic:
    """The requests so far (the newest `kept`) and how many are in flight."""

    def __init__(self, kept: int = KEPT) -> None:
        self.requests: deque[Request] = deque(maxlen=kept)
        self.statuses: Counter[int] = Counter()
        self.in_flight = 0
        self.total = 0
        self._listeners: list[Callable[[Request], None]] = []
        self._stirred = asyncio.Event()

    def listen(self, listener: Callable[[Request], None]) -> Callable[[], None]:
        """Call `listener` with each request once its body is read; the function returned ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def begin(self, request: Request) -> None:
        """Note a request that came in."""
        self.total += 1
        self.in_flight += 1
        self.requests.append(request)
        self._stirred.set()
        for listener in tuple(self._listeners):
            listener(request)

    def end(self, request: Request, status: int) -> None:
        """Note how a request was answered; status 0 means the answer was lost."""
        request.status = status
        self.statuses[status] += 1
        self.in_flight -= 1
        self._stirred.set()

    @property
    def invalid(self) -> int:
        """How many answers count as invalid requests for Discord's ban: 401, 403, 429."""
        return self.statuses[401] + self.statuses[403] + self.statuses[429]

    def of(self, route: str) -> list[Request]:
        """List the requests of one route."""
        return [request for request in self.requests if request.route == route]

    async def quiet(self, for_s: float, *, at_most_s: float = 5.0) -> bool:
        """Wait until nothing has been asked for `for_s` real seconds; False when that took longer than allowed."""
        loop = asyncio.get_running_loop()
        end = loop.time() + at_most_s
        while loop.time() < end:
            self._stirred.clear()
            stirred = asyncio.ensure_future(self._stirred.wait())
            done, _ = await asyncio.wait({stirred}, timeout=for_s)
            stirred.cancel()
            if not done and not self.in_flight:
                return True
        return False
