"""Rules of imported documents: by content, edits replace, what is missing is withdrawn, nothing comes twice."""

from pathlib import Path

import pytest

from bot.clock import SimulatedClock
from bot.domain.articles import HeadlineOrigin
from bot.domain.filters import Counts
from bot.domain.intake import ChangeKind
from bot.errors import SourceError, SourceFault
from bot.ingest.documents import Documents, ScanPlan, decide_scan, sample
from bot.store.documents import DocumentFile
from bot.store.store import Store

THREE = b"Bridge closes for repairs in the valley\nMayor resigns over budget\nTrain service resumes on Monday\n"


async def titles(store: Store) -> list[str]:
    return [story.title for story in await store.stories.newest()]


async def test_the_bundled_document_gives_its_golden_facts(documents: Documents, store: Store) -> None:
    done = await documents.import_sample()
    assert done.source.is_sample
    assert len(done.report.new) == 17
    assert await store.stories.counts() == Counts(stories=15, articles=17)
    stories = await store.stories.newest()
    assert [[article.position for article in story.articles] for story in stories if len(story.articles) > 1] == [
        [3, 10, 16]
    ]
    assert stories[0].lead.headline_origin is HeadlineOrigin.DERIVED
    assert len(stories[0].title) == 102
    assert [story.lead.position for story in stories] == sorted(story.lead.position for story in stories)
    assert all(story.lead.published_at is None and story.is_sample for story in stories)


async def test_the_two_hegseth_headlines_are_related_and_apart(documents: Documents, store: Store) -> None:
    await documents.import_sample()
    first = next(story for story in await store.stories.newest() if story.title.startswith("Pentagon Probe"))
    related = await store.names.related(first)
    assert [story.title[:32] for story in related] == ["U.S. Defense Chief Pete Hegseth "]


async def test_the_same_content_adds_nothing_under_any_name(documents: Documents, store: Store) -> None:
    first = await documents.import_document(THREE, file_name="valley.txt")
    again = await documents.import_document(THREE, file_name="copy.txt")
    otherwise = await documents.import_document(THREE.replace(b"\n", b"\r\n"), file_name="x.txt", title="Other")
    assert (first.source.name, first.is_known) == ("valley", False)
    assert (again.source, again.is_known) == (otherwise.source, otherwise.is_known) == (first.source, True)
    assert await store.stories.counts() == Counts(3, 3)


async def test_an_edited_line_replaces_and_keeps_its_story(documents: Documents, store: Store) -> None:
    await documents.import_document(THREE, file_name="valley.txt")
    before = {story.title: story.id for story in await store.stories.newest()}
    edited = THREE.replace(b"over budget", b"over the budget")
    done = await documents.import_document(edited, file_name="valley.txt")
    assert (len(done.report.new), len(done.report.changed), len(done.report.withdrawn)) == (0, 1, 0)
    after = {story.title: story.id for story in await store.stories.newest()}
    assert after["Mayor resigns over the budget"] == before["Mayor resigns over budget"]
    (change,) = await store.changes.after(0)
    assert (change.kind, change.before, change.after) == (
        ChangeKind.HEADLINE,
        "Mayor resigns over budget",
        "Mayor resigns over the budget",
    )


async def test_a_removed_line_is_withdrawn_and_may_come_back_as_it_was(documents: Documents, store: Store) -> None:
    await documents.import_document(THREE, file_name="valley.txt")
    gone = next(story for story in await store.stories.newest() if story.title.startswith("Mayor"))
    without = THREE.replace(b"Mayor resigns over budget\n", b"")
    await documents.import_document(without, file_name="valley.txt")
    assert await store.stories.story(gone.id) is None
    assert len(await titles(store)) == 2
    assert (await store.search.search("mayor")).total == 0
    back = await documents.import_document(THREE, file_name="valley.txt")
    assert back.report.new == ()
    assert await store.stories.story(gone.id) == gone
    assert [change.kind for change in await store.changes.after(0)] == [ChangeKind.WITHDRAWN, ChangeKind.RESTORED]


async def test_lines_that_only_moved_keep_everything_but_their_place(documents: Documents, store: Store) -> None:
    await documents.import_document(THREE, file_name="valley.txt")
    turned = b"\n".join(reversed(THREE.strip().split(b"\n")))
    done = await documents.import_document(turned, file_name="valley.txt")
    assert not done.report.has_news
    assert [story.lead.position for story in await store.stories.newest()] == [2, 1, 0]


async def test_a_headline_twice_in_a_document_is_one_article(documents: Documents, store: Store) -> None:
    done = await documents.import_document(THREE + THREE, file_name="valley.txt")
    assert (len(done.report.new), done.report.duplicates) == (3, 3)


async def test_a_document_edited_into_a_copy_of_another_is_withdrawn(documents: Documents, store: Store) -> None:
    await documents.import_document(THREE, file_name="valley.txt")
    await documents.import_document(b"Comet seen over the islands\n", file_name="sky.txt")
    copied = await documents.import_document(THREE, file_name="sky.txt")
    assert copied.source.name == "valley"
    assert await store.stories.counts() == Counts(3, 3)
    back = await documents.import_document(b"Comet seen over the islands\n", file_name="sky.txt")
    assert (back.report.new, len(back.report.changed)) == ((), 1)


async def test_a_document_named_like_the_sample_is_not_the_sample(documents: Documents, store: Store) -> None:
    shipped = await documents.import_sample()
    own = await documents.import_document(THREE, file_name="x.txt", title=shipped.source.name)
    assert not own.source.is_sample
    assert own.source.name == f"{shipped.source.name} (2)"
    again = await documents.import_document(THREE + b"New line\n", file_name="x.txt", title=shipped.source.name)
    assert again.source == own.source


async def test_an_unreadable_document_changes_nothing(documents: Documents, store: Store) -> None:
    with pytest.raises(SourceError) as caught:
        await documents.import_document(b"\x00\x01", file_name="x.txt")
    assert caught.value.kind is SourceFault.UNREADABLE_FILE
    assert await store.sources.listed() == ()


async def test_the_sample_is_imported_once(documents: Documents, store: Store) -> None:
    await documents.import_document(sample(), file_name="mine.txt")
    assert (await documents.import_sample()).is_known
    assert await store.stories.counts() == Counts(15, 17)


async def test_a_watched_folder_is_imported_as_its_files_change(
    documents: Documents, store: Store, tmp_path: Path, clock: SimulatedClock
) -> None:
    folder = tmp_path / "documents"
    assert (await documents.scan(folder)).imported == ()
    folder.mkdir()
    (folder / "valley.txt").write_bytes(THREE)
    (folder / "bad.txt").write_bytes(b"%PDF-1")
    (folder / ".hidden.txt").write_bytes(b"Nothing to see")
    (folder / "notes.md").write_bytes(b"Nothing to see")
    first = await documents.scan(folder)
    assert [name for name, _ in first.imported] == ["valley.txt"]
    assert first.refused == (("bad.txt", "it is a PDF, not plain text"),)
    second = await documents.scan(folder)
    assert (second.imported, second.refused) == ((), ())
    (folder / "valley.txt").rename(folder / "renamed.txt")
    (renamed,) = (await documents.scan(folder)).imported
    assert renamed[1].is_known
    (folder / "renamed.txt").write_bytes(THREE + b"A fourth line about the river\n")
    (edited,) = (await documents.scan(folder)).imported
    assert edited[1].source.name == "valley"
    assert len(edited[1].report.new) == 1
    (folder / "renamed.txt").unlink()
    await documents.scan(folder)
    assert len(await titles(store)) == 4


@pytest.mark.parametrize(
    ("seen", "known", "plan"),
    [
        pytest.param({"a": "1"}, [], ScanPlan((("a", None),)), id="new"),
        pytest.param({"a": "1"}, [DocumentFile("a", "1", 7)], ScanPlan(), id="same"),
        pytest.param({"a": "2"}, [DocumentFile("a", "1", 7)], ScanPlan((("a", 7),)), id="edited"),
        pytest.param({}, [DocumentFile("a", "1", 7)], ScanPlan((), ("a",)), id="gone"),
        pytest.param(
            {"a": "1", "b": "2"},
            [DocumentFile("a", "1", 7), DocumentFile("b", "1", 7)],
            ScanPlan((("b", None),)),
            id="an edited copy beside its original",
        ),
        pytest.param(
            {"b": "2"},
            [DocumentFile("a", "1", 7), DocumentFile("b", "1", 7)],
            ScanPlan((("b", 7),), ("a",)),
            id="renamed, then edited",
        ),
    ],
)
def test_what_changed_in_a_folder_is_decided_by_content(
    seen: dict[str, str], known: list[DocumentFile], plan: ScanPlan
) -> None:
    assert decide_scan(seen, known) == plan
