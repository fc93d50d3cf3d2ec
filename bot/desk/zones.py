"""Time zones by city or country, as people write them. Abbreviations are never guessed: "IST" is three places."""

import unicodedata
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from bot.desk.exonyms import EXONYMS
from bot.domain.due import zone_named
from bot.errors import Code, UserError

MOST = 25  # what an autocomplete or a select can offer

_ABBREVIATIONS: dict[str, tuple[str, ...]] = {
    "acst": ("Australia/Darwin", "Australia/Adelaide"),
    "aest": ("Australia/Sydney", "Australia/Brisbane"),
    "ast": ("America/Halifax", "America/Puerto_Rico", "Asia/Riyadh"),
    "bst": ("Europe/London", "Asia/Dhaka"),
    "cat": ("Africa/Maputo", "Africa/Johannesburg"),
    "cdt": ("America/Chicago", "America/Havana"),
    "cest": ("Europe/Berlin", "Europe/Paris", "Europe/Madrid"),
    "cet": ("Europe/Berlin", "Europe/Paris", "Africa/Algiers"),
    "cst": ("America/Chicago", "Asia/Shanghai", "America/Havana", "America/Mexico_City"),
    "eat": ("Africa/Nairobi", "Africa/Addis_Ababa"),
    "edt": ("America/New_York", "America/Toronto"),
    "eest": ("Europe/Athens", "Europe/Kyiv", "Asia/Beirut"),
    "eet": ("Europe/Athens", "Europe/Kyiv", "Africa/Cairo"),
    "est": ("America/New_York", "America/Panama", "America/Toronto"),
    "gmt": ("Europe/London", "Africa/Accra", "UTC"),
    "gst": ("Asia/Dubai", "Atlantic/South_Georgia"),
    "hst": ("Pacific/Honolulu", "America/Adak"),
    "ist": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"),
    "jst": ("Asia/Tokyo",),
    "kst": ("Asia/Seoul",),
    "mdt": ("America/Denver", "America/Edmonton"),
    "msk": ("Europe/Moscow",),
    "mst": ("America/Denver", "America/Phoenix", "Asia/Kuala_Lumpur"),
    "nzst": ("Pacific/Auckland",),
    "pdt": ("America/Los_Angeles", "America/Vancouver"),
    "pkt": ("Asia/Karachi",),
    "pst": ("America/Los_Angeles", "America/Vancouver", "Asia/Manila"),
    "sast": ("Africa/Johannesburg",),
    "sgt": ("Asia/Singapore",),
    "wat": ("Africa/Lagos", "Africa/Kinshasa"),
    "west": ("Europe/Lisbon", "Atlantic/Canary"),
    "wet": ("Europe/Lisbon", "Atlantic/Canary"),
    "wib": ("Asia/Jakarta",),
}

# Large cities that give no zone its name.
_CITIES = {
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria", "Africa/Lagos": "Abuja, Kano",
    "Africa/Cairo": "Alexandria", "Africa/Casablanca": "Rabat, Marrakesh",
    "America/Bogota": "Medellin, Cali", "America/Chicago": "Houston, Dallas, Austin, Minneapolis, St Louis",
    "America/Los_Angeles": "San Francisco, Seattle, San Diego, Portland, Las Vegas",
    "America/Mexico_City": "Guadalajara", "America/Denver": "Salt Lake City",
    "America/New_York": "Washington, Boston, Atlanta, Miami, Philadelphia", "America/Edmonton": "Calgary",
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia, Belo Horizonte", "America/Toronto": "Ottawa, Quebec City",
    "Asia/Dubai": "Abu Dhabi, Sharjah", "Asia/Ho_Chi_Minh": "Hanoi, Da Nang", "Asia/Jakarta": "Bandung, Surabaya",
    "Asia/Jerusalem": "Tel Aviv, Haifa", "Asia/Karachi": "Islamabad, Lahore",
    "Asia/Kolkata": "Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Ahmedabad",
    "Asia/Riyadh": "Jeddah, Mecca", "Asia/Seoul": "Busan, Incheon", "Asia/Tokyo": "Osaka, Kyoto, Yokohama, Nagoya",
    "Asia/Shanghai": "Beijing, Shenzhen, Guangzhou, Chengdu, Wuhan", "Australia/Sydney": "Canberra",
    "Europe/Berlin": "Munich, Hamburg, Cologne, Frankfurt, Leipzig, Stuttgart", "Europe/Istanbul": "Ankara, Izmir",
    "Europe/London": "Manchester, Birmingham, Edinburgh, Glasgow, Cardiff, Leeds, Liverpool",
    "Europe/Madrid": "Barcelona, Valencia, Seville", "Europe/Moscow": "St Petersburg",
    "Europe/Paris": "Lyon, Marseille, Toulouse, Nice", "Europe/Rome": "Milan, Naples, Turin, Florence",
    "Europe/Warsaw": "Krakow, Wroclaw, Gdansk", "Europe/Zurich": "Geneva, Basel, Bern", "Europe/Lisbon": "Porto",
    "Pacific/Auckland": "Wellington, Christchurch",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ZoneChoice:
    """A zone to choose: the place it was found by, and the clock there."""

    zone: str  # IANA
    city: str
    clock: datetime  # aware, in that zone


@dataclass(frozen=True, slots=True)
class _Name:
    folded: str
    shown: str
    zone: str
    rank: int  # 0: a zone's own city, 1: another city or a country, 2: an older name of a zone


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("_", " ")).casefold()
    letters = "".join(char for char in plain if not unicodedata.combining(char))
    return " ".join(letters.replace(",", " ").replace(".", " ").split())


def _rows(table: str) -> Iterator[list[str]]:
    text = (files("tzdata") / "zoneinfo" / table).read_text("utf-8")
    yield from (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


@cache
def _names() -> tuple[_Name, ...]:
    countries = {row[0]: row[1] for row in _rows("iso3166.tab")}
    found = [_Name("utc", "UTC", "UTC", 0)]
    current = set()
    for row in _rows("zone.tab"):
        zone, country = row[2], countries.get(row[0], "")
        current.add(zone)
        city = zone.rsplit("/", 1)[-1].replace("_", " ")
        found += [_Name(_fold(city), city, zone, 0), _Name(_fold(country), f"{country} ({city})", zone, 1)]
    for zone, cities in (*_CITIES.items(), *EXONYMS.items()):
        found += [_Name(_fold(city), city, zone, 1) for city in cities.split(", ")]
    for zone in sorted(zoneinfo.available_timezones() - current):
        if "/" in zone and not zone.startswith("Etc/"):
            city = zone.rsplit("/", 1)[-1].replace("_", " ")
            found.append(_Name(_fold(city), city, zone, 2))
    return tuple(found)


@cache
def _exact() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones()}


def _closeness(name: _Name, wanted: str) -> int | None:
    """Give 0 for the same, 1 for a beginning, 2 for a later word's beginning, 3 for a zone's path; None: no match."""
    if name.folded == wanted:
        return 0
    if name.folded.startswith(wanted):
        return 1
    if f" {wanted}" in f" {name.folded}":
        return 2
    return 3 if wanted in name.zone.casefold().replace("_", " ") else None


def is_zone(name: str) -> bool:
    """Say whether there is an IANA zone of exactly that name."""
    return _exact().get(name.casefold()) == name


def search_zones(text: str, now: datetime, limit: int = MOST) -> tuple[ZoneChoice, ...]:
    """Give the zones that fit what was typed so far, closest first, with the clock there; nothing typed: large ones."""
    wanted = _fold(text)
    if wanted in _ABBREVIATIONS:
        ranked = [_Name("", zone.rsplit("/", 1)[-1].replace("_", " "), zone, 0) for zone in _ABBREVIATIONS[wanted]]
    elif not wanted:
        ranked = [_Name("", zone.rsplit("/", 1)[-1].replace("_", " "), zone, 0) for zone in ("UTC", *sorted(_CITIES))]
    else:
        close = [(closeness, name) for name in _names() if (closeness := _closeness(name, wanted)) is not None]
        close.sort(key=lambda pair: (pair[0], pair[1].rank, pair[1].zone))
        ranked = [name for _, name in close]
    best = {name.zone: name for name in reversed(ranked)}  # the closest name of each zone
    order = list(dict.fromkeys(name.zone for name in ranked))[:limit]
    return tuple(ZoneChoice(zone, best[zone].shown, now.astimezone(zone_named(zone))) for zone in order)


def choose_zone(text: str) -> str:
    """Give the one zone that is meant.

    Raises:
        UserError: UNKNOWN_ZONE, or AMBIGUOUS_ZONE with the zones that may be meant.
    """
    wanted = _fold(text)
    if wanted in _ABBREVIATIONS:
        raise UserError(Code.AMBIGUOUS_ZONE, text=text.strip(), choices=_ABBREVIATIONS[wanted])
    if exact := _exact().get(text.strip().replace(" ", "_").casefold()):
        return exact
    for closeness in range(3):
        names = [name for name in _names() if wanted and _closeness(name, wanted) == closeness]
        top = min((name.rank for name in names), default=0)
        zones = tuple(dict.fromkeys(name.zone for name in names if name.rank == top))
        if len(zones) == 1:
            return zones[0]
        if zones:
            raise UserError(Code.AMBIGUOUS_ZONE, text=text.strip(), choices=zones[:MOST])
    raise UserError(Code.UNKNOWN_ZONE, text=text.strip())
