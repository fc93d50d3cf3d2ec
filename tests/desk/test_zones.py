import zoneinfo
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.exonyms import EXONYMS
from bot.desk.zones import _ABBREVIATIONS, _CITIES, MOST, choose_zone, search_zones
from bot.errors import Code, UserError

NOW = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Europe/Berlin", "Europe/Berlin"), ("europe/berlin", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("Berlin", "Europe/Berlin"), ("berl", "Europe/Berlin"), ("são paulo", "America/Sao_Paulo"),
        ("Buenos Aires", "America/Argentina/Buenos_Aires"), ("Germany", None), ("Japan", "Japan"),
        ("Mumbai", "Asia/Kolkata"),
        ("munich", "Europe/Berlin"), ("UTC", "UTC"), ("Etc/GMT+3", "Etc/GMT+3"), ("Calcutta", "Asia/Calcutta"),
        ("Wien", "Europe/Vienna"), ("münchen", "Europe/Berlin"), ("Genève", "Europe/Zurich"),
        ("Roma", "Europe/Rome"), ("Ciudad de México", "America/Mexico_City"), ("Le Caire", "Africa/Cairo"),
        ("Varsovia", "Europe/Warsaw"), ("Kopenhagen", "Europe/Copenhagen"), ("Pékin", "Asia/Shanghai"),
        ("San Francisco", "America/Los_Angeles"), ("new_york", "America/New_York"),
    ],
)  # fmt: skip
def test_a_zone_is_found_by_city_country_or_name(text: str, expected: str | None) -> None:
    if expected is None:  # Germany has a second zone, Büsingen: both are offered
        with pytest.raises(UserError) as caught:
            choose_zone(text)
        assert caught.value.parameters["choices"] == ("Europe/Berlin", "Europe/Busingen")
    else:
        assert choose_zone(text) == expected


@pytest.mark.parametrize("text", [*_ABBREVIATIONS, "IST", " cst "])
def test_an_abbreviation_is_never_guessed(text: str) -> None:
    with pytest.raises(UserError) as caught:
        choose_zone(text)
    assert caught.value.code is Code.AMBIGUOUS_ZONE
    assert [choice.zone for choice in search_zones(text, NOW)] == list(_ABBREVIATIONS[text.strip().casefold()])


@pytest.mark.parametrize("text", ["", "   ", "Atlantis", "../../etc/passwd", "\x00", "Europe/", "🏙"])
def test_what_is_no_zone_is_told_so(text: str) -> None:
    with pytest.raises(UserError) as caught:
        choose_zone(text)
    assert caught.value.code in {Code.UNKNOWN_ZONE, Code.AMBIGUOUS_ZONE}


def test_every_zone_can_be_chosen_by_its_name() -> None:
    names = zoneinfo.available_timezones() - {"localtime"}
    abbreviations = {name for name in names if name.casefold() in _ABBREVIATIONS}
    assert len(names) >= 597
    assert all(choose_zone(name) == name for name in names - abbreviations)


def test_every_zone_that_is_named_here_exists() -> None:
    named = {zone for zones in _ABBREVIATIONS.values() for zone in zones} | set(_CITIES)
    assert named <= zoneinfo.available_timezones()


def test_the_clock_there_stands_beside_each_choice() -> None:
    first = search_zones("berl", NOW)[0]
    assert (first.zone, first.city, f"{first.clock:%H:%M}") == ("Europe/Berlin", "Berlin", "14:05")


@given(st.text(max_size=20))
def test_a_search_gives_at_most_25_zones_each_once(text: str) -> None:
    zones = [choice.zone for choice in search_zones(text, NOW)]
    assert len(zones) == len(set(zones)) <= MOST


def test_nothing_typed_offers_large_cities() -> None:
    zones = [choice.zone for choice in search_zones("", NOW)]
    assert len(zones) == MOST
    assert zones[0] == "UTC"


@pytest.mark.parametrize("zone", EXONYMS)
def test_a_city_is_found_by_what_its_own_people_and_their_neighbours_call_it(zone: str) -> None:
    assert [choose_zone(city) for city in EXONYMS[zone].split(", ")] == [zone] * len(EXONYMS[zone].split(", "))
