"""The catalogue: hand-picked sources in packs, none on by default. Their addresses were not checked on the live web."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.domain.topics import Topic


@dataclass(frozen=True, slots=True)
class Listing:
    """One source of the catalogue."""

    title: str
    url: str
    home_url: str
    language: str
    country: str | None  # ISO 3166; None: of no one country
    topic: Topic | None  # None: mixed
    packs: tuple[str, ...]


@cache
def listings() -> tuple[Listing, ...]:
    """Give every source of the catalogue."""
    return tuple(
        Listing(
            title=row["title"],
            url=row["url"],
            home_url=row["home"],
            language=row["language"],
            country=row["country"],
            topic=Topic(row["topic"]) if row["topic"] else None,
            packs=tuple(row["packs"]),
        )
        for row in _data()["sources"]
    )


def packs() -> tuple[str, ...]:
    """Give the names of the packs, the widest first."""
    return tuple(_data()["packs"])


def in_pack(name: str) -> tuple[Listing, ...]:
    """Give a pack's sources; an unknown pack has none."""
    return tuple(listing for listing in listings() if name in listing.packs)


def by_url(url: str) -> Listing | None:
    """Give the catalogue's entry of an address, or None."""
    return next((listing for listing in listings() if listing.url == url), None)


@cache
def _data() -> dict[str, Any]:
    return json.loads((files("bot") / "data" / "catalogue.json").read_text("utf-8"))  # type: ignore[no-any-return]
