"""The setup panel: one private message in which a manager puts a briefing together, on three pages."""

from typing import Any

from discord import ui

from bot.domain.answers import SetupDraft
from bot.domain.editions import LeadChoice
from bot.domain.places import QuietDay, Style, TargetKind
from bot.domain.sources import Source
from bot.domain.topics import Topic
from bot.i18n import mark
from bot.render import panels
from bot.render.blocks import (
    POST_CHANNELS,
    Option,
    button,
    channel_select,
    role_select,
    row,
    select,
    small,
    text,
)
from bot.render.kinds import Kind
from bot.render.markdown import fit, stamp
from bot.render.message import Layout, Message
from bot.render.terms import day_name, days_text, pack_name, permission_names, source_title, topic_name
from bot.render.voice import Voice

_LEADS = {
    LeadChoice.EVERYTHING: mark("Lead with everything"),
    LeadChoice.NO_CRIME_AND_WAR: mark("Lead with no crime and war"),
    LeadChoice.NO_POLITICS: mark("Lead with no politics"),
}
_QUIET_DAYS = {
    QuietDay.SILENT: mark("When nothing is new, post nothing"),
    QuietDay.LINE: mark("When nothing is new, one line at most once a week"),
    QuietDay.ARCHIVE: mark("When nothing is new, stories from the archive"),
}
_LENGTHS = (4, 6, 8, 10, 12)
_GRACES = (600, 3_600, 10_800, 21_600, 43_200)
_HOUR_S = 3_600
_NAME_ROOM = 60
_SHOWN_SOURCES = 3


def setup(draft: SetupDraft, say: Voice, *, packs: tuple[str, ...] = (), sources: tuple[Source, ...] = ()) -> Message:
    """Show the panel; *Turn on* stays off until channel, time, zone, permissions and name have passed."""
    act = panels.SetupAct
    title = say("Change a briefing") if draft.schedule_id else say("Set up the daily briefing")
    items: list[ui.Item[Any]] = [text(f"## {title}", _name_line(draft, say), _channel_line(draft, say))]
    is_seen = draft.channel_id and "View Channel" not in draft.missing  # a deleted one can't be a select's default
    chosen = (draft.channel_id,) if draft.channel_id and is_seen else ()
    items.append(channel_select(_to(act.CHANNEL, draft), say("Choose a channel…"), chosen, types=POST_CHANNELS))
    items.append(text(_time_line(draft, say), _sources_line(draft, say), *narrowed(draft.topics, sources, say)))
    if packs:
        options = [Option(pack_name(name, say), name, default=name in draft.packs) for name in packs]
        items.append(select(_to(act.SOURCES, draft), say("Choose source packs…"), options, several=True, least=0))
    items.append(text(_check_line(draft, say)))
    items.append(
        row(
            button(say("Change time and zone"), _to(act.TIME, draft)),
            button(say("Name it"), _to(act.NAME, draft)),
            button(say("What it holds"), _to(act.OPTIONS, draft)),
            button(say("How it is posted"), _to(act.POSTING, draft)),
            button(say("Check again"), _to(act.CHECK, draft)) if draft.missing else None,
        )
    )
    items.append(
        row(
            button(_turn_on(draft, say), _to(act.TURN_ON, draft), primary=True, off=not draft.may_turn_on),
            button(say("Preview"), _to(act.PREVIEW, draft)),
            button(say("Server settings"), _server_settings(draft)),
            button(say("Cancel"), _to(act.CANCEL, draft)),
        )
    )
    return Message(Kind.SETUP, Layout(*items), ephemeral=True)


def setup_contents(draft: SetupDraft, say: Voice, *, sources: tuple[Source, ...] = ()) -> Message:
    """Show the second page: topics, sources, what may lead, how many stories, and what when nothing is new."""
    act = panels.SetupAct
    topics = [Option(topic_name(topic, say), topic.value, default=topic in draft.topics) for topic in Topic]
    leads = [Option(say(name), lead.value, default=lead is draft.lead_choice) for lead, name in _LEADS.items()]
    quiet = [Option(say(name), day.value, default=day is draft.quiet_day) for day, name in _QUIET_DAYS.items()]
    lengths = sorted({*_LENGTHS, draft.max_stories})
    counts = [
        Option(say.many("{count} story", "{count} stories", n), str(n), default=n == draft.max_stories) for n in lengths
    ]
    chosen = narrowed((), sources, say) or [f"**{say('Sources')}** {say('all that are read here')}"]
    items: list[ui.Item[Any]] = [
        text(f"## {say('What it holds')}", small(name_of(draft.name, say)), *chosen),
        row(button(say("Choose sources"), _to(act.NARROW, draft))),
        select(_to(act.TOPICS, draft), say("All topics"), topics, several=True, least=0),
        select(_to(act.LEAD, draft), say("Lead with…"), leads),
        select(_to(act.LENGTH, draft), say("How many stories…"), counts),
        select(_to(act.QUIET, draft), say("When nothing is new…"), quiet),
        row(
            button(say("How it is posted"), _to(act.POSTING, draft)),
            button(say("Preview"), _to(act.PREVIEW, draft)),
            button(say("Back"), _to(act.BACK, draft)),
        ),
    ]
    return Message(Kind.SETUP, Layout(*items), ephemeral=True)


def setup_posting(draft: SetupDraft, say: Voice) -> Message:
    """Show the third page: days, how late it may be, the role to ping, its form, a thread, publishing."""
    act = panels.SetupAct
    days = [Option(day_name(day, say), str(day), default=bool(draft.weekdays >> day & 1)) for day in range(7)]
    graces = [
        Option(_late(seconds, say), str(seconds), default=seconds == draft.grace_s)
        for seconds in sorted({*_GRACES, draft.grace_s})
    ]
    is_announcement = draft.target is TargetKind.ANNOUNCEMENT
    items: list[ui.Item[Any]] = [
        text(f"## {say('How it is posted')}", small(name_of(draft.name, say)), *_form_lines(draft, say)),
        select(_to(act.DAYS, draft), say("Choose days…"), days, several=True),
        select(_to(act.GRACE, draft), say("How late it may be…"), graces),
        text(f"**{say('Role to ping')}**"),
        role_select(_to(act.ROLE, draft), say("No role"), draft.role_id),
        row(
            button(_style(draft, say), _to(act.STYLE, draft)),
            button(_discussion(draft, say), _to(act.DISCUSSION, draft)),
            button(_publish(draft, say), _to(act.PUBLISH, draft)) if is_announcement else None,
        ),
        row(
            button(say("What it holds"), _to(act.OPTIONS, draft)),
            button(say("Preview"), _to(act.PREVIEW, draft)),
            button(say("Back"), _to(act.BACK, draft)),
        ),
    ]
    return Message(Kind.SETUP, Layout(*items), ephemeral=True)


def name_of(name: str, say: Voice) -> str:
    """Name a briefing, escaped: by its own name, or "Daily briefing"."""
    return fit(name, _NAME_ROOM) or say("Daily briefing")


def narrowed(topics: tuple[Topic, ...], sources: tuple[Source, ...], say: Voice) -> list[str]:
    """Say which topics and sources a briefing is narrowed to; empty where it is not."""
    lines = []
    if topics:
        lines.append(f"**{say('Topics')}** {say.texts.join(topic_name(topic, say) for topic in topics)}")
    if sources:
        shown = say.texts.join(source_title(one, say, 30) for one in sources[:_SHOWN_SOURCES])
        left = len(sources) - _SHOWN_SOURCES
        if left > 0:
            shown = say.many("{names} and {count} more", "{names} and {count} more", left, names=shown)
        lines.append(f"**{say('Only from')}** {shown}")
    return lines


def _late(seconds: int, say: Voice) -> str:
    if seconds % _HOUR_S:
        return say.many("Up to {count} minute late", "Up to {count} minutes late", seconds // 60)
    return say.many("Up to {count} hour late", "Up to {count} hours late", seconds // _HOUR_S)


def _form_lines(draft: SetupDraft, say: Voice) -> list[str]:
    """Say what the buttons below would change."""
    form = say("plain text, which reads well aloud") if draft.style is Style.PLAIN else say("cards with buttons")
    thread = say("one for each briefing") if draft.discussion else say("none")
    lines = [f"**{say('Form')}** {form}", f"**{say('Discussion thread')}** {thread}"]
    if draft.target is TargetKind.ANNOUNCEMENT:
        sent = say("to followers of the channel, as plain text") if draft.publish else say("only in the channel")
        lines.append(f"**{say('Published')}** {sent}")
    return lines


def _publish(draft: SetupDraft, say: Voice) -> str:
    return say("Don’t publish") if draft.publish else say("Publish to followers")


def turned_on(draft: SetupDraft, say: Voice) -> Message:
    """Confirm that the briefing is on, with its first post."""
    named = say("{name} is on", name=fit(draft.name, _NAME_ROOM))
    lines = [f"### {named if draft.name else say('The daily briefing is on')}"]
    if draft.first_at and draft.channel_id:
        first, where = stamp(draft.first_at, "F"), f"<#{draft.channel_id}>"
        lines.append(say("First post in {channel}: {time}.", channel=where, time=first))
    lines.append(small(say("Change, pause or turn off: {status}", status=say.command("newsdesk status"))))
    ways = row(button(say("Show status"), panels.Status(panels.StatusAct.REFRESH, draft.schedule_id)))
    return Message(Kind.ANSWER, Layout(text(*lines), ways), ephemeral=True)


def _to(act: panels.SetupAct, draft: SetupDraft) -> panels.Setup:
    return panels.Setup(act, draft.schedule_id)


def _server_settings(draft: SetupDraft) -> panels.ServerSettings:
    return panels.ServerSettings(panels.ServerAct.OPEN, is_from_setup=True, schedule_id=draft.schedule_id)


def _turn_on(draft: SetupDraft, say: Voice) -> str:
    return say("Save changes") if draft.schedule_id else say("Turn on")


def _style(draft: SetupDraft, say: Voice) -> str:
    return say("Use plain text") if draft.style is Style.CARDS else say("Use cards")


def _discussion(draft: SetupDraft, say: Voice) -> str:
    return say("No discussion thread") if draft.discussion else say("Add discussion thread")


def _name_line(draft: SetupDraft, say: Voice) -> str:
    name = name_of(draft.name, say)
    if draft.is_name_taken:
        return f"**{say('Name')}** {name} · {say('another briefing here has it, so give this one its own')}"
    return f"**{say('Name')}** {name}" if draft.name or draft.schedule_id else ""


def _channel_line(draft: SetupDraft, say: Voice) -> str:
    chosen = f"<#{draft.channel_id}>" if draft.channel_id else say("not chosen yet")
    return f"**{say('Channel')}** {chosen}"


def _time_line(draft: SetupDraft, say: Voice) -> str:
    if draft.local_time is None or not draft.zone:
        zone = f" · {fit(draft.zone, 60)}" if draft.zone else ""
        return f"**{say('Time and zone')}** {say('not chosen yet')}{zone}"
    clock = f"{draft.local_time:%H:%M}, {fit(draft.zone, 60)} · {days_text(draft.weekdays, say)}"
    if draft.first_at is None:
        return f"**{say('Time and zone')}** {clock}"
    yours = say("your time {time}", time=stamp(draft.first_at, "t"))
    first = f"**{say('First post')}** {stamp(draft.first_at, 'F')}"
    return f"**{say('Time and zone')}** {clock} · {yours}\n{first}"


def _sources_line(draft: SetupDraft, say: Voice) -> str:
    names = say.texts.join(fit(pack_name(name, say), 30) for name in draft.packs) or say("none chosen yet")
    return f"**{say('Source packs')}** {names}"


def _check_line(draft: SetupDraft, say: Voice) -> str:
    if draft.channel_id is None:
        return small(say("Choose a channel, and I check what I may do there."))
    where = f"<#{draft.channel_id}>"
    if draft.missing:
        names = permission_names(draft.missing, say)
        said = say("In {channel} I’m missing: {permissions}.", channel=where, permissions=names)
        return f"**{say('Check failed')}** {said}"
    return f"**{say('Check passed')}** {say('I can view and post in {channel}.', channel=where)}"
