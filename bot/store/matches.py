"""Matches: what new articles mean to those who follow, written in the articles' own transaction.

A story is told once to a person, whatever it matched; a story that is followed itself is told again when another
report of its own joins it, an hour apart at least.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.domain.intake import IngestReport
from bot.domain.personal import FollowKind
from bot.domain.text import fold
from bot.store.articles import Extra
from bot.store.values import to_epoch, to_json

STALE = timedelta(hours=48)  # what states an older date is no news, however late it came in
APART = timedelta(hours=1)  # two alerts about one growing story
MOST_AT_ONCE = 20  # of one person, from one visit to one feed; the newest

_LONGEST_NAME = 4  # words
_MARKS = "“”„«»‘’\"'()[]…,.;:!?–—-"
_POSSESSIVE = re.compile(r"[’']s?$")

_CLOSEST = {FollowKind.STORY: 0, FollowKind.NAME: 1, FollowKind.SOURCE: 2, FollowKind.TOPIC: 3}


@dataclass(frozen=True, slots=True)
class _Match:
    """One follow that one article matches."""

    kind: FollowKind
    follow_id: int
    user_id: int
    article_id: int
    story_id: int

    @property
    def is_growth(self) -> bool:
        return self.kind is FollowKind.STORY


def matcher(clock: Clock) -> Extra:
    """Give what the pipeline runs in the transaction of new articles."""
    return lambda raw, report: match(raw, report, clock.now())


def match(raw: sqlite3.Connection, report: IngestReport, now: datetime) -> None:
    """Write down an alert for every person and story that new articles match."""
    if not report.new or raw.execute("select 1 from follow limit 1").fetchone() is None:
        return
    found = list(_matches(raw, report, now))
    raw.executemany(
        "insert into alert(follow_id, user_id, story_id, is_growth, state, matched_at, not_before)"
        " values(:follow, :user, :story, :growth, 'waiting', :now, max(:now, case when :growth then :apart +"
        " coalesce((select max(sent_at) from alert where user_id=:user and story_id=:story), 0) else 0 end))"
        " on conflict do nothing",
        [
            {
                "follow": one.follow_id,
                "user": one.user_id,
                "story": one.story_id,
                "growth": int(one.is_growth),
                "now": to_epoch(now),
                "apart": int(APART.total_seconds()),
            }
            for one in _once(found)
        ],
    )


def _once(found: Iterable[_Match]) -> list[_Match]:
    """Keep one match for each person and story, the closest; of one person only the newest few."""
    best: dict[int, dict[int, _Match]] = {}
    for one in sorted(found, key=lambda one: (-one.article_id, _CLOSEST[one.kind])):
        mine = best.setdefault(one.user_id, {})
        if len(mine) < MOST_AT_ONCE:
            mine.setdefault(one.story_id, one)
    return [one for mine in best.values() for one in mine.values()]


@dataclass(frozen=True, slots=True)
class _Fresh:
    """A new article that counts and is news."""

    id: int
    story_id: int
    topics: tuple[str, ...]
    names: tuple[str, ...]
    is_copy: bool
    is_new: bool  # its story is new with it


Hearing = dict[tuple[FollowKind, str], list[tuple[int, int]]]  # what is followed → (follow, user) of each who does


def _matches(raw: sqlite3.Connection, report: IngestReport, now: datetime) -> Iterable[_Match]:
    hearing = _hearing(raw, report.source_id)
    for article in _fresh(raw, report, now) if hearing else ():
        for kind, value in _meanings(article, report.source_id):
            for follow_id, user_id in hearing.get((kind, value), ()):
                if kind is not FollowKind.NAME or article.is_new or _is_new_to(raw, article, value):
                    yield _Match(kind, follow_id, user_id, article.id, article.story_id)


def _meanings(article: _Fresh, source_id: int) -> Iterable[tuple[FollowKind, str]]:
    """Give what may be followed of an article: a topic of a new story, its names, its source, the story it joins."""
    if article.is_new:
        yield from ((FollowKind.TOPIC, topic) for topic in article.topics)
    yield from ((FollowKind.NAME, name) for name in article.names)
    if article.is_new or not article.is_copy:
        yield FollowKind.SOURCE, str(source_id)
    if not article.is_new and not article.is_copy:
        yield FollowKind.STORY, str(article.story_id)


def _hearing(raw: sqlite3.Connection, source_id: int) -> Hearing:
    """Give the follows that may hear of a source: their person reads it, and their DMs are not closed."""
    rows = raw.execute(
        """select f.id, f.user_id, f.kind, case when f.kind='story' then
             (select cast(coalesce(s.merged_into, s.id) as text) from story s where s.id=cast(f.value as integer))
             else f.value end as value
           from follow f left join follower w on w.user_id=f.user_id where w.closed_at is null
            and ((select s.kind='document' or coalesce(d.is_for_all, 0)
                  from source s left join feed d on d.source_id=s.id where s.id=:source)
             or f.place_id in (select place_id from subscription where source_id=:source and not is_paused
                union select r.place_id from reads_with r join subscription b on b.place_id=r.server_id
                where b.source_id=:source and not b.is_paused))""",
        {"source": source_id},
    )
    found: Hearing = {}
    for row in rows:
        found.setdefault((FollowKind(row["kind"]), row["value"]), []).append((row["id"], row["user_id"]))
    return found


def _fresh(raw: sqlite3.Connection, report: IngestReport, now: datetime) -> list[_Fresh]:
    values = {"new": to_json(report.new), "stale": to_epoch(now - STALE)}
    names: dict[int, list[str]] = {}
    query = "select article_id, folded from article_name where article_id in (select value from json_each(:new))"
    for row in raw.execute(query, values):
        names.setdefault(row["article_id"], []).append(row["folded"])
    rows = raw.execute(
        "select id, story_id, topics, is_wire_copy, headline from article"
        " where id in (select value from json_each(:new))"
        " and is_counted=1 and withdrawn_at is null and (published_at is null or published_at>=:stale)",
        values,
    )
    new_stories = frozenset(report.new_story_ids)
    return [
        _Fresh(
            id=row["id"],
            story_id=row["story_id"],
            topics=tuple(row["topics"].split()),
            names=tuple(dict.fromkeys([*names.get(row["id"], ()), *phrases(row["headline"])])),
            is_copy=bool(row["is_wire_copy"]),
            is_new=row["story_id"] in new_stories,
        )
        for row in rows
    ]


def phrases(headline: str) -> Iterator[str]:
    """Give what a follower may mean by a name, folded: words in a row that begin with no small letter.

    Where every word of a headline has a capital, its names can't be told from the rest and are not stored as such.
    """
    words = [_POSSESSIVE.sub("", word.strip(_MARKS)) for word in headline.split()]
    for start in range(len(words)):
        for end in range(start, min(start + _LONGEST_NAME, len(words))):
            if not words[end] or words[end][0].islower():
                break
            yield fold(" ".join(words[start : end + 1]))


def _is_new_to(raw: sqlite3.Connection, article: _Fresh, name: str) -> bool:
    """Say whether no earlier report of the story had a name."""
    query = (
        "select 1 from article o join article_name m on m.article_id=o.id"
        " where o.story_id=:story and o.id<:id and m.folded=:name limit 1"
    )
    values = {"story": article.story_id, "id": article.id, "name": name}
    return raw.execute(query, values).fetchone() is None
