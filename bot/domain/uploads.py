"""Uploads: a file that somebody hands in, with what is known of it before it is read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Upload:
    """A file by name and size; `read` gets its bytes."""

    name: str
    size: int
    read: Callable[[], Awaitable[bytes]]
