"""Editions, read back from the ledger: what a schedule has shown, and what was posted on which day."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.deliveries import State
from bot.domain.places import PlaceKind
from bot.store.database import Database
from bot.store.ledger import jump_url
from bot.store.values import from_epoch, maybe_from_epoch, to_epoch, to_json


@dataclass(frozen=True, slots=True)
class Posted:
    """A briefing that was posted: where, when, and of which stories (id, whether it led), in order."""

    delivery_id: int
    schedule_id: int
    local_date: date
    name: str
    made_at: datetime
    sent_at: datetime | None
    url: str | None
    stories: tuple[tuple[int, bool], ...] = ()


def shown(raw: sqlite3.Connection, schedule_id: int, since: datetime) -> tuple[dict[int, datetime], datetime | None]:
    """Give when each story was last put into a schedule's briefings, by the id it lives under now, and the last time.

    The instant is when the briefing was planned: what came in while it was on its way is still new.
    """
    values = {"schedule": schedule_id, "since": to_epoch(since), "sent": State.SENT.value}
    rows = raw.execute(
        "select coalesce(t.merged_into, x.story_id) as id, max(d.created_at) as at from delivery d"
        " join delivery_story x on x.delivery_id=d.id left join story t on t.id=x.story_id"
        " where d.schedule_id=:schedule and d.state=:sent and d.due_at>:since group by 1",
        values,
    )
    last = raw.execute(
        "select max(created_at) as at from delivery where schedule_id=:schedule and state=:sent", values
    ).fetchone()
    return {row["id"]: from_epoch(row["at"]) for row in rows}, maybe_from_epoch(last["at"])


def posted(
    raw: sqlite3.Connection,
    place_id: int,
    *,
    schedule_id: int | None = None,
    on: date | None = None,
    hidden: Collection[int] = (),
    limit: int = 25,
) -> tuple[Posted, ...]:
    """Give the briefings posted in a place, the latest first, perhaps of one schedule or local date only.

    Those of the `hidden` schedules are left out.
    """
    rows = raw.execute(
        "select d.id, d.schedule_id, d.local_date, d.channel_id, d.created_at, d.sent_at, p.kind, p.discord_id,"
        " json_extract(s.settings, '$.name') as name,"
        " (select message_id from delivery_part m where m.delivery_id=d.id and m.part=0) as message_id"
        " from delivery d join schedule s on s.id=d.schedule_id join place p on p.id=s.place_id"
        " where s.place_id=:place and d.state=:sent and (:schedule is null or s.id=:schedule)"
        " and (:on is null or d.local_date=:on) and s.id not in (select value from json_each(:hidden))"
        " order by d.sent_at desc, d.id desc limit :limit",
        {
            "place": place_id,
            "sent": State.SENT.value,
            "schedule": schedule_id,
            "on": on.isoformat() if on else None,
            "hidden": to_json(list(hidden)),
            "limit": limit,
        },
    ).fetchall()
    return tuple(_posted_from(raw, row) for row in rows)


def _posted_from(raw: sqlite3.Connection, row: sqlite3.Row) -> Posted:
    stories = raw.execute(
        "select coalesce(t.merged_into, x.story_id) as id, x.is_lead from delivery_story x"
        " left join story t on t.id=x.story_id where x.delivery_id=:id order by x.position",
        {"id": row["id"]},
    )
    kind, message_id = PlaceKind(row["kind"]), row["message_id"]
    return Posted(
        delivery_id=row["id"],
        schedule_id=row["schedule_id"],
        local_date=date.fromisoformat(row["local_date"]),
        name=row["name"] or "",
        made_at=from_epoch(row["created_at"]),
        sent_at=maybe_from_epoch(row["sent_at"]),
        url=jump_url(kind, row["discord_id"], row["channel_id"], message_id) if message_id else None,
        stories=tuple((story["id"], bool(story["is_lead"])) for story in stories),
    )


class Editions:
    """What briefings have shown, for the next edition and for those who ask for an earlier one."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def shown(self, schedule_id: int, since: datetime) -> tuple[dict[int, datetime], datetime | None]:
        """Give when each story was last put into a schedule's briefings, and when the last one was made."""
        return await self._db.read(lambda raw: shown(raw, schedule_id, since))

    async def posted(
        self,
        place_id: int,
        *,
        schedule_id: int | None = None,
        on: date | None = None,
        hidden: Collection[int] = (),
        limit: int = 25,
    ) -> tuple[Posted, ...]:
        """Give the briefings posted in a place, the latest first, but for those of `hidden` schedules."""
        return await self._db.read(
            lambda raw: posted(raw, place_id, schedule_id=schedule_id, on=on, hidden=hidden, limit=limit)
        )
