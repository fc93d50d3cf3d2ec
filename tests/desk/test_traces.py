"""Traces: what people really do is followed into every cell of the database, out of the export and out of it again.

A person with an id like no other number does everything that leaves a trace. Then every cell of every table is looked
at: whatever holds the id, or belongs to the person's own place, has to be in the export, and nothing may be left.
"""

import json
import re
import sqlite3
from dataclasses import replace
from datetime import time

import pytest

from bot.desk.own_briefings import OwnBriefings
from bot.desk.privacy import Privacy
from bot.desk.scheduling import Scheduling
from bot.domain.answers import SetupDraft
from bot.domain.intake import Batch
from bot.domain.topics import Topic
from bot.errors import StoreError
from bot.render.privacy import _WORDS
from bot.store import places
from bot.store.drafts import DraftKey
from bot.store.matches import matcher
from tests.fakes import newsroom as fakes
from tests.fakes.channels import FakeChannels
from tests.fakes.newsroom import Newsroom

ME, OTHER = 123_456_789_012_345_678, 876_543_210_987_654_321

Cells = dict[tuple[str, str], int]  # table and column → how many rows


async def lives(room: Newsroom, user: int) -> None:
    """Do everything that leaves a trace."""
    reader = await room.reader(user)
    scheduling = Scheduling(room.store, FakeChannels(), room.clock, lambda: None)
    own = OwnBriefings(room.store, scheduling, room.own_places)
    await room.catchups.answer(reader)
    found = await room.reading.search(reader, "bridge")
    await room.muting.mute_topic(reader, Topic.HEALTH)
    card, share = await room.sharing.begin(replace(reader, channel_id=user % 1000), found.stories[0].id)
    await room.sharing.finish(share, user % 1000)
    await room.reporting.report(reader, card.story.id, "other", f"it is me, {user}")
    await own.set_time(reader, "8", "Berlin")
    await own.send_now(reader)
    await room.follows.follow(reader, "topic:sport")
    await room.follows.set_quiet(reader, "22", "7", "Berlin")
    draft = SetupDraft(channel_id=100, local_time=time(8), zone="Europe/Berlin")
    await scheduling.turn_on(reader.place, draft, user)
    await room.store.drafts.put(DraftKey(reader.place.id, user), {"zone": "UTC"}, room.clock.now())
    await room.recall.flush()


async def cup_is_won(room: Newsroom, source_id: int) -> None:
    first, _ = await room.store.stories.next_ids()
    draft = fakes._draft("Cup won", 0, first, topics=(Topic.SPORT,))
    await room.store.articles.take_in(source_id, Batch(drafts=(draft,)), room.clock.now(), matcher(room.clock))


def columns(raw: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = raw.execute("select name from sqlite_schema where type='table' and sql not like 'create virtual%'")
    names = [row["name"] for row in tables if not row["name"].startswith(("sqlite_", "search", "article_text"))]
    return [(table, row["name"]) for table in names for row in raw.execute(f"pragma table_info({table})")]


def traces(raw: sqlite3.Connection, user: int) -> Cells:
    """Count the rows of every column that holds the id, in whatever form."""
    found: Cells = {}
    for table, column in columns(raw):
        query = f"select count(*) as n from {table} where instr(cast({column} as text), :user)>0"  # noqa: S608 - ours
        if count := raw.execute(query, {"user": str(user)}).fetchone()["n"]:
            found[table, column] = count
    return found


def about_people(raw: sqlite3.Connection) -> set[tuple[str, str]]:
    """Give every column that by its name says who somebody is."""
    return {pair for pair in columns(raw) if re.fullmatch(r"(\w+_)?(user|person|member|sharer)_id|\w+_by", pair[1])}


def of_own_place(raw: sqlite3.Connection, user: int) -> set[str]:
    """Give every table with rows of the person's own place."""
    row = raw.execute("select id from place where kind='person' and discord_id=:user", {"user": user}).fetchone()
    with_place = [table for table, column in columns(raw) if column == "place_id"]
    own = {"id": row["id"] if row else -1}
    query = "select 1 from {} where place_id=:id"
    return {table for table in with_place if raw.execute(query.format(table), own).fetchone()}


@pytest.fixture
async def room(newsroom: Newsroom) -> Newsroom:
    source = await newsroom.source("feed")
    await newsroom.add(source, "Bridge opens")
    await lives(newsroom, ME)
    await newsroom.clock.advance(3600)
    await lives(newsroom, OTHER)
    await cup_is_won(newsroom, source)
    return newsroom


@pytest.fixture
def desk(room: Newsroom) -> Privacy:
    return Privacy(room.store, room.recall)


async def test_this_test_leaves_a_trace_in_every_column_that_knows_people(room: Newsroom) -> None:
    left = await room.store.db.read(lambda raw: about_people(raw) - set(traces(raw, ME)))
    # The latest hand at a schedule or a server's setup may be another's: then it was ours before.
    assert left <= {("place", "set_up_by"), ("schedule", "changed_by")}


async def test_the_export_holds_every_row_with_the_persons_id_or_of_their_own_place(
    room: Newsroom, desk: Privacy
) -> None:
    rows = json.loads(await desk.export(ME))
    exported = {row["table"] for row in rows}
    cells, own = await room.store.db.read(lambda raw: (traces(raw, ME), of_own_place(raw, ME)))
    assert {table for table, _ in cells} | own <= exported
    for (table, column), count in cells.items():
        assert sum(str(ME) in str(row.get(column)) for row in rows if row["table"] == table) == count, (table, column)
    assert str(OTHER) not in json.dumps([row for row in rows if row["table"] != "place"])


async def test_after_deletion_no_cell_of_the_database_holds_the_id_and_others_keep_theirs(
    room: Newsroom, desk: Privacy
) -> None:
    before = await room.store.db.read(lambda raw: traces(raw, OTHER))
    assert await desk.delete(ME) > 10
    assert await room.store.db.read(lambda raw: traces(raw, ME)) == {}
    assert await room.store.db.read(lambda raw: of_own_place(raw, ME)) == set()
    assert await room.store.db.read(lambda raw: traces(raw, OTHER)) == before
    assert json.loads(await desk.export(ME)) == []
    assert (await desk.facts(ME)).has_any is False


async def test_what_was_only_in_memory_is_forgotten_too(room: Newsroom, desk: Privacy) -> None:
    reader = await room.reader(ME)
    await room.reading.headlines(reader)
    await room.reading.search(reader, "bridge")
    await desk.delete(ME)
    await room.recall.flush()
    assert await room.store.db.read(lambda raw: traces(raw, ME)) == {}


async def test_the_screen_has_a_word_for_every_kind_of_row(room: Newsroom, desk: Privacy) -> None:
    facts = await desk.facts(ME)
    counts = dict(facts.counts)
    assert {"follows", "alerts", "quiet", "catchup", "reports", "briefings", "servers", "shares"} <= set(counts)
    assert set(counts) <= set(_WORDS)


async def test_a_deletion_is_all_or_nothing(room: Newsroom, desk: Privacy, monkeypatch: pytest.MonkeyPatch) -> None:
    before = await room.store.db.read(lambda raw: traces(raw, ME))

    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(places, "forget_person", fails)
    with pytest.raises(StoreError):
        await desk.delete(ME)
    assert await room.store.db.read(lambda raw: traces(raw, ME)) == before


async def test_the_facts_count_rows_by_what_the_screen_calls_them(room: Newsroom, desk: Privacy) -> None:
    facts = await desk.facts(ME)
    assert facts.has_any
    assert dict(facts.counts)["follows"] == 1
    assert {"list", "searches", "setups", "settings", "briefings", "changes"} <= set(dict(facts.counts))
