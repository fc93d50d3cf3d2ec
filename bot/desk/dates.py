"""Dates as people write them: "2026-12-24", "24.12.", "24 December", "3 weeks", "Monday". Ambiguous ones are refused.

"5/4" is the fourth of May to some and the fifth of April to others, so it is never guessed.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.domain.text import clean_line, fold
from bot.errors import Code, UserError

FURTHEST = timedelta(days=731)
_WEEK = 7
_LONGEST_NUMBER = 4  # digits
_CENTURY = 100

_WEEKDAYS = (
    "monday montag lundi lunes mon mo lun",
    "tuesday dienstag mardi martes tue di mar",
    "wednesday mittwoch mercredi miercoles wed mi mer mie",
    "thursday donnerstag jeudi jueves thu do jeu jue",
    "friday freitag vendredi viernes fri fr ven vie",
    "saturday samstag sonnabend samedi sabado sat sa sam sab",
    "sunday sonntag dimanche domingo sun so dim dom",
)
_MONTHS = (
    "january januar janner janvier enero jan ene janv",
    "february februar fevrier febrero feb fevr",
    "march marz maerz mars marzo mar mrz",
    "april avril abril apr abr avr",
    "may mai mayo",
    "june juni juin junio jun",
    "july juli juillet julio jul juil",
    "august aout agosto aug ago",
    "september septembre septiembre sep sept",
    "october oktober octobre octubre oct okt",
    "november novembre noviembre nov",
    "december dezember decembre diciembre dec dez dic",
)
_UNITS = {
    "d": "day days tag tage tagen jour jours dia dias d",
    "w": "week weeks woche wochen semaine semaines semana semanas w",
    "m": "month months monat monate monaten mois mes meses",
}
_DAYS = {word: number for number, words in enumerate(_WEEKDAYS) for word in words.split()}
_MONTH = {word: number for number, words in enumerate(_MONTHS, 1) for word in words.split()}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_TODAY = frozenset({"today", "heute", "aujourd hui", "hoy"})  # understood, and told that it is not ahead
_TOMORROW = frozenset({"tomorrow", "morgen", "demain", "manana"})
_BEFORE = (
    "until till to on in for next the of bis am zum fur nachsten nachste jusqu au a le dans pour prochain hasta el en"
)
_FILLERS = frozenset([*_BEFORE.split(), "de", "del", "al", "proximo"])
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.?\s*(\d{2}|\d{4})?\.?")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{2}|\d{4}))?")
_SPAN = re.compile(rf"(\d{{1,{_LONGEST_NUMBER}}})\s*([a-z]+)")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th|er)?\s+([a-z]+)\.?[\s,]*(\d{4})?")
_MONTH_FIRST = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?[\s,]*(\d{4})?")


def parse_date(text: str, today: date) -> date:
    """Read a date that lies ahead: after `today`, at most two years. Without a year it is the next such date.

    Raises:
        UserError: UNKNOWN_DATE for what is no date, DATE_NOT_AHEAD for one that is past or too far away.
    """
    found = _read(_words(text), today)
    if found is None:
        raise UserError(Code.UNKNOWN_DATE, text=text)
    if not today < found <= today + FURTHEST:
        raise UserError(Code.DATE_NOT_AHEAD, text=text)
    return found


def _words(text: str) -> str:
    words = fold(clean_line(text)).replace("’", " ").replace("'", " ").split()
    while words and words[0] in _FILLERS:
        words.pop(0)
    return " ".join(word for word in words if word not in {"of", "de", "the", "del"})


def _read(words: str, today: date) -> date | None:
    for pattern, read in _FORMS:
        if found := pattern.fullmatch(words):
            return read(found, today)
    return _word(words, today)


def _word(word: str, today: date) -> date | None:
    if word in _TODAY or word in _TOMORROW:
        return today + timedelta(days=int(word in _TOMORROW))
    if word not in _DAYS:
        return None
    return today + timedelta(days=(_DAYS[word] - today.weekday() - 1) % _WEEK + 1)


def _iso(found: re.Match[str], _today: date) -> date | None:
    return _date(int(found[1]), int(found[2]), int(found[3]))


def _dotted(found: re.Match[str], today: date) -> date | None:
    return _dated(int(found[1]), int(found[2]), found[3], today)


def _named(day: str, month: str, year: str | None, today: date) -> date | None:
    return _dated(int(day), _MONTH[month], year, today) if month in _MONTH else None


def _span(found: re.Match[str], today: date) -> date | None:
    unit = _UNIT.get(found[2])
    if unit is None:
        return _named(found[1], found[2], None, today)
    return _later(today, int(found[1]), unit)


def _slashed(found: re.Match[str], today: date) -> date | None:
    """Read what can be meant in one way only."""
    first, second, year = int(found[1]), int(found[2]), found[3]
    if first == second or second > len(_MONTHS) >= first:
        return _dated(second, first, year, today)
    return _dated(first, second, year, today) if first > len(_MONTHS) >= second else None


def _dated(day: int, month: int, year: str | None, today: date) -> date | None:
    """Give a day of a year, or without one the next of its kind; 29 February may be years away."""
    if year is not None:
        number = int(year)
        return _date(number if number >= _CENTURY else today.year // _CENTURY * _CENTURY + number, month, day)
    ahead = (_date(each, month, day) for each in range(today.year, today.year + 9))
    return next((found for found in ahead if found is not None and found > today), None)


def _later(today: date, number: int, unit: str) -> date | None:
    if unit == "m":
        year, month = divmod(today.year * 12 + today.month - 1 + number, 12)
        day = min(today.day, calendar.monthrange(min(year, 9_998), month + 1)[1])
        return _date(year, month + 1, day)
    return today + timedelta(days=number * (_WEEK if unit == "w" else 1))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = (
    (_ISO, _iso),
    (_DOTTED, _dotted),
    (_SLASHED, _slashed),
    (_SPAN, _span),
    (_DAY_FIRST, lambda found, today: _named(found[1], found[2], found[3], today)),
    (_MONTH_FIRST, lambda found, today: _named(found[2], found[1], found[3], today)),
)
