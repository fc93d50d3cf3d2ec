"""`/briefing`: the latest edition, an earlier one, or one made for the reader."""

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.answering import Interaction, answer
from bot.client.asking import patiently, reader_of, sight_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers
from bot.desk.services import Services
from bot.i18n import mark
from bot.render import briefings, completions, lists
from bot.render.controls import OpenBriefing
from cogs.headlines import SHOW, SHOW_HELP


class Briefing(commands.Cog):
    """Editions on request."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.controls: Handlers = {OpenBriefing: self.open}

    @app_commands.command(name="briefing", description=locale_str(mark("Read the latest briefing, or an earlier one")))
    @app_commands.describe(edition=locale_str(mark("The latest, or a date")), show=SHOW_HELP)
    @app_commands.choices(show=SHOW)
    async def briefing(self, interaction: Interaction, edition: str | None = None, show: str | None = None) -> None:
        """Show an edition."""
        await self._show(interaction, edition, show)

    @briefing.autocomplete("edition")
    async def complete_edition(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer the briefings posted here."""
        reader = await reader_of(interaction, self._services)
        found = await self._services.briefings.editions(reader, typed, sight_of(interaction))
        named = ((ref, one.local_date.isoformat(), one.name) for ref, one in found)
        return completions.briefings(named, voice_of(interaction))

    async def open(self, interaction: Interaction, control: OpenBriefing) -> None:
        """Show the edition that a control stands for, to the presser alone."""
        day = control.on.isoformat() if control.on else "latest"
        await self._show(interaction, f"{control.schedule_id}:{day}" if control.schedule_id else day, None)

    async def _show(self, interaction: Interaction, edition: str | None, show: str | None) -> None:
        reader = await reader_of(interaction, self._services, show)
        work = self._services.briefings.answer(reader, edition, sight_of(interaction))
        value = await patiently(interaction, work, private=lists.is_private(reader))
        await answer(interaction, briefings.briefing(value, reader, voice_of(interaction, reader)))


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Briefing(bot.services))
