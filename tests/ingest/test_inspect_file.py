"""Any file can be inspected: documents, saved feeds, saved pages; the network is never opened."""

import pytest

from bot.errors import SourceError, WorkerError, WorkerFault
from bot.ingest.documents import sample
from bot.ingest.inspect_file import inspect_file
from bot.sources.feeds import MAX_ITEMS
from tests.fakes.workers import InProcess
from tests.ingest.test_refresh import rss
from tests.sources.test_pages import FIRST, PAGE


@pytest.mark.parametrize(
    ("data", "items", "is_from_web"),
    [
        (sample(), 17, False),
        (rss("Storm hits coast", "Mayor resigns").encode(), 2, True),
        (rss("Storm hits coast").encode("utf-16"), 1, True),
        (b'\xef\xbb\xbf{"version": "1", "title": "t", "items": [{"id": "1", "title": "One"}]}', 1, True),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title/><entry><title>One</title></entry></feed>', 1, True),
        (PAGE, 1, True),
        (PAGE.replace(b'<!DOCTYPE html><html lang="en">', b""), 1, True),
        (b"A headline about <rss> feeds in plain text\n", 0, True),
    ],
    ids=["document", "feed", "utf-16", "json", "atom", "page", "page without its first tags", "looks like a feed"],
)
async def test_a_file_is_known_by_its_content(data: bytes, items: int, is_from_web: bool) -> None:  # noqa: FBT001
    found, web = await inspect_file(InProcess(), data)
    assert (len(found), web) == (items, is_from_web)


async def test_a_feed_of_thousands_is_inspected_to_its_end() -> None:
    titles = [f"Village {number} elects its mayor" for number in range(MAX_ITEMS + 500)]
    found, _ = await inspect_file(InProcess(), rss(*titles).encode())
    assert [one.headline for one in found] == titles


async def test_a_saved_page_gives_its_article() -> None:
    ((one,), _) = await inspect_file(InProcess(), PAGE)
    assert one.headline == "River floods market"
    assert FIRST in one.item.paragraphs
    assert one.item.link == "https://example.org/a"


async def test_a_file_that_breaks_the_worker_is_told() -> None:
    worker = InProcess()
    worker.fails_with = WorkerError(WorkerFault.TIMED_OUT, "x")
    with pytest.raises(SourceError):
        await inspect_file(worker, rss("Storm hits coast").encode())
