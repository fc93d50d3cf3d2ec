"""How jobs and answers travel between the bot and its worker: a length, a tag, and a pickle of plain values.

The worker reads hostile bytes, so its answers are not trusted: only our own dataclasses and enumerations, arrays of
numbers and the standard dates can be rebuilt from them; no function can be named.
"""

import io
import pickle
import struct
from array import array
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum, StrEnum
from functools import cache
from importlib import import_module
from operator import attrgetter
from typing import Any

HEADER = struct.Struct(">I?c")  # length, whether the worker ends after this answer, tag
MAX_FRAME = 64 * 1024 * 1024


class Tag(StrEnum):
    """What a frame holds."""

    JOB = "j"
    LOADED = "l"  # the job's module is imported; its time starts now
    RESULT = "r"
    SOURCE_ERROR = "s"
    FAILED = "f"


def pack(tag: Tag, value: object, *, is_last: bool = False) -> bytes:
    """Make a frame."""
    written = io.BytesIO()
    _Plain(written, protocol=5).dump(value)
    payload = written.getvalue()
    return HEADER.pack(len(payload), is_last, tag.encode()) + payload


class _Plain(pickle.Pickler):
    def reducer_override(self, value: object) -> Any:  # noqa: ANN401 - what pickle asks for
        """Write our values as calls of their classes; for dataclasses, whose own way is slow, with all their fields.

        Members of enumerations go by their value: Python up to 3.11.3 would name `getattr`.
        """
        kind = type(value)
        if kind not in _READERS:
            _READERS[kind] = _reader(kind)
        read = _READERS[kind]
        return NotImplemented if read is None else (kind, read(value))


_READERS: dict[type, Callable[[Any], tuple[Any, ...]] | None] = {}


def _reader(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    """Give what reads the arguments that make a value of this class anew; None where pickle knows best."""
    if issubclass(kind, Enum):
        return lambda member: (member.value,)
    if kind is array:
        return lambda numbers: (numbers.typecode, numbers.tobytes())
    if not is_dataclass(kind):
        return None
    names = [field.name for field in fields(kind)]
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)


def unpack(payload: bytes) -> Any:  # noqa: ANN401 - whatever the job gives
    """Read a frame's value.

    Raises:
        pickle.UnpicklingError: it names anything but our plain values.
    """
    return _Careful(io.BytesIO(payload)).load()


_CONTAINERS = {("builtins", "frozenset"): frozenset, ("array", "array"): array}
_STANDARD = {kind.__name__: kind for kind in (date, datetime, time, timedelta, timezone)}


class _Careful(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> type:
        return _plain_class(module, name)


@cache
def _plain_class(module: str, name: str) -> type:
    if module == "datetime" and name in _STANDARD:
        return _STANDARD[name]
    if (module, name) in _CONTAINERS:
        return _CONTAINERS[module, name]
    found = getattr(import_module(module), name, None) if module.startswith("bot.") else None
    if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
        return found
    raise pickle.UnpicklingError(f"{module}.{name} may not come from the worker")
