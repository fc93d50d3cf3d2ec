"""What managers and the operator do with sources, through the real web client against loopback publishers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.source_requests import look_at, told
from bot.app.source_requests import sources as source_request
from bot.cli.sources import line
from bot.clock import SimulatedClock
from bot.desk.adding import Adding, host_of
from bot.desk.cooldowns import Cooldowns
from bot.desk.filters import Filters
from bot.desk.operating import OperatorSources
from bot.desk.sources import Sources, sort_list
from bot.domain.place_filters import Mute, MuteKind, PlaceFilter
from bot.domain.places import PlaceKind, SampleMode
from bot.domain.sources import Source, SourceKind, SourceState
from bot.domain.topics import Topic
from bot.domain.uploads import Upload
from bot.errors import Code, SetupError, StoreError, UserError, WorkerError, WorkerFault
from bot.ingest.pipeline import Pipeline
from bot.ingest.refresh import Refresher
from bot.sources import catalogue
from bot.sources.addresses import AddressGuard
from bot.sources.opml import OpmlFeed, read_opml
from bot.store import places
from bot.store.store import Store
from tests.fakes.publisher import Publisher, answer, open_web, publishing
from tests.fakes.workers import InProcess
from tests.ingest.test_refresh import rss

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


class Desk:
    """A server with managers, and everything behind `/newsdesk sources`."""

    def __init__(self, store: Store, web: object, pipeline: Pipeline, clock: SimulatedClock, port: int) -> None:
        self.store, self.clock, self.worker = store, clock, InProcess()
        guard = AddressGuard([f"127.0.0.1:{port}"])
        self.refresher = Refresher(store, web, self.worker, pipeline, clock)  # type: ignore[arg-type]
        self.adding = Adding(store, web, self.worker, self.refresher, clock)  # type: ignore[arg-type]
        self.sources = Sources(store, self.adding, self.refresher, self.worker, clock, guard=guard, most=12)
        self.operator = OperatorSources(store, self.adding, self.refresher, self.worker, clock, guard=guard)
        self.filters = Filters(store, clock)
        self.place = 0

    async def add(self, url: str, user_id: int = 1) -> int:
        await self.clock.advance(60)
        return (await self.sources.add(self.place, user_id, url)).source.id


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as serving:
        serving.replies["/feed"] = answer(rss("Storm hits coast", "Mayor resigns", "Bridge reopens", "Rates fall"))
        yield serving


@pytest.fixture
async def desk(publisher: Publisher, tmp_path: Path) -> AsyncIterator[Desk]:
    clock = SimulatedClock(NOW)
    async with await Store.open(tmp_path / "d.db") as store, open_web(publisher, clock=clock) as web:
        pipeline = Pipeline(store, clock)
        made = Desk(store, web, pipeline, clock, publisher.port)
        made.place = (await store.db.write(lambda raw: places.ensure(raw, PlaceKind.SERVER, 1, NOW))).id
        yield made
        await made.refresher.close()
        await pipeline.close()


async def refused(asking: object) -> UserError:
    with pytest.raises(UserError) as caught:
        await asking  # type: ignore[misc]
    return caught.value


async def test_adding_shows_a_sample_at_once_and_asks_only_once(publisher: Publisher, desk: Desk) -> None:
    added = await desk.sources.add(desk.place, 1, publisher.url())
    assert (added.source.title, added.stories, added.is_new) == ("The Post", 4, True)
    assert len(added.headlines) == 3
    await desk.refresher.tick()
    await desk.refresher.settle()
    assert len(publisher.asked) == 1
    feed = await desk.store.feeds.by_id(added.source.id)
    assert feed
    assert feed.is_baselined
    assert feed.next_check
    assert feed.next_check > desk.clock.now() + timedelta(minutes=30)


async def test_a_source_that_is_known_is_not_fetched_again(publisher: Publisher, desk: Desk) -> None:
    await desk.add(publisher.url())
    await desk.clock.advance(60)
    again = await desk.sources.add(desk.place, 1, publisher.url())
    assert (again.is_new, again.stories, len(publisher.asked)) == (False, 4, 1)


async def test_a_source_that_was_gone_can_be_added_again(publisher: Publisher, desk: Desk) -> None:
    reply = publisher.replies["/feed"]
    source_id = await desk.add(publisher.url())
    publisher.replies["/feed"] = answer(status=410)
    await desk.clock.advance(400)
    assert (await desk.sources.check(desk.place, source_id)).source.state is SourceState.DISABLED
    publisher.replies["/feed"] = reply
    await desk.clock.advance(60)
    added = await desk.sources.add(desk.place, 1, publisher.url())
    assert added.source.id == source_id
    feed = await desk.store.feeds.by_id(source_id)
    assert feed
    assert feed.next_check


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("http://192.168.0.1/feed", Code.ADDRESS_PRIVATE),
        ("http://localhost/feed", Code.ADDRESS_PRIVATE),
        ("ftp://example.org/", Code.FEED_UNREADABLE),
        ("not an address", Code.FEED_UNREADABLE),
        ("https://nowhere.example.com/", Code.FEED_UNREADABLE),
    ],
)
async def test_what_cannot_be_added_is_refused_with_its_host(desk: Desk, typed: str, code: Code) -> None:
    error = await refused(desk.sources.add(desk.place, 1, typed))
    assert error.code is code
    assert error.parameters["host"]
    assert (await desk.sources.panel(desk.place)).total == 0


async def test_a_busy_worker_is_told_plainly(publisher: Publisher, desk: Desk) -> None:
    desk.worker.fails_with = WorkerError(WorkerFault.BUSY, "x")
    error = await refused(desk.sources.add(desk.place, 1, publisher.url()))
    assert error.code is Code.FEED_UNREADABLE


async def test_adding_has_a_cooldown_per_member_and_server(publisher: Publisher, desk: Desk) -> None:
    await desk.sources.add(desk.place, 1, publisher.url())
    soon = await refused(desk.sources.add(desk.place, 1, publisher.url()))
    assert (soon.code, soon.parameters["retry_at"]) == (Code.COOLDOWN, NOW + timedelta(seconds=10))
    assert (await refused(desk.sources.add(desk.place, 2, publisher.url()))).code is Code.COOLDOWN
    await desk.clock.advance(4)
    await desk.sources.add(desk.place, 2, publisher.url())


async def test_a_server_has_a_limit(publisher: Publisher, desk: Desk) -> None:
    for number in range(12):
        publisher.replies[f"/{number}"] = publisher.replies["/feed"]
        await desk.add(publisher.url(f"/{number}"))
    await desk.clock.advance(60)
    assert (await refused(desk.sources.add(desk.place, 1, publisher.url()))).code is Code.LIMIT_REACHED
    assert (await refused(desk.sources.choose_packs(desk.place, ("World",), 1))).code is Code.LIMIT_REACHED
    panel = await desk.sources.panel(desk.place, page=9, selected=3)
    assert (panel.total, panel.pages, panel.page, len(panel.sources), panel.selected) == (12, 2, 2, 2, None)


async def test_packs_come_and_go_whole_and_leave_own_sources_alone(publisher: Publisher, desk: Desk) -> None:
    own = await desk.add(publisher.url())
    added = await desk.sources.choose_packs(desk.place, ("Sport",), 1)
    assert added == len(catalogue.in_pack("Sport"))
    panel = await desk.sources.panel(desk.place)
    assert panel.chosen_packs == ("Sport",)
    named = {status.source.title for status in panel.sources}
    assert "BBC Sport" in named
    assert await desk.sources.choose_packs(desk.place, ("Sport",), 1) == 0
    await desk.sources.choose_packs(desk.place, (), 1)
    left = await desk.store.subscriptions.of_place(desk.place)
    assert [status.source.id for status in left] == [own]


async def test_a_source_is_paused_resumed_and_removed_here_only(publisher: Publisher, desk: Desk) -> None:
    source_id = await desk.add(publisher.url())
    await desk.sources.set_paused(desk.place, source_id, 1, is_paused=True)
    assert source_id not in await desk.store.subscriptions.source_ids(desk.place)
    await desk.sources.set_paused(desk.place, source_id, 1, is_paused=False)
    assert source_id in await desk.store.subscriptions.source_ids(desk.place)
    await desk.sources.remove(desk.place, source_id, 1)
    assert source_id not in await desk.store.subscriptions.source_ids(desk.place)
    for asking in (
        desk.sources.remove(desk.place, source_id, 1),
        desk.sources.set_paused(desk.place, source_id, 1, is_paused=True),
        desk.sources.check(desk.place, source_id),
    ):
        assert (await refused(asking)).code is Code.UNKNOWN_SOURCE


async def test_checking_now_is_conditional_and_at_most_every_five_minutes(publisher: Publisher, desk: Desk) -> None:
    publisher.replies["/feed"] = answer(rss("Storm hits coast"), ETag='"1"')
    source_id = await desk.add(publisher.url())
    assert (await refused(desk.sources.check(desk.place, source_id))).code is Code.COOLDOWN
    await desk.clock.advance(301)
    publisher.replies["/feed"] = answer(status=304)
    status = await desk.sources.check(desk.place, source_id)
    assert publisher.asked[-1].headers["If-None-Match"] == '"1"'
    assert status.source.state is SourceState.OK
    publisher.replies["/feed"] = answer(status=429, Retry_After="7200")
    await desk.clock.advance(301)
    assert (await desk.sources.check(desk.place, source_id)).source.detail == "it answered 429"
    await desk.clock.advance(3_000)
    held = await refused(desk.sources.check(desk.place, source_id))
    assert held.code is Code.COOLDOWN


async def _noted(desk: Desk) -> list[tuple[str, int | None, str]]:
    found = await desk.store.setting_changes.of_place(desk.place, 20)
    return [(one.what, one.by, one.detail) for one in reversed(found)]


async def test_who_changed_the_sources_is_noted_with_the_change(publisher: Publisher, desk: Desk) -> None:
    source_id = await desk.add(publisher.url(), user_id=7)
    await desk.add(publisher.url(), user_id=7)  # known here already: nothing changes
    await desk.sources.set_paused(desk.place, source_id, 8, is_paused=True)
    await desk.sources.set_paused(desk.place, source_id, 8, is_paused=False)
    await desk.sources.remove(desk.place, source_id, 9)
    await refused(desk.sources.remove(desk.place, source_id, 9))
    await desk.sources.choose_packs(desk.place, ("Sport",), 7)
    assert await _noted(desk) == [
        ("source-added", 7, "The Post"),
        ("source-paused", 8, "The Post"),
        ("source-resumed", 8, "The Post"),
        ("source-removed", 9, "The Post"),
        ("packs", 7, "Sport"),
    ]


async def test_a_change_that_cannot_be_noted_is_not_made(publisher: Publisher, desk: Desk) -> None:
    """A fault, or a crash, between a change and its note leaves neither."""
    source_id = await desk.add(publisher.url())
    await desk.filters.set_words(desk.place, 1, "", "storm")
    await desk.store.place_filters.mute(desk.place, Mute(MuteKind.WORD, "fire", NOW + timedelta(days=7)), NOW)
    publisher.replies["/other"] = answer(rss("Other news"))
    read, before = await desk.store.subscriptions.source_ids(desk.place), await _noted(desk)
    refuse = "create trigger fault before insert on setting_change begin select raise(abort, 'no room'); end"
    await desk.store.db.write(lambda raw: raw.execute(refuse))
    await desk.clock.advance(60)
    feed = '<opml><body><outline xmlUrl="https://h.example.com/feed"/></body></opml>'
    for asking in (
        desk.sources.add(desk.place, 1, publisher.url("/other")),
        desk.sources.choose_packs(desk.place, ("Sport",), 1),
        desk.sources.import_opml(desk.place, 1, a_file(feed.encode())),
        desk.sources.set_paused(desk.place, source_id, 1, is_paused=True),
        desk.sources.remove(desk.place, source_id, 1),
        desk.filters.set_words(desk.place, 1, "", ""),
        desk.filters.leave_out_topics(desk.place, 1, (Topic.SPORT,)),
        desk.filters.clear(desk.place, 1),
    ):
        with pytest.raises((StoreError, UserError)):
            await asking
    assert (await desk.store.subscriptions.source_ids(desk.place), await _noted(desk)) == (read, before)
    panel = await desk.filters.panel(desk.place)
    assert (panel.wanted.exclude, panel.wanted.excluded_topics, len(panel.mutes)) == (("storm",), (), 1)


def a_file(body: bytes, name: str = "list.opml", size: int | None = None) -> Upload:
    async def read() -> bytes:
        return body

    return Upload(name, len(body) if size is None else size, read)


async def test_a_list_that_is_too_large_is_not_even_read(desk: Desk) -> None:
    error = await refused(desk.sources.import_opml(desk.place, 1, a_file(b"", size=1_000_001)))
    assert (error.code, error.parameters["reason"]) == (Code.FILE_UNREADABLE, "it is larger than 1 MB")


async def test_lists_are_imported_up_to_the_limit_and_exported(publisher: Publisher, desk: Desk) -> None:
    own = await desk.add(publisher.url())
    outlines = "".join(f'<outline xmlUrl="https://h{n}.example.com/feed" text="H{n}"/>' for n in range(20))
    outlines += f'<outline xmlUrl="http://10.0.0.1/"/><outline xmlUrl="{publisher.url()}"/>'
    body = f"<opml><body>{outlines}</body></opml>"
    report = await desk.sources.import_opml(desk.place, 1, a_file(body.encode()))
    assert (report.added, report.known, report.refused, report.left_out) == (11, 1, ("http://10.0.0.1/",), 9)
    listed = read_opml(await desk.sources.export_opml(desk.place))
    assert len(listed) == 12
    assert (listed[0].url, listed[-1].title) == ("https://h0.example.com/feed", "The Post")
    assert own
    assert (await refused(desk.sources.import_opml(desk.place, 1, a_file(b"")))).code is Code.COOLDOWN
    await desk.clock.advance(61)
    error = await refused(desk.sources.import_opml(desk.place, 1, a_file(b"no list", "notes.txt")))
    assert (error.code, error.parameters["name"]) == (Code.FILE_UNREADABLE, "notes.txt")


async def test_a_place_without_feeds_of_its_own_has_an_empty_panel(desk: Desk) -> None:
    panel = await desk.sources.panel(desk.place)
    assert (panel.sources, panel.total, panel.pages, panel.limit) == ((), 0, 1, 12)
    assert panel.packs == catalogue.packs()


async def test_a_manager_may_keep_the_sample_or_hide_it(desk: Desk) -> None:
    place = await desk.store.places.ensure(PlaceKind.SERVER, 1, NOW)
    assert (await desk.sources.set_sample(place, SampleMode.KEEP, 1)).sample is SampleMode.KEEP
    assert (await desk.store.places.ensure(PlaceKind.SERVER, 1, NOW)).sample is SampleMode.KEEP


# --- the operator


async def request(desk: Desk, **arguments: object) -> dict[str, Any]:
    progress: list[str] = []
    return await source_request(desk, arguments, progress.append)  # type: ignore[arg-type]


async def test_what_the_operator_adds_every_place_reads(publisher: Publisher, desk: Desk) -> None:
    added = await request(desk, action="add", name=publisher.url())
    assert (added["title"], added["is_new"], added["stories"]) == ("The Post", True, 4)
    (listed,) = (await look_at(desk.store, "list"))["sources"]
    assert listed["id"] in await desk.store.subscriptions.source_ids(desk.place)
    assert "in order · 4 stories" in line(listed)
    await request(desk, action="remove", name="the post")
    assert listed["id"] not in await desk.store.subscriptions.source_ids(desk.place)
    with pytest.raises(SetupError, match="no source “nothing”"):
        await request(desk, action="remove", name="nothing")


async def test_the_operator_checks_one_or_all(publisher: Publisher, desk: Desk) -> None:
    await request(desk, action="add", name=publisher.url())
    (soon,) = (await request(desk, action="check"))["sources"]
    assert "not checked (it was checked a moment ago)" in line(soon)
    await desk.clock.advance(400)
    publisher.replies["/feed"] = answer(status=500)
    (checked,) = (await request(desk, action="check", names=["The Post"]))["sources"]
    assert (checked["state"], checked["detail"]) == ("failing", "it answered 500")


async def test_the_operator_imports_exports_and_adds_packs(desk: Desk, tmp_path: Path) -> None:
    assert (await request(desk, action="add", pack="sport"))["added"] == len(catalogue.in_pack("Sport"))
    with pytest.raises(SetupError, match=r"no pack “Gossip”\. There are World, US,"):
        await request(desk, action="add", pack="Gossip")
    exported = str((await look_at(desk.store, "export"))["opml"])
    path = tmp_path / "list.opml"
    one_more = '<outline xmlUrl="https://n.example.com/"/></body>'
    await asyncio.to_thread(path.write_text, exported.replace("</body>", one_more))
    report = await request(desk, action="import", name=str(path))
    assert (report["added"], report["known"]) == (1, len(catalogue.in_pack("Sport")))
    with pytest.raises(Exception, match="can’t be read"):
        await request(desk, action="import", name=str(tmp_path / "missing.opml"))
    status = await desk.operator.find("BBC Sport")
    assert told(status)["state"] == "new"


# --- filters


async def test_filters_show_what_they_would_have_kept(publisher: Publisher, desk: Desk) -> None:
    await desk.add(publisher.url())
    panel = await desk.filters.set_words(desk.place, 1, "", "storm, mayor")
    assert panel.kept
    assert (panel.kept.kept, panel.kept.total) == (2, 4)
    assert (await desk.filters.panel(desk.place)).wanted.exclude == ("storm", "mayor")
    shown = await desk.filters.preview(desk.place, PlaceFilter(include=("storm",)))
    assert shown.kept
    assert shown.kept.kept == 1
    topics = await desk.filters.leave_out_topics(desk.place, 1, (Topic.SPORT,))
    assert (topics.wanted.exclude, topics.wanted.excluded_topics) == (("storm", "mayor"), (Topic.SPORT,))


async def test_only_sources_that_are_read_here_and_languages_can_be_chosen(publisher: Publisher, desk: Desk) -> None:
    own = await desk.add(publisher.url())
    elsewhere = Source(0, SourceKind.FEED, "https://other.example/feed", "Other", url="https://other.example/feed")
    other = await desk.store.feeds.register(elsewhere, "other.example", NOW)
    panel = await desk.filters.only_sources(desk.place, 1, (own, other.id, 999))
    assert panel.wanted.source_ids == (own,)
    assert [source.id for source in panel.sources] == [own], "what others read is nobody's business here"
    assert panel.languages == ("en",)
    assert panel.kept
    assert panel.kept.kept == panel.kept.total
    panel = await desk.filters.only_languages(desk.place, 1, ("de", "pt-BR", "", "x; drop", "en" * 30))
    assert (panel.wanted.languages, panel.languages) == (("de", "pt-BR"), ("de", "pt-BR", "en"))
    assert panel.kept
    assert panel.kept.kept == 1, "what states no language passes"
    await desk.sources.remove(desk.place, own, 1)
    panel = await desk.filters.panel(desk.place)
    assert [source.id for source in panel.sources] == [own], "what is chosen can be given up, read still or not"
    panel = await desk.filters.only_sources(desk.place, 1, ())
    assert (panel.wanted.source_ids, panel.sources) == ((), ())


async def test_clearing_the_filters_ends_the_mutes_too(desk: Desk) -> None:
    mute = Mute(MuteKind.WORD, "Storm", NOW + timedelta(days=7))
    await desk.store.place_filters.mute(desk.place, mute, NOW)
    assert (await desk.filters.panel(desk.place)).mutes == (mute,)
    (holding,) = await desk.filters.holding(desk.place)
    assert holding.exclude == ("Storm",)
    panel = await desk.filters.clear(desk.place, 1)
    assert (panel.wanted.is_open, panel.mutes, panel.kept) == (True, (), None)
    assert (await desk.filters.holding(desk.place))[0].is_open


def test_a_cooldown_uses_up_nothing_when_one_of_several_waits() -> None:
    cooldowns = Cooldowns(SimulatedClock(NOW))
    cooldowns.take(("a", 1, 10.0))
    with pytest.raises(UserError):
        cooldowns.take(("a", 1, 10.0), ("b", 1, 10.0))
    cooldowns.take(("b", 1, 10.0))


@pytest.mark.parametrize(
    ("typed", "host"),
    [("https://a.example/x?y", "a.example"), ("a.example", "a.example"), ("http://u:p@a.example/", "a.example")],
)
def test_an_answer_names_the_host_and_no_secret(typed: str, host: str) -> None:
    assert host_of(typed) == host


def test_a_list_names_each_feed_once_however_it_writes_its_address() -> None:
    written = (
        "https://Post.Example/feed#top", "feed:https://post.example/feed", "feed://post.example/feed",
        "https://post.example:443/feed", "nas.lan/feed",
    )  # fmt: skip
    fresh, refused = sort_list(tuple(map(OpmlFeed, written)), AddressGuard(), set())
    assert ([feed.url for feed in fresh], refused) == (["https://post.example/feed"], ("nas.lan/feed",))
    assert sort_list((OpmlFeed(written[0]),), AddressGuard(), {"https://post.example/feed"}) == ([], ())
