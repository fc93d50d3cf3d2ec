"""The table of answers, row by row (F9)."""

import pytest

from bot.deliver.answers import Answer, Do, backoff_s, decide, decide_dress

TABLE = [
    pytest.param(Answer(200), Do.KEEP, id="done"),
    pytest.param(Answer(401), Do.STOP, id="the token is invalid"),
    pytest.param(Answer(403, 50001), Do.REFUSED, id="no access"),
    pytest.param(Answer(403, 50013), Do.REFUSED, id="no permission"),
    pytest.param(Answer(403, 50007), Do.CLOSED, id="no DMs from us"),
    pytest.param(Answer(403, 240000), Do.SIMPLIFY, id="a harmful link"),
    pytest.param(Answer(400, 50035), Do.SIMPLIFY, id="a form error"),
    pytest.param(Answer(404, 10003), Do.GONE, id="no such channel"),
    pytest.param(Answer(404, 10004), Do.GONE, id="no such server"),
    pytest.param(Answer(404, 10008), Do.KEEP_GONE, id="sent with this nonce, then deleted"),
    pytest.param(Answer(400, 50083), Do.UNARCHIVE, id="an archived thread"),
    pytest.param(Answer(429, retry_after_s=3), Do.WAIT, id="a route's limit"),
    pytest.param(Answer(429, is_global=True), Do.WAIT_ALL, id="the global limit"),
    pytest.param(Answer(429, has_via=False), Do.WAIT_ALL, id="Cloudflare's limit"),
    pytest.param(Answer(None, was_limited=True), Do.WAIT, id="timed out while limited"),
    pytest.param(Answer(500), Do.RETRY, id="500"),
    pytest.param(Answer(503), Do.RETRY, id="503"),
    pytest.param(Answer(408), Do.RETRY, id="408"),
    pytest.param(Answer(None), Do.RETRY, id="reset, time-out, no route"),
    pytest.param(Answer(403, 40333), Do.RETRY, id="Cloudflare's block"),
    pytest.param(Answer(400, 12345), Do.FAIL, id="a refusal we don't know"),
]


@pytest.mark.parametrize(("answer", "expected"), TABLE)
def test_each_answer_to_a_send_has_its_action(answer: Answer, expected: Do) -> None:
    assert decide(answer) is expected


def test_what_was_simplified_or_unarchived_is_not_so_again() -> None:
    assert decide(Answer(400, 50035), was_simplified=True) is Do.FAIL
    assert decide(Answer(400, 50083), was_unarchived=True) is Do.REFUSED


EDITS = [
    pytest.param(Answer(200), Do.KEEP, id="done"),
    pytest.param(Answer(401), Do.STOP, id="the token is invalid"),
    pytest.param(Answer(403, 50013), Do.FAIL, id="no permission"),
    pytest.param(Answer(400, 50035), Do.FAIL, id="a form error"),
    pytest.param(Answer(400, 50083), Do.FAIL, id="a thread that stays archived"),
    pytest.param(Answer(404, 10008), Do.FAIL, id="deleted meanwhile"),
    pytest.param(Answer(404, 10003), Do.FAIL, id="no such channel"),
    pytest.param(Answer(429, retry_after_s=3), Do.WAIT, id="a route's limit"),
    pytest.param(Answer(None, was_limited=True), Do.WAIT, id="timed out while limited"),
    pytest.param(Answer(429, is_global=True), Do.WAIT_ALL, id="the global limit"),
    pytest.param(Answer(503), Do.RETRY, id="503"),
    pytest.param(Answer(None), Do.RETRY, id="reset, time-out, no route"),
    pytest.param(Answer(400, 12345), Do.FAIL, id="a refusal we don't know"),
]


@pytest.mark.parametrize(("answer", "expected"), EDITS)
def test_an_edit_is_kept_repeated_or_given_up_and_the_plain_message_stands(answer: Answer, expected: Do) -> None:
    assert decide_dress(answer) is expected


def test_waits_double_up_to_five_minutes_with_full_jitter() -> None:
    assert [backoff_s(attempts, 1.0) for attempts in (1, 2, 3, 9, 50)] == [2, 4, 8, 300, 300]
    assert backoff_s(3, 0.0) == 0.5


@pytest.mark.parametrize(
    ("answer", "counts"),
    [(Answer(401), True), (Answer(403), True), (Answer(429), False), (Answer(404), False), (Answer(None), False)],
)
def test_refusals_are_counted_and_limits_are_waited_out(answer: Answer, counts: bool) -> None:  # noqa: FBT001
    assert answer.is_invalid is counts
