"""Times of day as people write them: "8", "8am", "08.00", "20h", "noon". Never guessed, never rounded."""

import re
import unicodedata
from datetime import time

from bot.errors import Code, UserError

_NOON = ("noon", "midday", "mittag", "mittags", "midi", "mediodía", "mediodia")
_MIDNIGHT = ("midnight", "mitternacht", "minuit", "medianoche")
_WORDS = dict.fromkeys(_NOON, time(12)) | dict.fromkeys(_MIDNIGHT, time(0))
_FORM = re.compile(
    r"""(?P<hour>\d{1,2})
        (?: \s*(?:[:.h]|uhr)\s*(?P<minute>\d{2})? )?
        \s*(?P<half>[ap]\.?m\.?)?
        (?:\s*(?:h|uhr|o.?clock))?""",
    re.VERBOSE,
)
_COMPACT = re.compile(r"(?P<hour>\d{2})(?P<minute>\d{2})")


def parse_time(text: str) -> time:
    """Read a time of day.

    Raises:
        UserError: UNKNOWN_TIME, for what is no time ("24:00", "7:60", "13pm", "soon").
    """
    words = unicodedata.normalize("NFKC", text).strip().casefold()
    if words in _WORDS:
        return _WORDS[words]
    found = _COMPACT.fullmatch(words) or _FORM.fullmatch(words)
    if found is None:
        raise UserError(Code.UNKNOWN_TIME, text=text)
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found.groupdict().get("half") or "").replace(".", "")
    if half and not 1 <= hour <= 12:
        raise UserError(Code.UNKNOWN_TIME, text=text)
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    try:
        return time(hour, minute)
    except ValueError as error:
        raise UserError(Code.UNKNOWN_TIME, text=text) from error
