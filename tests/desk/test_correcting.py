from datetime import timedelta

import pytest

from bot.desk.correcting import Correcting
from bot.domain.answers import Reader
from bot.errors import Code, UserError
from tests.fakes.ledgers import add_schedule, send_one
from tests.fakes.newsroom import Newsroom
from tests.fakes.schedules import DUE


@pytest.fixture
async def reader(newsroom: Newsroom) -> Reader:
    """Give a manager of a server whose briefing showed two stories."""
    await add_schedule(newsroom.store)
    delivery = await send_one(newsroom.store)
    await newsroom.clock.advance(DUE + timedelta(hours=1) - newsroom.clock.now())
    return await newsroom.reader(place=delivery.schedule.place, is_manager=True)


@pytest.fixture
def correcting(newsroom: Newsroom) -> Correcting:
    return Correcting(newsroom.store, newsroom.clock, newsroom.watch)


async def test_what_was_posted_lately_is_offered(correcting: Correcting, reader: Reader) -> None:
    assert [headline for _, headline in await correcting.suggest(reader, "")] == [
        "Lead headline",
        "Other headline",
    ]
    assert [key for key, _ in await correcting.suggest(reader, "OTHER")] == ["s2"]


@pytest.mark.parametrize("typed", ["s1", "lead", "Lead headline"])
async def test_a_story_is_withdrawn_by_hand_from_every_post_that_showed_it(
    correcting: Correcting, newsroom: Newsroom, reader: Reader, typed: str
) -> None:
    correction, posts = await correcting.correct(reader, typed)
    assert (correction.before, correction.after, posts) == ("Lead headline", None, 1)
    ((_, noted),) = await newsroom.store.corrections.waiting()
    assert [one.corrected_to for one in noted] == [""]
    assert newsroom.watch.wakes == 1


async def test_a_story_whose_headline_has_changed_is_corrected_to_it(
    correcting: Correcting, newsroom: Newsroom, reader: Reader
) -> None:
    reports = [f"Report {number}" for number in range(1, 12)]  # the briefing showed the eleventh article
    await newsroom.add(await newsroom.source("feed"), *reports, story=1)
    correction, _ = await correcting.correct(reader, "s1")
    assert correction.after == "Report 11"
    again, posts = await correcting.correct(reader, "s1")
    assert (again.after, posts) == ("Report 11", 1)


@pytest.mark.parametrize("typed", ["s9", "", "headline", "a flood that was never posted"])
async def test_what_was_not_posted_or_is_not_clear_is_told(
    correcting: Correcting, newsroom: Newsroom, reader: Reader, typed: str
) -> None:
    with pytest.raises(UserError) as caught:
        await correcting.correct(reader, typed)
    assert caught.value.code is Code.STORY_GONE
    assert await newsroom.store.corrections.waiting() == ()


async def test_another_server_has_nothing_to_correct(correcting: Correcting, newsroom: Newsroom) -> None:
    stranger = await newsroom.reader(place=await newsroom.place(901))
    assert await correcting.suggest(stranger, "") == ()
