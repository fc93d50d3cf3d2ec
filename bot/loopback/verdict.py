"""Collects what is wrong with a request body, each objection with its path, and says it in Discord's shape."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.loopback.problems import Problem

Path = tuple[str | int, ...]
_ADDRESS = re.compile(r"(?:https?|discord)://[^\s/]+")


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing Discord would not take: where, its code, its sentence."""

    path: Path
    code: str
    sentence: str

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path)) or '(body)'}: {self.code}: {self.sentence}"


class Verdict:
    """The objections to one body, in the order they were found."""

    def __init__(self) -> None:
        self.objections: list[Objection] = []

    def add(self, path: Path, code: str, sentence: str) -> None:
        """Object."""
        self.objections.append(Objection(path, code, sentence))

    def text(self, path: Path, value: object, low: int, high: int) -> bool:
        """Say whether `value` is a text of `low` to `high` characters; object otherwise."""
        if not isinstance(value, str):
            self.add(path, "BASE_TYPE_REQUIRED" if value is None else "STRING_TYPE_CONVERT", "A text is required")
            return False
        if not low <= len(value) <= high:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
            return False
        return True

    def optional_text(self, path: Path, value: object, high: int) -> None:
        """Object to a text that is given and longer than `high`."""
        if value is not None:
            self.text(path, value, 0, high)

    def items(self, path: Path, value: object, low: int, high: int) -> list[Any]:
        """Give the items of a list of `low` to `high`; object and give what is there otherwise."""
        if not isinstance(value, list):
            self.add(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not low <= len(value) <= high:
            self.add(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        return value

    def whole(self, path: Path, value: object, low: int, high: int) -> bool:
        """Say whether `value` is a whole number in the range; object otherwise."""
        if not isinstance(value, int) or isinstance(value, bool):
            self.add(path, "NUMBER_TYPE_COERCE", "A whole number is required")
            return False
        if not low <= value <= high:
            self.add(path, "NUMBER_TYPE_RANGE", f"Value must be between {low} and {high}.")
            return False
        return True

    def choice(self, path: Path, value: object, allowed: Collection[object]) -> None:
        """Object to a value outside of `allowed`."""
        if value not in allowed:
            self.add(path, "BASE_TYPE_CHOICES", f"Value must be one of {sorted(map(str, allowed))}.")

    def address(self, path: Path, value: object, high: int, *, names: Collection[str] = ()) -> None:
        """Object to what is no http, https or discord address, nor `attachment://` one of `names`."""
        if not self.text(path, value, 1, high):
            return
        text = str(value)
        if text.startswith("attachment://"):
            if text.removeprefix("attachment://") not in names:
                self.add(path, "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND", "No such attachment")
        elif not _ADDRESS.match(text):
            self.add(path, "URL_TYPE_INVALID_URL", "Not a well formed URL.")

    def fields(self, path: Path, body: Mapping[str, object], known: Collection[str]) -> None:
        """Object to fields Discord does not know there (it ignores them: they are mistakes all the same)."""
        for name in sorted(set(body) - set(known)):
            self.add((*path, name), "UNKNOWN_FIELD", "Discord does not know this field.")

    def unique(self, path: Path, values: Sequence[object], code: str, what: str) -> None:
        """Object when a value appears twice."""
        if len(set(values)) != len(values):
            self.add(path, code, f"{what} must be unique")

    def enforce(self) -> None:
        """Raise Discord's 50035 when there was any objection."""
        if self.objections:
            raise Problem(400, 50035, "Invalid Form Body", self.errors())

    def errors(self) -> dict[str, Any]:
        """Give the objections as Discord nests them: path by path, lists under `_errors`."""
        tree: dict[str, Any] = {}
        for objection in self.objections:
            node = tree
            for step in objection.path:
                node = node.setdefault(str(step), {})
            node.setdefault("_errors", []).append({"code": objection.code, "message": objection.sentence})
        return tree
