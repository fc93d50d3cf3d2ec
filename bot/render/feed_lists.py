"""Lists of feeds as files: what an imported one brought, and the one that is handed out."""

import io

import discord
from discord import ui

from bot.domain.managing import ListImport
from bot.render import controls
from bot.render.blocks import button, row, text
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import keep_first, size
from bot.render.markdown import fit
from bot.render.message import Layout, Message
from bot.render.voice import Voice

_FILE = "sources.opml"
_ADDRESS_ROOM = 80
_TAIL_ROOM = 40


def imported(value: ListImport, say: Voice) -> Message:
    """Say what a list brought: what is new here, what was known, what was refused and what had no room."""
    lines = [f"### {say.many('{count} source added', '{count} sources added', value.added)}"]
    if value.added:
        lines.append(say("Each is read for the first time within the hour."))
    if value.known:
        lines.append(say.many("{count} was read here already.", "{count} were read here already.", value.known))
    if value.left_out:
        lines.append(
            say.many(
                "{count} had no room: a server reads up to {limit} sources.",
                "{count} had no room: a server reads up to {limit} sources.",
                value.left_out,
                limit=say.number(value.limit),
            )
        )
    if value.refused:
        lines.append(
            say.many(
                "{count} was refused: it is no public web address.",
                "{count} were refused: they are no public web addresses.",
                len(value.refused),
            )
        )
    room = BUDGETS[Kind.ANSWER].characters - sum(size(line) + 1 for line in lines)
    kept, left = keep_first([f"- {fit(one, _ADDRESS_ROOM)}" for one in value.refused], room, _TAIL_ROOM)
    tail = [say.many("{count} more", "{count} more", left)] if left and kept else []
    ways = row(button(say("Sources"), controls.OpenScreen(controls.Screen.SOURCES)))
    return Message(Kind.ANSWER, Layout(text(*lines, *kept, *tail), ways), ephemeral=True)


def exported(data: bytes, say: Voice) -> Message:
    """Hand out the sources of a place as a file that any reader reads."""
    lines = [
        f"### {say('The sources of this server')}",
        say("An OPML file. Any feed reader can read it, and {sources} too.", sources=say.command("newsdesk sources")),
    ]
    ways = row(button(say("Sources"), controls.OpenScreen(controls.Screen.SOURCES)))
    file = discord.File(io.BytesIO(data), filename=_FILE)
    layout = Layout(text(*lines), ui.File(f"attachment://{_FILE}"), ways)
    return Message(Kind.ANSWER, layout, ephemeral=True, files=(file,))
