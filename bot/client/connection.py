"""Log in and stay connected, whatever the network does.

discord.py's own `start` dies when the first connect fails (discord.py#10520) and runs `setup_hook` again when it
is called twice, so Dateline logs in once, with back-off, and then loops over `connect`.
"""

import logging
import random

import aiohttp
import discord

from bot.clock import Clock
from bot.errors import SetupError

log = logging.getLogger(__name__)

_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0
_FATAL_CLOSES = {
    4004: "Discord does not accept the token any more, so Dateline stops. Put a new token into .env.",
    4010: "Discord refused the shard settings, so Dateline stops. Report this to Dateline’s maintainers.",
    4011: "Discord asks for more shards than it offered, so Dateline stops. Start it again.",
    4012: "Discord no longer speaks this gateway version, so Dateline stops. Install the newest Dateline.",
    4013: "Discord refused the intents, so Dateline stops. Report this to Dateline’s maintainers.",
    4014: "Discord refused the intents, so Dateline stops. Report this to Dateline’s maintainers.",
}
_TRANSIENT = (OSError, TimeoutError, aiohttp.ClientError, discord.GatewayNotFound, discord.DiscordServerError)


class Backoff:
    """Waits that double up to a minute, with full jitter."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._wait = _FIRST_WAIT_S

    def next(self) -> float:
        """Give the seconds to wait before the next try."""
        wait, self._wait = self._wait, min(self._wait * 2, _LONGEST_WAIT_S)
        return wait * (0.5 + self._rng.random() / 2)

    def reset(self) -> None:
        """Begin anew after a success."""
        self._wait = _FIRST_WAIT_S


async def log_in(client: discord.Client, token: str, clock: Clock, rng: random.Random) -> None:
    """Log in once, waiting out outages.

    Raises:
        SetupError: Discord refuses the token.
    """
    backoff = Backoff(rng)
    while True:
        try:
            await client.login(token)
        except discord.LoginFailure as error:
            raise SetupError(
                "Discord does not accept the token, so Dateline does not start. Copy it again from the developer "
                "portal (page Bot, Reset Token) into DISCORD_TOKEN."
            ) from error
        except (*_TRANSIENT, discord.HTTPException) as error:
            await _wait("Discord can’t be reached yet", backoff, clock, error)
        else:
            return


async def stay_connected(client: discord.Client, clock: Clock, rng: random.Random) -> None:
    """Keep the gateway connected until the client is closed.

    Raises:
        SetupError: Discord closed the connection for a reason that trying again cannot mend.
    """
    backoff = Backoff(rng)
    while not client.is_closed():
        try:
            await client.connect(reconnect=True)
            backoff.reset()
        except discord.ConnectionClosed as error:
            raise SetupError(_FATAL_CLOSES.get(error.code, f"Discord closed the connection ({error.code}).")) from error
        except discord.PrivilegedIntentsRequired as error:
            raise SetupError(_FATAL_CLOSES[4014]) from error
        except (*_TRANSIENT, AttributeError) as error:  # AttributeError: discord.py#10520
            await _wait("The gateway can’t be reached", backoff, clock, error)


async def _wait(what: str, backoff: Backoff, clock: Clock, error: Exception) -> None:
    wait = backoff.next()
    log.warning("%s; trying again", what, extra={"wait_s": round(wait, 1), "why": str(error) or repr(error)})
    await clock.sleep(wait)
