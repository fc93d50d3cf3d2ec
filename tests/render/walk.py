"""One walk for every kind of message: makes it in all its forms, from values that hypothesis draws."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time
from typing import Any

from hypothesis import strategies as st

from bot.domain import answers, managing, personal
from bot.domain.editions import Edition
from bot.domain.stories import Story
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.render import (
    about,
    amendments,
    briefings,
    cards,
    catchups,
    choices,
    controls,
    coverage,
    errors,
    feed_lists,
    follows,
    full_texts,
    lists,
    mutes,
    notices,
    own_briefings,
    panels,
    privacy,
    reasons,
    setup,
    sources,
)
from bot.render.frames import method
from bot.render.kinds import Kind
from bot.render.message import Message
from bot.render.paging import pages_of
from bot.render.voice import Voice
from tests.render import managers_walk
from tests.render import strategies as news
from tests.render.drawing import FLAG, NUMBER, TOPIC, Draw, Told, Walk
from tests.render.facts import card_methods
from tests.render.values import NOW

HEADLINE_ONLY = "Headline only. The source has no article text, so there is nothing to summarize."


def _query(draw: Draw) -> answers.Query:
    return answers.Query(draw(TOPIC), draw(st.none() | news.numbers), draw(st.none() | st.sampled_from(answers.Since)))


def _list(draw: Draw, say: Voice) -> Iterator[Told]:
    shown = draw(news.many_stories(10))
    pages = draw(NUMBER)
    value = answers.ListPage(
        shown,
        draw(st.integers(1, pages)),
        pages,
        draw(st.integers(len(shown), 100_000)),
        draw(st.none() | st.integers(len(shown), 100_000)),
        _query(draw),
        draw(st.none() | news.sources),
        draw(st.none() | news.text),
        draw(FLAG),
        draw(FLAG),
        draw(st.sampled_from((1, 11, 991))),
        draw(st.none() | news.numbers),
        draw(FLAG),
    )
    reader = draw(news.readers)
    yield Told(lists.headlines(value, reader, say), shown, page=None if reader.is_public else (value.page, pages))


def _empty(draw: Draw, say: Voice) -> Iterator[Message]:
    for words in (None, draw(news.text)):
        for query in (answers.Query(), _query(draw)):
            value = answers.ListPage((), 1, 1, 0, 0, query, draw(st.none() | news.sources), words)
            yield lists.headlines(value, draw(news.readers), say)


def _card_value(draw: Draw) -> answers.Card:
    story = draw(news.stories())
    related = draw(st.just(()) | news.many_stories(4))
    summary = draw(st.none() | news.summaries())
    return answers.Card(story, summary, draw(st.sampled_from((None, story.lead))), draw(FLAG), related, draw(FLAG))


def _told_card(message: Message, value: answers.Card, say: Voice) -> Told:
    quotes = value.summary.sentences if value.summary else ()
    related = tuple(one.title for one in value.related)
    methods = card_methods(value.summary.total if value.summary else 0, say)
    return Told(message, (value.story,), quotes=quotes + related, methods=(say(HEADLINE_ONLY), *methods))


def _card(draw: Draw, say: Voice) -> Iterator[Told]:
    value = _card_value(draw)
    yield _told_card(cards.card(value, draw(news.readers), say), value, say)


def _shared_card(draw: Draw, say: Voice) -> Iterator[Told]:
    value = _card_value(draw)
    yield _told_card(cards.shared_card(value, draw(news.numbers), draw(news.text), say), value, say)


def _full_text(draw: Draw, say: Voice) -> Iterator[Told]:
    story = draw(news.stories())
    pages = pages_of(draw(news.words)) or ((),)
    for number, page in enumerate(pages[:4], 1):
        value = answers.FullText(story, story.lead, page, number, len(pages))
        message = full_texts.full_text(value, draw(news.readers), say)
        yield Told(message, (story,), methods=(say("The source’s own words, unchanged."),), page=(number, len(pages)))


def _why(draw: Draw, say: Voice) -> Iterator[Told]:
    rank, story = draw(st.none() | NUMBER), draw(news.stories())
    message = reasons.why(answers.WhyAnswer(story, draw(news.whys), rank, 100_000), say)
    counted = say("Counted by software from sources, times and your settings. Nobody pays for a place.")
    yield Told(message, others=(story.title,), methods=(counted,))


def _comparison(draw: Draw, say: Voice) -> Iterator[Told]:
    lines = draw(st.lists(st.builds(answers.Coverage, news.articles(), st.none() | news.text, news.words), max_size=30))
    story = draw(news.stories())
    yield Told(
        coverage.comparison(answers.Comparison(story, tuple(lines)), say),
        tuple(Story(number, (line.article,)) for number, line in enumerate(lines, 1)),
        others=(story.title,),
        quotes=tuple(line.first_sentence for line in lines if line.first_sentence),
        tail=("{count} more report", "{count} more reports"),
    )


def _told_briefing(message: Message, edition: Edition, say: Voice, marker: str = "") -> Told:
    tail = ("{count} more in /headlines", "{count} more in /headlines")
    stories = tuple(pick.story for pick in edition.picks)
    quotes = tuple(quote for pick in edition.picks for quote in pick.quotes)
    return Told(message, stories, quotes=quotes, methods=(method(edition, say),), tail=tail, marker=marker)


def _briefing(draw: Draw, say: Voice) -> Iterator[Told]:
    posting = draw(news.postings())
    dressed = briefings.post(posting, say).dressed
    assert dressed is not None
    yield _told_briefing(dressed, posting.edition, say)
    yield _told_briefing(briefings.preview(posting, say), posting.edition, say)
    posted = draw(news.times)
    url = draw(news.links)
    answer = answers.BriefingAnswer(posting.edition, draw(news.text), posted, url, draw(news.times))
    yield _told_briefing(briefings.briefing(answer, draw(news.readers), say), posting.edition, say)


def _briefing_plain(draw: Draw, say: Voice) -> Iterator[Told]:
    posting = draw(news.postings())
    plain = briefings.post(posting, say).plain
    yield _told_briefing(plain, posting.edition, say, posting.marker)
    changed = draw(st.lists(news.corrections, min_size=1, max_size=3))
    amended = replace(plain, content=amendments.amend_plain(plain.content or "", changed, say))
    yield _told_briefing(amended, posting.edition, say, posting.marker)


def _quiet_line(draw: Draw, say: Voice) -> Iterator[Message]:
    yield briefings.quiet_line(draw(news.postings()), say)


def _choice(draw: Draw, say: Voice) -> Iterator[Message]:
    counts = dict.fromkeys(Topic, 1_000)
    yield choices.topics(
        _query(draw), say, found=draw(st.none() | news.numbers), counts=draw(st.sampled_from((None, counts)))
    )
    found = [(f"Zone/{number}", f"Berlin — now 14:05 (Zone/{number}) {draw(news.text)}") for number in range(30)]
    act = panels.SetupAct
    yield choices.zones(draw(news.text), found, panels.Setup(act.ZONE), panels.Setup(act.TIME), say)


def _error(draw: Draw, say: Voice) -> Iterator[Message]:
    hostile = draw(news.text)
    names = ("query", "text", "host", "reason", "name", "reference", "limit", "command")
    parameters: dict[str, Any] = dict.fromkeys(names, hostile) | {
        "channel_id": 2**60,
        "permissions": ("send_messages", hostile),
        "choices": ("Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem", hostile),
        "retry_at": NOW,
        "candidates": draw(news.many_stories(6)),
        "schedule_id": 2**53,
        "role_id": 2**60,
        "what": draw(st.sampled_from(("follows", "sources", "briefings"))),
        "own": draw(FLAG),
        "url": draw(news.links),
    }
    for code in Code:
        yield errors.error_message(UserError(code), say)
        yield errors.error_message(UserError(code, **parameters), say)


def _about(draw: Draw, say: Voice) -> Iterator[Message]:
    known = tuple(draw(st.lists(news.sources, max_size=8)))
    value = answers.About(100_000, 300_000, known, draw(news.times), draw(st.sampled_from((None, 2**60))))
    yield about.about(value, draw(news.readers), say)


def _privacy(draw: Draw, say: Voice) -> Iterator[Message]:
    counts = (("follows", 3), ("mutes", 12_000), ("something_new", 1), ("shares", 0))
    yield privacy.privacy(personal.PrivacyFacts(draw(st.sampled_from(((), counts)))), say)
    yield privacy.confirm_deletion(say)
    yield privacy.download(b"[]", say)
    yield privacy.deleted(draw(NUMBER), say)


def _answer(draw: Draw, say: Voice) -> Iterator[Message]:
    yield setup.turned_on(managers_walk.draft(draw), say)
    yield follows.unfollowed(draw(st.none() | _follows), say)
    yield notices.muted("World", NOW, controls.MuteTopic(Topic.WORLD, on=False), say)
    yield notices.shared(draw(news.links), say)
    yield notices.reported(say)
    yield notices.done(say("{topic} is back in your lists.", topic="World"), say)
    yield notices.dm_closed(say)
    refused = tuple(draw(news.text) for _ in range(3))
    yield feed_lists.imported(managing.ListImport(draw(NUMBER), draw(NUMBER), refused, draw(NUMBER), 50), say)
    yield feed_lists.exported(b"<opml/>", say)
    yield sources.added(draw(news.sources), (draw(news.text), draw(news.text), "A headline"), draw(NUMBER), say)


def _mutes(draw: Draw, say: Voice) -> Iterator[Message]:
    yield mutes.mutes(managing.MutePanel(draw(managers_walk.MUTES), 25, is_own=draw(FLAG)), say)


def _catch_up(draw: Draw, say: Voice) -> Iterator[Told]:
    shown = draw(st.just(()) | news.many_stories(10))
    flags = draw(FLAG), draw(FLAG)
    value = personal.CatchUp(shown, len(shown) + draw(NUMBER), draw(news.times), draw(news.times), *flags)
    yield Told(catchups.catch_up(value, draw(news.readers), say), shown)


_follows = st.builds(personal.Follow, news.numbers, st.sampled_from(personal.FollowKind), news.text | st.just("world"))


def _follows_panel(draw: Draw, say: Voice) -> Iterator[Message]:
    followed = tuple(draw(st.lists(_follows, max_size=30, unique_by=lambda one: one.id)))
    hour = draw(st.sampled_from((None, time(22, 0))))
    added = draw(st.none() | _follows)
    value = personal.Follows(followed, 50, hour, hour, "Europe/Berlin", added, draw(FLAG))
    yield follows.follows(value, say)


def _alert(draw: Draw, say: Voice) -> Iterator[Told]:
    value = personal.Alert(draw(_follows), draw(news.stories()), draw(FLAG), draw(st.integers(0, 3)))
    yield Told(follows.alert(value, say), (value.story,))
    yield Told(follows.dressed_alert(value, say), (value.story,))


def _own_briefing(draw: Draw, say: Voice) -> Iterator[Message]:
    schedule = draw(st.none() | news.schedules())
    zone = draw(st.sampled_from((None, "Europe/Berlin")))
    yield own_briefings.own_briefing(personal.OwnBriefingPanel(schedule, zone, draw(news.topics), draw(FLAG)), say)


def _correction(draw: Draw, say: Voice) -> Iterator[Message]:
    yield notices.correction(draw(news.corrections), draw(NUMBER), say)
    yield notices.corrected(draw(news.corrections), draw(NUMBER), say)


WALKS: dict[Kind, Walk] = managers_walk.WALKS | {
    Kind.ABOUT: _about,
    Kind.ALERT: _alert,
    Kind.ANSWER: _answer,
    Kind.BRIEFING: _briefing,
    Kind.BRIEFING_PLAIN: _briefing_plain,
    Kind.CARD: _card,
    Kind.CATCH_UP: _catch_up,
    Kind.CHOICE: _choice,
    Kind.COMPARISON: _comparison,
    Kind.CORRECTION: _correction,
    Kind.EMPTY: _empty,
    Kind.ERROR: _error,
    Kind.FOLLOWS: _follows_panel,
    Kind.FULL_TEXT: _full_text,
    Kind.LIST: _list,
    Kind.MUTES: _mutes,
    Kind.OWN_BRIEFING: _own_briefing,
    Kind.PRIVACY: _privacy,
    Kind.QUIET_LINE: _quiet_line,
    Kind.SHARED_CARD: _shared_card,
    Kind.WHY: _why,
}
