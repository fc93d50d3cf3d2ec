"""What becomes of one delivery by what Discord answers, through the whole supervisor (F9)."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from bot.deliver.answers import Answer
from bot.deliver.ports import Block
from bot.domain.deliveries import Composed, Message, Nothing
from bot.domain.places import BriefingSettings, Style, TargetKind
from bot.errors import DatelineError, SetupError, StoreError, StoreFault, WorkerError, WorkerFault
from tests.fakes.delivery import HOUR, TO_DUE, Rig, after, build, last, outcome, running
from tests.fakes.ledgers import add_schedule
from tests.fakes.schedules import DUE


async def test_a_briefing_is_created_plain_on_time_then_dressed(rig: Rig) -> None:
    schedule = await after(rig)
    (post,) = rig.discord.posts
    assert timedelta(0) <= post.at - DUE < timedelta(seconds=2)
    assert (post.text.splitlines()[0], post.is_dressed) == ("Lead headline", True)
    assert (await last(rig, schedule)).url is not None
    assert await outcome(rig, schedule) == ("sent", "")
    assert rig.discord.requests.count("create") == 1


async def test_parts_go_out_in_order_and_edits_after_all_creates(rig: Rig) -> None:
    rig.editor.gives = Composed("one", [{"type": 10, "content": "1"}], more=(Message("two"), Message("three")))
    await after(rig)
    assert [post.text.splitlines()[0] for post in rig.discord.posts] == ["one", "two", "three"]
    assert rig.discord.requests.index("dress") > max(
        number for number, kind in enumerate(rig.discord.requests) if kind == "create"
    )


async def test_nothing_new_is_final_with_its_reason(rig: Rig) -> None:
    rig.editor.gives = Nothing("nothing-new")
    schedule = await after(rig)
    assert (await outcome(rig, schedule), rig.discord.posts) == (("empty", "nothing-new"), [])


async def test_an_editor_that_stumbles_is_asked_again_until_the_grace_is_over(rig: Rig) -> None:
    rig.editor.gives = ValueError("no")
    schedule = await after(rig, TO_DUE + 4 * HOUR)
    assert await outcome(rig, schedule) == ("expired", "not-composed")
    assert len(rig.editor.made) > 10


@pytest.mark.parametrize(
    "trouble",
    [
        StoreError(StoreFault.FULL, "The disk is full."),
        WorkerError(WorkerFault.TIMED_OUT, "The job took too long."),
    ],
    ids=["the store refuses", "the worker gave no answer"],
)
async def test_known_trouble_of_an_editor_is_a_sentence_without_a_traceback_and_passes(
    rig: Rig, trouble: DatelineError, caplog: pytest.LogCaptureFixture
) -> None:
    usual, rig.editor.gives = rig.editor.gives, trouble
    schedule = await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(TO_DUE + 10)
        said = [record for record in caplog.records if record.levelname == "ERROR"]
        assert said
        assert {(str(trouble) in record.getMessage(), record.exc_info) for record in said} == {(True, None)}
        rig.editor.gives = usual
        await rig.pass_time(120)
    assert await outcome(rig, schedule) == ("sent", "")


async def test_what_is_composed_once_is_sent_verbatim_on_every_try(rig: Rig) -> None:
    rig.discord.answers["create"] = [Answer(503), Answer(None)]
    await after(rig)
    assert (len(rig.editor.made), len(rig.discord.posts)) == (1, 1)


@pytest.mark.parametrize(
    ("answer", "state", "reason", "notices", "creates"),
    [
        pytest.param(Answer(403, 50013), "failed", "E01", ["E01"], 1, id="no permission"),
        pytest.param(Answer(403, 50001), "failed", "E01", ["E01"], 1, id="no access"),
        pytest.param(Answer(403, 50007), "failed", "E24", ["E24"], 1, id="closed DMs"),
        pytest.param(Answer(404, 10003), "failed", "gone", ["gone"], 1, id="channel gone"),
        pytest.param(Answer(404, 10004), "failed", "gone", ["gone"], 1, id="server gone"),
        pytest.param(Answer(404, 10008), "sent", "", [], 1, id="sent, then deleted"),
        pytest.param(Answer(400, 50035), "sent", "", [], 1, id="refused as it is, taken plainer"),
        pytest.param(Answer(403, 240000), "sent", "", [], 1, id="a harmful link"),
        pytest.param(Answer(400, 12345), "failed", "E16", [], 1, id="our fault"),
        pytest.param(Answer(400, 50083), "sent", "", [], 2, id="archived, woken"),
        pytest.param(Answer(429, retry_after_s=9), "sent", "", [], 2, id="limited"),
        pytest.param(Answer(429, retry_after_s=9, is_global=True), "sent", "", [], 2, id="limited everywhere"),
        pytest.param(Answer(429, has_via=False), "sent", "", [], 2, id="limited by Cloudflare"),
        pytest.param(Answer(503), "sent", "", [], 2, id="503"),
        pytest.param(Answer(None), "sent", "", [], 2, id="no answer"),
    ],
)
async def test_every_answer_is_acted_on(
    rig: Rig, answer: Answer, state: str, reason: str, notices: list[str], creates: int
) -> None:
    rig.discord.answers["create"] = [answer]
    schedule = await after(rig)
    assert await outcome(rig, schedule) == (state, reason)
    assert [notice.cause for notice in rig.discord.notices] == notices
    assert rig.discord.requests.count("create") == creates


async def test_what_is_refused_even_plainer_is_our_fault_and_the_schedule_stays_on(rig: Rig) -> None:
    rig.discord.answers = {"create": [Answer(400, 50035)], "create-simple": [Answer(400, 50035)]}
    schedule = await after(rig)
    assert await outcome(rig, schedule) == ("failed", "E16")
    again = await rig.store.schedules.get(schedule.id)
    assert again is not None
    assert again.disabled_code is None


async def test_a_thread_that_may_not_be_woken_is_refused(rig: Rig) -> None:
    rig.discord.answers = {"create": [Answer(400, 50083)], "unarchive": [Answer(403, 50013)]}
    schedule = await after(rig)
    assert await outcome(rig, schedule) == ("failed", "E01")


async def test_an_invalid_token_stops_everything(rig: Rig) -> None:
    await add_schedule(rig.store)
    rig.discord.answers["create"] = [Answer(401)]
    run = asyncio.create_task(rig.supervisor.run())
    await rig.pass_time(TO_DUE + 60)
    with pytest.raises(SetupError, match="token") as caught:
        await run
    assert caught.value.exit_code == 78


async def test_a_try_without_answer_is_looked_for_before_it_is_repeated_later(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    rig.discord.storm, rig.discord.rng = 1.0, _Always("after")  # type: ignore[assignment]
    async with running(rig):
        await rig.pass_time(TO_DUE + 2)
        rig.discord.storm, rig.discord.is_down = 0.0, True
        await rig.pass_time(1200)  # longer than any nonce is kept
        rig.discord.is_down = False
        await rig.pass_time(600)
    assert await outcome(rig, schedule) == ("sent", "")
    assert len(rig.discord.posts) == 1
    assert "find" in rig.discord.requests


class _Always:
    """A generator that always picks one fault."""

    def __init__(self, fault: str) -> None:
        self._fault = fault

    def random(self) -> float:
        return 0.0

    def choice(self, choices: list[Any]) -> Any:
        return self._fault if self._fault in choices else choices[0]


async def test_where_the_history_is_unreadable_a_try_stays_unknown_and_is_told(rig: Rig) -> None:
    rig.discord.unreadable.add(700)
    schedule = await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(TO_DUE - 1)
        rig.discord.storm, rig.discord.rng = 1.0, _Always("before")  # type: ignore[assignment]
        await rig.pass_time(3)
        rig.discord.storm = 0.0
    later = build(rig.store, rig.clock, rig.discord)
    async with running(later):
        await later.pass_time(300)
    assert await outcome(rig, schedule) == ("unknown", "no-answer")
    assert [notice.cause for notice in rig.discord.notices] == ["unknown"]
    assert rig.discord.posts == []


async def test_post_now_is_a_post_of_its_own_and_at_once(rig: Rig) -> None:
    schedule = await add_schedule(rig.store)
    async with running(rig):
        await rig.pass_time(60)
        await rig.store.plans.post_now(schedule, date(2026, 11, 22), 42, rig.clock.now())
        rig.supervisor.wake()
        await rig.pass_time(2)
        assert len(rig.discord.posts) == 1
        await rig.pass_time(TO_DUE)
    assert len({post.nonce for post in rig.discord.posts}) == len({post.text for post in rig.discord.posts}) == 2


async def test_a_forum_post_has_no_nonce_so_every_repeat_looks_first_and_waits_until_the_try_has_landed(
    rig: Rig,
) -> None:
    await add_schedule(rig.store, target=TargetKind.FORUM)
    rig.discord.answers["create"] = [Answer(None)]
    async with running(rig):
        await rig.pass_time(TO_DUE + 60)
        assert rig.discord.requests.count("create") == 1
        await rig.pass_time(60)
    assert rig.discord.requests.count("create") == 2
    assert rig.discord.requests[rig.discord.requests.index("create") :].count("find") >= 1


async def test_what_an_edit_meets_leaves_a_whole_briefing(rig: Rig) -> None:
    rig.discord.answers["dress"] = [Answer(503), Answer(429, is_global=True, retry_after_s=3), Answer(400, 50035)]
    schedule = await after(rig)
    assert await outcome(rig, schedule) == ("sent", "")
    assert (rig.discord.posts[0].is_dressed, rig.discord.requests.count("dress")) == (False, 3)
    assert await rig.store.ledger.undressed(DUE) == ()


async def test_a_plain_briefing_takes_no_turn_after_it_was_sent(rig: Rig) -> None:
    for number in range(50):
        settings = BriefingSettings(style=Style.PLAIN)
        await add_schedule(rig.store, 1000 + number, channel_id=2000 + number, settings=settings)
    async with running(rig):
        await rig.pass_time(TO_DUE + 4)
        assert len(rig.discord.posts) == 50
        assert await rig.store.ledger.undressed(DUE) == ()
        turn = asyncio.create_task(rig.pace.turn())
        await rig.pass_time(0.1)
        assert turn.done()
    assert rig.discord.requests.count("dress") == 0


async def test_a_notice_that_cannot_be_told_is_given_up(rig: Rig) -> None:
    rig.discord.blocks[700] = Block("E01")
    rig.discord.answers["tell"] = [Answer(403, 50013)]
    await after(rig)
    assert (rig.discord.notices, await rig.store.notices.untold()) == ([], ())


async def test_a_notice_is_told_once_though_nothing_can_be_written(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    rig.discord.blocks[700] = Block("E01")
    refused = 0

    async def refuse(*_: object) -> None:
        nonlocal refused
        refused += 1
        raise StoreError(StoreFault.FULL, "The disk is full.")

    with monkeypatch.context() as full:
        full.setattr(rig.store.notices, "told", refuse)
        await after(rig)
    assert refused > 1
    assert len(rig.discord.notices) == 1
    async with running(rig):
        await rig.pass_time(HOUR)
    assert (len(rig.discord.notices), await rig.store.notices.untold()) == (1, ())


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(Answer(404, 10003), ("failed", "gone"), id="the channel is gone"),
        pytest.param(Answer(403, 50007), ("failed", "E24"), id="the DM is closed"),
        pytest.param(Answer(503), ("sent", ""), id="no answer: looked for again"),
        pytest.param(Answer(429, is_global=True), ("sent", ""), id="limited"),
    ],
)
async def test_what_a_look_meets_is_acted_on_like_a_send(rig: Rig, answer: Answer, expected: tuple[str, str]) -> None:
    schedule = await add_schedule(rig.store)
    await rig.clock.advance(TO_DUE + 600)  # it starts late, so it looks first
    rig.discord.answers["find"] = [answer]
    async with running(rig):
        await rig.pass_time(300)
    assert await outcome(rig, schedule) == expected
    assert len(rig.discord.posts) == (expected[0] == "sent")
