"""Who changed what: a line each in the status panel, and pages of them."""

import re
from typing import Any

from discord import ui

from bot.domain.answers import ChangesPage, SettingChange
from bot.i18n import mark
from bot.render import panels
from bot.render.blocks import button, row, small, text
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import keep_first, size
from bot.render.markdown import fit, stamp
from bot.render.message import Layout, Message
from bot.render.voice import Voice

_TAIL_ROOM = 60
_NAME_ROOM = 40
_DETAIL_ROOM = 60
_ID = re.compile(r"\d{1,20}")
_ARROW = " → "
_CHANGES = {
    "turned-on": mark("turned on"),
    "turned-off": mark("turned off"),
    "time": mark("time changed"),
    "zone": mark("time zone changed"),
    "days": mark("days changed"),
    "channel": mark("channel changed"),
    "settings": mark("settings changed"),
    "name": mark("name changed"),
    "topics": mark("topics changed"),
    "briefing-sources": mark("its sources changed"),
    "leads": mark("leads changed"),
    "length": mark("length changed"),
    "quiet-day": mark("quiet days changed"),
    "style": mark("style changed"),
    "publish": mark("publishing changed"),
    "discussion": mark("discussion thread changed"),
    "ping": mark("role to ping changed"),
    "grace": mark("lateness changed"),
    "paused": mark("paused"),
    "resumed": mark("resumed"),
    "skipped-next": mark("next one skipped"),
    "posted-now": mark("posted by hand"),
    "stopped": mark("stopped"),
    "healed": mark("works again"),
    "removed": mark("briefing deleted"),
    "answers": mark("public answers changed"),
    "notices": mark("notices channel changed"),
    "managers": mark("news managers role changed"),
    "sharing-on": mark("sharing allowed"),
    "sharing-off": mark("sharing stopped"),
    "corrections-on": mark("corrections allowed"),
    "corrections-off": mark("corrections stopped"),
    "sample": mark("bundled sample changed"),
    "packs": mark("source packs changed"),
    "source-added": mark("source added"),
    "source-removed": mark("source removed"),
    "source-paused": mark("source paused"),
    "source-resumed": mark("source resumed"),
    "list-imported": mark("list of feeds imported"),
    "filters": mark("filters changed"),
    "mutes": mark("mutes changed"),
    "imported": mark("settings imported"),
    "corrected": mark("story corrected by hand"),
}


def changes(value: ChangesPage, say: Voice) -> Message:
    """Show a page of changes, the newest first."""
    head = [f"## {say('Who changed what')}"]
    if value.pages > 1:
        head.append(small(say("page {page} of {pages}", page=value.page, pages=value.pages)))
    if not value.changes:
        head.append(say("Nothing was changed here yet."))
    room = BUDGETS[Kind.STATUS].characters - sum(size(line) + 1 for line in head)
    kept, left = keep_first([f"- {line(one, say)}" for one in value.changes], room, _TAIL_ROOM)
    tail = [small(say.many("{count} more", "{count} more", left))] if left else []
    buttons: list[ui.Button[Any]] = []
    if value.pages > 1:
        buttons.append(button(say("Previous page"), panels.Changes(value.page - 1), off=value.page <= 1))
        buttons.append(button(say("Next page"), panels.Changes(value.page + 1), off=value.page >= value.pages))
    buttons.append(button(say("Show status"), panels.Status(panels.StatusAct.REFRESH)))
    return Message(Kind.STATUS, Layout(text(*head, *kept, *tail), row(*buttons)), ephemeral=True)


def line(change: SettingChange, say: Voice, *, is_named: bool = True) -> str:
    """Say in one line what was changed, when and by whom; of which briefing, where there is more than one."""
    is_named = is_named and change.briefing is not None
    parts = [fit(change.briefing or "", _NAME_ROOM) or say("Daily briefing")] if is_named else []
    what = say(_CHANGES.get(change.what, _CHANGES["settings"]))
    parts += [f"{what} {stamp(change.at)}", f"<@{change.by}>" if change.by else say("the bot"), _detail(change, say)]
    return " · ".join(part for part in parts if part)


def _detail(change: SettingChange, say: Voice) -> str:
    if change.what in {"channel", "ping"}:
        mention = "<#{}>" if change.what == "channel" else "<@&{}>"
        return _ARROW.join(mention.format(each) for each in _ID.findall(change.detail))
    if change.what in {"name", "removed"}:
        return _ARROW.join(fit(name.strip(), _NAME_ROOM) or say("Daily briefing") for name in change.detail.split("→"))
    return fit(change.detail, _DETAIL_ROOM)
