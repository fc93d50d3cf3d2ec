"""News as hostile and as huge as it may come, for properties of every message."""

from datetime import time, timedelta
from html import unescape
from typing import Any

from hypothesis import strategies as st

from bot.domain.answers import Reader
from bot.domain.articles import Article, HeadlineOrigin, TextOrigin
from bot.domain.editions import Edition, Mode, Pick, Why
from bot.domain.places import BriefingSettings, Schedule, TargetKind
from bot.domain.postings import Correction, Posting
from bot.domain.sources import Source, SourceKind, SourceState
from bot.domain.stories import Length, Story, Summary
from bot.domain.topics import Topic
from bot.render.markdown import clean
from tests.render.acceptance import INTERNALS
from tests.render.values import NOW, SERVER, article, seed_posting

HOSTILE = (
    "# heading",
    "-# > - + * 1. item",
    "1. item",
    "**bold** __under__ ~~struck~~ ||spoiler|| `code` ```block```",
    "<t:0:R> <#1> </headlines:1> <:smile:1> <a:smile:1> <@1> <@!1> <@&1> <id:guide>",
    "@everyone @here",
    "https://evil.example discord.gg/abc discord.com/invite/x",
    "[text](https://evil.example) ]( [",
    "a\u202egpj.exe \u2066x\u2069 zero\u200bwidth tag\U000e0041 soft\u00adhyphen",
    "z" + "\u0301" * 60 + "algo",
    "line\nbreak\r\n# heading\u2028- item",
    "{name} {0} %s %(x)s",
    "\\" * 30,
    "*" * 400,
    "word " * 900,
    "W" * 4_000,
    "👨\u200d👩\u200d👧" * 300,
    "漢字" * 400,
    " ",
    "",
)
# Entities are undone when news comes in, so what is stored holds none. What only internals say is left out, so that
# whatever shows it is our own text: Hypothesis draws words of the sources too, "SQL" among them.
_any_text = st.text(max_size=200).map(unescape).filter(lambda said: not INTERNALS.search(said))
text = st.one_of(st.sampled_from(HOSTILE), _any_text)
links = st.sampled_from(
    (
        None,
        None,
        "https://www.example.com/news/1",
        "https://example.com/" + "a" * 480,
        "https://example.com/" + "a" * 900,
        "javascript:alert(1)",
        "https://user:pass@example.com/",
        "https://example.com/)](<x> y",
        "not an address",
    )
)
names = text.map(lambda name: name if clean(name) else "Reuters")  # outlets and headlines: they are never empty
numbers = st.integers(min_value=1, max_value=2**53)
times = st.one_of(st.none(), st.just(NOW), st.just(NOW - timedelta(days=900)))
topics = st.lists(st.sampled_from(Topic), max_size=8, unique=True).map(tuple)
words = st.lists(text, max_size=12).map(tuple)


@st.composite
def articles(draw: Any) -> Article:
    return article(
        draw(numbers),
        draw(names),
        source_id=draw(st.integers(1, 4)),
        source_title=draw(names),
        outlet=draw(names),
        source_kind=draw(st.sampled_from(SourceKind)),
        headline_origin=draw(st.sampled_from(HeadlineOrigin)),
        text_origin=draw(st.sampled_from(TextOrigin)),
        link=draw(links),
        published_at=draw(times),
        updated_at=draw(times),
        is_sample=draw(st.booleans()),
    )


@st.composite
def stories(draw: Any) -> Story:
    members = draw(st.lists(articles(), min_size=1, max_size=5))
    return Story(draw(numbers), tuple(members), draw(topics), draw(words))


def many_stories(most: int) -> st.SearchStrategy[tuple[Story, ...]]:
    return st.lists(stories(), min_size=1, max_size=most, unique_by=lambda one: one.id).map(tuple)


@st.composite
def summaries(draw: Any) -> Summary:
    sentences = draw(st.lists(text, min_size=1, max_size=6))
    return Summary(
        tuple(sentences), tuple(range(len(sentences))), draw(st.integers(1, 5_000)), draw(st.sampled_from(Length))
    )


whys = st.builds(
    Why,
    cover=st.floats(0, 3),
    pace=st.floats(0, 3),
    prominence=st.floats(0, 1),
    freshness=st.floats(0, 1),
    topic_weight=st.sampled_from((0.5, 1.0, 1.5)),
    watched=st.sampled_from((1.0, 1.5)),
    repeat=st.sampled_from((0.15, 1.0)),
    diversity=st.sampled_from((0.5, 1.0)),
    outlets=st.integers(1, 2_000),
    wire_copies=st.integers(0, 30),
    new_outlets=st.integers(0, 30),
    age_s=st.floats(0, 10_000_000),
    mode=st.sampled_from(Mode),
)


@st.composite
def editions(draw: Any) -> Edition:
    picks = tuple(
        Pick(story, draw(whys), draw(words), draw(st.sampled_from((None, story.lead.id))), draw(st.booleans()))
        for story in draw(many_stories(12))
    )
    leads = draw(st.integers(0, 3))
    articles = [article for pick in picks for article in pick.story.articles]
    is_undated = all(article.published_at is None for article in articles)
    return Edition(
        NOW,
        picks[:leads],
        picks[leads:],
        draw(st.integers(len(picks), 100_000)),
        draw(st.sampled_from(Mode)),
        is_undated,
        is_undated and all(article.is_sample for article in articles),
        draw(times),
    )


corrections = st.builds(Correction, st.just(NOW), text, st.none() | text)


@st.composite
def postings(draw: Any) -> Posting:
    return seed_posting(
        edition=draw(editions()),
        name=draw(text),
        due_at=NOW,
        is_late=draw(st.booleans()),
        role_id=draw(st.sampled_from((None, 2**60))),
        corrections=tuple(draw(st.lists(corrections, max_size=3))),
        is_direct=draw(st.booleans()),
    )


readers = st.builds(
    Reader,
    user_id=numbers,
    place=st.just(SERVER),
    channel_id=numbers,
    is_public=st.booleans(),
    may_share=st.booleans(),
    is_manager=st.booleans(),
)
sources = st.builds(
    Source,
    id=numbers,
    kind=st.sampled_from(SourceKind),
    name=text,
    title=text,
    home_url=links,
    is_sample=st.booleans(),
    state=st.sampled_from(SourceState),
    detail=text,
)


@st.composite
def schedules(draw: Any) -> Schedule:
    return Schedule(
        draw(numbers),
        b"12345678",
        SERVER,
        draw(numbers),
        draw(st.sampled_from(TargetKind)),
        time(8, 0),
        draw(st.sampled_from(("Europe/Berlin", "America/Argentina/ComodRivadavia"))),
        NOW,
        NOW.date(),
        draw(st.integers(1, 127)),
        BriefingSettings(name=draw(text)),
        enabled=draw(st.booleans()),
        paused_until=draw(st.sampled_from((None, NOW.date()))),
        skip_date=draw(st.sampled_from((None, NOW.date()))),
        disabled_code=draw(st.sampled_from((None, "E01"))),
        changed_by=draw(st.sampled_from((None, 2**60))),
        changed_at=draw(times),
    )
