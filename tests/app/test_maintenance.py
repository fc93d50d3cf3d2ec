"""Daily maintenance: what is past its keeping goes, nothing comes in again, and the disk gets its room back."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.app.maintenance import AGAIN_S, FIRST_S, Maintenance
from bot.clock import SimulatedClock
from bot.domain.articles import TextOrigin
from bot.domain.intake import Batch, Draft
from bot.domain.sources import Item, Source, SourceKind
from bot.settings import Settings
from bot.store.articles import Recalled
from bot.store.store import Store
from tests.fakes.ledgers import add_schedule
from tests.fakes.waiting import until

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


class Hasty(SimulatedClock):
    """Passes short pauses at once; long ones wait for the test."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(0 if seconds < 1 else seconds)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(tmp_path / "dateline.db") as opened:
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(Settings(data=tmp_path), retention_days=30)


async def execute(store: Store, query: str, values: dict[str, object]) -> None:
    await store.db.write(lambda raw: raw.execute(query, values))


async def add_articles(store: Store, kind: SourceKind, number: int, at: datetime) -> int:
    source = await store.sources.add(Source(0, kind, f"{kind.value}-{at:%d}", "The Post"), at)
    first = (await store.stories.next_ids())[0]
    drafts = tuple(
        Draft(
            f"k{n}",
            Item(f"Headline {n}", ("Text. " * 400,)),
            "a.example",
            first + n,
            f"h{n}",
            text_origin=TextOrigin.FEED,
        )
        for n in range(number)
    )
    await store.articles.take_in(source.id, Batch(drafts=drafts), at)
    return source.id


async def test_old_articles_of_feeds_go_and_documents_stay(store: Store, settings: Settings) -> None:
    old = await add_articles(store, SourceKind.FEED, 3, NOW - 40 * DAY)
    await add_articles(store, SourceKind.FEED, 2, NOW - DAY)
    await add_articles(store, SourceKind.DOCUMENT, 2, NOW - 400 * DAY)
    swept = await Maintenance(store, settings, Hasty(NOW)).sweep()
    assert swept.articles == 3
    assert swept.stories == 3
    assert (await store.overview.size()).articles == 4
    source = await store.sources.by_id(old)
    assert source is not None
    (recalled,) = await store.articles.known_of([(source, ["k0"])])
    assert recalled == Recalled((), frozenset({"k0"})), "a tombstone keeps it from coming in again"


async def test_past_deliveries_go_and_nothing_is_planned_again(store: Store, settings: Settings) -> None:
    schedule = await add_schedule(store, 500)
    for days, state in ((40, "sent"), (40, "planned"), (5, "sent")):
        at = int((NOW - days * DAY).timestamp())
        await execute(
            store,
            "insert into delivery(schedule_id, local_date, slot, channel_id, due_at, expires_at, state, not_before,"
            " created_at, updated_at) values(:id, :date, :slot, 5, :at, :at, :state, :at, :at, :at)",
            {
                "id": schedule.id,
                "date": f"2026-01-{at % 28 + 1:02}",
                "slot": f"{at}{state}",
                "at": at,
                "state": state,
            },
        )
    before = await store.schedules.get(schedule.id)
    assert (await Maintenance(store, settings, Hasty(NOW)).sweep()).deliveries == 1
    assert await store.schedules.get(schedule.id) == before


async def test_room_is_given_back_to_the_disk(store: Store, settings: Settings) -> None:
    await add_articles(store, SourceKind.FEED, 1_500, NOW - 40 * DAY)
    full = (await store.overview.size()).bytes
    swept = await Maintenance(store, settings, Hasty(NOW)).sweep()
    size = await store.overview.size()
    assert (swept.pages_left, size.free) == (0, 0)
    assert size.bytes < full / 2
    assert await store.overview.problems() == ()


async def test_empty_pages_go_back_by_the_thousand(store: Store, settings: Settings) -> None:
    await add_articles(store, SourceKind.FEED, 1_500, NOW - 40 * DAY)
    while await store.articles.purge(SourceKind.FEED, NOW, NOW):
        pass
    free = (await store.overview.size()).free // 4_096
    assert free > 300
    assert await store.retention.give_back(free - 100) == 100


async def test_the_words_of_articles_that_are_gone_leave_the_search_index(store: Store, settings: Settings) -> None:
    async def words() -> int:
        size = "select coalesce(sum(length(block)), 0) from article_fts_data"
        return int(await store.db.read(lambda raw: raw.execute(size).fetchone()[0]))

    await add_articles(store, SourceKind.FEED, 1_500, NOW - 40 * DAY)
    before = await words()
    await Maintenance(store, settings, Hasty(NOW)).sweep()
    assert await words() < before / 20


async def test_it_runs_once_a_day_across_restarts_and_keeps_the_newest_backups(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    settings = replace(settings, backups_kept=2)
    clock = Hasty(NOW)
    made: list[int] = []
    for _ in range(4):
        task = asyncio.create_task(Maintenance(store, settings, clock).run())
        await until_slept(clock)
        await clock.advance(FIRST_S + 1)
        made.append(await settled(store, tmp_path, clock))
        task.cancel()
        await store.notes.put("something", clock.now().isoformat())
        await clock.advance(timedelta(hours=13))
    assert made == [1, 1, 2, 2], "the first start, and the third, a day later"


async def until_slept(clock: SimulatedClock) -> None:
    await until(lambda: clock.next_wake is not None)


async def settled(store: Store, folder: Path, clock: SimulatedClock) -> int:
    """Wait until maintenance sleeps again; give how many backups there are."""
    await until_slept(clock)
    return len(list((folder / "backups").glob("*.db")))


async def test_a_failed_run_is_told_and_tried_again_in_an_hour(
    store: Store, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "backups").write_text("not a folder")
    clock = Hasty(NOW)
    task = asyncio.create_task(Maintenance(store, settings, clock).run())
    await until_slept(clock)
    await clock.advance(FIRST_S)
    await until_slept(clock)
    assert "tried again in an hour" in caplog.text
    assert clock.next_wake == AGAIN_S
    (tmp_path / "backups").unlink()
    await clock.advance(AGAIN_S)
    assert await settled(store, tmp_path, clock) == 1
    task.cancel()


async def test_changes_are_forgotten_but_for_the_newest_which_readers_count_by(store: Store) -> None:
    for number in range(3):
        await execute(
            store,
            "insert into change(kind, article_id, story_id, at, before, after) values('headline', 1, 1, :at, 'a', 'b')",
            {"at": number},
        )
    newest = await store.changes.newest_id()
    assert await store.retention.drop_changes(NOW) == 2
    assert await store.changes.newest_id() == newest


async def test_retracted_stories_stay_so_that_they_never_return(store: Store, settings: Settings) -> None:
    await add_articles(store, SourceKind.FEED, 1, NOW - 40 * DAY)
    await store.stories.retract(1, NOW - 39 * DAY)
    await Maintenance(store, settings, Hasty(NOW)).sweep()
    rows = await store.db.read(lambda raw: raw.execute("select id from story").fetchall())
    assert [row["id"] for row in rows] == [1]


async def test_an_old_file_without_incremental_vacuum_is_left_as_it_is(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "old.db"
    raw = sqlite3.connect(path)
    raw.execute("pragma auto_vacuum=none")
    raw.execute("create table filler(text)")
    raw.execute(
        "with recursive n(x) as (select 1 union select x+1 from n where x<100)"
        " insert into filler select hex(randomblob(4000)) from n"
    )
    raw.commit()
    raw.execute("drop table filler")
    raw.commit()
    raw.close()
    async with await Store.open(path) as store:
        assert (await Maintenance(store, settings, Hasty(NOW)).sweep()).pages_left > 0
