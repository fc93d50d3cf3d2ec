"""Candidates: loaded and ranked once for all who read the same, and anew as soon as that would show."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.candidates import Candidates
from bot.desk.scope import View
from bot.domain.places import Place
from tests.fakes.newsroom import Newsroom


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    room = await Newsroom.open(tmp_path)
    source = await room.source("harbour")
    await room.add(source, "Harbour crane returns to work", "Opera reopens after nine years")
    yield room
    await room.store.close()


@pytest.fixture
def candidates(room: Newsroom) -> Candidates:
    return Candidates(room.store, room.clock)


async def _view(room: Newsroom, place: Place) -> View:
    return await room.scope.briefed(place, (), ())


async def test_places_that_read_the_same_share_what_was_ranked(room: Newsroom, candidates: Candidates) -> None:
    views = [await _view(room, await room.place(900 + number)) for number in range(8)]
    found = await asyncio.gather(*(candidates.of(view) for view in views))
    assert len({id(each) for each in found}) == 1
    stories, ranked = found[0]
    assert {pick.story.id for pick in ranked.picks} == {story.id for story in stories}


async def test_a_write_that_no_reader_sees_changes_nothing(room: Newsroom, candidates: Candidates) -> None:
    place = await room.place()
    first = await candidates.of(await _view(room, place))
    await room.store.notes.put("a", "note")
    assert await candidates.of(await _view(room, place)) is first


@pytest.mark.parametrize("what", ["a new story", "some minutes"])
async def test_it_is_ranked_anew_after(what: str, room: Newsroom, candidates: Candidates) -> None:
    place = await room.place()
    first = await candidates.of(await _view(room, place))
    if what == "a new story":
        await room.add(1, "Glacier stops moving")
    else:
        await room.clock.advance(timedelta(minutes=5))
    again = await candidates.of(await _view(room, place))
    assert again is not first
    assert len(again[0]) == 2 + (what == "a new story")


async def test_only_the_views_used_last_are_kept(room: Newsroom, candidates: Candidates) -> None:
    place = await room.place()
    first = await candidates.of(await _view(room, place))
    sources = [await room.source(f"paper {number}") for number in range(16)]
    for source in sources:
        await candidates.of(await room.scope.briefed(place, (), (source,)))
    assert len(candidates._kept) == 16
    assert await candidates.of(await _view(room, place)) is not first
