"""300 feeds on loopback, each with its ETag, in a process of their own: `python -m tests.bench.publishers PORT`.

What they tell of is made up by a seed: some thousands of events, most told by one feed and some by many, each feed in
words of its own. Places and names are put together from syllables; all other words are drawn as often as real headlines
have them (`background.txt`), because what grouping costs depends on how many words unrelated headlines share. Of 6,000
headlines, one shares a stem with 557 others on average (counted for each stem; real ones from the News Aggregator data
set: 421), of 7.7 stems a headline (real: 7.7); the hundred commonest stems are 17 % of all (real: 23 %). Words from
short lists, as they were before, gave 1,695 others and 66 %.
"""

import random
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from importlib.resources import files
from itertools import accumulate

from aiohttp import web

FEEDS = 300
ITEMS = 30
_SEED = 4
_ALONE = 0.6  # of the items tell what no other feed tells
_SHARED = 900  # events that several feeds tell
_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

_STARTS = (
    "Kar", "Bel", "Tor", "Vin", "Ost", "Lar", "Mer", "Hol", "Sund", "Gra", "Fen", "Ard", "Wes", "Nor", "Dal",
    "Ra", "Pel", "Cor", "Um", "Jes",
)  # fmt: skip
_MIDDLES = ("a", "en", "ima", "o", "er", "ilo", "u", "any", "or", "est", "ano", "iri", "eb", "al")
_ENDS = (
    "sholm", "mora", "ville", "burg", "stad", "wick", "ham", "dorf", "mouth", "ford", "field", "haven",
    "bridge", "gate", "ton", "nes", "low", "by",
)  # fmt: skip
_TEXT = (
    "The decision followed weeks of talks, officials said on {day}.",
    "Residents of {place} had asked for it since the {name} {what} was first named in a report.",
    "The {who} did not say what the {what} would cost, or when work would end.",
    "A hearing on the {what} in {place} is planned for {day}.",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
_TOPICS = ("World", "Business", "Politics", "Local", "Science", "Health", "Sport", "Culture")


@cache
def _words() -> tuple[list[str], list[int]]:
    """Give the words of real headlines, and how often these and those before them are in 300,000 of them."""
    _, *rows = (files("bot") / "data" / "language" / "background.txt").read_text("utf-8").splitlines()
    counted = [(word, int(count, 36)) for count, *words in map(str.split, rows) for word in words if word.isalpha()]
    return [word for word, _ in counted], list(accumulate(count for _, count in counted))


class _Event:
    """One thing that happened somewhere."""

    def __init__(self, number: int) -> None:
        rng = random.Random(f"{_SEED}.{number}")
        self.number = number
        self.place, self.name = (rng.choice(_STARTS) + rng.choice(_MIDDLES) + rng.choice(_ENDS) for _ in range(2))
        words, reached = _words()
        self.who, self.did, self.kind, self.what, self.how, *why = rng.choices(words, cum_weights=reached, k=8)
        self.why, self.day = f"after {' '.join(why)}", rng.choice(_DAYS)
        self.topic = rng.choice(_TOPICS)
        self.at = _NOW - timedelta(minutes=rng.randrange(2_400))

    def headline(self, rng: random.Random) -> str:
        """Tell it in one of several ways."""
        said = f"{self.did} {self.kind} {self.name} {self.what} {self.how}"
        return rng.choice(
            (
                f"{self.place} {self.who} {said} {self.why}",
                f"{self.who.capitalize()} of {self.place} {said}",
                f"{self.name} {self.what}: {self.place} {self.who} {self.did} {self.kind} plan",
                f"{self.place}: {self.who} {said}",
            )
        )

    def text(self, rng: random.Random) -> str:
        """Give two sentences, each a paragraph."""
        return "".join(f"<p>{line.format(**vars(self))}</p>" for line in rng.sample(_TEXT, 2))


def feed(number: int) -> bytes:
    """Give one feed."""
    rng = random.Random(f"{_SEED}-{number}")
    shared = rng.sample(range(_SHARED), ITEMS)
    items = []
    for at in range(ITEMS):
        event = _Event(_SHARED + number * ITEMS + at if rng.random() < _ALONE else shared[at])
        when = format_datetime(event.at + timedelta(minutes=rng.randrange(90)))
        items.append(
            f"<item><title>{event.headline(rng)}</title><link>http://p{number}.example/{event.number}</link>"
            f"<guid>{number}-{at}</guid><pubDate>{when}</pubDate><category>{event.topic}</category>"
            f"<description>{escape(event.text(rng))}</description></item>"
        )
    head = f"<title>Paper {number}</title><link>http://p{number}.example/</link><description>d</description>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


async def _answer(request: web.Request) -> web.Response:
    number = int(request.match_info["number"])
    etag = f'"{number}"'
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=304, headers={"ETag": etag})
    return web.Response(body=_FEEDS[number], headers={"ETag": etag}, content_type="application/rss+xml")


_FEEDS: list[bytes] = []


def main() -> None:
    """Serve on the port that is the first argument, until killed."""
    _FEEDS.extend(feed(number) for number in range(FEEDS))
    app = web.Application()
    app.router.add_get("/{number}.xml", _answer)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)


if __name__ == "__main__":
    main()
