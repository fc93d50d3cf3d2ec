"""A headless Chromium, spoken to in its DevTools protocol: only what pictures need. Local, nothing is downloaded."""

import asyncio
import base64
import itertools
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp

from bot.errors import DatelineError

Json = dict[str, Any]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
LISTENING = re.compile(rb"DevTools listening on (ws://\S+)")
PATIENCE_S = 20.0
OPTIONS = (
    "--headless=new",
    "--remote-debugging-port=0",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--font-render-hinting=none",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
)


class NoBrowserError(DatelineError):
    """There is no Chromium to draw with; one sentence says what to do."""


def find(given: Path | None = None) -> Path:
    """Find the Chromium to use.

    Raises:
        NoBrowserError: when the given one is no program, or none is installed.
    """
    if given is not None:
        found = shutil.which(given)
        if found is None:
            raise NoBrowserError(f"{given} is no program that can be started, so no picture was made. Check the path.")
        return Path(found)
    for name in NAMES:
        if found := shutil.which(name):
            return Path(found)
    raise NoBrowserError(
        "No Chromium was found, so no picture was made. Install it (on Debian: apt install chromium) or give its path."
    )


class Tab:
    """One tab."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._session: str | None = None

    async def open(self) -> None:
        """Open the tab."""
        target = await self.call("Target.createTarget", url="about:blank")
        attached = await self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = str(attached["sessionId"])
        await self.call("Page.enable")

    async def call(self, method: str, **params: object) -> Json:
        """Call a method of the protocol and wait for its answer; events in between are dropped."""
        number = next(self._numbers)
        message: Json = {"id": number, "method": method, "params": params}
        await self._socket.send_json(message | ({"sessionId": self._session} if self._session else {}))
        answer = await self._hear(lambda heard: heard.get("id") == number)
        if "error" in answer:
            raise NoBrowserError(f"Chromium refused {method}: {answer['error'].get('message')}")
        result: Json = answer["result"]
        return result

    async def visit(self, url: str) -> None:
        """Open an address and wait until it is loaded."""
        number = next(self._numbers)
        message = {"id": number, "method": "Page.navigate", "params": {"url": url}, "sessionId": self._session}
        await self._socket.send_json(message)
        await self._hear(lambda heard: heard.get("method") == "Page.loadEventFired")

    async def evaluate(self, expression: str) -> Any:  # noqa: ANN401 - any JSON value
        """Evaluate an expression; a promise is awaited."""
        told = await self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return told["result"].get("value")

    async def resize(self, width: int, height: int, *, scale: float = 2.0) -> None:
        """Give the tab a size in CSS pixels and a density."""
        await self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False
        )

    async def screenshot(self) -> bytes:
        """Give what the tab shows as PNG."""
        told = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(told["data"])

    async def _hear(self, wanted: Callable[[Json], bool]) -> Json:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                heard: Json = await self._socket.receive_json()
                if wanted(heard):
                    return heard


@asynccontextmanager
async def open_tab(given: Path | None = None) -> AsyncIterator[Tab]:
    """Start a Chromium with a fresh profile and open one tab; both end with the block.

    Raises:
        NoBrowserError: when there is none, or it does not start.
    """
    program = find(given)
    async with AsyncExitStack() as stack:
        profile = stack.enter_context(tempfile.TemporaryDirectory(prefix="pictures-", ignore_cleanup_errors=True))
        sandbox = ("--no-sandbox",) if os.geteuid() == 0 else ()  # root has no sandbox in Chromium
        process = await asyncio.create_subprocess_exec(
            str(program),
            *OPTIONS,
            *sandbox,
            f"--user-data-dir={profile}",
            "about:blank",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        stack.push_async_callback(_end, process)
        address = await _address(process, program)
        session = await stack.enter_async_context(aiohttp.ClientSession())
        socket = await stack.enter_async_context(session.ws_connect(address, max_msg_size=0))
        tab = Tab(socket)
        await tab.open()
        yield tab


async def _address(process: asyncio.subprocess.Process, program: Path) -> str:
    assert process.stderr is not None  # noqa: S101 - it was asked for
    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            async for line in process.stderr:
                if match := LISTENING.search(line):
                    return match[1].decode()
    raise NoBrowserError(f"{program} did not start, so no picture was made. Run it by hand to see why.")


async def _end(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await process.wait()
