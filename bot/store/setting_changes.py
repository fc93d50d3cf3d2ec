"""Who changed what in a place, when: of the whole place, or of one of its schedules. Rows go after half a year."""

import sqlite3
from datetime import datetime, timedelta

from bot.domain.answers import SettingChange
from bot.store.database import Database
from bot.store.values import from_epoch, to_epoch

KEPT = timedelta(days=183)
_MOST_DETAIL = 200  # characters


def note(raw: sqlite3.Connection, place_id: int, change: SettingChange, schedule_id: int | None = None) -> None:
    """Keep who changed what; in the same transaction as the change itself."""
    raw.execute(
        "insert into setting_change(place_id, schedule_id, what, detail, changed_by, at)"
        " values(:place, :schedule, :what, :detail, :by, :at)",
        {
            "place": place_id,
            "schedule": schedule_id,
            "what": change.what,
            "detail": change.detail[:_MOST_DETAIL],
            "by": change.by,
            "at": to_epoch(change.at),
        },
    )


def of_place(raw: sqlite3.Connection, place_id: int, limit: int, offset: int = 0) -> tuple[SettingChange, ...]:
    """Give the latest changes of a place and its schedules, the newest first."""
    where = "where c.place_id=:place order by c.at desc, c.id desc limit :limit offset :offset"
    return _read(raw, where, {"place": place_id, "limit": limit, "offset": offset})


def of_schedule(raw: sqlite3.Connection, schedule_id: int, limit: int) -> tuple[SettingChange, ...]:
    """Give the latest changes of one schedule, the newest first."""
    where = "where c.schedule_id=:schedule order by c.at desc, c.id desc limit :limit"
    return _read(raw, where, {"schedule": schedule_id, "limit": limit})


def _read(raw: sqlite3.Connection, where: str, values: dict[str, int]) -> tuple[SettingChange, ...]:
    rows = raw.execute(
        "select c.*, case when s.id is not null then coalesce(json_extract(s.settings, '$.name'), '') end as briefing"  # noqa: S608 - constants
        f" from setting_change c left join schedule s on s.id=c.schedule_id {where}",
        values,
    )
    return tuple(
        SettingChange(from_epoch(row["at"]), row["what"], row["changed_by"], row["detail"], row["briefing"])
        for row in rows
    )


def count(raw: sqlite3.Connection, place_id: int) -> int:
    """Count the changes that are kept."""
    query = "select count(*) as n from setting_change where place_id=:place"
    return int(raw.execute(query, {"place": place_id}).fetchone()["n"])


def purge(raw: sqlite3.Connection, now: datetime, limit: int) -> int:
    """Let go of up to `limit` changes that have had their time; give how many."""
    return raw.execute(
        "delete from setting_change where id in (select id from setting_change where at<:before limit :limit)",
        {"before": to_epoch(now - KEPT), "limit": limit},
    ).rowcount


class SettingChanges:
    """What the desk may ask of the record of changes."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of_place(self, place_id: int, limit: int, offset: int = 0) -> tuple[SettingChange, ...]:
        """Give the latest changes of a place and its schedules, the newest first."""
        return await self._db.read(lambda raw: of_place(raw, place_id, limit, offset))

    async def count(self, place_id: int) -> int:
        """Count the changes that are kept."""
        return await self._db.read(lambda raw: count(raw, place_id))

    async def purge(self, now: datetime, limit: int = 500) -> int:
        """Let go of up to `limit` changes that have had their time; give how many (call again until 0)."""
        return await self._db.write(lambda raw: purge(raw, now, limit))
