import logging

import pytest

from bot.errors import Code, UserError
from bot.store import reports
from tests.fakes.newsroom import Newsroom


@pytest.fixture
async def story_id(newsroom: Newsroom) -> int:
    return (await newsroom.add(await newsroom.source("feed"), "Bridge opens"))[0]


async def test_a_report_is_kept_counted_and_written_to_the_log(
    newsroom: Newsroom, story_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        counts = []
        for user in (7, 8):
            reader = await newsroom.reader(user)
            counts.append(await newsroom.reporting.report(reader, story_id, "bad-link", "  It leads \n nowhere "))
            await newsroom.clock.advance(10)
    assert counts == [1, 2]
    (latest, _) = await newsroom.store.reports.latest()
    assert (latest.headline, latest.reason, latest.detail, latest.of_story) == (
        "Bridge opens",
        "bad-link",
        "It leads nowhere",
        2,
    )
    assert "A story was reported" in caplog.text
    assert "nowhere" not in caplog.text  # what people write stays in the store


async def test_a_second_report_by_the_same_person_takes_the_place_of_the_first(
    newsroom: Newsroom, story_id: int
) -> None:
    reader = await newsroom.reader()
    await newsroom.reporting.report(reader, story_id, "bad-link", "")
    await newsroom.clock.advance(60)
    assert await newsroom.reporting.report(reader, story_id, "other", "no, this") == 1
    assert [one.reason for one in await newsroom.store.reports.latest()] == ["other"]


async def test_reports_have_a_cooldown_and_a_story_that_is_gone_gets_none(newsroom: Newsroom, story_id: int) -> None:
    reader = await newsroom.reader()
    for number, code in ((999, Code.STORY_GONE), (story_id, None), (story_id, Code.COOLDOWN)):
        if code is None:
            await newsroom.reporting.report(reader, number, "other", "")
            continue
        with pytest.raises(UserError) as caught:
            await newsroom.reporting.report(reader, number, "other", "")
        assert caught.value.code is code


async def test_of_one_story_only_so_many_reports_are_kept(
    newsroom: Newsroom, story_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "KEPT_PER_STORY", 2)
    for user in (7, 8, 9):
        await newsroom.reporting.report(await newsroom.reader(user), story_id, "other", "")
        await newsroom.clock.advance(60)
    assert len(await newsroom.store.reports.latest()) == 2
