import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.place_filters import Mute, MuteKind
from bot.domain.places import PlaceKind
from bot.domain.topics import Topic
from bot.store.members import KeptSearch, Members, Rows, Share, Use
from bot.store.places import ensure
from bot.store.store import Store
from tests.fakes.news import NOW

ME, OTHER = 7, 8


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(tmp_path / "d.db") as store:
        await store.db.write(lambda raw: ensure(raw, PlaceKind.SERVER, 900, NOW))
        yield store


async def _fill(members: Members, user: int) -> None:
    await members.keep({(user, 1): Rows((3, 0, 5), NOW)}, [KeptSearch(user, user, "frogs", NOW)], {50: Use(1)}, NOW)
    await members.claim_share(4, user, user, NOW)


async def test_what_was_listed_and_searched_reads_back(store: Store) -> None:
    await _fill(store.members, ME)
    assert await store.members.last_list(ME, 1) == Rows((3, 0, 5), NOW)
    assert await store.members.kept_search(ME) == KeptSearch(ME, ME, "frogs", NOW)
    assert (await store.members.last_list(ME, 2), await store.members.kept_search(0)) == (None, None)


async def test_a_newer_list_takes_the_place_of_an_older_and_a_place_that_is_gone_gets_none(store: Store) -> None:
    await _fill(store.members, ME)
    await store.members.keep({(ME, 1): Rows((9,), NOW), (ME, 77): Rows((9,), NOW)}, [], {}, NOW)
    assert await store.members.last_list(ME, 1) == Rows((9,), NOW)
    assert await store.members.last_list(ME, 77) is None


async def test_uses_add_up_and_hold_no_name(store: Store) -> None:
    for _ in range(2):
        await store.members.keep({}, [], {50: Use(2, 1), 51: Use(0, 1)}, NOW)
    assert await store.members.uses([50, 51, 52]) == {50: Use(4, 2), 51: Use(0, 2)}


async def test_the_mutes_of_a_persons_own_place_follow_them(store: Store) -> None:
    own = await store.places.ensure(PlaceKind.PERSON, ME, NOW)
    for topic, days in ((Topic.SPORT, 7), (Topic.HEALTH, 9)):
        await store.place_filters.mute(own.id, Mute(MuteKind.TOPIC, topic.value, NOW + timedelta(days=days)), NOW)
    await store.place_filters.mute(own.id, Mute(MuteKind.WORD, "cup", NOW + timedelta(days=9)), NOW)
    await store.place_filters.mute(1, Mute(MuteKind.TOPIC, "world", NOW + timedelta(days=9)), NOW)
    assert {one.value for one in (await store.glances.of(1, ME, NOW)).mutes} == {"sport", "health", "cup"}
    assert len((await store.glances.of(1, ME, NOW + timedelta(days=8))).mutes) == 2
    assert [(await store.glances.of(1, user, NOW)).mutes for user in (OTHER, None)] == [(), ()]
    assert (await store.glances.of(own.id, ME, NOW)).mutes == ()  # in the DM they are the place's
    assert {row["table"] for row in await store.people.about(ME)} == {"mute", "place"}
    await store.people.forget(ME)
    assert (await store.glances.of(1, ME, NOW)).mutes == ()


async def test_a_story_is_shared_once_a_channel_and_hour(store: Store) -> None:
    first = await store.members.claim_share(4, 50, ME, NOW)
    assert first.is_new
    await store.members.finish_share(first, 1234)
    again = await store.members.claim_share(4, 50, OTHER, NOW + timedelta(minutes=59))
    assert again == Share(4, 50, NOW, 1234)
    assert (await store.members.claim_share(4, 51, OTHER, NOW)).is_new
    assert (await store.members.claim_share(5, 50, OTHER, NOW)).is_new
    assert (await store.members.claim_share(4, 50, OTHER, NOW + timedelta(minutes=60))).is_new


async def test_a_share_that_failed_or_was_removed_may_be_made_anew(store: Store) -> None:
    first = await store.members.claim_share(4, 50, ME, NOW)
    await store.members.finish_share(first, None)
    second = await store.members.claim_share(4, 50, ME, NOW)
    assert second.is_new
    await store.members.finish_share(second, 1234)
    await store.members.forget_share(1234)
    assert (await store.members.claim_share(4, 50, ME, NOW)).is_new


async def test_everything_has_its_time(store: Store) -> None:
    await _fill(store.members, ME)
    assert await store.members.purge(NOW) == 0
    assert await store.members.purge(NOW + timedelta(days=400)) == 4


async def test_what_has_had_its_time_goes_piece_by_piece(store: Store) -> None:
    for user in (ME, OTHER, 3):
        await _fill(store.members, user)
    pieces = [await store.members.purge(NOW + timedelta(days=400), 1) for _ in range(4)]
    assert (sum(pieces), pieces[0], pieces[-1]) == (10, 4, 0)


def _tables_with_people(raw: sqlite3.Connection) -> set[str]:
    tables = [row["name"] for row in raw.execute("select name from sqlite_schema where type='table'")]
    return {
        table
        for table in ("last_list", "kept_search", "share", "message_use")
        if table in tables and any(row["name"] == "user_id" for row in raw.execute(f"pragma table_info({table})"))
    }


async def test_the_export_holds_every_table_with_a_user_id_and_deletion_empties_them(store: Store) -> None:
    await _fill(store.members, ME)
    await _fill(store.members, OTHER)
    exported = await store.people.about(ME)
    assert {row["table"] for row in exported} == await store.db.read(_tables_with_people)
    assert all(row["user_id"] == ME for row in exported)
    await store.people.forget(ME)
    assert await store.people.about(ME) == []
    assert len(await store.people.about(OTHER)) == 3
