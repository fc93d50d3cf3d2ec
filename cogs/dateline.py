"""`/dateline`: the one screen, and what it leads to: sources for everyone, and the reader's own data."""

from collections.abc import Awaitable, Callable

from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.client.answering import Interaction, answer, gives_way, respond
from bot.client.asking import patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.errors import Code, UserError
from bot.i18n import mark
from bot.render import about, privacy, sources
from bot.render.controls import OpenScreen, PrivacyAct, Screen
from bot.render.controls import Privacy as PrivacyControl

Show = Callable[[Interaction, Reader], Awaitable[None]]


class Dateline(commands.Cog):
    """The one screen."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.screens: dict[Screen, Show] = {  # other cogs have tables of their own
            Screen.HOME: self._home,
            Screen.SOURCES: self._sources,
            Screen.PRIVACY: self._privacy,
        }
        self.controls: Handlers = {OpenScreen: self.open, PrivacyControl: self.act}

    @app_commands.command(
        name="dateline", description=locale_str(mark("See what I do, what I read, and what I keep about you"))
    )
    async def dateline(self, interaction: Interaction) -> None:
        """Show the one screen."""
        reader = await reader_of(interaction, self._services)
        value = await patiently(interaction, self._services.overview.about(reader), private=not reader.is_dm)
        await answer(interaction, about.about(value, reader, voice_of(interaction, reader)))

    async def open(self, interaction: Interaction, control: OpenScreen) -> None:
        """Show a screen to the presser alone."""
        tables = (getattr(cog, "screens", {}) for cog in interaction.client.cogs.values())
        show: Show | None = next((table[control.screen] for table in tables if control.screen in table), None)
        if show is None:
            raise UserError(Code.CONTROL_EXPIRED, command="dateline")
        await show(interaction, await reader_of(interaction, self._services))

    async def _home(self, interaction: Interaction, reader: Reader) -> None:
        value = await patiently(interaction, self._services.overview.about(reader), in_place=gives_way(interaction))
        await respond(interaction, about.about(value, reader, voice_of(interaction)))

    async def _sources(self, interaction: Interaction, reader: Reader) -> None:
        work = self._services.sources.panel(reader.place.id)
        value = await patiently(interaction, work, in_place=gives_way(interaction))
        is_manager = reader.is_manager and not reader.is_dm
        await respond(interaction, sources.sources(value, voice_of(interaction), is_manager=is_manager))

    async def _privacy(self, interaction: Interaction, reader: Reader) -> None:
        work = self._services.privacy.facts(reader.user_id)
        value = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, privacy.privacy(value, voice_of(interaction)))

    async def act(self, interaction: Interaction, control: PrivacyControl) -> None:
        """Hand out a person's data, or delete it after a second press."""
        say, user_id = voice_of(interaction), interaction.user.id
        if control.act is PrivacyAct.DOWNLOAD:
            data = await patiently(interaction, self._services.privacy.export(user_id))
            await answer(interaction, privacy.download(data, say))
        elif control.act is PrivacyAct.DELETE:
            await respond(interaction, privacy.confirm_deletion(say))
        else:
            rows = await patiently(interaction, self._services.privacy.delete(user_id))
            await respond(interaction, privacy.deleted(rows, say))


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Dateline(bot.services))
