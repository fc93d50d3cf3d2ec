"""Documents in: one text at a time, the bundled sample, and the watched folder. Always by content, never by name."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from itertools import count
from pathlib import Path, PurePath

from bot.clock import Clock
from bot.domain.intake import IngestReport
from bot.domain.sources import Item, Source, SourceKind, SourceState
from bot.errors import SourceError
from bot.ingest.normalise import document_hash
from bot.ingest.pipeline import Pipeline
from bot.sources.decoding import read_file
from bot.sources.documents import read
from bot.store import documents as stored
from bot.store.articles import Extra
from bot.store.documents import DocumentFile
from bot.store.store import Store

SAMPLE_NAME = "Bundled sample document"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a document."""

    source: Source
    report: IngestReport
    is_known: bool = False  # exactly this content is there already, perhaps under another name


@dataclass(frozen=True, slots=True)
class Scan:
    """What a look at the watched folder did: by file name, what was imported, and why files were refused."""

    imported: tuple[tuple[str, Imported], ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


class Documents:
    """Imports documents through the pipeline; `follows` writes down whom their new articles are for."""

    def __init__(self, store: Store, pipeline: Pipeline, clock: Clock, *, follows: Extra | None = None) -> None:
        self._store = store
        self._pipeline = pipeline
        self._clock = clock
        self._follows = follows

    async def import_document(self, data: bytes, *, file_name: str, title: str | None = None) -> Imported:
        """Take a document in. Its source is called `title`, else the file's stem.

        Content that is there already adds nothing; other content under the same name edits that document.

        Raises:
            SourceError: it cannot be read; nothing was changed.
            StoreError: the database refused; nothing was changed but, at most, an empty source.
        """
        name = (title or "").strip() or PurePath(file_name).stem.strip() or "document"
        return await self._import(data, name, is_sample=False)

    async def import_sample(self) -> Imported:
        """Take the bundled document in, unless it is there; a newer edition of it edits the old one."""
        return await self._import(sample(), SAMPLE_NAME, is_sample=True)

    async def scan(self, folder: Path) -> Scan:
        """Import what changed among the `*.txt` files of a folder. A file that is gone withdraws nothing."""
        known = await self._store.documents.files()
        seen = await asyncio.to_thread(_look, folder)
        plan = decide_scan({name: file.content_hash for name, file in seen.items()}, known)
        for name in plan.gone:
            await self._store.documents.forget_file(name)
        imported: list[tuple[str, Imported]] = []
        refused: list[tuple[str, str]] = []
        for name, source_id in plan.changed:
            file = seen[name]
            try:
                done = await self._import_file(file, source_id)
            except SourceError as error:
                refused.append((name, error.reason))
                await self._note(file, source_id, error.reason)
            else:
                imported.append((name, done))
                await self._note(file, done.source.id)
        return Scan(tuple(imported), tuple(refused))

    async def _import_file(self, file: "_File", source_id: int | None) -> Imported:
        data = await asyncio.to_thread(file.read)
        source = await self._store.sources.by_id(source_id) if source_id is not None else None
        return await self._import(data, source.name if source else file.path.stem, is_sample=False)

    async def _note(self, file: "_File", source_id: int | None, detail: str = "") -> None:
        noted = DocumentFile(file.path.name, file.content_hash, source_id, detail)
        await self._store.documents.note_file(noted, self._clock.now())

    async def _import(self, data: bytes, name: str, *, is_sample: bool) -> Imported:
        items = await asyncio.to_thread(read, data)
        content = document_hash(items)
        known = await self._store.documents.by_content(content)
        if known is not None:
            await self._empty(name, known)
            return Imported(known, IngestReport(known.id, unchanged=len(items)), is_known=True)
        source = await self._source(name, is_sample=is_sample)
        return Imported(source, await self._take_in(source, items, content))

    async def _empty(self, name: str, twin: Source) -> None:
        """Withdraw a document that was edited into a copy of another: its own lines are not in it any more."""
        own = await self._store.sources.by_name(name)
        if own is not None and own.id != twin.id and own.kind is SourceKind.DOCUMENT and not own.is_sample:
            await self._take_in(own, (), document_hash(()))

    async def _take_in(self, source: Source, items: Sequence[Item], content: str) -> IngestReport:
        now, follows = self._clock.now(), None if source.is_sample else self._follows
        return await self._pipeline.take_in(source, items, stored.noting(source.id, content, now, follows))

    async def _source(self, name: str, *, is_sample: bool) -> Source:
        """Give the source of that name, or make it. Only the file we ship is the sample, whatever others are called."""
        for number in count(1):
            numbered = name if number == 1 else f"{name} ({number})"
            found = await self._store.sources.by_name(numbered)
            if found is None:
                break
            if found.kind is SourceKind.DOCUMENT and found.is_sample == is_sample:
                return found
        made = Source(0, SourceKind.DOCUMENT, numbered, numbered, is_sample=is_sample, state=SourceState.OK)
        return await self._store.sources.add(made, self._clock.now())


def sample() -> bytes:
    """Give the bundled document."""
    return (files("bot") / "data" / "sample.txt").read_bytes()


@dataclass(frozen=True, slots=True)
class ScanPlan:
    """What to do about a folder: files to import, each with the source it belongs to, and files that are gone."""

    changed: tuple[tuple[str, int | None], ...] = ()
    gone: tuple[str, ...] = ()


def decide_scan(seen: Mapping[str, str], known: Sequence[DocumentFile]) -> ScanPlan:
    """Say what changed in a folder, from content hashes by file name.

    A renamed file goes on belonging to its source: it is known by the content it had. A copy beside its original
    is a document of its own as soon as it is edited.
    """
    by_name = {file.name: file for file in known}
    changed: list[tuple[str, int | None]] = []
    for name in sorted(seen):
        file = by_name.get(name)
        if file is None:
            changed.append((name, None))
        elif file.content_hash != seen[name]:
            others = {other.source_id for other in known if other.name != name and other.name in seen}
            changed.append((name, None if file.source_id in others else file.source_id))
    return ScanPlan(tuple(changed), tuple(file.name for file in known if file.name not in seen))


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    content_hash: str

    def read(self) -> bytes:
        """Give the bytes; more than a document may hold is cut, and refused by its size."""
        return read_file(self.path)


def _look(folder: Path) -> dict[str, _File]:
    seen: dict[str, _File] = {}
    for path in sorted(folder.glob("*.txt")) if folder.is_dir() else []:
        if path.name.startswith(".") or not path.is_file():
            continue
        try:
            digest = sha256(read_file(path)).hexdigest()
        except OSError:
            digest = "unreadable"
        seen[path.name] = _File(path, digest)
    return seen
