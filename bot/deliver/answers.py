"""What Discord's answers mean, as a table: an answer in, what to do out. Pure; the outbox does it."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back from one request; `status` is None when nothing did (reset, time-out, no route)."""

    status: int | None
    code: int = 0  # Discord's own error code
    message_id: int | None = None
    channel_id: int | None = None
    retry_after_s: float | None = None
    is_global: bool = False
    has_via: bool = True  # without it a 429 is Cloudflare's, not Discord's
    was_limited: bool = False  # it timed out while waiting for a rate limit
    met_global: bool = False  # it met the global limit on its way, and may have succeeded nonetheless
    detail: str = ""

    @property
    def is_success(self) -> bool:
        """Whether it was done."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_invalid(self) -> bool:
        """Whether Discord counts it towards its ban for invalid requests."""
        return self.status in {401, 403}  # a 429 too, but those are waited out


class Do(StrEnum):
    """What to do about an answer to a send."""

    KEEP = "keep"  # sent: keep the message's id
    KEEP_GONE = "keep-gone"  # sent earlier, and deleted since
    WAIT = "wait"  # this one, as long as asked; no attempt is spent
    WAIT_ALL = "wait-all"  # the whole sender, as long as asked
    RETRY = "retry"  # unknown outcome: again with back-off, the same nonce
    SIMPLIFY = "simplify"  # once more, with plainer text
    UNARCHIVE = "unarchive"  # wake the thread, once
    REFUSED = "refused"  # not allowed: no retry today, tell, three days in a row turn it off
    CLOSED = "closed"  # a person takes no DMs: like refused
    GONE = "gone"  # the channel or server is no more: turn it off, tell
    FAIL = "fail"  # our fault: it stays on
    STOP = "stop"  # the token is invalid: stop everything


_BY_CODE: dict[tuple[int, int], Do] = {
    (400, 50035): Do.SIMPLIFY,  # invalid form body
    (403, 240000): Do.SIMPLIFY,  # a harmful link
    (400, 240000): Do.SIMPLIFY,
    (400, 50006): Do.SIMPLIFY,  # empty
    (400, 50083): Do.UNARCHIVE,
    (403, 50007): Do.CLOSED,
    (403, 50278): Do.CLOSED,  # no mutual server
    (403, 40333): Do.RETRY,  # Cloudflare's block, not Discord's refusal
    (400, 160005): Do.REFUSED,  # a locked thread
    (403, 160005): Do.REFUSED,
    (404, 10003): Do.GONE,
    (404, 10004): Do.GONE,
    (404, 10013): Do.GONE,  # the person's account
    (404, 10008): Do.KEEP_GONE,
}


def decide(answer: Answer, *, was_simplified: bool = False, was_unarchived: bool = False) -> Do:
    """Say what to do about the answer to a send."""
    if answer.is_success:
        return Do.KEEP
    if answer.was_limited:
        return Do.WAIT
    found = _BY_CODE.get((answer.status or 0, answer.code)) or _by_status(answer)
    if found is Do.SIMPLIFY and was_simplified:
        return Do.FAIL
    if found is Do.UNARCHIVE and was_unarchived:
        return Do.REFUSED
    return found


def _by_status(answer: Answer) -> Do:
    status = answer.status
    if status is None or status >= 500 or status == 408:
        return Do.RETRY
    if status == 429:
        return Do.WAIT_ALL if answer.is_global or not answer.has_via else Do.WAIT
    if status == 401:
        return Do.STOP
    return Do.REFUSED if status == 403 else Do.FAIL


def decide_dress(answer: Answer) -> Do:
    """Say what to do about the answer to an edit: KEEP, a wait, RETRY, or FAIL (the plain message stands)."""
    done = decide(answer, was_simplified=True, was_unarchived=True)
    return done if done in {Do.KEEP, Do.WAIT, Do.WAIT_ALL, Do.RETRY, Do.STOP} else Do.FAIL


def backoff_s(attempts: int, jitter: float) -> float:
    """Give the wait before the next try: up to 2, 4, 8 … 300 s, spread by `jitter` in 0…1."""
    longest = min(300.0, 2.0 ** min(attempts, 9))
    return max(0.5, longest * jitter)
