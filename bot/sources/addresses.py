"""Which addresses may be opened: the three layers that keep the bot out of private networks.

`web.py` checks every URL before every hop, resolves names through `GuardedResolver`, and makes sockets through
`AddressGuard.open_socket`, which sees the very address about to be connected (a name may have changed its answer).
"""

import ipaddress
import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.connector import AddrInfoType
from yarl import URL

from bot.errors import SourceError, SourceFault

PORTS = frozenset({80, 443, 8000, 8080, 8443, 8888})
MAX_URL_CHARS = 2_048

_IPV6_OPEN = ipaddress.IPv6Network("2000::/3")
_IPV6_SHUT = tuple(map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
_IPV4_SHUT = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))
_INSIDE_NAMES = (
    ".local", ".localdomain", ".localhost", ".internal", ".lan", ".home.arpa", ".intranet", ".corp", ".home",
    ".private",
)  # fmt: skip
_NUMBER = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_USER = re.compile(r"[a-z]+://[^/?#]*@", re.IGNORECASE)


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Say whether an IP address belongs to the public internet.

    `ipaddress.is_global` alone passes NAT64, 6to4, multicast and the embedded forms of IPv4.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        shut = ip.is_multicast or ip.is_reserved or any(ip in net for net in _IPV4_SHUT)
        return ip.is_global and not shut
    return ip in _IPV6_OPEN and not any(ip in net for net in _IPV6_SHUT) and ip.scope_id is None


class PrivateAddressError(SourceError):
    """The address is private, local, or not one of the web's; nothing was sent to it."""

    def __init__(self, host: str) -> None:
        super().__init__(SourceFault.PRIVATE_ADDRESS, "the address is private or local")
        self.host = host


class AddressGuard:
    """The rule about addresses, with the operator's exceptions.

    Args:
        allowed: exact private hosts to open all the same, each "host" (on the usual ports) or "host:port".
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed = frozenset(entry.strip().lower() for entry in allowed if entry.strip())
        self._resolved: set[tuple[str, int]] = set()  # addresses that an allowed name stands for

    def allows(self, host: str, port: int) -> bool:
        """Say whether the operator named this very host."""
        host = host.lower()
        if f"{host}:{port}" in self._allowed or f"[{host}]:{port}" in self._allowed:
            return True
        return port in PORTS and host in self._allowed

    def check(self, url: str | URL) -> URL:
        """Give the URL as it may be requested: http or https, public by its looks, without a fragment.

        Raises:
            SourceError: BAD_ADDRESS when it is no web address, PRIVATE_ADDRESS when it leads inside.
        """
        parsed = _parse(url)
        host, port = (parsed.raw_host or "").rstrip(".").lower(), parsed.port or 0
        if self.allows(host, port):
            return parsed.with_fragment(None)
        if port not in PORTS:
            raise SourceError(SourceFault.BAD_ADDRESS, f"port {port} is not one I open")
        if not _looks_public(host):
            raise PrivateAddressError(host)
        return parsed.with_fragment(None)

    def check_resolved(self, host: str, port: int, addresses: Iterable[str]) -> None:
        """Refuse a name if any of its addresses is not public.

        Raises:
            PrivateAddressError: at least one is private.
        """
        found = list(addresses)
        if self.allows(host, port):
            self._resolved.update((address, port) for address in found)
        elif not all(is_public(address) for address in found):
            raise PrivateAddressError(host)

    def open_socket(self, info: AddrInfoType) -> socket.socket:
        """Make the socket for one address, or refuse.

        Raises:
            PrivateAddressError: the address about to be connected is not public.
        """
        family, kind, protocol, _, sockaddr = info
        address, port = str(sockaddr[0]), int(sockaddr[1])
        known = (address, port) in self._resolved or self.allows(address, port)
        if not known and not is_public(address):
            raise PrivateAddressError(address)
        made = socket.socket(family=family, type=kind, proto=protocol)
        made.setblocking(False)
        return made


class GuardedResolver(AbstractResolver):
    """Resolves names through another resolver and refuses those that lead inside."""

    def __init__(self, guard: AddressGuard, inner: AbstractResolver) -> None:
        self._guard = guard
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Give the addresses of a name, all of them public.

        Raises:
            PrivateAddressError: any one of them is not.
        """
        found = await self._inner.resolve(host, port, family)
        self._guard.check_resolved(host, port, (entry["host"] for entry in found))
        return found

    async def close(self) -> None:
        """Close the other resolver."""
        await self._inner.close()


def _parse(url: str | URL) -> URL:
    text = str(url).strip()
    if len(text) > MAX_URL_CHARS or _UNSAFE.search(text):
        raise SourceError(SourceFault.BAD_ADDRESS, "the address is not a web address")
    try:
        parsed = URL(text)
        usable = parsed.scheme in {"http", "https"} and bool(parsed.raw_host) and parsed.port is not None
    except ValueError as error:
        raise SourceError(SourceFault.BAD_ADDRESS, "the address is not a web address") from error
    if not usable:
        raise SourceError(SourceFault.BAD_ADDRESS, "the address is not a web address")
    if "%" in (parsed.raw_host or "").split(":", 1)[0]:  # a zone may stand behind an IPv6 address, and is told apart
        raise SourceError(SourceFault.BAD_ADDRESS, "the address is not a web address")
    if parsed.raw_user is not None or parsed.raw_password is not None or _USER.match(text):
        raise SourceError(SourceFault.BAD_ADDRESS, "the address holds a user name or password")
    return parsed


def _looks_public(host: str) -> bool:
    if ":" in host:
        return is_public(host)
    if _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):  # what a browser takes for an IPv4 address, in any notation
        return is_public(host)
    return "." in host and not host.endswith(_INSIDE_NAMES)
