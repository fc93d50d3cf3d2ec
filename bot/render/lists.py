"""Lists of stories: `/headlines`, search results, and what is said when there is nothing to list."""

from typing import Any

from discord import ui

from bot.domain.answers import ListPage, Reader
from bot.render import controls
from bot.render.blocks import button, row, rule, select, small, text
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import size
from bot.render.lines import list_end, rows
from bot.render.markdown import fit
from bot.render.message import Layout, Message
from bot.render.options import story_options
from bot.render.terms import since_name, source_title, topic_name
from bot.render.voice import Voice

_WORDS_ROOM = 80


def is_private(reader: Reader) -> bool:
    """Answers are for the reader alone in a server, ordinary messages in the DM, public where chosen so."""
    return not reader.is_dm and not reader.is_public


def headlines(page: ListPage, reader: Reader, say: Voice) -> Message:
    """Show a page of headlines or of search results, or the way on when it is empty."""
    if not page.stories:
        return empty_list(page, reader, say)
    head = [_heading(page, say), small(_scope(page, reader, say))]
    if page.query.since and page.has_undated:
        head.append(small(say("Items without a date count by when they were added.")))
    end = list_end(page.stories, say)
    room = BUDGETS[Kind.LIST].characters - sum(size(line) + 1 for line in [*head, end])
    items: list[ui.Item[Any]] = [text(*head, rows(page.stories, page.first_row, room, say))]
    if end:
        items += [rule(), text(end)]
    options = story_options(page.stories, page.first_row, say)
    items.append(select(controls.PickStory(), say("Open a story…"), options))
    items.append(_public_row(say) if reader.is_public else _paging(page, say))
    return Message(Kind.LIST, Layout(*items), ephemeral=is_private(reader))


def empty_list(page: ListPage, reader: Reader, say: Voice) -> Message:
    """Say that nothing is listed and offer what helps: a wider list, other words, or setting up."""
    if page.words is not None:
        said = say(
            "No stories match “{query}”. Check the spelling, use fewer words, or search all topics.",
            query=fit(page.words, _WORDS_ROOM),
        )
        ways = row(button(say("Search again"), controls.Search()), button(say("All headlines"), controls.OpenList()))
    elif page.query.topic or page.query.source_id or page.query.since:
        said = say("Nothing here for this choice. Widen it, or read all headlines.")
        ways = row(button(say("All headlines"), controls.OpenList()), _topic_button(page, say))
    else:
        said = say("There is nothing to read yet. Stories appear here once a source has been read.")
        ways = row(button(say("Sources"), controls.OpenScreen(controls.Screen.SOURCES)))
    head = f"## {say('Headlines')}\n{small(_scope_words(page, say))}" if page.words is None else f"## {say('Search')}"
    return Message(Kind.EMPTY, Layout(text(head, said), ways), ephemeral=is_private(reader))


def _heading(page: ListPage, say: Voice) -> str:
    if page.words is None:
        return f"## {say('Headlines')}"
    return f"## {say('Search: {words}', words=fit(page.words, _WORDS_ROOM))}"


def _scope(page: ListPage, reader: Reader, say: Voice) -> str:
    parts = [_counts(page, say), _scope_words(page, say)]
    if page.words is not None:
        parts.append(say("best match first") if page.by_best_match else say("newest first"))
    if reader.is_public:
        parts.append(say("top {count}", count=len(page.stories)))
    elif page.pages > 1:
        parts.append(say("page {page} of {pages}", page=page.page, pages=page.pages))
    return " · ".join(parts)


def _counts(page: ListPage, say: Voice) -> str:
    if page.is_more and (tens := page.total_stories // 10 * 10):  # "more than 173" would claim to have counted
        return say.many("more than {count} story", "more than {count} stories", tens)
    stories = say.many("{count} story", "{count} stories", page.total_stories)
    if page.total_items in (None, page.total_stories):
        return stories
    return f"{stories}, {say.many('{count} item', '{count} items', page.total_items or 0)}"


def _scope_words(page: ListPage, say: Voice) -> str:
    topic = topic_name(page.query.topic, say) if page.query.topic else say("All topics")
    parts = [topic]
    if page.source:
        parts.append(source_title(page.source, say))
    if page.query.since:
        parts.append(since_name(page.query.since, say))
    return " · ".join(parts)


def _paging(page: ListPage, say: Voice) -> ui.ActionRow[Any]:
    buttons = []
    if page.pages > 1:
        back = controls.OpenPage.of(page.query, max(page.page - 1, 0), page.list_id)
        forth = controls.OpenPage.of(page.query, page.page + 1, page.list_id)
        buttons.append(button(say("Previous page"), back, off=page.page <= 1))
        buttons.append(button(say("Next page"), forth, off=page.page >= page.pages))
    if page.words is not None:
        buttons.append(button(say("Search again"), controls.Search()))
    buttons.append(_topic_button(page, say))
    return row(*buttons)


def _topic_button(page: ListPage, say: Voice) -> ui.Button[Any]:
    query = page.query
    return button(say("Choose topic"), controls.ChooseTopic(query.source_id, query.since, page.list_id))


def _public_row(say: Voice) -> ui.ActionRow[Any]:
    return row(button(say("All headlines"), controls.OpenList()))
