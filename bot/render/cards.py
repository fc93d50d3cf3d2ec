"""One story, read: quoted sentences and sources, alone or shared in a channel."""

from collections.abc import Iterator, Sequence
from typing import Any

from discord import ui

from bot.domain.answers import Card, Reader
from bot.domain.articles import Article, HeadlineOrigin, TextOrigin
from bot.domain.stories import Length, Story
from bot.render import controls
from bot.render.blocks import Option, button, link_button, row, rule, select, small, text
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import cut, first_fitting, size
from bot.render.lines import first_url, headline, siblings
from bot.render.lists import is_private
from bot.render.markdown import clean, fit, link, stamp, web_url
from bot.render.message import Layout, Message
from bot.render.quotes import quotable
from bot.render.terms import outlet, topic_name
from bot.render.voice import Voice

_NAMES = 6
_HEADLINE_ROOM = 300
_QUOTE_ROOMS = (900, 500, 300, 160)
_LISTED = (6, 4, 2, 1)


def card(value: Card, reader: Reader, say: Voice) -> Message:
    """Show a story to its reader, with everything that can be done with it."""
    items = [*_body(value, say, Kind.CARD), _acts(value, reader, say), _more(value, say)]
    return Message(Kind.CARD, Layout(*items), ephemeral=is_private(reader))


def shared_card(value: Card, sharer_id: int, sharer_name: str, say: Voice) -> Message:
    """Show a story to a channel, saying who shared it; never its full text, and nobody is pinged."""
    shared_by = small(say("Shared by {name}", name=fit(sharer_name, 64)))
    buttons = (
        button(say("Open for me"), controls.OpenStory(value.story.id)),
        _open_at(value.story, say),
        button(say("Remove"), controls.Unshare(sharer_id)),
    )
    items = [*_body(value, say, Kind.SHARED_CARD, shared_by), row(*buttons)]
    return Message(Kind.SHARED_CARD, Layout(*items))


def _body(value: Card, say: Voice, kind: Kind, first_line: str = "") -> list[ui.Item[Any]]:
    head = [f"## {headline(value.story.title, _HEADLINE_ROOM)}", first_line, small(_derived_note(value, say))]
    end = _facts(value.story, say)
    used = sum(size(line) + 1 for line in [*head, end])
    told = first_fitting(_tellings(value, say), BUDGETS[kind].characters - used)
    return [text(*head, told), rule(), text(end)]


def _derived_note(value: Card, say: Voice) -> str:
    if value.story.lead.headline_origin is not HeadlineOrigin.DERIVED:
        return ""
    return say("Headline taken from the article’s first sentence: the document gives none.")


def _tellings(value: Card, say: Voice) -> Iterator[str]:
    for quote_room, listed in zip(_QUOTE_ROOMS, _LISTED, strict=True):
        yield _telling(value, quote_room, listed, say)


def _telling(value: Card, quote_room: int, listed: int, say: Voice) -> str:
    quotes = _quotes(value, quote_room, say)
    lines = quotes or [_headline_only(say)]
    lead = value.story.lead
    others = [_other(one, one.headline, lead, say) for one in siblings(value.story, listed)]
    if others:
        lines += [f"**{say('Same story')}**", *others]
    related = [_other(one.lead, one.title, lead, say) for one in value.related[: min(listed, 3)]]
    if related:
        lines += [f"**{say('Related')}**", *related]
    return "\n".join(lines)


def _other(article: Article, title: str, lead: Article, say: Voice) -> str:
    named = "" if article.outlet == lead.outlet else f" · {outlet(article, say)}"
    return f"- {headline(title, 160)}{named}"


def _headline_only(say: Voice) -> str:
    return say("Headline only. The source has no article text, so there is nothing to summarize.")


def _quotes(value: Card, room: int, say: Voice) -> list[str]:
    if value.summary is None or not value.summary.sentences:
        return []
    sentences: Sequence[str] = value.summary.sentences
    before = []
    if value.quoted and value.quoted.text_origin is TextOrigin.PAGE:
        sentences = quotable(sentences)
        if url := web_url(value.quoted.link):
            before = [link(say("Read it at {outlet}", outlet=outlet(value.quoted, say)), url)]
    method = say.many(
        "{shown} of {count} sentence, quoted unchanged and picked by software.",
        "{shown} of {count} sentences, quoted unchanged and picked by software.",
        value.summary.total,
        shown=say.number(len(sentences)),
    )
    if value.quoted and len(value.story.articles) > 1:
        method = f"{say('From {outlet}', outlet=outlet(value.quoted, say))} · {method}"
    return [*before, *(f"- {fit(sentence, room)}" for sentence in sentences), small(method)]


def _facts(story: Story, say: Voice) -> str:
    lead = story.lead
    lines = []
    if story.topics:
        lines.append(f"**{say('Topics')}** {' · '.join(topic_name(topic, say) for topic in story.topics[:3])}")
    if story.names:
        lines.append(f"**{say('Named')}** {' · '.join(fit(name, 40) for name in story.names[:_NAMES])}")
    url = first_url(story)
    where = link(say("article"), url) if url else say("no link")
    count = len(story.outlets)
    more = f" · {say.many('{count} outlet', '{count} outlets', count)}" if count > 1 else ""
    lines.append(f"**{say('Source')}** {outlet(lead, say)} · {where}{more}")
    published = stamp(lead.published_at, "f") if lead.published_at else say("not stated")
    times = [f"**{say('Published')}** {published}"]
    if lead.updated_at:
        times.append(f"**{say('Updated')}** {stamp(lead.updated_at, 'f')}")
    times.append(f"**{say('Added')}** {stamp(lead.added_at)}")
    lines.append(" · ".join(times))
    lines.append(small(say("Story {key}", key=story.key)))
    return "\n".join(lines)


def _open_at(story: Story, say: Voice) -> ui.Button[Any] | None:
    label = say("Open at {outlet}", outlet=cut(clean(story.lead.outlet), 20))
    return link_button(label, first_url(story))


def _acts(value: Card, reader: Reader, say: Voice) -> ui.ActionRow[Any]:
    story = value.story
    read = None
    if value.has_full_text and value.quoted:
        read = button(say("Read full text"), controls.ReadText(story.id, value.quoted.id))
    share = button(say("Share in channel"), controls.Share(story.id)) if reader.may_share and not reader.is_dm else None
    opened = _open_at(story, say)
    if not (read or share or opened):
        return row(button(say("All headlines"), controls.OpenList()))
    return row(read, share, opened)


def _more(value: Card, say: Voice) -> ui.ActionRow[Any]:
    act = controls.More
    options = [Option(say("Why this story?"), act.WHY.value)]
    if len(value.story.articles) > 1:
        options.append(Option(say("Compare coverage"), act.COMPARE.value))
    if value.summary and value.summary.total > len(value.summary.sentences):
        if value.summary.length is not Length.LONG:
            options.append(Option(say("Longer summary"), act.LONGER.value))
        if value.summary.length is not Length.SHORT:
            options.append(Option(say("Shorter summary"), act.SHORTER.value))
    if value.is_followed:
        options.append(Option(say("Stop following this story"), act.UNFOLLOW.value))
    else:
        options.append(Option(say("Follow this story"), act.FOLLOW.value, say("A DM when it grows")))
    if value.story.topics:
        topic = topic_name(value.story.topics[0], say)
        options.append(Option(say("Mute {topic} for me", topic=topic), act.MUTE.value, say("For 7 days")))
    options.append(Option(say("Report a problem"), act.REPORT.value))
    return select(controls.MoreOf(value.story.id), say("More…"), options)
