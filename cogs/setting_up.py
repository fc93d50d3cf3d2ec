"""The setup panel: every choice is kept at once, so that a restart, a second manager or a wrong entry loses nothing."""

from collections.abc import Awaitable, Callable

from discord.ext import commands

from bot.client.answering import Interaction, answer, gives_way, respond
from bot.client.asking import manager_of, patiently, voice_of
from bot.client.client import Client
from bot.client.dispatch import Handlers, chosen, fields
from bot.desk.services import Services
from bot.desk.setup import SetupPanel
from bot.domain.answers import Reader
from bot.domain.editions import LeadChoice
from bot.domain.places import QuietDay
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.render import briefings, choices, completions, forms, notices
from bot.render import setup as setup_panel
from bot.render.controls import FIELD_CITY, FIELD_TIME
from bot.render.message import Message
from bot.render.panels import FIELD_NAME, FIELD_SOURCES, SetupAct
from bot.render.panels import Setup as SetupControl
from bot.render.voice import Voice

Act = Callable[[Interaction, Reader, int | None], Awaitable[None]]
Choose = Callable[[tuple[str, ...]], dict[str, object]]

MOST_STORIES = 12
MOST_GRACE_S = 43_200
MOST_ID = 2**63 - 1

_CHOICES: dict[SetupAct, Choose] = {  # what a select's values are, as fields of the draft
    SetupAct.CHANNEL: lambda values: {"channel_id": _one_id(values)},
    SetupAct.SOURCES: lambda values: {"packs": values},
    SetupAct.ZONE: lambda values: {"zone": values[0]},
    SetupAct.TOPICS: lambda values: {"topics": tuple(Topic(value) for value in values)},
    SetupAct.LEAD: lambda values: {"lead_choice": LeadChoice(values[0])},
    SetupAct.LENGTH: lambda values: {"max_stories": _within(values, 1, MOST_STORIES)},
    SetupAct.QUIET: lambda values: {"quiet_day": QuietDay(values[0])},
    SetupAct.DAYS: lambda values: {"weekdays": _days(values)},
    SetupAct.GRACE: lambda values: {"grace_s": _within(values, 0, MOST_GRACE_S)},
    SetupAct.ROLE: lambda values: {"role_id": _one_id(values)},
}
_CONTENTS = frozenset({SetupAct.TOPICS, SetupAct.LEAD, SetupAct.LENGTH, SetupAct.QUIET})
_POSTING = frozenset({SetupAct.DAYS, SetupAct.GRACE, SetupAct.ROLE})


class SettingUp(commands.Cog):
    """What the controls of the setup panel do."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self.controls: Handlers = {SetupControl: self.act}
        self._acts: dict[SetupAct, Act] = {
            SetupAct.OPEN: self._open,
            SetupAct.BACK: self._show,
            SetupAct.CHECK: self._check,
            SetupAct.TIME: self._time,
            SetupAct.NAME: self._name,
            SetupAct.OPTIONS: self._contents,
            SetupAct.NARROW: self._narrow,
            SetupAct.POSTING: self._posting,
            SetupAct.STYLE: self._style,
            SetupAct.DISCUSSION: self._discussion,
            SetupAct.PUBLISH: self._publish,
            SetupAct.PREVIEW: self._preview,
            SetupAct.TURN_ON: self._turn_on,
            SetupAct.CANCEL: self._cancel,
        }

    async def act(self, interaction: Interaction, control: SetupControl) -> None:
        """Do what a control of the panel stands for; whether one may is asked anew every time."""
        reader = await manager_of(interaction, self._services)
        if choose := _CHOICES.get(control.act):
            made = _read(choose, chosen(interaction))
            panel = await self._services.setup.choose(reader, control.schedule_id, **made)
            await respond(interaction, _page(control.act)(panel, voice_of(interaction)))
            return
        await self._acts[control.act](interaction, reader, control.schedule_id)

    async def _open(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        work = self._services.setup.open(reader, schedule_id)
        panel = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, _first(panel, voice_of(interaction)))

    async def _show(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        panel = await self._services.setup.show(reader, schedule_id)
        await respond(interaction, _first(panel, voice_of(interaction)))

    async def _check(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        await self._services.watch.check_place(reader.place.id)  # what was mended goes on at once
        await self._show(interaction, reader, schedule_id)

    async def _contents(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        panel = await self._services.setup.show(reader, schedule_id)
        await respond(interaction, _second(panel, voice_of(interaction)))

    async def _posting(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        panel = await self._services.setup.show(reader, schedule_id)
        await respond(interaction, _third(panel, voice_of(interaction)))

    async def _name(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        handed_in = fields(interaction)
        if FIELD_NAME not in handed_in:
            panel = await self._services.setup.show(reader, schedule_id)
            await interaction.response.send_modal(forms.briefing_name(panel.draft, voice_of(interaction)))
            return
        panel = await self._services.setup.rename(reader, schedule_id, "".join(handed_in[FIELD_NAME]))
        await respond(interaction, _first(panel, voice_of(interaction)))

    async def _narrow(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        handed_in = fields(interaction)
        if not any(name.startswith(FIELD_SOURCES) for name in handed_in):
            draft, offered = await self._services.setup.sources(reader, schedule_id)
            if offered:
                await interaction.response.send_modal(forms.briefing_sources(draft, offered, voice_of(interaction)))
                return
        picked = {int(value) for values in handed_in.values() for value in values if _is_id(value)}
        panel = await self._services.setup.narrow(reader, schedule_id, picked)
        await respond(interaction, _second(panel, voice_of(interaction)))

    async def _time(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        handed_in = fields(interaction)
        if FIELD_TIME not in handed_in:
            panel = await self._services.setup.show(reader, schedule_id)
            await interaction.response.send_modal(forms.setup_time(panel.draft, voice_of(interaction)))
            return
        typed, city = "".join(handed_in[FIELD_TIME]), "".join(handed_in.get(FIELD_CITY, ()))
        panel = await self._services.setup.choose_when(reader, schedule_id, typed, city)
        await respond(interaction, _first(panel, voice_of(interaction)))

    async def _style(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        panel = await self._services.setup.toggle_style(reader, schedule_id)
        await respond(interaction, _third(panel, voice_of(interaction)))

    async def _discussion(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        panel = await self._services.setup.toggle_discussion(reader, schedule_id)
        await respond(interaction, _third(panel, voice_of(interaction)))

    async def _publish(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        panel = await self._services.setup.toggle_publish(reader, schedule_id)
        await respond(interaction, _third(panel, voice_of(interaction)))

    async def _preview(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        posting = await patiently(interaction, self._services.setup.preview(reader, schedule_id))
        await answer(interaction, briefings.preview(posting, voice_of(interaction)))

    async def _turn_on(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        work = self._services.setup.turn_on(reader, schedule_id)
        draft = await patiently(interaction, work, in_place=gives_way(interaction))
        await respond(interaction, setup_panel.turned_on(draft, voice_of(interaction)))

    async def _cancel(self, interaction: Interaction, reader: Reader, schedule_id: int | None) -> None:
        await self._services.setup.cancel(reader, schedule_id)
        say = voice_of(interaction)
        await respond(interaction, notices.done(say("Setup is cancelled. No briefing was changed."), say))


async def begin(
    interaction: Interaction, services: Services, reader: Reader, time: str | None, zone: str | None
) -> None:
    """Answer `/newsdesk setup`: the panel for a new briefing, with what was typed filled in."""
    if time or zone:
        panel = await services.setup.choose_when(reader, None, time, zone or "")
    else:
        panel = await services.setup.open(reader)
    await answer(interaction, _first(panel, voice_of(interaction)))


def _first(panel: SetupPanel, say: Voice) -> Message:
    """Show the panel, or first the zones that a city may mean."""
    if not panel.zones:
        return setup_panel.setup(panel.draft, say, packs=panel.packs, sources=panel.sources)
    offered = [(one.zone, completions.zone_label(one.city, one.clock, one.zone, say)) for one in panel.zones]
    schedule_id = panel.draft.schedule_id
    answer_to = SetupControl(SetupAct.ZONE, schedule_id)
    return choices.zones(panel.typed, offered, answer_to, SetupControl(SetupAct.TIME, schedule_id), say)


def _second(panel: SetupPanel, say: Voice) -> Message:
    return setup_panel.setup_contents(panel.draft, say, sources=panel.sources)


def _third(panel: SetupPanel, say: Voice) -> Message:
    return setup_panel.setup_posting(panel.draft, say)


def _page(act: SetupAct) -> Callable[[SetupPanel, Voice], Message]:
    """Give the page that a choice was made on."""
    if act in _CONTENTS:
        return _second
    return _third if act in _POSTING else _first


def _read(choose: Choose, values: tuple[str, ...]) -> dict[str, object]:
    """Read what was picked.

    Raises:
        UserError: CONTROL_EXPIRED, for what our select does not offer.
    """
    try:
        return choose(values)
    except (ValueError, IndexError) as error:
        raise UserError(Code.CONTROL_EXPIRED, command="newsdesk setup") from error


def _is_id(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < len(str(MOST_ID))


def _one_id(values: tuple[str, ...]) -> int | None:
    return _within(values, 1, MOST_ID) if values else None


def _within(values: tuple[str, ...], least: int, most: int) -> int:
    number = int(values[0][: len(str(MOST_ID))])
    if not least <= number <= most:
        raise ValueError("not offered")
    return number


def _days(values: tuple[str, ...]) -> int:
    """Give the bit mask of weekday numbers, Monday 0."""
    days = {int(value) for value in values if value in set("0123456")}
    if not days:
        raise ValueError("no day")
    return sum(1 << day for day in days)


async def setup(bot: Client) -> None:
    """Add the cog."""
    await bot.add_cog(SettingUp(bot.services))
