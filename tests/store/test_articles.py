"""Rules of sources, articles, summaries and documents in the store."""

import sqlite3
from dataclasses import replace

from bot.domain.filters import Counts
from bot.domain.sources import Image, Item, Source, SourceKind, SourceState
from bot.domain.stories import Length, Summary
from bot.domain.topics import Topic
from bot.store.documents import DocumentFile
from bot.store.shelves import refresh
from bot.store.store import Store
from tests.fakes.drafts import NOON, a_draft, a_source, put


async def test_a_source_is_stored_once_under_its_name_and_comes_back_as_it_was(store: Store) -> None:
    given = Source(
        0, SourceKind.FEED, "https://a.example/feed", "A", url="https://a.example/feed", home_url="https://a.example",
        language="en", topic=Topic.WORLD, state=SourceState.NEW, added_at=NOON,
    )  # fmt: skip
    made = await store.sources.add(given, NOON)
    assert made == replace(given, id=made.id)
    assert await store.sources.add(replace(given, title="Other"), NOON) == made
    assert await store.sources.by_name(given.name) == await store.sources.by_id(made.id) == made
    assert await store.sources.by_name("nothing") is None
    await store.sources.set_state(made.id, SourceState.FAILING, "it answered 503")
    await store.sources.describe(replace(made, title="New title", topic=None))
    found = await store.sources.by_id(made.id)
    assert found is not None
    assert (found.state, found.detail, found.title, found.topic) == (
        SourceState.FAILING,
        "it answered 503",
        "New title",
        None,
    )


async def test_sources_are_listed_by_title_and_by_kind(store: Store) -> None:
    feeds = [await a_source(store, name) for name in ("b", "a")]
    document = await store.sources.add(Source(0, SourceKind.DOCUMENT, "doc", "Doc"), NOON)
    assert await store.sources.listed() == (feeds[1], feeds[0], document)
    assert await store.sources.listed(SourceKind.FEED) == (feeds[1], feeds[0])
    assert await store.sources.by_ids((99, document.id, feeds[0].id)) == (feeds[0], document)


async def test_a_removed_source_leaves_nothing_behind(store: Store) -> None:
    first, second = await a_source(store, "a"), await a_source(store, "b")
    await put(store, first, [a_draft("Bridge closes", 1, "Text."), a_draft("Mayor resigns", 2)])
    await put(store, second, [a_draft("Bridge stays closed", 1)])
    assert await store.sources.remove(first.id)
    assert not await store.sources.remove(first.id)
    assert await store.stories.counts() == Counts(1, 1)
    assert [(await store.search.search(word)).total for word in ("text", "mayor", "bridge")] == [0, 0, 1]


async def test_an_article_comes_back_as_it_was_put_in(store: Store) -> None:
    source = await a_source(store)
    item = Item(
        "Bridge closes", ("One.", "Two."), 4, "https://a.example/1", "g", NOON, NOON, ("Jane Doe",), section="Valley",
        image=Image("https://a.example/i.png", "A bridge"),
    )  # fmt: skip
    draft = replace(a_draft("Bridge closes", 1, "One.", "Two."), item=item, names=("Jane Doe",), is_counted=False)
    report = await put(store, source, [draft])
    (article,) = await store.articles.articles((99, *report.new))
    assert (article.headline, article.link, article.position) == (item.headline, item.link, 4)
    assert (article.image, article.published_at, article.updated_at) == (item.image, NOON, NOON)
    assert (article.names, article.is_counted, article.source_title) == (("Jane Doe",), False, "A")
    assert await store.articles.article(99) is None
    assert await store.articles.body(99) is None
    assert not await store.articles.set_page_text(99, ("x",))
    assert not await store.articles.set_page_text(article.id, ())


async def test_a_summary_is_kept_for_its_content_length_and_method(store: Store) -> None:
    summary = Summary(("One.", "Three."), (0, 2), 3, Length.SHORT)
    await store.summaries.put("hash", summary)
    assert await store.summaries.get("hash", Length.SHORT) == summary
    assert await store.summaries.get("hash", Length.LONG) is None
    assert await store.summaries.get("other", Length.SHORT) is None
    assert await store.summaries.get("hash", Length.SHORT, method="2") is None
    await store.summaries.put("hash", replace(summary, total=4), method="2")
    assert await store.summaries.get("hash", Length.SHORT) is None
    assert await store.summaries.drop_unused() == 1
    assert await store.summaries.get("hash", Length.SHORT, method="2") is None


async def test_a_summary_of_text_that_is_there_is_not_dropped(store: Store) -> None:
    await put(store, await a_source(store), [a_draft("Bridge closes", 1, "Text.")])
    body = await store.articles.body(1)
    assert body is not None
    await store.summaries.put(body.content_hash, Summary(("Text.",), (0,), 1))
    assert await store.summaries.drop_unused() == 0


async def test_files_of_the_watched_folder_are_remembered(store: Store) -> None:
    source = await a_source(store)
    files = (DocumentFile("a.txt", "1", source.id), DocumentFile("b.txt", "2", None, "it is empty"))
    for file in files:
        await store.documents.note_file(file, NOON)
    assert await store.documents.files() == files
    await store.documents.forget_file("a.txt")
    assert await store.documents.files() == files[1:]
    assert await store.documents.by_content("nothing") is None


async def test_changes_are_read_from_a_mark_on(store: Store) -> None:
    await put(store, await a_source(store), [a_draft("Bridge closes", 1), a_draft("Mayor resigns", 2)])
    assert await store.changes.newest_id() == 0
    await store.stories.retract(1, NOON)
    mark = await store.changes.newest_id()
    await store.stories.retract(2, NOON)
    assert [change.before for change in await store.changes.after(mark)] == ["Mayor resigns"]
    assert len(await store.changes.after(0, limit=1)) == 1


async def test_new_articles_are_shelved_as_a_full_count_would_shelve_them(store: Store) -> None:
    first, second = await a_source(store, "a"), await a_source(store, "b")
    topics = ((Topic.WORLD,), (), (Topic.SPORT, Topic.WORLD), (Topic.SCIENCE,))
    for number, source in enumerate((first, second, first, second, first)):
        drafts = [
            a_draft(f"Headline {number} {at}", 1 + at % 3, hours=7 * number - at, topics=topics[(number + at) % 4])
            for at in range(6)
        ]
        await put(store, source, drafts)
    await store.stories.retract(2, NOON)
    await put(store, second, [a_draft("A late one", 2), a_draft("Another", 3)])

    def shelves(raw: sqlite3.Connection) -> list[tuple[object, ...]]:
        stories = raw.execute("select id, newest_at, topic_bits, articles from story order by id").fetchall()
        rows = raw.execute("select * from shelf order by source_id, story_id").fetchall()
        return [tuple(row) for row in (*stories, *rows)]

    kept = await store.db.read(shelves)
    await store.db.write(lambda raw: refresh(raw, (1, 2, 3)))
    assert await store.db.read(shelves) == kept
    assert await store.stories.counts() == Counts(2, 21)
