"""`/catchup`: what happened since the reader's last one."""

from typing import Any

from discord import ui

from bot.domain.answers import Reader
from bot.domain.personal import CatchUp
from bot.render import controls
from bot.render.blocks import button, row, rule, select, small, text
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import size
from bot.render.lines import list_end, rows
from bot.render.markdown import stamp
from bot.render.message import Layout, Message
from bot.render.options import story_options
from bot.render.voice import Voice


def catch_up(value: CatchUp, reader: Reader, say: Voice) -> Message:
    """Show what is new to this reader, or that they are up to date and where to go on."""
    private = not reader.is_dm
    ways = row(button(say("All headlines"), controls.OpenList()), button(say("Search"), controls.Search()))
    if not value.stories:
        body = text(f"## {say('You are up to date')}", _nothing(value, say))
        return Message(Kind.CATCH_UP, Layout(body, ways), ephemeral=private)
    head = [f"## {say('Catch up')}", small(_scope(value, say))]
    end = list_end(value.stories, say)
    room = BUDGETS[Kind.CATCH_UP].characters - sum(size(line) + 1 for line in [*head, end])
    items: list[ui.Item[Any]] = [text(*head, rows(value.stories, 1, room, say)), rule(), text(end)]
    items.append(select(controls.PickStory(), say("Open a story…"), story_options(value.stories, 1, say)))
    return Message(Kind.CATCH_UP, Layout(*items, ways), ephemeral=private)


def _nothing(value: CatchUp, say: Voice) -> str:
    if value.newest_at is None:
        return say("Nothing new is here.")
    return say("Nothing new since {time}.", time=stamp(value.newest_at))


def _scope(value: CatchUp, say: Voice) -> str:
    count = say.many("{count} story", "{count} stories", value.total)
    if value.is_more:
        count = say.many("more than {count} story", "more than {count} stories", value.total)
    shown = say("top {count}", count=len(value.stories)) if value.total > len(value.stories) or value.is_more else ""
    since = say("the latest; from now on I remember where you were")
    if value.since:
        since = say("since your last catch-up {time}", time=stamp(value.since))
    repeated = say("the same once more") if value.is_repeat else ""
    return " · ".join(part for part in (count, shown, since, repeated) if part)
