"""Rules of inspecting: the JSON says what an import would make, and the seed's facts stand in it."""

import json
from datetime import UTC, datetime

from bot.domain.sources import Image, Item
from bot.ingest.documents import sample
from bot.ingest.inspect import as_json, inspect_document, inspect_items


def test_the_bundled_document_inspected_gives_its_golden_facts() -> None:
    found = [as_json(one) for one in inspect_document(sample())]
    assert len(found) == 17
    assert max(one["story"] for one in found if isinstance(one["story"], int)) == 15
    assert [at for at, one in enumerate(found) if one["story"] == found[3]["story"]] == [3, 10, 16]
    article = found[0]
    assert (article["headline_origin"], len(str(article["headline"]))) == ("derived", 102)
    assert isinstance(article["sentences"], list)
    assert len(article["sentences"]) == 11
    assert isinstance(article["summary"], list)
    assert set(article["summary"]) < set(article["sentences"])
    assert "Trump’s" in json.dumps(found, ensure_ascii=False)
    assert list(article) == [
        "headline", "headline_origin", "paragraphs", "sentences", "summary", "topics", "names", "story",
    ]  # fmt: skip
    assert all(one["summary"] == one["sentences"] == [] for one in found[1:])


def test_an_item_that_is_there_twice_is_inspected_once() -> None:
    assert [one.headline for one in inspect_document(b"Bridge closes\nMayor resigns\nBridge closes\n")] == [
        "Bridge closes",
        "Mayor resigns",
    ]


def test_items_of_feeds_show_what_else_the_feed_says() -> None:
    stated = datetime(2027, 1, 1, 8, tzinfo=UTC)
    item = Item(
        "Bridge closes", link="https://a.example/1", guid="7", published_at=stated, authors=("Jane Doe", "John Roe"),
        image=Image("https://a.example/i.png"),
    )  # fmt: skip
    (shown,) = (as_json(one, is_feed=True) for one in inspect_items([item]))
    assert {name: shown[name] for name in ("link", "published", "author", "image", "id")} == {
        "link": "https://a.example/1",
        "published": "2027-01-01T08:00:00+00:00",
        "author": "Jane Doe, John Roe",
        "image": "https://a.example/i.png",
        "id": "7",
    }
    (bare,) = (as_json(one, is_feed=True) for one in inspect_items([Item("Bridge closes")]))
    assert [bare[name] for name in ("link", "published", "author", "image", "id")] == [None] * 5
