"""Small choices: a topic for a list, a time zone among several."""

from collections.abc import Sequence

from bot.domain.answers import Query
from bot.domain.topics import Topic
from bot.render import controls
from bot.render.blocks import Option, button, row, select, small, text
from bot.render.custom_ids import Control
from bot.render.kinds import Kind
from bot.render.limits import CHOICE, cut
from bot.render.markdown import fit
from bot.render.message import Layout, Message
from bot.render.terms import topic_name
from bot.render.voice import Voice


def topics(query: Query, say: Voice, *, found: int | None = None, counts: dict[Topic, int] | None = None) -> Message:
    """Offer the topics for a list; the rest of its query stays."""
    everything = Option(say("All topics"), controls.ALL_TOPICS, default=query.topic is None)
    options = [everything]
    for topic in Topic:
        known = counts.get(topic, 0) if counts else None
        said = say.many("{count} story", "{count} stories", known) if known is not None else ""
        options.append(Option(topic_name(topic, say), topic.value, said, default=query.topic is topic))
    pick = controls.PickTopic(query.source_id, query.since, found)
    note = small(say("A story shows a topic only where it is clear."))
    return Message(
        Kind.CHOICE,
        Layout(text(f"### {say('Choose a topic')}", note), select(pick, say("Choose a topic…"), options)),
        ephemeral=True,
    )


def zones(typed: str, found: Sequence[tuple[str, str]], answer: Control, again: Control, say: Voice) -> Message:
    """Offer the zones that a typed city may mean, as (IANA name, label) pairs; `answer` takes the chosen one."""
    said = say("“{input}” fits several time zones. Choose yours.", input=fit(typed, 60))
    options = [Option(cut(label, CHOICE), zone) for zone, label in found]
    menu = select(answer, say("Choose a time zone…"), options)
    ways = row(button(say("Change time and zone"), again))
    return Message(Kind.CHOICE, Layout(text(f"### {say('Time zone')}", said), menu, ways), ephemeral=True)
