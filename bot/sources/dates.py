"""Dates as documents state them ("Published: December 3rd, 2025, 4:15 p.m.") → instants. Nothing is guessed."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b", re.IGNORECASE)
_HALF_OF_DAY = re.compile(r"(?<=\d)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_BETWEEN = re.compile(r",\s*|\s+at\s+|\.?\s+")  # the point of "Dec." goes, those of "4.12.2025" stay
_DAYS = ("%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%Y/%m/%d", "%d.%m.%Y")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M%p", " %I%p")


def read_date(text: str) -> datetime | None:
    """Read a stated date or time; without a zone it counts as UTC; None when it is not clear."""
    text = text.strip().removesuffix(" UTC").removesuffix(" GMT")
    for read_one in (datetime.fromisoformat, _in_words, _of_a_letter):
        try:
            found = read_one(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _in_words(text: str) -> datetime:
    halved = _HALF_OF_DAY.sub(lambda half: f"{half[1]}m", _ORDINAL.sub("", _WEEKDAY.sub("", text)))
    plain = _BETWEEN.sub(" ", halved).replace("Sept ", "Sep ")
    for form in (day + time for day in _DAYS for time in _TIMES):
        try:
            return datetime.strptime(plain, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(text)


def _of_a_letter(text: str) -> datetime:
    """Read a date as mail has it. That reader takes no notice of "PM": a time of twelve hours is none for it."""
    if _HALF_OF_DAY.search(text):
        raise ValueError(text)
    return parsedate_to_datetime(text)
