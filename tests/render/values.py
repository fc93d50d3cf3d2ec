"""Values to render: the seed document's stories as the store gives them, live stories, readers, voices."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

from bot.domain.answers import Card, ListPage, Reader
from bot.domain.articles import Article, HeadlineOrigin, TextOrigin
from bot.domain.editions import Edition, Pick, Why
from bot.domain.places import Place, PlaceKind
from bot.domain.postings import Posting
from bot.domain.sources import SourceKind
from bot.domain.stories import Story, Summary
from bot.domain.topics import Topic
from bot.i18n import texts_for
from bot.render.voice import Voice

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
COMMANDS = {name: 900 + number for number, name in enumerate(("headlines", "search", "briefing", "newsdesk"))}

SAMPLE = files("bot").joinpath("data/sample.txt").read_text(encoding="utf-8")
PARAGRAPHS = tuple(line for line in SAMPLE.splitlines() if len(line) > 150)
LABELS = tuple(line.strip() for line in SAMPLE.splitlines() if 0 < len(line) <= 150)
DERIVED = PARAGRAPHS[0].split(", Japanese Foreign Minister")[0]
SENTENCES = (
    PARAGRAPHS[0].split(" The discussions,")[0],
    PARAGRAPHS[2].split("further. ")[1],
)

SERVER = Place(1, PlaceKind.SERVER, 100, locale="en-US", zone="Europe/Berlin")
DM = Place(2, PlaceKind.PERSON, 7)
READER = Reader(user_id=7, place=SERVER, channel_id=55, may_share=True)


def voice(locale: str = "en") -> Voice:
    return Voice(texts_for(locale), NOW, COMMANDS)


def article(number: int, headline: str, **changes: Any) -> Article:
    plain = Article(
        id=number,
        source_id=1,
        source_title="sample",
        source_kind=SourceKind.DOCUMENT,
        headline=headline,
        outlet="sample",
        added_at=NOW - timedelta(hours=3),
        position=number,
        is_sample=True,
    )
    return replace(plain, **changes)


def live(number: int, headline: str, outlet: str, **changes: Any) -> Article:
    return article(
        number,
        headline,
        **{
            "source_id": 10 + number % 3,
            "source_title": outlet,
            "source_kind": SourceKind.FEED,
            "outlet": outlet,
            "link": f"https://www.example.com/news/{number}",
            "published_at": NOW - timedelta(minutes=20 * number),
            "text_origin": TextOrigin.FEED,
            "is_sample": False,
        }
        | changes,
    )


def seed_stories() -> tuple[Story, ...]:
    """Give the fifteen stories of the seed: only headlines 3, 10 and 16 are one."""
    japan = article(
        1, DERIVED, headline_origin=HeadlineOrigin.DERIVED, text_origin=TextOrigin.DOCUMENT, names=("Takeshi Iwaya",)
    )
    items = [article(number, label) for number, label in enumerate(LABELS, start=2)]
    shooting = (items[2], items[9], items[15])
    alone = [item for item in items if item not in shooting]
    groups = [(japan,), shooting, *((item,) for item in alone)]
    topics = {0: (Topic.WORLD, Topic.POLITICS)}
    names = {0: ("Takeshi Iwaya", "Marco Rubio", "Mike Waltz")}
    return tuple(Story(n + 1, group, topics.get(n, ()), names.get(n, ())) for n, group in enumerate(groups))


def live_stories() -> tuple[Story, ...]:
    first = Story(
        40,
        (
            live(1, "Storm closes ports along the North Sea coast", "Reuters"),
            live(2, "North Sea storm: ports shut as winds pass 120 km/h", "BBC News"),
            live(3, "Ferries cancelled as storm reaches Denmark", "dw.com"),
        ),
        (Topic.WORLD,),
        ("North Sea", "Denmark"),
    )
    single = live(
        4, "Central bank holds rates [analysis] for a third time", "Financial Times", text_origin=TextOrigin.PAGE
    )
    return (first, Story(41, (single,), (Topic.BUSINESS,)))


def page(stories: tuple[Story, ...], **changes: Any) -> ListPage:
    shown = stories[:10]
    items = sum(len(story.articles) for story in stories)
    return replace(ListPage(shown, 1, -(-len(stories) // 10) or 1, len(stories), items), **changes)


def seed_card(**changes: Any) -> Card:
    stories = seed_stories()
    summary = Summary(SENTENCES, (0, 5), 11)
    return replace(Card(stories[0], summary, stories[0].lead, has_full_text=True), **changes)


def edition(stories: tuple[Story, ...], leads: int = 2, most: int = 8, **changes: Any) -> Edition:
    picks = tuple(_pick(story) for story in stories[:most])
    made = Edition(NOW, picks[:leads], picks[leads:], len(stories), newest_added_at=NOW - timedelta(hours=3))
    return replace(made, **changes)


def _pick(story: Story) -> Pick:
    quotes = (SENTENCES[0],) if story.has_text else ()
    return Pick(story, Why(1.0, 0.5, 0.2, 0.9), quotes, story.lead.id if quotes else None)


def seed_posting(**changes: Any) -> Posting:
    made = Posting(
        edition(seed_stories(), is_undated=True, is_sample=True),
        date(2026, 11, 22),
        "2026-11-22 · k7f3",
        NOW,
        next_at=NOW + timedelta(days=1),
    )
    return replace(made, **changes)
