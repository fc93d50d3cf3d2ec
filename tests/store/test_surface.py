"""Every method of every noun of the store, found by looking: under a locked database, and cancelled at each await.

Arguments are made from the annotations. A method that needs others gets a line in `ARGUMENTS`; a noun that needs
something to be there first gets its lines in `prepare`.
"""

import asyncio
import inspect
import sqlite3
import types
import typing
from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time
from enum import Enum
from itertools import count
from pathlib import Path
from secrets import token_bytes
from typing import Any, cast

import pytest

from bot.domain.answers import SettingChange
from bot.domain.articles import TextOrigin
from bot.domain.intake import Batch, Draft, Edit
from bot.domain.places import PlaceKind, Schedule
from bot.domain.sources import Item, Source, SourceKind
from bot.errors import StoreError, StoreFault
from bot.store.database import Database
from bot.store.store import Store
from tests.fakes.schedules import a_schedule

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DRAFT = Draft("k9", Item("A third headline", ("More text.",)), "a.example", 3, "h9", text_origin=TextOrigin.FEED)

# Arguments that cannot be made from the annotations alone, by "noun.method".
ARGUMENTS: dict[str, Callable[[], dict[str, Any]]] = {
    "articles.take_in": lambda: {
        "batch": Batch(drafts=(DRAFT,), edits=(Edit(1, replace(DRAFT, key="k1")),), withdrawn=(2,))
    },
    "articles.purge": lambda: {"before": datetime(2027, 1, 1, tzinfo=UTC), "source_kind": SourceKind.FEED},
    "schedules.add": lambda: {"schedule": a_schedule(key=token_bytes(8))},
    "schedules.change": lambda: {"edit": lambda schedule, taken: (schedule, _sample(SettingChange))},
    "sources.add": lambda: {"source": Source(0, SourceKind.FEED, "https://b.example/feed", "B")},
    "stories.merge": lambda: {"into": 1, "merged": 2},
}

_BY_TYPE: dict[object, Any] = {
    int: 1,
    float: 1.0,
    str: "text",
    bytes: b"\x01" * 8,
    bool: False,
    datetime: NOW,
    date: NOW.date(),
    time: NOW.time(),
    object: None,
    Any: None,
    Schedule: a_schedule(id=1),
}


def _sample(kind: Any) -> Any:
    """Make a value of a type: the simplest that is not nothing."""
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return _sample(next(one for one in inner if one is not type(None)))
    if origin is Callable:
        return lambda *given: given[0] if given else None
    return _sample_of_many(origin, inner) if origin else _sample_of_class(kind)


def _sample_of_many(origin: Any, inner: tuple[Any, ...]) -> Any:
    if origin in {dict, Mapping}:
        return {_sample(inner[0]): _sample(inner[1])}
    made = [_sample(one) for one in inner if one is not Ellipsis]
    return origin(made) if origin in {list, set, frozenset} else tuple(made)


def _sample_of_class(kind: Any) -> Any:
    if issubclass(kind, Enum):
        return next(iter(kind))
    if not is_dataclass(kind):
        raise LookupError(kind)
    hints = typing.get_type_hints(kind)
    needed = [one for one in fields(kind) if one.default is MISSING and one.default_factory is MISSING]
    return cast("Any", kind)(**{one.name: _sample(hints[one.name]) for one in needed})


def _nouns() -> dict[str, object]:
    return {name: noun for name, noun in vars(Store(cast("Database", None))).items() if name != "db"}


METHODS = [
    f"{name}.{method}"
    for name, noun in _nouns().items()
    for method, _ in inspect.getmembers(type(noun), inspect.iscoroutinefunction)
    if not method.startswith("_")
]


def _call(store: Store, path: str) -> Coroutine[Any, Any, object]:
    noun, name = path.split(".")
    method = getattr(getattr(store, noun), name)
    given = ARGUMENTS.get(path, dict)()
    hints = typing.get_type_hints(method)
    signature = inspect.signature(method)
    for parameter in signature.parameters.values():
        if parameter.name in given or parameter.default is not parameter.empty:
            continue
        try:
            given[parameter.name] = _sample(hints[parameter.name])
        except LookupError:
            pytest.fail(f"{path} needs a line in ARGUMENTS of {__file__}: {parameter} cannot be made")
    several = [given.pop(one.name) for one in signature.parameters.values() if one.kind is one.VAR_POSITIONAL]
    first = [given.pop(name) for name in list(signature.parameters) if several and name in given]
    return cast("Coroutine[Any, Any, object]", method(*first, *several, **given))


async def prepare(store: Store) -> None:
    """Put in what methods find: two articles in two stories of one feed, a place, a schedule."""
    source = await store.sources.add(Source(0, SourceKind.FEED, "https://a.example/feed", "A"), NOW)
    drafts = (
        Draft("k1", Item("A first headline", ("Some text.",)), "a.example", 1, "h1", text_origin=TextOrigin.FEED),
        Draft("k2", Item("A second headline"), "a.example", 2, "h2", names=("Jane Doe",)),
    )
    await store.articles.take_in(source.id, Batch(drafts=drafts), NOW)
    await store.places.ensure(PlaceKind.SERVER, 1, NOW)
    await store.schedules.add(a_schedule(), _sample(SettingChange))


def _content(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    raw = sqlite3.connect(path)
    try:
        tables = raw.execute("select name from sqlite_master where type='table' and sql not like 'create virtual%'")
        return {name: raw.execute(f"select * from {name}").fetchall() for (name,) in tables.fetchall()}  # noqa: S608
    finally:
        raw.close()


@pytest.mark.parametrize("path", METHODS)
async def test_a_locked_database_changes_nothing_and_is_named(path: str, tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "d.db", busy_ms=1) as store:
        await prepare(store)
        before = _content(tmp_path / "d.db")
        other = sqlite3.connect(tmp_path / "d.db", isolation_level=None)
        other.execute("begin immediate")
        fault = None
        try:
            await _call(store, path)
        except StoreError as error:
            fault = error.kind
        finally:
            other.close()
        assert fault in {None, StoreFault.LOCKED}
        assert _content(tmp_path / "d.db") == before
        await _call(store, path)
        if _content(tmp_path / "d.db") != before:
            assert fault is StoreFault.LOCKED, "it writes, and did not say that it could not"


class _CancelledAt:
    """Runs a coroutine and cancels it where it waits for the n-th time."""

    def __init__(self, job: Coroutine[Any, Any, object], step: int) -> None:
        self._job = job
        self._step = step
        self.was_reached = False

    def __await__(self) -> Generator[Any, Any, object]:
        inner = self._job.__await__()
        for step in count():
            try:
                waiting = next(inner) if step != self._step + 1 else inner.throw(asyncio.CancelledError())
            except StopIteration as done:
                return done.value
            if step == self._step:
                self.was_reached = True  # cancelled here, instead of waiting
                continue
            yield waiting
        raise AssertionError


@pytest.mark.parametrize("path", METHODS)
async def test_cancelled_at_any_await_nothing_stays_open(path: str, tmp_path: Path) -> None:
    async with await Store.open(tmp_path / "d.db", busy_ms=1_000) as store:
        await prepare(store)
        for step in count():
            job = _CancelledAt(_call(store, path), step)
            other = asyncio.ensure_future(
                store.sources.add(Source(0, SourceKind.FEED, f"https://other.example/{step}", "Other"), NOW)
            )
            with suppress(asyncio.CancelledError):
                await job
            kept = await other
            assert not await store.db.maintain(lambda raw: raw.in_transaction)
            assert await store.sources.by_id(kept.id) == kept
            if not job.was_reached:
                break
            assert step < 50, "it never ends"
