"""The codec of custom ids: frozen values to `d1:<kind>:<arguments>` and back."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from enum import Enum
from types import NoneType
from typing import Any, ClassVar, TypeVar, get_args, get_type_hints

from bot.render.limits import CUSTOM_ID

_VERSION = "d1"
_MOST = 2**63 - 1  # the largest number that the store holds


@dataclass(frozen=True, slots=True)
class Control:
    """Anything that can be pressed, chosen or handed in; its fields are ids and words of ours, never user text."""

    kind: ClassVar[str]

    @property
    def custom_id(self) -> str:
        """The id that stands for this control in a message."""
        values = [_write(getattr(self, item.name)) for item in fields(self)]
        custom_id = ":".join((_VERSION, self.kind, *values))
        if len(custom_id) > CUSTOM_ID:
            raise ValueError(f"custom id too long: {custom_id}")
        return custom_id


REGISTRY: dict[str, type[Control]] = {}
_HINTS: dict[str, dict[str, Any]] = {}
_C = TypeVar("_C", bound=type[Control])


def control(kind: str) -> Callable[[_C], _C]:
    """Register a class of controls under the word that its ids carry."""

    def register(cls: _C) -> _C:
        cls.kind = kind
        REGISTRY[kind] = cls
        hints = get_type_hints(cls)
        _HINTS[kind] = {item.name: hints[item.name] for item in fields(cls)}
        return cls

    return register


def read(custom_id: str) -> Control | None:
    """Read a custom id back; None when it is not ours, of another version, or forged."""
    version, _, rest = custom_id.partition(":")
    kind, *values = rest.split(":")
    cls = REGISTRY.get(kind)
    if version != _VERSION or cls is None:
        return None
    hints = _HINTS[kind]
    if len(values) != len(hints):
        return None
    try:
        return cls(**{name: _read(hint, value) for (name, hint), value in zip(hints.items(), values, strict=True)})
    except ValueError:
        return None


def _write(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case Enum():
            return str(value.value)
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _read(hint: Any, value: str) -> object:  # noqa: ANN401 - a type hint may be anything
    if choices := get_args(hint):
        if not value:
            return None
        (hint,) = (choice for choice in choices if choice is not NoneType)
    if hint is bool:
        return bool(["0", "1"].index(value))
    if hint is int:
        if not value.isascii() or not value.isdigit() or len(value) > 20 or int(value) > _MOST:
            raise ValueError("not a number of ours")
        return int(value)
    return date.fromisoformat(value) if hint is date else hint(value)
