"""The ledger, read: what was posted where, for the status, for "no repeat", and what is still to be dressed."""

import sqlite3
from datetime import date, datetime, timedelta

from bot.domain.answers import DeliveryRecord
from bot.domain.deliveries import Delivery, Part
from bot.domain.places import PlaceKind, Schedule
from bot.store.database import Database
from bot.store.deliveries import delivery_from
from bot.store.values import from_epoch, maybe_from_epoch, to_epoch

DRESS_FOR = timedelta(hours=1)  # beyond expiry; then the plain message stands


def jump_url(place_kind: PlaceKind, guild_id: int, channel_id: int, message_id: int) -> str:
    """Give the address that opens a message in Discord."""
    where = "@me" if place_kind is PlaceKind.PERSON else str(guild_id)
    return f"https://discord.com/channels/{where}/{channel_id}/{message_id}"


def undressed(connection: sqlite3.Connection, now: datetime, limit: int) -> tuple[tuple[Delivery, Part], ...]:
    """Give the sent messages that are still plain and may still be dressed, the first planned first."""
    rows = connection.execute(
        "select d.*, p.part as part_number from delivery_part p indexed by part_undressed "
        "join delivery d on d.id = p.delivery_id "
        "where p.message_id is not null and p.dressed_at is null and p.dress_error is null "
        "and d.state = 'sent' and d.expires_at > :oldest order by p.delivery_id, p.part limit :limit",
        {"oldest": to_epoch(now - DRESS_FOR), "limit": limit},
    ).fetchall()
    found = []
    for row in rows:
        delivery = delivery_from(connection, row)
        found.append((delivery, next(part for part in delivery.parts if part.number == row["part_number"])))
    return tuple(found)


def settle_dress(connection: sqlite3.Connection, delivery_id: int, part: int, at: datetime, error: str | None) -> None:
    """Note that a message was dressed, or why it stays plain."""
    connection.execute(
        "update delivery_part set dressed_at = case when :error is null then :at end, dress_error = :error "
        "where delivery_id = :id and part = :part",
        {"at": to_epoch(at), "error": error, "id": delivery_id, "part": part},
    )


def recent(connection: sqlite3.Connection, schedule: Schedule, limit: int) -> tuple[DeliveryRecord, ...]:
    """Give the last deliveries of a schedule, newest first, with jump links."""
    rows = connection.execute(
        "select d.*, p.message_id, coalesce(u.opens, 0) as opens, coalesce(u.shares, 0) as shares from delivery d "
        "left join delivery_part p on p.delivery_id = d.id and p.part = 0 "
        "left join message_use u on u.message_id = p.message_id "
        "where d.schedule_id = :id order by d.due_at desc, d.id desc limit :limit",
        {"id": schedule.id, "limit": limit},
    ).fetchall()
    place = schedule.place
    return tuple(
        DeliveryRecord(
            local_date=date.fromisoformat(row["local_date"]),
            state=row["state"],
            due_at=from_epoch(row["due_at"]),
            sent_at=maybe_from_epoch(row["sent_at"]),
            url=jump_url(place.kind, place.discord_id, row["channel_id"], row["message_id"])
            if row["message_id"]
            else None,
            reason=row["reason"],
            opens=row["opens"],
            shares=row["shares"],
        )
        for row in rows
    )


def last_shown(connection: sqlite3.Connection, place_id: int, since: datetime) -> dict[int, datetime]:
    """Give when each story was last shown in a place's briefings, by story id."""
    rows = connection.execute(
        "select x.story_id, max(d.sent_at) as at from delivery d join schedule s on s.id = d.schedule_id "
        "join delivery_story x on x.delivery_id = d.id "
        "where s.place_id = :place and d.state = 'sent' and d.due_at > :since group by x.story_id",
        {"place": place_id, "since": to_epoch(since)},
    )
    return {row["story_id"]: from_epoch(row["at"]) for row in rows}


class Ledger:
    """What the dresser, the status and the editions may ask of the ledger."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def undressed(self, now: datetime, limit: int = 20) -> tuple[tuple[Delivery, Part], ...]:
        """Give the sent messages that are still plain, oldest first."""
        return await self._db.read(lambda c: undressed(c, now, limit))

    async def settle_dress(self, delivery_id: int, part: int, at: datetime, error: str | None = None) -> None:
        """Note that a message was dressed, or why it stays plain."""
        await self._db.write(lambda c: settle_dress(c, delivery_id, part, at, error))

    async def recent(self, schedule: Schedule, limit: int = 5) -> tuple[DeliveryRecord, ...]:
        """Give the last deliveries of a schedule, newest first."""
        return await self._db.read(lambda c: recent(c, schedule, limit))

    async def last_shown(self, place_id: int, since: datetime) -> dict[int, datetime]:
        """Give when each story was last shown in a place's briefings."""
        return await self._db.read(lambda c: last_shown(c, place_id, since))
