from dataclasses import replace

import pytest

from bot.domain.answers import ListPage, Query, Since
from bot.domain.articles import TextOrigin
from bot.domain.places import SampleMode
from bot.domain.sources import SourceKind
from bot.domain.stories import Length, story_key
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from tests.fakes.newsroom import JAPAN, Newsroom

HEADLINES = [f"{name} story number {n}" for n, name in enumerate(["Harbour", "Frog", "Bridge", "Opera"] * 3)]


def _titles(page: ListPage) -> list[str]:
    return [story.title for story in page.stories]


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_headlines_come_ten_a_page_numbered_through(newsroom: Newsroom) -> None:
    feed = await newsroom.source("feed")
    await newsroom.add(feed, *HEADLINES)
    reader = await newsroom.reader()
    first, second = [await newsroom.reading.headlines(reader, page=number) for number in (1, 2)]
    assert (len(first.stories), first.page, first.pages, first.first_row) == (10, 1, 2, 1)
    assert (len(second.stories), second.page, second.pages, second.first_row) == (2, 2, 2, 11)
    assert (first.total_stories, first.total_items) == (12, 12)
    assert sorted(_titles(first) + _titles(second)) == sorted(HEADLINES)


@pytest.mark.parametrize(("asked", "given"), [(0, 1), (-3, 1), (99, 2)])
async def test_a_page_that_is_not_there_gives_the_nearest(newsroom: Newsroom, asked: int, given: int) -> None:
    await newsroom.add(await newsroom.source("feed"), *HEADLINES)
    assert (await newsroom.reading.headlines(await newsroom.reader(), page=asked)).page == given


async def test_a_public_list_is_short_and_has_no_pages(newsroom: Newsroom) -> None:
    await newsroom.add(await newsroom.source("feed"), *HEADLINES)
    page = await newsroom.reading.headlines(await newsroom.reader(is_public=True), page=2)
    assert (len(page.stories), page.page, page.pages) == (5, 1, 1)


async def test_nothing_stored_gives_one_empty_page(newsroom: Newsroom) -> None:
    page = await newsroom.reading.headlines(await newsroom.reader())
    assert (page.stories, page.page, page.pages, page.has_undated) == ((), 1, 1, False)


async def test_a_list_is_narrowed_by_topic_source_and_time(newsroom: Newsroom) -> None:
    one, two = await newsroom.source("one"), await newsroom.source("two")
    await newsroom.add(one, "Cup final", topics=(Topic.SPORT,))
    await newsroom.add(two, "Old vote", topics=(Topic.POLITICS,), age_h=100)
    reader = await newsroom.reader()
    queries = {
        "Cup final": [Query(topic=Topic.SPORT), Query(source_id=one), Query(since=Since.THREE_DAYS)],
        "Old vote": [Query(topic=Topic.POLITICS), Query(source_id=two)],
    }
    for title, some in queries.items():
        for query in some:
            assert _titles(await newsroom.reading.headlines(reader, query)) == [title]
    page = await newsroom.reading.headlines(reader, Query(source_id=one))
    assert page.source is not None
    assert page.source.title == "One"


async def test_today_begins_at_midnight_where_the_place_is(newsroom: Newsroom) -> None:
    feed = await newsroom.source("feed")
    await newsroom.add(feed, "At seven in the morning, Berlin", age_h=2)
    await newsroom.add(feed, "Half past eleven last night, Berlin", age_h=9.5)
    reader = await newsroom.reader()
    for zone, count in (("Europe/Berlin", 1), ("Asia/Tokyo", 2), (None, 1)):
        there = replace(reader, place=replace(reader.place, zone=zone))
        assert len((await newsroom.reading.headlines(there, Query(since=Since.TODAY))).stories) == count


async def test_a_place_sees_its_own_sources_only(newsroom: Newsroom) -> None:
    one, two = [await newsroom.source(name, for_all=False) for name in ("one", "two")]
    await newsroom.add(one, "Mine")
    (other,) = await newsroom.add(two, "Theirs")
    reader = await newsroom.reader()
    await newsroom.subscribe(reader.place, one)
    assert _titles(await newsroom.reading.headlines(reader)) == ["Mine"]
    assert _titles(await newsroom.reading.search(reader, "theirs")) == []
    with pytest.raises(UserError) as caught:
        await newsroom.reading.open(reader, other)
    assert caught.value.code is Code.STORY_GONE
    with pytest.raises(UserError) as caught:
        await newsroom.reading.headlines(reader, Query(source_id=two))
    assert caught.value.code is Code.UNKNOWN_SOURCE


async def test_a_list_follows_the_store_at_once(newsroom: Newsroom) -> None:
    feed, reader = await newsroom.source("feed"), await newsroom.reader()
    await newsroom.add(feed, "First")
    assert len((await newsroom.reading.headlines(reader)).stories) == 1
    await newsroom.add(feed, "Second")
    assert len((await newsroom.reading.headlines(reader)).stories) == 2


async def test_a_topic_muted_for_me_is_left_out_for_me_alone(newsroom: Newsroom) -> None:
    await newsroom.add(await newsroom.source("feed"), "Cup final", topics=(Topic.SPORT,))
    reader, other = await newsroom.reader(), await newsroom.reader(8)
    await newsroom.muting.mute_topic(reader, Topic.SPORT)
    assert _titles(await newsroom.reading.headlines(reader)) == []
    assert _titles(await newsroom.reading.headlines(reader, Query(topic=Topic.SPORT))) == ["Cup final"]
    assert _titles(await newsroom.reading.headlines(other)) == ["Cup final"]
    await newsroom.muting.mute_topic(reader, Topic.SPORT, on=False)
    assert _titles(await newsroom.reading.headlines(reader)) == ["Cup final"]


# ── the sample ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("mode", "own", "expected"),
    [
        (SampleMode.AUTO, 7, True),
        (SampleMode.AUTO, 8, False),
        (SampleMode.KEEP, 8, True),
        (SampleMode.OFF, 1, False),
    ],
)
async def test_the_sample_gives_way_in_lists_and_is_still_found(
    newsroom: Newsroom,
    mode: SampleMode,
    own: int,
    expected: bool,  # noqa: FBT001 - a table
) -> None:
    sample = await newsroom.source("sample", SourceKind.DOCUMENT, is_sample=True)
    (story_id,) = await newsroom.add(sample, "From the sample", age_h=None)
    await newsroom.add(await newsroom.source("feed"), *HEADLINES[:own])
    reader = await newsroom.reader()
    reader = replace(reader, place=replace(reader.place, sample=mode))
    assert ("From the sample" in _titles(await newsroom.reading.headlines(reader))) is expected
    assert _titles(await newsroom.reading.search(reader, "sample")) == ["From the sample"]
    assert _titles(await newsroom.reading.headlines(reader, Query(source_id=sample))) == ["From the sample"]
    assert (await newsroom.reading.open(reader, story_id)).story.title == "From the sample"


async def test_the_sample_does_not_come_back_by_itself(newsroom: Newsroom) -> None:
    await newsroom.add(await newsroom.source("sample", SourceKind.DOCUMENT, is_sample=True), "Sample", age_h=None)
    feed = await newsroom.source("feed")
    ids = await newsroom.add(feed, *HEADLINES[:8])
    reader = await newsroom.reader()
    assert "Sample" not in _titles(await newsroom.reading.headlines(reader))
    await newsroom.store.stories.retract(ids[0], newsroom.clock.now())
    assert "Sample" not in _titles(await newsroom.reading.headlines(reader))


# ── search ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_search_has_pages_that_are_found_again_by_its_number(newsroom: Newsroom) -> None:
    await newsroom.add(await newsroom.source("feed"), *HEADLINES)
    reader = await newsroom.reader()
    first = await newsroom.reading.search(reader, "  story   number ")
    assert (first.words, first.total_stories, first.pages, len(first.stories)) == ("story number", 12, 2, 10)
    assert first.list_id is not None
    await newsroom.recall.flush()
    restarted = Newsroom(newsroom.store)
    second = await restarted.reading.search_page(reader, first.list_id, Query(), 2)
    assert (len(second.stories), second.page, second.first_row, second.words) == (2, 2, 11, "story number")
    assert not {story.id for story in first.stories} & {story.id for story in second.stories}


async def test_a_search_counts_items_only_where_it_has_them_all(newsroom: Newsroom) -> None:
    feed = await newsroom.source("feed")
    first, *_ = await newsroom.add(feed, *HEADLINES)
    await newsroom.add(feed, "Harbour story again", story=first)
    reader = await newsroom.reader()
    assert (await newsroom.reading.search(reader, "story")).total_items is None
    assert (await newsroom.reading.search(reader, "harbour")).total_items == 4


async def test_a_search_that_is_not_kept_any_more_has_expired(newsroom: Newsroom) -> None:
    with pytest.raises(UserError) as caught:
        await newsroom.reading.search_page(await newsroom.reader(), 12345, Query(), 2)
    assert caught.value.code is Code.CONTROL_EXPIRED


async def test_words_are_cleaned_before_they_are_kept(newsroom: Newsroom) -> None:
    reader = await newsroom.reader()
    page = await newsroom.reading.search(reader, "\u202eze\ud800bra \x00\u200bcrossing\ufeff")
    assert page.words == "ze\ufffdbra crossing"
    await newsroom.recall.flush()


async def test_finding_nothing_is_an_answer(newsroom: Newsroom) -> None:
    page = await newsroom.reading.search(await newsroom.reader(), "zebra")
    assert (page.stories, page.words, page.pages, page.total_stories) == ((), "zebra", 1, 0)


# ── cards ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_card_quotes_the_article_and_keeps_the_summary(newsroom: Newsroom) -> None:
    doc = await newsroom.source("doc", SourceKind.DOCUMENT)
    headline = "Japan is intensifying its defense capabilities"
    (story_id,) = await newsroom.add(doc, headline, paragraphs=JAPAN, is_derived=True, origin=TextOrigin.DOCUMENT)
    reader = await newsroom.reader()
    for _ in range(2):
        card = await newsroom.reading.card(reader, story_key(story_id), Length.SHORT)
        assert card.summary is not None
        assert card.summary.sentences[0].startswith(headline)
        assert card.quoted == card.story.lead
        assert card.has_full_text
        assert all(any(sentence in paragraph for paragraph in JAPAN) for sentence in card.summary.sentences)
    assert newsroom.worker.done == ["summarise"]


async def test_a_summary_is_made_here_when_the_worker_is_gone(newsroom: Newsroom) -> None:
    newsroom.worker.is_down = True
    (story_id,) = await newsroom.add(await newsroom.source("feed"), "Defense", paragraphs=JAPAN)
    card = await newsroom.reading.open(await newsroom.reader(), story_id)
    assert card.summary is not None


async def test_a_headline_only_has_no_summary_and_says_what_is_related(newsroom: Newsroom) -> None:
    feed = await newsroom.source("feed")
    one, two = await newsroom.add(feed, "Hegseth faces a probe", "Hegseth defends strike", names=("Hegseth",))
    card = await newsroom.reading.open(await newsroom.reader(), one)
    assert (card.summary, card.quoted, card.has_full_text) == (None, None, False)
    assert [story.id for story in card.related] == [two]


async def test_a_name_that_stands_everywhere_relates_nothing(newsroom: Newsroom) -> None:
    feed = await newsroom.source("feed")
    names = ("U.S.", "Trump")
    one, _ = await newsroom.add(feed, "U.S. shooting stuns Trump", "Trump cuts U.S. duties on cars", names=names)
    assert (await newsroom.reading.open(await newsroom.reader(), one)).related == ()


@pytest.mark.parametrize(
    ("origin", "whole"), [(TextOrigin.DOCUMENT, True), (TextOrigin.FEED, True), (TextOrigin.PAGE, False)], ids=str
)
async def test_only_documents_and_feeds_are_shown_whole(newsroom: Newsroom, origin: TextOrigin, whole: bool) -> None:  # noqa: FBT001 - a table
    feed = await newsroom.source("feed")
    (story_id,) = await newsroom.add(feed, "Defense", paragraphs=JAPAN, origin=origin)
    reader = await newsroom.reader()
    card = await newsroom.reading.open(reader, story_id, Length.SHORT)
    assert card.has_full_text is whole
    if whole:
        text = await newsroom.reading.full_text(reader, story_id, card.story.lead.id, page=9)
        assert (text.paragraphs, text.page, text.pages) == (JAPAN, 1, 1)
    else:
        with pytest.raises(UserError) as caught:
            await newsroom.reading.full_text(reader, story_id)
        assert caught.value.code is Code.HEADLINE_ONLY


async def test_a_story_that_was_merged_opens_and_one_that_is_gone_says_so(newsroom: Newsroom) -> None:
    feed, reader = await newsroom.source("feed"), await newsroom.reader()
    one, two = await newsroom.add(feed, "One", "Two")
    await newsroom.store.stories.merge(one, two)
    assert (await newsroom.reading.open(reader, two)).story.id == one
    await newsroom.store.stories.retract(one, newsroom.clock.now())
    with pytest.raises(UserError) as caught:
        await newsroom.reading.open(reader, two)
    assert caught.value.code is Code.STORY_GONE


async def test_opening_from_a_public_message_is_counted(newsroom: Newsroom) -> None:
    (story_id,) = await newsroom.add(await newsroom.source("feed"), "One")
    reader = await newsroom.reader()
    for message_id in (None, 600, 600):
        await newsroom.reading.open(reader, story_id, message_id=message_id)
    await newsroom.recall.flush()
    assert (await newsroom.store.members.uses([600]))[600].opens == 2


# ── why and compare ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_why_tells_the_rank_and_the_parts(newsroom: Newsroom) -> None:
    feed = await newsroom.source("feed")
    first, second = await newsroom.add(feed, "Stale", age_h=30) + await newsroom.add(feed, "Fresh")
    why = await newsroom.reading.why(await newsroom.reader(), first)
    assert (why.story.id, why.rank, why.total, why.why.outlets) == (first, 2, 2, 1)
    assert (await newsroom.reading.why(await newsroom.reader(), second)).rank == 1


async def test_why_answers_for_a_story_that_is_not_listed(newsroom: Newsroom) -> None:
    sample = await newsroom.source("sample", SourceKind.DOCUMENT, is_sample=True)
    (story_id,) = await newsroom.add(sample, "From the sample", age_h=None)
    reader = await newsroom.reader()
    reader = replace(reader, place=replace(reader.place, sample=SampleMode.OFF))
    why = await newsroom.reading.why(reader, story_id)
    assert (why.rank, why.total, why.why.outlets) == (None, 0, 1)


async def test_outlets_are_compared_side_by_side(newsroom: Newsroom) -> None:
    feed = await newsroom.source("feed")
    (story_id,) = await newsroom.add(feed, "Bridge opens after nine years", outlet="a.example", paragraphs=JAPAN)
    await newsroom.add(feed, "Harbour bridge opens at last", outlet="b.example", story=story_id, age_h=2)
    comparison = await newsroom.reading.compare(await newsroom.reader(), story_id)
    assert [line.article.outlet for line in comparison.lines] == ["a.example", "b.example"]
    assert [line.first_sentence for line in comparison.lines] == [JAPAN[0].split(". ")[0] + ".", None]
    assert "Harbour" in comparison.lines[1].distinctive
    assert not {"bridge", "opens", "Bridge"} & set(comparison.lines[1].distinctive)
