"""A page of an article's whole text, for documents and feeds that carry it."""

from typing import Any

from discord import ui

from bot.domain.answers import FullText, Reader
from bot.render import controls
from bot.render.blocks import button, link_button, row, rule, small, text
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import cut, size
from bot.render.lines import headline
from bot.render.lists import is_private
from bot.render.markdown import clean, fit
from bot.render.message import Layout, Message
from bot.render.paging import PAGE_ROOM
from bot.render.terms import outlet
from bot.render.voice import Voice


def full_text(value: FullText, reader: Reader, say: Voice) -> Message:
    """Show one page of the text; the desk has made the pages with `pages_of`."""
    head = [f"## {headline(value.article.headline)}"]
    place = [outlet(value.article, say)]
    if value.pages > 1:
        place.append(say("page {page} of {pages}", page=value.page, pages=value.pages))
    head.append(small(" · ".join([say("Full text"), *place])))
    used = sum(size(line) + 1 for line in head)
    room = min(PAGE_ROOM + 100, BUDGETS[Kind.FULL_TEXT].characters - used)
    body: list[str] = []
    for paragraph in value.paragraphs:
        shown = fit(paragraph, max(room, 0))
        body.append(shown)
        room -= size(shown) + 2
    news = "\n\n".join(part for part in body if part)
    items: list[ui.Item[Any]] = [text(*head, news), rule(), text(small(say("The source’s own words, unchanged.")))]
    items.append(_paging(value, say))
    return Message(Kind.FULL_TEXT, Layout(*items), ephemeral=is_private(reader))


def _paging(value: FullText, say: Voice) -> ui.ActionRow[Any]:
    buttons: list[ui.Button[Any] | None] = []
    if value.pages > 1:
        back = controls.ReadText(value.story.id, value.article.id, max(value.page - 1, 0))
        forth = controls.ReadText(value.story.id, value.article.id, value.page + 1)
        buttons.append(button(say("Previous page"), back, off=value.page <= 1))
        buttons.append(button(say("Next page"), forth, off=value.page >= value.pages))
    buttons.append(button(say("Back to the story"), controls.OpenStory(value.story.id)))
    label = say("Open at {outlet}", outlet=cut(clean(value.article.outlet), 20))
    buttons.append(link_button(label, value.article.link) if value.article.link else None)
    return row(*buttons)
