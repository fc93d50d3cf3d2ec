"""Rules of the pipeline: one transaction, grouping as items arrive, nothing lost when the store refuses."""

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.domain.articles import HeadlineOrigin, TextOrigin
from bot.domain.filters import Counts
from bot.domain.intake import ChangeKind, IngestReport
from bot.domain.sources import Item, Source, SourceKind
from bot.errors import StoreError, StoreFault, WorkerError, WorkerFault
from bot.ingest.digest import digest, digest_all
from bot.ingest.pipeline import Pipeline
from bot.store.store import Store

GUARD = "National Guard Member Killed in White House-Area Shooting Sparks Terror Probe"
GUARD_TOO = "U.S. Officials Say Suspect in National Guard Shooting Near White House Radicalized After Arrival"
TEXT = "The council agreed on Monday to close the old bridge for repairs, Mayor Jane Doe said. Work begins in spring."


def items(*headlines: str) -> list[Item]:
    return [Item(text, guid=f"g-{text}", position=at) for at, text in enumerate(headlines)]


async def test_items_become_articles_with_what_language_says(store: Store, pipeline: Pipeline, feed: Source) -> None:
    report = await pipeline.take_in(feed, [Item(None, (TEXT,), link="https://www.post.example/1", language="en-GB")])
    (article,) = await store.articles.articles(report.new)
    assert article.headline == "The council agreed on Monday to close the old bridge for repairs"
    assert (article.headline_origin, article.text_origin) == (HeadlineOrigin.DERIVED, TextOrigin.FEED)
    assert (article.outlet, article.language) == ("post.example", "en")
    assert "Jane Doe" in article.names
    body = await store.articles.body(article.id)
    assert body is not None
    assert body.paragraphs == (TEXT,)
    assert await store.articles.article(article.id) == article


async def test_headlines_of_one_event_join_across_batches_and_sources(
    store: Store, pipeline: Pipeline, feed: Source, clock: SimulatedClock
) -> None:
    second = await store.sources.add(Source(0, SourceKind.FEED, "https://b.example/feed", "B"), clock.now())
    first = await pipeline.take_in(feed, items(GUARD))
    later = await pipeline.take_in(second, items(GUARD_TOO, "Mayor Resigns Over Budget"))
    assert first.new_story_ids == (1,)
    assert (later.story_ids, later.new_story_ids) == ((1, 2), (2,))
    story = await store.stories.story(1)
    assert story is not None
    assert [article.source_id for article in story.articles] == [feed.id, second.id]


async def test_a_wire_copy_is_marked(store: Store, pipeline: Pipeline, feed: Source, clock: SimulatedClock) -> None:
    second = await store.sources.add(Source(0, SourceKind.FEED, "https://b.example/feed", "B"), clock.now())
    await pipeline.take_in(feed, items(GUARD))
    report = await pipeline.take_in(second, items(GUARD))
    (copy,) = await store.articles.articles(report.new)
    assert copy.is_wire_copy


async def test_a_restart_changes_nothing_about_grouping(
    store: Store, pipeline: Pipeline, feed: Source, clock: SimulatedClock
) -> None:
    await pipeline.take_in(feed, items(GUARD, *(f"Headline {n} about nothing much" for n in range(30))))
    again = Pipeline(store, clock)
    await again.load()
    report = await again.take_in(feed, items(GUARD_TOO))
    assert report.story_ids == (1,)


async def test_the_same_items_again_write_nothing(store: Store, pipeline: Pipeline, feed: Source) -> None:
    await pipeline.take_in(feed, items(GUARD, GUARD_TOO))
    before = await store.stories.revision()
    report = await pipeline.take_in(feed, items(GUARD, GUARD_TOO))
    assert (report.has_news, report.unchanged) == (False, 2)
    assert await store.stories.revision() == before


async def test_a_changed_item_keeps_its_story_and_is_noted(store: Store, pipeline: Pipeline, feed: Source) -> None:
    await pipeline.take_in(feed, [Item("Bridge closes", (TEXT,), guid="1")])
    mended = await pipeline.take_in(feed, [Item("Bridge closed", (TEXT,), guid="1")])
    longer = await pipeline.take_in(feed, [Item("Bridge closed", (TEXT, TEXT), guid="1")])
    assert (mended.new, mended.changed, longer.changed) == ((), (1,), (1,))
    assert [(change.kind, change.before, change.after) for change in await store.changes.after(0)] == [
        (ChangeKind.HEADLINE, "Bridge closes", "Bridge closed"),
        (ChangeKind.TEXT, "Bridge closed", "Bridge closed"),
    ]
    assert (await store.search.search("closes")).total == 0
    assert (await store.search.search("closed")).total == 1


async def test_text_from_a_page_stays_when_the_feed_touches_its_item(
    store: Store, pipeline: Pipeline, feed: Source
) -> None:
    await pipeline.take_in(feed, [Item("Bridge closes", ("Short.",), guid="1")])
    await store.articles.set_page_text(1, ("From the page.", "And more."))
    await pipeline.take_in(feed, [Item("Bridge closed", ("Short!",), guid="1")])
    body = await store.articles.body(1)
    assert body is not None
    assert (body.paragraphs, body.origin) == (("From the page.", "And more."), TextOrigin.PAGE)
    assert (await store.search.search("page more")).total == 1


async def test_what_was_purged_or_withdrawn_by_hand_does_not_return(
    store: Store, pipeline: Pipeline, feed: Source, clock: SimulatedClock
) -> None:
    await pipeline.take_in(feed, items(GUARD, "Mayor Resigns Over Budget"))
    assert await store.articles.withdraw(2, clock.now())
    assert not await store.articles.withdraw(2, clock.now())
    later = clock.now() + timedelta(days=1)
    assert await store.articles.purge(SourceKind.FEED, later, clock.now(), 1) == 1
    await pipeline.forget([1, 2])
    report = await pipeline.take_in(feed, items(GUARD, "Mayor Resigns Over Budget", "Train service resumes"))
    assert (len(report.new), report.refused) == (1, 2)
    assert await store.stories.counts() == Counts(1, 1)
    assert await store.articles.purge(SourceKind.DOCUMENT, later, clock.now()) == 0


async def test_what_was_withdrawn_by_hand_does_not_return_under_another_guid(
    store: Store, pipeline: Pipeline, feed: Source, clock: SimulatedClock
) -> None:
    link = "https://a.example/bridge"
    await pipeline.take_in(feed, [Item("Bridge closes for repairs", guid="1", link=link)])
    await store.articles.withdraw(1, clock.now())
    report = await pipeline.take_in(feed, [Item("Bridge closes for repairs", guid="2", link=link)])
    assert (report.new, report.changed, report.refused) == ((), (), 1)


async def test_what_has_to_be_true_together_is_committed_together(
    store: Store, pipeline: Pipeline, feed: Source, clock: SimulatedClock
) -> None:
    seen: list[IngestReport] = []

    def validators(raw: sqlite3.Connection, report: IngestReport) -> None:
        seen.append(report)
        raw.execute("update source set detail='etag 7' where id=:id", {"id": report.source_id})

    def failing(raw: sqlite3.Connection, report: IngestReport) -> None:
        validators(raw, report)
        raise KeyError(report.source_id)

    with pytest.raises(KeyError):
        await pipeline.take_in(feed, items(GUARD), failing)
    assert await store.stories.counts() == Counts(0, 0)
    assert (await store.sources.by_ids((feed.id,)))[0].detail == ""
    report = await pipeline.take_in(feed, items(GUARD_TOO), validators)
    assert (seen[-1].new, report.new_story_ids) == (report.new, (1,))
    unchanged = await pipeline.take_in(feed, items(GUARD_TOO), validators)
    assert (unchanged.unchanged, len(seen)) == (1, 3)
    assert (await store.sources.by_ids((feed.id,)))[0].detail == "etag 7"


async def test_a_locked_store_leaves_the_grouping_as_it_was(
    store: Store, pipeline: Pipeline, feed: Source, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "d.db", isolation_level=None)
    other.execute("begin immediate")
    with pytest.raises(StoreError) as caught:
        await pipeline.take_in(feed, items(GUARD))
    assert caught.value.kind is StoreFault.LOCKED
    other.close()
    report = await pipeline.take_in(feed, items(GUARD_TOO, GUARD))
    assert (report.new, report.story_ids) == ((1, 2), (1,))


async def feeds(store: Store, clock: SimulatedClock, count: int) -> list[Source]:
    names = [f"https://f{number}.example/feed" for number in range(count)]
    return [await store.sources.add(Source(0, SourceKind.FEED, name, name), clock.now()) for name in names]


async def test_sources_that_are_ready_together_are_stored_together(
    store: Store, pipeline: Pipeline, clock: SimulatedClock
) -> None:
    seen: list[tuple[int, int]] = []

    def note(raw: sqlite3.Connection, report: IngestReport) -> None:
        seen.append((raw.execute("select count(*) from article").fetchone()[0], len(report.new)))

    sources = await feeds(store, clock, 10)
    commits = store.db._writes
    reports = await asyncio.gather(*(pipeline.take_in(one, items(GUARD, f"Only {one.id}"), note) for one in sources))
    assert store.db._writes - commits == 2  # the first was alone when it came
    assert seen == [(2 * number, 2) for number in range(1, 11)]
    assert reports[0].new_story_ids == (1, 2)
    assert all(1 in report.story_ids and 1 not in report.new_story_ids for report in reports[1:])


async def test_what_is_taken_in_together_has_its_limit(store: Store, pipeline: Pipeline, clock: SimulatedClock) -> None:
    sources = await feeds(store, clock, 5)
    many = items(*(f"Report number {number}" for number in range(150)))
    commits = store.db._writes
    reports = await asyncio.gather(*(pipeline.take_in(one, many) for one in sources))
    assert store.db._writes - commits == 3
    assert [len(report.new) for report in reports] == [150] * 5


async def test_the_trouble_of_one_source_is_its_own(store: Store, pipeline: Pipeline, clock: SimulatedClock) -> None:
    def failing(raw: sqlite3.Connection, report: IngestReport) -> None:
        raise KeyError(report.source_id)

    sources = await feeds(store, clock, 4)
    jobs = [pipeline.take_in(one, items(GUARD), failing if at == 1 else None) for at, one in enumerate(sources)]
    first, second, *rest = await asyncio.gather(*jobs, return_exceptions=True)
    assert isinstance(second, KeyError)
    assert [isinstance(one, IngestReport) and one.story_ids for one in (first, *rest)] == [(1,)] * 3
    assert await store.stories.counts() == Counts(1, 3)


async def test_a_source_that_comes_twice_at_once_is_taken_in_once_after_the_other(
    store: Store, pipeline: Pipeline, feed: Source
) -> None:
    jobs = [pipeline.take_in(feed, items(*words)) for words in ((GUARD,), (GUARD,), (GUARD, GUARD_TOO))]
    first, second, third = await asyncio.gather(*jobs)
    assert (len(first.new), len(second.new), len(third.new)) == (1, 0, 1)
    assert (second.unchanged, third.unchanged) == (1, 1)


async def test_a_cancelled_caller_leaves_the_work_to_end(store: Store, pipeline: Pipeline, feed: Source) -> None:
    caller = asyncio.ensure_future(pipeline.take_in(feed, items(GUARD)))
    await asyncio.sleep(0)  # noqa: TID251 - a bare yield to the loop
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await pipeline.close()
    assert await store.stories.counts() == Counts(1, 1)


async def test_stories_that_turn_out_to_be_one_are_merged(
    store: Store, pipeline: Pipeline, feed: Source, clock: SimulatedClock
) -> None:
    await pipeline.take_in(feed, items("Valley Bridge Closes for Repairs", "Mayor Doe Angry as Valley Bridge Closes"))
    made = await store.stories.split(2, clock.now())
    assert made is not None
    again = Pipeline(store, clock)
    await again.take_in(feed, items("Mayor Doe Angry as Valley Bridge Closes for Repairs", "Train service resumes"))
    stories = await store.stories.newest()
    assert max(len(story.articles) for story in stories) >= 2


async def test_old_headlines_are_forgotten_by_the_grouping(
    store: Store, pipeline: Pipeline, feed: Source, clock: SimulatedClock
) -> None:
    await pipeline.take_in(feed, items(GUARD))
    await clock.advance(timedelta(days=5))
    report = await pipeline.take_in(feed, items(GUARD_TOO))
    assert report.new_story_ids == (2,)


class Worker:
    """A worker process that does what it is told to: its job, nothing, or to fail."""

    def __init__(self, fault: Exception | None = None, *, answers: bool = True) -> None:
        self.fault = fault
        self.answers = answers
        self.asked: list[str] = []

    async def run(self, job: str, *arguments: object) -> object:
        self.asked.append(job)
        if self.fault:
            raise self.fault
        (asked,) = arguments
        assert isinstance(asked, Sequence)
        return digest_all(asked) if self.answers else None


@pytest.mark.parametrize(
    "worker",
    [Worker(), Worker(WorkerError(WorkerFault.DIED, "it died")), Worker(answers=False)],
    ids=["answers", "dies", "says nothing"],
)
async def test_language_work_goes_to_the_worker_and_is_done_here_when_it_fails(
    store: Store, feed: Source, clock: SimulatedClock, worker: Worker
) -> None:
    pipeline = Pipeline(store, clock, worker)
    report = await pipeline.take_in(feed, items(*(f"Bridge number {n} closes" for n in range(150))))
    assert len(report.new) == 150
    assert worker.asked == ["digest", "digest"]


def test_a_language_is_told_from_the_text_and_else_taken_as_stated() -> None:
    assert digest(Item("Der Bürgermeister hat am Montag die alte Brücke gesperrt", language="en")).language == "de"
    assert digest(Item("12:0", language="pt-BR")).language == "pt"
    assert digest(Item("12:0"), source_language="fr").language == "fr"
    assert digest(Item("12:0")).language is None


def test_of_endless_text_only_the_beginning_is_looked_at() -> None:
    said = digest(Item(None, ("The council agreed on Monday to close the bridge. " * 50_000,) * 20))
    assert said.headline == "The council agreed on Monday to close the bridge"


def test_a_sections_name_counts_as_a_category() -> None:
    assert [topic.value for topic in digest(Item("All of them", section="Sports")).topics] == ["sport"]
