"""`dateline check` put together: this machine, then Discord, with what the running bot knows where there is one."""

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.app.control import ask, socket_path
from bot.app.examination import examine
from bot.app.findings import Finding, Level, from_json
from bot.app.inspection import inspect
from bot.client.sync import NOTE
from bot.clock import Clock
from bot.domain.places import Schedule
from bot.errors import DatelineError, StoreError
from bot.settings import Settings
from bot.store.store import Store

_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, and the link that adds the bot to a server."""

    findings: tuple[Finding, ...]
    invite: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Give it for JSON."""
        return {"findings": [finding.as_json() for finding in self.findings], "invite": self.invite}


async def check(settings: Settings, clock: Clock, *, connector: aiohttp.BaseConnector | None = None) -> Report:
    """Look at everything; `connector` is the seam through which the stand-in takes Discord's place."""
    findings = await inspect(settings, clock.now())
    running = await ask_running(settings, "places")
    if running is not None:
        findings.append(Finding("bot", Level.OK, "It is running."))
    if settings.token is None:
        cure = "Copy it from the developer portal (page Bot, Reset Token) into .env as DISCORD_TOKEN."
        return Report((*findings, Finding("token", Level.PROBLEM, "No DISCORD_TOKEN is set.", cure)))
    schedules, known = await _stored(settings)
    examined = await examine(
        settings.token.reveal(),
        schedules,
        settings.servers,
        known,
        clock,
        connector=connector,
        places=None if running is None else [from_json(one) for one in running],
    )
    return Report((*findings, *examined.findings), examined.invite)


async def ask_running(settings: Settings, verb: str) -> Any:  # noqa: ANN401 - JSON
    """Ask the running bot; None when none runs, or it does not answer."""
    with contextlib.suppress(OSError, DatelineError, TimeoutError):
        asking = ask(socket_path(settings.database), verb, {}, lambda _text: None)
        return await asyncio.wait_for(asking, _PATIENCE_S)
    return None


async def _stored(settings: Settings) -> tuple[tuple[Schedule, ...], str | None]:
    if settings.database.exists():
        with contextlib.suppress(StoreError):  # told as a finding already
            async with await Store.open(settings.database, read_only=True) as store:
                return await store.overview.schedules(), await store.notes.get(NOTE)
    return (), None
