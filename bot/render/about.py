"""`/dateline`, the one screen: what I do, the commands, what I read, what I keep."""

from bot.domain.answers import About, Reader
from bot.render import controls, panels
from bot.render.blocks import button, row, rule, small, text
from bot.render.kinds import Kind
from bot.render.lists import is_private
from bot.render.markdown import stamp
from bot.render.message import Layout, Message
from bot.render.terms import source_title
from bot.render.voice import Voice

_SOURCES = 4


def about(value: About, reader: Reader, say: Voice) -> Message:
    """Show the one screen; managers also get *Set up*."""
    screen = controls.OpenScreen
    lines = [
        f"## {say('Dateline')}",
        say("I bring news from the sources chosen here: headlines, quoted summaries and one calm daily briefing."),
    ]
    commands = [
        (say.command("headlines"), say("what is new")),
        (say.command("summary"), say("one story, quoted")),
        (say.command("search"), say("find a story")),
        (say.command("briefing"), say("the latest briefing")),
        (say.command("catchup"), say("since your last visit")),
        (say.command("follow"), say("a DM when something grows")),
        (say.command("mybriefing"), say("your own briefing by DM")),
    ]
    is_manager = reader.is_manager and not reader.is_dm
    if is_manager:
        commands.append((say.command("newsdesk setup"), say("the daily briefing here")))
    shown = [f"{name} · {what}" for name, what in commands]
    end = [_holdings(value, say), _coming(value, say), say("I read no messages. Every line has a source.")]
    setup = button(say("Set up"), panels.Setup(panels.SetupAct.OPEN), primary=True) if is_manager else None
    buttons = row(
        setup,
        button(say("All headlines"), controls.OpenList()),
        button(say("Sources"), screen(controls.Screen.SOURCES)),
        button(say("Your mutes"), screen(controls.Screen.MUTES)),
        button(say("Privacy"), screen(controls.Screen.PRIVACY)),
    )
    items = [text(*lines), text(*shown), rule(), text(*(small(line) for line in end if line)), buttons]
    return Message(Kind.ABOUT, Layout(*items), ephemeral=is_private(reader))


def _holdings(value: About, say: Voice) -> str:
    stories = say.many("{count} story", "{count} stories", value.stories)
    names = [source_title(source, say, 40) for source in value.sources[:_SOURCES]]
    left = len(value.sources) - len(names)
    listed = say.texts.join(names)
    if left > 0:
        listed = say.many("{names} and {count} more", "{names} and {count} more", left, names=listed)
    return say("{stories}. Sources: {sources}", stories=stories, sources=listed) if names else stories


def _coming(value: About, say: Voice) -> str:
    if value.next_at is None:
        return say("Daily briefing: not set up here")
    at = stamp(value.next_at, "F")
    if value.channel_id is None:
        return say("Next briefing {time}", time=at)
    return say("Next briefing in {channel} {time}", channel=f"<#{value.channel_id}>", time=at)
