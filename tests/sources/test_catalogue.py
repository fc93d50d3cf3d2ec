"""The catalogue is complete, clean and overlaps enough to corroborate."""

import re

import pytest

from bot.sources.addresses import AddressGuard
from bot.sources.catalogue import Listing, by_url, in_pack, listings, packs


def test_it_holds_60_to_100_sources_each_once() -> None:
    assert 60 <= len(listings()) <= 100
    assert len({listing.url for listing in listings()}) == len(listings())
    assert len({listing.title for listing in listings()}) == len(listings())


def test_the_packs_are_the_ones_promised() -> None:
    assert packs() == (
        "World", "US", "UK", "Europe", "Tech", "Science", "Business", "Health", "Climate", "Sport", "Culture",
    )  # fmt: skip


@pytest.mark.parametrize("pack", packs())
def test_a_pack_has_six_to_fourteen_sources_of_different_publishers(pack: str) -> None:
    members = in_pack(pack)
    assert 6 <= len(members) <= 14
    assert len({listing.home_url.split("/")[2] for listing in members}) >= 6


@pytest.mark.parametrize("listing", listings(), ids=lambda listing: listing.title)
def test_each_source_says_what_it_is(listing: Listing) -> None:
    assert str(AddressGuard().check(listing.url)) == listing.url
    assert listing.home_url.startswith("https://")
    assert re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", listing.language)
    assert listing.country is None or re.fullmatch(r"[A-Z]{2}", listing.country)
    assert listing.packs
    assert set(listing.packs) <= set(packs())
    assert by_url(listing.url) == listing


def test_what_is_not_there_is_not_there() -> None:
    assert in_pack("Nowhere") == ()
    assert by_url("https://example.org/") is None
