"""Corrections: what briefings showed, what has changed since at the source, and whether the post says so yet."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from bot.domain.answers import SettingChange
from bot.domain.deliveries import Delivery, Posted, Shown
from bot.store import setting_changes
from bot.store.database import Database
from bot.store.deliveries import delivery_from
from bot.store.values import maybe_from_epoch, to_epoch

_SHOWN = """select x.position, x.story_id, x.article_id, x.headline, x.is_lead, x.corrected_to, x.corrected_at, d.*
 from delivery_story x join delivery d on d.id = x.delivery_id join schedule s on s.id = d.schedule_id
 join place p on p.id = s.place_id where """


def _read(connection: sqlite3.Connection, where: str, **values: int | None) -> tuple[Posted, ...]:
    rows = connection.execute(_SHOWN + where, values).fetchall()
    return tuple(_posted(connection, row) for row in rows)


def of_article(connection: sqlite3.Connection, article_id: int, since: datetime) -> tuple[Posted, ...]:
    """Give the leads that showed an article in briefings sent after an instant, where corrections are wanted."""
    return _read(
        connection,
        "x.article_id = :article and x.is_lead = 1 and d.state = 'sent' and d.sent_at > :since "
        "and p.corrections = 1 and p.left_at is null order by d.id, x.position",
        article=article_id,
        since=to_epoch(since),
    )


def _posted(connection: sqlite3.Connection, row: sqlite3.Row) -> Posted:
    return Posted(
        delivery=delivery_from(connection, row),
        position=row["position"],
        shown=Shown(row["story_id"], row["article_id"], row["headline"], bool(row["is_lead"])),
        corrected_to=row["corrected_to"],
        corrected_at=maybe_from_epoch(row["corrected_at"]),
    )


def of_story(connection: sqlite3.Connection, story_id: int, place_id: int | None) -> tuple[Posted, ...]:
    """Give every briefing that showed a story (in one place, or anywhere), newest first."""
    return _read(
        connection,
        "x.story_id = :story and d.state = 'sent' and (:place is null or p.id = :place) "
        "order by d.sent_at desc limit 100",
        story=story_id,
        place=place_id,
    )


def of_place(connection: sqlite3.Connection, place_id: int, since: datetime) -> tuple[Posted, ...]:
    """Give what a place's briefings have shown since an instant, newest first."""
    return _read(
        connection,
        "p.id = :place and d.state = 'sent' and d.sent_at > :since order by d.sent_at desc, x.position limit 200",
        place=place_id,
        since=to_epoch(since),
    )


def _note(connection: sqlite3.Connection, posted: Posted, to: str, now: datetime) -> None:
    """Keep that a shown headline was changed ("": withdrawn), before the post is edited."""
    connection.execute(
        "update delivery_story set corrected_to = :to, corrected_at = :now, corrected_shown_at = null "
        "where delivery_id = :id and position = :position",
        {"to": to, "now": to_epoch(now), "id": posted.delivery.id, "position": posted.position},
    )


def waiting(connection: sqlite3.Connection, limit: int) -> tuple[tuple[Delivery, tuple[Posted, ...]], ...]:
    """Give the posts whose corrections are noted but not shown yet, each with all its corrections."""
    ids = connection.execute(
        "select distinct delivery_id from delivery_story indexed by delivery_story_uncorrected "
        "where corrected_at is not null and corrected_shown_at is null limit :limit",
        {"limit": limit},
    ).fetchall()
    corrected = "x.delivery_id = :id and x.corrected_at is not null order by x.position"
    posts = (_read(connection, corrected, id=row["delivery_id"]) for row in ids)
    return tuple((posted[0].delivery, posted) for posted in posts)


def settle(connection: sqlite3.Connection, delivery_id: int, until: datetime, now: datetime) -> None:
    """Note that a post shows every correction made up to an instant, or never will."""
    connection.execute(
        "update delivery_story set corrected_shown_at = :now "
        "where delivery_id = :id and corrected_at <= :until and corrected_shown_at is null",
        {"id": delivery_id, "until": to_epoch(until), "now": to_epoch(now)},
    )


class Corrections:
    """What may be asked of posted stories and their corrections."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def of_article(self, article_id: int, since: datetime) -> tuple[Posted, ...]:
        """Give the leads that showed an article in briefings sent after an instant."""
        return await self._db.read(lambda c: of_article(c, article_id, since))

    async def of_story(self, story_id: int, place_id: int | None = None) -> tuple[Posted, ...]:
        """Give every briefing that showed a story, newest first."""
        return await self._db.read(lambda c: of_story(c, story_id, place_id))

    async def of_place(self, place_id: int, since: datetime) -> tuple[Posted, ...]:
        """Give what a place's briefings have shown since an instant, newest first."""
        return await self._db.read(lambda c: of_place(c, place_id, since))

    async def note(
        self,
        corrections: Sequence[tuple[Posted, str]],
        now: datetime,
        *,
        seen: int | None = None,
        by_hand: tuple[int, SettingChange] | None = None,
    ) -> None:
        """Keep which shown headlines were changed, and to what ("": withdrawn), and up to which change we looked.

        `by_hand` says of a manager in which place they did it.
        """

        def work(connection: sqlite3.Connection) -> None:
            for posted, to in corrections:
                _note(connection, posted, to, now)
            if by_hand is not None:
                setting_changes.note(connection, *by_hand)
            if seen is not None:
                connection.execute(
                    "insert into clock_meta(name, value) values('corrections', :seen) "
                    "on conflict(name) do update set value = excluded.value",
                    {"seen": str(seen)},
                )

        await self._db.write(work)

    async def seen(self) -> int | None:
        """Give the last change that was looked at; None: none ever was."""
        row = await self._db.read(
            lambda c: c.execute("select value from clock_meta where name = 'corrections'").fetchone()
        )
        return int(row["value"]) if row else None

    async def waiting(self, limit: int = 20) -> tuple[tuple[Delivery, tuple[Posted, ...]], ...]:
        """Give the posts that must still be edited, each with all its corrections."""
        return await self._db.read(lambda c: waiting(c, limit))

    async def settle(self, delivery_id: int, until: datetime, now: datetime) -> None:
        """Note that a post shows every correction made up to an instant."""
        await self._db.write(lambda c: settle(c, delivery_id, until, now))
