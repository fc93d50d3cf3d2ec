from typing import Any

import pytest

from bot.desk import suggesting
from bot.domain.places import PlaceKind
from bot.domain.sources import SourceKind
from bot.errors import Code, UserError
from tests.fakes.news import NOW
from tests.fakes.newsroom import Newsroom


async def test_stories_are_suggested_while_typing(newsroom: Newsroom) -> None:
    await newsroom.add(await newsroom.source("feed"), *[f"{name} {n}" for n in range(9) for name in "abcd"])
    (japan,) = await newsroom.add(await newsroom.source("doc"), "Japan is intensifying its defense")
    reader = await newsroom.reader()
    assert len(await newsroom.suggesting.stories(reader, "")) == 25
    assert [story.id for story in await newsroom.suggesting.stories(reader, "japan inten")] == [japan]
    assert await newsroom.suggesting.stories(reader, "zebra") == ()
    await newsroom.reading.headlines(reader)
    row = await newsroom.suggesting.stories(reader, "3")
    assert row[0].id == (await newsroom.reading.headlines(reader)).stories[2].id
    assert len({story.id for story in row}) == len(row)


async def test_sources_are_suggested_and_named(newsroom: Newsroom) -> None:
    one, two = await newsroom.source("morning post"), await newsroom.source("evening post")
    sample = await newsroom.source("bundled", SourceKind.DOCUMENT, is_sample=True)
    reader = await newsroom.reader()
    assert [source.id for source in await newsroom.suggesting.sources(reader, "post morn")] == [one]
    assert len(await newsroom.suggesting.sources(reader, "")) == 3
    named = [("sample", sample), (str(two), two), ("Evening Post", two), ("morn", one), (" ", None), (None, None)]
    for typed, expected in named:
        assert await newsroom.suggesting.source_named(reader, typed) == expected
    for typed in ("post", "zebra"):
        with pytest.raises(UserError) as caught:
            await newsroom.suggesting.source_named(reader, typed)
        assert caught.value.code is Code.UNKNOWN_SOURCE


async def test_the_sample_is_found_by_what_it_is_called_in_any_language(newsroom: Newsroom) -> None:
    sample = await newsroom.source("Bundled sample document", SourceKind.DOCUMENT, is_sample=True)
    await newsroom.source("other")
    reader = await newsroom.reader()
    for typed in ("mitgel", "Mitgeliefertes Beispieldokument", "document d’exemple", "SAMPLE"):
        assert [source.id for source in await newsroom.suggesting.sources(reader, typed)] == [sample]
        assert await newsroom.suggesting.source_named(reader, typed) == sample


async def test_in_a_place_with_its_own_sources_the_sample_may_be_asked_for(newsroom: Newsroom) -> None:
    one, _ = [await newsroom.source(name, for_all=False) for name in ("one", "two")]
    sample = await newsroom.source("sample", SourceKind.DOCUMENT, is_sample=True)
    reader = await newsroom.reader(place=await newsroom.place(901, PlaceKind.PERSON))
    await newsroom.subscribe(reader.place, one)
    assert {source.id for source in await newsroom.suggesting.sources(reader, "")} == {one, sample}


# ── from memory, and from the store ──────────────────────────────────────────────────────────────────────────────────


async def test_a_title_is_the_one_that_a_source_read_here_gives(newsroom: Newsroom) -> None:
    hidden = await newsroom.source("hidden", for_all=False)
    (story_id,) = await newsroom.add(hidden, "Bridge opens early", age_h=3)
    await newsroom.add(await newsroom.source("feed"), "The bridge is open", story=story_id)
    await newsroom.add(hidden, "Bridge closes again")
    found = await newsroom.suggesting.stories(await newsroom.reader(), "bri")
    assert [(one.id, one.title) for one in found] == [(story_id, "The bridge is open")]
    assert await newsroom.suggesting.stories(await newsroom.reader(), "early") == ()


async def test_what_came_in_or_was_retracted_a_moment_ago_counts(newsroom: Newsroom) -> None:
    feed, reader = await newsroom.source("feed"), await newsroom.reader()
    first, second = await newsroom.add(feed, "Bridge opens", "Bridge closes")
    assert {one.id for one in await newsroom.suggesting.stories(reader, "bridge")} == {first, second}
    await newsroom.store.stories.retract(first, NOW)
    (third,) = await newsroom.add(feed, "Bridge is painted")
    assert {one.id for one in await newsroom.suggesting.stories(reader, "bridge")} == {second, third}


async def test_stories_too_old_for_the_memory_are_found_in_the_store(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "_NEWEST", 2)
    feed, hidden = await newsroom.source("feed"), await newsroom.source("hidden", for_all=False)
    (old,) = await newsroom.add(feed, "Bridge opens", age_h=90)
    await newsroom.add(hidden, "Bridge falls", age_h=80)
    new = await newsroom.add(feed, "Harbour closes", "Bridge closes")
    reader = await newsroom.reader()
    assert [one.id for one in await newsroom.suggesting.stories(reader, "bridge")] == [new[1], old]
    assert [one.id for one in await newsroom.suggesting.stories(reader, "bridge op")] == [old]
    assert [one.id for one in await newsroom.suggesting.stories(reader, "harb")] == [new[0]]


async def test_who_types_on_is_answered_from_what_was_looked_up(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suggesting, "_NEWEST", 1)
    feed = await newsroom.source("feed")
    old = await newsroom.add(feed, "Bridge opens", "Bridge closes", age_h=90)
    await newsroom.add(feed, "Harbour closes")
    reader, looked_up = await newsroom.reader(), []
    look_up = newsroom.store.titles.begun

    async def noted(start: str, *rest: Any, **others: Any) -> Any:
        looked_up.append(start)
        return await look_up(start, *rest, **others)

    monkeypatch.setattr(newsroom.store.titles, "begun", noted)
    for typed, expected in (("brid", old[::-1]), ("bridge", old[::-1]), ("bridge o", old[:1]), ("bridge x", [])):
        assert [one.id for one in await newsroom.suggesting.stories(reader, typed)] == expected
    assert looked_up == ["brid"]


async def test_names_are_offered_by_how_often_they_stand_in_what_is_read_here(newsroom: Newsroom) -> None:
    feed, hidden = await newsroom.source("feed"), await newsroom.source("hidden", for_all=False)
    await newsroom.add(feed, "One", "Two", names=("Jane Doe", "Zoë Novák"))
    await newsroom.add(feed, "Three", names=("Doe Valley",))
    await newsroom.add(hidden, "Four", names=("Doerte Hidden",))
    reader = await newsroom.reader()
    assert await newsroom.suggesting.names(reader, "DO") == ("Jane Doe", "Doe Valley")
    assert await newsroom.suggesting.names(reader, "novak z") == ("Zoë Novák",)
    assert await newsroom.suggesting.names(reader, "hidden") == ()


async def test_the_memory_is_not_made_again_and_again_while_news_pour_in(newsroom: Newsroom) -> None:
    made: list[float] = []

    async def make() -> str:
        await newsroom.clock.advance(2)
        made.append(newsroom.clock.monotonic())
        return f"number {len(made)}"

    kept = suggesting._Kept(newsroom.clock, make)
    assert [await kept.of(revision) for revision in (1, 1, 2, 3)] == ["number 1"] * 4
    await newsroom.clock.advance(39)
    assert await kept.of(4) == "number 1"
    await newsroom.clock.advance(2)
    assert [await kept.of(revision) for revision in (5, 6)] == ["number 2"] * 2
