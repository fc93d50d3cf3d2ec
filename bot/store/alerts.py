"""Alerts: matches on their way to people by DM, and what became of them."""

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.personal import Follow
from bot.domain.places import Place
from bot.store import followers, follows
from bot.store.database import Database
from bot.store.followers import Follower
from bot.store.places import place_from
from bot.store.values import from_epoch, to_epoch, to_json

KEPT = timedelta(days=30)
KEPT_FOR_BRIEFING = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Due:
    """An alert with all that decides whether it goes out now."""

    id: int
    user_id: int
    story_id: int
    is_growth: bool
    matched_at: datetime
    tries: int
    follow: Follow
    place: Place  # the person's
    follower: Follower
    channel_id: int | None = None
    message_id: int | None = None

    @property
    def nonce(self) -> str:
        """The same on every try, so that Discord makes one message of them."""
        return hashlib.blake2s(f"alert|{self.id}|{to_epoch(self.matched_at)}".encode(), digest_size=12).hexdigest()


_SELECT = "select * from alert "


def _due_from(raw: sqlite3.Connection, row: sqlite3.Row) -> Due:
    follow = raw.execute("select * from follow where id=:id", {"id": row["follow_id"]}).fetchone()
    place = raw.execute("select * from place where id=:id", {"id": follow["place_id"]}).fetchone()
    return Due(
        id=row["id"],
        user_id=row["user_id"],
        story_id=row["story_id"],
        is_growth=bool(row["is_growth"]),
        matched_at=from_epoch(row["matched_at"]),
        tries=row["tries"],
        follow=follows.follow_from(follow),
        place=place_from(place),
        follower=followers.get(raw, row["user_id"]),
        channel_id=row["channel_id"],
        message_id=row["message_id"],
    )


def due(raw: sqlite3.Connection, now: datetime, limit: int) -> tuple[Due, ...]:
    """Give alerts that may go out now, in the order in which they matched."""
    rows = raw.execute(
        _SELECT + "where state='waiting' and not_before<=:now order by id limit :limit",
        {"now": to_epoch(now), "limit": limit},
    ).fetchall()
    return tuple(_due_from(raw, row) for row in rows)


def undressed(raw: sqlite3.Connection, since: datetime, limit: int) -> tuple[Due, ...]:
    """Give alerts that were sent plain and whose controls are still to come."""
    rows = raw.execute(
        _SELECT + "where message_id is not null and dressed_at is null and sent_at>=:since order by id limit :limit",
        {"since": to_epoch(since), "limit": limit},
    ).fetchall()
    return tuple(_due_from(raw, row) for row in rows)


def sent_since(raw: sqlite3.Connection, user_id: int, since: datetime) -> int:
    """Count the alerts that a person got since an instant."""
    query = "select count(*) as n from alert where user_id=:user and sent_at>=:since"
    return int(raw.execute(query, {"user": user_id, "since": to_epoch(since)}).fetchone()["n"])


def held_back(raw: sqlite3.Connection, user_id: int, since: datetime) -> int:
    """Count what waits or was kept for a person since an instant."""
    row = raw.execute(
        "select count(*) as n from alert where user_id=:user and state in ('waiting', 'kept') and matched_at>=:since",
        {"user": user_id, "since": to_epoch(since)},
    ).fetchone()
    return int(row["n"])


def kept(raw: sqlite3.Connection, place_id: int, now: datetime) -> dict[int, datetime]:
    """Give the stories kept for a person's next own briefing, and when each matched."""
    rows = raw.execute(
        "select coalesce(s.merged_into, s.id) as id, max(x.matched_at) as at from alert x"
        " join follow f on f.id=x.follow_id join story s on s.id=x.story_id"
        " where f.place_id=:place and x.state='kept' and x.matched_at>=:since group by 1",
        {"place": place_id, "since": to_epoch(now - KEPT_FOR_BRIEFING)},
    )
    return {row["id"]: from_epoch(row["at"]) for row in rows}


def set_state(raw: sqlite3.Connection, alert_ids: Sequence[int], state: str) -> None:
    """Drop alerts, or keep them for the next own briefing."""
    raw.execute(
        "update alert set state=:state where id in (select value from json_each(:ids)) and state='waiting'",
        {"state": state, "ids": to_json(alert_ids)},
    )


class Alerts:
    """What the sender of alerts and the desk may ask."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def due(self, now: datetime, limit: int = 64) -> tuple[Due, ...]:
        """Give alerts that may go out now."""
        return await self._db.read(lambda raw: due(raw, now, limit))

    async def undressed(self, since: datetime, limit: int = 64) -> tuple[Due, ...]:
        """Give alerts whose controls are still to come."""
        return await self._db.read(lambda raw: undressed(raw, since, limit))

    async def sent_since(self, user_id: int, since: datetime) -> int:
        """Count the alerts that a person got since an instant."""
        return await self._db.read(lambda raw: sent_since(raw, user_id, since))

    async def held_back(self, user_id: int, since: datetime) -> int:
        """Count what waits or was kept for a person since an instant."""
        return await self._db.read(lambda raw: held_back(raw, user_id, since))

    async def kept(self, place_id: int, now: datetime) -> dict[int, datetime]:
        """Give the stories kept for a person's next own briefing."""
        return await self._db.read(lambda raw: kept(raw, place_id, now))

    async def keep(self, *alert_ids: int) -> None:
        """Keep alerts for the next own briefing: the day's cap is reached."""
        await self._db.write(lambda raw: set_state(raw, alert_ids, "kept"))

    async def drop(self, *alert_ids: int) -> None:
        """Drop alerts: stale, no longer to be seen, or not to be sent."""
        await self._db.write(lambda raw: set_state(raw, alert_ids, "dropped"))

    async def postpone(self, alert_id: int, until: datetime, *, tries: int = 0) -> None:
        """Let an alert wait; `tries` were made just now."""
        values = {"id": alert_id, "until": to_epoch(until) + 1, "tries": tries}
        query = "update alert set not_before=:until, tries=tries+:tries where id=:id"
        await self._db.write(lambda raw: raw.execute(query, values))

    async def sent(self, alert_id: int, channel_id: int, message_id: int, now: datetime) -> None:
        """Note where an alert arrived."""
        values = {"id": alert_id, "channel": channel_id, "message": message_id, "now": to_epoch(now)}
        query = "update alert set state='sent', sent_at=:now, channel_id=:channel, message_id=:message where id=:id"
        await self._db.write(lambda raw: raw.execute(query, values))

    async def dressed(self, alert_id: int, now: datetime) -> None:
        """Note that an alert has its controls, or never will."""
        values = {"id": alert_id, "now": to_epoch(now)}
        await self._db.write(lambda raw: raw.execute("update alert set dressed_at=:now where id=:id", values))

    async def purge(self, now: datetime, limit: int = 500) -> int:
        """Delete up to `limit` alerts older than a month; give how many (call again until 0)."""
        values = {"before": to_epoch(now - KEPT), "limit": limit}
        query = "delete from alert where id in (select id from alert where matched_at<:before limit :limit)"
        return await self._db.write(lambda raw: raw.execute(query, values).rowcount)
