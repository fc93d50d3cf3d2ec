"""The gateway: sessions that outlive their sockets, events by intent and shard, zlib-stream, and planned trouble.

A session keeps its newest events, so that RESUME after a dropped socket replays what was missed.
"""

import asyncio
import json
import secrets
import zlib
from collections import deque
from contextlib import suppress
from typing import Any

import aiohttp
from aiohttp import web

from bot.loopback.changes import Change
from bot.loopback.permissions import Permission
from bot.loopback.world import World

Json = dict[str, Any]

DISPATCH, HEARTBEAT, IDENTIFY, RESUME, RECONNECT, REQUEST_MEMBERS = 0, 1, 2, 6, 7, 8
INVALID_SESSION, HELLO, ACK = 9, 10, 11
GUILDS, MEMBERS, GUILD_MESSAGES, DIRECT_MESSAGES, CONTENT = 1 << 0, 1 << 1, 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = MEMBERS | 1 << 8 | CONTENT
BUFFER = 2_000
HEARTBEAT_MS = 41_250
ACK_AFTER_S = 0.05  # an answer at once would come before discord.py's own thread has noted when it asked
RESUME_URL = "wss://gateway-resume.discord.gg"


class Session:
    """One identified shard: its events, numbered, and the socket it speaks through at the moment."""

    def __init__(self, shard: tuple[int, int], intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.shard = shard
        self.intents = intents
        self.seq = 0
        self.buffer: deque[tuple[int, str]] = deque(maxlen=BUFFER)
        self.line: Line | None = None

    def dispatch(self, event: str, data: Json) -> None:
        """Number an event, keep it, and send it if there is a socket."""
        self.seq += 1
        text = json.dumps({"op": DISPATCH, "t": event, "s": self.seq, "d": data})
        self.buffer.append((self.seq, text))
        if self.line is not None:
            self.line.send(text)

    def replay(self, after: int) -> bool:
        """Send again what came after `after`; False when that is no longer kept."""
        if after > self.seq or (self.buffer and after < self.buffer[0][0] - 1):
            return False
        for number, text in self.buffer:
            if number > after and self.line is not None:
                self.line.send(text)
        return True

    def wants_guild(self, guild_id: int) -> bool:
        """Whether a guild is on this shard."""
        return (guild_id >> 22) % self.shard[1] == self.shard[0]


class Line:
    """One socket: a queue, and the task that writes it out in order."""

    def __init__(self, socket: web.WebSocketResponse, *, compressed: bool) -> None:
        self.socket = socket
        self._queue: asyncio.Queue[str | None] = asyncio.Queue()
        self._deflate = zlib.compressobj() if compressed else None
        self._writer = asyncio.create_task(self._write())

    def send(self, text: str) -> None:
        """Queue a text."""
        self._queue.put_nowait(text)

    def say(self, op: int, data: object = None) -> None:
        """Queue a message that is no event."""
        self.send(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    async def finish(self, code: int) -> None:
        """Send what is queued, then close with a code."""
        self._queue.put_nowait(None)
        await self._writer
        await self.socket.close(code=code)

    def cut(self, request: web.BaseRequest) -> None:
        """Drop the connection without a word."""
        self._writer.cancel()
        if request.transport is not None:
            request.transport.abort()

    async def stop(self) -> None:
        """End the writer."""
        self._writer.cancel()
        with suppress(asyncio.CancelledError):
            await self._writer

    async def _write(self) -> None:
        while (text := await self._queue.get()) is not None:
            try:
                if self._deflate is None:
                    await self.socket.send_str(text)
                else:
                    packed = self._deflate.compress(text.encode()) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(packed)
            except ConnectionError:
                return


class Gateway:
    """All sessions and sockets of the stand-in."""

    def __init__(self, world: World, *, token: str | None = None, granted_intents: int = 0) -> None:
        self._world = world
        self._token = token
        self._granted = granted_intents
        self.sessions: dict[str, Session] = {}
        self.lines: dict[Line, web.BaseRequest] = {}
        self.identifies = 0
        self.resumes = 0
        self._online = asyncio.Event()
        self._stop = world.changes.listen(self._changed)

    # What tests and people ask

    @property
    def is_connected(self) -> bool:
        """Whether the bot is there to hear events."""
        return any(session.line is not None for session in self.sessions.values())

    async def connected(self) -> None:
        """Wait until the bot has identified or resumed."""
        await self._online.wait()

    def interact(self, payload: Json, guild_id: int | None) -> bool:
        """Send an INTERACTION_CREATE to the right shard; False when nobody listens (it may still be replayed)."""
        heard = False
        for session in self.sessions.values():
            if session.wants_guild(guild_id) if guild_id else session.shard[0] == 0:
                session.dispatch("INTERACTION_CREATE", payload)
                heard = heard or session.line is not None
        return heard

    def drop(self) -> None:
        """Cut every socket without a close frame; sessions can be resumed."""
        for line, request in list(self.lines.items()):
            self._unplug(line)
            line.cut(request)

    def ask_reconnect(self) -> None:
        """Ask every socket to reconnect and resume (op 7)."""
        for line in self.lines:
            line.say(RECONNECT)

    def invalidate(self, *, resumable: bool = False) -> None:
        """Tell every socket its session is invalid (op 9)."""
        for session in list(self.sessions.values()):
            line = session.line
            if line is not None:
                if not resumable:
                    del self.sessions[session.id]
                    self._unplug(line)
                line.say(INVALID_SESSION, resumable)

    async def close_all(self, code: int = 4000) -> None:
        """Close every socket with a code."""
        for line in list(self.lines):
            self._unplug(line)
            await line.finish(code)

    async def stop(self) -> None:
        """End everything."""
        self._stop()
        for line in list(self.lines):
            self._unplug(line)
            await line.stop()
            await line.socket.close(code=1001)

    # The connection

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one client until it leaves."""
        socket = web.WebSocketResponse(compress=False, max_msg_size=1 << 20)
        await socket.prepare(request)
        line = Line(socket, compressed=request.query.get("compress") == "zlib-stream")
        self.lines[line] = request
        line.say(HELLO, {"heartbeat_interval": HEARTBEAT_MS, "_trace": []})
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    await self._hear(line, json.loads(message.data))
        finally:
            self._unplug(line)
            self.lines.pop(line, None)
            await line.stop()
        return socket

    async def _hear(self, line: Line, message: Json) -> None:
        op, data = message.get("op"), message.get("d")
        if op == HEARTBEAT:
            asyncio.get_running_loop().call_later(ACK_AFTER_S, line.say, ACK)
        elif op == IDENTIFY and isinstance(data, dict):
            await self._identify(line, data)
        elif op == RESUME and isinstance(data, dict):
            self._resume(line, data)
        elif op == REQUEST_MEMBERS and isinstance(data, dict):
            self._send_members(line, data)

    async def _identify(self, line: Line, data: Json) -> None:
        self.identifies += 1
        intents = int(data.get("intents") or 0)
        if self._token is not None and data.get("token") != self._token:
            await line.finish(4004)
            return
        if intents & PRIVILEGED & ~self._granted:
            await line.finish(4014)
            return
        number, count = data.get("shard") or (0, 1)
        session = Session((int(number), int(count)), intents)
        session.line = line
        self._forget_lost(session.shard)
        self.sessions[session.id] = session
        guilds = [guild for guild in self._world.bot_guilds() if session.wants_guild(guild.id)]
        session.dispatch(
            "READY",
            {
                "v": 10,
                "user": self._world.bot.json() | {"verified": True, "mfa_enabled": True, "email": None},
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "session_id": session.id,
                "resume_gateway_url": RESUME_URL,
                "shard": [number, count],
                "application": {"id": str(self._world.bot.id), "flags": 0},
                "private_channels": [],
            },
        )
        for guild in guilds if intents & GUILDS else ():
            session.dispatch("GUILD_CREATE", self._world.guild_create(guild, all_members=bool(intents & MEMBERS)))
        self._online.set()

    def _forget_lost(self, shard: tuple[int, int]) -> None:
        """Drop the sessions of a shard that lost their socket: a process that identifies anew won't resume them."""
        for session in list(self.sessions.values()):
            if session.shard == shard and session.line is None:
                del self.sessions[session.id]

    def _resume(self, line: Line, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        if session is None:
            line.say(INVALID_SESSION, False)
            return
        self.resumes += 1
        session.line = line
        if not session.replay(int(data.get("seq") or 0)):
            session.line = None
            del self.sessions[session.id]
            line.say(INVALID_SESSION, False)
            return
        session.dispatch("RESUMED", {})
        self._online.set()

    def _send_members(self, line: Line, data: Json) -> None:
        session = next((session for session in self.sessions.values() if session.line is line), None)
        guild = self._world.guilds.get(int(data.get("guild_id") or 0))
        if session is None or guild is None:
            return
        wanted = {int(number) for number in data.get("user_ids") or []}
        members = [m.json() for m in guild.members.values() if not wanted or m.user.id in wanted]
        chunk = {"guild_id": str(guild.id), "members": members, "chunk_index": 0, "chunk_count": 1, "not_found": []}
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk | {"nonce": data.get("nonce")})

    def _unplug(self, line: Line) -> None:
        for session in self.sessions.values():
            if session.line is line:
                session.line = None
        if not self.is_connected:
            self._online.clear()

    # Events

    def _changed(self, change: Change) -> None:
        if change.only_for is not None:
            return
        for session in self.sessions.values():
            if self._reaches(session, change):
                session.dispatch(change.event, self._shown(session, change))

    def _reaches(self, session: Session, change: Change) -> bool:
        if change.guild_id is None:
            return session.shard[0] == 0 and bool(session.intents & DIRECT_MESSAGES)
        if not session.wants_guild(change.guild_id):
            return False
        guild = self._world.guilds[change.guild_id]
        if change.event != "GUILD_DELETE" and self._world.bot.id not in guild.members:
            return False
        if change.event.startswith("MESSAGE"):
            return bool(session.intents & GUILD_MESSAGES) and self._sees(change)
        if change.event.startswith("GUILD_MEMBER"):
            about_me = change.data["user"]["id"] == str(self._world.bot.id)
            return bool(session.intents & MEMBERS) or (about_me and change.event == "GUILD_MEMBER_UPDATE")
        return bool(session.intents & GUILDS)

    def _sees(self, change: Change) -> bool:
        channel = self._world.channels.get(change.channel_id or 0)
        held = self._world.permissions(self._world.bot, channel) if channel else Permission(0)
        return Permission.VIEW_CHANNEL in held

    def _shown(self, session: Session, change: Change) -> Json:
        """Blank what others wrote when the bot has no message content intent; in DMs it sees everything."""
        author = change.data.get("author", {}).get("id")
        blank = author not in (None, str(self._world.bot.id)) and change.guild_id and not session.intents & CONTENT
        return change.data | {"content": "", "components": [], "embeds": []} if blank else change.data
