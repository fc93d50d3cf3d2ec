"""What messages say: the facts of the acceptance list, and drawings of the main ones to be looked at."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.answers import Card, FullText, ListPage, Query, WhyAnswer
from bot.domain.articles import TextOrigin
from bot.domain.editions import Why
from bot.domain.feeds import Cure, NoticeKind, SourceNotice
from bot.domain.managing import FilterPanel
from bot.domain.personal import Follow, FollowKind, Follows
from bot.domain.place_filters import PlaceFilter
from bot.domain.places import Place, Style
from bot.domain.postings import Correction, Posting
from bot.domain.sources import Source, SourceKind
from bot.domain.stories import Story, Summary
from bot.errors import Code, UserError
from bot.i18n import LANGUAGES
from bot.render import (
    amendments,
    briefings,
    cards,
    controls,
    errors,
    filters,
    follows,
    full_texts,
    lists,
    notices,
    options,
    reasons,
)
from bot.render.limits import size, walk
from bot.render.markdown import clean, unescape
from bot.render.message import Layout, Message, to_payload
from bot.render.paging import PAGE_ROOM, pages_of
from tests.render import strategies as news
from tests.render.acceptance import BUTTON, EPHEMERAL, parts, texts
from tests.render.snapshots import FOLDER, draw, messages
from tests.render.values import (
    DERIVED,
    DM,
    PARAGRAPHS,
    READER,
    SENTENCES,
    SERVER,
    article,
    edition,
    live,
    live_stories,
    page,
    seed_card,
    seed_posting,
    seed_stories,
    voice,
)

SAY = voice()
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def shown(message: Message) -> str:
    return "\n".join(texts(to_payload(message)))


def labels(message: Message) -> dict[str, dict[str, Any]]:
    return {part["label"]: part for part in parts(to_payload(message), BUTTON)}


@pytest.mark.parametrize("name", sorted(messages()))
def test_the_main_messages_look_as_drawn(name: str) -> None:
    """`python -m tests.render.snapshots` draws them anew."""
    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == draw(messages()[name])


def test_no_drawing_is_left_over() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(messages())


@given(news.many_stories(10))
@SLOW
def test_headlines_read_as_stored_or_as_their_beginning(stories: tuple[Story, ...]) -> None:
    text = unescape(shown(lists.headlines(page(stories), READER, SAY)))
    for story in stories:
        assert clean(story.title)[:50].rstrip() in text


@given(news.many_stories(10))
@SLOW
def test_options_keep_sixty_percent_of_the_headline_or_of_the_room(stories: tuple[Story, ...]) -> None:
    for number, option in enumerate(options.story_options(stories, 1, SAY), 1):
        kept = size(option.label.removeprefix(f"{number} · ").removesuffix("…"))
        title = size(clean(stories[number - 1].title))
        assert kept >= 0.6 * min(title, 94) - 2


def test_every_listed_headline_links_to_its_article_and_names_its_outlet() -> None:
    text = shown(lists.headlines(page(live_stories()), READER, SAY))
    assert "1. [Storm closes ports along the North Sea coast](<https://www.example.com/news/1>) · Reuters" in text


def test_over_budget_the_longest_links_go_first_and_the_outlet_stays() -> None:
    stories = tuple(
        Story(n, (live(n, f"Headline {n}", "Reuters", link=f"https://example.com/{'a' * (280 + n * 20)}"),))
        for n in range(1, 11)
    )
    text = shown(lists.headlines(page(stories), READER, SAY))
    linked = ["[Headline " + str(n) + "]" in text for n in range(1, 11)]
    assert linked == sorted(linked, reverse=True)
    assert 0 < sum(linked) < 10
    assert text.count("Reuters") == 10


def test_a_list_of_one_document_names_it_once_at_its_end() -> None:
    own = replace(live(1, "A headline", "notes"), link=None, source_title="Field notes", published_at=None)
    text = shown(lists.headlines(page((Story(1, (own,)),)), READER, SAY))
    assert "-# Source: Field notes (no dates given) · Added <t:" in text
    dated = replace(own, published_at=own.added_at)
    assert "-# Source: Field notes · Added <t:" in shown(lists.headlines(page((Story(1, (dated,)),)), READER, SAY))


def test_a_list_of_several_undated_sources_says_when_the_newest_was_added() -> None:
    undated = (live(1, "A", "notes", published_at=None), live(2, "B", "more notes", published_at=None))
    text = shown(lists.headlines(page(tuple(Story(n, (one,)) for n, one in enumerate(undated, 1))), READER, SAY))
    assert "-# No dates given · newest added <t:" in text


def test_a_headline_whose_brackets_do_not_pair_up_is_not_made_a_link() -> None:
    story = Story(1, (live(1, "Rates [held for now", "Reuters"),))
    assert r"1. **Rates \[held for now** · Reuters" in shown(lists.headlines(page((story,)), READER, SAY))


@pytest.mark.parametrize(("number", "back", "forth"), [(1, True, False), (2, False, False), (3, False, True)])
def test_paging_is_off_at_the_ends(number: int, *, back: bool, forth: bool) -> None:
    made = labels(lists.headlines(page(seed_stories(), page=number, pages=3), READER, SAY))
    assert back is made["Previous page"].get("disabled", False)
    assert forth is made["Next page"].get("disabled", False)


def test_paging_keeps_a_search_by_its_id() -> None:
    found = lists.headlines(page(seed_stories(), words="trump", list_id=77), READER, SAY)
    control = controls.parse(labels(found)["Next page"]["custom_id"])
    assert control == controls.OpenPage.of(Query(), 2, 77)


def test_a_search_tells_only_what_was_counted() -> None:
    stories = seed_stories()[:5]
    found = replace(page(stories), total_stories=43, total_items=None, words="trump")
    assert "-# 43 stories · " in shown(lists.headlines(found, READER, SAY))
    assert "-# more than 40 stories · " in shown(lists.headlines(replace(found, is_more=True), READER, SAY))


def test_a_public_list_has_no_paging_and_is_not_ephemeral() -> None:
    message = lists.headlines(page(seed_stories()[:5]), replace(READER, is_public=True), SAY)
    assert set(labels(message)) == {"All headlines"}
    assert not to_payload(message)["flags"] & EPHEMERAL


def test_a_card_states_what_the_source_does_not() -> None:
    text = shown(cards.card(seed_card(), READER, SAY))
    assert "no link" in text
    assert "**Published** not stated" in text
    assert "2 of 11 sentences, quoted unchanged and picked by software." in text
    assert "Headline taken from the article’s first sentence" in text


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4))
@SLOW
def test_quotes_are_sentences_of_the_stored_text(sentences: list[str]) -> None:
    story = seed_stories()[0]
    summary = Summary(tuple(sentences), tuple(range(len(sentences))), 11)
    text = unescape(shown(cards.card(Card(story, summary, story.lead), READER, SAY)))
    stored = " ".join(PARAGRAPHS)
    quoted = [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")]
    assert len(quoted) == len(sentences)
    assert all(quote in stored for quote in quoted)


def test_a_page_is_quoted_up_to_ninety_words_with_its_link_first() -> None:
    story = Story(1, (live(1, "A headline", "Reuters", text_origin=TextOrigin.PAGE),))
    sentences = tuple(f"{'word ' * 39}end{n}." for n in range(4))
    text = shown(cards.card(Card(story, Summary(sentences, (0, 1, 2, 3), 9), story.lead), READER, SAY))
    assert text.index("[Read it at Reuters](<") < text.index("- word")
    assert ("end1." in text, "end2." in text) == (True, False)
    endless = cards.card(Card(story, Summary(("word " * 300,), (0,), 9), story.lead), READER, SAY)
    assert 85 <= shown(endless).count("word") <= 90


@pytest.mark.parametrize(
    ("place", "may_share", "offered"), [(SERVER, True, True), (SERVER, False, False), (DM, True, False)]
)
def test_sharing_is_offered_to_those_who_may_write_in_a_server(place: Place, *, may_share: bool, offered: bool) -> None:
    made = labels(cards.card(seed_card(), replace(READER, place=place, may_share=may_share), SAY))
    assert offered is ("Share in channel" in made)


def test_answers_in_the_direct_messages_are_ordinary_messages() -> None:
    assert not cards.card(seed_card(), replace(READER, place=DM), SAY).ephemeral


def test_a_shared_card_names_its_sharer_and_never_leads_to_the_full_text() -> None:
    message = cards.shared_card(seed_card(), 7, "<@99> *Sam*", SAY)
    assert r"-# Shared by \<@" in shown(message)
    assert set(labels(message)) == {"Open for me", "Remove"}


# ── briefings ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_plain_briefing_begins_with_the_first_headline_and_ends_with_its_marker() -> None:
    lines = shown(briefings.post(seed_posting(), SAY).plain).splitlines()
    assert lines[0] == f"**{DERIVED}**"
    assert "From the bundled sample document, which gives no dates" in lines[1]
    assert lines[-1] == "-# 2026-11-22 · k7f3"


def test_a_plain_briefing_without_leads_begins_with_its_first_headline_too() -> None:
    made = edition(seed_stories(), leads=0, is_undated=True, is_sample=True)
    lines = shown(briefings.post(seed_posting(edition=made), SAY).plain).splitlines()
    assert lines[0] == f"1. {DERIVED}"
    assert lines[1].startswith("-# Daily briefing · ")
    assert lines[2].startswith("2. National Guard Member")


@given(news.editions())
@SLOW
def test_a_plain_briefing_of_real_length_names_every_headline(drawn: Any) -> None:
    picks = drawn.picks[:8]
    short = replace(drawn, leads=picks[:2], also=picks[2:])
    text = unescape(shown(briefings.post(seed_posting(edition=short), SAY).plain))
    assert all(clean(pick.story.title)[:30].rstrip() in text for pick in picks)


def test_a_briefing_from_a_single_document_names_it() -> None:
    notes = {"is_sample": False, "source_title": "Field *notes*"}
    stories = tuple(Story(n, (article(n, f"Headline {n}", **notes),)) for n in range(1, 9))
    post = briefings.post(seed_posting(edition=edition(stories, is_undated=True)), SAY)
    assert post.dressed is not None
    for message in (post.plain, post.dressed):
        assert r"From Field \*notes\*, which gives no dates · 8 stories" in shown(message)


@given(news.postings())
@SLOW
def test_a_preview_is_the_post_but_for_heading_flags_and_controls(posting: Posting) -> None:
    dressed = briefings.post(posting, SAY).dressed
    assert dressed is not None
    posted, previewed = texts(to_payload(dressed)), texts(to_payload(briefings.preview(posting, SAY)))
    assert posted[0].split("\n")[1:] == previewed[0].split("\n")[1:]
    assert posted[1:] == previewed[1:]
    assert previewed[0].startswith("## Preview: ")


def test_a_plain_place_is_never_dressed_and_previews_plain() -> None:
    posting = seed_posting(style=Style.PLAIN)
    assert briefings.post(posting, SAY).dressed is None
    assert briefings.preview(posting, SAY).content == briefings.post(posting, SAY).plain.content


def test_only_the_configured_role_is_pinged_and_a_preview_pings_nobody() -> None:
    posting = seed_posting(role_id=42)
    plain = to_payload(briefings.post(posting, SAY).plain)
    assert plain["allowed_mentions"] == {"parse": [], "roles": ["42"]}
    assert "<@&42>" in plain["content"]
    assert to_payload(briefings.preview(posting, SAY))["allowed_mentions"] == {"parse": []}


def test_a_briefing_stays_within_250_words_of_news_where_extras_can_go() -> None:
    long = tuple(
        Story(n, tuple(live(n * 9 + m, f"Headline {n} {m} " + "word " * 14, "Reuters") for m in range(3)))
        for n in range(1, 9)
    )
    dressed = briefings.post(seed_posting(edition=edition(long)), SAY).dressed
    assert dressed is not None
    news_texts = texts(to_payload(dressed))[1:-1]
    assert sum(len(text.split()) for text in news_texts) <= 250


def test_an_update_says_so() -> None:
    made = edition(seed_stories())
    updated = replace(made, leads=(replace(made.leads[0], is_update=True), *made.leads[1:]))
    text = shown(briefings.post(seed_posting(edition=updated), SAY).plain)
    assert "-# Update: new reporting since this was last posted here." in text


def test_a_title_holds_the_name_and_the_date_and_fits() -> None:
    assert briefings.title(seed_posting(), SAY) == "Daily briefing · 2026-11-22"
    assert size(briefings.title(seed_posting(name="x" * 300), SAY)) <= 100


def test_a_frozen_post_is_amended_without_losing_its_old_wording() -> None:
    when = datetime(2026, 11, 22, 9, tzinfo=UTC)
    changed = [Correction(when, "Old *words*", "New *words*"), Correction(when, "Gone", None)]
    post = briefings.post(seed_posting(), SAY)
    assert post.dressed is not None
    plain = amendments.amend_plain(post.plain.content or "", changed, SAY).splitlines()
    assert plain[0] == f"**{DERIVED}**"
    assert plain[1:3] == [
        r"-# Headline changed <t:1795338000:R>. Now: “New \*words\*”",
        "-# Story withdrawn <t:1795338000:R>: “Gone”",
    ]
    frozen = to_payload(post.dressed)["components"]
    amended = amendments.amend_dressed(frozen, changed, SAY)
    assert amended[0]["content"] == "\n".join([frozen[0]["content"], *plain[1:3]])
    assert amended[1:] == frozen[1:]


def test_an_amendment_that_finds_no_room_is_shortened_then_left_out() -> None:
    changed = [Correction(datetime(2026, 11, 22, 9, tzinfo=UTC), "Old", "New " * 60)]
    for room in (300, 120, 60, 10):
        assert size(amendments.amend_plain("first\n" + "x" * (2_000 - 6 - room), changed, SAY)) <= 2_000


# ── why ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_why_never_passes_off_the_time_of_adding_as_a_report() -> None:
    scored = Why(1.0, 0.5, 0.2, 0.9, outlets=1, new_outlets=1, age_s=60)
    undated = shown(reasons.why(WhyAnswer(seed_stories()[0], scored, 1, 15), SAY))
    assert "Its newest report was added <t:" in undated
    assert "hour old" not in undated
    assert "Its newest report is less than an hour old." in shown(
        reasons.why(WhyAnswer(live_stories()[0], scored, 1, 2), SAY)
    )


def test_why_counts_new_outlets_only_among_several() -> None:
    scored = Why(1.0, 0.5, 0.2, 0.9, outlets=1, new_outlets=1)
    assert "1 outlet tells it.\n" in shown(reasons.why(WhyAnswer(live_stories()[1], scored, 1, 2), SAY))
    several = replace(scored, outlets=3, new_outlets=2)
    assert "3 outlets tell it, 2 of them in the last 3 hours." in shown(
        reasons.why(WhyAnswer(live_stories()[0], several, 1, 2), SAY)
    )


# ── the rest ─────────────────────────────────────────────────────────────────────────────────────────────────────


@given(news.words)
@SLOW
def test_pages_of_a_full_text_fit_and_lose_no_word(paragraphs: tuple[str, ...]) -> None:
    pages = pages_of(paragraphs)
    assert "".join("".join(page).replace(" ", "") for page in pages) == "".join(map(clean, paragraphs)).replace(" ", "")
    story = seed_stories()[0]
    for number, paging in enumerate(pages, 1):
        text = shown(full_texts.full_text(FullText(story, story.lead, paging, number, len(pages)), READER, SAY))
        assert all(piece[-20:] in unescape(text) for piece in paging)


def test_a_huge_paragraph_is_divided_between_sentences() -> None:
    pages = pages_of((" ".join(f"Sentence number {n} ends here." for n in range(400)),))
    assert len(pages) > 3
    assert all(piece.endswith("here.") for page in pages for piece in page)
    assert all(sum(size(piece) for piece in page) <= PAGE_ROOM for page in pages)


@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("code", Code)
def test_errors_take_at_most_140_characters(code: Code, locale: str) -> None:
    parameters = {
        "channel_id": 55,
        "permissions": ("send_messages",),
        "query": "moon cheese",
        "text": "Middle of nowhere",
        "host": "news.example.com",
        "reason": "it answered 503",
        "name": "notes.txt",
        "limit": 50,
        "reference": "k7f3-9",
        "choices": ("Asia/Kolkata",),
    }
    said = errors.sentence(UserError(code, **parameters), voice(locale))
    assert len(said) <= 140
    assert not {"{", "}"} & set(said)


def test_an_error_offers_candidates_and_zones() -> None:
    lost = to_payload(errors.error_message(UserError(Code.STORY_GONE, candidates=seed_stories()[:9]), SAY))
    values = [option["value"] for part in parts(lost, 3) for option in part["options"]]
    assert values == ["s1", "s2", "s3", "s4", "s5"]
    said = errors.sentence(UserError(Code.STORY_GONE, candidates=seed_stories()[:2]), SAY)
    assert said.startswith("No story is called exactly that")
    assert errors.sentence(UserError(Code.STORY_GONE, candidates=()), SAY).startswith("That story is no longer here")
    unclear = UserError(Code.AMBIGUOUS_ZONE, text="IST", choices=("Asia/Kolkata", "Europe/Dublin"), own=True)
    zone = next(iter(parts(to_payload(errors.error_message(unclear, SAY)), 3)))
    assert controls.parse(zone["custom_id"]) == controls.OwnBriefing(controls.Own.ZONE)


def test_a_command_mention_is_a_press_where_its_id_is_known() -> None:
    said = errors.sentence(UserError(Code.CONTROL_EXPIRED, command="search"), SAY)
    assert "</search:901>" in said


async def test_a_sent_view_is_not_kept_by_the_client() -> None:
    layout = Layout()
    assert layout.is_finished()
    assert not layout.is_dispatchable()
    assert layout.timeout is None


def test_a_list_without_stories_offers_a_way_on() -> None:
    message = lists.headlines(ListPage((), 1, 1, 0, 0), READER, SAY)
    assert "There is nothing to read yet." in shown(message)
    assert list(labels(message)) == ["Sources"]


def test_components_are_walked_in_reading_order() -> None:
    dressed = briefings.post(seed_posting(), SAY).dressed
    assert dressed is not None
    kinds = [part["type"] for part in walk(to_payload(dressed)["components"])]
    assert kinds[:4] == [10, 9, 10, 2]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_several_stories_that_fit_are_told_in_140_characters(locale: str) -> None:
    assert len(errors.sentence(UserError(Code.STORY_GONE, candidates=seed_stories()[:2]), voice(locale))) <= 140


def test_open_filters_say_so_in_words() -> None:
    said = shown(filters.filters(FilterPanel(PlaceFilter(), None), SAY))
    assert "**Only stories with** any words" in said
    assert "**Leave out** nothing" in said


@pytest.mark.parametrize("cure", [Cure.FOUND_FEED, Cure.NEW_ADDRESS])
def test_managers_see_the_address_that_a_cure_is_about(cure: Cure) -> None:
    kind = NoticeKind.FAILING if cure is Cure.FOUND_FEED else NoticeKind.MOVED
    source = Source(1, SourceKind.FEED, "x", "The Post")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    notice = SourceNotice(1, 1, source, kind, cure, "https://news.post.example/feed", at)
    said = shown(notices.source_notice(notice, SAY))
    assert "[news.post.example](<https://news.post.example/feed>)" in said
    assert ("it is a web page, not a feed" in said) is (cure is Cure.FOUND_FEED)


def test_the_sample_is_followed_under_its_name_in_the_readers_language() -> None:
    sample = Follow(1, FollowKind.SOURCE, "Bundled sample document")
    said = shown(follows.follows(Follows((sample,), 25, None, None, None), voice("de")))
    assert "- Mitgeliefertes Beispieldokument · Quelle" in said
