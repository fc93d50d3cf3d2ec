"""Every kind of message we send, with its budget; a test walks each of them through the acceptance list."""

from enum import StrEnum
from typing import NamedTuple


class Budget(NamedTuple):
    """Our own bounds for one kind, well inside Discord's 4,000 characters and 40 components."""

    characters: int
    components: int


class Kind(StrEnum):
    """What a message is."""

    ABOUT = "about"
    ALERT = "alert"
    ANSWER = "answer"  # a short confirmation
    BRIEFING = "briefing"
    BRIEFING_PLAIN = "briefing-plain"
    CARD = "card"
    CATCH_UP = "catch-up"
    CHOICE = "choice"
    COMPARISON = "comparison"
    CORRECTION = "correction"
    EMPTY = "empty"
    ERROR = "error"
    FILTERS = "filters"
    FOLLOWS = "follows"
    FULL_TEXT = "full-text"
    LIST = "list"
    MUTES = "mutes"
    NOTICE = "notice"
    OWN_BRIEFING = "own-briefing"
    PRIVACY = "privacy"
    QUIET_LINE = "quiet-line"
    SETTINGS = "settings"  # of a whole server
    SETUP = "setup"
    SHARED_CARD = "shared-card"
    SOURCES = "sources"
    STATUS = "status"
    TRANSFER = "transfer"  # settings as a file, out and in
    WELCOME = "welcome"
    WHY = "why"


_SHORT = Budget(400, 8)
_PANEL = Budget(900, 24)

BUDGETS: dict[Kind, Budget] = {
    Kind.ABOUT: Budget(900, 14),
    Kind.ALERT: Budget(1_500, 8),
    Kind.ANSWER: _SHORT,
    Kind.BRIEFING: Budget(3_200, 24),
    Kind.BRIEFING_PLAIN: Budget(2_000, 0),
    Kind.CARD: Budget(2_400, 24),
    Kind.CATCH_UP: Budget(3_200, 14),
    Kind.CHOICE: _SHORT,
    Kind.COMPARISON: Budget(3_200, 14),
    Kind.CORRECTION: _SHORT,
    Kind.EMPTY: _SHORT,
    Kind.ERROR: _SHORT,
    Kind.FILTERS: _PANEL,
    Kind.FOLLOWS: Budget(1_600, 24),
    Kind.FULL_TEXT: Budget(3_200, 14),
    Kind.LIST: Budget(3_200, 14),
    Kind.MUTES: _PANEL,
    Kind.NOTICE: _SHORT,
    Kind.OWN_BRIEFING: _PANEL,
    Kind.PRIVACY: Budget(1_800, 24),
    Kind.QUIET_LINE: _SHORT,
    Kind.SETTINGS: _PANEL,
    Kind.SETUP: _PANEL,
    Kind.SHARED_CARD: Budget(2_400, 24),
    Kind.SOURCES: Budget(2_400, 24),
    Kind.STATUS: Budget(2_000, 24),
    Kind.TRANSFER: Budget(1_600, 14),
    Kind.WELCOME: _SHORT,
    Kind.WHY: Budget(1_200, 8),
}
