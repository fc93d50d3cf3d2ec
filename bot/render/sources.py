"""The sources of a place: for everyone to see, for managers to add, pause and remove."""

from collections.abc import Sequence
from typing import Any

from discord import ui

from bot.domain.feeds import SourceStatus
from bot.domain.managing import SourcesPanel
from bot.domain.sources import Source, SourceState
from bot.i18n import mark
from bot.render import controls, panels
from bot.render.blocks import Option, button, row, select, small, text
from bot.render.causes import cause
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import keep_first, size
from bot.render.lines import headline
from bot.render.markdown import link, stamp, web_url
from bot.render.message import Layout, Message
from bot.render.terms import pack_name, source_title
from bot.render.voice import Voice

_TAIL_ROOM = 60
_SHOWN = 3
_STATES = {
    SourceState.NEW: mark("not read yet"),
    SourceState.OK: mark("in order"),
    SourceState.FAILING: mark("not reachable, tried again"),
    SourceState.PAUSED: mark("paused"),
    SourceState.DISABLED: mark("gone, not read any more"),
}


def sources(value: SourcesPanel, say: Voice, *, is_manager: bool) -> Message:
    """List a page of sources with their state; managers choose one to act on, add others, or choose packs."""
    feeds = say("{count} of {limit}", count=say.number(value.total), limit=say.number(value.limit))
    parts = [feeds]
    if value.pages > 1:
        parts.append(say("page {page} of {pages}", page=value.page, pages=value.pages))
    head = [f"## {say('Sources')}", small(" · ".join(parts))]
    if not value.sources:
        head.append(say("No sources are chosen here yet."))
    room = BUDGETS[Kind.SOURCES].characters - sum(size(line) + 1 for line in head)
    kept, left = keep_first([_line(one, say) for one in value.sources], room, _TAIL_ROOM)
    tail = [small(say.many("{count} more", "{count} more", left))] if left else []
    items: list[ui.Item[Any]] = [text(*head, *kept, *tail)]
    if is_manager:
        items += _manage(value, say)
    items.append(_paging(value, say, is_manager=is_manager))
    return Message(Kind.SOURCES, Layout(*items), ephemeral=True)


def added(source: Source, headlines: Sequence[str], stories: int, say: Voice) -> Message:
    """Confirm that a source is read here now, with its newest headlines as they are."""
    title = source_title(source, say, 60)
    head = f"### {say('{source} is read here now', source=title)}"
    end = small(say.many("{count} story so far", "{count} stories so far", stories))
    room = BUDGETS[Kind.ANSWER].characters - size(head) - size(end) - 2
    kept, _ = keep_first([f"- {headline(one, 80)}" for one in headlines[:_SHOWN]], room, 0)
    lines = [head, *kept, end]
    ways = row(
        button(say("Sources"), controls.OpenScreen(controls.Screen.SOURCES)),
        button(say("All headlines"), controls.OpenList()),
    )
    return Message(Kind.ANSWER, Layout(text(*lines), ways), ephemeral=True)


def _line(one: SourceStatus, say: Voice) -> str:
    source = one.source
    title = source_title(source, say, 80)
    home = web_url(source.home_url)
    named = (
        link(title, home)
        if home and size(home) <= 120 and "\\[" not in title and "\\]" not in title
        else f"**{title}**"
    )
    state = say("paused") if one.is_paused else say(_STATES[source.state])
    parts = [say.many("{count} story", "{count} stories", one.stories), state]
    if one.newest_at:
        parts.append(say("newest {time}", time=stamp(one.newest_at)))
    detail = f"\n{small(cause(source.detail, say))}" if source.detail else ""
    return f"- {named} · {' · '.join(parts)}{detail}"


def _manage(value: SourcesPanel, say: Voice) -> list[ui.Item[Any]]:
    act = panels.SourceAct
    items: list[ui.Item[Any]] = []
    if value.packs:
        options = [Option(pack_name(name, say), name, default=name in value.chosen_packs) for name in value.packs]
        packs = panels.Sources(act.PACKS)
        items.append(select(packs, say("Choose source packs…"), options, several=True, least=0))
    if value.sources:
        options = [_option(one, say, is_chosen=one.source.id == value.selected) for one in value.sources]
        items.append(select(panels.Sources(act.SHOW, None, value.page), say("Choose a source…"), options))
    chosen = next((one for one in value.sources if one.source.id == value.selected), None)
    if chosen is not None:
        items.append(row(*_acts(chosen, value.page, say)))
    return items


def _option(one: SourceStatus, say: Voice, *, is_chosen: bool) -> Option:
    name = say("Bundled sample document") if one.source.is_sample else one.source.title or one.source.name
    return Option(name, str(one.source.id), say(_STATES[one.source.state]), default=is_chosen)


def _acts(one: SourceStatus, page: int, say: Voice) -> list[ui.Button[Any]]:
    act, source_id = panels.SourceAct, one.source.id
    if one.source.is_sample:
        return [
            button(say("Keep sample"), panels.Sample(panels.SampleAct.KEEP)),
            button(say("Hide sample"), panels.Sample(panels.SampleAct.DROP)),
        ]
    pause = (say("Resume"), act.RESUME) if one.is_paused else (say("Pause"), act.PAUSE)
    return [
        button(say("Check now"), panels.Sources(act.CHECK, source_id, page)),
        button(pause[0], panels.Sources(pause[1], source_id, page)),
        button(say("Remove source"), panels.Sources(act.REMOVE, source_id, page), danger=True),
    ]


def _paging(value: SourcesPanel, say: Voice, *, is_manager: bool) -> ui.ActionRow[Any]:
    buttons = []
    if value.pages > 1:
        back = panels.Sources(panels.SourceAct.LIST, None, max(value.page - 1, 0))
        forth = panels.Sources(panels.SourceAct.LIST, None, value.page + 1)
        buttons.append(button(say("Previous page"), back, off=value.page <= 1))
        buttons.append(button(say("Next page"), forth, off=value.page >= value.pages))
    if is_manager and value.total < value.limit:
        buttons.append(button(say("Add a source"), panels.Sources(panels.SourceAct.ADD)))
    if is_manager and value.total:
        buttons.append(button(say("Export list"), panels.Sources(panels.SourceAct.EXPORT)))
    return row(*buttons, button(say("All headlines"), controls.OpenList()))
