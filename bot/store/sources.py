"""Sources: documents and feeds that the store knows, by id and by name."""

import sqlite3
from datetime import datetime

from bot.domain.sources import Source, SourceKind, SourceState
from bot.domain.topics import Topic
from bot.store.database import Database
from bot.store.shelves import bump, refresh
from bot.store.texts import unindex
from bot.store.values import maybe_from_epoch, to_epoch, to_json

_COLUMNS = "id, kind, name, title, url, home_url, language, topic, is_sample, state, detail, added_at"


def from_row(row: sqlite3.Row) -> Source:
    """Read a source from a row that has the columns of `source`."""
    return Source(
        id=row["id"],
        kind=SourceKind(row["kind"]),
        name=row["name"],
        title=row["title"],
        url=row["url"],
        home_url=row["home_url"],
        language=row["language"],
        topic=Topic(row["topic"]) if row["topic"] else None,
        is_sample=bool(row["is_sample"]),
        state=SourceState(row["state"]),
        detail=row["detail"],
        added_at=maybe_from_epoch(row["added_at"]),
    )


def add(raw: sqlite3.Connection, source: Source, now: datetime) -> Source:
    """Store a source under its name, or give the one that already has that name. `source.id` is ignored."""
    raw.execute(
        "insert into source(kind, name, title, url, home_url, language, topic, is_sample, state, detail, added_at)"
        " values(:kind, :name, :title, :url, :home_url, :language, :topic, :is_sample, :state, :detail, :added_at)"
        " on conflict(name) do nothing",
        {
            "kind": source.kind.value,
            "name": source.name,
            "title": source.title,
            "url": source.url,
            "home_url": source.home_url,
            "language": source.language,
            "topic": source.topic.value if source.topic else None,
            "is_sample": int(source.is_sample),
            "state": source.state.value,
            "detail": source.detail,
            "added_at": to_epoch(source.added_at or now),
        },
    )
    found = by_name(raw, source.name)
    assert found is not None  # noqa: S101 - it was inserted above, or was there
    return found


def by_id(raw: sqlite3.Connection, source_id: int) -> Source | None:
    """Give a source, or None when there is no such id."""
    row = raw.execute(f"select {_COLUMNS} from source where id=:id", {"id": source_id}).fetchone()  # noqa: S608
    return from_row(row) if row else None


def by_name(raw: sqlite3.Connection, name: str) -> Source | None:
    """Give the source of that unique name, or None."""
    row = raw.execute(f"select {_COLUMNS} from source where name=:name", {"name": name}).fetchone()  # noqa: S608
    return from_row(row) if row else None


def listed(raw: sqlite3.Connection, kind: SourceKind | None = None) -> tuple[Source, ...]:
    """Give every source, or those of one kind, in order of their titles."""
    rows = raw.execute(
        f"select {_COLUMNS} from source where :kind is null or kind=:kind order by title collate nocase, id",  # noqa: S608
        {"kind": kind.value if kind else None},
    )
    return tuple(from_row(row) for row in rows)


def by_ids(raw: sqlite3.Connection, source_ids: tuple[int, ...]) -> tuple[Source, ...]:
    """Give the sources that exist among the ids, in order of their titles."""
    rows = raw.execute(
        f"select {_COLUMNS} from source where id in (select value from json_each(:ids))"  # noqa: S608
        " order by title collate nocase, id",
        {"ids": to_json(source_ids)},
    )
    return tuple(from_row(row) for row in rows)


def set_state(raw: sqlite3.Connection, source_id: int, state: SourceState, detail: str = "") -> None:
    """Say how a source is doing, with the reason in plain words."""
    raw.execute(
        "update source set state=:state, detail=:detail where id=:id",
        {"id": source_id, "state": state.value, "detail": detail},
    )


def describe(raw: sqlite3.Connection, source: Source) -> None:
    """Take over title, home page, language and topic of the source with `source.id`."""
    raw.execute(
        "update source set title=:title, home_url=:home_url, language=:language, topic=:topic where id=:id",
        {
            "id": source.id,
            "title": source.title,
            "home_url": source.home_url,
            "language": source.language,
            "topic": source.topic.value if source.topic else None,
        },
    )
    bump(raw)


def remove(raw: sqlite3.Connection, source_id: int) -> bool:
    """Delete a source with all its articles; say whether it was there."""
    rows = raw.execute("select id, story_id from article where source_id=:id", {"id": source_id}).fetchall()
    unindex(raw, [row["id"] for row in rows])
    gone = raw.execute("delete from source where id=:id", {"id": source_id}).rowcount
    refresh(raw, {row["story_id"] for row in rows})
    bump(raw)
    return gone > 0


class Sources:
    """Documents and feeds, as the rest of the program asks for them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def add(self, source: Source, now: datetime) -> Source:
        """Store a source, or give the one that has its name already."""
        return await self._db.write(lambda raw: add(raw, source, now))

    async def by_id(self, source_id: int) -> Source | None:
        """Give a source, or None."""
        return await self._db.read(lambda raw: by_id(raw, source_id))

    async def by_ids(self, source_ids: tuple[int, ...]) -> tuple[Source, ...]:
        """Give those that exist, in order of their titles."""
        return await self._db.read_kept(("sources", source_ids), lambda raw: by_ids(raw, source_ids))

    async def by_name(self, name: str) -> Source | None:
        """Give the source of that unique name (a feed's address, a document's title), or None."""
        return await self._db.read(lambda raw: by_name(raw, name))

    async def listed(self, kind: SourceKind | None = None) -> tuple[Source, ...]:
        """Give every source, or those of one kind, in order of their titles."""
        return await self._db.read(lambda raw: listed(raw, kind))

    async def set_state(self, source_id: int, state: SourceState, detail: str = "") -> None:
        """Say how a source is doing, with the reason in plain words."""
        await self._db.write(lambda raw: set_state(raw, source_id, state, detail))

    async def describe(self, source: Source) -> None:
        """Take over title, home page, language and topic of the source with `source.id`."""
        await self._db.write(lambda raw: describe(raw, source))

    async def remove(self, source_id: int) -> bool:
        """Delete a source with all its articles; say whether it was there."""
        return await self._db.write(lambda raw: remove(raw, source_id))
