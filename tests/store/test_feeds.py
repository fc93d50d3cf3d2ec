"""What the store remembers of feeds, and who reads them."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.answers import SettingChange
from bot.domain.feeds import Cadence, Cure, Feed, Notice, NoticeKind, Verdict
from bot.domain.place_filters import OPEN, Mute, MuteKind, PlaceFilter
from bot.domain.places import PlaceKind
from bot.domain.sources import Source, SourceKind, SourceState
from bot.domain.topics import Topic
from bot.store import feeds, place_filters, places, sources, subscriptions, visits
from bot.store.store import Store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def add_feed(raw: sqlite3.Connection, url: str = "https://a.example/feed", domain: str = "a.example") -> int:
    source = sources.add(raw, Source(0, SourceKind.FEED, url, url, url=url), NOW)
    feeds.add(raw, source.id, domain)
    return source.id


def add_place(raw: sqlite3.Connection, discord_id: int = 1) -> int:
    return places.ensure(raw, PlaceKind.SERVER, discord_id, NOW).id


async def followed(store: Store, readers: int = 1, url: str = "https://a.example/feed") -> tuple[int, tuple[int, ...]]:
    def work(raw: sqlite3.Connection) -> tuple[int, tuple[int, ...]]:
        source_id = add_feed(raw, url)
        found = tuple(add_place(raw, number) for number in range(1, readers + 1))
        for place_id in found:
            subscriptions.add(raw, place_id, source_id, NOW)
        return source_id, found

    return await store.db.write(work)


async def feed_of(store: Store, source_id: int) -> Feed:
    found = await store.feeds.by_id(source_id)
    assert found
    return found


async def test_a_feed_is_asked_from_its_first_reader_to_its_last(store: Store) -> None:
    source_id, (first, second) = await followed(store, 2)
    assert [feed.source_id for feed in await store.feeds.due(NOW, 10)] == [source_id]
    assert (await feed_of(store, source_id)).readers == 2
    assert await store.subscriptions.remove(first, source_id, NOW)
    assert await store.subscriptions.set_paused(second, source_id, NOW, is_paused=True)
    assert await store.feeds.due(NOW, 10) == ()
    assert await store.feeds.next_due() is None
    assert await store.subscriptions.set_paused(second, source_id, NOW, is_paused=False)
    assert len(await store.feeds.due(NOW, 10)) == 1
    assert not await store.subscriptions.remove(first, source_id, NOW)
    assert not await store.subscriptions.set_paused(first, source_id, NOW, is_paused=False)


async def test_a_new_reader_does_not_make_a_feed_be_asked_early(store: Store) -> None:
    source_id, _ = await followed(store)
    feed = replace(await feed_of(store, source_id), next_check=NOW + HOUR, checked_at=NOW)
    await store.feeds.save(feed, SourceState.OK, "")
    await store.db.write(lambda raw: subscriptions.add(raw, add_place(raw, 9), source_id, NOW))
    assert await store.feeds.due(NOW, 10) == ()


async def test_everything_about_a_feed_survives(store: Store) -> None:
    source_id, _ = await followed(store)
    feed = Feed(
        source_id, "https://a.example/feed", "a.example", NOW + HOUR, NOW, NOW, "e", "m", "h", 1_800.0,
        Cadence(60.0, 120.0, frozenset({1, 2}), frozenset({6})), 3, "timed-out", NOW, NOW, True, 4, "https://b.example/",
        NOW, 2, True, 1,
    )  # fmt: skip
    await store.feeds.save(feed, SourceState.FAILING, "it took too long")
    assert await feed_of(store, source_id) == feed
    source = await store.sources.by_id(source_id)
    assert source
    assert (source.state, source.detail) == (SourceState.FAILING, "it took too long")
    await store.feeds.set_pages(source_id, may_fetch=False)
    assert not (await feed_of(store, source_id)).may_fetch_pages


async def test_a_feed_paused_during_its_visit_stays_paused(store: Store) -> None:
    source_id, _ = await followed(store)
    feed = replace(await feed_of(store, source_id), next_check=NOW + HOUR)
    await store.db.write(lambda raw: subscriptions.set_paused_for_all(raw, source_id, NOW, is_paused=True))
    await store.feeds.save(feed, SourceState.OK, "")
    assert (await feed_of(store, source_id)).next_check is None
    source = await store.sources.by_id(source_id)
    assert source
    assert source.state is SourceState.PAUSED
    await store.db.write(lambda raw: subscriptions.set_paused_for_all(raw, source_id, NOW, is_paused=False))
    assert len(await store.feeds.due(NOW, 10)) == 1


async def test_a_disabled_feed_is_not_woken_by_readers(store: Store) -> None:
    source_id, _ = await followed(store)
    feed = replace(await feed_of(store, source_id), next_check=None)
    await store.feeds.save(feed, SourceState.DISABLED, "it answered 410")
    await store.db.write(lambda raw: subscriptions.add(raw, add_place(raw, 9), source_id, NOW))
    assert await store.feeds.due(NOW + 9000 * HOUR, 10) == ()


async def test_a_clock_once_far_ahead_silences_no_feed(store: Store) -> None:
    source_id, _ = await followed(store)
    far = replace(await feed_of(store, source_id), next_check=NOW + timedelta(days=3650))
    await store.feeds.save(far, SourceState.OK, "")
    assert len(await store.feeds.due(NOW, 10)) == 1


async def test_a_pause_holds_for_all_feeds_of_a_domain_and_new_ones(store: Store) -> None:
    first, _ = await followed(store, url="https://a.example/1")
    second, _ = await followed(store, url="https://a.example/2")
    feed = replace(await feed_of(store, first), next_check=NOW + HOUR)
    verdict = Verdict(feed, SourceState.FAILING, "it answered 429", hold_until=NOW + HOUR)
    await store.visits.record([verdict], NOW, lambda url: "a.example")
    assert await store.feeds.due(NOW + HOUR / 2, 10) == ()
    assert await store.feeds.held_until("a.example", NOW) == NOW + HOUR
    third, _ = await followed(store, url="https://a.example/3")
    assert await store.feeds.due(NOW + HOUR / 2, 10) == ()
    due = await store.feeds.due(NOW + HOUR + timedelta(minutes=10), 10)
    assert {feed.source_id for feed in due} == {first, second, third}
    assert await store.feeds.held_until("a.example", NOW + HOUR) is None


async def test_a_moved_feed_goes_on_at_its_new_address_without_the_old_validators(store: Store) -> None:
    source_id, _ = await followed(store)
    feed = replace(await feed_of(store, source_id), etag="e", body_hash="h", next_check=NOW + HOUR)
    verdict = Verdict(feed, SourceState.OK, move_to="https://b.example/feed")
    await store.visits.record([verdict], NOW, lambda url: "b.example")
    moved = await feed_of(store, source_id)
    assert (moved.url, moved.domain, moved.etag, moved.body_hash) == ("https://b.example/feed", "b.example", None, None)


async def test_a_feed_that_moves_to_a_known_address_hands_its_readers_over(store: Store) -> None:
    old, (first, second) = await followed(store, 2)
    new, _ = await followed(store, 1, url="https://b.example/feed")
    feed = replace(await feed_of(store, old), next_check=NOW + HOUR)
    verdict = Verdict(feed, SourceState.OK, move_to="https://b.example/feed")
    await store.visits.record([verdict], NOW, lambda url: "b.example")
    assert (await feed_of(store, old)).next_check is None
    assert (await feed_of(store, new)).readers == 2
    assert {new} == set(await store.subscriptions.source_ids(first)) & {old, new}
    assert {new} == set(await store.subscriptions.source_ids(second)) & {old, new}


async def test_a_place_reads_documents_the_operators_feeds_and_its_own(store: Store) -> None:
    own, (place,) = await followed(store)

    def work(raw: sqlite3.Connection) -> tuple[int, int, int]:
        document = sources.add(raw, Source(0, SourceKind.DOCUMENT, "notes", "Notes"), NOW).id
        common, others = add_feed(raw, "https://c.example/"), add_feed(raw, "https://o.example/")
        subscriptions.set_for_all(raw, common, NOW, is_for_all=True)
        subscriptions.add(raw, add_place(raw, 9), others, NOW)
        return document, common, others

    document, common, others = await store.db.write(work)
    assert set(await store.subscriptions.source_ids(place)) == {own, document, common}
    listed = await store.subscriptions.of_place(place)
    assert listed[0].source.id == own
    assert {status.source.id for status in listed} == {own, document, common}
    assert {status.source.id for status in await store.subscriptions.overview()} == {own, document, common, others}
    assert await store.subscriptions.count(place) == 1
    assert (await feed_of(store, common)).next_check == NOW


async def told_to(store: Store) -> list[tuple[int, NoticeKind]]:
    return [(one.place_id, one.kind) for one in await store.subscriptions.untold()]


async def test_every_place_that_chose_a_source_is_told_once(store: Store) -> None:
    source_id, (first, second) = await followed(store, 2)
    failing = Notice(NoticeKind.FAILING, Cure.WAIT, "it took too long")
    await store.db.write(lambda raw: subscriptions.notify(raw, source_id, failing, NOW))
    await store.db.write(lambda raw: subscriptions.notify(raw, source_id, failing, NOW))
    assert await told_to(store) == [(first, NoticeKind.FAILING), (second, NoticeKind.FAILING)]
    (one, _) = await store.subscriptions.untold()
    assert (one.source.id, one.reason, one.cure, one.at) == (source_id, "it took too long", Cure.WAIT, NOW)
    await store.subscriptions.told(one.id)
    healed = Notice(NoticeKind.RECOVERED, Cure.NOTHING, "")
    await store.db.write(lambda raw: subscriptions.notify(raw, source_id, healed, NOW))
    assert await told_to(store) == [(first, NoticeKind.RECOVERED)], "the second never heard of the trouble"
    await store.db.write(lambda raw: subscriptions.notify(raw, source_id, failing, NOW))
    assert (first, NoticeKind.RECOVERED) not in await told_to(store)


async def test_a_visits_articles_and_memory_are_one_transaction(store: Store) -> None:
    source_id, _ = await followed(store)
    feed = replace(await feed_of(store, source_id), etag="new")

    def work(raw: sqlite3.Connection) -> None:
        visits.record(raw, Verdict(feed, SourceState.OK), NOW, lambda url: url)
        raise RuntimeError("the disk is gone")

    with pytest.raises(RuntimeError):
        await store.db.write(work)
    assert (await feed_of(store, source_id)).etag is None


async def test_filters_and_mutes_are_kept_and_mutes_end(store: Store) -> None:
    _, (place,) = await followed(store)
    wanted = PlaceFilter(("a",), ("b",), (Topic.WORLD,), (Topic.SPORT,), (1,), ("de",))
    assert await store.place_filters.change(place, lambda _: wanted, SettingChange(NOW, "filters", 7)) == wanted
    assert await store.place_filters.of_place(place) == wanted
    await store.place_filters.clear(place, SettingChange(NOW, "filters", 7))
    assert await store.place_filters.of_place(place) == OPEN
    mute = Mute(MuteKind.WORD, "storm", NOW + HOUR)
    await store.place_filters.mute(place, mute, NOW)
    await store.place_filters.mute(place, replace(mute, kind=MuteKind.TOPIC, value="sport"), NOW)
    assert mute in await store.place_filters.mutes(place, NOW)
    holding = await store.place_filters.holding(place, NOW)
    assert (holding.exclude, holding.excluded_topics) == (("storm",), (Topic.SPORT,))
    assert await store.place_filters.unmute(place, MuteKind.TOPIC, "sport")
    assert not await store.place_filters.unmute(place, MuteKind.TOPIC, "sport")
    assert await store.place_filters.mutes(place, NOW + HOUR) == ()


async def test_the_sample_gives_way_once(store: Store) -> None:
    _, (place,) = await followed(store)
    assert await store.db.write(lambda raw: place_filters.yield_sample(raw, place, NOW))
    assert not await store.db.write(lambda raw: place_filters.yield_sample(raw, place, NOW))
    assert await store.place_filters.untold_yields() == (place,)
    await store.place_filters.yield_told(place, NOW)
    assert await store.place_filters.untold_yields() == ()
    assert await store.db.read(lambda raw: place_filters.has_yielded(raw, place))


@pytest.mark.slow
async def test_the_due_ones_are_found_by_index_however_many_feeds_there_are(store: Store) -> None:
    def plan(raw: sqlite3.Connection) -> str:
        asked: list[str] = []
        raw.set_trace_callback(asked.append)
        feeds.due(raw, NOW, 128)
        raw.set_trace_callback(None)
        return " ".join(row["detail"] for row in raw.execute(f"explain query plan {asked[-1]}"))

    assert "feed_due" in await store.db.read(plan)
