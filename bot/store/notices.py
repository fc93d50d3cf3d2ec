"""Notices: causes that a manager must know, each told once, kept until they were told."""

import sqlite3
from datetime import date, datetime

from bot.domain.answers import SettingChange
from bot.domain.deliveries import Notice
from bot.domain.places import Schedule
from bot.errors import Code
from bot.store.database import Database
from bot.store.schedules import SELECT, get, move_ahead, note_change, schedule_from
from bot.store.values import from_json, to_epoch, to_json

_HEALABLE = {Code.CANNOT_POST.value, "gone"}  # what the cache can tell to be mended
_REFUSALS = {Code.CANNOT_POST.value, Code.DM_CLOSED.value}
DISABLED_AFTER = 3  # days in a row of refusals; what became of no try is no reason


def note_trouble(connection: sqlite3.Connection, notice: Notice, now: datetime, *, is_failure: bool) -> bool:
    """Keep a cause that a manager must know; give whether it is news.

    With `is_failure` a refusal lets the schedule's streak grow; the third in a row, or `notice.is_off`, turns it off.
    """
    schedule_id = notice.schedule.id
    row = connection.execute("select * from schedule where id = :id", {"id": schedule_id}).fetchone()
    if row is None:
        return False
    streak = row["fail_streak"] + (is_failure and notice.cause in _REFUSALS)
    is_off = notice.is_off or (is_failure and streak >= DISABLED_AFTER)
    goes_off = is_off and row["disabled_code"] is None
    is_news = row["told_cause"] != notice.cause or goes_off
    connection.execute(
        "update schedule set fail_streak = :streak, told_cause = :cause, "
        "disabled_code = case when :off then coalesce(disabled_code, :cause) else disabled_code end, "
        "disabled_at = case when :off then coalesce(disabled_at, :now) else disabled_at end, "
        "told_date = case when :news then :date else told_date end, "
        "told_missing = case when :news then :missing else told_missing end, "
        "told_at = case when :news then null else told_at end where id = :id",
        {
            "streak": streak,
            "cause": notice.cause,
            "off": is_off,
            "now": to_epoch(now),
            "news": is_news,
            "date": notice.local_date and notice.local_date.isoformat(),
            "missing": to_json(notice.missing),
            "id": schedule_id,
        },
    )
    if goes_off:
        note_change(connection, notice.schedule, SettingChange(now, "stopped", None, notice.cause))
    return is_news


def untold(connection: sqlite3.Connection, limit: int) -> tuple[Notice, ...]:
    """Give the notices that nobody got yet."""
    rows = connection.execute(
        SELECT + "where s.told_cause is not null and s.told_at is null and p.left_at is null "
        "order by s.id limit :limit",
        {"limit": limit},
    ).fetchall()
    return tuple(
        Notice(
            place=schedule_from(row).place,
            schedule=schedule_from(row),
            cause=row["told_cause"],
            missing=tuple(from_json(row["told_missing"])),
            local_date=date.fromisoformat(row["told_date"]) if row["told_date"] else None,
            is_off=row["disabled_code"] is not None,
        )
        for row in rows
    )


def heal(connection: sqlite3.Connection, schedule_id: int, now: datetime) -> bool:
    """The cause is gone: post what failed within its grace, or go on at the next time. Give whether it was news."""
    schedule = get(connection, schedule_id)
    row = connection.execute("select told_cause from schedule where id = :id", {"id": schedule_id}).fetchone()
    if schedule is None or not _HEALABLE & {row["told_cause"], schedule.disabled_code}:
        return False
    connection.execute(
        "update schedule set fail_streak = 0, disabled_code = null, disabled_at = null, told_cause = null, "
        "told_at = null where id = :id",
        {"id": schedule_id},
    )
    connection.execute(
        "update delivery set state = 'planned', not_before = :now, reason = '', is_suspect = 0, updated_at = :now "
        "where schedule_id = :id and state = 'failed' and expires_at > :now",
        {"id": schedule_id, "now": to_epoch(now)},
    )
    if schedule.disabled_code is not None:
        move_ahead(connection, schedule, now)
    note_change(connection, schedule, SettingChange(now, "healed"))
    return True


def troubled(connection: sqlite3.Connection) -> tuple[Schedule, ...]:
    """Give the schedules that may be healed once their cause is gone."""
    rows = connection.execute(
        SELECT + "where s.enabled = 1 and (s.told_cause in ('E01', 'gone') or s.disabled_code in ('E01', 'gone'))"
    ).fetchall()
    return tuple(schedule_from(row) for row in rows)


class Notices:
    """Causes that managers must know, each told once."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def note(self, notice: Notice, now: datetime, *, is_failure: bool) -> bool:
        """Keep a cause; give whether it is news."""
        return await self._db.write(lambda c: note_trouble(c, notice, now, is_failure=is_failure))

    async def untold(self, limit: int = 20) -> tuple[Notice, ...]:
        """Give the notices that nobody got yet."""
        return await self._db.read(lambda c: untold(c, limit))

    async def told(self, schedule_id: int, now: datetime) -> None:
        """Note that a notice went out, or that there is nobody to tell."""
        await self._db.write(
            lambda c: c.execute(
                "update schedule set told_at = :now where id = :id", {"id": schedule_id, "now": to_epoch(now)}
            )
        )

    async def heal(self, schedule_id: int, now: datetime) -> bool:
        """The cause is gone: go on; give whether anything was wrong."""
        return await self._db.write(lambda c: heal(c, schedule_id, now))

    async def troubled(self) -> tuple[Schedule, ...]:
        """Give the schedules that may be healed once their cause is gone."""
        return await self._db.read(troubled)
