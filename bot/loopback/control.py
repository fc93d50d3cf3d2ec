"""The control channel of a stand-in in its own process: one JSON object a line in, one out, over a Unix socket.

{"do": "storm", "seed": 7, "rate": 0.3}   {"do": "messages"}   {"do": "invoke", "who": "member", …}
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.loopback.entry import CannotDoError
from bot.loopback.faults import Fault, Kind
from bot.loopback.permissions import Overwrite, Permission
from bot.loopback.server import Loopback

Json = dict[str, Any]
Deed = Callable[[Loopback, Json], Any]


def _world(loopback: Loopback, _ask: Json) -> Json:
    world = loopback.world
    return {
        "users": {user.name: str(user.id) for user in world.users.values()},
        "channels": [
            {"id": str(c.id), "name": c.name, "guild": str(c.guild_id), "kind": int(c.kind)}
            for c in world.channels.values()
            if c.guild_id
        ],
    }


def _stats(loopback: Loopback, _ask: Json) -> Json:
    traffic, gateway = loopback.traffic, loopback.gateway
    return {
        "requests": traffic.total,
        "statuses": {str(status): count for status, count in traffic.statuses.items()},
        "in_flight": traffic.in_flight,
        "invalid": traffic.invalid,
        "faults": loopback.faults.struck,
        "refused_by_rate": loopback.rates.refused,
        "connected": gateway.is_connected,
        "identifies": gateway.identifies,
        "resumes": gateway.resumes,
        "messages": len(loopback.world.messages.all()),
    }


def _messages(loopback: Loopback, ask: Json) -> list[Json]:
    wanted = str(ask.get("channel", ""))
    return [m.json() for m in loopback.world.messages.all() if not wanted or str(m.channel.id) == wanted]


def _fault(loopback: Loopback, ask: Json) -> None:
    about = {name: value for name, value in ask.items() if name not in ("do", "kind", "route")}
    loopback.faults.add(Fault(Kind(ask["kind"]), ask.get("route"), **about))


def _overwrite(loopback: Loopback, ask: Json) -> None:
    channel = loopback.world.channels[int(ask["channel"])]
    guild = loopback.world.guilds[channel.guild_id or 0]
    allow, deny = Permission(int(ask.get("allow", 0))), Permission(int(ask.get("deny", 0)))
    loopback.world.set_overwrite(channel, Overwrite(loopback.world.bot_role(guild).id, allow, deny))


def _skew(loopback: Loopback, ask: Json) -> None:
    loopback.world.time.skew = timedelta(seconds=float(ask["seconds"]))


def _nonce_window(loopback: Loopback, ask: Json) -> None:
    loopback.world.messages.nonce_window_s = float(ask["seconds"])


async def _invoke(loopback: Loopback, ask: Json) -> Json:
    exchange = await loopback.people.invoke(ask["who"], ask["where"], ask["command"], ask.get("options"))
    await loopback.people.settle(exchange)
    return {"error": exchange.error, "latency_s": exchange.latency_s, "responses": exchange.responses}


DEEDS: dict[str, Deed] = {
    "world": _world,
    "stats": _stats,
    "messages": _messages,
    "fault": _fault,
    "storm": lambda loopback, ask: loopback.faults.storm(int(ask["seed"]), float(ask["rate"])),
    "clear": lambda loopback, _ask: loopback.faults.clear(),
    "down": lambda loopback, ask: loopback.faults.down(status=int(ask.get("status", 503))),
    "up": lambda loopback, _ask: loopback.faults.up(),
    "drop": lambda loopback, _ask: loopback.gateway.drop(),
    "skew": _skew,
    "nonce_window": _nonce_window,
    "overwrite": _overwrite,
    "remove_channel": lambda loopback, ask: loopback.world.remove_channel(loopback.world.channels[int(ask["channel"])]),
    "invoke": _invoke,
}


class Control:
    """Listens on the control socket; `stopped` is set when somebody asked the stand-in to stop."""

    def __init__(self, loopback: Loopback) -> None:
        self._loopback = loopback
        self._server: asyncio.Server | None = None
        self.stopped = asyncio.Event()

    async def start(self, path: Path) -> None:
        """Begin to listen."""
        self._server = await asyncio.start_unix_server(self._serve, str(path), limit=1 << 20)

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                writer.write(json.dumps(await self._answer(line)).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Json:
        try:
            ask = json.loads(line)
            if ask["do"] == "stop":
                self.stopped.set()
                return {"ok": None}
            found = DEEDS[ask["do"]](self._loopback, ask)
            return {"ok": await found if isinstance(found, Awaitable) else found}
        except (CannotDoError, KeyError, TypeError, ValueError) as error:
            return {"error": f"{type(error).__name__}: {error}"}


async def ask(path: Path, do: str, **about: object) -> object:
    """Ask a stand-in in another process one thing.

    Raises:
        CannotDoError: when it answered with an error.
    """
    reader, writer = await asyncio.open_unix_connection(str(path), limit=1 << 26)
    try:
        writer.write(json.dumps({"do": do, **about}).encode() + b"\n")
        answer = json.loads(await reader.readline())
    finally:
        writer.close()
        await writer.wait_closed()
    if "error" in answer:
        raise CannotDoError(answer["error"])
    return answer["ok"]
