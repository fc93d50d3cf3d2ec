"""Members: what they were last shown, what they shared, and how often messages are used by anybody.

Whatever holds a user's id stands in `_ABOUT` and `_FORGET`, which the privacy export and deletion run.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.database import Database
from bot.store.values import from_epoch, to_epoch, to_json

LISTS_KEPT = timedelta(days=2)
SHARES_KEPT = timedelta(days=7)
USES_KEPT = timedelta(days=180)

Owner = tuple[int, int]  # user id, place id


@dataclass(frozen=True, slots=True)
class Rows:
    """The numbered rows of a member's last list: the first story id is row 1; 0 where a row was not listed."""

    story_ids: tuple[int, ...]
    listed_at: datetime


@dataclass(frozen=True, slots=True)
class KeptSearch:
    """The words of a search, by which its pages are found again."""

    id: int
    user_id: int
    words: str
    searched_at: datetime


@dataclass(frozen=True, slots=True)
class Share:
    """A story shared in a channel; without a message id while it is being posted."""

    story_id: int
    channel_id: int
    shared_at: datetime
    message_id: int | None = None
    is_new: bool = False  # this call made it


@dataclass(frozen=True, slots=True)
class Use:
    """How often a message's stories were opened and shared, by whomever."""

    opens: int = 0
    shares: int = 0


def keep(
    raw: sqlite3.Connection,
    lists: Mapping[Owner, Rows],
    searches: Iterable[KeptSearch],
    uses: Mapping[int, Use],
    now: datetime,
) -> None:
    """Write down, at once, what was collected since the last time."""
    raw.executemany(
        "insert into last_list(user_id, place_id, story_ids, listed_at)"
        " select :user, :place, :stories, :at where exists(select 1 from place where id=:place)"
        " on conflict do update set story_ids=excluded.story_ids, listed_at=excluded.listed_at",
        [
            {"user": user, "place": place, "stories": to_json(rows.story_ids), "at": to_epoch(rows.listed_at)}
            for (user, place), rows in lists.items()
        ],
    )
    raw.executemany(
        "insert into kept_search(id, user_id, words, searched_at) values(:id, :user, :words, :at)"
        " on conflict do nothing",
        [{"id": one.id, "user": one.user_id, "words": one.words, "at": to_epoch(one.searched_at)} for one in searches],
    )
    raw.executemany(
        "insert into message_use(message_id, opens, shares, first_at) values(:id, :opens, :shares, :now)"
        " on conflict do update set opens=opens+excluded.opens, shares=shares+excluded.shares",
        [
            {"id": message, "opens": use.opens, "shares": use.shares, "now": to_epoch(now)}
            for message, use in uses.items()
        ],
    )


def last_list(raw: sqlite3.Connection, user_id: int, place_id: int) -> Rows | None:
    """Give the rows of a member's last list in a place."""
    row = raw.execute(
        "select story_ids, listed_at from last_list where user_id=:user and place_id=:place",
        {"user": user_id, "place": place_id},
    ).fetchone()
    return Rows(tuple(json.loads(row["story_ids"])), from_epoch(row["listed_at"])) if row else None


def kept_search(raw: sqlite3.Connection, search_id: int) -> KeptSearch | None:
    """Give a search that is still kept."""
    row = raw.execute("select * from kept_search where id=:id", {"id": search_id}).fetchone()
    return KeptSearch(row["id"], row["user_id"], row["words"], from_epoch(row["searched_at"])) if row else None


def claim_share(raw: sqlite3.Connection, story_id: int, channel_id: int, user_id: int, now: datetime) -> Share:
    """Give the share of a story in a channel within the last hour, made now if there is none."""
    values = {
        "story": story_id,
        "channel": channel_id,
        "user": user_id,
        "now": to_epoch(now),
        "hour": to_epoch(now) // 3600,
        "since": to_epoch(now) - 3600,
    }
    row = raw.execute(
        "select message_id, shared_at from share where story_id=:story and channel_id=:channel and shared_at>:since",
        values,
    ).fetchone()
    if row:
        return Share(story_id, channel_id, from_epoch(row["shared_at"]), row["message_id"])
    raw.execute(
        "insert into share(story_id, channel_id, hour, user_id, shared_at)"
        " values(:story, :channel, :hour, :user, :now)",
        values,
    )
    return Share(story_id, channel_id, from_epoch(to_epoch(now)), is_new=True)


def finish_share(raw: sqlite3.Connection, share: Share, message_id: int | None) -> None:
    """Note where a share was posted; None: it was not, or is gone again, so it may be shared anew."""
    values = {
        "story": share.story_id,
        "channel": share.channel_id,
        "hour": to_epoch(share.shared_at) // 3600,
        "message": message_id,
    }
    where = "where story_id=:story and channel_id=:channel and hour=:hour"
    if message_id is None:
        raw.execute(f"delete from share {where}", values)  # noqa: S608 - constant
    else:
        raw.execute(f"update share set message_id=:message {where}", values)  # noqa: S608 - constant


def forget_share(raw: sqlite3.Connection, message_id: int) -> None:
    """Note that a shared message was removed, so that the story may be shared anew."""
    raw.execute("delete from share where message_id=:message", {"message": message_id})


def uses(raw: sqlite3.Connection, message_ids: Sequence[int]) -> dict[int, Use]:
    """Give how often these messages were used; those that were not are left out."""
    rows = raw.execute(
        "select message_id, opens, shares from message_use where message_id in (select value from json_each(:ids))",
        {"ids": to_json(message_ids)},
    )
    return {row["message_id"]: Use(row["opens"], row["shares"]) for row in rows}


def purge(raw: sqlite3.Connection, now: datetime, limit: int) -> int:
    """Delete what has had its time, up to `limit` rows of each kind; give how many rows."""
    lists, shares, used = (to_epoch(now - kept) for kept in (LISTS_KEPT, SHARES_KEPT, USES_KEPT))
    statements = (
        (_OLD.format("last_list", "user_id, place_id", "listed_at"), lists),
        (_OLD.format("kept_search", "id", "searched_at"), lists),
        (_OLD.format("share", "story_id, channel_id, hour", "shared_at"), shares),
        (_OLD.format("message_use", "message_id", "first_at"), used),
    )
    return sum(raw.execute(sql, {"before": before, "limit": limit}).rowcount for sql, before in statements)


_OLD = "delete from {0} where ({1}) in (select {1} from {0} where {2}<:before limit :limit)"

_ABOUT = (
    ("last_list", "select * from last_list where user_id=:user"),
    ("kept_search", "select * from kept_search where user_id=:user"),
    (
        "mute",
        "select m.* from mute m join place p on p.id=m.place_id where p.kind='person' and p.discord_id=:user",
    ),
    ("share", "select * from share where user_id=:user"),
    ("setup_draft", "select * from setup_draft where user_id=:user"),
    ("catchup", "select * from catchup where user_id=:user"),
    ("report", "select * from report where user_id=:user"),
    ("follower", "select * from follower where user_id=:user"),
    ("follow", "select * from follow where user_id=:user"),
    ("alert", "select * from alert where user_id=:user"),
    (
        "reads_with",
        """select p.discord_id as server_id from reads_with w join place p on p.id=w.server_id
        where w.place_id in (select id from place where kind='person' and discord_id=:user)""",
    ),
)
_FORGET = (
    "delete from last_list where user_id=:user",
    "delete from kept_search where user_id=:user",
    "delete from mute where place_id in (select id from place where kind='person' and discord_id=:user)",
    "update share set user_id=null where user_id=:user",
    "delete from setup_draft where user_id=:user",
    "delete from catchup where user_id=:user",
    "update report set user_id=null, place_id=null, detail='' where user_id=:user",
    "delete from follow where user_id=:user",
    "delete from alert where user_id=:user",
    "delete from follower where user_id=:user",
    "delete from reads_with where place_id in (select id from place where kind='person' and discord_id=:user)",
)


def about_person(raw: sqlite3.Connection, user_id: int) -> list[dict[str, object]]:
    """Give every row of these tables that holds a user's id, for the privacy export."""
    return [
        {"table": table, **dict(row)} for table, sql in _ABOUT for row in raw.execute(sql, {"user": user_id}).fetchall()
    ]


def forget_person(raw: sqlite3.Connection, user_id: int) -> None:
    """Delete what belongs to a person, and take their id off what they shared."""
    for sql in _FORGET:
        raw.execute(sql, {"user": user_id})


class Members:
    """What the desk may ask of members."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def keep(
        self, lists: Mapping[Owner, Rows], searches: Sequence[KeptSearch], uses: Mapping[int, Use], now: datetime
    ) -> None:
        """Write down what was collected since the last time."""
        await self._db.write(lambda raw: keep(raw, lists, searches, uses, now))

    async def last_list(self, user_id: int, place_id: int) -> Rows | None:
        """Give the rows of a member's last list in a place."""
        return await self._db.read(lambda raw: last_list(raw, user_id, place_id))

    async def kept_search(self, search_id: int) -> KeptSearch | None:
        """Give a search that is still kept."""
        return await self._db.read(lambda raw: kept_search(raw, search_id))

    async def claim_share(self, story_id: int, channel_id: int, user_id: int, now: datetime) -> Share:
        """Give the share of a story in a channel within the last hour, made now if there is none."""
        return await self._db.write(lambda raw: claim_share(raw, story_id, channel_id, user_id, now))

    async def finish_share(self, share: Share, message_id: int | None) -> None:
        """Note where a share was posted; None: it was not."""
        await self._db.write(lambda raw: finish_share(raw, share, message_id))

    async def forget_share(self, message_id: int) -> None:
        """Note that a shared message was removed."""
        await self._db.write(lambda raw: forget_share(raw, message_id))

    async def uses(self, message_ids: Sequence[int]) -> dict[int, Use]:
        """Give how often these messages were used."""
        return await self._db.read(lambda raw: uses(raw, message_ids))

    async def purge(self, now: datetime, limit: int = 500) -> int:
        """Delete up to `limit` rows of each kind that have had their time; give how many (call again until 0)."""
        return await self._db.write(lambda raw: purge(raw, now, limit))
