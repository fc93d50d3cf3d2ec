"""Pictures for the documents: one message, one form, or the whole page, as PNG.

async with camera(page) as shot:
await shot.message(exchange.message, folder / "headlines.png", theme="dark")
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

from bot.loopback.guilds import User
from bot.loopback.messages import Message
from bot.loopback.page.chromium import Tab, open_tab
from bot.loopback.page.server import Page
from bot.loopback.people import Exchange

Theme = Literal["light", "dark"]
WIDTH = 720
HEIGHT = 900

_READY = """
new Promise((tell) => {
  const look = () => {
    if (document.documentElement.dataset.ready !== %s) return void setTimeout(look, 10);
    const box = document.querySelector(".scene")?.getBoundingClientRect();
    document.fonts.ready.then(() => tell(box ? Math.ceil(box.height) : innerHeight));
  };
  look();
})
"""


class Camera:
    """Takes pictures of one page. Each is written to `path`; the height follows what is shown."""

    def __init__(self, page: Page, tab: Tab) -> None:
        self._page = page
        self._tab = tab

    async def message(
        self,
        message: Message,
        path: Path,
        *,
        person: User | str | None = None,
        theme: Theme = "light",
        width: int = WIDTH,
        push: bool = False,
    ) -> None:
        """Take a message as `person` sees it; `push` adds the notification under it.

        Raises:
            LookupError: when the message is gone.
        """
        if message not in self._page.loopback.world.messages.everything():
            raise LookupError(f"message {message.id} is gone")
        asked = {"view": "message", "message": str(message.id), "as": _name(person)} | ({"push": "1"} if push else {})
        await self._take(asked, path, "scene", theme, (width, 0))

    async def form(self, opened: Exchange, path: Path, *, theme: Theme = "light", width: int = 520) -> None:
        """Take a form that an exchange opened."""
        asked = {"view": "form", "form": self._page.actions.keep(opened), "as": str(opened.interaction.user.id)}
        await self._take(asked, path, "scene", theme, (width, 0), margin=64)

    async def page(
        self,
        path: Path,
        *,
        person: User | str = "admin",
        channel: str = "news",
        theme: Theme = "light",
        size: tuple[int, int] = (1280, 800),
    ) -> None:
        """Take the whole page, as `person` in `channel` (a name, or "dm")."""
        await self._take({"as": _name(person), "channel": channel}, path, "yes", theme, size)

    async def _take(
        self, asked: dict[str, str], path: Path, ready: str, theme: Theme, size: tuple[int, int], *, margin: int = 0
    ) -> None:
        width, height = size
        await self._tab.resize(width, height or HEIGHT)
        await self._tab.visit(f"{self._page.url}?{urlencode(asked | {'theme': theme})}")
        shown = int(await self._tab.evaluate(_READY % json.dumps(ready)))
        if not height:
            await self._tab.resize(width, shown + margin)
        path.write_bytes(await self._tab.screenshot())


def _name(person: User | str | None) -> str:
    return str(person.id) if isinstance(person, User) else person or "admin"


@asynccontextmanager
async def camera(page: Page, *, chromium: Path | None = None, zone: str = "UTC") -> AsyncIterator[Camera]:
    """Open a camera on a running page; times are shown in `zone`.

    Raises:
        NoBrowserError: when there is no Chromium.
    """
    async with open_tab(chromium) as tab:
        await tab.call("Emulation.setTimezoneOverride", timezoneId=zone)
        await tab.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-reduced-motion", "value": "reduce"}])
        yield Camera(page, tab)
