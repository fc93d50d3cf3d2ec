"""Stories: lists for any set of sources, single stories through their merges, and taking stories out.

Lists read the shelves (one row per source and story, newest first): for a set of sources the rows are merged
lazily, so that a list costs as much as it shows, whatever the archive holds.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from heapq import merge as merge_sorted
from itertools import dropwhile, islice
from typing import TypeVar

from bot.domain.articles import Article, TextOrigin
from bot.domain.filters import EVERYTHING, Counts, StoryFilter
from bot.domain.stories import Story
from bot.domain.text import fold
from bot.domain.topics import Topic
from bot.store import arrivals, articles, curation
from bot.store.database import Database
from bot.store.shelves import TOPIC_BITS, revision, topic_bits
from bot.store.values import to_epoch, to_json

W = TypeVar("W", bound=str)
Mark = tuple[datetime, int]  # newest_at and id of the last story shown

# Beyond this many sources the whole archive is walked instead of merging one walk per source.
_MANY_SOURCES = 200
_ALL_BITS = 0xFFFF_FFFF

_WHERE = """(:topics = 0 or topic_bits & :topics) and (topic_bits = 0 or topic_bits & :unmuted)
 and (:languages is null or language is null or language in (select value from json_each(:languages)))
 and newest_at >= :since"""


def _parameters(wanted: StoryFilter) -> dict[str, object]:
    return {
        "topics": topic_bits(wanted.topics),
        "unmuted": _ALL_BITS & ~topic_bits(wanted.muted_topics),
        "languages": to_json(wanted.languages) if wanted.languages else None,
        "since": to_epoch(wanted.since) if wanted.since else -(1 << 62),
    }


def allowed_sources(raw: sqlite3.Connection, wanted: StoryFilter) -> frozenset[int] | None:
    """Give the ids of the sources that the filter allows; None for all."""
    if wanted.source_ids is None and wanted.include_sample:
        return None
    if wanted.source_ids is None:
        rows = raw.execute("select id from source where is_sample=0")
        return frozenset(row["id"] for row in rows)
    sample = raw.execute("select id from source where is_sample=1") if not wanted.include_sample else ()
    return frozenset(wanted.source_ids) - {row["id"] for row in sample}


def _walk_all(raw: sqlite3.Connection, parameters: dict[str, object]) -> Iterator[tuple[int, int]]:
    rows = raw.execute(
        f"select -newest_at, id from story where newest_at is not null and {_WHERE} order by newest_at desc, id",  # noqa: S608
        parameters,
    )
    yield from map(tuple, rows)


def _walk_source(raw: sqlite3.Connection, parameters: dict[str, object], before: int, source_id: int) -> sqlite3.Cursor:
    return raw.execute(
        "select -newest_at as age, story_id from shelf where source_id = :source and newest_at <= :before"  # noqa: S608
        f" and {_WHERE} order by newest_at desc, story_id",
        parameters | {"before": before, "source": source_id},
    )


def walk(raw: sqlite3.Connection, wanted: StoryFilter, before: Mark | None = None) -> Iterator[int]:
    """Give ids of stories, newest first, lazily; those that tie stand in the order they came in.

    Conditions that rows of the shelves cannot answer (names, text, dates) are left to `passes`.
    """
    sources = allowed_sources(raw, wanted)
    parameters = _parameters(wanted)
    if sources is not None and len(sources) <= _MANY_SOURCES:
        yield from _merged(raw, parameters, sources, before)
        return
    ids: Iterator[int] = (story_id for _, story_id in _walk_all(raw, parameters))
    if before is not None:
        ids = islice(dropwhile(lambda story_id: story_id != before[1], ids), 1, None)
    yield from ids


def _merged(
    raw: sqlite3.Connection, parameters: dict[str, object], sources: frozenset[int], before: Mark | None
) -> Iterator[int]:
    newest, last = (to_epoch(before[0]), before[1]) if before else ((1 << 62), -1)
    walks = [map(tuple, _walk_source(raw, parameters, newest, source)) for source in sorted(sources)]
    seen: set[int] = set()
    for age, story_id in merge_sorted(*walks):
        if story_id in seen:
            continue
        seen.add(story_id)
        if before is None or ((age, story_id) > (-newest, last) and not _was_before(raw, story_id, sources, newest)):
            yield story_id


def _was_before(raw: sqlite3.Connection, story_id: int, sources: frozenset[int], newest: int) -> bool:
    """Say whether a story stands above a mark, by a source whose row the walk has not met."""
    rows = raw.execute(
        "select source_id from shelf where story_id=:id and newest_at>:newest", {"id": story_id, "newest": newest}
    )
    return any(row["source_id"] in sources for row in rows)


def passes(story: Story, wanted: StoryFilter) -> bool:
    """Say whether a story, with the articles that may be seen, is wanted."""
    if wanted.only_with_text and not story.has_text:
        return False
    if wanted.topics and not set(wanted.topics) & set(story.topics):
        return False
    if story.topics and set(story.topics) <= set(wanted.muted_topics):
        return False
    if wanted.names and not {fold(name) for name in wanted.names} & {fold(name) for name in story.names}:
        return False
    return wanted.since is None or story.newest_at >= wanted.since


def newest(
    raw: sqlite3.Connection,
    wanted: StoryFilter = EVERYTHING,
    *,
    limit: int = 20,
    offset: int = 0,
    before: Mark | None = None,
) -> tuple[Story, ...]:
    """Give stories, newest first."""
    ids = walk(raw, wanted, before)
    if is_told_by_shelves(wanted):  # then the stories before the page need not be loaded
        return stories(raw, list(islice(ids, offset, offset + limit)), wanted)
    found = _loaded(raw, ids, wanted, chunk=limit + offset)
    return tuple(islice(found, offset, offset + limit))


def is_told_by_shelves(wanted: StoryFilter) -> bool:
    """Say whether rows of the shelves alone tell which stories pass."""
    return wanted.include_undated and not (wanted.names or wanted.muted_topics or wanted.only_with_text)


def _loaded(raw: sqlite3.Connection, ids: Iterator[int], wanted: StoryFilter, chunk: int) -> Iterator[Story]:
    while some := list(islice(ids, max(chunk, 1))):
        yield from stories(raw, some, wanted)


def stories(raw: sqlite3.Connection, story_ids: Sequence[int], wanted: StoryFilter = EVERYTHING) -> tuple[Story, ...]:
    """Give those of the stories that pass, in the order asked for, with the articles that may be seen."""
    sources = allowed_sources(raw, wanted)
    rows = raw.execute(
        f"select {articles.COLUMNS} from article a join source s on s.id=a.source_id"  # noqa: S608 - constant columns
        " join story t on t.id=a.story_id"
        " where a.story_id in (select value from json_each(:ids)) and a.withdrawn_at is null"
        " and t.retracted_at is null and (:undated or a.published_at is not null) order by a.story_id, a.id",
        {"ids": to_json(list(story_ids)), "undated": wanted.include_undated},
    )
    members: dict[int, list[Article]] = {}
    for row in rows:
        story_id, _, source_id = row[:3]
        if sources is None or source_id in sources:
            members.setdefault(story_id, []).append(articles.from_row(row))
    found = (compose(story_id, members[story_id]) for story_id in story_ids if story_id in members)
    return tuple(story for story in found if passes(story, wanted))


def compose(story_id: int, members: Sequence[Article]) -> Story:
    """Make a story of its articles: the one that gives the title first, then the newest first.

    The title is the earliest headline of an article that came with text, is counted and is no wire copy;
    text that was fetched later from a page does not change it, so a title stays once it stands.
    """
    everyone = tuple(members)
    if len(everyone) > 1:
        title, *rest = sorted(everyone, key=_title_order)
        everyone = (title, *sorted(rest, key=lambda one: (-one.when.timestamp(), one.position, one.id)))
    return Story(
        id=story_id,
        articles=everyone,
        topics=_most_frequent_first(topic for article in everyone for topic in article.topics),
        names=_most_frequent_first(name for article in everyone for name in article.names),
    )


def _most_frequent_first(words: Iterable[W]) -> tuple[W, ...]:
    counts: dict[W, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return tuple(counts) if len(counts) < 2 else tuple(sorted(counts, key=lambda word: -counts[word]))


def _title_order(article: Article) -> tuple[bool, bool, bool, datetime, int]:
    came_with_text = article.text_origin in {TextOrigin.DOCUMENT, TextOrigin.FEED}
    return (not article.is_counted, article.is_wire_copy, not came_with_text, article.when, article.id)


def story(raw: sqlite3.Connection, story_id: int, wanted: StoryFilter = EVERYTHING) -> Story | None:
    """Give a story, also by an id that was merged into it; None when nothing of it may be seen."""
    lives_at = curation.resolve(raw, story_id)
    found = stories(raw, [lives_at], wanted) if lives_at is not None else ()
    return found[0] if found else None


def candidates(
    raw: sqlite3.Connection, wanted: StoryFilter, *, since: datetime, at_least: int, at_most: int
) -> tuple[Story, ...]:
    """Give what an edition may choose from: stories with news since then, filled up with older ones if few."""
    found: list[Story] = []
    for candidate in _loaded(raw, walk(raw, wanted), wanted, chunk=100):
        if len(found) >= at_most or (len(found) >= at_least and candidate.newest_at < since):
            break
        found.append(candidate)
    return tuple(found)


def counts(raw: sqlite3.Connection, wanted: StoryFilter = EVERYTHING) -> Counts:
    """Count stories and articles under a filter (names, text and dates are not looked at)."""
    sources = allowed_sources(raw, wanted)
    parameters = _parameters(wanted)
    if sources is None:
        query = f"select count(*), coalesce(sum(articles), 0) from story where newest_at is not null and {_WHERE}"  # noqa: S608
    else:
        query = (
            "select count(distinct story_id), coalesce(sum(articles), 0) from shelf"  # noqa: S608
            f" where source_id in (select value from json_each(:sources)) and {_WHERE}"
        )
        parameters["sources"] = to_json(sorted(sources))
    return Counts(*raw.execute(query, parameters).fetchone())


def topics_in_use(raw: sqlite3.Connection, wanted: StoryFilter = EVERYTHING) -> tuple[tuple[Topic, int], ...]:
    """Give the topics that stories have, with how many of the newest 2,000 stories, the most frequent first."""
    ids = to_json(list(islice(walk(raw, wanted), 2_000)))
    rows = raw.execute("select topic_bits from story where id in (select value from json_each(:ids))", {"ids": ids})
    totals = dict.fromkeys(Topic, 0)
    for row in rows:
        for topic, bit in TOPIC_BITS.items():
            totals[topic] += bool(row["topic_bits"] & bit)
    return tuple(sorted(((topic, n) for topic, n in totals.items() if n), key=lambda pair: -pair[1]))


class Stories:
    """Stories, as the desk and the editions read them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def newest(
        self,
        wanted: StoryFilter = EVERYTHING,
        *,
        limit: int = 20,
        offset: int = 0,
        before: Mark | None = None,
    ) -> tuple[Story, ...]:
        """Give stories, newest first: a page by its offset, or what follows the story at `before`."""
        return await self._db.read(lambda raw: newest(raw, wanted, limit=limit, offset=offset, before=before))

    async def story(self, story_id: int, wanted: StoryFilter = EVERYTHING) -> Story | None:
        """Give a story, also by an id that was merged into it; None when nothing of it may be seen."""
        return await self._db.read(lambda raw: story(raw, story_id, wanted))

    async def stories(self, story_ids: Sequence[int], wanted: StoryFilter = EVERYTHING) -> tuple[Story, ...]:
        """Give those of the stories that pass, in the order asked for; merged ids are not followed."""
        return await self._db.read(lambda raw: stories(raw, story_ids, wanted))

    async def candidates(
        self, wanted: StoryFilter, *, since: datetime, at_least: int = 40, at_most: int = 400
    ) -> tuple[Story, ...]:
        """Give what an edition may choose from: stories with news since then, filled up with older ones if few."""
        return await self._db.read(lambda raw: candidates(raw, wanted, since=since, at_least=at_least, at_most=at_most))

    async def counts(self, wanted: StoryFilter = EVERYTHING) -> Counts:
        """Count stories and articles under a filter."""
        return await self._db.read(lambda raw: counts(raw, wanted))

    async def topics_in_use(self, wanted: StoryFilter = EVERYTHING) -> tuple[tuple[Topic, int], ...]:
        """Give the topics that recent stories have, with how many, the most frequent first."""
        return await self._db.read(lambda raw: topics_in_use(raw, wanted))

    async def revision(self) -> int:
        """Give a number that grows whenever what readers see may have changed: a key for kept answers."""
        return await self._db.read(revision)

    async def next_ids(self) -> tuple[int, int]:
        """Give the ids that the next new story and the next new article may take; only ingest makes either."""
        return await self._db.read(arrivals.next_ids)

    async def merge(self, into: int, merged: int) -> bool:
        """Move one story's articles into another; say whether it was done."""
        return await self._db.write(lambda raw: curation.merge(raw, into, merged))

    async def split(self, article_id: int, now: datetime) -> int | None:
        """Give an article a story of its own; give its id, or None when nothing was to be done."""
        return await self._db.write(lambda raw: curation.split(raw, article_id, now))

    async def retract(self, story_id: int, now: datetime) -> bool:
        """Withdraw a story by hand; say whether it was live."""
        return await self._db.write(lambda raw: curation.retract(raw, story_id, now))
