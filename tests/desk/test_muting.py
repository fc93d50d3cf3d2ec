from datetime import timedelta

import pytest

from bot.domain.answers import Reader
from bot.domain.place_filters import Mute, MuteKind
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from tests.fakes.news import NOW
from tests.fakes.newsroom import Newsroom

WEEK = timedelta(days=7)


async def _refused(newsroom: Newsroom, reader: Reader, kind: MuteKind, value: str) -> Code:
    with pytest.raises(UserError) as caught:
        await newsroom.muting.mute(reader, kind, value, is_own=False)
    return caught.value.code


async def _titles(newsroom: Newsroom, reader: Reader) -> set[str]:
    return {story.title for story in (await newsroom.reading.headlines(reader)).stories}


async def test_a_servers_mute_holds_for_everyone_there_and_an_own_one_for_oneself(newsroom: Newsroom) -> None:
    await newsroom.add(await newsroom.source("feed"), "Storm comes", "Bridge opens")
    await newsroom.add(await newsroom.source("other"), "The cup is won", topics=(Topic.SPORT,))
    one, other = await newsroom.reader(), await newsroom.reader(user_id=8)
    await newsroom.muting.mute(one, MuteKind.WORD, " Storm ", is_own=False)
    await newsroom.muting.mute_topic(one, Topic.SPORT)
    assert await _titles(newsroom, one) == {"Bridge opens"}
    assert await _titles(newsroom, other) == {"Bridge opens", "The cup is won"}
    server = await newsroom.muting.panel(other, is_own=False)
    assert server.mutes == (Mute(MuteKind.WORD, "Storm", NOW + WEEK),)
    assert (await newsroom.muting.panel(other, is_own=True)).mutes == ()
    assert [one.value for one in (await newsroom.muting.panel(one, is_own=True)).mutes] == ["sport"]


async def test_a_mute_is_lifted_or_ends_after_a_week_and_muting_again_begins_it_anew(newsroom: Newsroom) -> None:
    reader = await newsroom.reader()
    for _ in range(2):
        await newsroom.clock.advance(60)
        mute = await newsroom.muting.mute(reader, MuteKind.WORD, "storm", is_own=False)
    assert (await newsroom.muting.panel(reader, is_own=False)).mutes == (mute,)
    assert mute.until == NOW + WEEK + timedelta(minutes=2)
    assert await newsroom.muting.lift(reader, mute.key, is_own=False)
    assert not await newsroom.muting.lift(reader, mute.key, is_own=False)
    await newsroom.muting.mute(reader, MuteKind.TOPIC, "world", is_own=False)
    await newsroom.clock.advance(WEEK)
    assert (await newsroom.muting.panel(reader, is_own=False)).mutes == ()


REFUSED: dict[str, tuple[MuteKind, str, Code]] = {
    "an unknown topic": (MuteKind.TOPIC, "gossip", Code.UNKNOWN_TOPIC),
    "no letters": (MuteKind.WORD, " ,; ", Code.NOTHING_FOUND),
    "nothing": (MuteKind.WORD, "", Code.NOTHING_FOUND),
}


@pytest.mark.parametrize(("kind", "value", "code"), REFUSED.values(), ids=REFUSED)
async def test_what_means_nothing_is_not_muted(newsroom: Newsroom, kind: MuteKind, value: str, code: Code) -> None:
    assert await _refused(newsroom, await newsroom.reader(), kind, value) is code


async def test_twenty_five_are_enough_but_a_known_one_can_be_renewed(newsroom: Newsroom) -> None:
    reader = await newsroom.reader()
    for number in range(25):
        await newsroom.muting.mute(reader, MuteKind.WORD, f"word{number}", is_own=False)
    assert await _refused(newsroom, reader, MuteKind.WORD, "another") is Code.LIMIT_REACHED
    await newsroom.muting.mute(reader, MuteKind.WORD, "word3", is_own=False)
