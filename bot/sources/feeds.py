"""What a feed says when it has been read. Parsing is in `parsing.py`, which only the worker process imports."""

from dataclasses import dataclass

from bot.domain.feeds import NO_CADENCE, Cadence
from bot.domain.sources import Item

MAX_ITEMS = 1_000


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed, read: at most `MAX_ITEMS` items, newest or first as the publisher orders them."""

    title: str
    items: tuple[Item, ...] = ()
    home_url: str | None = None
    language: str | None = None  # as stated
    cadence: Cadence = NO_CADENCE
