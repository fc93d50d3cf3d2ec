"""The panel of the server's own settings: public answers, notices, news managers, sharing, corrections."""

from functools import partial
from typing import Any

from discord import ui

from bot.domain.places import Place
from bot.render import panels
from bot.render.blocks import button, channel_select, role_select, row, small, text
from bot.render.kinds import Kind
from bot.render.message import Layout, Message
from bot.render.voice import Voice

_PUBLIC_CHANNELS = 10


def server_settings(place: Place, pressed: panels.ServerSettings, say: Voice) -> Message:
    """Show what holds for the whole server; every choice holds at once. `pressed` knows the way back."""
    act = panels.ServerAct
    to = partial(panels.ServerSettings, is_from_setup=pressed.is_from_setup, schedule_id=pressed.schedule_id)
    notices = (place.notices_channel,) if place.notices_channel else ()
    head = [f"## {say('Server settings')}", small(say("For all who read here. Each choice holds at once."))]
    public = say("Private everywhere")
    answers = channel_select(to(act.PUBLIC), public, place.public_channels, most=_PUBLIC_CHANNELS)
    items: list[ui.Item[Any]] = [
        text(*head, f"**{say('Answers')}** {say('private, but public in these channels:')}"),
        answers,
        text(f"**{say('Notices to managers')}** {say('go to a channel that only they read:')}"),
        channel_select(to(act.NOTICES), say("The moderators’ channel, else a DM"), notices),
        text(f"**{say('News managers')}** {say('may press these buttons without Manage Server:')}"),
        role_select(to(act.MANAGERS), say("No role"), place.manager_role),
        text(*_switches(place, say)),
        row(
            button(say("Stop sharing") if place.may_share else say("Allow sharing"), to(act.SHARING)),
            button(say("Stop corrections") if place.corrections else say("Allow corrections"), to(act.CORRECTIONS)),
            _back(pressed, say),
        ),
    ]
    return Message(Kind.SETTINGS, Layout(*items), ephemeral=True)


def _back(pressed: panels.ServerSettings, say: Voice) -> ui.Button[Any]:
    if pressed.is_from_setup:
        return button(say("Back"), panels.Setup(panels.SetupAct.BACK, pressed.schedule_id))
    return button(say("Show status"), panels.Status(panels.StatusAct.REFRESH))


def _switches(place: Place, say: Voice) -> list[str]:
    shared = say("on: members may share a story where they can write") if place.may_share else say("off")
    corrected = say("on: a post says when a headline it showed has changed") if place.corrections else say("off")
    return [f"**{say('Sharing')}** {shared}", f"**{say('Corrections')}** {corrected}"]
