"""Subscriptions: which places read which sources, and what their managers are to be told about them."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.domain.answers import SettingChange
from bot.domain.feeds import Cure, Notice, NoticeKind, SourceNotice, SourceStatus
from bot.domain.sources import Source, SourceKind
from bot.store import feeds, setting_changes, sources
from bot.store.database import Database, Work
from bot.store.values import from_epoch, maybe_from_epoch, to_epoch, to_json

# What a place reads: every document, what the operator set up for all, and its own that are not paused. A person's
# place also reads what the servers read in which they set something up.
_READ = """select s.id from source s left join feed f on f.source_id=s.id where s.kind='document' or f.is_for_all=1
 union select source_id from subscription where place_id=:place and not is_paused
 union select b.source_id from reads_with w join subscription b on b.place_id=w.server_id
  where w.place_id=:place and not b.is_paused"""


def source_ids(raw: sqlite3.Connection, place_id: int) -> tuple[int, ...]:
    """Give the ids of all sources that a place reads, the sample with them."""
    return tuple(row["id"] for row in raw.execute(f"{_READ} order by 1", {"place": place_id}))


def add(raw: sqlite3.Connection, place_id: int, source_id: int, now: datetime, pack: str | None = None) -> bool:
    """Let a place read a source; say whether it is new to it. A feed that nobody read is asked at once."""
    added = raw.execute(
        "insert into subscription(place_id, source_id, pack, added_at) values(:place, :source, :pack, :now)"
        " on conflict do nothing",
        {"place": place_id, "source": source_id, "pack": pack, "now": to_epoch(now)},
    ).rowcount
    recount(raw, source_id, now)
    return added > 0


@dataclass(frozen=True, slots=True)
class NewSource:
    """A feed to be read from now on, or paused."""

    source: Source
    domain: str
    pack: str | None = None
    is_paused: bool = False


def take_up(raw: sqlite3.Connection, place_id: int, coming: Iterable[NewSource], now: datetime) -> int:
    """Let a place read feeds, known already or not; give how many are new to it."""
    new = 0
    for one in coming:
        known = feeds.register(raw, one.source, one.domain, now)
        new += add(raw, place_id, known.id, now, one.pack)
        if one.is_paused:
            set_paused(raw, place_id, known.id, now, is_paused=True)
    return new


def remove(raw: sqlite3.Connection, place_id: int, source_id: int, now: datetime) -> bool:
    """Let a place read a source no longer; say whether it did."""
    key = {"place": place_id, "source": source_id}
    gone = raw.execute("delete from subscription where place_id=:place and source_id=:source", key).rowcount
    raw.execute("delete from source_notice where place_id=:place and source_id=:source", key)
    recount(raw, source_id, now)
    return gone > 0


def set_paused(raw: sqlite3.Connection, place_id: int, source_id: int, now: datetime, *, is_paused: bool) -> bool:
    """Pause a source for a place, or go on with it; say whether the place has it."""
    found = raw.execute(
        "update subscription set is_paused=:paused where place_id=:place and source_id=:source",
        {"paused": int(is_paused), "place": place_id, "source": source_id},
    ).rowcount
    recount(raw, source_id, now)
    return found > 0


def set_for_all(raw: sqlite3.Connection, source_id: int, now: datetime, *, is_for_all: bool) -> bool:
    """Let every place read a feed, or end that; say whether it was otherwise before."""
    query = "update feed set is_for_all=:all where source_id=:id and is_for_all<>:all"
    changed = raw.execute(query, {"all": int(is_for_all), "id": source_id}).rowcount
    recount(raw, source_id, now)
    return changed > 0


def set_paused_for_all(raw: sqlite3.Connection, source_id: int, now: datetime, *, is_paused: bool) -> None:
    """Stop asking a feed at all, or begin again; the operator's word."""
    query = "update feed set is_paused=:paused where source_id=:id"
    raw.execute(query, {"paused": int(is_paused), "id": source_id})
    recount(raw, source_id, now)


def recount(raw: sqlite3.Connection, source_id: int, now: datetime) -> None:
    """Count a feed's readers anew: the first one wakes it up, the last one lets it sleep."""
    raw.execute(
        """update feed set readers=is_for_all
             + (select count(*) from subscription where source_id=:id and not is_paused) where source_id=:id""",
        {"id": source_id},
    )
    raw.execute(
        """update feed set next_check_at=case
             when readers=0 or is_paused or exists(select 1 from source where id=:id and state='disabled') then null
             else coalesce(next_check_at, max(:now, coalesce(checked_at + interval_s, 0),
                    coalesce((select until from hold h where h.domain=feed.domain), 0))) end
           where source_id=:id""",
        {"id": source_id, "now": to_epoch(now)},
    )
    raw.execute(
        """update source set state=case when (select is_paused from feed where source_id=:id) then 'paused'
             when state='paused' then 'new' else state end where id=:id and kind='feed'""",
        {"id": source_id},
    )


def count(raw: sqlite3.Connection, place_id: int) -> int:
    """Count a place's own sources, paused ones too."""
    query = "select count(*) as n from subscription where place_id=:place"
    return int(raw.execute(query, {"place": place_id}).fetchone()["n"])


_STORIES = """(select count(*) from (select 1 from shelf h where h.source_id=s.id limit 1000)) as stories,
 (select max(newest_at) from shelf h where h.source_id=s.id) as newest_at"""


def of_place(raw: sqlite3.Connection, place_id: int) -> tuple[SourceStatus, ...]:
    """Give all that a place reads or has paused, its own feeds first, then in order of their titles."""
    rows = raw.execute(
        f"""select s.id, coalesce(b.is_paused, 0) as is_paused, b.pack, b.place_id is null as is_common, {_STORIES}
            from source s left join feed f on f.source_id=s.id
            left join subscription b on b.source_id=s.id and b.place_id=:place
            where s.kind='document' or f.is_for_all=1 or b.place_id is not null
            order by is_common, s.title collate nocase, s.id""",  # noqa: S608 - constant columns
        {"place": place_id},
    ).fetchall()
    return tuple(_status(raw, row) for row in rows)


def overview(raw: sqlite3.Connection) -> tuple[SourceStatus, ...]:
    """Give every source there is, for the operator, in order of their titles."""
    rows = raw.execute(
        f"""select s.id, coalesce(f.is_paused, 0) as is_paused, null as pack, 1 as is_common, {_STORIES}
            from source s left join feed f on f.source_id=s.id order by s.title collate nocase, s.id"""  # noqa: S608
    ).fetchall()
    return tuple(_status(raw, row) for row in rows)


def _status(raw: sqlite3.Connection, row: sqlite3.Row) -> SourceStatus:
    source = sources.by_id(raw, row["id"])
    assert source is not None  # noqa: S101 - the row came from the table
    return SourceStatus(
        source=source,
        feed=feeds.by_id(raw, source.id) if source.kind is SourceKind.FEED else None,
        is_own=not row["is_common"],
        is_paused=bool(row["is_paused"]),
        pack=row["pack"],
        newest_at=maybe_from_epoch(row["newest_at"]),
        stories=row["stories"],
    )


def notify(raw: sqlite3.Connection, source_id: int, notice: Notice, now: datetime) -> None:
    """Note for every place that chose a source what its managers are to be told.

    Trouble that is over before a place was told of it is not told there at all.
    """
    said = {"kind": notice.kind.value, "cure": notice.cure.value, "reason": notice.reason}
    values = {**said, "id": source_id, "now": to_epoch(now)}
    if notice.kind is NoticeKind.RECOVERED:
        rows = raw.execute(
            "delete from source_notice where source_id=:id and kind='failing' returning place_id", values
        )
        unaware = [row["place_id"] for row in rows.fetchall()]
    else:
        raw.execute("delete from source_notice where source_id=:id and kind='recovered'", values)
        unaware = []
    raw.execute(
        """insert into source_notice(place_id, source_id, kind, cure, reason, at)
           select place_id, source_id, :kind, :cure, :reason, :now from subscription
           where source_id=:id and not is_paused and place_id not in (select value from json_each(:unaware))
           on conflict(place_id, source_id, kind)
           do update set cure=excluded.cure, reason=excluded.reason, at=excluded.at""",
        {**values, "unaware": to_json(unaware)},
    )


def untold(raw: sqlite3.Connection, limit: int = 100) -> tuple[SourceNotice, ...]:
    """Give what managers are still to be told, the oldest first."""
    rows = raw.execute(
        "select id, place_id, source_id, kind, cure, reason, at from source_notice order by id limit :limit",
        {"limit": limit},
    ).fetchall()
    found = ((row, sources.by_id(raw, row["source_id"])) for row in rows)
    return tuple(
        SourceNotice(
            id=row["id"],
            place_id=row["place_id"],
            source=source,
            kind=NoticeKind(row["kind"]),
            cure=Cure(row["cure"]),
            reason=row["reason"],
            at=from_epoch(row["at"]),
        )
        for row, source in found
        if source is not None
    )


def told(raw: sqlite3.Connection, notice_id: int) -> None:
    """Forget a notice that was delivered, or cannot be."""
    raw.execute("delete from source_notice where id=:id", {"id": notice_id})


class Subscriptions:
    """Who reads what, as reading, the desk and the notices ask for it."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def source_ids(self, place_id: int) -> tuple[int, ...]:
        """Give the ids of all sources that a place reads, the sample with them."""
        return await self._db.read(lambda raw: source_ids(raw, place_id))

    async def of_place(self, place_id: int) -> tuple[SourceStatus, ...]:
        """Give all that a place reads or has paused, its own feeds first."""
        return await self._db.read(lambda raw: of_place(raw, place_id))

    async def overview(self) -> tuple[SourceStatus, ...]:
        """Give every source there is, for the operator."""
        return await self._db.read(overview)

    async def count(self, place_id: int) -> int:
        """Count a place's own sources, paused ones too."""
        return await self._db.read(lambda raw: count(raw, place_id))

    async def add(
        self, place_id: int | None, source_id: int, now: datetime, change: SettingChange | None = None
    ) -> bool:
        """Let a place read a source, or with None every place; say whether it is new there, and then note who did."""
        if place_id is None:
            return await self._db.write(lambda raw: set_for_all(raw, source_id, now, is_for_all=True))
        return await self._noted(place_id, change, lambda raw: add(raw, place_id, source_id, now))

    async def exchange(
        self, place_id: int, coming: Sequence[NewSource], leaving: Sequence[int], now: datetime, change: SettingChange
    ) -> int:
        """Let a place read some feeds and others no longer, and note who did, all at once; give how many are new."""

        def work(raw: sqlite3.Connection) -> int:
            for source_id in leaving:
                remove(raw, place_id, source_id, now)
            new = take_up(raw, place_id, coming, now)
            setting_changes.note(raw, place_id, change)
            return new

        return await self._db.write(work)

    async def _noted(self, place_id: int, change: SettingChange | None, work: Work[bool]) -> bool:
        """Do something to a place's sources, and note who did in the same transaction, if it did anything."""

        def run(raw: sqlite3.Connection) -> bool:
            is_done = work(raw)
            if is_done and change is not None:
                setting_changes.note(raw, place_id, change)
            return is_done

        return await self._db.write(run)

    async def remove_for_all(self, source_id: int, now: datetime) -> bool:
        """End what the operator set up for every place; say whether it was so."""
        return await self._db.write(lambda raw: set_for_all(raw, source_id, now, is_for_all=False))

    async def set_paused_for_all(self, source_id: int, now: datetime, *, is_paused: bool) -> None:
        """Stop asking a feed at all, or begin again; the operator's word."""
        await self._db.write(lambda raw: set_paused_for_all(raw, source_id, now, is_paused=is_paused))

    async def remove(self, place_id: int, source_id: int, now: datetime, change: SettingChange | None = None) -> bool:
        """Let a place read a source no longer; say whether it did."""
        return await self._noted(place_id, change, lambda raw: remove(raw, place_id, source_id, now))

    async def set_paused(
        self, place_id: int, source_id: int, now: datetime, *, is_paused: bool, change: SettingChange | None = None
    ) -> bool:
        """Pause a source for a place, or go on with it; say whether the place has it."""
        work = partial(set_paused, place_id=place_id, source_id=source_id, now=now, is_paused=is_paused)
        return await self._noted(place_id, change, work)

    async def untold(self, limit: int = 100) -> tuple[SourceNotice, ...]:
        """Give what managers are still to be told, the oldest first."""
        return await self._db.read(lambda raw: untold(raw, limit))

    async def told(self, notice_id: int) -> None:
        """Forget a notice that was delivered, or cannot be."""
        await self._db.write(lambda raw: told(raw, notice_id))
