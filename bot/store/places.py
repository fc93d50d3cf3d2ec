"""Places: servers and people's DMs, with the settings that hold for all reading there."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.domain.answers import SettingChange
from bot.domain.places import Place, PlaceKind, SampleMode
from bot.store import setting_changes
from bot.store.database import Database
from bot.store.values import from_json_numbers, maybe_epoch, maybe_from_epoch, to_epoch, to_json

KEPT_AFTER_LEAVING = timedelta(days=30)


def place_from(row: sqlite3.Row, prefix: str = "") -> Place:
    """Read a place from a row whose columns carry `prefix`."""
    return Place(
        id=row[prefix + "id"],
        kind=PlaceKind(row[prefix + "kind"]),
        discord_id=row[prefix + "discord_id"],
        locale=row[prefix + "locale"],
        zone=row[prefix + "zone"],
        sample=SampleMode(row[prefix + "sample"]),
        public_channels=tuple(from_json_numbers(row[prefix + "public_channels"])),
        notices_channel=row[prefix + "notices_channel"],
        manager_role=row[prefix + "manager_role"],
        may_share=bool(row[prefix + "may_share"]),
        corrections=bool(row[prefix + "corrections"]),
        set_up_by=row[prefix + "set_up_by"],
        welcomed_at=maybe_from_epoch(row[prefix + "welcomed_at"]),
        left_at=maybe_from_epoch(row[prefix + "left_at"]),
    )


def find(connection: sqlite3.Connection, kind: PlaceKind, discord_id: int) -> Place | None:
    """Give the place of a guild or user id, if it is known."""
    row = connection.execute(
        "select * from place where kind = :kind and discord_id = :discord_id",
        {"kind": kind.value, "discord_id": discord_id},
    ).fetchone()
    return place_from(row) if row else None


def by_id(connection: sqlite3.Connection, place_id: int) -> Place | None:
    """Give a place by its own id."""
    row = connection.execute("select * from place where id = :id", {"id": place_id}).fetchone()
    return place_from(row) if row else None


def ensure(connection: sqlite3.Connection, kind: PlaceKind, discord_id: int, now: datetime) -> Place:
    """Give the place, made with default settings where it is new."""
    connection.execute(
        "insert into place(kind, discord_id, created_at) values(:kind, :discord_id, :now) "
        "on conflict(kind, discord_id) do nothing",
        {"kind": kind.value, "discord_id": discord_id, "now": to_epoch(now)},
    )
    found = find(connection, kind, discord_id)
    assert found is not None  # noqa: S101 - it was just inserted
    return found


def save(connection: sqlite3.Connection, place: Place) -> None:
    """Store every setting of the place."""
    connection.execute(
        "update place set locale = :locale, zone = :zone, sample = :sample, public_channels = :public_channels, "
        "notices_channel = :notices_channel, manager_role = :manager_role, may_share = :may_share, "
        "corrections = :corrections, set_up_by = :set_up_by, welcomed_at = :welcomed_at, left_at = :left_at "
        "where id = :id",
        {
            "id": place.id,
            "locale": place.locale,
            "zone": place.zone,
            "sample": place.sample.value,
            "public_channels": to_json(place.public_channels),
            "notices_channel": place.notices_channel,
            "manager_role": place.manager_role,
            "may_share": place.may_share,
            "corrections": place.corrections,
            "set_up_by": place.set_up_by,
            "welcomed_at": maybe_epoch(place.welcomed_at),
            "left_at": maybe_epoch(place.left_at),
        },
    )


def leave(connection: sqlite3.Connection, kind: PlaceKind, discord_id: int, now: datetime) -> None:
    """The bot was removed: nothing is posted any more, the settings stay for a while."""
    values = {"kind": kind.value, "discord_id": discord_id, "now": to_epoch(now)}
    connection.execute(
        "update place set left_at = coalesce(left_at, :now) where kind = :kind and discord_id = :discord_id", values
    )
    connection.execute(
        "update schedule set disabled_code = 'left', disabled_at = :now where disabled_code is null and place_id in "
        "(select id from place where kind = :kind and discord_id = :discord_id)",
        values,
    )


def come_back(connection: sqlite3.Connection, kind: PlaceKind, discord_id: int) -> bool:
    """The bot was let in again; say whether it had been away. Its briefings wait until a manager resumes them."""
    return bool(
        connection.execute(
            "update place set left_at = null where kind = :kind and discord_id = :discord_id and left_at is not null",
            {"kind": kind.value, "discord_id": discord_id},
        ).rowcount
    )


def roles_in_use(connection: sqlite3.Connection) -> tuple[tuple[int, int], ...]:
    """Give every role that the settings of a server name, as (guild id, role id)."""
    rows = connection.execute(
        "select discord_id, manager_role as role from place where kind = 'server' and manager_role is not null "
        "union select p.discord_id, json_extract(s.settings, '$.role_id') as role from schedule s "
        "join place p on p.id = s.place_id where p.kind = 'server' and role is not null"
    )
    return tuple((row["discord_id"], row["role"]) for row in rows)


def purge(connection: sqlite3.Connection, now: datetime, limit: int) -> int:
    """Delete places that were left more than 30 days ago, with all that belongs to them; give how many rows.

    What they were sent goes first, up to `limit` a time: a place takes thousands of rows with it.
    """
    values = {"oldest": to_epoch(now - KEPT_AFTER_LEAVING), "limit": limit, "places": max(1, limit // 20)}
    sent = connection.execute(
        "delete from delivery where id in (select d.id from place p join schedule s on s.place_id = p.id "
        "join delivery d on d.schedule_id = s.id where p.left_at < :oldest limit :limit)",
        values,
    ).rowcount
    if sent:
        return sent
    return connection.execute(
        "delete from place where id in (select id from place where left_at < :oldest limit :places)", values
    ).rowcount


def about_person(connection: sqlite3.Connection, user_id: int) -> list[dict[str, object]]:
    """Give every row of these tables that holds a user's id, for the privacy export."""
    found: list[dict[str, object]] = []
    for table, sql in _ABOUT:
        found += [{"table": table, **dict(row)} for row in connection.execute(sql, {"user": user_id})]
    return found


def forget_person(connection: sqlite3.Connection, user_id: int) -> None:
    """Delete a person's own place and schedules, and take their id off what they changed elsewhere."""
    for sql in _FORGET:
        connection.execute(sql, {"user": user_id})


_ABOUT = (
    ("place", "select * from place where (kind = 'person' and discord_id = :user) or set_up_by = :user"),
    (
        "schedule",
        """select s.id, s.channel_id, s.target, s.local_time, s.zone, s.weekdays, s.settings, s.changed_by, s.changed_at
        from schedule s join place p on p.id = s.place_id
        where (p.kind = 'person' and p.discord_id = :user) or s.changed_by = :user""",
    ),
    (
        "delivery",
        """select d.local_date, d.slot, d.state, d.due_at, d.sent_at from delivery d
        join schedule s on s.id = d.schedule_id join place p on p.id = s.place_id
        where p.kind = 'person' and p.discord_id = :user""",
    ),
    ("setting_change", "select * from setting_change where changed_by = :user"),
)
_FORGET = (
    "delete from place where kind = 'person' and discord_id = :user",
    "update place set set_up_by = null where set_up_by = :user",
    "update schedule set changed_by = null where changed_by = :user",
    "update setting_change set changed_by = null where changed_by = :user",
)


class Places:
    """What the rest of the program may ask of places."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def find(self, kind: PlaceKind, discord_id: int) -> Place | None:
        """Give the place of a guild or user id, if it is known."""
        return await self._db.read_kept(("place", kind, discord_id), lambda c: find(c, kind, discord_id))

    async def by_id(self, place_id: int) -> Place | None:
        """Give a place by its own id."""
        return await self._db.read(lambda c: by_id(c, place_id))

    async def servers(self) -> tuple[Place, ...]:
        """Give every server that is known, also those that were left."""
        rows = await self._db.read(lambda c: c.execute("select * from place where kind = 'server'").fetchall())
        return tuple(place_from(row) for row in rows)

    async def ensure(self, kind: PlaceKind, discord_id: int, now: datetime) -> Place:
        """Give the place, made with default settings where it is new."""
        found = await self.find(kind, discord_id)
        return found if found is not None else await self._db.write(lambda c: ensure(c, kind, discord_id, now))

    async def change(self, place_id: int, edit: Callable[[Place], Place], change: SettingChange | None = None) -> Place:
        """Change settings: `edit` gets the place as it is stored now and gives it as it shall be.

        `change` says who does; it is kept where the edit changes anything.
        """

        def work(connection: sqlite3.Connection) -> Place:
            known = by_id(connection, place_id)
            if known is None:
                raise KeyError(place_id)
            place = edit(known)
            if place != known:
                save(connection, place)
                if change is not None:
                    setting_changes.note(connection, place_id, change)
            return place

        return await self._db.write(work)

    async def roles_in_use(self) -> tuple[tuple[int, int], ...]:
        """Give every role that the settings of a server name, as (guild id, role id)."""
        return await self._db.read(roles_in_use)

    async def leave(self, kind: PlaceKind, discord_id: int, now: datetime) -> None:
        """Note that the bot was removed from a server, or may not write to a person any more."""
        await self._db.write(lambda c: leave(c, kind, discord_id, now))

    async def come_back(self, kind: PlaceKind, discord_id: int) -> bool:
        """Note that the bot is on a server again; say whether it had been away."""
        return await self._db.write(lambda c: come_back(c, kind, discord_id))

    async def purge(self, now: datetime, limit: int = 200) -> int:
        """Delete places that were left more than 30 days ago, in pieces; give how many rows (call again until 0)."""
        return await self._db.write(lambda c: purge(c, now, limit))
