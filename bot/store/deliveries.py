"""Deliveries: the ledger that makes a briefing arrive once. Claim, freeze, try, mark, finish.

A row is claimed with a lease and a fence; every later write names both, so that a process that lost its lease
(it was stopped, and another took over) writes nothing more. No try goes out before its row is committed here.
"""

import secrets
import sqlite3
from contextlib import closing
from datetime import date, datetime, timedelta

from bot.domain.deliveries import Delivery, Notice, Part, Shown, State, nonce
from bot.store.database import Database
from bot.store.notices import note_trouble
from bot.store.schedules import get
from bot.store.values import from_epoch, maybe_from_epoch, to_epoch

LEASE = timedelta(seconds=90)  # longer than the longest request


def _part_from(row: sqlite3.Row) -> Part:
    return Part(
        number=row["part"],
        nonce=row["nonce"],
        first_try_at=maybe_from_epoch(row["first_try_at"]),
        last_try_at=maybe_from_epoch(row["last_try_at"]),
        message_id=row["message_id"],
        dressed_at=maybe_from_epoch(row["dressed_at"]),
        dress_error=row["dress_error"],
    )


def delivery_from(connection: sqlite3.Connection, row: sqlite3.Row) -> Delivery:
    """Read a delivery with its schedule and its parts."""
    schedule = get(connection, row["schedule_id"])
    assert schedule is not None  # noqa: S101 - a foreign key holds it
    parts = connection.execute(
        "select * from delivery_part where delivery_id = :id order by part", {"id": row["id"]}
    ).fetchall()
    return Delivery(
        id=row["id"],
        schedule=schedule,
        local_date=date.fromisoformat(row["local_date"]),
        slot=row["slot"],
        channel_id=row["channel_id"],
        due_at=from_epoch(row["due_at"]),
        expires_at=from_epoch(row["expires_at"]),
        state=State(row["state"]),
        attempts=row["attempts"],
        fence=row["fence"],
        payload=row["payload"],
        parts=tuple(_part_from(part) for part in parts),
        planned_at=from_epoch(row["created_at"]),
        sent_at=maybe_from_epoch(row["sent_at"]),
        reason=row["reason"],
    )


def claim(connection: sqlite3.Connection, me: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """Take up to `limit` ready rows for `me`, healthy schedules first; each gets a new fence."""
    rows = connection.execute(
        "update delivery set state = 'sending', lease_owner = :me, lease_until = :until, attempts = attempts + 1, "
        "fence = fence + 1, updated_at = :now where id in (select id from delivery indexed by delivery_ready "
        "where state in ('planned', 'sending') and not_before <= :now and (lease_until is null or lease_until < :now) "
        "order by is_suspect, not_before limit :limit) returning *",
        {"me": me, "now": to_epoch(now), "until": to_epoch(now + LEASE), "limit": limit},
    ).fetchall()
    return tuple(delivery_from(connection, row) for row in sorted(rows, key=lambda row: (row["not_before"], row["id"])))


def _holds(connection: sqlite3.Connection, delivery: Delivery, me: str, sets: str, values: dict[str, object]) -> bool:
    """Update the row if `me` still holds it under this fence."""
    cursor = connection.execute(
        f"update delivery set {sets} where id = :id and lease_owner = :me and fence = :fence",  # noqa: S608 - ours
        values | {"id": delivery.id, "me": me, "fence": delivery.fence},
    )
    return cursor.rowcount == 1


def freeze(
    connection: sqlite3.Connection,
    delivery: Delivery,
    me: str,
    *,
    payload: str,
    shown: tuple[Shown, ...],
    parts: int,
    now: datetime,
) -> bool:
    """Keep what is going to be sent: the payload, its parts' nonces, and the stories it shows."""
    held = _holds(
        connection, delivery, me, "payload = :payload, updated_at = :now", {"payload": payload, "now": to_epoch(now)}
    )
    if not held:
        return False
    key = delivery.schedule.key
    connection.executemany(
        "insert into delivery_part(delivery_id, part, nonce) values(:id, :part, :nonce) on conflict do nothing",
        [
            {"id": delivery.id, "part": part, "nonce": nonce(key, delivery.local_date, delivery.slot, part)}
            for part in range(parts)
        ],
    )
    connection.execute("delete from delivery_story where delivery_id = :id", {"id": delivery.id})
    connection.executemany(
        "insert into delivery_story(delivery_id, position, story_id, article_id, headline, is_lead) "
        "values(:id, :position, :story, :article, :headline, :lead)",
        [
            {
                "id": delivery.id,
                "position": position,
                "story": each.story_id,
                "article": each.article_id,
                "headline": each.headline,
                "lead": each.is_lead,
            }
            for position, each in enumerate(shown)
        ],
    )
    return True


def record_try(connection: sqlite3.Connection, delivery: Delivery, me: str, part: int, now: datetime) -> bool:
    """Commit the intent to send a part, and renew the lease; False when another process has the row."""
    values: dict[str, object] = {"until": to_epoch(now + LEASE), "now": to_epoch(now)}
    if not _holds(connection, delivery, me, "lease_until = :until, updated_at = :now", values):
        return False
    connection.execute(
        "update delivery_part set first_try_at = coalesce(first_try_at, :now), last_try_at = :now "
        "where delivery_id = :id and part = :part",
        {"now": to_epoch(now), "id": delivery.id, "part": part},
    )
    return True


def mark_sent(
    connection: sqlite3.Connection,
    delivery: Delivery,
    me: str,
    part: int,
    *,
    message_id: int,
    channel_id: int,
    now: datetime,
) -> bool:
    """Keep a part's message id; with the last part the delivery is sent. Give whether the row was still ours."""
    values: dict[str, object] = {"now": to_epoch(now), "channel": channel_id}
    if not _holds(connection, delivery, me, "channel_id = :channel, updated_at = :now", values):
        return False
    connection.execute(
        "update delivery_part set message_id = :message, first_try_at = coalesce(first_try_at, :now) "
        "where delivery_id = :id and part = :part",
        {"message": message_id, "id": delivery.id, "part": part, "now": to_epoch(now)},
    )
    left: int = connection.execute(
        "select count(*) from delivery_part where delivery_id = :id and message_id is null", {"id": delivery.id}
    ).fetchone()[0]
    if left == 0:
        sets = "state = 'sent', sent_at = :now, reason = '', error_code = null, lease_owner = null, lease_until = null"
        _holds(connection, delivery, me, sets, {"now": to_epoch(now)})
        connection.execute(
            "update schedule set fail_streak = 0, told_cause = null, told_at = null "
            "where id = :id and (fail_streak > 0 or told_cause is not null)",
            {"id": delivery.schedule.id},
        )
    return True


def put_back(
    connection: sqlite3.Connection,
    delivery: Delivery,
    me: str,
    not_before: datetime,
    now: datetime,
    *,
    reason: str = "",
    spends_attempt: bool = True,
) -> bool:
    """Give the row back to be tried again not before an instant."""
    sets = (
        "state = 'planned', not_before = :not_before, reason = :reason, attempts = attempts - :unspent, "
        "lease_owner = null, lease_until = null, updated_at = :now"
    )
    values: dict[str, object] = {
        "not_before": to_epoch(not_before),
        "reason": reason,
        "unspent": not spends_attempt,
        "now": to_epoch(now),
    }
    return _holds(connection, delivery, me, sets, values)


def finish(
    connection: sqlite3.Connection,
    delivery: Delivery,
    me: str,
    state: State,
    now: datetime,
    *,
    reason: str = "",
    error_code: int | None = None,
    notice: Notice | None = None,
) -> bool:
    """End a delivery without (all of) its parts being sent; the reason is shown in the status.

    A `notice` is kept in the same transaction; it counts as a failed day of the schedule.
    """
    sets = (
        "state = :state, reason = :reason, error_code = :code, lease_owner = null, lease_until = null, "
        "updated_at = :now"
    )
    values: dict[str, object] = {"state": state.value, "reason": reason, "code": error_code, "now": to_epoch(now)}
    held = _holds(connection, delivery, me, sets, values)
    if held and notice is not None:
        note_trouble(connection, notice, now, is_failure=not delivery.is_manual)
    return held


_READY = """select not_before, max(not_before, coalesce(lease_until, 0)) as ready_at from delivery
 indexed by delivery_ready where state in ('planned', 'sending') and is_suspect = :suspect order by not_before"""


def next_ready_at(connection: sqlite3.Connection) -> datetime | None:
    """Give when the next row may be claimed, leases regarded; None when nothing waits.

    It looks from the earliest on, and only until a later one can't be ready sooner: past those that are leased.
    """
    soonest: int | None = None
    for suspect in (0, 1):
        with closing(connection.execute(_READY, {"suspect": suspect})) as rows:
            for row in rows:
                if soonest is not None and row["not_before"] >= soonest:
                    break
                soonest = row["ready_at"] if soonest is None else min(soonest, row["ready_at"])
    return maybe_from_epoch(soonest)


class Deliveries:
    """The ledger, for the outbox. Leases name this process by a random word."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._me = secrets.token_hex(6)

    async def claim(self, now: datetime, limit: int = 1) -> tuple[Delivery, ...]:
        """Take up to `limit` rows that are ready."""
        return await self._db.write(lambda c: claim(c, self._me, now, limit))

    async def freeze(
        self,
        delivery: Delivery,
        payload: str,
        shown: tuple[Shown, ...],
        parts: int,
        now: datetime,
        *,
        trying: int | None = None,
    ) -> bool:
        """Keep what is going to be sent, and with `trying` that this part is sent next; False: another has the row."""

        def work(connection: sqlite3.Connection) -> bool:
            kept = freeze(connection, delivery, self._me, payload=payload, shown=shown, parts=parts, now=now)
            return kept and (trying is None or record_try(connection, delivery, self._me, trying, now))

        return await self._db.write(work)

    async def record_try(self, delivery: Delivery, part: int, now: datetime) -> bool:
        """Commit the intent to send a part; False when another process has the row."""
        return await self._db.write(lambda c: record_try(c, delivery, self._me, part, now))

    async def mark_sent(self, delivery: Delivery, part: int, message_id: int, channel_id: int, now: datetime) -> bool:
        """Keep a part's message id; False when another process has the row."""
        return await self._db.write(
            lambda c: mark_sent(c, delivery, self._me, part, message_id=message_id, channel_id=channel_id, now=now)
        )

    async def put_back(
        self, delivery: Delivery, not_before: datetime, now: datetime, *, reason: str = "", spends_attempt: bool = True
    ) -> bool:
        """Give the row back to be tried again."""
        return await self._db.write(
            lambda c: put_back(c, delivery, self._me, not_before, now, reason=reason, spends_attempt=spends_attempt)
        )

    async def finish(
        self,
        delivery: Delivery,
        state: State,
        now: datetime,
        *,
        reason: str = "",
        error_code: int | None = None,
        notice: Notice | None = None,
    ) -> bool:
        """End a delivery without all of its parts being sent, and keep what must be told about it."""
        return await self._db.write(
            lambda c: finish(c, delivery, self._me, state, now, reason=reason, error_code=error_code, notice=notice)
        )

    async def next_ready_at(self) -> datetime | None:
        """Give when the next row may be claimed; None when nothing waits."""
        return await self._db.read(next_ready_at)

    async def release(self, *, everyone: bool = False) -> int:
        """Give back every lease of ours; at the start of the only process, everyone's. A crash spends no attempt."""
        owner = "1 = 1" if everyone else "lease_owner = :me"
        sql = (
            "update delivery set state = 'planned', lease_owner = null, lease_until = null, attempts = attempts - 1 "  # noqa: S608 - ours
            f"where state = 'sending' and {owner}"
        )
        return await self._db.write(lambda c: c.execute(sql, {"me": self._me}).rowcount)
