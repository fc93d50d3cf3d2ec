"""`/catchup`: what happened since the reader's last one."""

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.answering import Interaction, answer
from bot.client.asking import Show, patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers
from bot.desk.services import Services
from bot.i18n import mark
from bot.render import catchups
from bot.render.controls import CatchUpNow


class CatchUp(commands.Cog):
    """What is new to one reader."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.controls: Handlers = {CatchUpNow: self.now}

    @app_commands.command(
        name="catchup", description=locale_str(mark("See what happened since you last asked; only this moves it"))
    )
    async def catchup(self, interaction: Interaction) -> None:
        """Show what is new to the reader."""
        await self._show(interaction)

    async def now(self, interaction: Interaction, _control: CatchUpNow) -> None:
        """Do the same from a button."""
        await self._show(interaction)

    async def _show(self, interaction: Interaction) -> None:
        reader = await reader_of(interaction, self._services, Show.ONLY_ME)
        value = await patiently(interaction, self._services.catchups.answer(reader), private=not reader.is_dm)
        await answer(interaction, catchups.catch_up(value, reader, voice_of(interaction)))


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(CatchUp(bot.services))
