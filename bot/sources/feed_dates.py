"""Dates as feeds state them: what a date leaves open is not filled in. Only the worker process imports it.

Both stand before what fastfeedparser uses for the dates that it can't read itself.
"""

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from dateutil import parser as dateutil_parser
from fastfeedparser.main import _custom_tzinfos

_FILLERS = (datetime(2001, 1, 1), datetime(2002, 2, 2))  # noqa: DTZ001 - the zone is the date's own
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2\d{2,4}(?!\d)")
_MAIL = re.compile(r"\d{4}\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+[+-]\d{4})?$")
_OF_GREENWICH = re.compile(r"\b(?:GMT|UTC)(?=[+-]\d)")


class StatedDates:
    """Stands before dateutil, which would fill what a date leaves out with today's."""

    @staticmethod
    def parse(value: str, **options: Any) -> datetime:  # noqa: ANN401 - dateutil's own signature
        """Read a date.

        Raises:
            ValueError: it is none, is not complete, or may be one of two days.
        """
        numeric = _NUMERIC.search(value)
        if numeric and numeric[2] != "." and numeric[1] != numeric[3] and max(int(numeric[1]), int(numeric[3])) <= 12:
            raise ValueError("the date may be one of two days")
        options["dayfirst"] = bool(numeric and numeric[2] == ".")
        first, second = (dateutil_parser.parse(value, default=filler, **options) for filler in _FILLERS)
        if second.date() != first.date():
            raise ValueError("the date is not complete")
        return first  # type: ignore[no-any-return]


def mail_date(value: str) -> datetime:
    """Read a date as mails have them. Of what is written otherwise the standard library reads only a part.

    It passes over "+01:00", "GMT+0100" and "PM"; dateutil knows them.

    Raises:
        ValueError: it is none.
    """
    value = _OF_GREENWICH.sub("", value)  # "GMT+0100" is meant as +0100
    if not _MAIL.search(value):
        try:
            return StatedDates.parse(value, tzinfos=_zone)
        except (ValueError, ArithmeticError):
            pass
    return parsedate_to_datetime(value)


def _zone(name: str | None, offset_s: int | None) -> int | None:
    return _custom_tzinfos.get(name or "") if offset_s is None else offset_s
