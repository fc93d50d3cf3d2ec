from dataclasses import replace
from typing import Any

import pytest

from bot.domain.places import PlaceKind
from bot.errors import Code, UserError
from bot.store.members import Use
from tests.fakes.newsroom import Newsroom


@pytest.fixture
async def story_id(newsroom: Newsroom) -> int:
    return (await newsroom.add(await newsroom.source("feed"), "Bridge opens"))[0]


async def _refused(newsroom: Newsroom, story_id: int, **fields: Any) -> UserError:
    with pytest.raises(UserError) as caught:
        await newsroom.sharing.begin(await newsroom.reader(**fields), story_id)
    return caught.value


async def test_a_second_press_gets_a_pointer_to_the_first(newsroom: Newsroom, story_id: int) -> None:
    card, share = await newsroom.sharing.begin(await newsroom.reader(), story_id)
    assert card.story.id == story_id
    assert (await _refused(newsroom, story_id, user_id=8)).parameters == {"url": None}
    await newsroom.sharing.finish(share, 1234, pressed_on=600)
    error = await _refused(newsroom, story_id, user_id=8)
    assert error.code is Code.ALREADY_SHARED
    assert error.parameters == {"url": "https://discord.com/channels/900/50/1234"}
    await newsroom.recall.flush()
    assert await newsroom.store.members.uses([600]) == {600: Use(0, 1)}


async def test_a_share_that_was_not_posted_may_be_tried_again(newsroom: Newsroom, story_id: int) -> None:
    _, share = await newsroom.sharing.begin(await newsroom.reader(), story_id)
    await newsroom.sharing.finish(share, None, pressed_on=600)
    _, again = await newsroom.sharing.begin(await newsroom.reader(), story_id)
    assert again.is_new


async def test_who_may_not_write_there_may_not_share(newsroom: Newsroom, story_id: int) -> None:
    place = await newsroom.place()
    dm = await newsroom.place(7, PlaceKind.PERSON)
    cases: list[dict[str, Any]] = [{"may_share": False}, {"place": replace(place, may_share=False)}, {"place": dm}]
    for fields in cases:
        assert (await _refused(newsroom, story_id, **fields)).code is Code.CANNOT_SHARE


async def test_a_story_that_is_gone_is_not_shared(newsroom: Newsroom) -> None:
    assert (await _refused(newsroom, 999)).code is Code.STORY_GONE


@pytest.mark.parametrize(
    ("user_id", "is_moderator", "is_manager", "is_allowed"),
    [(7, False, False, True), (8, False, False, False), (8, True, False, True), (8, False, True, True)],
)
async def test_sharer_moderators_and_managers_may_remove_a_shared_card(
    newsroom: Newsroom,
    story_id: int,
    user_id: int,
    is_moderator: bool,  # noqa: FBT001 - a table
    is_manager: bool,  # noqa: FBT001 - a table
    is_allowed: bool,  # noqa: FBT001 - a table
) -> None:
    _, share = await newsroom.sharing.begin(await newsroom.reader(), story_id)
    await newsroom.sharing.finish(share, 1234)
    remover = await newsroom.reader(user_id, is_manager=is_manager)
    if is_allowed:
        await newsroom.sharing.remove(remover, 7, 1234, is_moderator=is_moderator)
        assert (await newsroom.sharing.begin(remover, story_id))[1].is_new
    else:
        with pytest.raises(UserError) as caught:
            await newsroom.sharing.remove(remover, 7, 1234, is_moderator=is_moderator)
        assert caught.value.code is Code.NOT_ALLOWED
