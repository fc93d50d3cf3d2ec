"""The briefing: posted (plain first, then dressed), previewed, or shown on request. One code path makes them all."""

from dataclasses import dataclass, replace
from typing import Any

from discord import ui

from bot.domain.answers import BriefingAnswer, Reader
from bot.domain.editions import Edition
from bot.domain.places import Style
from bot.domain.postings import Posting
from bot.render import controls
from bot.render.blocks import button, link_button, row, rule, select, small, text
from bot.render.editions import fit_news
from bot.render.frames import end_lines, heading, method, scope, top_lines
from bot.render.kinds import BUDGETS, Kind
from bot.render.limits import THREAD_TITLE, cut, size
from bot.render.lists import is_private
from bot.render.markdown import clean, fit, stamp
from bot.render.message import Layout, Message
from bot.render.options import story_options
from bot.render.voice import Voice


@dataclass(frozen=True, slots=True)
class Post:
    """What is sent for a briefing: the plain message, what it is edited to, and a title for a forum or a thread."""

    plain: Message
    dressed: Message | None  # None: the place's style is plain
    title: str


def post(posting: Posting, say: Voice) -> Post:
    """Compose what is posted: whole as plain text, and dressed unless the place reads plain."""
    plain = Message(Kind.BRIEFING_PLAIN, content=_plain(posting, say), role_id=posting.role_id)
    dressed = None
    if posting.style is Style.CARDS:
        frame = [heading(posting, say), *top_lines(posting, say)]
        items = _layout(posting.edition, frame, end_lines(posting, say), say)
        dressed = Message(Kind.BRIEFING, Layout(*items, *_controls(posting, say)), role_id=posting.role_id)
    return Post(plain, dressed, title(posting, say))


def preview(posting: Posting, say: Voice) -> Message:
    """Show what would be posted now; the same but for its heading, its flags and the controls."""
    shown = replace(posting, role_id=None)
    if not posting.edition.picks:
        return replace(quiet_line(shown, say), ephemeral=True)
    head = f"## {say('Preview: {name}', name=fit(posting.name, 80) or say('Daily briefing'))}"
    if posting.style is Style.PLAIN:
        return Message(Kind.BRIEFING_PLAIN, content=_plain(shown, say), ephemeral=True)
    items = _layout(posting.edition, [head, *top_lines(shown, say)], end_lines(shown, say), say, is_live=False)
    return Message(Kind.BRIEFING, Layout(*items), ephemeral=True)


def briefing(answer: BriefingAnswer, reader: Reader, say: Voice) -> Message:
    """Show an edition on request, saying whether it was posted or made for this reader."""
    head = [f"## {fit(answer.name, 80) or say('Daily briefing')}", *_request_lines(answer, say)]
    end = [small(f"{method(answer.edition, say)} {say('More: {headlines}', headlines=say.command('headlines'))}")]
    items = _layout(answer.edition, head, end, say)
    if not answer.edition.picks:
        items = [text(*head[:1], say("There is nothing to brief you on yet."))]
    else:
        options = story_options((pick.story for pick in answer.edition.picks), 1, say)
        items.append(select(controls.PickStory(), say("Open a story…"), options))
    opened = link_button(say("Go to the post"), answer.posted_url) if answer.posted_url else None
    by_dm = None if reader.is_dm else button(say("Get this by DM"), controls.GetByDM())
    items.append(row(button(say("All headlines"), controls.OpenList()), by_dm, opened))
    return Message(Kind.BRIEFING, Layout(*items), ephemeral=is_private(reader))


def quiet_line(posting: Posting, say: Voice) -> Message:
    """Say in one line that nothing is new, with the marker by which it is found again."""
    since = posting.edition.newest_added_at
    said = [say("Nothing new since {time}.", time=stamp(since)) if since else say("Nothing new today.")]
    if posting.next_at:
        said.append(say("Next briefing {time}.", time=stamp(posting.next_at, "F")))
    return Message(Kind.QUIET_LINE, content=f"{' '.join(said)}\n{small(posting.marker)}")


def title(posting: Posting, say: Voice) -> str:
    """Name a forum post or a discussion thread."""
    date = f" · {posting.local_date.isoformat()}"
    return cut(clean(posting.name) or say("Daily briefing"), THREAD_TITLE - len(date)) + date


def _request_lines(answer: BriefingAnswer, say: Voice) -> list[str]:
    lines = scope(answer.edition, say)
    if answer.posted_at:
        return [small(" · ".join([*lines, say("posted {time}", time=stamp(answer.posted_at, "D"))]))]
    upcoming = say("not set up")
    if answer.next_at:
        upcoming = say("next {time}", time=stamp(answer.next_at, "F"))
    made = say("Made for you; not posted. Daily post: {upcoming}", upcoming=upcoming)
    return [small(" · ".join(lines)), small(made)]


def _plain(posting: Posting, say: Voice) -> str:
    """Write the whole briefing as one message: the first line is the first lead's headline, the last the marker."""
    edition = posting.edition
    top = top_lines(posting, say, named=True)
    end = end_lines(posting, say, plain=True)
    if posting.role_id:
        end.insert(0, f"<@&{posting.role_id}>")
    used = sum(size(line) + 1 for line in [*top, *end]) + 4
    texts = fit_news(edition, BUDGETS[Kind.BRIEFING_PLAIN].characters - used, say, plain=True)
    news = "\n".join(texts.leads) or texts.also
    first, _, rest = news.partition("\n")
    also = f"\n{texts.also}" if texts.leads and texts.also else ""
    return "\n".join([first, *top, *(part for part in (rest, also) if part), "", *end])


def _layout(
    edition: Edition, head: list[str], end: list[str], say: Voice, *, is_live: bool = True
) -> list[ui.Item[Any]]:
    used = sum(size(line) + 1 for line in [*head, *end])
    texts = fit_news(edition, BUDGETS[Kind.BRIEFING].characters - used, say, plain=False)
    items: list[ui.Item[Any]] = [text(*head)]
    for number, (pick, lead) in enumerate(zip(edition.leads, texts.leads, strict=True), 1):
        if is_live:
            read = button(say("Read story {number}", number=number), controls.OpenStory(pick.story.id))
            items.append(ui.Section(ui.TextDisplay(lead), accessory=read))
        else:
            items.append(text(lead))
    if texts.also:
        items += [rule(), text(texts.also)]
    return [*items, rule(), text(*end)]


def _controls(posting: Posting, say: Voice) -> list[ui.Item[Any]]:
    options = story_options((pick.story for pick in posting.edition.picks), 1, say)
    second = button(say("Get this by DM"), controls.GetByDM())
    if posting.is_direct:
        second = button(say("Change my briefing"), controls.OpenScreen(controls.Screen.MY_BRIEFING))
    return [
        select(controls.PickStory(), say("Open a story…"), options),
        row(button(say("All headlines"), controls.OpenList()), second),
    ]
