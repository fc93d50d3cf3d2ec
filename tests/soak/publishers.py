"""The publishers of a soak: feeds on many loopback addresses, with the troubles that publishers have."""

import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from email.utils import format_datetime

from aiohttp import web

from bot.sources.feeds import FeedDocument
from bot.sources.parsing import parse_feed
from tests.bench.corpus import vocabulary

HOSTS = 50
LISTED = 15  # items that a feed lists: the last 30 hours
EVERY_S = 7_200  # a feed has a new item every two hours
_WORDS = vocabulary()


class Publishers:
    """Serves the feeds by number, on many addresses of this machine, so that no host's pace slows the others."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.fetched = 0
        self.port = 0

    async def open(self, stack: AsyncExitStack) -> None:
        """Begin to serve, until the stack ends."""
        runner = web.ServerRunner(web.Server(self._feed), handle_signals=False, shutdown_timeout=0.05)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.2", 0).start()
        self.port = int(runner.addresses[0][1])
        for number in range(1, HOSTS):
            await web.TCPSite(runner, f"127.0.0.{number + 2}", self.port).start()

    def hosts(self) -> tuple[str, ...]:
        """Give every host that feeds are read from."""
        return tuple(f"127.0.0.{number + 2}:{self.port}" for number in range(HOSTS))

    def host(self, number: int) -> str:
        """Give the host of a feed."""
        return f"127.0.0.{number % HOSTS + 2}"

    def url(self, number: int) -> str:
        """Give the address of a feed."""
        return f"http://{self.host(number)}:{self.port}/{number}"

    def archive(self, number: int, items: int) -> FeedDocument:
        """Give what somebody has read who has followed a feed for so many items."""
        return parse_feed(_body(number, self._hour(), items).encode(), self.url(number), "application/rss+xml")

    def _hour(self) -> int:
        return int(self._now().timestamp()) // EVERY_S

    async def _feed(self, request: web.BaseRequest) -> web.Response:
        """Give a feed; now and then an error or broken bytes."""
        self.fetched += 1
        number, hour = int(request.path.strip("/")), self._hour()
        if (number * 31 + hour) % 50 == 0:
            return web.Response(status=503)
        if (number * 17 + hour) % 97 == 0:
            return web.Response(body=b"<rss><channel><item>", content_type="application/rss+xml")
        etag = f'"{number}-{hour}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(
            text=_body(number, hour, LISTED), content_type="application/rss+xml", headers={"ETag": etag}
        )


def _body(number: int, hour: int, items: int) -> str:
    listed = "".join(_item(number, hour - back) for back in range(items))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper {number}</title>{listed}</channel></rss>'


def _item(number: int, hour: int) -> str:
    """Make an item of words that are as frequent as in any language; every fourth is told by several papers."""
    rng = random.Random(hour * 1_000 + (number % 7 if hour % 4 == 0 else number + 10))
    words, weights = _WORDS
    headline = " ".join(word.capitalize() for word in rng.choices(words, cum_weights=weights, k=rng.randint(7, 12)))
    text = " ".join(rng.choices(words, cum_weights=weights, k=60)).capitalize()
    when = format_datetime(datetime.fromtimestamp(hour * EVERY_S, UTC))
    return (
        f"<item><title>{headline}</title><guid>{number}-{hour}</guid><link>http://paper{number}.example/{hour}</link>"
        f"<pubDate>{when}</pubDate><description>{text}.</description></item>"
    )
