import asyncio
from datetime import timedelta

import pytest

from bot.errors import StoreError, StoreFault
from bot.store.members import Members, Rows, Use
from tests.fakes.newsroom import Newsroom
from tests.fakes.waiting import until


class Stuck(Members):
    """A store that refuses the first `times` writes."""

    def __init__(self, newsroom: Newsroom, times: int) -> None:
        super().__init__(newsroom.store.db)
        self.times = times

    async def keep(self, *given: object) -> None:
        if self.times:
            self.times -= 1
            raise StoreError(StoreFault.LOCKED, "locked")
        await super().keep(*given)  # type: ignore[arg-type]


async def test_a_later_page_joins_the_rows_before_it_and_a_first_page_begins_anew(newsroom: Newsroom) -> None:
    reader = await newsroom.reader()
    newsroom.recall.listed(reader, [1, 2, 3])
    newsroom.recall.listed(reader, [11, 12], first_row=5)
    assert [await newsroom.recall.row(reader, n) for n in range(8)] == [None, 1, 2, 3, None, 11, 12, None]
    newsroom.recall.listed(reader, [9])
    assert [await newsroom.recall.row(reader, n) for n in (1, 2)] == [9, None]


async def test_a_later_page_without_what_came_before_keeps_its_numbers(newsroom: Newsroom) -> None:
    reader = await newsroom.reader()
    newsroom.recall.listed(reader, list(range(100, 110)), first_row=21)
    assert [await newsroom.recall.row(reader, n) for n in (1, 21, 25, 26)] == [None, 100, 104, None]


async def test_it_is_written_down_every_few_seconds(newsroom: Newsroom) -> None:
    reader = await newsroom.reader()
    running = asyncio.create_task(newsroom.recall.run())
    newsroom.recall.listed(reader, [1])
    newsroom.recall.shared(600)
    await until(lambda: newsroom.store.members.uses([600]), newsroom.clock, step_s=6)
    running.cancel()
    assert await newsroom.store.members.last_list(reader.user_id, reader.place.id) is not None
    assert await newsroom.store.members.uses([600]) == {600: Use(0, 1)}


async def test_what_could_not_be_written_is_kept_for_the_next_time(newsroom: Newsroom) -> None:
    reader, recall = await newsroom.reader(), newsroom.recall
    recall._members = Stuck(newsroom, 1)
    recall.listed(reader, [1])
    recall.opened(600)
    found = recall.searched(reader, "frogs")
    with pytest.raises(StoreError):
        await recall.flush()
    recall.opened(600)
    await recall.flush()
    await recall.flush()
    members = newsroom.store.members
    rows, search = await members.last_list(reader.user_id, reader.place.id), await members.kept_search(found)
    assert rows == Rows((1,), newsroom.clock.now())
    assert search is not None
    assert await members.uses([600]) == {600: Use(2, 0)}


async def test_a_stuck_store_does_not_end_the_keeper(newsroom: Newsroom) -> None:
    newsroom.recall._members = stuck = Stuck(newsroom, 1)
    running = asyncio.create_task(newsroom.recall.run())
    newsroom.recall.opened(600)
    await newsroom.clock.advance(timedelta(seconds=6))
    assert stuck.times == 0
    assert not running.done()
    running.cancel()


async def test_trouble_that_stays_is_told_once(newsroom: Newsroom, caplog: pytest.LogCaptureFixture) -> None:
    newsroom.recall._members = stuck = Stuck(newsroom, 3)
    running = asyncio.create_task(newsroom.recall.run())
    newsroom.recall.opened(600)
    await until(lambda: newsroom.store.members.uses([600]), newsroom.clock, step_s=6)
    stuck.times = 1
    newsroom.recall.opened(600)
    await until(lambda: stuck.times == 0, newsroom.clock, step_s=6)
    running.cancel()
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


async def test_memory_is_bounded_and_older_rows_come_from_the_store(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.recall._REMEMBERED", 1)
    first, second = await newsroom.reader(1), await newsroom.reader(2)
    numbers = []
    for reader in (first, second):
        newsroom.recall.listed(reader, [5])
        numbers.append(newsroom.recall.searched(reader, f"words of {reader.user_id}"))
    await newsroom.recall.flush()
    assert (len(newsroom.recall._lists), len(newsroom.recall._searches)) == (1, 1)
    assert await newsroom.recall.row(first, 1) == 5
    assert await newsroom.recall.words(numbers[0]) == "words of 1"


async def test_a_member_who_is_forgotten_is_forgotten_at_once(newsroom: Newsroom) -> None:
    reader, other = await newsroom.reader(1), await newsroom.reader(2)
    for one in (reader, other):
        newsroom.recall.listed(one, [5])
    found = newsroom.recall.searched(reader, "private")
    newsroom.recall.forget_person(1)
    await newsroom.recall.flush()
    assert await newsroom.recall.row(reader, 1) is None
    assert await newsroom.recall.words(found) is None
    assert await newsroom.store.people.about(1) == []
    assert await newsroom.recall.row(other, 1) == 5
