"""The filters panel: which words and topics a place leaves out, and what that would have kept."""

from collections.abc import Iterator
from typing import Any

from discord import ui

from bot.domain.managing import FilterPanel
from bot.domain.topics import Topic
from bot.render import panels
from bot.render.blocks import Option, button, row, select, text
from bot.render.kinds import Kind
from bot.render.markdown import fit
from bot.render.message import Layout, Message
from bot.render.terms import language_name, topic_name
from bot.render.voice import Voice

_TERMS = 8
_SOURCES = 3
_TERM_ROOM = 30


def filters(value: FilterPanel, say: Voice) -> Message:
    """Show the filters of a place; a live count says what they would have kept."""
    wanted = value.wanted
    lines = [
        f"## {say('Filters')}",
        f"**{say('Only stories with')}** {_terms(wanted.include, say('any words'), say)}",
        f"**{say('Leave out')}** {_terms(wanted.exclude, say('nothing'), say)}",
    ]
    lines += _only(value, say)
    if value.mutes:
        count = say.many("{count} topic or word", "{count} topics or words", len(value.mutes))
        lines.append(f"**{say('Muted for a week')}** {count}")
    if value.kept:
        kept, total = say.number(value.kept.kept), value.kept.total
        lines.append(
            say.many(
                "Would have kept {kept} of the last {count} story.",
                "Would have kept {kept} of the last {count} stories.",
                total,
                kept=kept,
            )
        )
    options = [Option(topic_name(topic, say), topic.value, default=topic in wanted.excluded_topics) for topic in Topic]
    act = panels.FilterAct
    return Message(
        Kind.FILTERS,
        Layout(
            text(*lines),
            select(panels.Filters(act.TOPICS), say("Leave out topics…"), options, several=True, least=0),
            *_choices(value, say),
            row(
                button(say("Change words"), panels.Filters(act.WORDS)),
                button(say("Clear filters"), panels.Filters(act.CLEAR), off=wanted.is_open and not value.mutes),
                button(say("Mutes"), panels.Mutes(panels.MuteAct.SHOW)),
            ),
        ),
        ephemeral=True,
    )


def _only(value: FilterPanel, say: Voice) -> Iterator[str]:
    """Name the sources and languages that everything else is left out for."""
    titles = tuple(source.title for source in value.sources if source.id in value.wanted.source_ids)
    if titles:
        yield f"**{say('Only from')}** {_terms(titles, '', say, _SOURCES)}"
    if value.wanted.languages:
        names = tuple(language_name(language) for language in value.wanted.languages)
        yield f"**{say('Only in')}** {_terms(names, '', say)}"


def _choices(value: FilterPanel, say: Voice) -> Iterator[ui.ActionRow[Any]]:
    """Offer sources and languages, where there is a choice."""
    act, wanted = panels.FilterAct, value.wanted
    if len(value.sources) > 1 or wanted.source_ids:
        from_here = [Option(one.title, str(one.id), default=one.id in wanted.source_ids) for one in value.sources]
        yield select(panels.Filters(act.SOURCES), say("Only these sources…"), from_here, several=True, least=0)
    if len(value.languages) > 1 or wanted.languages:
        spoken = [Option(language_name(one), one, default=one in wanted.languages) for one in value.languages]
        yield select(panels.Filters(act.LANGUAGES), say("Only these languages…"), spoken, several=True, least=0)


def _terms(terms: tuple[str, ...], empty: str, say: Voice, most: int = _TERMS) -> str:
    if not terms:
        return empty
    shown = say.texts.join(fit(term, _TERM_ROOM) for term in terms[:most])
    left = len(terms) - most
    return say.many("{names} and {count} more", "{names} and {count} more", left, names=shown) if left > 0 else shown
