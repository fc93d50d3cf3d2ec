"""Lines that several messages share: a numbered headline, its siblings, its sources, what a list says at its end."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.articles import Article, HeadlineOrigin, TextOrigin
from bot.domain.stories import Story
from bot.render.blocks import small
from bot.render.limits import cut, first_fitting, size
from bot.render.markdown import clean, escape, fit, is_linkable, link, stamp, web_url
from bot.render.terms import outlet
from bot.render.voice import Voice

HEADLINE_ROOM = 220  # the longest real headlines are about 180
_ALSO_ROOM = 48
_ROOMS = (HEADLINE_ROOM, 160, 120, 90)
_SIBLINGS = 3


@dataclass(frozen=True, slots=True)
class Look:
    """How much of each row is shown; rows lose it step by step until they fit."""

    room: int = HEADLINE_ROOM
    siblings: int = _SIBLINGS
    outlets: bool = True  # name the outlet beside each headline
    facts: bool = True
    longest_url: int = 512
    bold: bool = True  # where there is no link


def first_url(story: Story) -> str | None:
    """Find the address to link a story's headline to: its own article's, else the first that has one."""
    return next((url for article in story.articles if (url := web_url(article.link))), None)


def headline(title: str, room: int = HEADLINE_ROOM) -> str:
    """Escape a headline, cut at a word when it is longer than `room`."""
    return escape(cut(clean(title), room))


def titled(story: Story, look: Look) -> str:
    """Write a headline as the link to its article, or in bold where there is none to give."""
    raw = cut(clean(story.title), look.room)
    url = first_url(story)
    if url and size(url) <= look.longest_url and is_linkable(raw):
        return link(escape(raw), url)
    return f"**{escape(raw)}**" if look.bold else escape(raw)


def numbered(number: int, story: Story, look: Look, say: Voice, *, update: bool = False) -> str:
    """Write one row: number, headline, outlets."""
    parts = [titled(story, look)]
    if look.outlets:
        parts.append(outlets(story, say))
    if update:
        parts.append(say("update"))
    return f"{number}. {' · '.join(parts)}"


def outlets(story: Story, say: Voice, *, linked: bool = False, longest_url: int = 512) -> str:
    """Name the title's outlet, as the link to the article if so wanted, and how many tell it."""
    first = outlet(story.lead, say)
    url = first_url(story) if linked else None
    if url and size(url) <= longest_url and is_linkable(first):
        first = link(first, url)
    count = len(story.outlets)
    return f"{first} · {say.many('{count} outlet', '{count} outlets', count)}" if count > 1 else first


def siblings(story: Story, most: int = _SIBLINGS) -> tuple[Article, ...]:
    """Give the other articles whose headline says something else than the title."""
    seen = {clean(story.title).casefold()}
    others = []
    for article in story.siblings:
        folded = clean(article.headline).casefold()
        if folded not in seen:
            seen.add(folded)
            others.append(article)
    return tuple(others[:most])


def facts(story: Story, look: Look, say: Voice) -> str:
    """Write the subtext under a row: its siblings, else what is special about it."""
    others = siblings(story, look.siblings)
    if others:
        names = " · ".join(headline(article.headline, _ALSO_ROOM) for article in others)
        return small(say("Also: {headlines}", headlines=names))
    lead = story.lead
    if not look.facts or lead.text_origin is not TextOrigin.DOCUMENT:
        return ""
    if lead.headline_origin is HeadlineOrigin.DERIVED:
        return small(say("Full text · from the article’s first sentence"))
    return small(say("Full text"))


def published(article: Article, say: Voice) -> str:
    """Say when an article was published, or that its source does not state it."""
    if article.published_at is None:
        return say("date not stated")
    return say("published {time}", time=stamp(article.published_at))


def one_source(stories: Sequence[Story]) -> bool:
    """Tell whether all is from one source without links, so that it is named once, at the end."""
    articles = [article for story in stories for article in story.articles]
    return len({article.source_id for article in articles}) == 1 and not any(article.link for article in articles)


def rows(stories: Sequence[Story], first: int, room: int, say: Voice) -> str:
    """Write numbered rows that fit: the longest links go first, then siblings, then long headlines' ends."""
    named = not one_source(stories)

    def draw(look: Look) -> str:
        lines = []
        for number, story in enumerate(stories, start=first):
            lines.append(numbered(number, story, look, say))
            lines.append(facts(story, look, say))
        return "\n".join(line for line in lines if line)

    return first_fitting((draw(look) for look in looks(stories, named=named)), room)


def looks(stories: Sequence[Story], *, named: bool) -> Iterator[Look]:
    """Go from the fullest look to the barest."""
    yield Look(outlets=named)
    for longest in sorted({size(url) for story in stories if (url := first_url(story))}, reverse=True):
        yield Look(outlets=named, longest_url=longest - 1)
    for count in (1, 0):
        yield Look(outlets=named, longest_url=0, siblings=count)
    for room in _ROOMS[1:]:
        yield Look(room, 0, outlets=named, facts=False, longest_url=0)


def list_end(stories: Sequence[Story], say: Voice) -> str:
    """Name the one source of a list, or how fresh the newest is; a time never stands without its word."""
    if not stories:
        return ""
    articles = [article for story in stories for article in story.articles]
    added = max(article.added_at for article in articles)
    if one_source(stories):
        name = outlet(articles[0], say) if articles[0].is_sample else fit(articles[0].source_title, 80)
        note = say("Source: {source}", source=name)
        if all(article.published_at is None for article in articles):
            note = say("Source: {source} (no dates given)", source=name)
        if articles[0].is_sample:
            note = say("Source: {source} (no publisher or dates given)", source=name)
        return small(f"{note} · {say('Added {time}', time=stamp(added))}")
    dated = [article.published_at for article in articles if article.published_at]
    if dated:
        return small(say("Newest published {time}", time=stamp(max(dated))))
    return small(say("No dates given · newest added {time}", time=stamp(added)))
