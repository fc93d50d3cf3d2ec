"""The server's own settings, by the controls of their panel."""

from collections.abc import Awaitable, Callable

from discord.ext import commands

from bot.client.answering import Interaction, respond
from bot.client.asking import manager_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, chosen
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.domain.places import Place
from bot.errors import Code, UserError
from bot.render.panels import ServerAct, ServerSettings
from bot.render.server_settings import server_settings

Act = Callable[[Reader, tuple[int, ...]], Awaitable[Place]]

_LONGEST_ID = 18  # digits that surely fit, and one more that Discord's ids have
_MOST = 2**63


class Serving(commands.Cog):
    """What the controls of that panel do; each holds at once."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.controls: Handlers = {ServerSettings: self.act}
        desk = services.server_settings
        self._acts: dict[ServerAct, Act] = {
            ServerAct.OPEN: lambda who, _ids: desk.panel(who),
            ServerAct.PUBLIC: desk.answer_publicly_in,
            ServerAct.NOTICES: lambda who, ids: desk.send_notices_to(who, next(iter(ids), None)),
            ServerAct.MANAGERS: lambda who, ids: desk.let_manage(who, next(iter(ids), None)),
            ServerAct.SHARING: lambda who, _ids: desk.toggle_sharing(who),
            ServerAct.CORRECTIONS: lambda who, _ids: desk.toggle_corrections(who),
        }

    async def act(self, interaction: Interaction, control: ServerSettings) -> None:
        """Do what a control stands for, and show the settings as they are then."""
        reader = await manager_of(interaction, self._services)
        place = await self._acts[control.act](reader, _ids(chosen(interaction)))
        await respond(interaction, server_settings(place, control, voice_of(interaction)))


def _ids(values: tuple[str, ...]) -> tuple[int, ...]:
    """Read the ids that were picked.

    Raises:
        UserError: CONTROL_EXPIRED, for what is none.
    """
    if not all(value.isascii() and value.isdigit() and len(value) <= _LONGEST_ID + 1 for value in values):
        raise UserError(Code.CONTROL_EXPIRED, command="newsdesk status")
    return tuple(number for number in map(int, values) if number < _MOST)


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Serving(bot.services))
