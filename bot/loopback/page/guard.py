"""Who may speak to the page: the holder of the key, from this machine, from the page itself. Pure.

The key stands in the path, so it travels with every request and needs no cookie (cookies on 127.0.0.1 are shared
by all ports). A foreign site can't guess it, can't read the answers, and a rebound DNS name fails the Host check.
"""

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""What every answer carries: nothing from elsewhere, no markup made of texts, no framing, no trace."""


def new_key() -> str:
    """Make the key of one run."""
    return secrets.token_urlsafe(18)


def is_key(given: str, key: str) -> bool:
    """Whether the path begins with the key."""
    return secrets.compare_digest(given.encode(), key.encode())


def refuse_reason(method: str, headers: Mapping[str, str]) -> str | None:
    """Say why a request is refused, whatever its key; None when it may go on.

    The port of Host is free, so that a forwarded port (SSH) works.
    """
    host = headers.get("Host", "")
    if host.rpartition(":")[0] not in LOCAL_HOSTS and host not in LOCAL_HOSTS:
        return "This page answers only to 127.0.0.1 and localhost."
    origin = headers.get("Origin")
    if origin is not None and (urlsplit(origin).scheme, urlsplit(origin).netloc) != ("http", host):
        return "This page answers only to itself, not to other sites."
    if headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return "This page answers only to itself, not to other sites."
    if method != "GET" and origin is None:
        return "An action has to come from the page."
    return None
