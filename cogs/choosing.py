"""What a server reads: the panels of sources and filters, and the word about the bundled sample."""

from collections.abc import Awaitable, Callable

from discord.ext import commands

from bot.client.answering import Interaction, answer, gives_way, respond
from bot.client.asking import manager_of, patiently, reader_of, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, chosen, chosen_numbers, fields
from bot.desk.services import Services
from bot.domain.answers import Reader
from bot.domain.places import SampleMode
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.i18n import mark
from bot.render import feed_lists, filters, forms, notices, sources
from bot.render.panels import (
    FIELD_ADDRESS,
    FIELD_EXCLUDE,
    FIELD_INCLUDE,
    FilterAct,
    Filters,
    Sample,
    SampleAct,
    SourceAct,
    Sources,
)

Act = Callable[[Reader, int], Awaitable[object]]

_SAMPLE = {
    SampleAct.KEEP: (SampleMode.KEEP, mark("The bundled sample stays in lists and briefings here.")),
    SampleAct.DROP: (SampleMode.OFF, mark("The bundled sample leaves lists and briefings here. Search finds it.")),
}


class Choosing(commands.Cog):
    """What the controls of those panels do."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.controls: Handlers = {Sources: self.source, Filters: self.filter, Sample: self.sample}
        desk = services.sources
        self._answers = {SourceAct.ADD: self._add, SourceAct.EXPORT: self._export}
        self._acts: dict[SourceAct, Act] = {
            SourceAct.PAUSE: lambda who, it: desk.set_paused(who.place.id, it, who.user_id, is_paused=True),
            SourceAct.RESUME: lambda who, it: desk.set_paused(who.place.id, it, who.user_id, is_paused=False),
            SourceAct.REMOVE: lambda who, it: desk.remove(who.place.id, it, who.user_id),
            SourceAct.CHECK: lambda who, it: desk.check(who.place.id, it),
        }

    # ── sources ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def source(self, interaction: Interaction, control: Sources) -> None:
        """Turn pages for everyone; do what managers ask for."""
        if control.act is SourceAct.LIST:
            reader = await reader_of(interaction, self._services)
            await self._panel(interaction, reader, control.page, None)
            return
        reader = await manager_of(interaction, self._services)
        selected = control.source_id
        if control.act in self._answers:
            await self._answers[control.act](interaction, reader)
            return
        if control.act is SourceAct.PACKS:
            await self._choose_packs(reader, chosen(interaction))
        elif control.act is SourceAct.SHOW:
            selected = next(iter(chosen_numbers(interaction)), None)
        elif selected is not None:
            await patiently(interaction, self._acts[control.act](reader, selected), in_place=gives_way(interaction))
        await self._panel(interaction, reader, control.page, selected)

    async def _choose_packs(self, reader: Reader, names: tuple[str, ...]) -> None:
        offered = (await self._services.sources.panel(reader.place.id)).packs
        if not set(names) <= set(offered):
            raise UserError(Code.CONTROL_EXPIRED, command="newsdesk sources")
        await self._services.sources.choose_packs(reader.place.id, names, reader.user_id)

    async def _panel(self, interaction: Interaction, reader: Reader, page: int, selected: int | None) -> None:
        work = self._services.sources.panel(reader.place.id, page=page, selected=selected)
        value = await patiently(interaction, work, in_place=gives_way(interaction))
        is_manager = reader.is_manager and not reader.is_dm
        await respond(interaction, sources.sources(value, voice_of(interaction), is_manager=is_manager))

    async def _add(self, interaction: Interaction, reader: Reader) -> None:
        handed_in = fields(interaction).get(FIELD_ADDRESS)
        if handed_in is None:
            await interaction.response.send_modal(forms.add_source(voice_of(interaction)))
            return
        added = await patiently(interaction, self._services.sources.add(reader.place.id, reader.user_id, handed_in[0]))
        told = sources.added(added.source, added.headlines, added.stories, voice_of(interaction))
        await answer(interaction, told)

    async def _export(self, interaction: Interaction, reader: Reader) -> None:
        data = await patiently(interaction, self._services.sources.export_opml(reader.place.id))
        await answer(interaction, feed_lists.exported(data, voice_of(interaction)))

    # ── filters and the sample ────────────────────────────────────────────────────────────────────────────────────

    async def filter(self, interaction: Interaction, control: Filters) -> None:
        """Change what is left out, and show what that would have kept."""
        reader = await manager_of(interaction, self._services)
        desk, place_id, by = self._services.filters, reader.place.id, reader.user_id
        if control.act is FilterAct.WORDS:
            await self._words(interaction, reader)
            return
        if control.act is FilterAct.SHOW:
            work = desk.panel(place_id)
        elif control.act is FilterAct.TOPICS:
            work = desk.leave_out_topics(place_id, by, _topics(chosen(interaction)))
        elif control.act is FilterAct.SOURCES:
            work = desk.only_sources(place_id, by, chosen_numbers(interaction))
        elif control.act is FilterAct.LANGUAGES:
            work = desk.only_languages(place_id, by, chosen(interaction))
        else:
            work = desk.clear(place_id, by)
        value = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, filters.filters(value, voice_of(interaction)))

    async def _words(self, interaction: Interaction, reader: Reader) -> None:
        desk, handed_in = self._services.filters, fields(interaction)
        if FIELD_INCLUDE not in handed_in:
            panel = await desk.panel(reader.place.id)
            await interaction.response.send_modal(forms.filter_words(panel.wanted, voice_of(interaction)))
            return
        include, exclude = "".join(handed_in[FIELD_INCLUDE]), "".join(handed_in.get(FIELD_EXCLUDE, ()))
        work = desk.set_words(reader.place.id, reader.user_id, include, exclude)
        value = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, filters.filters(value, voice_of(interaction)))

    async def sample(self, interaction: Interaction, control: Sample) -> None:
        """Keep the bundled sample here, or leave it out."""
        reader = await manager_of(interaction, self._services)
        mode, sentence = _SAMPLE[control.act]
        await self._services.sources.set_sample(reader.place, mode, reader.user_id)
        say = voice_of(interaction)
        await respond(interaction, notices.done(say(sentence), say))


def _topics(values: tuple[str, ...]) -> tuple[Topic, ...]:
    """Read the topics of our select.

    Raises:
        UserError: UNKNOWN_TOPIC, for a value that is none of them.
    """
    known = {topic.value: topic for topic in Topic}
    for value in values:
        if value not in known:
            raise UserError(Code.UNKNOWN_TOPIC, text=value)
    return tuple(known[value] for value in values)


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(Choosing(bot.services))
