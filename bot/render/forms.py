"""Forms (modals): search, time and zone, quiet hours, a source's address, filter words, a report."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import discord
from discord import ui

from bot.domain.answers import SetupDraft
from bot.domain.personal import Follows
from bot.domain.place_filters import PlaceFilter
from bot.domain.places import Schedule
from bot.domain.sources import Source
from bot.i18n import mark
from bot.render import controls, panels
from bot.render.blocks import unique_labels
from bot.render.custom_ids import Control
from bot.render.limits import MODAL_HINT, MODAL_LABEL, MODAL_ROWS, MODAL_TITLE, OPTIONS, PLACEHOLDER, cut
from bot.render.markdown import clean
from bot.render.terms import source_name
from bot.render.voice import Voice

_LONG = discord.TextStyle.paragraph
_WORDS_ROOM = 4_000


class Form(ui.Modal):
    """A form that the client sends and forgets; what is handed in comes to its one listener."""

    def __init__(self, title: str, control: Control, *fields: ui.Label[Any]) -> None:
        super().__init__(title=cut(title, MODAL_TITLE), custom_id=control.custom_id, timeout=None)
        for field in fields:
            self.add_item(field)

    def is_finished(self) -> bool:
        """Say yes: discord.py then stores nothing and dispatches nothing to it."""
        return True


class Reason(StrEnum):
    """Why a story is reported."""

    WRONG_GROUP = "wrong-group"
    WRONG_QUOTE = "wrong-quote"
    BAD_LINK = "bad-link"
    OTHER = "other"


_REASONS = {
    Reason.WRONG_GROUP: mark("Reports about different events"),
    Reason.WRONG_QUOTE: mark("A quote or headline is wrong"),
    Reason.BAD_LINK: mark("The link is broken or harmful"),
    Reason.OTHER: mark("Something else"),
}


def search(say: Voice, words: str = "") -> Form:
    """Ask for the words to search for."""
    field = _text(say("Words"), controls.FIELD_WORDS, say("Words from a headline or a name"), words, most=100)
    return Form(say("Search"), controls.Search(), field)


def setup_time(draft: SetupDraft, say: Voice) -> Form:
    """Ask for a briefing's time and city."""
    time = f"{draft.local_time:%H:%M}" if draft.local_time is not None else ""
    control = panels.Setup(panels.SetupAct.TIME, draft.schedule_id)
    return Form(say("Time and zone"), control, *_time_fields(time, draft.zone or "", say))


def briefing_name(draft: SetupDraft, say: Voice) -> Form:
    """Ask for a briefing's name; empty it is "Daily briefing"."""
    control = panels.Setup(panels.SetupAct.NAME, draft.schedule_id)
    field = _text(say("Name"), panels.FIELD_NAME, say("Daily briefing"), draft.name, most=60, required=False)
    return Form(say("Name of the briefing"), control, field)


def briefing_sources(draft: SetupDraft, offered: Sequence[Source], say: Voice) -> Form:
    """Offer the sources that a briefing can be narrowed to, in as many selects as a form holds."""
    parts = [offered[start : start + OPTIONS] for start in range(0, len(offered), OPTIONS)][:MODAL_ROWS]
    labels = unique_labels(source_name(source, say) for part in parts for source in part)
    fields = []
    for number, part in enumerate(parts, 1):
        options = [
            discord.SelectOption(
                label=labels[(number - 1) * OPTIONS + index], value=str(one.id), default=one.id in draft.source_ids
            )
            for index, one in enumerate(part)
        ]
        menu: ui.Select[Any] = ui.Select(
            custom_id=f"{panels.FIELD_SOURCES}{number}",
            placeholder=cut(say("All that are read here"), PLACEHOLDER),
            options=options,
            min_values=0,
            max_values=len(options),
            required=False,
        )
        name = say("Only from these") if number == 1 else say("More sources ({number})", number=number)
        fields.append(ui.Label(text=cut(name, MODAL_LABEL), component=menu))
    return Form(say("Choose sources"), panels.Setup(panels.SetupAct.NARROW, draft.schedule_id), *fields)


def pause_until(schedule: Schedule, say: Voice) -> Form:
    """Ask for the day on which a pause ends."""
    until = schedule.paused_until
    known = until.isoformat() if until and until != date.max else ""
    hint = say("2026-12-24, 24.12., 3 weeks or Monday")
    field = _text(say("First day with a briefing again"), panels.FIELD_DATE, hint, known, most=60)
    return Form(say("Pause until a date"), panels.Status(panels.StatusAct.PAUSE_UNTIL, schedule.id), field)


def own_time(time: str, zone: str, say: Voice) -> Form:
    """Ask for the time and city of an own briefing."""
    return Form(say("Time and zone"), controls.OwnBriefing(controls.Own.TIME), *_time_fields(time, zone, say))


def quiet_hours(value: Follows, say: Voice) -> Form:
    """Ask between which hours no DM may come; empty fields end quiet hours."""
    start = f"{value.quiet_from:%H:%M}" if value.quiet_from else ""
    until = f"{value.quiet_until:%H:%M}" if value.quiet_until else ""
    return Form(
        say("Quiet hours"),
        controls.QuietHours(),
        _text(say("From"), controls.FIELD_FROM, "22:00", start, most=20, required=False),
        _text(say("Until"), controls.FIELD_UNTIL, "07:00", until, most=20, required=False),
        _text(say("City"), controls.FIELD_CITY, "Berlin", value.zone or "", most=80, required=False),
    )


def add_source(say: Voice) -> Form:
    """Ask for the address of a page or a feed."""
    field = _text(say("Address of a page or feed"), panels.FIELD_ADDRESS, "https://example.com/news", most=2_000)
    return Form(say("Add a source"), panels.Sources(panels.SourceAct.ADD), field)


def filter_words(wanted: PlaceFilter, say: Voice) -> Form:
    """Ask for words to include and to exclude."""
    hint = say("Words or phrases, separated by commas")
    include, exclude = ", ".join(wanted.include), ", ".join(wanted.exclude)
    return Form(
        say("Filter words"),
        panels.Filters(panels.FilterAct.WORDS),
        _text(say("Only stories with"), panels.FIELD_INCLUDE, hint, include, style=_LONG, required=False),
        _text(say("Leave out"), panels.FIELD_EXCLUDE, hint, exclude, style=_LONG, required=False),
    )


def mute_word(say: Voice, *, is_own: bool) -> Form:
    """Ask for a word or phrase to mute."""
    field = _text(say("Word or phrase"), panels.FIELD_WORD, say("A word, a phrase, or a beginning: elect*"), most=80)
    return Form(say("Mute for 7 days"), panels.Mutes(panels.MuteAct.WORD, is_own), field)


def report(story_id: int, say: Voice) -> Form:
    """Ask what is wrong with a story; it reaches the operator."""
    options = [discord.RadioGroupOption(label=say(name), value=reason.value) for reason, name in _REASONS.items()]
    choice: ui.RadioGroup[Any] = ui.RadioGroup(custom_id=controls.FIELD_REASON, options=options)
    detail = _text(
        say("Details"),
        controls.FIELD_DETAIL,
        say("What the operator should know"),
        most=500,
        style=_LONG,
        required=False,
    )
    fields = (ui.Label(text=cut(say("What is wrong?"), MODAL_LABEL), component=choice), detail)
    return Form(say("Report a problem"), controls.Report(story_id), *fields)


def _time_fields(time: str, zone: str, say: Voice) -> Sequence[ui.Label[Any]]:
    return (
        _text(say("Time"), controls.FIELD_TIME, say("08:00, 8am, 20h or noon"), time, most=20),
        _text(say("City or time zone"), controls.FIELD_CITY, say("Berlin, Chicago or Europe/Paris"), zone, most=80),
    )


def _text(
    label: str,
    field: str,
    hint: str,
    value: str = "",
    *,
    most: int = _WORDS_ROOM,
    style: discord.TextStyle = discord.TextStyle.short,
    required: bool = True,
) -> ui.Label[Any]:
    box: ui.TextInput[Any] = ui.TextInput(
        custom_id=field,
        style=style,
        placeholder=cut(hint, MODAL_HINT),
        default=cut(clean(value), most) or None,
        required=required,
        max_length=most,
    )
    return ui.Label(text=cut(label, MODAL_LABEL), component=box)
