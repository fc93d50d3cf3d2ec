"""The wire: one request to Discord, with JSON as it is, and its outcome as an `Answer`.

discord.py's own `send` would put a random nonce into a message, so requests go through its HTTP client, which keeps the
rate limits. It has no time-out of its own, hence ours, longer than its five retries.
"""

import asyncio
from dataclasses import replace
from typing import Any, cast

import aiohttp
import discord
from discord.http import Route

from bot.deliver.answers import Answer
from bot.deliver.clockguard import Single, limited, single

TIMEOUT_S = 75.0

Json = dict[str, Any]


class Wire:
    """Asks through a discord.py client; never raises for what Discord answers, or doesn't."""

    def __init__(self, client: discord.Client, timeout_s: float = TIMEOUT_S) -> None:
        self._client = client
        self.timeout_s = timeout_s

    @property
    def me(self) -> int:
        """The bot's own id."""
        return self._client.user.id if self._client.user else 0

    async def ask(
        self, route: Route, body: Json | None = None, params: dict[str, str] | None = None
    ) -> tuple[Answer, Any]:
        """Make a request; give its outcome, and what was answered on success."""
        met: list[bool] = []
        token = limited.set(met)
        try:
            answer, data = await self._ask(route, body, params, met)
        finally:
            limited.reset(token)
        return replace(answer, met_global=any(met)), data

    async def ask_once(self, route: Route, body: Json) -> tuple[Answer, Any]:
        """Make a request that discord.py must not repeat by itself: what is done twice would stand twice."""
        token = single.set(Single())
        try:
            return await self.ask(route, body)
        finally:
            single.reset(token)

    async def _ask(
        self, route: Route, body: Json | None, params: dict[str, str] | None, met: list[bool]
    ) -> tuple[Answer, Any]:
        options: dict[str, Any] = {
            name: value for name, value in (("json", body), ("params", params)) if value is not None
        }
        try:
            async with asyncio.timeout(self.timeout_s):
                return Answer(200), await self._client.http.request(route, **options)
        except discord.RateLimited as error:
            return Answer(429, retry_after_s=error.retry_after, was_limited=True), None
        except discord.HTTPException as error:
            return _answer_of(error), None
        except TimeoutError as error:
            return Answer(None, was_limited=bool(met), detail=repr(error)), None
        except (OSError, aiohttp.ClientError) as error:
            return Answer(None, detail=repr(error)), None


def _answer_of(error: discord.HTTPException) -> Answer:
    headers = cast("aiohttp.ClientResponse", error.response).headers
    try:
        wait = float(headers.get("Retry-After", ""))
    except ValueError:
        wait = None
    return Answer(
        error.status,
        error.code,
        retry_after_s=wait,
        is_global="X-RateLimit-Global" in headers,
        has_via="Via" in headers,
        detail=error.text[:200],
    )
