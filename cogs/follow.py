"""`/follow`: what a person wants to hear of by DM; and the word, once, that our DMs do not reach them."""

from discord import app_commands
from discord.app_commands import Range, locale_str
from discord.ext import commands

from bot.client.answering import Interaction, answer, gives_way, respond
from bot.client.asking import Show, patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, chosen_numbers, fields
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.domain.personal import Follows
from bot.i18n import mark
from bot.render import completions, follows, forms, notices
from bot.render.controls import FIELD_CITY, FIELD_FROM, FIELD_UNTIL, More, QuietHours, RemoveFollows, Screen, Unfollow
from cogs.summary import Act

_LONGEST = 200


class Follow(commands.Cog):
    """The panel of follows, and what its controls do."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.acts: dict[More, Act] = {More.FOLLOW: self._follow_story, More.UNFOLLOW: self._unfollow_story}
        self.controls: Handlers = {Unfollow: self.unfollow, RemoveFollows: self.remove, QuietHours: self.quiet}
        self.screens = {Screen.FOLLOWS: self._screen}

    @app_commands.command(
        name="follow", description=locale_str(mark("Hear of a topic, a name, a source or a story by direct message"))
    )
    @app_commands.describe(what=locale_str(mark("A topic, a name, a source or a headline; nothing shows your follows")))
    async def follow(self, interaction: Interaction, what: Range[str, 1, _LONGEST] | None = None) -> None:
        """Follow something, and show what is followed."""
        reader = await reader_of(interaction, self._services, Show.ONLY_ME)
        say, desk = voice_of(interaction), self._services.follows
        if what is None or not what.strip():
            work = desk.panel(reader)
        else:
            work = desk.follow(reader, what, completions.topic_named(what, say))
        await answer(interaction, follows.follows(await patiently(interaction, work), say))

    @follow.autocomplete("what")
    async def complete_what(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer topics, names, sources and stories."""
        reader = await reader_of(interaction, self._services)
        names, sources, stories = await self._services.follows.suggest(reader, typed)
        return completions.followable(typed, names, sources, stories, voice_of(interaction))

    # ── from a card, and from the message that a follow caused ────────────────────────────────────────────────────

    async def _follow_story(self, interaction: Interaction, reader: Reader, story_id: int) -> None:
        value = await patiently(interaction, self._services.follows.follow_story(reader, story_id))
        await answer(interaction, follows.follows(value, voice_of(interaction)))

    async def _unfollow_story(self, interaction: Interaction, reader: Reader, story_id: int) -> None:
        ended = await patiently(interaction, self._services.follows.unfollow_story(reader, story_id))
        await answer(interaction, follows.unfollowed(ended, voice_of(interaction)))

    async def unfollow(self, interaction: Interaction, control: Unfollow) -> None:
        """End a follow with one press; pressed twice, it is ended all the same."""
        reader = await reader_of(interaction, self._services)
        ended = await patiently(interaction, self._services.follows.unfollow(reader, control.follow_id))
        await answer(interaction, follows.unfollowed(ended, voice_of(interaction)))

    # ── the panel ─────────────────────────────────────────────────────────────────────────────────────────────────

    async def remove(self, interaction: Interaction, _control: RemoveFollows) -> None:
        """End the follows that were chosen."""
        reader = await reader_of(interaction, self._services)
        work = self._services.follows.unfollow(reader, *chosen_numbers(interaction))
        await patiently(interaction, work, in_place=gives_way(interaction))
        await self._respond(interaction, await self._services.follows.panel(reader))

    async def quiet(self, interaction: Interaction, _control: QuietHours) -> None:
        """Open the form of quiet hours, or take what was handed in with it."""
        reader = await reader_of(interaction, self._services)
        handed_in = fields(interaction)
        if FIELD_FROM not in handed_in:
            panel = await self._services.follows.panel(reader)
            await interaction.response.send_modal(forms.quiet_hours(panel, voice_of(interaction)))
            return
        start, end, city = ((handed_in.get(name) or ("",))[0] for name in (FIELD_FROM, FIELD_UNTIL, FIELD_CITY))
        work = self._services.follows.set_quiet(reader, start, end, city)
        await self._respond(interaction, await patiently(interaction, work, in_place=gives_way(interaction)))

    async def _screen(self, interaction: Interaction, reader: Reader) -> None:
        work = self._services.follows.panel(reader)
        await self._respond(interaction, await patiently(interaction, work, in_place=gives_way(interaction)))

    async def _respond(self, interaction: Interaction, value: Follows) -> None:
        await respond(interaction, follows.follows(value, voice_of(interaction)))

    # ── closed DMs ────────────────────────────────────────────────────────────────────────────────────────────────

    @commands.Cog.listener()
    async def on_app_command_completion(self, interaction: Interaction, _command: object) -> None:
        """Tell once, after the answer to a command, that our last DM was refused."""
        if await self._services.follows.has_to_be_told(interaction.user.id):
            await answer(interaction, notices.dm_closed(voice_of(interaction)))


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Follow(bot.services))
