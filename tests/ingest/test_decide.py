"""Rules of identity and change, as tables: what a fetch calls for, given what is stored."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.articles import TextOrigin
from bot.domain.intake import Known
from bot.domain.sources import Image, Item, Source, SourceKind
from bot.ingest.decide import MAX_CHANGES, Verdict, decide_document, decide_feed
from bot.ingest.normalise import Prepared, document_hash, outlet_of, prepare

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FEED = Source(1, SourceKind.FEED, "https://a.example/feed", "The Valley Post")
DOCUMENT = Source(2, SourceKind.DOCUMENT, "valley", "valley")


def item(headline: str | None, **more: Any) -> Item:
    return Item(headline, **more)


def known(one: Prepared, article_id: int = 1, **more: Any) -> Known:
    """Give what the store has once it took an item in."""
    stored: dict[str, Any] = {
        "item_hash": one.item_hash,
        "headline": one.item.headline or one.item.paragraphs[0][:40],
        "position": one.item.position,
        "changes": 0,
        "text_origin": TextOrigin.NONE,
        "is_withdrawn": False,
        "is_retracted": False,
        "added_at": NOW,
        "published_at": one.item.published_at,
        "link_key": one.link_key,
    }
    return Known(article_id=article_id, story_id=article_id, key=one.key, **(stored | more))


def feed(before: list[Item], now: list[Item], purged: frozenset[str] = frozenset(), **more: Any) -> Verdict:
    stored = [known(one, number, **more) for number, one in enumerate(prepare(before, FEED.kind, NOW), 1)]
    return decide_feed(prepare(now, FEED.kind, NOW), stored, purged)


def summed(verdict: Verdict) -> dict[str, int]:
    """What there is of each, without the noughts."""
    counted = {
        name: value if isinstance(value := getattr(verdict, name), int) else len(value)
        for name in Verdict.__dataclass_fields__
    }
    return {name: number for name, number in counted.items() if number}


A = item("Bridge closes for repairs", guid="a", link="https://a.example/bridge", published_at=NOW)
B = item("Mayor resigns over budget", guid="b", link="https://a.example/mayor", published_at=NOW)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param([], [A, B], {"new": 2}, id="all new"),
        pytest.param([A, B], [A, B], {"unchanged": 2}, id="the same again"),
        pytest.param([A, B], [B], {"unchanged": 1}, id="rolled off is not withdrawn"),
        pytest.param([A], [item("Bridge closed", guid="a", link=A.link)], {"edits": 1}, id="another headline"),
        pytest.param(
            [A],
            [item(A.headline, guid="a", link=A.link, published_at=NOW - timedelta(days=1))],
            {"unchanged": 1},
            id="only the date was touched",
        ),
        pytest.param(
            [A], [item(A.headline, guid="a", link="https://a.example/other")], {"unchanged": 1}, id="only the link"
        ),
        pytest.param(
            [A, B],
            [item(one.headline, guid=f"new-{one.guid}", link=one.link, published_at=NOW) for one in (A, B)],
            {"unchanged": 2, "rekeyed": 2},
            id="all guids new overnight",
        ),
        pytest.param(
            [item("Status of the trains", guid="1", link="https://a.example/status")],
            [item("Lift at the station is broken", guid="2", link="https://a.example/status")],
            {"new": 1},
            id="a page whose link never changes",
        ),
        pytest.param(
            [A],
            [A, item("Bridge: what is known", guid="z", link=A.link, published_at=NOW)],
            {"unchanged": 1, "new": 1},
            id="a second item with a link that is taken",
        ),
        pytest.param([], [A, A], {"new": 1, "duplicates": 1}, id="twice in one fetch"),
        pytest.param(
            [], [A, item(A.headline, guid="x", link=A.link)], {"new": 1, "duplicates": 1}, id="twice, under two guids"
        ),
        pytest.param(
            [],
            [item("One", guid="g", link="https://a.example/1"), item("Two", guid="g", link="https://a.example/2")],
            {"new": 2},
            id="one guid for all",
        ),
        pytest.param([], [item("No guid", link="https://a.example/1")], {"new": 1}, id="link only"),
        pytest.param([item("Bare")], [item("Bare")], {"unchanged": 1}, id="headline only"),
        pytest.param([], [item("  \u200b "), item(None)], {}, id="nothing in it"),
    ],
)
def test_a_feed_is_judged_by_identity_and_content(
    before: list[Item], now: list[Item], expected: dict[str, int]
) -> None:
    assert summed(feed(before, now)) == expected


def test_an_item_that_keeps_changing_is_frozen() -> None:
    changed = item("Bridge closed", guid="a")
    assert summed(feed([A], [changed], changes=MAX_CHANGES - 1)) == {"edits": 1}
    assert summed(feed([A], [changed], changes=MAX_CHANGES)) == {"unchanged": 1}


def test_what_was_purged_or_retracted_never_returns() -> None:
    (one,) = prepare([A], FEED.kind, NOW)
    assert summed(decide_feed([one], [], frozenset({one.key}))) == {"refused": 1}
    assert summed(decide_feed([one], [], frozenset({one.link_key or ""}))) == {"refused": 1}
    assert summed(feed([A], [A], is_retracted=True)) == {"refused": 1}
    assert summed(feed([A], [A], is_withdrawn=True)) == {"restored": 1}


def document(before: list[str], now: list[str], purged: frozenset[str] = frozenset(), **more: Any) -> Verdict:
    def lines(texts: list[str]) -> tuple[Prepared, ...]:
        return prepare([item(text, position=at) for at, text in enumerate(texts)], DOCUMENT.kind, NOW)

    stored = [known(one, number, **more) for number, one in enumerate(lines(before), 1)]
    return decide_document(lines(now), stored, purged)


BRIDGE, MAYOR, TRAIN = "Bridge closes for repairs today", "Mayor resigns over budget", "Train service resumes"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param([], [BRIDGE, MAYOR], {"new": 2}, id="new"),
        pytest.param([BRIDGE, MAYOR], [BRIDGE, MAYOR], {"unchanged": 2}, id="same"),
        pytest.param([BRIDGE, MAYOR], [BRIDGE], {"unchanged": 1, "withdrawn": 1}, id="removed"),
        pytest.param([BRIDGE], [BRIDGE.replace("today", "on Monday")], {"edits": 1}, id="edited"),
        pytest.param([BRIDGE], [MAYOR], {"new": 1, "withdrawn": 1}, id="another event is no edit"),
        pytest.param([BRIDGE, MAYOR], [MAYOR, BRIDGE], {"unchanged": 2, "moved": 2}, id="moved"),
        pytest.param([BRIDGE], [TRAIN, BRIDGE], {"new": 1, "unchanged": 1, "moved": 1}, id="a line put before"),
        pytest.param([BRIDGE], [BRIDGE, BRIDGE.upper()], {"unchanged": 1, "duplicates": 1}, id="twice, in capitals"),
        pytest.param(["東京で首脳会談が開かれた"], ["東京で首脳会談が開催された"], {"edits": 1}, id="unspaced"),
    ],
)
def test_a_document_is_all_there_is(before: list[str], now: list[str], expected: dict[str, int]) -> None:
    assert summed(document(before, now)) == expected


def test_withdrawn_lines_come_back_and_retracted_ones_do_not() -> None:
    assert summed(document([BRIDGE], [BRIDGE], is_withdrawn=True)) == {"restored": 1}
    assert summed(document([BRIDGE], [BRIDGE], is_retracted=True)) == {"refused": 1}
    assert summed(document([BRIDGE], [], is_withdrawn=True)) == {}
    (one,) = prepare([item(BRIDGE)], DOCUMENT.kind, NOW)
    assert summed(decide_document([one], [], frozenset({one.key}))) == {"refused": 1}


def test_each_edited_line_goes_to_the_line_most_like_it() -> None:
    verdict = document(
        ["Storm hits coast, two dead", "Storm hits islands, none hurt"],
        ["Storm hits islands, one hurt", "Storm hits coast, three dead"],
    )
    assert [(old.headline[:14], new.item.headline) for old, new in verdict.edits] == [
        ("Storm hits isl", "Storm hits islands, one hurt"),
        ("Storm hits coa", "Storm hits coast, three dead"),
    ]


def test_a_document_changed_through_and_through_is_not_compared_line_by_line() -> None:
    before = [f"Headline number {n} of the old one" for n in range(150)]
    after = [f"Headline number {n} of the new one" for n in range(150)]
    assert summed(document(before, after)) == {"new": 150, "withdrawn": 150}


def test_an_untitled_article_is_known_by_its_first_paragraph() -> None:
    text = "The council agreed on Monday to close the bridge for repairs, the mayor said."
    (old,) = prepare([item(None, paragraphs=(text, "More."))], DOCUMENT.kind, NOW)
    (new,) = prepare([item(None, paragraphs=(text.replace("Monday", "Tuesday"), "More."))], DOCUMENT.kind, NOW)
    stored = known(old, headline="The council agreed on Monday to close the bridge for repairs")
    assert summed(decide_document([new], [stored], frozenset())) == {"edits": 1}
    (more,) = prepare([item(None, paragraphs=(text, "More.", "Still more."))], DOCUMENT.kind, NOW)
    assert summed(decide_document([more], [known(old)], frozenset())) == {"edits": 1}


@given(st.lists(st.sampled_from([BRIDGE, MAYOR, TRAIN, "x"]), max_size=6), st.lists(st.text(max_size=9), max_size=6))
def test_every_line_of_a_document_is_accounted_for(before: list[str], now: list[str]) -> None:
    stored = list(dict.fromkeys(before))
    for verdict in (document(stored, now), feed([item(text) for text in stored], [item(text) for text in now])):
        counted = summed(verdict)
        seen = sum(counted.get(name, 0) for name in ("new", "edits", "unchanged", "duplicates"))
        assert seen == sum(bool(one) for one in prepare([item(text) for text in now], DOCUMENT.kind, NOW))


def test_an_item_is_cleaned_and_its_dates_are_possible() -> None:
    raw = Item(
        "  A\u00a0\u202eheadline ",
        ("One\nTwo", " \u200b "),
        link="https://A.example/p?utm_source=x",
        guid=" g ",
        published_at=datetime(9999, 1, 1, tzinfo=UTC),
        updated_at=datetime(1970, 1, 1, tzinfo=UTC),
        authors=("Jane\u200b Doe", " "),
        publisher=" The\tPost ",
        categories=("News ", ""),
        section=" ",
        image=Image("javascript:x"),
    )
    (one,) = prepare([raw], FEED.kind, NOW)
    assert one.item == Item(
        "A headline",
        ("One", "Two"),
        link="https://a.example/p",
        guid="g",
        published_at=NOW,
        authors=("Jane Doe",),
        publisher="The Post",
        categories=("News",),
    )
    assert outlet_of(one.item, FEED) == "The Post"


def test_the_outlet_is_the_publisher_else_the_domain_else_the_source() -> None:
    items = [item("A", publisher="Agency"), item("B", link="https://www.b.example/x"), item("C")]
    assert [outlet_of(one, FEED) for one in items] == ["Agency", "b.example", "The Valley Post"]


def test_a_date_without_a_zone_counts_as_utc_and_a_picture_keeps_its_words() -> None:
    naive = datetime(2026, 1, 1, 5, 0, 0, 77)  # noqa: DTZ001 - what a broken feed states
    picture = Image("https://a.example/i.png", "A\u200b bridge")
    (one,) = prepare([item("A", published_at=naive, image=picture)], FEED.kind, NOW)
    assert one.item.published_at == datetime(2026, 1, 1, 5, tzinfo=UTC)
    assert one.item.image == Image("https://a.example/i.png", "A bridge")


def test_an_endless_headline_is_text() -> None:
    (one,) = prepare([item("word " * 400, paragraphs=("more",))], FEED.kind, NOW)
    assert (one.item.headline, len(one.item.paragraphs)) == (None, 2)


def test_a_documents_hash_is_of_its_content() -> None:
    assert document_hash([item("A"), item("B")]) != document_hash([item("A", paragraphs=("B",))])
    assert document_hash([item("A", position=1)]) == document_hash([item("A", position=2)])
