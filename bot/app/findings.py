"""Findings: what `dateline check` says, one line each: what was looked at, how it is, and the one thing to do."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

_MB = 1 << 20


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"  # worth knowing; nothing to do
    WARNING = "warning"  # something does not work as it should
    PROBLEM = "problem"  # the bot, or a briefing, does not work


EXIT_CODES = {Level.OK: 0, Level.NOTE: 0, Level.WARNING: 1, Level.PROBLEM: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check."""

    area: str
    level: Level
    text: str
    cure: str = ""  # the one thing to do, as a sentence

    def as_json(self) -> dict[str, Any]:
        """Give it for JSON."""
        return asdict(self) | {"level": self.level.value}


def from_json(value: dict[str, Any]) -> Finding:
    """Read what `as_json` gave."""
    return Finding(str(value["area"]), Level(value["level"]), str(value["text"]), str(value["cure"]))


def exit_code(findings: Iterable[Finding]) -> int:
    """Give 0 when all is well, 1 for warnings, 2 for problems."""
    return max((EXIT_CODES[finding.level] for finding in findings), default=0)


def few(findings: list[Finding], most: int = 20) -> list[Finding]:
    """Keep the first of many alike, and say how many more there are."""
    if len(findings) <= most:
        return findings
    last = findings[most]
    more = Finding(last.area, last.level, f"{len(findings) - most:,} more like these.", last.cure)
    return [*findings[:most], more]


def megabytes(number: int) -> str:
    """Give a number of bytes for people."""
    if number < 10_240 * _MB:
        return f"{number / _MB:,.0f} MB" if number >= 10 * _MB else f"{number / _MB:,.1f} MB"
    return f"{number / 1024 / _MB:,.0f} GB"
