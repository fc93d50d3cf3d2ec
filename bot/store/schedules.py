"""Schedules: what is posted where and when, who changed it, and what must be told about it."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time

from bot.domain.answers import SettingChange
from bot.domain.due import FURTHEST, TZDATA_VERSION, timing_of
from bot.domain.places import Schedule, TargetKind
from bot.store import setting_changes
from bot.store.briefings import settings_from_json, settings_to_json
from bot.store.database import Database
from bot.store.places import place_from
from bot.store.values import from_epoch, maybe_epoch, maybe_from_epoch, to_epoch

_PLACE_COLUMNS = ", ".join(
    f"p.{name} as p_{name}"
    for name in (
        "id", "kind", "discord_id", "locale", "zone", "sample", "public_channels", "notices_channel", "manager_role",
        "may_share", "corrections", "set_up_by", "welcomed_at", "left_at",
    )
)  # fmt: skip
SELECT = f"select s.*, {_PLACE_COLUMNS} from schedule s join place p on p.id = s.place_id "  # noqa: S608 - our names

_LAST_ID = 2**63 - 1


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def schedule_from(row: sqlite3.Row) -> Schedule:
    """Read a schedule from a row of `schedule` joined with its place under `p_…`."""
    return Schedule(
        id=row["id"],
        key=row["key"],
        place=place_from(row, "p_"),
        channel_id=row["channel_id"],
        target=TargetKind(row["target"]),
        local_time=time.fromisoformat(row["local_time"]),
        zone=row["zone"],
        next_due=from_epoch(row["next_due"]),
        next_date=date.fromisoformat(row["next_date"]),
        weekdays=row["weekdays"],
        settings=settings_from_json(row["settings"]),
        enabled=bool(row["enabled"]),
        grace_s=row["grace_s"],
        paused_until=_day(row["paused_until"]),
        skip_date=_day(row["skip_date"]),
        fail_streak=row["fail_streak"],
        disabled_code=row["disabled_code"],
        changed_by=row["changed_by"],
        changed_at=maybe_from_epoch(row["changed_at"]),
    )


def _values(schedule: Schedule) -> dict[str, object]:
    return {
        "id": schedule.id,
        "key": schedule.key,
        "place": schedule.place.id,
        "channel": schedule.channel_id,
        "target": schedule.target.value,
        "local_time": schedule.local_time.strftime("%H:%M"),
        "zone": schedule.zone,
        "weekdays": schedule.weekdays,
        "settings": settings_to_json(schedule.settings),
        "enabled": schedule.enabled,
        "next_due": to_epoch(schedule.next_due),
        "next_date": schedule.next_date.isoformat(),
        "grace_s": schedule.grace_s,
        "paused_until": schedule.paused_until and schedule.paused_until.isoformat(),
        "skip_date": schedule.skip_date and schedule.skip_date.isoformat(),
        "fail_streak": schedule.fail_streak,
        "disabled_code": schedule.disabled_code,
        "changed_by": schedule.changed_by,
        "changed_at": maybe_epoch(schedule.changed_at),
    }


def get(connection: sqlite3.Connection, schedule_id: int) -> Schedule | None:
    """Give one schedule."""
    row = connection.execute(SELECT + "where s.id = :id", {"id": schedule_id}).fetchone()
    return schedule_from(row) if row else None


def add(connection: sqlite3.Connection, schedule: Schedule, now: datetime) -> Schedule:
    """Store a new schedule (its id is ignored) and give it as stored."""
    cursor = connection.execute(
        "insert into schedule(key, place_id, channel_id, target, local_time, zone, weekdays, settings, enabled, "
        "next_due, next_date, grace_s, paused_until, skip_date, changed_by, changed_at, created_at) "
        "values(:key, :place, :channel, :target, :local_time, :zone, :weekdays, :settings, :enabled, "
        ":next_due, :next_date, :grace_s, :paused_until, :skip_date, :changed_by, :changed_at, :now)",
        _values(schedule) | {"now": to_epoch(now)},
    )
    return replace(schedule, id=int(cursor.lastrowid or 0))


def save(connection: sqlite3.Connection, schedule: Schedule) -> None:
    """Store every part of a schedule that can change. A mended cause is no longer to be told."""
    connection.execute(
        "update schedule set channel_id = :channel, target = :target, local_time = :local_time, zone = :zone, "
        "weekdays = :weekdays, settings = :settings, enabled = :enabled, next_due = :next_due, "
        "next_date = :next_date, grace_s = :grace_s, paused_until = :paused_until, skip_date = :skip_date, "
        "fail_streak = :fail_streak, disabled_code = :disabled_code, "
        "told_cause = case when :fail_streak = 0 and :disabled_code is null then null else told_cause end, "
        "changed_by = :changed_by, changed_at = :changed_at where id = :id",
        _values(schedule),
    )


def _take_along(connection: sqlite3.Connection, schedule: Schedule) -> None:
    """Let what waits, or failed for its channel today, come to the new one; what was tried stays where it was."""
    connection.execute(
        "update delivery set channel_id = :channel, state = 'planned', reason = '', is_suspect = 0, updated_at = :now, "
        "not_before = case state when 'failed' then :now else not_before end "
        "where schedule_id = :id and expires_at > :now "
        "and (state = 'planned' or (state = 'failed' and reason in ('E01', 'gone'))) "
        "and not exists (select 1 from delivery_part where delivery_id = delivery.id and first_try_at is not null)",
        {"id": schedule.id, "channel": schedule.channel_id, "now": maybe_epoch(schedule.changed_at)},
    )


def note_change(connection: sqlite3.Connection, schedule: Schedule, change: SettingChange) -> None:
    """Keep who changed what of a schedule."""
    setting_changes.note(connection, schedule.place.id, change, schedule.id)


def dates_taken(connection: sqlite3.Connection, schedule_id: int) -> frozenset[date]:
    """Give the latest local dates that already have a row in the ledger."""
    rows = connection.execute(
        "select local_date from delivery where schedule_id = :id and slot = 'daily' order by due_at desc limit 20",
        {"id": schedule_id},
    )
    return frozenset(date.fromisoformat(row["local_date"]) for row in rows)


def move(connection: sqlite3.Connection, schedule: Schedule) -> None:
    """Store where the calendar of a schedule stands: next firing, and what of pause and skip is still ahead."""
    connection.execute(
        "update schedule set next_due = :next_due, next_date = :next_date, paused_until = :paused_until, "
        "skip_date = :skip_date where id = :id",
        _values(schedule),
    )


def move_ahead(connection: sqlite3.Connection, schedule: Schedule, now: datetime) -> None:
    """Let a schedule go on at the first firing ahead whose date has no ledger row."""
    firing = timing_of(schedule).ahead(now, dates_taken(connection, schedule.id))
    move(connection, replace(schedule, next_due=firing.at, next_date=firing.local_date))


def recompute(connection: sqlite3.Connection, version: str = TZDATA_VERSION) -> int:
    """Compute every next firing anew when the zone tables have changed; give how many moved.

    The local date stays, only its instant moves, so that no date is posted twice or left out.
    """
    row = connection.execute("select value from clock_meta where name = 'tzdata'").fetchone()
    if row is not None and row["value"] == version:
        return 0
    moved = 0
    for each in connection.execute(SELECT).fetchall():
        schedule = schedule_from(each)
        firing = next(timing_of(schedule).firings(schedule.next_date))
        if (firing.at, firing.local_date) != (schedule.next_due, schedule.next_date):
            move(connection, replace(schedule, next_due=firing.at, next_date=firing.local_date))
            moved += 1
    connection.execute(
        "insert into clock_meta(name, value) values('tzdata', :version) "
        "on conflict(name) do update set value = excluded.value",
        {"version": version},
    )
    return moved


def repair(connection: sqlite3.Connection, now: datetime) -> int:
    """Bring back every next firing that lies too far ahead (a clock was wrong once); give how many."""
    rows = connection.execute(SELECT + "where s.next_due > :limit", {"limit": to_epoch(now + FURTHEST)}).fetchall()
    for row in rows:
        move_ahead(connection, schedule_from(row), now)
    return len(rows)


Changes = SettingChange | tuple[SettingChange, ...]
Edit = Callable[[Schedule, frozenset[date]], tuple[Schedule, Changes]]


class Schedules:
    """What the rest of the program may ask of schedules."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, schedule_id: int) -> Schedule | None:
        """Give one schedule."""
        return await self._db.read(lambda c: get(c, schedule_id))

    async def of_place(self, place_id: int) -> tuple[Schedule, ...]:
        """Give every schedule of a place, oldest first."""
        return await self._list("where s.place_id = :place order by s.id", {"place": place_id})

    async def due_between(
        self, start: datetime, end: datetime, limit: int = 500, after: Schedule | None = None
    ) -> tuple[Schedule, ...]:
        """Give the schedules that fire after `start` and not after `end`, soonest first; a page, `after` its last."""
        since = (to_epoch(start), _LAST_ID) if after is None else (to_epoch(after.next_due), after.id)
        return await self._list(
            "where s.enabled = 1 and s.disabled_code is null and (s.next_due, s.id) > (:start, :id) "
            "and s.next_due <= :end order by s.next_due, s.id limit :limit",
            {"start": since[0], "id": since[1], "end": to_epoch(end), "limit": limit},
        )

    async def _list(self, where: str, values: dict[str, object]) -> tuple[Schedule, ...]:
        return await self._db.read(lambda c: tuple(schedule_from(row) for row in c.execute(SELECT + where, values)))

    async def add(self, schedule: Schedule, change: SettingChange) -> Schedule:
        """Store a new schedule (its id is ignored) and who made it; give it as stored."""

        def work(connection: sqlite3.Connection) -> Schedule:
            stored = add(connection, schedule, change.at)
            note_change(connection, stored, change)
            return stored

        return await self._db.write(work)

    async def change(self, schedule_id: int, edit: Edit) -> Schedule | None:
        """Change a schedule in one transaction, and note who changed what; None when it is gone.

        `edit` gets the schedule as stored now and the local dates that already have a ledger row.
        """

        def work(connection: sqlite3.Connection) -> Schedule | None:
            schedule = get(connection, schedule_id)
            if schedule is None:
                return None
            changed, changes = edit(schedule, dates_taken(connection, schedule_id))
            if changed != schedule:
                save(connection, changed)
            if (changed.channel_id, changed.target) != (schedule.channel_id, schedule.target):
                _take_along(connection, changed)
            for change in (changes,) if isinstance(changes, SettingChange) else changes:
                note_change(connection, changed, change)
            return changed

        return await self._db.write(work)

    async def changes(self, schedule_id: int, limit: int = 5) -> tuple[SettingChange, ...]:
        """Give the latest changes of one schedule, newest first."""
        return await self._db.read(lambda c: setting_changes.of_schedule(c, schedule_id, limit))

    async def next_due_at(self) -> datetime | None:
        """Give the instant of the next firing of all schedules."""
        row = await self._db.read(
            lambda c: c.execute(
                "select min(next_due) as at from schedule where enabled = 1 and disabled_code is null"
            ).fetchone()
        )
        return maybe_from_epoch(row["at"])

    async def put_in_order(self, now: datetime, version: str = TZDATA_VERSION) -> int:
        """At start: compute anew after a change of the zone tables, and repair what lies too far ahead."""
        return await self._db.write(lambda c: recompute(c, version) + repair(c, now))

    async def remove(self, schedule_id: int, place_id: int, change: SettingChange) -> None:
        """Delete a schedule with its deliveries, and note who did."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("delete from schedule where id = :id", {"id": schedule_id})
            setting_changes.note(connection, place_id, change)

        await self._db.write(work)
