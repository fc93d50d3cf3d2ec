"""A store full of made-up news: words drawn like real ones, a third with text, some stories with several articles."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from bot.domain.articles import TextOrigin
from bot.domain.intake import Batch, Draft, content_hash
from bot.domain.sources import Item, Source, SourceKind, SourceState
from bot.domain.topics import Topic
from bot.store.store import Store

END = datetime(2026, 3, 1, tzinfo=UTC)  # when the newest article was added
SOURCES = 200
_PER_BATCH = 2_000
_SYLLABLES = ("ba", "co", "di", "fer", "gu", "ha", "lin", "mo", "ner", "or", "pas", "qui", "ra", "sten", "tu", "val")
_TOPICS = tuple(Topic)


def vocabulary(words: int = 20_000) -> tuple[list[str], list[float]]:
    """Give words and their running weights: the n-th is as frequent as 1/n, as in any language."""
    rng = random.Random(7)
    made = {"".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4))) for _ in range(words)}
    ordered = sorted(made, key=lambda word: (len(word), word))
    return ordered, list(accumulate(1 / (rank + 8) for rank in range(len(ordered))))


async def fill(
    store: Store, articles: int, *, sources: int = SOURCES, span: timedelta = timedelta(days=60), end: datetime = END
) -> None:
    """Store that many articles, the newest at `end`, from that many feeds; always the same ones."""
    made = [
        Source(0, SourceKind.FEED, f"https://feed{n}.example/rss", f"Outlet {n}", state=SourceState.OK)
        for n in range(sources)
    ]
    start = end - span
    ids = [(await store.sources.add(source, start)).id for source in made]
    rng = random.Random(11)
    drafts = _drafts(rng, articles)
    step = span / max(articles, 1)
    batches = max(articles // _PER_BATCH, 1)
    for number in range(batches):
        size = articles // batches + (1 if number < articles % batches else 0)
        batch = Batch(drafts=tuple(next(drafts) for _ in range(size)))
        now = start + step * size * (number + 1)
        await store.articles.take_in(ids[number % len(ids)], batch, min(now, end))


def _drafts(rng: random.Random, articles: int) -> Iterator[Draft]:
    words, weights = vocabulary()
    story = 0
    for number in range(articles):
        joins = story > 50 and rng.random() < 0.3
        story_id = story - rng.randint(0, 40) if joins else (story := story + 1)
        yield _draft(rng, number, story_id, words, weights)


def _draft(rng: random.Random, number: int, story_id: int, words: list[str], weights: list[float]) -> Draft:
    picked = rng.choices(words, cum_weights=weights, k=rng.randint(7, 13))
    headline = " ".join(word.capitalize() for word in picked)
    text = " ".join(rng.choices(words, cum_weights=weights, k=90)) + "." if number % 3 == 0 else ""
    item = Item(headline, (text,) if text else (), position=number % 30, link=f"https://outlet.example/{number}")
    return Draft(
        key=f"k{number}",
        link_key=f"l{number}",
        item=item,
        outlet=f"outlet{number % 97}.example",
        story_id=story_id,
        item_hash=content_hash(headline, item.paragraphs),
        text_origin=TextOrigin.FEED if text else TextOrigin.NONE,
        language="en",
        topics=(_TOPICS[number % 9],) if number % 9 < 8 else (),
        names=(picked[0].capitalize(), f"{picked[1]} {picked[2]}".title()),
    )
