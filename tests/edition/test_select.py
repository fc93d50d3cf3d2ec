from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.articles import TextOrigin
from bot.domain.editions import Edition, LeadChoice, Mode
from bot.domain.places import QuietDay
from bot.domain.stories import Story
from bot.domain.topics import Topic
from bot.edition.rank import Taste, rank
from bot.edition.select import Past, Ranked, Wishes, is_material, order, select
from tests.fakes.news import NOW, article, story, undated, with_text

NOTHING = Past()
PLAIN = Wishes()
NEVER = NOW - timedelta(days=9999)
YESTERDAY = NOW - timedelta(hours=24)


def _select(stories: Sequence[Story], past: Past = NOTHING, wishes: Wishes = PLAIN, now: datetime = NOW) -> Edition:
    return select(stories, now, past, wishes)


def _ids(edition: Edition) -> list[int]:
    return [pick.story.id for pick in edition.picks]


def _titles(edition: Edition) -> list[str]:
    return [pick.story.title for pick in edition.picks]


def _after(edition: Edition, past: Past = NOTHING) -> Past:
    """What the place has been shown once `edition` is posted."""
    shown = dict(past.shown) | dict.fromkeys(_ids(edition), edition.made_at)
    return Past(shown, edition.made_at)


def _feeds(count: int, **fields: object) -> list[Story]:
    """Stories of three outlets, the newest first, with text."""
    names = [("Harbour", "Frog", "Bridge", "Opera", "Glacier")[n % 5] + f" {n}" for n in range(count)]
    return [
        story(with_text(names[n], f"{n % 3}.example", source_id=n % 3, age_h=n / 10, position=n, **fields))
        for n in range(count)
    ]


def _documents(count: int, *, age_h: float = 0) -> list[Story]:
    return [
        story(undated(f"Item {n}", age_h=age_h, position=n, is_sample=True, text_origin=TextOrigin.DOCUMENT))
        for n in range(count)
    ]


# ── roles ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_edition_has_two_leads_and_ends_at_the_places_number() -> None:
    edition = _select(_feeds(20))
    assert (len(edition.leads), len(edition.also), edition.total_stories, edition.mode) == (2, 6, 20, Mode.RANKED)


def test_only_stories_with_text_or_several_articles_lead() -> None:
    bare = [story(article(f"Bare {n}", f"{n}.example", source_id=n)) for n in range(4)]
    pair = story(article("One side", "a", age_h=9), article("Other side", "b", age_h=9))
    text = story(with_text("Told whole", "c", age_h=10))
    edition = _select([*bare, pair, text])
    assert {pick.story.id for pick in edition.leads} == {pair.id, text.id}
    assert len(edition.also) == 4


def test_without_anything_that_may_lead_all_are_lines() -> None:
    edition = _select([story(article(f"{n}", f"{n}.example", source_id=n)) for n in range(4)])
    assert (edition.leads, len(edition.also)) == ((), 4)


def test_no_stale_story_leads_for_having_text() -> None:
    fresh = [story(article(f"Fresh {n}", f"{n}.example", source_id=n)) for n in range(6)]
    stale = story(with_text("Stale", "z.example", age_h=400))
    edition = _select([*fresh, stale], wishes=Wishes(max_stories=2))
    assert edition.leads == ()


def test_a_muted_source_never_leads_and_hides_what_is_its_alone() -> None:
    alone = story(with_text("Alone", "m", source_id=9))
    shared = story(with_text("Shared", "m", source_id=9), with_text("Shared too", "b", source_id=1))
    edition = _select([alone, shared, *_feeds(2)], wishes=Wishes(taste=Taste(muted_sources={9})))
    assert alone.id not in _ids(edition)
    assert shared.id in [pick.story.id for pick in edition.also]


@pytest.mark.parametrize(
    ("choice", "leads"),
    [
        (LeadChoice.EVERYTHING, ["Gunman held after shooting", "Parliament votes on budget"]),
        (LeadChoice.NO_CRIME_AND_WAR, ["Parliament votes on budget", "Frogs return"]),
        (LeadChoice.NO_POLITICS, ["Gunman held after shooting", "Frogs return"]),
    ],
    ids=str,
)
def test_the_lead_choice_decides_what_leads_and_not_what_is_listed(choice: LeadChoice, leads: list[str]) -> None:
    stories = [
        story(with_text("Gunman held after shooting", "a", source_id=1)),
        story(with_text("Parliament votes on budget", "b", source_id=2, age_h=0.1), topics=(Topic.POLITICS,)),
        story(with_text("Frogs return", "c", source_id=3, age_h=0.2)),
    ]
    edition = _select(stories, wishes=Wishes(lead_choice=choice))
    assert [pick.story.title for pick in edition.leads] == leads
    assert len(edition.picks) == 3


# ── modes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_with_few_outlets_the_newest_comes_first() -> None:
    old = story(with_text("Old", "a", age_h=5, position=0))
    new = story(with_text("New", "b", age_h=1, position=9))
    edition = _select([old, new])
    assert (edition.mode, _titles(edition)) == (Mode.LATEST, ["New", "Old"])
    assert {pick.why.mode for pick in edition.picks} == {Mode.LATEST}


def test_undated_items_are_ranked_however_few_outlets_there_are() -> None:
    mode, picks = order(_documents(3), NOW)
    assert (mode, [pick.story.title for pick in picks]) == (Mode.RANKED, ["Item 0", "Item 1", "Item 2"])


def test_an_edition_without_a_date_says_so_and_one_of_the_sample_too() -> None:
    edition = _select(_documents(3))
    assert (edition.is_undated, edition.is_sample) == (True, True)
    dated = _select(_feeds(3))
    assert (dated.is_undated, dated.is_sample) == (False, False)


# ── no repeat ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_shown_is_not_shown_again() -> None:
    stories = _feeds(12)
    first = _select(stories)
    second = _select(stories, _after(first), now=NOW + timedelta(hours=24))
    assert len(second.picks) == 4
    assert not set(_ids(first)) & set(_ids(second))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(["a"], [], False, id="nothing new"),
        pytest.param(["a"], ["b"], True, id="a second outlet"),
        pytest.param(["a"], ["a"], False, id="one follow-up of the same outlet"),
        pytest.param(["a"], ["a", "a"], True, id="two follow-ups of the same outlet"),
        pytest.param(list("abcdef"), ["g"], False, id="a seventh outlet"),
        pytest.param(list("abcdef"), list("ghi"), True, id="half as many outlets again"),
        pytest.param([], ["a"], True, id="all of it is new"),
    ],
)
def test_materially_new_is_half_as_much_again(before: list[str], after: list[str], expected: bool) -> None:  # noqa: FBT001 - a table
    old = [article("x", outlet, age_h=30) for outlet in before]
    new = [article("x", outlet, age_h=2) for outlet in after]
    assert is_material(story(*old, *new), YESTERDAY) is expected


def test_copies_and_uncounted_articles_are_not_new_reporting() -> None:
    one = story(
        article("x", "a", age_h=30),
        article("x", "b", age_h=2, is_wire_copy=True),
        article("x", "c", age_h=2, is_counted=False),
    )
    assert not is_material(one, YESTERDAY)


def test_a_shown_story_with_new_reporting_comes_back_as_an_update() -> None:
    grown = story(with_text("Grown", "a", age_h=30), article("More", "b", age_h=2))
    fresh = story(with_text("Fresh", "c", age_h=3))
    edition = _select([grown, fresh], Past({grown.id: YESTERDAY}, YESTERDAY))
    assert {pick.story.title: pick.is_update for pick in edition.picks} == {"Grown": True, "Fresh": False}


def test_what_was_never_shown_is_left_out_once_it_is_stale() -> None:
    stale, young = story(with_text("Stale", age_h=100)), story(with_text("Young", age_h=60))
    assert _titles(_select([stale, young], Past({}, YESTERDAY))) == ["Young"]


def test_after_a_long_pause_all_since_the_last_edition_is_news() -> None:
    one = story(with_text("Four days old", age_h=96))
    assert _titles(_select([one], Past({}, NOW - timedelta(days=7)))) == ["Four days old"]


# ── quiet days ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [(None, []), (QuietDay.SILENT, []), (QuietDay.LINE, []), (QuietDay.ARCHIVE, ["Only one"])],
    ids=str,
)
def test_feeds_without_news_give_an_empty_edition_unless_the_archive_is_wanted(
    wanted: QuietDay | None, expected: list[str]
) -> None:
    one = story(with_text("Only one", age_h=30))
    edition = _select([one], Past({one.id: YESTERDAY}, YESTERDAY), Wishes(quiet_day=wanted))
    assert _titles(edition) == expected
    assert edition.newest_added_at == one.lead.added_at


def test_nothing_at_all_gives_an_empty_edition() -> None:
    edition = _select([])
    assert (edition.picks, edition.total_stories, edition.newest_added_at) == ((), 0, None)
    assert (edition.is_undated, edition.is_sample) == (False, False)


def test_documents_rotate_through_the_least_recently_shown() -> None:
    stories = _documents(15, age_h=1)
    past, rounds = NOTHING, []
    for day in range(5):
        edition = _select(stories, past, now=NOW + timedelta(days=day))
        rounds.append(edition)
        past = _after(edition, past)
    assert [edition.mode for edition in rounds] == [Mode.RANKED, *[Mode.ARCHIVE] * 4]
    assert [len(edition.picks) for edition in rounds] == [8] * 5
    assert set(_ids(rounds[0])) | set(_ids(rounds[1])) == {one.id for one in stories}
    assert not any(pick.is_update for edition in rounds for pick in edition.picks)
    assert len(rounds[1].leads) == 2


@given(st.integers(9, 40), st.integers(2, 12))
def test_each_archive_edition_is_of_those_shown_longest_ago(count: int, days: int) -> None:
    stories = _documents(count, age_h=1)
    past = _after(_select(stories))
    for day in range(1, days):
        edition = _select(stories, past, now=NOW + timedelta(days=day))
        chosen = {past.shown.get(story_id, NEVER) for story_id in _ids(edition)}
        waiting = {past.shown.get(one.id, NEVER) for one in stories if one.id not in _ids(edition)}
        assert max(chosen) <= min(waiting)
        past = _after(edition, past)


def test_a_new_document_ends_the_rotation_for_a_day() -> None:
    old = _documents(10, age_h=48)
    past = _after(_select(old, now=YESTERDAY))
    new = story(undated("Just in", age_h=1))
    edition = _select([*old, new], past)
    assert edition.mode is Mode.RANKED
    assert "Just in" in _titles(edition)
    assert not set(_ids(edition)) & set(past.shown)


def test_documents_rest_when_a_manager_wants_silence() -> None:
    stories = _documents(15, age_h=1)
    assert _select(stories, Past({}, NOW), Wishes(quiet_day=QuietDay.SILENT)).picks == ()


# ── what was ranked before ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [0, 1, 9, 60])
@pytest.mark.parametrize("make", [_feeds, _documents], ids=["feeds", "documents"])
def test_from_a_kept_ranking_every_place_gets_what_it_would_get_from_its_own(
    make: Callable[[int], list[Story]], count: int
) -> None:
    stories = make(count)
    kept = Ranked(tuple(rank(stories, NOW)))
    first = _select(stories)
    for past in (NOTHING, _after(first), Past({each.id: NEVER for each in stories[::3]}, NEVER)):
        for wishes in (PLAIN, Wishes(max_stories=3), Wishes(lead_choice=LeadChoice.NO_POLITICS)):
            own = select(stories, NOW, past, wishes)
            assert [select(stories, NOW, past, wishes, kept) for _ in range(2)] == [own, own]


def test_whoever_follows_some_of_the_stories_has_them_ranked_higher() -> None:
    stories = _feeds(60)
    watched = {each.id for each in stories[::7]}
    kept = Ranked(tuple(rank(stories, NOW)))
    assert kept.watching(watched).picks == tuple(rank(stories, NOW, Taste(watched=watched)))
    assert kept.watching(()) is kept
