"""Names: which are in use, and which stories share them."""

import sqlite3
from math import log2

from bot.domain.filters import EVERYTHING, StoryFilter
from bot.domain.stories import Story
from bot.domain.suggestions import NameInUse
from bot.domain.text import fold
from bot.store import stories
from bot.store.database import Database

_RECENT = 3_000  # articles that count for "in use"
_PER_NAME = 60  # articles looked at for each name of a story
_MAX_NAMES = 8


def in_use(raw: sqlite3.Connection) -> tuple[NameInUse, ...]:
    """Give the names in recent articles, those in most articles first."""
    rows = raw.execute(
        "select n.folded, n.name, a.source_id from article a cross join article_name n on n.article_id=a.id"
        " where a.id > (select coalesce(max(id), 0) - :recent from article) and a.withdrawn_at is null and n.is_whole",
        {"recent": _RECENT},
    )
    found: dict[str, NameInUse] = {}
    for folded, name, source_id in rows:  # counting here is five times as fast as "group by"
        counts = found.setdefault(folded, NameInUse(name, folded, {})).articles
        counts[source_id] = counts.get(source_id, 0) + 1
    return tuple(sorted(found.values(), key=lambda one: -sum(one.articles.values())))


def _sharing(raw: sqlite3.Connection, name: str) -> list[int]:
    """Give the stories of recent articles with a name: "Hegseth" also finds "Pete Hegseth", and the reverse."""
    folded = fold(name)
    rows = raw.execute(
        """select a.story_id from (
             select article_id from article_name where folded=:folded
             union select article_id from article_name where folded=:last and is_whole and name not like '% %'
             order by article_id desc limit :limit) n
           join article a on a.id=n.article_id where a.withdrawn_at is null""",
        {"folded": folded, "last": folded.rsplit(" ", 1)[-1], "limit": _PER_NAME},
    )
    return list(dict.fromkeys(row["story_id"] for row in rows))


def related(
    raw: sqlite3.Connection, story: Story, wanted: StoryFilter = EVERYTHING, *, limit: int = 5
) -> tuple[Story, ...]:
    """Give other stories that share names with a story; rare names weigh more, and newer stories win ties."""
    weights: dict[int, float] = {}
    for name in story.names[:_MAX_NAMES]:
        sharing = _sharing(raw, name)
        for story_id in sharing:
            weights[story_id] = weights.get(story_id, 0.0) + 1 / log2(2 + len(sharing))
    weights.pop(story.id, None)
    best = sorted(weights, key=lambda story_id: (-weights[story_id], -story_id))[: limit * 4]
    return stories.stories(raw, best, wanted)[:limit]


class Names:
    """Names of people, places and organisations in the articles."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def in_use(self) -> tuple[NameInUse, ...]:
        """Give the names in recent articles, those in most articles first."""
        return await self._db.search(in_use)

    async def related(self, story: Story, wanted: StoryFilter = EVERYTHING, *, limit: int = 5) -> tuple[Story, ...]:
        """Give other stories that share names with a story, the closest first."""
        return await self._db.read(lambda raw: related(raw, story, wanted, limit=limit))
