"""`/mybriefing`: a person's own daily briefing by DM."""

from collections.abc import Awaitable, Callable

from discord import app_commands
from discord.app_commands import Range, locale_str
from discord.ext import commands

from bot.client.answering import Interaction, answer, gives_way, respond
from bot.client.asking import Show, patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, chosen, fields
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.domain.personal import OwnBriefingPanel
from bot.domain.topics import Topic
from bot.i18n import mark
from bot.render import completions, forms, notices, own_briefings
from bot.render.controls import FIELD_CITY, FIELD_TIME, GetByDM, Own, OwnBriefing, Screen

Act = Callable[[Reader, tuple[str, ...]], Awaitable[OwnBriefingPanel]]

_LONGEST = 80


class MyBriefing(commands.Cog):
    """The panel, and what its controls do."""

    def __init__(self, services: Services) -> None:
        self._services = services
        desk = services.own_briefings
        self._acts: dict[Own, Act] = {
            Own.ON: lambda reader, _: desk.turn_on(reader),
            Own.OFF: lambda reader, _: desk.turn_off(reader),
            Own.PAUSE: lambda reader, _: desk.pause(reader),
            Own.RESUME: lambda reader, _: desk.turn_on(reader),
            Own.DAYS: lambda reader, values: desk.set_days(reader, _days(values)),
            Own.TOPICS: lambda reader, values: desk.set_topics(reader, _topics(values)),
            Own.ZONE: lambda reader, values: desk.set_zone(reader, values[0] if values else ""),
        }
        self.controls: Handlers = {GetByDM: self.open, OwnBriefing: self.act}
        self.screens = {Screen.MY_BRIEFING: self._screen}

    @app_commands.command(
        name="mybriefing", description=locale_str(mark("Get your own daily briefing by direct message"))
    )
    @app_commands.describe(
        time=locale_str(mark("When, by your clock: 08:00, 8am, 20h")),
        zone=locale_str(mark("Your city or time zone")),
    )
    async def mybriefing(
        self,
        interaction: Interaction,
        time: Range[str, 1, _LONGEST] | None = None,
        zone: Range[str, 1, _LONGEST] | None = None,
    ) -> None:
        """Show the panel; a time or zone given turns it on."""
        reader = await reader_of(interaction, self._services, Show.ONLY_ME)
        desk = self._services.own_briefings
        if time is None and zone is None:
            await self._show(interaction, desk.panel(reader))
            return
        known = await desk.panel(reader)
        if zone is None and known.zone is None:  # the form asks for what is missing
            await interaction.response.send_modal(forms.own_time(time or "", "", voice_of(interaction)))
            return
        await self._show(interaction, desk.set_time(reader, time or "", zone or ""))

    @mybriefing.autocomplete("zone")
    async def complete_zone(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer time zones by city, with the clock there."""
        found = self._services.setup.suggest_zones(typed)
        return completions.zones(((one.city, one.clock, one.zone) for one in found), voice_of(interaction))

    async def open(self, interaction: Interaction, _control: GetByDM) -> None:
        """Open the panel from a briefing, for the presser alone."""
        reader = await reader_of(interaction, self._services)
        await self._show(interaction, self._services.own_briefings.panel(reader))

    async def act(self, interaction: Interaction, control: OwnBriefing) -> None:
        """Do what a control of the panel stands for."""
        reader = await reader_of(interaction, self._services)
        if control.act is Own.TIME:
            await self._time(interaction, reader)
        elif control.act is Own.NOW:
            await patiently(interaction, self._services.own_briefings.send_now(reader))
            say = voice_of(interaction)
            await answer(interaction, notices.done(say("Your briefing is on its way to your DMs."), say))
        else:
            work = self._acts[control.act](reader, chosen(interaction))
            panel = await patiently(interaction, work, in_place=gives_way(interaction))
            await respond(interaction, own_briefings.own_briefing(panel, voice_of(interaction)))

    async def _time(self, interaction: Interaction, reader: Reader) -> None:
        """Open the form of time and city, or take what was handed in with it."""
        handed_in = fields(interaction)
        if FIELD_TIME not in handed_in:
            panel = await self._services.own_briefings.panel(reader)
            at = f"{panel.schedule.local_time:%H:%M}" if panel.schedule else ""
            await interaction.response.send_modal(forms.own_time(at, panel.zone or "", voice_of(interaction)))
            return
        (time,), (city,) = handed_in[FIELD_TIME], handed_in.get(FIELD_CITY) or ("",)
        work = self._services.own_briefings.set_time(reader, time, city)
        panel = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, own_briefings.own_briefing(panel, voice_of(interaction)))

    async def _screen(self, interaction: Interaction, reader: Reader) -> None:
        panel = await self._services.own_briefings.panel(reader)
        await respond(interaction, own_briefings.own_briefing(panel, voice_of(interaction)))

    async def _show(self, interaction: Interaction, work: Awaitable[OwnBriefingPanel]) -> None:
        panel = await patiently(interaction, work)
        await answer(interaction, own_briefings.own_briefing(panel, voice_of(interaction)))


def _days(values: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(int(value) for value in values if value in set("0123456"))


def _topics(values: tuple[str, ...]) -> tuple[Topic, ...]:
    known = {topic.value for topic in Topic}
    return tuple(Topic(value) for value in values if value in known)


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(MyBriefing(bot.services))
