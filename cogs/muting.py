"""Mutes: what a server's managers, or members for themselves, do not want to hear of for a week."""

from discord.ext import commands

from bot.client.answering import Interaction, gives_way, respond
from bot.client.asking import manager_of, patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, chosen, fields
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.domain.place_filters import MuteKind
from bot.render import forms, mutes
from bot.render.controls import Screen
from bot.render.panels import FIELD_WORD, MuteAct, Mutes


class Muting(commands.Cog):
    """What the controls of both panels do."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.controls: Handlers = {Mutes: self.act}
        self.screens = {Screen.MUTES: self._own}

    async def act(self, interaction: Interaction, control: Mutes) -> None:
        """Mute, or let something be heard again, and show what is muted then."""
        ask = reader_of if control.is_own else manager_of
        reader = await ask(interaction, self._services)
        desk, own = self._services.muting, control.is_own
        if control.act is MuteAct.WORD and FIELD_WORD not in fields(interaction):
            await interaction.response.send_modal(forms.mute_word(voice_of(interaction), is_own=own))
            return
        if control.act is MuteAct.WORD:
            await desk.mute(reader, MuteKind.WORD, fields(interaction)[FIELD_WORD][0], is_own=own)
        elif control.act is MuteAct.TOPIC:
            await desk.mute(reader, MuteKind.TOPIC, _value(interaction), is_own=own)
        elif control.act is MuteAct.LIFT:
            await desk.lift(reader, _value(interaction), is_own=own)
        await self._show(interaction, reader, is_own=own)

    async def _own(self, interaction: Interaction, reader: Reader) -> None:
        await self._show(interaction, reader, is_own=True)

    async def _show(self, interaction: Interaction, reader: Reader, *, is_own: bool) -> None:
        work = self._services.muting.panel(reader, is_own=is_own)
        value = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, mutes.mutes(value, voice_of(interaction)))


def _value(interaction: Interaction) -> str:
    values = chosen(interaction)
    return values[0] if len(values) == 1 else ""


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Muting(bot.services))
