"""`/mybriefing`: the panel of a person's own daily briefing by DM."""

from datetime import date
from typing import Any

from discord import ui

from bot.domain.personal import OwnBriefingPanel
from bot.domain.places import ALL_DAYS
from bot.domain.topics import Topic
from bot.render import controls
from bot.render.blocks import Option, button, row, select, text
from bot.render.kinds import Kind
from bot.render.markdown import fit, stamp
from bot.render.message import Layout, Message
from bot.render.terms import day_name, days_text, topic_name
from bot.render.voice import Voice


def own_briefing(value: OwnBriefingPanel, say: Voice) -> Message:
    """Show the panel; nobody else sees it."""
    lines = [f"## {say('Your briefing by DM')}", _state(value, say), _clock(value, say), _topics(value, say)]
    if value.is_dm_closed:
        lines.append(say("My last DM could not reach you. Allow direct messages from a server we share."))
    act = controls.Own
    weekdays = value.schedule.weekdays if value.schedule else ALL_DAYS
    days = [Option(day_name(day, say), str(day), default=bool(weekdays >> day & 1)) for day in range(7)]
    topics = [Option(topic_name(topic, say), topic.value, default=topic in value.topics) for topic in Topic]
    items: list[ui.Item[Any]] = [
        text(*lines),
        select(controls.OwnBriefing(act.DAYS), say("Choose days…"), days, several=True),
        select(controls.OwnBriefing(act.TOPICS), say("Choose topics; none means all…"), topics, several=True, least=0),
        row(*_acts(value, say)),
    ]
    return Message(Kind.OWN_BRIEFING, Layout(*items), ephemeral=True)


def _acts(value: OwnBriefingPanel, say: Voice) -> list[ui.Button[Any]]:
    act = controls.Own
    time = button(say("Change time and zone"), controls.OwnBriefing(act.TIME))
    now = button(say("Send one now"), controls.OwnBriefing(act.NOW))
    if value.schedule is None or not value.schedule.enabled:
        ready = value.schedule is not None or value.zone is not None
        return [button(say("Turn on"), controls.OwnBriefing(act.ON), primary=True, off=not ready), time, now]
    resume, pause = (say("Resume"), act.RESUME), (say("Pause"), act.PAUSE)
    label, chosen = resume if value.schedule.paused_until else pause
    return [
        time,
        now,
        button(label, controls.OwnBriefing(chosen)),
        button(say("Turn off"), controls.OwnBriefing(act.OFF)),
    ]


def _state(value: OwnBriefingPanel, say: Voice) -> str:
    one = value.schedule
    if one is None or not one.enabled:
        return f"**{say('Off')}**"
    if one.paused_until == date.max:
        return f"**{say('Paused')}** {say('until you resume it')}"
    if one.paused_until:
        return f"**{say('Paused')}** {say('until {date}', date=one.paused_until.isoformat())}"
    return f"**{say('On')}** {say('next {time}', time=stamp(one.next_due, 'F'))}"


def _clock(value: OwnBriefingPanel, say: Voice) -> str:
    one = value.schedule
    if one is None:
        zone = fit(value.zone, 60) if value.zone else say("not chosen yet")
        return f"**{say('Time and zone')}** {zone}"
    return f"**{say('Time and zone')}** {one.local_time:%H:%M}, {fit(one.zone, 60)} · {days_text(one.weekdays, say)}"


def _topics(value: OwnBriefingPanel, say: Voice) -> str:
    names = say.texts.join(topic_name(topic, say) for topic in value.topics) or say("All topics")
    return f"**{say('Topics')}** {names}"
