"""What changed in the world, as the gateway event it makes; listeners are the gateway, pages and settlers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `only_for` is the one person who sees it (ephemeral messages); such never reach the gateway."""

    event: str
    data: dict[str, Any]
    guild_id: int | None = None
    channel_id: int | None = None
    only_for: int | None = None


Listener = Callable[[Change], None]


class Changes:
    """The stream of changes."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def emit(self, change: Change) -> None:
        """Tell every listener, in the order they came."""
        for listener in tuple(self._listeners):
            listener(change)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with each change from now on; the function returned ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @asynccontextmanager
    async def subscribe(self) -> AsyncIterator[AsyncIterator[Change]]:
        """Give the changes from now on as a stream."""
        queue: asyncio.Queue[Change] = asyncio.Queue()
        stop = self.listen(queue.put_nowait)

        async def stream() -> AsyncIterator[Change]:
            while True:
                yield await queue.get()

        try:
            yield stream()
        finally:
            stop()
