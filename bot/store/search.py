"""Search: newest first, or ranked among the newest hits; suggestions while someone types; the closest headline.

Ranking every hit of a common word takes 0.4 s at 100,000 articles and 2.3 s at a million, so only the newest
hits are ranked (docs/decisions/0016).
"""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.filters import EVERYTHING, StoryFilter
from bot.domain.stories import Story
from bot.domain.text import clean_line, spaced, words_of
from bot.store import stories
from bot.store.database import Database
from bot.store.values import to_epoch, to_json

MAX_HITS = 500  # articles that a search looks at; more pages than anyone reads
_RANKED_HITS = 2_000
_MAX_WORDS = 16
_LABELLED_SOURCES = 64  # up to here the index itself narrows to sources


class Order(StrEnum):
    """How hits are ordered."""

    NEWEST = "newest"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search."""

    stories: tuple[Story, ...]
    total: int  # stories found
    is_more: bool = False  # there are more than `total`: the search stopped looking


def _terms(text: str, *, is_prefix: bool = False) -> list[str]:
    """Give FTS5 terms, each safe: quoted, so that nothing is read as syntax; the last one perhaps as a start.

    The index splits what is quoted into a phrase by its own rules: "U.S." becomes u s.
    """
    words = [word.replace('"', " ").strip() for word in spaced_words(text) if any(map(str.isalnum, word))]
    terms = [f'"{word}"' for word in words[:_MAX_WORDS]]
    if terms and is_prefix:
        terms[-1] += "*"
    return terms


def spaced_words(text: str) -> list[str]:
    """Give the words of a query; a run of an unspaced script is one word, its characters set apart."""
    return [spaced(word) for word in clean_line(text).split()]


def _narrowed(
    raw: sqlite3.Connection, query: str, wanted: StoryFilter, below: float = 1.0
) -> tuple[str, dict[str, object]]:
    """Narrow a query to topics and sources: by the index, if they are fewer than that share of all, else by the join.

    The index reads every label through, the join looks at every hit: few sources make it look in vain.
    """
    sources = stories.allowed_sources(raw, wanted)
    parts = []
    known = raw.execute("select count(*) as n from source").fetchone()["n"] if sources is not None else 0
    is_labelled = sources is not None and len(sources) <= _LABELLED_SOURCES and len(sources) < known * below
    if sources is not None and is_labelled:
        parts.append(" OR ".join(f"s{source_id}" for source_id in sorted(sources)))
    if wanted.topics:
        parts.append(" OR ".join(topic.value for topic in wanted.topics))
    return query + "".join(f" AND labels : ({part})" for part in parts), {
        "since": to_epoch(wanted.since) if wanted.since else None,
        "languages": to_json(wanted.languages) if wanted.languages else None,
        "sources": to_json(sorted(sources)) if sources is not None and not is_labelled else None,
        "hits": MAX_HITS,
    }


_JOIN = """ join article a on a.id=f.rowid join story s on s.id=a.story_id
 where (:since is null or coalesce(a.published_at, a.added_at) >= :since) and s.retracted_at is null
 and (:languages is null or s.language is null or s.language in (select value from json_each(:languages)))
 and (:sources is null or a.source_id in (select value from json_each(:sources)))"""


def _newest_hits(raw: sqlite3.Connection, query: str, narrow: dict[str, object]) -> list[int]:
    rows = raw.execute(
        "select a.story_id from (select rowid from article_fts where article_fts match :query order by rowid desc) f"  # noqa: S608
        f"{_JOIN} order by f.rowid desc limit :hits",
        narrow | {"query": query},
    )
    return [row["story_id"] for row in rows]


def _best_hits(raw: sqlite3.Connection, query: str, narrow: dict[str, object]) -> list[tuple[int, float]]:
    """Rank the newest hits; a headline weighs ten times the text."""
    rows = raw.execute(
        f"""select a.story_id, f.score from (
              select rowid, bm25(article_fts, 10.0, 1.0, 0.0) as score from article_fts
               where article_fts match :query and rowid >= coalesce(
                 (select rowid from article_fts where article_fts match :query
                   order by rowid desc limit 1 offset :window), 0)) f
            {_JOIN} order by f.score, f.rowid desc limit :hits""",  # noqa: S608 - constant
        narrow | {"query": query, "window": _RANKED_HITS},
    )
    return [(row["story_id"], row["score"]) for row in rows]


def search(
    raw: sqlite3.Connection,
    words: str,
    wanted: StoryFilter = EVERYTHING,
    *,
    order: Order = Order.NEWEST,
    page: int = 1,
    per_page: int = 10,
) -> Found:
    """Find stories with all the words, in headlines or text; the last word may be a beginning."""
    terms = _terms(words, is_prefix=True)
    if not terms or wanted.source_ids == ():
        return Found((), 0)
    query, narrow = _narrowed(raw, f"{{headline body}} : ({' AND '.join(terms)})", wanted)
    if order is Order.NEWEST:
        hits = _newest_hits(raw, query, narrow)
    else:
        hits = [story_id for story_id, _ in _best_hits(raw, query, narrow)]
    ids = list(dict.fromkeys(hits))
    if not stories.is_told_by_shelves(wanted):  # then some of the stories found do not pass
        ids = [story.id for story in stories.stories(raw, ids, wanted)]
    start = (page - 1) * per_page
    return Found(stories.stories(raw, ids[start : start + per_page], wanted), len(ids), len(hits) >= MAX_HITS)


def begun(raw: sqlite3.Connection, start: str, wanted: StoryFilter, hits: int) -> list[int]:
    """Give the stories of the newest headlines that have all these words, the last perhaps unfinished."""
    terms = _terms(start, is_prefix=True)
    if not terms or wanted.source_ids == ():
        return []
    query, narrow = _narrowed(raw, f"headline : ({' AND '.join(terms)})", wanted, below=0.2)
    return _newest_hits(raw, query, narrow | {"hits": hits})


def suggest(
    raw: sqlite3.Connection, start: str, wanted: StoryFilter = EVERYTHING, *, limit: int = 25
) -> tuple[Story, ...]:
    """Give the newest stories with a headline that has all these words, the last perhaps unfinished."""
    if not _terms(start):
        return stories.newest(raw, wanted, limit=limit)
    return stories.stories(raw, list(dict.fromkeys(begun(raw, start, wanted, limit * 4))), wanted)[:limit]


def closest(
    raw: sqlite3.Connection, text: str, wanted: StoryFilter = EVERYTHING, *, limit: int = 5
) -> tuple[tuple[Story, float], ...]:
    """Give stories whose headline comes closest to free text, with the share (0–1) of its words they have."""
    asked = set(words_of(text))
    terms = _terms(text)
    if not terms or wanted.source_ids == ():
        return ()
    query, narrow = _narrowed(raw, f"headline : ({' OR '.join(terms)})", wanted)
    hits = _best_hits(raw, query, narrow | {"hits": limit * 10})
    ids = list(dict.fromkeys(story_id for story_id, _ in hits))
    scored = [(story, _share(asked, story)) for story in stories.stories(raw, ids, wanted)]
    return tuple(sorted(scored, key=lambda pair: -pair[1])[:limit])


def _share(asked: set[str], story: Story) -> float:
    best = max(len(asked & set(words_of(article.headline))) for article in story.articles)
    return best / max(len(asked), 1)


class Search:
    """Finding stories by words; runs on its own connection, so that lists never wait behind it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def search(
        self,
        words: str,
        wanted: StoryFilter = EVERYTHING,
        *,
        order: Order = Order.NEWEST,
        page: int = 1,
        per_page: int = 10,
    ) -> Found:
        """Find stories with all the words, in headlines or text; the last word may be a beginning."""
        return await self._db.search(lambda raw: search(raw, words, wanted, order=order, page=page, per_page=per_page))

    async def suggest(self, start: str, wanted: StoryFilter = EVERYTHING, *, limit: int = 25) -> tuple[Story, ...]:
        """Give the newest stories with a headline that has all these words; the newest of all for no words."""
        return await self._db.search(lambda raw: suggest(raw, start, wanted, limit=limit))

    async def closest(
        self, text: str, wanted: StoryFilter = EVERYTHING, *, limit: int = 5
    ) -> tuple[tuple[Story, float], ...]:
        """Give stories whose headline comes closest to free text, with the share (0–1) of its words they have."""
        return await self._db.search(lambda raw: closest(raw, text, wanted, limit=limit))
