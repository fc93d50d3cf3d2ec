"""Follows: what people want to hear of by DM."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.personal import Follow, FollowKind
from bot.store.database import Database
from bot.store.values import from_epoch, to_epoch, to_json


@dataclass(frozen=True, slots=True)
class Target:
    """What a follow means: a topic's word, a folded name, or an id, as text."""

    kind: FollowKind
    value: str
    label: str


def follow_from(row: sqlite3.Row) -> Follow:
    """Read a follow from a row."""
    return Follow(row["id"], FollowKind(row["kind"]), row["label"], from_epoch(row["since"]))


def of_person(raw: sqlite3.Connection, user_id: int) -> tuple[Follow, ...]:
    """Give what a person follows, the latest first."""
    rows = raw.execute("select * from follow where user_id=:user order by id desc", {"user": user_id})
    return tuple(follow_from(row) for row in rows)


def add(
    raw: sqlite3.Connection, user_id: int, place_id: int, target: Target, now: datetime, limit: int
) -> Follow | None:
    """Follow something; give the follow, also where it was there. None: the limit is reached."""
    values = {"user": user_id, "kind": target.kind.value, "value": target.value, "limit": limit}
    raw.execute(
        "insert into follow(user_id, place_id, kind, value, label, since)"
        " select :user, :place, :kind, :value, :label, :now"
        " where (select count(*) from follow where user_id=:user)<:limit"
        " on conflict(user_id, kind, value) do update set label=excluded.label",
        values | {"place": place_id, "label": target.label, "now": to_epoch(now)},
    )
    row = raw.execute("select * from follow where user_id=:user and kind=:kind and value=:value", values).fetchone()
    return follow_from(row) if row else None


def remove(raw: sqlite3.Connection, user_id: int, follow_id: int) -> Follow | None:
    """End one of a person's follows, with the alerts it caused; give what it was."""
    values = {"user": user_id, "id": follow_id}
    row = raw.execute("select * from follow where id=:id and user_id=:user", values).fetchone()
    raw.execute("delete from follow where id=:id and user_id=:user", values)
    return follow_from(row) if row else None


def of_story(raw: sqlite3.Connection, user_id: int, story_id: int) -> int | None:
    """Give the id of a person's follow of a story, also under an id that was merged into it."""
    row = raw.execute(
        "select f.id from follow f join story s on s.id=cast(f.value as integer)"
        " where f.user_id=:user and f.kind='story' and coalesce(s.merged_into, s.id)=:story",
        {"user": user_id, "story": story_id},
    ).fetchone()
    return row["id"] if row else None


def watched(raw: sqlite3.Connection, place_id: int, story_ids: Sequence[int]) -> frozenset[int]:
    """Give those of some stories that match what the person of a place follows."""
    values = {"place": place_id, "ids": to_json(story_ids)}
    if raw.execute("select 1 from follow where place_id=:place limit 1", values).fetchone() is None:
        return frozenset()
    rows = raw.execute(
        """select distinct a.story_id from article a, follow f
           where a.story_id in (select value from json_each(:ids)) and a.is_counted=1 and a.withdrawn_at is null
            and f.place_id=:place and case f.kind
             when 'topic' then ' '||a.topics||' ' like '% '||f.value||' %'
             when 'source' then f.value=cast(a.source_id as text)
             when 'name' then exists(select 1 from article_name n where n.folded=f.value and n.article_id=a.id)
             else a.story_id=(
              select coalesce(s.merged_into, s.id) from story s where s.id=cast(f.value as integer)) end""",
        values,
    )
    return frozenset(row["story_id"] for row in rows)


class Follows:
    """What the desk may ask about follows."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of_person(self, user_id: int) -> tuple[Follow, ...]:
        """Give what a person follows, the latest first."""
        return await self._db.read(lambda raw: of_person(raw, user_id))

    async def add(self, user_id: int, place_id: int, target: Target, now: datetime, limit: int) -> Follow | None:
        """Follow something; None: the limit is reached."""
        return await self._db.write(lambda raw: add(raw, user_id, place_id, target, now, limit))

    async def remove(self, user_id: int, *follow_ids: int) -> tuple[Follow, ...]:
        """End some of a person's follows; give those that were there."""

        def work(raw: sqlite3.Connection) -> tuple[Follow, ...]:
            return tuple(one for follow_id in follow_ids if (one := remove(raw, user_id, follow_id)))

        return await self._db.write(work)

    async def watched(self, place_id: int, story_ids: Sequence[int]) -> frozenset[int]:
        """Give those of some stories that match what the person of a place follows."""
        return await self._db.read(lambda raw: watched(raw, place_id, story_ids))

    async def of_story(self, user_id: int, story_id: int) -> int | None:
        """Give the id of a person's follow of a story."""
        return await self._db.read_kept(("follow", user_id, story_id), lambda raw: of_story(raw, user_id, story_id))
