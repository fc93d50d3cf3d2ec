"""Settings as a file: handed out; read, with what it would change; and carried out."""

import io

import discord
from discord import ui

from bot.domain.settings_files import ImportPreview
from bot.render import panels
from bot.render.blocks import button, row, small, text
from bot.render.kinds import Kind
from bot.render.markdown import fit
from bot.render.message import Layout, Message
from bot.render.setup import name_of
from bot.render.voice import Voice

_FILE = "dateline-settings.json"
_SHOWN = 3
_ROOM = 40


def exported(data: bytes, say: Voice) -> Message:
    """Hand out the settings of a server."""
    lines = [
        f"### {say('The settings of this server')}",
        say("Briefings, sources, filters and server settings. It names no person."),
        small(say("To bring it back, here or on another server: {command}", command=say.command("newsdesk import"))),
    ]
    file = discord.File(io.BytesIO(data), filename=_FILE)
    layout = Layout(text(*lines), ui.File(f"attachment://{_FILE}"), row(_show_status(say)))
    return Message(Kind.TRANSFER, layout, ephemeral=True, files=(file,))


def preview(value: ImportPreview, say: Voice) -> Message:
    """Say what a file would change, and wait for a word."""
    head = [f"## {say('Import settings')}", small(fit(value.file, 80))]
    if value.is_empty:
        said = [*head, say("All of it is set here already, so nothing would change."), *_missing(value, say)]
        return Message(Kind.TRANSFER, Layout(text(*said), row(_show_status(say))), ephemeral=True)
    end = small(say("Nothing is removed. Nothing is changed before you confirm."))
    buttons = row(
        button(say("Import"), panels.Import(panels.ImportAct.CONFIRM, value.id), primary=True),
        button(say("Cancel"), panels.Import(panels.ImportAct.CANCEL, value.id)),
    )
    said = [*head, *_changes(value, say), *_missing(value, say), end]
    return Message(Kind.TRANSFER, Layout(text(*said), buttons), ephemeral=True)


def imported(value: ImportPreview, say: Voice) -> Message:
    """Say what was changed."""
    lines = [f"### {say('The settings are imported')}", *_changes(value, say), *_missing(value, say)]
    return Message(Kind.TRANSFER, Layout(text(*lines), row(_show_status(say))), ephemeral=True)


def _changes(value: ImportPreview, say: Voice) -> list[str]:
    named = [
        (say("New briefings"), _briefings(value.new_briefings, say)),
        (say("Changed briefings"), _briefings(value.changed_briefings, say)),
        (say("New sources"), _names(value.new_sources, say)),
        (say("Filters"), say("replaced") if value.changes_filters else ""),
        (say("Server settings"), say("replaced") if value.changes_server else ""),
    ]
    return [f"**{name}** {told}" for name, told in named if told]


def _missing(value: ImportPreview, say: Voice) -> list[str]:
    """Say what the file names and this server has not."""
    named = [
        (say("Channels that are not here"), _names(value.missing_channels, say)),
        (say("Roles that are not here"), _names(value.missing_roles, say)),
        (say("Sources that are not here"), _names(value.missing_sources, say)),
        (say("Off until you choose a channel or source"), _briefings(value.waiting, say)),
    ]
    return [f"**{name}** {told}" for name, told in named if told]


def _names(names: tuple[str, ...], say: Voice) -> str:
    return _joined([fit(name, _ROOM) or "–" for name in names], say)


def _briefings(names: tuple[str, ...], say: Voice) -> str:
    return _joined([name_of(name, say) for name in names], say)


def _joined(names: list[str], say: Voice) -> str:
    shown, left = say.texts.join(names[:_SHOWN]), len(names) - _SHOWN
    return say.many("{names} and {count} more", "{names} and {count} more", left, names=shown) if left > 0 else shown


def _show_status(say: Voice) -> "ui.Button[discord.ui.LayoutView]":
    return button(say("Show status"), panels.Status(panels.StatusAct.REFRESH))
