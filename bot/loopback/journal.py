"""Writes what happened to messages as JSON lines, so that a test can count what was lost or doubled afterwards."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.loopback import limits
from bot.loopback.changes import Change
from bot.loopback.world import World

_DONE = {"MESSAGE_CREATE": "create", "MESSAGE_UPDATE": "edit", "MESSAGE_DELETE": "delete"}


def keep_journal(world: World, path: Path) -> Callable[[], None]:
    """Append a line for each message created, edited or deleted; the function returned closes the file."""
    file = path.open("a", buffering=1, encoding="utf-8")

    def note(change: Change) -> None:
        if change.event in _DONE:
            file.write(json.dumps(_line(world, change), ensure_ascii=False) + "\n")

    stop = world.changes.listen(note)

    def close() -> None:
        stop()
        file.close()

    return close


def _line(world: World, change: Change) -> dict[str, Any]:
    data = change.data
    line = {"do": _DONE[change.event], "at": world.time.now().isoformat(), "id": data["id"]}
    line |= {"channel": data["channel_id"], "guild": data.get("guild_id")}
    if change.event == "MESSAGE_DELETE":
        return line
    return line | {
        "author": data["author"]["username"],
        "nonce": data.get("nonce"),
        "content": data["content"],
        "v2": bool(data["flags"] & limits.V2_FLAG),
        "private": change.only_for is not None,
    }
