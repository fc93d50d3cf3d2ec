"""`/search`, and the search form that buttons open."""

from discord import app_commands
from discord.app_commands import Range, locale_str
from discord.ext import commands

from bot.client.answering import Interaction, answer
from bot.client.asking import patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, fields
from bot.desk.services import Services
from bot.domain.answers import Query, Since
from bot.i18n import mark
from bot.render import completions, forms, lists
from bot.render.controls import FIELD_WORDS
from bot.render.controls import Search as SearchControl
from cogs.headlines import SHOW, SHOW_HELP, SINCE, SINCE_HELP, TOPIC_HELP, topic_typed

_LONGEST = 200


class Search(commands.Cog):
    """Finding stories by words."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.controls: Handlers = {SearchControl: self.form}

    @app_commands.command(name="search", description=locale_str(mark("Find stories by words")))
    @app_commands.describe(
        words=locale_str(mark("Words in headlines or text")), topic=TOPIC_HELP, since=SINCE_HELP, show=SHOW_HELP
    )
    @app_commands.choices(since=SINCE, show=SHOW)
    async def search(
        self,
        interaction: Interaction,
        words: Range[str, 1, _LONGEST],
        topic: str | None = None,
        since: str | None = None,
        show: str | None = None,
    ) -> None:
        """Show what the words find."""
        query = Query(topic_typed(interaction, topic), None, Since(since) if since else None)
        await self._find(interaction, words, query, show)

    @search.autocomplete("topic")
    async def complete_topic(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer topics."""
        return completions.topics(typed, voice_of(interaction))

    async def form(self, interaction: Interaction, _control: SearchControl) -> None:
        """Open the form, or show what the words handed in with it find."""
        handed_in = fields(interaction).get(FIELD_WORDS)
        if handed_in is None:
            await interaction.response.send_modal(forms.search(voice_of(interaction)))
        else:
            await self._find(interaction, handed_in[0], Query(), None)

    async def _find(self, interaction: Interaction, words: str, query: Query, show: str | None) -> None:
        reader = await reader_of(interaction, self._services, show)
        work = self._services.reading.search(reader, words, query)
        page = await patiently(interaction, work, private=lists.is_private(reader))
        await answer(interaction, lists.headlines(page, reader, voice_of(interaction, reader)))


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Search(bot.services))
