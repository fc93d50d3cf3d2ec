"""What managers are told unasked, in the private place chosen for it; and short confirmations."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from discord import ui

from bot.domain.deliveries import Notice
from bot.domain.feeds import Cure, NoticeKind, SourceNotice
from bot.domain.postings import Correction
from bot.errors import Code, UserError
from bot.i18n import mark
from bot.render import controls, errors, panels
from bot.render.blocks import button, row, small, text
from bot.render.causes import cause
from bot.render.kinds import Kind
from bot.render.limits import size
from bot.render.lines import headline
from bot.render.markdown import fit, is_linkable, link, stamp, web_url
from bot.render.message import Layout, Message
from bot.render.terms import permission_names, source_title
from bot.render.voice import Voice

_NAME_ROOM = 40
_LINK_ROOM = 120
_CURES = {
    Cure.NOTHING: mark("There is nothing to do."),
    Cure.WAIT: mark("I try again by myself."),
    Cure.SLOWER: mark("I now read it less often, as it asks."),
    Cure.CHECK_ADDRESS: mark("Check that its address opens in a browser."),
    Cure.CHOOSE_FEED: mark("Its address leads to a page now. Add its feed again."),
    Cure.FOUND_FEED: mark("Its address leads to a page now, which names a feed at {address}. Add that one."),
    Cure.NEW_ADDRESS: mark("I follow it to its new address at {address}."),
    Cure.REMOVE: mark("It is gone for good. Remove it, or add another."),
}
_CAUSES = {
    "gone": mark("Its channel is gone, so the briefing is turned off. Choose another channel to go on."),
    "unknown": mark(
        "Discord gave no answer, so I can’t tell whether it arrived. To avoid a double I don’t send it again."
    ),
}
_HAPPENED = {
    NoticeKind.FAILING: mark("I can’t read {source}: {reason}."),
    NoticeKind.RECOVERED: mark("{source} can be read again."),
    NoticeKind.GONE: mark("{source} is gone: {reason}."),
    NoticeKind.MOVED: mark("{source} has moved."),
}


def welcome(say: Voice, *, sample_stories: int = 0, is_public: bool = False) -> Message:
    """Greet the managers of a new server once, silently, in their private place."""
    headlines = say.command("headlines")
    private = say("Members can read with {headlines} now. Answers are private.", headlines=headlines)
    public = say("Members can read with {headlines} now. All here see the answers.", headlines=headlines)
    lines = [
        f"## {say('Dateline is here')}",
        public if is_public else private,
        say("A daily briefing comes once you set it up: {setup}.", setup=say.command("newsdesk setup")),
    ]
    if sample_stories:
        lines.append(small(say("Until you choose sources, a bundled sample document is shown.")))
    lines.append(small(say("I read no messages. Nothing is posted before you turn it on.")))
    return _notice(Kind.WELCOME, lines, button(say("Set up"), panels.Setup(panels.SetupAct.OPEN), primary=True))


def sample_gave_way(own_stories: int, say: Voice) -> Message:
    """Tell managers once that the sample leaves their lists."""
    said = say.many(
        "Your sources hold {count} story now, so the bundled sample leaves lists and briefings here.",
        "Your sources hold {count} stories now, so the bundled sample leaves lists and briefings here.",
        own_stories,
    )
    found = small(say("Search still finds it, and it does not come back by itself."))
    keep = button(say("Keep sample"), panels.Sample(panels.SampleAct.KEEP))
    return _notice(Kind.NOTICE, [said, found], keep)


def source_notice(value: SourceNotice, say: Voice) -> Message:
    """Tell managers about one source, once."""
    source = f"**{source_title(value.source, say, 60)}**"
    is_page = value.cure is Cure.FOUND_FEED
    reason = cause("it is a web page, not a feed" if is_page else value.reason, say, 80)
    said = say(_HAPPENED[value.kind], source=source, reason=reason)
    lines = [said, say(_CURES[value.cure], address=_address(value.reason))]
    return _notice(Kind.NOTICE, lines, button(say("Sources"), controls.OpenScreen(controls.Screen.SOURCES)))


def _address(url: str) -> str:
    """Name an address by its host, as a link; only its beginning where it makes none."""
    target = web_url(url)
    shown = fit(urlsplit(target).hostname or "" if target else url, 40)
    return link(shown, target) if target and size(target) <= _LINK_ROOM and is_linkable(shown) else shown


def cannot_post(channel_id: int, missing: Iterable[str], schedule_id: int, say: Voice, name: str = "") -> Message:
    """Tell managers that a briefing could not be posted, what follows, and the way out."""
    where = f"<#{channel_id}>"
    lines = [
        f"### {say('I can’t post in {channel}', channel=where)}",
        say(
            "I’m missing **{permissions}** there, so the briefing was not posted. Ask a server admin to allow that "
            "for my role, or choose another channel.",
            permissions=permission_names(missing, say),
        ),
        _which(name, "E01", say),
    ]
    act = panels.SetupAct
    check = button(say("Check again"), panels.Setup(act.CHECK, schedule_id))
    return _notice(
        Kind.NOTICE, lines, check, button(say("Choose another channel"), panels.Setup(act.OPEN, schedule_id))
    )


def trouble(value: Notice, say: Voice) -> Message:
    """Tell managers why a briefing did not come, or may not come."""
    schedule = value.schedule
    known = {code.value: code for code in Code}
    if value.cause == Code.CANNOT_POST.value:
        return cannot_post(schedule.channel_id, value.missing, schedule.id, say, schedule.settings.name)
    if value.cause in known:
        return not_posted(UserError(known[value.cause]), schedule.id, say, schedule.settings.name)
    why = say(_CAUSES.get(value.cause, _CAUSES["unknown"]))
    lines = [f"### {say('The briefing was not posted')}", why, _which(schedule.settings.name, "", say)]
    if value.cause == "gone":
        choose = button(say("Choose another channel"), panels.Setup(panels.SetupAct.OPEN, schedule.id))
        return _notice(Kind.NOTICE, lines, choose)
    return _notice(Kind.NOTICE, lines, _show_status(schedule.id, say))


def not_posted(error: UserError, schedule_id: int, say: Voice, name: str = "") -> Message:
    """Tell managers that a briefing stopped for another reason."""
    lines = [
        f"### {say('The briefing was not posted')}",
        errors.sentence(error, say),
        _which(name, error.code.value, say),
    ]
    return _notice(Kind.NOTICE, lines, _show_status(schedule_id, say))


def _which(name: str, code: str, say: Voice) -> str:
    """Tell which of several briefings it was, where it has a name, and the code."""
    parts = [fit(name, _NAME_ROOM), say("Code {code}", code=code) if code else ""]
    return small(" · ".join(part for part in parts if part))


def dm_closed(say: Voice) -> Message:
    """Tell a reader, once, in their next private answer, that their DMs are closed to us."""
    lines = [say("I couldn’t send you a DM, so your follows and briefing by DM are waiting."), _open_dms(say)]
    return _answer(lines, button(say("Your follows"), controls.OpenScreen(controls.Screen.FOLLOWS)))


def _open_dms(say: Voice) -> str:
    return small(say("Allow direct messages from a server we share, and they come again."))


def correction(value: Correction, posts: int, say: Voice) -> Message:
    """Tell managers that a posted headline changed, and that the posts say so."""
    title = say("Headline changed") if value.after is not None else say("Story withdrawn")
    lines = [f"### {title}", say("Before: “{headline}”", headline=headline(value.before, 60))]
    if value.after is not None:
        lines.append(say("Now: “{headline}”", headline=headline(value.after, 60)))
    edited = say.many("{count} post was edited and says so.", "{count} posts were edited and say so.", posts)
    lines.append(small(f"{say('Changed {time}', time=stamp(value.at))} · {edited}"))
    return _notice(Kind.CORRECTION, lines, button(say("All headlines"), controls.OpenList()))


def corrected(value: Correction, posts: int, say: Voice) -> Message:
    """Confirm to the manager who corrected a story by hand."""
    return replace(correction(value, posts, say), ephemeral=True)


def back_again(say: Voice) -> Message:
    """Tell managers after a return that settings were kept and nothing is posted until one confirms."""
    lines = [say("Dateline is back. Your settings were kept, and nothing is posted until you confirm them.")]
    return _notice(Kind.NOTICE, lines, _show_status(None, say))


def done(sentence: str, say: Voice) -> Message:
    """Confirm an act in one interface sentence that is already said."""
    return _answer([sentence], button(say("All headlines"), controls.OpenList()))


def muted(topic: str, until: datetime, undo: controls.MuteTopic, say: Voice) -> Message:
    """Confirm that a topic is muted for the reader; `topic` is its name, already said."""
    said = say("{topic} is muted for you until {time}.", topic=topic, time=stamp(until, "D"))
    mutes = button(say("Your mutes"), controls.OpenScreen(controls.Screen.MUTES))
    return _answer([said], button(say("Hear it again"), undo), mutes)


def shared(url: str | None, say: Voice) -> Message:
    """Confirm a share to the one who pressed."""
    said = say("Shared in this channel. You and moderators can remove it.")
    return _answer([said], errors.go_to(url, say))


def reported(say: Voice) -> Message:
    """Thank nobody; say where the report went."""
    return done(say("Your report is on its way to the bot’s operator."), say)


def _show_status(schedule_id: int | None, say: Voice) -> ui.Button[Any]:
    return button(say("Show status"), panels.Status(panels.StatusAct.REFRESH, schedule_id))


def _notice(kind: Kind, lines: list[str], *buttons: ui.Button[Any]) -> Message:
    """Make a message that nobody asked for: it goes to a private place, plain first (`plain_twin`)."""
    return Message(kind, Layout(text(*lines), row(*buttons)))


def _answer(lines: list[str], *buttons: ui.Button[Any]) -> Message:
    """Make an answer to the one who pressed."""
    return Message(Kind.ANSWER, Layout(text(*lines), row(*buttons)), ephemeral=True)
