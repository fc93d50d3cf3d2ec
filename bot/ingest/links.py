"""Links: cleaned of what only tracks people, their identity, and the outlet that a link belongs to."""

import ipaddress
import re
from base64 import urlsafe_b64encode
from functools import cache, lru_cache
from hashlib import sha256
from urllib.parse import urlsplit, urlunsplit

from publicsuffixlist import PublicSuffixList

MAX_LINK = 2_000
_TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|stm|itm|wt|at)_[a-z0-9_]*|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|twclid|ttclid"
    r"|igshid|igsh|yclid|mc_[ce]id|mkt_tok|_hsenc|_hsmi|vero_id|oly_anon_id|oly_enc_id|ns_mchannel|ns_campaign|ns_source"
    r"|cmpid|ocid|srnd|ftag|smid|__twitter_impression|guccounter|guce_[a-z_]+",
    re.IGNORECASE,
)
_CLEAN = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+/[A-Za-z0-9/._~!$&'()*+,;=:@%-]*")  # nothing to take off
_HOST = re.compile(r"https?://([a-z0-9.-]+)(?:[/?]|$)")  # of most links
_PARTS = re.compile(r"https?://([^/?]*)([^?]*)\??(.*)", re.DOTALL)  # of a cleaned link
_SPACE = re.compile(r"[\x00-\x20\x7f]+")


def clean_link(link: str | None) -> str | None:
    """Give an http(s) link without tracking parameters and fragment, otherwise as it was; None for anything else."""
    if link and len(link) <= MAX_LINK and _CLEAN.fullmatch(link):
        return link
    if not link or len(link := _SPACE.sub("", link)) > MAX_LINK:
        return None
    try:
        parts = urlsplit(link)
        host = parts.hostname
        if parts.scheme.lower() not in {"http", "https"} or not host or parts.username is not None:
            return None
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    netloc = f"[{host}]" if ":" in host else host
    if port is not None and port != {"http": 80, "https": 443}[scheme]:
        netloc += f":{port}"
    query = "&".join(part for part in parts.query.split("&") if not _TRACKING.fullmatch(part.split("=", 1)[0]))
    return urlunsplit((scheme, netloc, parts.path, query, ""))


def digest_of(*parts: str) -> str:
    """Give the short hash by which items and links are known (16 characters)."""
    return urlsafe_b64encode(sha256("\0".join(parts).encode("utf-8", "replace")).digest()[:12]).decode()


def link_key(link: str | None) -> str | None:
    """Give the identity of a cleaned link: http or https, "www." or not and a slash at the end make no difference.

    A home page is no article's identity.
    """
    if link is None:
        return None
    parts = _PARTS.fullmatch(link)
    netloc, path, query = parts.groups() if parts else (link, "", "")
    path = path.rstrip("/")
    return digest_of("link", netloc.removeprefix("www."), path, query) if path or query else None


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def registrable_domain(link: str | None) -> str | None:
    """Give the domain that somebody registered: "www.news.example.co.uk" → "example.co.uk"."""
    if not link:
        return None
    plain = _HOST.match(link)
    host = plain[1] if plain else urlsplit(link).hostname
    return _registrable(host) if host else None


@lru_cache(2_048)
def _registrable(host: str) -> str:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _suffixes().privatesuffix(host) or host
    return host
