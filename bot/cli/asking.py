"""How a verb that writes gets its work done: by the running bot if there is one, else here."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from bot.app.control import NobodyError, Progress, ask, socket_path
from bot.app.house import open_house
from bot.app.requests import requests_of
from bot.clock import SystemClock
from bot.settings import load


def perform(verb: str, arguments: Mapping[str, Any]) -> Any:  # noqa: ANN401 - JSON
    """Do one request and give its result; progress is shown on a terminal only.

    Raises:
        DatelineError: it could not be done; one sentence.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        return asyncio.run(_perform(verb, arguments, lambda _text: None))
    with console.status("Working …") as status:
        return asyncio.run(_perform(verb, arguments, status.update))


async def _perform(verb: str, arguments: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401 - JSON
    settings = load()
    with contextlib.suppress(NobodyError):
        return await ask(socket_path(settings.database), verb, arguments, progress)
    async with open_house(settings, SystemClock()) as house:
        return await requests_of(house)[verb](arguments, progress)
