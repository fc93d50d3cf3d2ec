"""What a site's robots.txt allows; asked before an article's page is fetched, remembered for a day."""

from collections import OrderedDict
from dataclasses import dataclass

from protego import Protego
from yarl import URL

from bot.clock import Clock
from bot.errors import SourceError, SourceFault
from bot.sources.web import Web

AGENT = "Dateline"
_DAY_S = 86_400.0
_SOON_S = 3_600.0
_MAX_SITES = 500
_MAX_BYTES = 512 * 1024  # what RFC 9309 asks a crawler to read at least
_ABSENT = frozenset({SourceFault.NOT_FOUND, SourceFault.GONE, SourceFault.REFUSED})


@dataclass(frozen=True, slots=True)
class _Rules:
    """`parsed` None: the site could not be asked, so nothing is allowed for a while (RFC 9309, 2.3.1.4)."""

    parsed: Protego | None
    until: float


class Robots:
    """Asks each site once a day."""

    def __init__(self, web: Web, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._sites: OrderedDict[str, _Rules] = OrderedDict()

    async def allows(self, url: str) -> bool:
        """Say whether a page may be fetched."""
        try:
            site = str(URL(url).origin())
        except ValueError:
            return False
        rules = self._sites.get(site)
        if rules is None or rules.until <= self._clock.monotonic():
            rules = self._sites[site] = await self._ask(site)
            while len(self._sites) > _MAX_SITES:
                self._sites.popitem(last=False)
        return rules.parsed is not None and rules.parsed.can_fetch(url, AGENT)

    async def _ask(self, site: str) -> _Rules:
        now = self._clock.monotonic()
        try:
            fetched = await self._web.get(f"{site}/robots.txt", accept="text/plain, */*;q=0.5")
        except SourceError as error:
            if error.kind in _ABSENT:
                return _Rules(Protego.parse(""), now + _DAY_S)
            return _Rules(None, now + _SOON_S)
        return _Rules(Protego.parse(fetched.body[:_MAX_BYTES].decode("utf-8", "replace")), now + _DAY_S)
