"""`/headlines`, its pages, and the choice of a topic."""

from discord import app_commands
from discord.app_commands import Choice, locale_str
from discord.ext import commands

from bot.client.answering import Interaction, answer, gives_way, respond
from bot.client.asking import Show, patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, chosen
from bot.desk.services import Services
from bot.domain.answers import Query, Since
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.i18n import mark
from bot.render import choices, completions, lists
from bot.render.controls import ALL_TOPICS, ChooseTopic, OpenList, OpenPage, PickTopic

SINCE = [
    Choice(name=locale_str(mark("Today")), value=Since.TODAY.value),
    Choice(name=locale_str(mark("3 days")), value=Since.THREE_DAYS.value),
    Choice(name=locale_str(mark("A week")), value=Since.WEEK.value),
]
SHOW = [
    Choice(name=locale_str(mark("Only me")), value=Show.ONLY_ME.value),
    Choice(name=locale_str(mark("Everyone here")), value=Show.EVERYONE.value),
]
TOPIC_HELP = locale_str(mark("Only stories on this topic"))
SINCE_HELP = locale_str(mark("Only stories this new; undated ones count by when they were added"))
SHOW_HELP = locale_str(mark("Who sees the answer"))


class Headlines(commands.Cog):
    """Lists of stories."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.controls: Handlers = {
            OpenPage: self.turn,
            OpenList: self.open_list,
            ChooseTopic: self.choose_topic,
            PickTopic: self.pick_topic,
        }

    @app_commands.command(name="headlines", description=locale_str(mark("Read the headlines, most important first")))
    @app_commands.describe(
        topic=TOPIC_HELP,
        source=locale_str(mark("Only stories of this source")),
        since=SINCE_HELP,
        show=SHOW_HELP,
    )
    @app_commands.choices(since=SINCE, show=SHOW)
    async def headlines(
        self,
        interaction: Interaction,
        topic: str | None = None,
        source: str | None = None,
        since: str | None = None,
        show: str | None = None,
    ) -> None:
        """Show the first page of headlines."""
        reader = await reader_of(interaction, self._services, show)
        source_id = await self._services.suggesting.source_named(reader, source)
        query = Query(topic_typed(interaction, topic), source_id, Since(since) if since else None)
        work = self._services.reading.headlines(reader, query)
        page = await patiently(interaction, work, private=lists.is_private(reader))
        await answer(interaction, lists.headlines(page, reader, voice_of(interaction, reader)))

    @headlines.autocomplete("topic")
    async def complete_topic(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer topics."""
        return completions.topics(typed, voice_of(interaction))

    @headlines.autocomplete("source")
    async def complete_source(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer sources."""
        reader = await reader_of(interaction, self._services)
        return completions.sources(await self._services.suggesting.sources(reader, typed), voice_of(interaction))

    async def turn(self, interaction: Interaction, control: OpenPage) -> None:
        """Show another page in place of the one it is pressed on."""
        await self._show_page(interaction, control.query, control.page, control.found)

    async def open_list(self, interaction: Interaction, control: OpenList) -> None:
        """Show all headlines, to the presser alone."""
        reader = await reader_of(interaction, self._services)
        page = await patiently(interaction, self._services.reading.headlines(reader, Query(control.topic)))
        await answer(interaction, lists.headlines(page, reader, voice_of(interaction)))

    async def choose_topic(self, interaction: Interaction, control: ChooseTopic) -> None:
        """Offer the topics; the rest of the list's query stays."""
        query = Query(None, control.source_id, control.since)
        await respond(interaction, choices.topics(query, voice_of(interaction), found=control.found))

    async def pick_topic(self, interaction: Interaction, control: PickTopic) -> None:
        """Show the list narrowed to the chosen topic, in place of the choice."""
        (value,) = chosen(interaction) or (ALL_TOPICS,)
        topic = None if value == ALL_TOPICS else topic_typed(interaction, value)
        await self._show_page(interaction, Query(topic, control.source_id, control.since), 1, control.found)

    async def _show_page(self, interaction: Interaction, query: Query, page: int, found: int | None) -> None:
        reader = await reader_of(interaction, self._services)
        reading = self._services.reading
        if found is None:
            work = reading.headlines(reader, query, page)
        else:
            work = reading.search_page(reader, found, query, page)
        found_page = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, lists.headlines(found_page, reader, voice_of(interaction)))


def topic_typed(interaction: Interaction, typed: str | None) -> Topic | None:
    """Read the topic option.

    Raises:
        UserError: UNKNOWN_TOPIC.
    """
    if not typed or not typed.strip():
        return None
    topic = completions.topic_named(typed, voice_of(interaction))
    if topic is None:
        raise UserError(Code.UNKNOWN_TOPIC, text=typed.strip())
    return topic


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Headlines(bot.services))
