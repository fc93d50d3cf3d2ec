"""A settings file as text and back: JSON that people can read and edit. Reading is strict: it says what is wrong where.

    SettingsFile ──write──► bytes ──read──► the same SettingsFile

Ids are texts, since JSON's numbers lose digits of them. Every key must be there; one that is not known is a mistake.
"""

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from enum import Enum
from typing import Any, NoReturn, TypeVar

from bot.desk.scheduling import MOST_PER_PLACE
from bot.desk.server_settings import MOST_PUBLIC
from bot.desk.setup import MOST_NAME
from bot.desk.sources import MOST_PER_PLACE as MOST_SOURCES
from bot.desk.zones import is_zone
from bot.domain.editions import LeadChoice
from bot.domain.place_filters import MAX_TERM, MAX_TERMS
from bot.domain.places import BriefingSettings, QuietDay, SampleMode, Style
from bot.domain.settings_files import (
    BriefingLine,
    FilterRules,
    Named,
    Problem,
    SettingsFile,
    SourceLine,
)
from bot.domain.text import clean_line
from bot.domain.topics import Topic
from bot.errors import Code, UserError

VERSION = 1
MOST_BYTES = 256 * 1024
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_KIND = "settings"
_MOST_ID = 2**63 - 1
_ADDRESS = 2_000
_TITLE = 300
_TIME = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_MOST_STORIES = 12
_MOST_GRACE_MIN = 720

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
Read = Callable[[Any, str], T]


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def write(value: SettingsFile, now: datetime) -> bytes:
    """Give the file."""
    document = {
        "dateline": _KIND,
        "version": VERSION,
        "exported": now.strftime("%Y-%m-%d %H:%M UTC"),
        "server": {
            "zone": value.zone,
            "sample": value.sample.value,
            "public_channels": [_named(one) for one in value.public_channels],
            "notices_channel": _named(value.notices_channel),
            "news_managers": _named(value.manager_role),
            "sharing": value.may_share,
            "corrections": value.corrections,
        },
        "filters": {
            "only_words": list(value.filters.include),
            "without_words": list(value.filters.exclude),
            "only_topics": [topic.value for topic in value.filters.topics],
            "without_topics": [topic.value for topic in value.filters.excluded_topics],
            "only_sources": list(value.filters.sources),
            "only_languages": list(value.filters.languages),
        },
        "sources": [
            {"address": one.address, "title": one.title, "pack": one.pack, "paused": one.is_paused}
            for one in value.sources
        ],
        "briefings": [_briefing(one) for one in value.briefings],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _named(value: Named | None) -> dict[str, str] | None:
    return None if value is None else {"id": str(value.id), "name": value.name}


def _briefing(one: BriefingLine) -> dict[str, object]:
    settings = one.settings
    return {
        "name": settings.name,
        "channel": _named(one.channel),
        "time": one.local_time.strftime("%H:%M"),
        "zone": one.zone,
        "days": [day for number, day in enumerate(DAYS) if one.weekdays >> number & 1],
        "on": one.is_on,
        "paused_until": one.paused_until.isoformat() if one.paused_until else None,
        "minutes_late": one.grace_s // 60,
        "style": settings.style.value,
        "topics": [topic.value for topic in settings.topics],
        "sources": list(one.sources),
        "lead_with": settings.lead_choice.value,
        "stories": settings.max_stories,
        "when_quiet": settings.quiet_day.value if settings.quiet_day else None,
        "ping": _named(one.role),
        "publish": settings.publish,
        "discussion": settings.discussion,
    }


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────


def read(body: bytes, name: str) -> SettingsFile:
    """Read a file.

    Raises:
        UserError: SETTINGS_UNREADABLE, with the file's name, what is wrong and where.
    """
    try:
        if len(body) > MOST_BYTES:
            _refuse(Problem.TOO_LARGE)
        return _document(_parse(body))
    except UserError as error:
        raise UserError(error.code, name=name, **error.parameters) from error


def _refuse(problem: Problem, where: str = "") -> NoReturn:
    raise UserError(Code.SETTINGS_UNREADABLE, problem=problem.value, where=where)


def _parse(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        _refuse(Problem.NOT_JSON)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            _refuse(Problem.TWICE, name)
    return dict(pairs)


def _no_constant(_word: str) -> NoReturn:
    _refuse(Problem.NOT_JSON)


class _Box:
    """An object of the file: each key is taken once, and none may be left."""

    def __init__(self, raw: object, where: str = "") -> None:
        if not isinstance(raw, dict):
            _refuse(Problem.WRONG_KIND, where)
        self._raw: dict[str, Any] = dict(raw)
        self._where = where

    def take(self, name: str, read_: Read[T]) -> T:
        """Read the value of a key."""
        at = self._at(name)
        if name not in self._raw:
            _refuse(Problem.MISSING, at)
        return read_(self._raw.pop(name), at)

    def end(self) -> None:
        """Refuse what nobody asked for."""
        for name in self._raw:
            _refuse(Problem.NOT_KNOWN, self._at(str(name)))

    def _at(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name


def _document(raw: object) -> SettingsFile:
    if not isinstance(raw, dict) or raw.get("dateline") != _KIND:
        _refuse(Problem.NOT_OURS)
    version = raw.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        _refuse(Problem.NOT_OURS)
    if version > VERSION:
        _refuse(Problem.NEWER)
    box = _Box({name: value for name, value in raw.items() if name not in {"dateline", "version"}})
    box.take("exported", _text(40))
    server = _Box(box.take("server", _any), "server")
    value = SettingsFile(
        zone=server.take("zone", _maybe(_zone)),
        sample=server.take("sample", _one_of(SampleMode)),
        public_channels=server.take("public_channels", _many(_channel, MOST_PUBLIC)),
        notices_channel=server.take("notices_channel", _maybe(_channel)),
        manager_role=server.take("news_managers", _maybe(_channel)),
        may_share=server.take("sharing", _flag),
        corrections=server.take("corrections", _flag),
        filters=box.take("filters", _filters),
        sources=box.take("sources", _many(_source, MOST_SOURCES)),
        briefings=box.take("briefings", _many(_schedule, MOST_PER_PLACE)),
    )
    server.end()
    box.end()
    return value


def _filters(raw: object, where: str) -> FilterRules:
    box = _Box(raw, where)
    rules = FilterRules(
        include=box.take("only_words", _many(_text(MAX_TERM), MAX_TERMS)),
        exclude=box.take("without_words", _many(_text(MAX_TERM), MAX_TERMS)),
        topics=box.take("only_topics", _many(_one_of(Topic), len(Topic))),
        excluded_topics=box.take("without_topics", _many(_one_of(Topic), len(Topic))),
        sources=box.take("only_sources", _many(_text(_ADDRESS), 500)),
        languages=box.take("only_languages", _many(_text(35), 50)),
    )
    box.end()
    return rules


def _source(raw: object, where: str) -> SourceLine:
    box = _Box(raw, where)
    line = SourceLine(
        address=box.take("address", _text(_ADDRESS)),
        title=box.take("title", _text(_TITLE)),
        pack=box.take("pack", _maybe(_text(60))),
        is_paused=box.take("paused", _flag),
    )
    box.end()
    return line


def _schedule(raw: object, where: str) -> BriefingLine:
    box = _Box(raw, where)
    settings = BriefingSettings(
        name=box.take("name", _text(MOST_NAME)),
        style=box.take("style", _one_of(Style)),
        topics=box.take("topics", _many(_one_of(Topic), len(Topic))),
        lead_choice=box.take("lead_with", _one_of(LeadChoice)),
        max_stories=box.take("stories", _whole(1, _MOST_STORIES)),
        quiet_day=box.take("when_quiet", _maybe(_one_of(QuietDay))),
        publish=box.take("publish", _flag),
        discussion=box.take("discussion", _flag),
    )
    line = BriefingLine(
        channel=box.take("channel", _maybe(_channel)),
        local_time=box.take("time", _clock),
        zone=box.take("zone", _zone),
        weekdays=sum(1 << day for day in set(box.take("days", _many(_day, len(DAYS), least=1)))),
        is_on=box.take("on", _flag),
        paused_until=box.take("paused_until", _maybe(_date)),
        grace_s=box.take("minutes_late", _whole(0, _MOST_GRACE_MIN)) * 60,
        role=box.take("ping", _maybe(_channel)),
        sources=box.take("sources", _many(_text(_ADDRESS), 500)),
        settings=settings,
    )
    box.end()
    return line


def _any(raw: object, _where: str) -> object:
    return raw


def _channel(raw: object, where: str) -> Named:
    """Read a channel or a role."""
    box = _Box(raw, where)
    typed = box.take("id", _text(19))
    if not (typed.isascii() and typed.isdigit() and 0 < int(typed) <= _MOST_ID):
        _refuse(Problem.WRONG_KIND, f"{where}.id")
    named = Named(int(typed), box.take("name", _text(100)))
    box.end()
    return named


def _text(most: int) -> Read[str]:
    def text(raw: object, where: str) -> str:
        if not isinstance(raw, str):
            _refuse(Problem.WRONG_KIND, where)
        if len(raw) > most:
            _refuse(Problem.TOO_MANY, where)
        return clean_line(raw)

    return text


def _flag(raw: object, where: str) -> bool:
    return raw if isinstance(raw, bool) else _refuse(Problem.WRONG_KIND, where)


def _whole(least: int, most: int) -> Read[int]:
    def whole(raw: object, where: str) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool):
            _refuse(Problem.WRONG_KIND, where)
        return raw if least <= raw <= most else _refuse(Problem.NOT_OFFERED, where)

    return whole


def _one_of(kind: type[E]) -> Read[E]:
    def word(raw: object, where: str) -> E:
        return next((one for one in kind if one.value == raw), None) or _refuse(Problem.NOT_OFFERED, where)

    return word


def _maybe(read_: Read[T]) -> Read[T | None]:
    return lambda raw, where: None if raw is None else read_(raw, where)


def _many(read_: Read[T], most: int, least: int = 0) -> Read[tuple[T, ...]]:
    def many(raw: object, where: str) -> tuple[T, ...]:
        if not isinstance(raw, list):
            _refuse(Problem.WRONG_KIND, where)
        if len(raw) > most:
            _refuse(Problem.TOO_MANY, where)
        if len(raw) < least:
            _refuse(Problem.MISSING, where)
        return tuple(read_(one, f"{where}[{number}]") for number, one in enumerate(raw, 1))

    return many


def _zone(raw: object, where: str) -> str:
    return raw if isinstance(raw, str) and is_zone(raw) else _refuse(Problem.NOT_OFFERED, where)


def _clock(raw: object, where: str) -> time:
    if not isinstance(raw, str) or not _TIME.fullmatch(raw):
        _refuse(Problem.NOT_OFFERED, where)
    return time.fromisoformat(raw)


def _day(raw: object, where: str) -> int:
    return DAYS.index(raw) if isinstance(raw, str) and raw in DAYS else _refuse(Problem.NOT_OFFERED, where)


def _date(raw: object, where: str) -> date:
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else _refuse(Problem.WRONG_KIND, where)
    except ValueError:
        _refuse(Problem.NOT_OFFERED, where)
