"""The work that the killable process does, by name. Each job is a pure function: plain values in, values out.

The functions are imported only in the worker, on first use: the bot's own process never loads a parser.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

JOBS = {
    "read_feed": "bot.ingest.reading:read_feed",
    "parse_feed": "bot.sources.parsing:parse_feed",
    "article_text": "bot.sources.pages:article_text",
    "digest": "bot.ingest.digest:digest_all",
    "summarise": "bot.language.jobs:summarise",
    "find_feeds": "bot.sources.discovery:find_feeds",
    "read_page": "bot.sources.pages:read_page",
    "read_opml": "bot.sources.opml:read_opml",
}


def load(path: str) -> Callable[..., Any]:
    """Import a job's function from "module:function"."""
    module, function = path.split(":")
    return getattr(import_module(module), function)  # type: ignore[no-any-return]
