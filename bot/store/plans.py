"""Plans: which dates have come, and the ledger rows written for them; *post now*, expiry, second chances."""

import sqlite3
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.domain.answers import SettingChange
from bot.domain.deliveries import DAILY, State
from bot.domain.due import Occurrence, expiry, occurrences
from bot.domain.places import Schedule
from bot.store.database import Database
from bot.store.schedules import SELECT, move, note_change, schedule_from
from bot.store.values import to_epoch

PLANNED_AT_ONCE = 100  # rows a transaction, so that a rush keeps nobody waiting
PURGED_AT_ONCE = 200
KEPT = timedelta(days=180)
TEXT_KEPT = timedelta(days=14)  # corrections are shown for two days


def insert(
    connection: sqlite3.Connection, schedule: Schedule, occurrence: Occurrence, now: datetime, slot: str = DAILY
) -> int | None:
    """Write a ledger row; None when that date and slot has one already."""
    cursor = connection.execute(
        "insert into delivery(schedule_id, local_date, slot, channel_id, due_at, expires_at, state, not_before, "
        "is_suspect, reason, created_at, updated_at) values(:schedule, :date, :slot, :channel, :due, :expires, "
        ":state, :not_before, :suspect, :reason, :now, :now) on conflict(schedule_id, local_date, slot) do nothing",
        {
            "schedule": schedule.id,
            "date": occurrence.local_date.isoformat(),
            "slot": slot,
            "channel": schedule.channel_id,
            "due": to_epoch(occurrence.due_at),
            "expires": to_epoch(occurrence.expires_at),
            "state": occurrence.state.value,
            "not_before": to_epoch(min(occurrence.due_at, now)),
            "suspect": schedule.fail_streak > 0,
            "reason": occurrence.reason,
            "now": to_epoch(now),
        },
    )
    return cursor.lastrowid if cursor.rowcount else None


def plan_due(connection: sqlite3.Connection, now: datetime, limit: int = PLANNED_AT_ONCE) -> int:
    """Write the ledger rows of schedules that have come due and move each on; give how many schedules."""
    rows = connection.execute(
        SELECT + "where s.enabled = 1 and s.disabled_code is null and s.next_due <= :now order by s.next_due "
        "limit :limit",
        {"now": to_epoch(now), "limit": limit},
    ).fetchall()
    for row in rows:
        schedule = schedule_from(row)
        found, firing = occurrences(schedule, now)
        for occurrence in found:
            insert(connection, schedule, occurrence, now)
        paused, skip = schedule.paused_until, schedule.skip_date
        move(
            connection,
            replace(
                schedule,
                next_due=firing.at,
                next_date=firing.local_date,
                paused_until=paused if paused and firing.local_date < paused else None,
                skip_date=skip if skip and firing.local_date <= skip else None,
            ),
        )
    return len(rows)


def expire(connection: sqlite3.Connection, now: datetime) -> int:
    """End what was never tried and is past its grace."""
    return connection.execute(
        "update delivery set state = 'expired', reason = case reason when '' then 'not-running' else reason end, "
        "lease_owner = null, lease_until = null, updated_at = :now "
        "where state in ('planned', 'sending') and expires_at <= :now and (lease_until is null or lease_until < :now) "
        "and not exists (select 1 from delivery_part where delivery_id = delivery.id and first_try_at is not null)",
        {"now": to_epoch(now)},
    ).rowcount


def post_now(connection: sqlite3.Connection, schedule: Schedule, day: date, by: int | None, now: datetime) -> int:
    """Plan a briefing for now, beside the daily one; asked twice within a second it is one."""
    slot = f"now-{to_epoch(now)}"
    occurrence = Occurrence(day, now, expiry(replace(schedule, grace_s=3600), now), State.PLANNED)
    made = insert(connection, schedule, occurrence, now, slot)
    if made is None:
        row = connection.execute(
            "select id from delivery where schedule_id = :id and local_date = :date and slot = :slot",
            {"id": schedule.id, "date": day.isoformat(), "slot": slot},
        ).fetchone()
        return int(row["id"])
    note_change(connection, schedule, SettingChange(now, "posted-now", by))
    return made


def purge(connection: sqlite3.Connection, now: datetime, limit: int) -> int:
    """Drop the texts of up to `limit` deliveries that ended weeks ago, then rows older than half a year; give how many.

    Half done, a row without its text is one that was sent: corrections are no longer shown in it.
    """
    values = {"oldest": to_epoch(now - KEPT), "old": to_epoch(now - TEXT_KEPT), "limit": limit}
    final = "state not in ('planned', 'sending')"
    texts = connection.execute(
        "update delivery set payload = null where id in (select id from delivery indexed by delivery_text "  # noqa: S608 - ours
        f"where due_at < :old and payload is not null and {final} limit :limit)",
        values,
    ).rowcount
    if texts:
        return texts
    return connection.execute(
        "delete from delivery where id in (select id from delivery indexed by delivery_due "  # noqa: S608 - ours
        f"where due_at < :oldest and {final} limit :limit)",
        values,
    ).rowcount


class Plans:
    """What the planner may ask of the ledger."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def plan_due(self, now: datetime, limit: int = PLANNED_AT_ONCE) -> int:
        """Plan up to `limit` schedules that have come due; give how many there were."""
        return await self._db.write(lambda c: plan_due(c, now, limit))

    async def expire(self, now: datetime) -> int:
        """End what was never tried and is past its grace; give how many."""
        return await self._db.write(lambda c: expire(c, now))

    async def post_now(self, schedule: Schedule, day: date, by: int | None, now: datetime) -> int:
        """Plan a briefing for now in its own slot; give the delivery's id."""
        return await self._db.write(lambda c: post_now(c, schedule, day, by, now))

    async def purge(self, now: datetime, limit: int = PURGED_AT_ONCE) -> int:
        """Let go of up to `limit` old rows and texts; give how many (call again until 0)."""
        return await self._db.write(lambda c: purge(c, now, limit))
