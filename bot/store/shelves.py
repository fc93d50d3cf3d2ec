"""Shelves: what lists read instead of articles. Every change of articles ends here with their stories.

New articles are added to what stands there, whatever else is in the story; any other change has it counted again.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.topics import Topic
from bot.store.bulk import insert
from bot.store.values import to_json

TOPIC_BITS = {topic: 1 << number for number, topic in enumerate(Topic)}

# Which topics any of the live articles has. SQLite has no "or" over rows, so bit by bit.
_HAS = "max(instr(' ' || topics || ' ', ' {} ') > 0) * {}"
_BITS = " | ".join(_HAS.format(topic.value, bit) for topic, bit in TOPIC_BITS.items())


def topic_bits(topics: Iterable[Topic]) -> int:
    """Give a set of topics as one number."""
    return sum(TOPIC_BITS[topic] for topic in set(topics))


def refresh(raw: sqlite3.Connection, story_ids: Iterable[int]) -> None:
    """Put what lists read of these stories in line with their articles."""
    ids = {"ids": to_json(sorted(set(story_ids)))}
    raw.execute("delete from shelf where story_id in (select value from json_each(:ids))", ids)
    raw.execute(
        f"""insert into shelf(source_id, newest_at, story_id, topic_bits, language, articles)
        select a.source_id, max(coalesce(a.published_at, a.added_at)), s.id, {_BITS}, s.language, count(*)
          from article a join story s on s.id=a.story_id
         where s.id in (select value from json_each(:ids)) and a.withdrawn_at is null and s.retracted_at is null
         group by s.id, a.source_id""",  # noqa: S608 - built from our own enum
        ids,
    )
    raw.execute(
        f"""update story set (newest_at, topic_bits, articles) = (
             select max(coalesce(a.published_at, a.added_at)), coalesce({_BITS}, 0), count(*) from article a
              where a.story_id=story.id and a.withdrawn_at is null and story.retracted_at is null)
            where id in (select value from json_each(:ids))""",  # noqa: S608 - built from our own enum
        ids,
    )


@dataclass(slots=True)
class Addition:
    """New articles of one source in one story."""

    source_id: int
    story_id: int
    newest_at: int
    language: str | None  # of the first
    topic_bits: int = 0
    articles: int = 0

    def include(self, at: int, topics: Iterable[Topic]) -> None:
        """Count one more article."""
        self.newest_at = max(self.newest_at, at)
        self.topic_bits |= topic_bits(topics)
        self.articles += 1

    @property
    def summed(self) -> tuple[int, int, int]:
        """The newest instant, the topics' bits and the number of articles."""
        return self.newest_at, self.topic_bits, self.articles


_ADDED = """(select json_extract(value, '$[0]') as newest, json_extract(value, '$[1]') as bits,
 json_extract(value, '$[2]') as number, json_extract(value, '$[3]') as story, json_extract(value, '$[4]') as source
 from json_each(:rows)) n"""
_STORY = f"""update story set newest_at=max(coalesce(newest_at, n.newest), n.newest), topic_bits=topic_bits | n.bits,
 articles=articles + n.number from {_ADDED} where id=n.story and retracted_at is null"""  # noqa: S608
_SHELF = f"""update shelf set newest_at=max(newest_at, n.newest), topic_bits=topic_bits | n.bits,
 articles=articles + n.number from {_ADDED} where story_id=n.story and source_id=n.source"""  # noqa: S608
_NEW_SHELF = f"""insert into shelf(source_id, newest_at, story_id, topic_bits, language, articles)
 select n.source, n.newest, s.id, n.bits, s.language, n.number from {_ADDED} join story s on s.id=n.story
 where s.retracted_at is null and not exists(select 1 from shelf o where o.story_id=s.id and o.source_id=n.source)"""  # noqa: S608


def add(raw: sqlite3.Connection, additions: Sequence[Addition]) -> None:
    """Put new articles on the shelves of stories that are there; what that costs does not grow with the stories."""
    rows = {"rows": to_json([(*one.summed, one.story_id, one.source_id) for one in additions])}
    for query in (_STORY, _SHELF, _NEW_SHELF) if additions else ():
        raw.execute(query, rows)


def open_stories(raw: sqlite3.Connection, additions: Iterable[Addition], created_at: int) -> None:
    """Make the stories of new articles that have none yet, with their shelves."""
    insert(
        raw,
        "story(newest_at, topic_bits, articles, language, id, created_at)",
        [(*one.summed, one.language, one.story_id, created_at) for one in additions],
    )
    insert(
        raw,
        "shelf(newest_at, topic_bits, articles, language, story_id, source_id)",
        [(*one.summed, one.language, one.story_id, one.source_id) for one in additions],
    )


def bump(raw: sqlite3.Connection) -> None:
    """Note that what readers see may have changed."""
    raw.execute("update revision set number=number+1")


def revision(raw: sqlite3.Connection) -> int:
    """Give the number of the last change that readers could see."""
    return int(raw.execute("select number from revision").fetchone()[0])
