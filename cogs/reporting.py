"""*Report a problem*: four reasons and words, from a story's card to the operator."""

from discord.ext import commands

from bot.client.answering import Interaction, answer
from bot.client.asking import patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, fields
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.errors import Code, UserError
from bot.render import forms, notices
from bot.render.controls import FIELD_DETAIL, FIELD_REASON, More, Report
from cogs.summary import Act


class Reporting(commands.Cog):
    """Reports of wrong stories."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.acts: dict[More, Act] = {More.REPORT: self._ask}
        self.controls: Handlers = {Report: self.report}

    async def _ask(self, interaction: Interaction, _reader: Reader, story_id: int) -> None:
        await interaction.response.send_modal(forms.report(story_id, voice_of(interaction)))

    async def report(self, interaction: Interaction, control: Report) -> None:
        """Take what was handed in."""
        handed_in = fields(interaction)
        (reason,) = handed_in.get(FIELD_REASON) or ("",)
        (detail,) = handed_in.get(FIELD_DETAIL) or ("",)
        if reason not in {one.value for one in forms.Reason}:
            raise UserError(Code.CONTROL_EXPIRED, command="headlines")
        reader = await reader_of(interaction, self._services)
        await patiently(interaction, self._services.reporting.report(reader, control.story_id, reason, detail))
        await answer(interaction, notices.reported(voice_of(interaction)))


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Reporting(bot.services))
