"""`/summary`, and everything that can be done with a story's card."""

from collections.abc import Awaitable, Callable

from discord import app_commands
from discord.app_commands import Choice, locale_str
from discord.ext import commands

from bot.client.answering import Interaction, answer, gives_way, respond
from bot.client.asking import patiently, reader_of, server_voice_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, chosen
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.domain.stories import Length, parse_story_key
from bot.errors import Code, UserError
from bot.i18n import mark
from bot.render import cards, completions, coverage, full_texts, lists, notices, reasons, terms
from bot.render.controls import DoMore, More, MoreOf, MuteTopic, OpenStory, PickStory, ReadText, Share, Unshare
from cogs.headlines import SHOW, SHOW_HELP

LENGTHS = [
    Choice(name=locale_str(mark("Short")), value=Length.SHORT.value),
    Choice(name=locale_str(mark("Medium")), value=Length.MEDIUM.value),
    Choice(name=locale_str(mark("Long")), value=Length.LONG.value),
]

Act = Callable[[Interaction, Reader, int], Awaitable[None]]


class Summary(commands.Cog):
    """One story, read."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.acts: dict[More, Act] = {  # other cogs have tables of their own
            More.WHY: self._why,
            More.COMPARE: self._compare,
            More.LONGER: self._longer,
            More.SHORTER: self._shorter,
            More.MUTE: self._mute_first_topic,
        }
        self.controls: Handlers = {
            OpenStory: self.open,
            PickStory: self.pick,
            ReadText: self.read_text,
            Share: self.share,
            Unshare: self.unshare,
            MoreOf: self.more,
            DoMore: self.do,
            MuteTopic: self.mute,
        }

    @app_commands.command(name="summary", description=locale_str(mark("Read one news story: quotes and sources")))
    @app_commands.describe(
        story=locale_str(mark("A headline, a story’s id, or a number from your last list")),
        length=locale_str(mark("How much is quoted")),
        show=SHOW_HELP,
    )
    @app_commands.choices(length=LENGTHS, show=SHOW)
    async def summary(
        self, interaction: Interaction, story: str, length: str | None = None, show: str | None = None
    ) -> None:
        """Show a story's card."""
        reader = await reader_of(interaction, self._services, show)
        work = self._services.reading.card(reader, story, Length(length) if length else Length.MEDIUM)
        card = await patiently(interaction, work, private=lists.is_private(reader))
        await answer(interaction, cards.card(card, reader, voice_of(interaction, reader)))

    @summary.autocomplete("story")
    async def complete_story(self, interaction: Interaction, typed: str) -> completions.Choices:
        """Offer stories."""
        reader = await reader_of(interaction, self._services)
        return completions.stories(await self._services.suggesting.stories(reader, typed))

    # ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def open(self, interaction: Interaction, control: OpenStory) -> None:
        """Show the card of a story that a button stands for."""
        await self._open(interaction, control.story_id, control.length)

    async def pick(self, interaction: Interaction, _control: PickStory) -> None:
        """Show the card of the story picked in a select."""
        (key,) = chosen(interaction) or ("",)
        story_id = parse_story_key(key)
        if story_id is None:
            raise UserError(Code.STORY_GONE)
        await self._open(interaction, story_id, Length.MEDIUM)

    async def read_text(self, interaction: Interaction, control: ReadText) -> None:
        """Show a page of the full text."""
        reader = await reader_of(interaction, self._services)
        work = self._services.reading.full_text(reader, control.story_id, control.article_id, control.page)
        text = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, full_texts.full_text(text, reader, voice_of(interaction)))

    async def _open(self, interaction: Interaction, story_id: int, length: Length) -> None:
        reader = await reader_of(interaction, self._services)
        in_place = gives_way(interaction, keeps_lists=True)
        work = self._services.reading.open(reader, story_id, length, message_id=_public_message(interaction))
        card = await patiently(interaction, work, in_place=in_place, private=lists.is_private(reader))
        await respond(interaction, cards.card(card, reader, voice_of(interaction)), keeps_lists=True)

    # ── sharing ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def share(self, interaction: Interaction, control: Share) -> None:
        """Post the card in the channel, once an hour."""
        reader = await reader_of(interaction, self._services)
        card, share = await self._services.sharing.begin(reader, control.story_id)
        shared = cards.shared_card(
            card, reader.user_id, interaction.user.display_name, server_voice_of(interaction, reader)
        )
        message_id = None
        try:
            message_id = await answer(interaction, shared)
        finally:
            await self._services.sharing.finish(share, message_id, pressed_on=_came_from(interaction))

    async def unshare(self, interaction: Interaction, control: Unshare) -> None:
        """Remove a shared card, for its sharer, moderators and managers."""
        reader = await reader_of(interaction, self._services)
        pressed = interaction.message
        if pressed is None:
            raise UserError(Code.CONTROL_EXPIRED, command="headlines")
        is_moderator = interaction.permissions.manage_messages
        await self._services.sharing.remove(reader, control.sharer_id, pressed.id, is_moderator=is_moderator)
        await interaction.response.defer()
        await interaction.delete_original_response()

    # ── more ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def more(self, interaction: Interaction, control: MoreOf) -> None:
        """Do what was chosen in "More…"."""
        (value,) = chosen(interaction) or ("",)
        await self._do(interaction, value, control.story_id)

    async def do(self, interaction: Interaction, control: DoMore) -> None:
        """Do the same from a button."""
        await self._do(interaction, control.act.value, control.story_id)

    async def mute(self, interaction: Interaction, control: MuteTopic) -> None:
        """Mute a topic for the presser for a week, or let it be heard again."""
        reader = await reader_of(interaction, self._services)
        until = await self._services.muting.mute_topic(reader, control.topic, on=control.on)
        say = voice_of(interaction)
        topic = terms.topic_name(control.topic, say)
        if control.on:
            told = notices.muted(topic, until, MuteTopic(control.topic, on=False), say)
        else:
            told = notices.done(say("{topic} is back in your lists.", topic=topic), say)
        await respond(interaction, told)

    async def _do(self, interaction: Interaction, value: str, story_id: int) -> None:
        tables = (getattr(cog, "acts", {}) for cog in interaction.client.cogs.values())
        act: Act | None = next((table[value] for table in tables if value in table), None)
        if act is None:
            raise UserError(Code.CONTROL_EXPIRED, command="headlines")
        await act(interaction, await reader_of(interaction, self._services), story_id)

    async def _why(self, interaction: Interaction, reader: Reader, story_id: int) -> None:
        value = await patiently(interaction, self._services.reading.why(reader, story_id))
        await answer(interaction, reasons.why(value, voice_of(interaction)))

    async def _compare(self, interaction: Interaction, reader: Reader, story_id: int) -> None:
        value = await patiently(interaction, self._services.reading.compare(reader, story_id))
        await answer(interaction, coverage.comparison(value, voice_of(interaction)))

    async def _longer(self, interaction: Interaction, _reader: Reader, story_id: int) -> None:
        await self._open(interaction, story_id, Length.LONG)

    async def _shorter(self, interaction: Interaction, _reader: Reader, story_id: int) -> None:
        await self._open(interaction, story_id, Length.SHORT)

    async def _mute_first_topic(self, interaction: Interaction, reader: Reader, story_id: int) -> None:
        topic = await self._services.reading.topic_of(reader, story_id)
        await self.mute(interaction, MuteTopic(topic))


def _public_message(interaction: Interaction) -> int | None:
    """Give the id of the public message that was pressed, to be counted."""
    pressed = interaction.message
    return None if pressed is None or pressed.flags.ephemeral or interaction.guild_id is None else pressed.id


def _came_from(interaction: Interaction) -> int | None:
    """Give the id of the message whose story is shared: the pressed one, or the one that its private card came from."""
    pressed = interaction.message
    about = pressed.interaction_metadata if pressed is not None and pressed.flags.ephemeral else None
    return about.interacted_message_id if about is not None else _public_message(interaction)


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Summary(bot.services))
