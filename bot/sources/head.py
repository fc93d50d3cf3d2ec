"""The head of an XML feed: the few things about pace and language that the parsing libraries leave out."""

import re
from dataclasses import dataclass

from bot.domain.feeds import NO_CADENCE, Cadence

_HEAD_BYTES = 64 * 1024
_FIRST_ENTRY = re.compile(rb"<(?:\w{1,16}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_FIELD = re.compile(
    rb"<(?:\w{1,16}:)?(ttl|language|updatePeriod|updateFrequency|hour|day)\s*>\s*(?:<!\[CDATA\[)?\s*([^<\]]{1,40})",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    rb"<(?:\w{1,16}:)?(?:rss|feed|rdf)\b[^>]{0,4096}?xml:(lang|base)\s*=\s*[\"']([^\"'<>]{1,2048})", re.IGNORECASE
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIODS = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the first entry."""

    cadence: Cadence = NO_CADENCE
    language: str = ""
    base: str = ""


def read_head(body: bytes) -> Head:
    """Read the part before the first entry; never raises, whatever stands there."""
    start = body[:_HEAD_BYTES].replace(b"\0", b"")  # UTF-16 in ASCII's letters
    first = _FIRST_ENTRY.search(start)
    start = start[: first.start()] if first else start
    fields: dict[str, list[str]] = {}
    for name, value in _FIELD.findall(start):
        fields.setdefault(name.decode().lower(), []).append(value.decode("ascii", "ignore").strip())
    attributes = {name.decode().lower(): value.decode("utf-8", "ignore") for name, value in _ATTRIBUTE.findall(start)}
    language = (fields.get("language") or [attributes.get("lang", "")])[0]
    return Head(_cadence(fields), language, attributes.get("base", ""))


def _cadence(fields: dict[str, list[str]]) -> Cadence:
    period_s = _PERIODS.get((fields.get("updateperiod") or [""])[0].lower(), 0)
    frequency = max(1, _number((fields.get("updatefrequency") or ["1"])[0]))
    hours = frozenset(_number(hour, -1) % 24 for hour in fields.get("hour", ()) if 0 <= _number(hour, -1) <= 24)
    days = frozenset(_DAYS.index(day.lower()) for day in fields.get("day", ()) if day.lower() in _DAYS)
    return Cadence(
        ttl_s=60.0 * _number((fields.get("ttl") or ["0"])[0]),
        period_s=period_s / frequency,
        skip_hours=hours if len(hours) < 24 else frozenset(),  # a publisher who closes every hour means none
        skip_days=days if len(days) < 7 else frozenset(),
    )


def _number(text: str, default: int = 0) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else default
