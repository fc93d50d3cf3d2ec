"""The status panel: what comes next, what was posted, what went wrong, and the acts of a manager."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from discord import ui

from bot.domain.answers import DeliveryRecord, Firing, ScheduleStatus, ServerStatus
from bot.domain.places import Schedule, TargetKind
from bot.errors import Code
from bot.i18n import mark
from bot.render import changes, panels
from bot.render.blocks import Option, button, row, rule, select, small, text
from bot.render.kinds import Kind
from bot.render.limits import OPTIONS, size
from bot.render.markdown import fit, link, stamp, web_url
from bot.render.message import Layout, Message
from bot.render.setup import name_of, narrowed
from bot.render.terms import days_text, permission_names
from bot.render.voice import Voice

LEFT = "left"  # the code of briefings that wait since the bot was away
_FIRINGS = 5
_RECORDS = 5
_URL_ROOM = 120  # the address of a message has about 90
_STATES = {
    "planned": mark("planned"),
    "sending": mark("being sent"),
    "sent": mark("posted"),
    "failed": mark("not posted"),
    "expired": mark("too late, not posted"),
    "unknown": mark("not certain, not sent again"),
    "skipped": mark("skipped"),
    "empty": mark("nothing new, not posted"),
}
_REASONS = {
    "not-running": mark("the bot was not running"),
    "not-connected": mark("no connection to Discord"),
    "no-answer": mark("Discord gave no answer"),
    "rate-limited": mark("Discord asked to wait"),
    "token": mark("the bot had to log in again"),
    "gone": mark("the channel is gone"),
    Code.CANNOT_POST: mark("I was not allowed to post there"),
    Code.DM_CLOSED: mark("the DM was closed"),
    Code.INTERNAL: mark("Discord refused the message; the log says why"),
    "not-composed": mark("it could not be composed; the log says why"),
    "paused": mark("paused"),
    "skipped": mark("skipped once"),
    "turned-off": mark("turned off"),
    "nothing new": mark("nothing new"),
}
_SHIFTS = {
    "gap": mark("an hour later by the clock: summer time begins"),
    "fold": mark("the hour comes twice, the first counts: summer time ends"),
}


def status(value: ServerStatus, say: Voice) -> Message:
    """Show one schedule in full and a way to the others."""
    if not value.schedules:
        lines = [f"## {say('Briefings here')}", say("No daily briefing is set up here yet.")]
        setup = button(say("Set up"), panels.Setup(panels.SetupAct.OPEN), primary=True)
        ways = row(setup, *_ways(say))
        return Message(Kind.STATUS, Layout(text(*lines), ways), ephemeral=True)
    shown = next((one for one in value.schedules if one.schedule.id == value.selected), value.schedules[0])
    items: list[ui.Item[Any]] = [text(f"## {say('Briefings here')}", *_schedule_lines(shown, say)), rule()]
    items.append(text(*_coming(shown.firings, say), *_past(shown.last, say)))
    if value.changes:
        several = len(value.schedules) > 1
        items.append(text(*(small(changes.line(one, say, is_named=several)) for one in value.changes)))
    if len(value.schedules) > 1:
        items.append(_others(value.schedules, shown, say))
    items += _acts(shown.schedule, say)
    return Message(Kind.STATUS, Layout(*items), ephemeral=True)


def confirm_turning_off(schedule: Schedule, say: Voice) -> Message:
    """Ask once more before a briefing is turned off."""
    act = panels.StatusAct
    lines = [
        f"### {say('Turn off {name}?', name=name_of(schedule.settings.name, say))}",
        say("No more briefings come to {channel}. Its settings are kept.", channel=_where(schedule, say)),
    ]
    buttons = row(
        button(say("Turn off"), panels.Status(act.CONFIRM_OFF, schedule.id), primary=True),
        button(say("Keep it on"), panels.Status(act.REFRESH, schedule.id)),
    )
    return Message(Kind.STATUS, Layout(text(*lines), buttons), ephemeral=True)


def confirm_removing(schedule: Schedule, say: Voice) -> Message:
    """Ask once more before a briefing is deleted."""
    act = panels.StatusAct
    lines = [
        f"### {say('Delete {name}?', name=name_of(schedule.settings.name, say))}",
        say("Its settings and the record of its posts are deleted. The posts stay. This can’t be undone."),
    ]
    buttons = row(
        button(say("Delete briefing"), panels.Status(act.CONFIRM_REMOVE, schedule.id), danger=True),
        button(say("Keep it"), panels.Status(act.REFRESH, schedule.id)),
    )
    return Message(Kind.STATUS, Layout(text(*lines), buttons), ephemeral=True)


def _ways(say: Voice) -> list[ui.Button[Any]]:
    return [
        button(say("Server settings"), panels.ServerSettings(panels.ServerAct.OPEN)),
        button(say("Who changed what"), panels.Changes()),
    ]


def _where(schedule: Schedule, say: Voice) -> str:
    if schedule.target is TargetKind.DM:
        return say("a DM")
    return f"<#{schedule.channel_id}>" if schedule.channel_id else say("no channel")


def _schedule_lines(value: ScheduleStatus, say: Voice) -> list[str]:
    one = value.schedule
    name = name_of(one.settings.name, say)
    clock = f"{one.local_time:%H:%M}, {fit(one.zone, 60)} · {days_text(one.weekdays, say)}"
    holds = " · ".join(narrowed(one.settings.topics, value.sources, say))
    lines = [f"### {name} · {_where(one, say)}", clock, holds, _state(value, say)]
    if value.missing and one.channel_id:
        names = permission_names(value.missing, say)
        lines.append(say("I’m missing {permissions} there, so nothing can be posted.", permissions=f"**{names}**"))
    return lines


def _state(value: ScheduleStatus, say: Voice) -> str:
    one = value.schedule
    if not one.channel_id and one.target is not TargetKind.DM:
        state, more = say("Off"), say("Choose a channel to turn it on.")
    elif one.disabled_code == LEFT:
        state, more = say("Waiting"), say("I was away. Nothing is posted until you resume it.")
    elif one.disabled_code:
        state, more = say("Stopped"), _cause(one.disabled_code, say)
    elif not one.enabled:
        state, more = say("Off"), ""
    elif one.paused_until == date.max:
        state, more = say("Paused"), say("until you resume it")
    elif one.paused_until:
        state, more = say("Paused"), _until(value, say)
    else:
        state, more = say("On"), say("skipping {date}", date=one.skip_date.isoformat()) if one.skip_date else ""
    return f"**{state}** {more}".strip()


def _cause(code: str, say: Voice) -> str:
    """Say why it was stopped: a code for which there is help, else in words."""
    return say("Code {code}", code=code) if code in set(Code) else _reason(code, say)


def _until(value: ScheduleStatus, say: Voice) -> str:
    """Say when a pause ends: with the first briefing after it."""
    if value.firings:
        return say("until {date}", date=stamp(value.firings[0].at, "D"))
    return say("until {date}", date=value.schedule.paused_until)


def _coming(firings: Sequence[Firing], say: Voice) -> list[str]:
    if not firings:
        return []
    lines = []
    for number, firing in enumerate(firings[:_FIRINGS]):
        word = f"**{say('Next')}**" if number == 0 else f"- {say('then')}"
        note = f" · {say(_SHIFTS[firing.shift])}" if firing.shift in _SHIFTS else ""
        lines.append(f"{word} {stamp(firing.at, 'F')}{note}")
    return lines


def _past(records: Sequence[DeliveryRecord], say: Voice) -> list[str]:
    if not records:
        return [f"**{say('Last')}** {say('none posted yet')}"]
    return [f"**{say('Last')}**", *(_record(record, say) for record in records[:_RECORDS])]


def _record(record: DeliveryRecord, say: Voice) -> str:
    state = say(_STATES.get(record.state, record.state))
    url = web_url(record.url)
    told = link(state, url) if url and size(url) <= _URL_ROOM else state
    when = f" {stamp(record.sent_at, 't')}" if record.sent_at else ""
    reason = f" · {_reason(record.reason, say)}" if record.reason not in {"", record.state} else ""
    opened = say.many("{count} story opened", "{count} stories opened", record.opens)
    shared = say.many("{count} shared", "{count} shared", record.shares)
    read = f" · {opened}" if record.opens else ""
    read += f" · {shared}" if record.shares else ""
    return f"- {record.local_date.isoformat()} · {told}{when}{read}{reason}"


def _reason(reason: str, say: Voice) -> str:
    known = _REASONS.get(reason)
    return say(known) if known else fit(reason, 80)


def _others(schedules: Sequence[ScheduleStatus], shown: ScheduleStatus, say: Voice) -> ui.ActionRow[Any]:
    options = []
    for one in schedules[:OPTIONS]:
        schedule = one.schedule
        name = schedule.settings.name or say("Daily briefing")
        label = f"{name} · {schedule.local_time:%H:%M}, {schedule.zone}"
        options.append(Option(label, str(schedule.id), default=schedule.id == shown.schedule.id))
    return select(panels.Status(panels.StatusAct.SHOW), say("Show another briefing…"), options)


def _acts(one: Schedule, say: Voice) -> list[ui.Item[Any]]:
    def press(label: str, act: panels.StatusAct) -> ui.Button[Any]:
        return button(label, panels.Status(act, one.id))

    act = panels.StatusAct
    change = button(say("Change"), panels.Setup(panels.SetupAct.OPEN, one.id))
    refresh = press(say("Refresh"), act.REFRESH)
    if not one.enabled or one.disabled_code:
        has_target = one.channel_id or one.target is TargetKind.DM
        resume = press(say("Resume"), act.RESUME) if has_target else None
        return [row(resume, change, press(say("Delete"), act.REMOVE), refresh), row(*_ways(say))]
    skip = press(say("Don’t skip"), act.UNSKIP) if one.skip_date else press(say("Skip next"), act.SKIP_NEXT)
    pause = press(say("Resume"), act.RESUME) if one.paused_until else press(say("Pause"), act.PAUSE)
    until = press(say("Pause until a date"), act.PAUSE_UNTIL)
    return [
        row(press(say("Post now"), act.POST_NOW), skip, pause, until),
        row(change, press(say("Turn off"), act.TURN_OFF), refresh),
        row(*_ways(say)),
    ]
