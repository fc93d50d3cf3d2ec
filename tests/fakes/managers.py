"""What managers do in the stand-in again and again, and what they read in the answers."""

from typing import Any

from bot.loopback import Loopback
from bot.loopback.guilds import Guild, Role
from bot.loopback.people import Exchange

ALL_SET = {"channel": "news", "time": "8", "zone": "Europe/Berlin"}


def text_of(exchange: Exchange) -> str:
    assert exchange.error is None
    return "\n".join(_texts(exchange.message.json()["components"]))


def _texts(components: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for component in components:
        found += [component["content"]] if "content" in component else []
        found += _texts(component.get("components", []))
    return found


def labels(exchange: Exchange, *, off: bool = False) -> set[str]:
    rows = exchange.message.json()["components"]
    buttons = (part for row in rows for part in row.get("components", []) if part["type"] == 2)
    return {button["label"] for button in buttons if bool(button.get("disabled")) is off}


async def begin(bot: Loopback, **options: str) -> Exchange:
    return await bot.people.invoke("admin", "general", "newsdesk setup", options)


async def turned_on(bot: Loopback) -> Exchange:
    """Set up a briefing; give the answer."""
    panel = await begin(bot, **ALL_SET)
    return await bot.people.press("admin", panel.message, "Turn on")


def admins(guild: Guild) -> Role:
    return next(role for role in guild.roles.values() if role.name == "Admins")
