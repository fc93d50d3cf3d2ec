import pytest

from bot.desk.resolving import matches
from bot.domain.stories import story_key
from bot.errors import Code, UserError
from tests.fakes.newsroom import Newsroom

SEED_LIKE = [
    "Pentagon Probe Finds Hegseth’s Use of Signal Risked Exposing Sensitive Yemen Strike Details",
    "U.S. Defense Chief Pete Hegseth Defends Controversial Second Strike on Suspected Drug-Smuggling Vessel",
    "Japan is intensifying its defense capabilities in response to growing security challenges in East Asia",
    "Trump Claims He Will Void Biden Documents Signed with Autopen",
]


async def _filled(newsroom: Newsroom) -> list[int]:
    return await newsroom.add(await newsroom.source("feed"), *SEED_LIKE)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        pytest.param("japan", 2, id="one word that only one has"),
        pytest.param("Japan defense", 2, id="several words"),
        pytest.param("japan-is-intensifying-its-defense-capabilities", 2, id="a slug"),
        pytest.param("  JAPAN is Intensifying ", 2, id="case and spaces"),
        pytest.param("autop", 3, id="an unfinished word"),
        pytest.param("biden documents autopen story", 3, id="most of the words"),
        pytest.param(SEED_LIKE[0], 0, id="a headline whole"),
        pytest.param("hegseth yemen", 0, id="two words that only one has both of"),
    ],
)
async def test_free_text_finds_the_story_that_is_meant(newsroom: Newsroom, typed: str, expected: int) -> None:
    ids = await _filled(newsroom)
    card = await newsroom.reading.card(await newsroom.reader(), typed)
    assert card.story.id == ids[expected]


@pytest.mark.parametrize(
    ("typed", "candidates"),
    [
        pytest.param("hegseth", {0, 1}, id="two alike"),
        pytest.param("quantum zebra crossing", set(), id="nothing close"),
        pytest.param("trump visits the moon", {3}, id="below the floor"),
        pytest.param("", set(), id="nothing typed"),
        pytest.param("“”…", set(), id="no word"),
        pytest.param("x" * 4_000, set(), id="huge"),
        pytest.param('" OR headline:* --', set(), id="query syntax"),
        pytest.param("s1zzz", set(), id="a key of no story"),
        pytest.param("999", set(), id="a number past the rows"),
        pytest.param("7", set(), id="a row of no list"),
    ],
)
async def test_what_is_unclear_is_answered_with_candidates(
    newsroom: Newsroom, typed: str, candidates: set[int]
) -> None:
    ids = await _filled(newsroom)
    with pytest.raises(UserError) as caught:
        await newsroom.reading.card(await newsroom.reader(), typed)
    assert caught.value.code is Code.STORY_GONE
    found = caught.value.parameters.get("candidates", ())
    assert isinstance(found, tuple)
    assert {story.id for story in found} == {ids[index] for index in candidates}


async def test_a_number_past_the_rows_is_no_beginning_of_a_longer_one(newsroom: Newsroom) -> None:
    (flight,) = await newsroom.add(await newsroom.source("feed"), "Flight carrying 266 migrants lands in Caracas")
    reader = await newsroom.reader()
    with pytest.raises(UserError) as caught:
        await newsroom.reading.card(reader, "26")
    found = caught.value.parameters.get("candidates", ())
    assert isinstance(found, tuple)
    assert [story.id for story in found] == [flight]
    assert (await newsroom.reading.card(reader, "266")).story.id == flight


async def test_a_key_opens_its_story_and_comes_before_words(newsroom: Newsroom) -> None:
    ids = await _filled(newsroom)
    card = await newsroom.reading.card(await newsroom.reader(), f" {story_key(ids[3]).upper()} ")
    assert card.story.id == ids[3]


async def test_a_number_means_the_row_of_my_last_list(newsroom: Newsroom) -> None:
    await newsroom.add(await newsroom.source("feed"), *[f"Item {n}" for n in range(12)])
    reader = await newsroom.reader()
    first = await newsroom.reading.headlines(reader)
    await newsroom.reading.headlines(reader, page=2)
    third = await newsroom.reading.card(reader, "3")
    assert third.story == first.stories[2]
    with pytest.raises(UserError):
        await newsroom.reading.card(reader, "13")


async def test_rows_survive_a_restart(newsroom: Newsroom) -> None:
    await newsroom.add(await newsroom.source("feed"), *[f"Item {n}" for n in range(12)])
    reader = await newsroom.reader()
    page = await newsroom.reading.headlines(reader)
    await newsroom.recall.flush()
    again = Newsroom(newsroom.store)
    assert (await again.reading.card(reader, "12")).story.id not in {story.id for story in page.stories}
    assert (await again.reading.card(reader, "1")).story == page.stories[0]


async def test_rows_of_a_search_are_numbered_too(newsroom: Newsroom) -> None:
    await _filled(newsroom)
    reader = await newsroom.reader()
    await newsroom.reading.headlines(reader)
    page = await newsroom.reading.search(reader, "strike")
    assert (await newsroom.reading.card(reader, "2")).story == page.stories[1]
    with pytest.raises(UserError):
        await newsroom.reading.card(reader, "3")


@pytest.mark.parametrize(
    ("typed", "expected"), [("", True), ("morn po", True), ("POST", True), ("ost", False), ("café", False)]
)
def test_each_word_typed_must_begin_a_word(typed: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert matches("Morning Post", typed) is expected
