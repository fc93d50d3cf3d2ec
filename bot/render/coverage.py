"""*Compare coverage*: each outlet's headline and first sentence, side by side."""

from typing import Any

from discord import ui

from bot.domain.answers import Comparison, Coverage
from bot.render import controls
from bot.render.blocks import button, row, rule, small, text
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import cut, first_fitting, keep_first, size
from bot.render.lines import headline, published
from bot.render.markdown import clean, escape, fit, is_linkable, link, web_url
from bot.render.message import Layout, Message
from bot.render.terms import outlet
from bot.render.voice import Voice

_SENTENCE_ROOMS = (400, 240, 120, 0)
_TAIL_ROOM = 60
_DISTINCTIVE = 4


def comparison(value: Comparison, say: Voice) -> Message:
    """Show the outlets of a story side by side, to the reader alone; what is in bold only one headline says."""
    count = say.many("{count} report", "{count} reports", len(value.lines))
    head = [f"### {say('Compare coverage')}", f"**{headline(value.story.title)}**", small(count)]
    note = say("Headlines and first sentences, quoted unchanged; words only one headline has are listed by software.")
    end = small(note)
    used = sum(size(line) + 1 for line in [*head, end])
    room = BUDGETS[Kind.COMPARISON].characters - used
    drafts = (_draft(value, sentence_room, room, say) for sentence_room in _SENTENCE_ROOMS)
    items: list[ui.Item[Any]] = [text(*head, first_fitting(drafts, room)), rule(), text(end)]
    items.append(row(button(say("Back to the story"), controls.OpenStory(value.story.id))))
    return Message(Kind.COMPARISON, Layout(*items), ephemeral=True)


def _draft(value: Comparison, sentence_room: int, room: int, say: Voice) -> str:
    blocks = [_line(line, sentence_room, say) for line in value.lines]
    if sentence_room:
        return "\n".join(blocks)
    kept, left = keep_first(blocks, room, _TAIL_ROOM)
    tail = [small(say.many("{count} more report", "{count} more reports", left))] if left else []
    return "\n".join([*kept, *tail])


def _line(value: Coverage, sentence_room: int, say: Voice) -> str:
    article = value.article
    url = web_url(article.link)
    raw = cut(clean(article.headline), 160)
    shown = link(escape(raw), url) if url and sentence_room and is_linkable(raw) else escape(raw)
    lines = [f"**{outlet(article, say)}** · {published(article, say)}", f"- {shown}"]
    if value.first_sentence and sentence_room:
        lines.append(f"- “{fit(value.first_sentence, sentence_room)}”")
    if value.distinctive and sentence_room:
        words = say.texts.join(fit(word, 30) for word in value.distinctive[:_DISTINCTIVE])
        lines.append(small(say("Only here: {words}", words=words)))
    return "\n".join(lines)
