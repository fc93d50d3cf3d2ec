"""Where a page's feeds are: what it links to, what its site is known for, and the usual paths. Pure.

`find_feeds` runs in the worker; the rest is about addresses only.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urljoin, urlsplit

WELL_KNOWN = (
    "/feed", "/feed/", "/rss", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/feeds/posts/default",
    "/feed.json", "/blog/feed",
)  # fmt: skip
MAX_FOUND = 10
_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/xml",
     "application/xml", "application/json", "text/rss+xml"}
)  # fmt: skip
_NOT_NEWS = re.compile(r"/wp-json/|comments/feed|/comments?(?:[/.?]|$)|oembed", re.IGNORECASE)
_FEED_PATH = re.compile(r"(?:/feed/?|/rss/?|\.rss|\.atom|/atom\.xml|/rss\.xml|/feed\.xml)$", re.IGNORECASE)
_COMMENTS = re.compile(r"\bcomments?\b|kommentar|commentaires|comentarios", re.IGNORECASE)
_YOUTUBE = "https://www.youtube.com/feeds/videos.xml"


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that a page points to."""

    url: str
    title: str = ""


def find_feeds(body: bytes, url: str) -> tuple[FoundFeed, ...]:
    """Give the feeds that a page names in `link rel=alternate`, then those its links look like, at most ten."""
    from selectolax.lexbor import LexborHTMLParser  # noqa: PLC0415 - only the worker loads it

    tree = LexborHTMLParser(body.decode("utf-8", "replace"))
    base_node = tree.css_first("base[href]")
    base = _joined(url, (base_node.attributes.get("href") or "") if base_node else "") or url
    found: dict[str, FoundFeed] = {}
    for link in tree.css("link[href]"):
        given = {name: value or "" for name, value in link.attributes.items()}
        if "alternate" not in given.get("rel", "").lower().split() or _type(given) not in _TYPES:
            continue
        address, title = _joined(base, given["href"]), given.get("title", "").strip()
        if _is_news(address, title):
            found.setdefault(address, FoundFeed(address, title[:200]))
    for anchor in tree.css("a[href]") if not found else ():
        address = _joined(base, anchor.attributes.get("href") or "")
        if _FEED_PATH.search(address.split("?")[0]) and _is_news(address, ""):
            found.setdefault(address, FoundFeed(address))
    return tuple(found.values())[:MAX_FOUND]


def _joined(base: str, link: str) -> str:
    """Give an absolute address; empty where the link is none."""
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return ""


def _type(given: dict[str, str]) -> str:
    return given.get("type", "").split(";")[0].strip().lower()


def _is_news(address: str, title: str) -> bool:
    return address.startswith(("http://", "https://")) and not _NOT_NEWS.search(address) and not _COMMENTS.search(title)


def known_feeds(url: str) -> tuple[str, ...]:
    """Give the feeds of sites whose addresses follow a rule: YouTube and GitHub."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    steps = [step for step in parts.path.split("/") if step]
    if host == "youtube.com":
        return _youtube(steps, parts.query)
    if host == "github.com" and len(steps) >= 2 and steps[0] not in {"orgs", "topics", "marketplace"}:
        return tuple(f"https://github.com/{steps[0]}/{steps[1]}/{kind}.atom" for kind in ("releases", "commits"))
    return ()


def _youtube(steps: list[str], query: str) -> tuple[str, ...]:
    if len(steps) >= 2 and steps[0] == "channel":
        return (f"{_YOUTUBE}?channel_id={steps[1]}",)
    if len(steps) >= 2 and steps[0] == "user":
        return (f"{_YOUTUBE}?user={steps[1]}",)
    playlist = parse_qs(query).get("list", [""])[0]
    return (f"{_YOUTUBE}?playlist_id={playlist}",) if playlist else ()


def usual_feeds(url: str) -> tuple[str, ...]:
    """Give the usual places on a site, at most ten."""
    return tuple(urljoin(url, path) for path in WELL_KNOWN)


def with_scheme(typed: str) -> str:
    """Give a typed address with https in front where it names no scheme; `feed:` means the web."""
    text = typed.strip().strip("<>")
    if text.lower().startswith("feed:"):
        text = text[5:].removeprefix("//")
    return text if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", text) else f"https://{text.removeprefix('//')}"
