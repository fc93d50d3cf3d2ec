"""What `dateline sources` may ask: of the running bot, or of a house opened for it alone. JSON in, JSON out."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.app.control import Progress
from bot.app.outside import Outside
from bot.app.summary import require_database
from bot.desk.sources import as_opml
from bot.domain.feeds import SourceStatus
from bot.errors import Code, SetupError, SourceError, SourceFault, UserError
from bot.settings import Settings
from bot.sources.catalogue import packs
from bot.sources.decoding import read_file
from bot.store.store import Store


async def sources(outside: Outside, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do one action of the verb."""
    actions = {"add": _add, "remove": _remove, "check": _check, "import": _import}
    try:
        return await actions[arguments["action"]](outside, arguments, progress)
    except UserError as error:
        if error.code is not Code.UNKNOWN_SOURCE:
            raise
        raise SetupError(_unknown(arguments), exit_code=64) from error


def _unknown(arguments: Mapping[str, Any]) -> str:
    """Say at a terminal, where no list offers anything while one types, what there is instead."""
    if arguments["action"] == "add":
        return f"There is no pack “{arguments['pack']}”. There are {', '.join(packs())}."
    return f"There is no source “{arguments['name']}”. `dateline sources list` names them all."


async def look(settings: Settings, action: str) -> dict[str, Any]:
    """List or export the sources. Reads only, whether a bot runs or not.

    Raises:
        SetupError: there is no database yet.
        StoreError: it can't be read.
    """
    require_database(settings)
    async with await Store.open(settings.database, read_only=True) as store:
        return await look_at(store, action)


async def look_at(store: Store, action: str) -> dict[str, Any]:
    """List or export the sources of an open store."""
    found = await store.subscriptions.overview()
    if action == "export":
        return {"opml": as_opml(tuple(status for status in found if status.feed and status.feed.readers)).decode()}
    return {"sources": [told(status) for status in found]}


async def _add(outside: Outside, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    if arguments.get("pack"):
        return {"added": await outside.operator.add_pack(arguments["pack"])}
    progress(f"looking at {arguments['name']}")
    added = await outside.operator.add(arguments["name"])
    said = {"title": added.source.title, "url": added.source.url, "is_new": added.is_new}
    return {**said, "stories": added.stories, "headlines": list(added.headlines)}


async def _remove(outside: Outside, arguments: Mapping[str, Any], _: Progress) -> dict[str, Any]:
    return told(await outside.operator.remove(arguments["name"]))


async def _check(outside: Outside, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Visit the named sources, or all feeds; several at a time, since the pace is kept by the web client."""
    operator = outside.operator
    named = arguments.get("names") or [
        str(status.source.id) for status in await operator.listed() if status.feed is not None
    ]
    done: list[dict[str, Any]] = []
    turns = asyncio.Semaphore(32)

    async def one(name: str) -> None:
        async with turns:
            try:
                result = told(await operator.check(name))
            except UserError as error:
                result = {"name": name, "code": error.code.value}
        done.append(result)
        progress(f"{len(done)} of {len(named)} checked")

    await asyncio.gather(*map(one, named))
    return {"sources": sorted(done, key=lambda result: str(result.get("title", result.get("name"))).casefold())}


async def _import(outside: Outside, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    path = Path(arguments["name"])
    try:
        body = await asyncio.to_thread(read_file, path)
    except OSError as error:
        raise SourceError(SourceFault.UNREADABLE_FILE, f"{path} can’t be read ({error.strerror})") from error
    progress(f"reading {path.name}")
    report = await outside.operator.import_opml(body, path.name)
    return {"added": report.added, "known": report.known, "refused": list(report.refused)}


def told(status: SourceStatus) -> dict[str, Any]:
    """Give a source's state as JSON."""
    feed = status.feed
    next_check = feed.next_check.isoformat() if feed and feed.next_check else None
    return {
        "id": status.source.id,
        "title": status.source.title,
        "kind": status.source.kind.value,
        "url": status.source.url,
        "state": status.source.state.value,
        "detail": status.source.detail,
        "stories": status.stories,
        "readers": feed.readers if feed else None,
        "next_check": next_check,
    }
