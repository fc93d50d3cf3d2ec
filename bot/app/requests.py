"""What verbs that write may ask of the running bot, and do themselves where none runs. One function per verb."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bot.app.control import Progress, Request
from bot.app.house import House
from bot.app.operator_requests import preview, retract, send_commands
from bot.app.source_requests import sources
from bot.errors import SourceError
from bot.ingest.documents import Imported
from bot.sources.decoding import read_file


def requests_of(house: House) -> dict[str, Request]:
    """Give every request by its verb."""
    return {
        "seed": partial(_seed, house),
        "sources": partial(sources, house.outside),
        "preview": partial(preview, house),
        "retract": partial(retract, house),
        "send-commands": partial(send_commands, house),
    }


async def _seed(house: House, arguments: Mapping[str, Any], progress: Progress) -> list[dict[str, Any]]:
    """Import documents by path, or the bundled one when none is named; one result per file."""
    if not arguments["files"]:
        return [_imported("the bundled sample", await house.documents.import_sample())]
    done = []
    for number, name in enumerate(arguments["files"], 1):
        progress(f"{number} of {len(arguments['files'])}: {name}")
        done.append(await _seed_file(house, Path(name), arguments.get("title")))
    return done


async def _seed_file(house: House, path: Path, title: str | None) -> dict[str, Any]:
    try:
        data = await asyncio.to_thread(read_file, path)
        imported = await house.documents.import_document(data, file_name=path.name, title=title)
    except OSError as error:
        return {"file": str(path), "error": f"the file can’t be read ({error.strerror or 'unknown reason'})"}
    except SourceError as error:
        return {"file": str(path), "error": error.reason}
    return _imported(str(path), imported)


def _imported(name: str, imported: Imported) -> dict[str, Any]:
    report = imported.report
    return {
        "file": name,
        "source": imported.source.title,
        "new": len(report.new),
        "changed": len(report.changed),
        "withdrawn": len(report.withdrawn),
        "unchanged": report.unchanged,
        "known": imported.is_known,
    }
