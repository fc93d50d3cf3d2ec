"""The panel of mutes: what a server, or a member for themselves, does not want to hear of for a week."""

from bot.domain.managing import MutePanel
from bot.domain.place_filters import Mute, MuteKind
from bot.domain.topics import Topic
from bot.render import controls, panels
from bot.render.blocks import Option, button, row, select, small, text
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import keep_first, size
from bot.render.markdown import fit, stamp
from bot.render.message import Layout, Message
from bot.render.terms import topic_name
from bot.render.voice import Voice

_NAME_ROOM = 40
_TAIL_ROOM = 40


def mutes(value: MutePanel, say: Voice) -> Message:
    """Show what is muted and until when, how to end that, and how to mute more."""
    act, own = panels.MuteAct, value.is_own
    title = say("Your mutes") if own else say("Mutes of this server")
    whose = say("They hold for you alone, everywhere.") if own else say("They hold for lists and briefings here.")
    head = [f"## {title}", small(whose)]
    if not value.mutes:
        head.append(say("Nothing is muted. A topic or word that you mute comes back after 7 days by itself."))
    lines = [f"- {_name(one, say)} · {say('until {time}', time=stamp(one.until, 'D'))}" for one in value.mutes]
    room = BUDGETS[Kind.MUTES].characters - sum(size(line) + 1 for line in head)
    kept, left = keep_first(lines, room, _TAIL_ROOM)
    tail = [small(say.many("{count} more", "{count} more", left))] if left else []
    topics = [Option(topic_name(topic, say), topic.value) for topic in Topic]
    items = [
        text(*head, *kept, *tail),
        select(panels.Mutes(act.TOPIC, own), say("Mute a topic for 7 days…"), topics),
    ]
    if value.mutes:
        held = [Option(_label(one, say), one.key) for one in value.mutes]
        items.append(select(panels.Mutes(act.LIFT, own), say("Hear again…"), held))
    back = None if own else button(say("Filters"), panels.Filters(panels.FilterAct.SHOW))
    ways = back or button(say("All headlines"), controls.OpenList())
    items.append(row(button(say("Mute a word"), panels.Mutes(act.WORD, own)), ways))
    return Message(Kind.MUTES, Layout(*items), ephemeral=True)


def _name(one: Mute, say: Voice) -> str:
    shown = topic_name(Topic(one.value), say) if one.kind is MuteKind.TOPIC else fit(one.value, _NAME_ROOM)
    return f"**{shown}** ({_kind(one, say)})"


def _label(one: Mute, say: Voice) -> str:
    return topic_name(Topic(one.value), say) if one.kind is MuteKind.TOPIC else one.value


def _kind(one: Mute, say: Voice) -> str:
    return say("topic") if one.kind is MuteKind.TOPIC else say("word")
