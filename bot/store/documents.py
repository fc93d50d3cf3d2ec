"""Documents: what was imported from which text, and the files of the watched folder."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from bot.domain.intake import IngestReport
from bot.domain.sources import Source
from bot.store import sources
from bot.store.articles import Extra
from bot.store.database import Database
from bot.store.values import to_epoch


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file of the watched folder as it was when last looked at."""

    name: str
    content_hash: str  # of the bytes
    source_id: int | None = None
    detail: str = ""  # why it was refused


def by_content(raw: sqlite3.Connection, content_hash: str) -> Source | None:
    """Give the source that holds exactly this content now, or None."""
    row = raw.execute(
        "select source_id from document where content_hash=:hash order by source_id", {"hash": content_hash}
    ).fetchone()
    return sources.by_id(raw, row["source_id"]) if row else None


def note(raw: sqlite3.Connection, source_id: int, content_hash: str, now: datetime) -> None:
    """Note which content a document source holds."""
    raw.execute(
        "insert or replace into document(source_id, content_hash, imported_at) values(:source, :hash, :now)",
        {"source": source_id, "hash": content_hash, "now": to_epoch(now)},
    )


def noting(source_id: int, content_hash: str, now: datetime, then: Extra | None) -> Extra:
    """Give what notes a document's content together with its articles, and then does what else belongs to them."""

    def note_all(raw: sqlite3.Connection, report: IngestReport) -> None:
        note(raw, source_id, content_hash, now)
        if then is not None:
            then(raw, report)

    return note_all


def files(raw: sqlite3.Connection) -> tuple[DocumentFile, ...]:
    """Give the files that were looked at."""
    rows = raw.execute("select name, content_hash, source_id, detail from document_file order by name")
    return tuple(DocumentFile(*row) for row in rows)


def note_file(raw: sqlite3.Connection, file: DocumentFile, now: datetime) -> None:
    """Note what became of a file."""
    raw.execute(
        "insert or replace into document_file(name, content_hash, source_id, detail, seen_at)"
        " values(:name, :hash, :source, :detail, :now)",
        {
            "name": file.name,
            "hash": file.content_hash,
            "source": file.source_id,
            "detail": file.detail,
            "now": to_epoch(now),
        },
    )


def forget_file(raw: sqlite3.Connection, name: str) -> None:
    """Forget a file that is gone; what was imported from it stays."""
    raw.execute("delete from document_file where name=:name", {"name": name})


class Documents:
    """Imported texts, as ingest asks for them."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def by_content(self, content_hash: str) -> Source | None:
        """Give the source that holds exactly this content now, or None."""
        return await self._db.read(lambda raw: by_content(raw, content_hash))

    async def files(self) -> tuple[DocumentFile, ...]:
        """Give the files of the watched folder as last looked at."""
        return await self._db.read(files)

    async def note_file(self, file: DocumentFile, now: datetime) -> None:
        """Note what became of a file."""
        await self._db.write(lambda raw: note_file(raw, file, now))

    async def forget_file(self, name: str) -> None:
        """Forget a file that is gone; what was imported from it stays."""
        await self._db.write(lambda raw: forget_file(raw, name))
