"""The one exception tree.

    DatelineError
    ├── UserError        a person asked for something that can't be done: a code and parameters, no sentence
    ├── SetupError       the operator must mend something before the bot can run; carries the exit code
    ├── SourceError      bytes from outside could not be had or read; `kind` says why
    ├── WorkerError      the killable process gave no answer; `kind` says why
    ├── StoreError       the database refused; `kind` says why
    └── DeliveryError    a send failed; retryable or not

Errors are translated at the boundary with `raise … from`; render says a UserError in the reader's language.
"""

from enum import StrEnum


class DatelineError(Exception):
    """Whatever goes wrong in Dateline on purpose."""


class Code(StrEnum):
    """The codes people see, and may quote to the operator; the sentences are in `render/errors.py`.

    `PARAMETERS` names what each sentence needs.
    """

    CANNOT_POST = "E01"
    BRIEFING_NOT_OPEN = "E03"
    STORY_GONE = "E04"
    HEADLINE_ONLY = "E05"
    NOTHING_FOUND = "E06"
    UNKNOWN_ZONE = "E07"
    UNKNOWN_TIME = "E08"
    AMBIGUOUS_ZONE = "E09"
    NOT_ALLOWED = "E10"
    FEED_UNREADABLE = "E11"
    ADDRESS_PRIVATE = "E12"
    LIMIT_REACHED = "E13"
    CONTROL_EXPIRED = "E14"
    NOT_SET_UP = "E15"
    INTERNAL = "E16"
    STORE_UNREACHABLE = "E17"
    NO_BRIEFING = "E18"
    COOLDOWN = "E19"
    CANNOT_SHARE = "E20"
    ALREADY_SHARED = "E21"
    UNKNOWN_TOPIC = "E22"
    UNKNOWN_SOURCE = "E23"
    DM_CLOSED = "E24"
    FILE_UNREADABLE = "E25"
    NOT_SERVED = "E26"
    NAME_TAKEN = "E27"
    UNKNOWN_DATE = "E28"
    DATE_NOT_AHEAD = "E29"
    SETTINGS_UNREADABLE = "E30"


# What an error of each code may carry: ids as int, instants as datetime, what was typed or read as str, lists as tuple.
PARAMETERS: dict[Code, frozenset[str]] = {
    Code.CANNOT_POST: frozenset({"channel_id", "permissions", "schedule_id"}),
    Code.STORY_GONE: frozenset({"candidates"}),  # stories, may be none
    Code.NOTHING_FOUND: frozenset({"query"}),
    Code.UNKNOWN_ZONE: frozenset({"text"}),
    Code.UNKNOWN_TIME: frozenset({"text"}),
    Code.AMBIGUOUS_ZONE: frozenset({"text", "choices"}),
    Code.FEED_UNREADABLE: frozenset({"host", "reason"}),
    Code.ADDRESS_PRIVATE: frozenset({"host"}),
    Code.LIMIT_REACHED: frozenset({"limit", "what"}),
    Code.CONTROL_EXPIRED: frozenset({"command"}),
    Code.INTERNAL: frozenset({"reference"}),
    Code.STORE_UNREACHABLE: frozenset({"retry_at"}),
    Code.COOLDOWN: frozenset({"retry_at"}),
    Code.ALREADY_SHARED: frozenset({"url"}),
    Code.UNKNOWN_TOPIC: frozenset({"text"}),
    Code.UNKNOWN_SOURCE: frozenset({"text"}),
    Code.FILE_UNREADABLE: frozenset({"name", "reason"}),
    Code.NAME_TAKEN: frozenset({"text", "schedule_id"}),
    Code.UNKNOWN_DATE: frozenset({"text", "schedule_id"}),
    Code.DATE_NOT_AHEAD: frozenset({"text", "schedule_id"}),
    Code.SETTINGS_UNREADABLE: frozenset({"name", "problem", "where"}),  # a word of `desk.settings_files.Problem`
    Code.NOT_ALLOWED: frozenset({"role_id"}),  # the news managers role
}


class UserError(DatelineError):
    """Something a person asked for that can't be done: a code, and the parameters of its sentence."""

    def __init__(self, code: Code, **parameters: object) -> None:
        super().__init__(code.value, parameters)
        self.code = code
        self.parameters = parameters


class SetupError(DatelineError):
    """The operator must mend something: one sentence, and the exit code (sysexits: 78 = configuration)."""

    def __init__(self, sentence: str, *, exit_code: int = 78) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.exit_code = exit_code


class SourceFault(StrEnum):
    """Why bytes from outside could not be had or read."""

    PRIVATE_ADDRESS = "private-address"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed-out"
    TOO_LARGE = "too-large"
    REFUSED = "refused"  # 401, 403, 451
    NOT_FOUND = "not-found"
    GONE = "gone"
    RATE_LIMITED = "rate-limited"
    SERVER_ERROR = "server-error"
    REDIRECT = "redirect"
    NOT_A_FEED = "not-a-feed"
    UNPARSABLE = "unparsable"
    UNREADABLE_FILE = "unreadable-file"
    EMPTY = "empty"
    ROBOTS = "robots"
    BAD_ADDRESS = "bad-address"


class SourceError(DatelineError):
    """Bytes from outside could not be had or read.

    Args:
        kind: why, in one word for programs.
        reason: one plain clause for people, without addresses of the inside, e.g. "it answered 503".
        retry_after_s: what the server asked for, in seconds, or None.
    """

    def __init__(self, kind: SourceFault, reason: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(f"{kind.value}: {reason}")
        self.kind = kind
        self.reason = reason
        self.retry_after_s = retry_after_s


class WorkerFault(StrEnum):
    """Why the killable process gave no answer."""

    TIMED_OUT = "timed-out"
    DIED = "died"
    FAILED = "failed"
    BUSY = "busy"
    CLOSED = "closed"


class WorkerError(DatelineError):
    """The killable process gave no answer to a job; the next job gets a new process if need be."""

    def __init__(self, kind: WorkerFault, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


class StoreFault(StrEnum):
    """Why the database refused."""

    LOCKED = "locked"
    FULL = "full"
    READ_ONLY = "read-only"
    DAMAGED = "damaged"
    NEWER_SCHEMA = "newer-schema"
    IN_USE = "in-use"
    CLOSED = "closed"
    OTHER = "other"


class StoreError(DatelineError):
    """The database refused; what was asked has not happened, not even in part. `cure` is the one thing to do."""

    def __init__(self, kind: StoreFault, sentence: str, cure: str = "") -> None:
        super().__init__(f"{sentence} {cure}".strip())
        self.kind = kind
        self.sentence = sentence
        self.cure = cure


class DeliveryError(DatelineError):
    """A send failed. `retryable` says whether the same thing may succeed later."""

    def __init__(self, sentence: str, *, retryable: bool) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.retryable = retryable
