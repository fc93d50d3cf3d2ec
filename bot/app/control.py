"""The control socket: how command-line verbs that write hand their request to the running bot.

A Unix socket beside the database, for its owner alone (0600). A request is one JSON line
`{"verb": …, "arguments": {…}}`; the answers are JSON lines `{"progress": text}`, then one `{"result": …}` or
`{"error": sentence, "exit_code": n}`.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from bot.errors import DatelineError, SetupError

log = logging.getLogger(__name__)

Progress = Callable[[str], None]
Request = Callable[[Mapping[str, Any], Progress], Awaitable[Any]]
Explain = Callable[[DatelineError], tuple[str, int]]


class NobodyError(DatelineError):
    """No bot runs on the database."""


_LONGEST_PATH = 100  # a Unix socket's address holds 104 to 108 bytes
_LONGEST_LINE = 4 << 20


def socket_path(database: Path) -> Path:
    """Give the socket's path: beside the database, or in a private temporary folder where that is too long."""
    beside = database.with_name(database.name + ".sock")
    if len(os.fsencode(beside)) <= _LONGEST_PATH:
        return beside
    name = hashlib.sha256(os.fsencode(beside)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"dateline-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{name}.sock"


@contextlib.asynccontextmanager
async def serve(path: Path, requests: Mapping[str, Request], explain: Explain) -> AsyncIterator[None]:
    """Serve requests until the block ends; call it only while holding the database's lock."""
    path.unlink(missing_ok=True)  # left behind by a killed bot; the lock says that nobody serves it
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        try:
            with contextlib.suppress(ConnectionError):
                await _serve_one(reader, writer, requests, explain)
        finally:
            writer.close()

    mask = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(connected, path, limit=_LONGEST_LINE)
    finally:
        os.umask(mask)
    try:
        yield
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        path.unlink(missing_ok=True)


async def _serve_one(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, requests: Mapping[str, Request], explain: Explain
) -> None:
    def tell(**line: object) -> None:
        writer.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")

    try:
        asked = json.loads(await reader.readline())
        request = requests.get(asked["verb"])
        if request is None:
            tell(error="The running bot is of another version and does not know this. Restart it.", exit_code=69)
        else:
            tell(result=await request(asked["arguments"], lambda text: tell(progress=text)))
    except DatelineError as error:
        sentence, code = explain(error)
        tell(error=sentence, exit_code=code)
    except (ValueError, KeyError, TypeError):
        tell(error="The running bot did not understand the request. Nothing was changed.", exit_code=65)
    except Exception:
        log.exception("A request over the control socket failed")
        tell(error="Something went wrong in the running bot and nothing was changed. Its log says more.", exit_code=70)
    await writer.drain()


async def ask(path: Path, verb: str, arguments: Mapping[str, Any], progress: Progress) -> Any:  # noqa: ANN401 - JSON
    """Hand a request to the running bot and give its result.

    Raises:
        NobodyError: no bot runs on this database; nothing was asked.
        SetupError: the bot refused, or stopped meanwhile; a sentence and an exit code.
    """
    try:
        reader, writer = await asyncio.open_unix_connection(path, limit=_LONGEST_LINE)
    except OSError as error:
        raise NobodyError from error
    try:
        return await _asked(reader, writer, verb, arguments, progress)
    except OSError as error:
        raise _stopped() from error
    finally:
        writer.close()


async def _asked(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    verb: str,
    arguments: Mapping[str, Any],
    progress: Progress,
) -> Any:  # noqa: ANN401 - JSON
    writer.write(json.dumps({"verb": verb, "arguments": dict(arguments)}).encode() + b"\n")
    await writer.drain()
    while line := await reader.readline():
        answer = json.loads(line)
        if "result" in answer:
            return answer["result"]
        if "error" in answer:
            raise SetupError(answer["error"], exit_code=answer["exit_code"])
        progress(answer["progress"])
    raise _stopped()


def _stopped() -> SetupError:
    return SetupError("The bot stopped before it had finished. Ask again once it runs.", exit_code=75)
