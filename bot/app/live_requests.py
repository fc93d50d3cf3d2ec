"""What only a running bot can answer: how it does, what it may do where; and requests that wake its delivery."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.app.control import Progress, Request
from bot.app.examination import places
from bot.app.health import Pulse
from bot.app.house import House
from bot.app.operator_requests import retract
from bot.client.client import Client
from bot.deliver.supervisor import Supervisor


def live_requests(house: House, client: Client, supervisor: Supervisor, pulse: Pulse) -> dict[str, Request]:
    """Give every such request by its verb."""
    return {
        "health": partial(_health, pulse),
        "places": partial(_places, house, client),
        "servers": partial(_servers, client),
        "retract": partial(_retract, house, supervisor),
    }


async def _health(pulse: Pulse, _: Mapping[str, Any], __: Progress) -> dict[str, Any]:
    return (await pulse.look()).as_json()


async def _places(house: House, client: Client, _: Mapping[str, Any], __: Progress) -> list[dict[str, Any]]:
    schedules = await house.store.overview.schedules()
    return [finding.as_json() for finding in places(client, schedules, house.settings.servers)]


async def _servers(client: Client, _: Mapping[str, Any], __: Progress) -> list[dict[str, Any]]:
    """Give the servers the bot is in, the largest first; members are counted by Discord."""
    found = [{"id": str(one.id), "name": one.name, "members": one.member_count} for one in client.guilds]
    return sorted(found, key=lambda one: -(one["members"] or 0))


async def _retract(house: House, supervisor: Supervisor, arguments: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401 - JSON
    told = await retract(house, arguments, progress)
    supervisor.wake()  # what was posted with it is corrected now
    return told
