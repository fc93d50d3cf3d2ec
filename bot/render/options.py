"""Stories as the lines of a select: "3 · headline", with outlet and kind below."""

from collections.abc import Iterable

from bot.domain.articles import TextOrigin
from bot.domain.stories import Story
from bot.render.blocks import Option
from bot.render.limits import OPTION, cut
from bot.render.markdown import clean
from bot.render.voice import Voice

_OUTLET_ROOM = 60


def story_options(stories: Iterable[Story], first: int, say: Voice) -> list[Option]:
    """Number stories from `first`; the value of each is the story's key."""
    return [
        Option(numbered(number, story.title), story.key, describe(story, say))
        for number, story in enumerate(stories, start=first)
    ]


def numbered(number: int, headline: str) -> str:
    """Put the row's number before a headline, cut at a word where it is too long."""
    mark = f"{number} · "
    return mark + cut(clean(headline), OPTION - len(mark))


def describe(story: Story, say: Voice) -> str:
    """Name the outlet and what there is to read. Selects show plain text, so nothing is escaped."""
    lead = story.lead
    outlet = say("Bundled sample document") if lead.is_sample else cut(clean(lead.outlet), _OUTLET_ROOM)
    return f"{outlet} · {kind_of(story, say)}"


def kind_of(story: Story, say: Voice) -> str:
    """Say what there is to read of a story."""
    if len(story.outlets) > 1:
        return say.many("{count} outlet", "{count} outlets", len(story.outlets))
    origins = {article.text_origin for article in story.articles}
    if origins & {TextOrigin.DOCUMENT, TextOrigin.FEED}:
        return say("full text")
    return say("quotes") if TextOrigin.PAGE in origins else say("headline only")
