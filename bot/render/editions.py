"""The news of an edition as text, in the fullest form that fits; briefings put a frame around it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.articles import Article, TextOrigin
from bot.domain.editions import Edition, Pick
from bot.render.blocks import small
from bot.render.limits import keep_first, size
from bot.render.lines import Look, first_url, headline, numbered, one_source, outlets, siblings, titled
from bot.render.markdown import fit, web_url
from bot.render.quotes import quotable
from bot.render.terms import outlet
from bot.render.voice import Voice

_WORDS = 250
_TAIL_ROOM = 60


@dataclass(frozen=True, slots=True)
class _Shape:
    """How much of an edition is shown; it shrinks until it fits."""

    look: Look
    quotes: int = 2
    related: int = 2
    quote_room: int = 600


@dataclass(frozen=True, slots=True)
class News:
    """The news of an edition as text, between its top and its end."""

    leads: tuple[str, ...]
    also: str

    @property
    def size(self) -> int:
        """Its length, line ends included."""
        return sum(size(part) + 1 for part in (*self.leads, self.also))

    @property
    def words(self) -> int:
        """How many words there are to read."""
        return sum(len(part.split()) for part in (*self.leads, self.also))


def _shapes(edition: Edition) -> Iterator[_Shape]:
    """Go from the fullest form to the barest: second quotes go first, then related headlines, links, long ends."""
    named = not (edition.is_undated and one_source([pick.story for pick in edition.picks]))
    full = Look(outlets=named, room=200, bold=False)
    yield _Shape(full)
    for quotes, related in ((1, 2), (1, 1), (1, 0)):
        yield _Shape(full, quotes, related)
    urls = {size(url) for pick in edition.picks if (url := first_url(pick.story))}
    for longest in sorted(urls, reverse=True):
        yield _Shape(replace(full, longest_url=longest - 1), 1, 0)
    for room, quote_room in ((160, 400), (120, 300), (80, 160), (60, 0)):
        yield _Shape(replace(full, longest_url=0, room=room), 1, 0, quote_room)


def fit_news(edition: Edition, room: int, say: Voice, *, plain: bool) -> News:
    """Write the news within `room` characters, and within 250 words where leaving out extras achieves that."""
    texts = News((), "")
    for shape in _shapes(edition):
        texts = _news(edition, shape, room, say, plain=plain)
        if texts.size <= room and (texts.words <= _WORDS or (shape.quotes, shape.related) == (1, 0)):
            return texts
    return texts


def _news(edition: Edition, shape: _Shape, room: int, say: Voice, *, plain: bool) -> News:
    draw = _plain_lead if plain else _dressed_lead
    leads = tuple(draw(number, pick, shape, say) for number, pick in enumerate(edition.leads, 1))
    rows = []
    for number, pick in enumerate(edition.also, len(edition.leads) + 1):
        if plain:
            rows.append(_plain_row(number, pick, shape, say))
        else:
            rows.append(numbered(number, pick.story, shape.look, say, update=pick.is_update))
    used = sum(size(lead) + 1 for lead in leads)
    head = say("Also today") if leads else say("Today")
    kept, left = keep_first(rows, max(room - used - size(head) - 6, 0), _TAIL_ROOM)
    if left and shape.quote_room == 0:  # the barest form: the tail gives way
        rows = [*kept, small(say.many("{count} more in /headlines", "{count} more in /headlines", left))]
    mark = [f"### {head}"]
    if plain:  # without a lead it begins with its first headline: that is what the notification shows
        mark = [f"**{head}**"] if leads else []
    return News(leads, "\n".join([*mark, *rows]) if rows else "")


def _dressed_lead(number: int, pick: Pick, shape: _Shape, say: Voice) -> str:
    lines = [f"### {number}. {titled(pick.story, shape.look)}", _update(pick, say), *_told(pick, shape)]
    if pick.quotes and shape.quote_room:
        lines.append(small(f"{say('Quoted from the article')} · {outlet(_quoted(pick), say)}{_others(pick, say)}"))
    elif shape.look.outlets:
        lines.append(small(outlets(pick.story, say)))
    return "\n".join(line for line in lines if line)


def _plain_lead(number: int, pick: Pick, shape: _Shape, say: Voice) -> str:
    name = f"**{headline(pick.story.title, shape.look.room)}**"
    first = name if number == 1 else f"\n{name}"
    source = small(_linked_outlets(pick, shape, say)) if shape.look.outlets else ""
    lines = [first, source, _update(pick, say), *_told(pick, shape)]
    return "\n".join(line for line in lines if line)


def _plain_row(number: int, pick: Pick, shape: _Shape, say: Voice) -> str:
    parts = [headline(pick.story.title, shape.look.room)]
    if shape.look.outlets:
        parts.append(_linked_outlets(pick, shape, say))
    if pick.is_update:
        parts.append(say("update"))
    return f"{number}. {' · '.join(parts)}"


def _linked_outlets(pick: Pick, shape: _Shape, say: Voice) -> str:
    return outlets(pick.story, say, linked=True, longest_url=shape.look.longest_url)


def _others(pick: Pick, say: Voice) -> str:
    count = len(pick.story.outlets)
    return f" · {say.many('{count} outlet', '{count} outlets', count)}" if count > 1 else ""


def _update(pick: Pick, say: Voice) -> str:
    return small(say("Update: new reporting since this was last posted here.")) if pick.is_update else ""


def _told(pick: Pick, shape: _Shape) -> list[str]:
    quotes = pick.quotes
    quoted = _quoted(pick)
    if quoted.text_origin is TextOrigin.PAGE:
        quotes = quotable(quotes) if web_url(quoted.link) else ()
    shown = [fit(quote, shape.quote_room) for quote in quotes[: shape.quotes] if shape.quote_room]
    if shown:
        return shown if len(shown) == 1 else [f"- {quote}" for quote in shown]
    return [f"- {headline(one.headline, 120)}" for one in siblings(pick.story, shape.related)] if shape.related else []


def _quoted(pick: Pick) -> Article:
    return next((one for one in pick.story.articles if one.id == pick.quoted_id), pick.story.lead)
