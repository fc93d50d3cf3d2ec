"""How each message of the bot came to be: the requests that made and changed it, as they were sent.

The stand-in answers a request in one go, so a change of a message belongs to the request that began last. What
stood before the page was there is found by what the requests name: a message, an interaction, a nonce.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.loopback.changes import Change
from bot.loopback.server import Loopback
from bot.loopback.traffic import Request

Json = dict[str, Any]
CHANGES = frozenset({"MESSAGE_CREATE", "MESSAGE_UPDATE"})
KEPT = 2000


@dataclass(frozen=True, slots=True)
class Step:
    """One request that made or changed a message; `body` is the JSON as it was sent."""

    at: datetime
    route: str
    body: Json | None

    def json(self) -> Json:
        """Write it for the page; the body stays a text, because scripts round long numbers."""
        body = None if self.body is None else json.dumps(self.body, ensure_ascii=False, indent=2)
        return {"at": _milliseconds(self.at), "route": self.route, "body": body}


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)


class Records:
    """The steps of the newest messages."""

    def __init__(self, loopback: Loopback) -> None:
        self._bot_id = str(loopback.world.bot.id)
        self._steps: dict[int, list[Step]] = {}
        self._request: Request | None = None
        for request in loopback.traffic.requests:
            self._note(_named(loopback, request), request)
        self._stops: list[Callable[[], None]] = [
            loopback.traffic.listen(self._began),
            loopback.world.changes.listen(self._changed),
        ]

    def of(self, message_id: int) -> list[Step]:
        """Give the steps of a message, oldest first."""
        return list(self._steps.get(message_id, ()))

    def close(self) -> None:
        """Stop listening."""
        while self._stops:
            self._stops.pop()()

    def _began(self, request: Request) -> None:
        self._request = request

    def _changed(self, change: Change) -> None:
        if self._request is None or change.event not in CHANGES or change.data["author"]["id"] != self._bot_id:
            return
        self._note(int(change.data["id"]), self._request)

    def _note(self, message_id: int | None, request: Request) -> None:
        if message_id is None or request.method not in ("POST", "PATCH"):
            return
        body = request.body if isinstance(request.body, dict) else None
        self._steps.setdefault(message_id, []).append(Step(request.at, request.route, body))
        while len(self._steps) > KEPT:
            del self._steps[next(iter(self._steps))]


def _named(loopback: Loopback, request: Request) -> int | None:
    """Find which message a request of the past was about."""
    if request.status not in (200, 204):
        return None
    if "message_id" in request.params:
        return int(request.params["message_id"])
    if "token" in request.params:
        interaction = loopback.stand.interactions.by_token(request.params["token"])
        return interaction.original.id if interaction and interaction.original else None
    nonce = request.body.get("nonce") if isinstance(request.body, dict) else None
    return next((one.id for one in loopback.world.messages.all() if nonce and one.nonce == nonce), None)
