"""How the unmodified client reaches the stand-in: a Unix socket, or 127.0.0.1 behind Discord's own addresses.

Either way the real https and wss addresses travel in clear over this machine only: a client that holds such a
connector can't reach the internet even by mistake.
"""

from pathlib import Path

import aiohttp
from aiohttp.connector import Connection
from aiohttp.tracing import Trace


def unix_connector(path: Path) -> aiohttp.UnixConnector:
    """Make a connector to a stand-in on a Unix socket; each client needs its own (it closes it)."""
    return aiohttp.UnixConnector(path=str(path), limit=0)


class LocalConnector(aiohttp.TCPConnector):
    """Sends every request to one port of 127.0.0.1, whatever host it names."""

    def __init__(self, port: int) -> None:
        super().__init__(limit=0)
        self._port = port

    async def connect(
        self,
        req: aiohttp.ClientRequest,
        traces: list[Trace],
        timeout: aiohttp.ClientTimeout,  # noqa: ASYNC109 - the name of the method that is overridden
    ) -> Connection:
        """Rewrite the address, keep the Host header, and connect in clear."""
        req.url = req.url.with_scheme("http").with_host("127.0.0.1").with_port(self._port)
        return await super().connect(req, traces, timeout)
