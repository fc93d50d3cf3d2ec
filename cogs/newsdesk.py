"""`/newsdesk`: the commands of managers, and the status panel."""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Range, locale_str
from discord.ext import commands

from bot.client.answering import Interaction, answer, gives_way, respond
from bot.client.asking import manager_of, patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, chosen_numbers, fields, number_of
from bot.client.uploads import upload_of
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.domain.places import Schedule
from bot.errors import Code, UserError
from bot.i18n import mark
from bot.render import changes, completions, feed_lists, filters, forms, notices, sources, status, transfers
from bot.render.blocks import POST_CHANNELS
from bot.render.message import Message
from bot.render.panels import FIELD_DATE, Changes, Import, ImportAct, Status, StatusAct
from bot.render.voice import Voice
from cogs.setting_up import begin

_LONGEST = 100
_LONGEST_STORY = 300

Act = Callable[[Reader, int], Awaitable[object]]
Ask = Callable[[Schedule, Voice], Message]


class PostChannel(app_commands.Transformer):
    """A channel that a briefing can be posted in; only its id is needed."""

    @property
    def type(self) -> discord.AppCommandOptionType:
        """It is picked as a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Offer what the panel offers."""
        return list(POST_CHANNELS)

    async def transform(self, _interaction: Interaction, value: Any, /) -> int:  # noqa: ANN401 - as discord.py has it
        """Give the channel's id."""
        return int(value.id)


class Newsdesk(commands.Cog):
    """Managing, by command; and what the buttons of the status panel do."""

    newsdesk = app_commands.Group(
        name="newsdesk",
        description=locale_str(mark("Set up and manage the daily briefing")),
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    def __init__(self, services: Services) -> None:
        self._services = services
        self.controls: Handlers = {Status: self.act, Changes: self.show_changes, Import: self.settle_import}
        scheduling = services.scheduling
        self._acts: dict[StatusAct, Act] = {
            StatusAct.POST_NOW: lambda who, it: scheduling.post_now(who.place, it, who.user_id),
            StatusAct.SKIP_NEXT: lambda who, it: scheduling.skip_next(who.place, it, who.user_id),
            StatusAct.UNSKIP: lambda who, it: scheduling.unskip(who.place, it, who.user_id),
            StatusAct.PAUSE: lambda who, it: scheduling.pause(who.place, it, who.user_id),
            StatusAct.RESUME: lambda who, it: scheduling.resume(who.place, it, who.user_id),
            StatusAct.CONFIRM_OFF: lambda who, it: scheduling.turn_off(who.place, it, who.user_id),
            StatusAct.CONFIRM_REMOVE: lambda who, it: scheduling.remove(who.place, it, who.user_id),
        }
        self._asks: dict[StatusAct, Ask] = {
            StatusAct.TURN_OFF: status.confirm_turning_off,
            StatusAct.REMOVE: status.confirm_removing,
        }

    @newsdesk.command(name="setup", description=locale_str(mark("Set up the daily briefing")))
    @app_commands.describe(
        channel=locale_str(mark("Where the briefing is posted")),
        time=locale_str(mark("When, by the clock there: 08:00, 8am, 20h")),
        zone=locale_str(mark("A city or time zone")),
    )
    async def setup(
        self,
        interaction: Interaction,
        channel: app_commands.Transform[int, PostChannel] | None = None,
        time: Range[str, 1, _LONGEST] | None = None,
        zone: Range[str, 1, _LONGEST] | None = None,
    ) -> None:
        """Open the setup panel, with what was given filled in."""
        reader = await reader_of(interaction, self._services)
        if channel is not None:  # at once, so that a wrong time or zone does not lose it
            await self._services.setup.choose(reader, None, channel_id=channel)
        await begin(interaction, self._services, reader, time, zone)

    @setup.autocomplete("zone")
    async def complete_zone(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer time zones by city, with the clock there."""
        found = self._services.setup.suggest_zones(typed)
        return completions.zones(((one.city, one.clock, one.zone) for one in found), voice_of(interaction))

    @newsdesk.command(name="status", description=locale_str(mark("See what comes next, and post, skip or pause it")))
    @app_commands.describe(briefing=locale_str(mark("Which briefing, where there are several")))
    async def status(self, interaction: Interaction, briefing: str | None = None) -> None:
        """Show the status panel."""
        reader = await reader_of(interaction, self._services)
        selected = number_of(briefing or "")
        value = await patiently(interaction, self._services.scheduling.status(reader.place, selected))
        await answer(interaction, status.status(value, voice_of(interaction)))

    @status.autocomplete("briefing")
    async def complete_briefing(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer the briefings of the server."""
        reader = await reader_of(interaction, self._services)
        known = await self._services.scheduling.status(reader.place)
        return completions.schedules((one.schedule for one in known.schedules), typed, voice_of(interaction))

    @newsdesk.command(name="sources", description=locale_str(mark("Choose and check what is read here")))
    @app_commands.describe(file=locale_str(mark("An OPML file: every feed in it is added, up to the limit")))
    async def sources(self, interaction: Interaction, file: discord.Attachment | None = None) -> None:
        """Show the sources panel; or add the feeds of a file, and say what it brought."""
        reader = await reader_of(interaction, self._services)
        if file is not None:
            work = self._services.sources.import_opml(reader.place.id, reader.user_id, upload_of(file))
            brought = await patiently(interaction, work)
            await answer(interaction, feed_lists.imported(brought, voice_of(interaction)))
            return
        value = await patiently(interaction, self._services.sources.panel(reader.place.id))
        await answer(interaction, sources.sources(value, voice_of(interaction), is_manager=True))

    @newsdesk.command(name="filters", description=locale_str(mark("Choose words and topics to leave out here")))
    async def filters(self, interaction: Interaction) -> None:
        """Show the filters panel."""
        reader = await reader_of(interaction, self._services)
        value = await patiently(interaction, self._services.filters.panel(reader.place.id))
        await answer(interaction, filters.filters(value, voice_of(interaction)))

    @newsdesk.command(name="correct", description=locale_str(mark("Have briefings say that a story was wrong")))
    @app_commands.describe(story=locale_str(mark("A story that was posted here lately")))
    async def correct(self, interaction: Interaction, story: Range[str, 1, _LONGEST_STORY]) -> None:
        """Correct what was posted here, and say where."""
        reader = await reader_of(interaction, self._services)
        value, posts = await patiently(interaction, self._services.correcting.correct(reader, story))
        await answer(interaction, notices.corrected(value, posts, voice_of(interaction)))

    @correct.autocomplete("story")
    async def complete_story(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer what was posted here lately."""
        reader = await reader_of(interaction, self._services)
        return completions.shown_stories(await self._services.correcting.suggest(reader, typed))

    @newsdesk.command(name="export", description=locale_str(mark("Get the settings of this server as a file")))
    async def export(self, interaction: Interaction) -> None:
        """Hand out the settings."""
        reader = await reader_of(interaction, self._services)
        data = await patiently(interaction, self._services.transfers.export(reader))
        await answer(interaction, transfers.exported(data, voice_of(interaction)))

    @newsdesk.command(name="import", description=locale_str(mark("Read settings from a file; you confirm the changes")))
    @app_commands.describe(file=locale_str(mark("A file from /newsdesk export")))
    async def import_settings(self, interaction: Interaction, file: discord.Attachment) -> None:
        """Show what a settings file would change."""
        reader = await reader_of(interaction, self._services)
        value = await patiently(interaction, self._services.transfers.propose(reader, upload_of(file)))
        await answer(interaction, transfers.preview(value, voice_of(interaction)))

    async def settle_import(self, interaction: Interaction, control: Import) -> None:
        """Carry out an import that waits, or let go of it."""
        reader, say = await manager_of(interaction, self._services), voice_of(interaction)
        if control.act is ImportAct.CANCEL:
            await self._services.transfers.cancel(reader, control.import_id)
            await respond(interaction, notices.done(say("Nothing was imported, and nothing was changed."), say))
            return
        work = self._services.transfers.confirm(reader, control.import_id)
        value = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, transfers.imported(value, say))

    async def act(self, interaction: Interaction, control: Status) -> None:
        """Do what a button of the status panel stands for, and show the panel as it is then."""
        reader = await manager_of(interaction, self._services)
        selected = control.schedule_id
        if control.act is StatusAct.SHOW:
            selected = next(iter(chosen_numbers(interaction)), None)
        elif ask := self._asks.get(control.act):
            schedule = await self._services.scheduling.find(reader.place, _known(selected))
            await respond(interaction, ask(schedule, voice_of(interaction)))
            return
        elif control.act is StatusAct.PAUSE_UNTIL:
            if not await self._pause_until(interaction, reader, _known(selected)):
                return
        elif act := self._acts.get(control.act):
            await act(reader, _known(selected))
        work = self._services.scheduling.status(reader.place, selected)
        known = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, status.status(known, voice_of(interaction)))

    async def show_changes(self, interaction: Interaction, control: Changes) -> None:
        """Show a page of who changed what."""
        reader = await manager_of(interaction, self._services)
        page = await self._services.scheduling.changes(reader.place, control.page)
        await respond(interaction, changes.changes(page, voice_of(interaction)))

    async def _pause_until(self, interaction: Interaction, reader: Reader, schedule_id: int) -> bool:
        """Ask for the date, or pause until the one that was handed in; say whether it was."""
        handed_in = fields(interaction)
        if FIELD_DATE not in handed_in:
            schedule = await self._services.scheduling.find(reader.place, schedule_id)
            await interaction.response.send_modal(forms.pause_until(schedule, voice_of(interaction)))
            return False
        typed = "".join(handed_in[FIELD_DATE])
        await self._services.scheduling.pause_until(reader.place, schedule_id, reader.user_id, typed)
        return True


def _known(schedule_id: int | None) -> int:
    if schedule_id is None:
        raise UserError(Code.NOT_SET_UP)
    return schedule_id


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Newsdesk(bot.services))
