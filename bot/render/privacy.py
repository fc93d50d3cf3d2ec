"""What we keep about a reader, and how to take it away."""

import io
from typing import Any

import discord
from discord import ui

from bot.domain.personal import PrivacyFacts
from bot.i18n import mark
from bot.render import controls
from bot.render.blocks import button, row, small, text
from bot.render.kinds import Kind
from bot.render.markdown import fit
from bot.render.message import Layout, Message
from bot.render.voice import Voice

_FILE = "dateline-my-data.json"
_SHOWN = 20  # every kind there is
_WORDS = {
    "follows": mark("follows"),
    "briefings": mark("own briefing"),
    "mutes": mark("muted topics and words"),
    "catchup": mark("the time of your last catch-up"),
    "list": mark("your last list, for row numbers"),
    "shares": mark("stories you shared"),
    "reports": mark("problems you reported"),
    "changes": mark("changes you made to settings"),
    "searches": mark("words of your searches, for their pages"),
    "settings": mark("settings of your DM with me, or of servers you set up"),
    "setups": mark("briefings you began to set up"),
    "deliveries": mark("briefings sent to you"),
    "quiet": mark("your quiet hours, and whether DMs reach you"),
    "alerts": mark("stories that your follows found"),
    "servers": mark("servers whose sources you read by DM"),
}


def privacy(value: PrivacyFacts, say: Voice) -> Message:
    """Say what is stored about the reader; offer the download and the deletion."""
    lines = [f"## {say('Your data')}"]
    kept = [(word, count) for word, count in value.counts if count]
    if kept:
        lines.append(say("Stored about you, under your Discord id:"))
        lines += [f"- {say(_WORDS.get(word, fit(word, 40)))} · {say.number(count)}" for word, count in kept[:_SHOWN]]
    else:
        lines.append(say("Nothing is stored about you."))
    lines.append(
        small(say("I read no messages and keep no names. Opened stories are counted without who opened them."))
    )
    act = controls.PrivacyAct
    none = not kept
    buttons = row(
        button(say("Download my data"), controls.Privacy(act.DOWNLOAD), off=none),
        button(say("Delete my data"), controls.Privacy(act.DELETE), danger=True, off=none),
    )
    return Message(Kind.PRIVACY, Layout(text(*lines), buttons), ephemeral=True)


def download(data: bytes, say: Voice) -> Message:
    """Hand out all that is stored about the reader, as a file."""
    lines = [f"### {say('Your data')}", say("Every entry with your Discord id, as JSON.")]
    items = [text(*lines), ui.File(f"attachment://{_FILE}"), _ways(say)]
    file = discord.File(io.BytesIO(data), filename=_FILE)
    return Message(Kind.PRIVACY, Layout(*items), ephemeral=True, files=(file,))


def _ways(say: Voice) -> ui.ActionRow[Any]:
    return row(button(say("Your data"), controls.OpenScreen(controls.Screen.PRIVACY)))


def confirm_deletion(say: Voice) -> Message:
    """Ask once more before everything about the reader is deleted."""
    lines = [
        f"### {say('Delete all your data?')}",
        say("Your follows, own briefing, mutes and history here are removed at once. This can’t be undone."),
    ]
    buttons = row(
        button(say("Delete everything"), controls.Privacy(controls.PrivacyAct.CONFIRM), danger=True),
        button(say("Keep my data"), controls.OpenScreen(controls.Screen.PRIVACY)),
    )
    return Message(Kind.PRIVACY, Layout(text(*lines), buttons), ephemeral=True)


def deleted(rows: int, say: Voice) -> Message:
    """Confirm the deletion."""
    said = say.many("{count} entry about you was deleted.", "{count} entries about you were deleted.", rows)
    ways = row(button(say("All headlines"), controls.OpenList()))
    return Message(
        Kind.PRIVACY, Layout(text(said, small(say("Nothing about you is left here."))), ways), ephemeral=True
    )
