"""`/dateline`: the one screen, the sources, and one's own data."""

import pytest

from bot.domain.places import Place
from bot.loopback import Loopback
from tests.fakes.managers import labels, text_of, turned_on
from tests.fakes.newsroom import Newsroom


async def test_the_one_screen_says_what_there_is_and_when_the_next_briefing_comes(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    await newsroom.add(await newsroom.source("feed"), "A headline", "Another")
    before = await bot.people.invoke("member", "general", "dateline")
    assert before.is_private
    assert "2 stories. Sources: Feed" in text_of(before)
    assert "not set up here" in text_of(before)
    await turned_on(bot)
    after = await bot.people.invoke("member", "general", "dateline")
    assert f"Next briefing in <#{bot.world.channel('news').id}>" in text_of(after)


async def test_only_managers_are_offered_the_setup(bot: Loopback, place: Place) -> None:
    assert "Set up" not in labels(await bot.people.invoke("member", "general", "dateline"))
    assert "Set up" in labels(await bot.people.invoke("admin", "general", "dateline"))


async def test_it_works_in_the_dm_and_nobody_manages_there(bot: Loopback, newsroom: Newsroom) -> None:
    screen = await bot.people.invoke("admin", "dm", "dateline")
    assert not screen.is_private
    assert "Set up" not in labels(screen)
    panel = await bot.people.press("admin", screen.message, "Sources")
    assert labels(panel) == {"All headlines"}


@pytest.mark.parametrize("where", ["general", "dm"])
async def test_ones_data_is_shown_handed_out_and_deleted(
    bot: Loopback, newsroom: Newsroom, place: Place, where: str
) -> None:
    await newsroom.add(await newsroom.source("feed"), "A headline")
    member = bot.people.user("member")
    await bot.people.invoke("member", where, "headlines")
    screen = await bot.people.invoke("member", where, "dateline")
    data = await bot.people.press("member", screen.message, "Privacy")
    assert "your last list, for row numbers · 1" in text_of(data)
    file = await bot.people.press("member", data.message, "Download my data")
    assert "as JSON" in text_of(file)
    sent = [one for one in bot.traffic.requests if one.files]
    assert sent[-1].files == ("dateline-my-data.json",)
    question = await bot.people.press("member", data.message, "Delete my data")
    kept = await bot.people.press("member", question.message, "Keep my data")
    assert "your last list" in text_of(kept)
    question = await bot.people.press("member", kept.message, "Delete my data")
    assert "deleted" in text_of(await bot.people.press("member", question.message, "Delete everything"))
    await newsroom.recall.flush()
    rows = await newsroom.store.people.about(member.id)
    assert rows == []
