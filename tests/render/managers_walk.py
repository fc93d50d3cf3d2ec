"""Walks through the messages for managers; see `walk`."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import time

from hypothesis import strategies as st

from bot.domain import answers, feeds, managing, settings_files
from bot.domain.deliveries import Notice
from bot.domain.place_filters import Kept, Mute, MuteKind, PlaceFilter
from bot.domain.places import Style, TargetKind
from bot.domain.topics import Topic
from bot.errors import Code, UserError
from bot.render import (
    changes,
    filters,
    notices,
    panels,
    server_settings,
    setup,
    sources,
    status,
    transfers,
)
from bot.render.kinds import Kind
from bot.render.message import Message
from bot.render.voice import Voice
from tests.render import strategies as news
from tests.render.drawing import FLAG, NUMBER, Draw, Told, Walk
from tests.render.values import NOW, SERVER

MUTES = st.lists(
    st.builds(Mute, st.just(MuteKind.WORD), news.text.map(lambda text: text[:80]), st.just(NOW))
    | st.builds(Mute, st.just(MuteKind.TOPIC), st.sampled_from(Topic).map(str), st.just(NOW)),
    max_size=25,
    unique_by=lambda one: (one.kind, one.value),
).map(tuple)


def draft(draw: Draw) -> answers.SetupDraft:
    return answers.SetupDraft(
        name=draw(st.just("") | news.text),
        is_name_taken=draw(FLAG),
        channel_id=draw(st.sampled_from((None, 2**60))),
        target=draw(st.sampled_from(TargetKind)),
        local_time=draw(st.sampled_from((None, time(8, 0)))),
        zone=draw(st.sampled_from((None, "America/Argentina/ComodRivadavia"))),
        weekdays=draw(st.integers(1, 127)),
        missing=draw(st.sampled_from(((), ("send_messages", "view_channel", "Read Message History")))),
        first_at=draw(news.times),
        packs=draw(st.sampled_from(((), ("World", "US")))),
        topics=draw(news.topics),
        source_ids=draw(st.sampled_from(((), (1, 2)))),
        max_stories=draw(st.integers(1, 12)),
        grace_s=draw(st.sampled_from((0, 600, 10_800, 12_345, 43_200))),
        schedule_id=draw(st.sampled_from((None, 2**53))),
        role_id=draw(st.sampled_from((None, 2**60))),
        style=draw(st.sampled_from(Style)),
        discussion=draw(FLAG),
        publish=draw(FLAG),
    )


def _setup(draw: Draw, say: Voice) -> Iterator[Message]:
    packs = ("World", "US", "UK", "Europe", "Tech", "Science", "Business", "Health", "Climate", "Sport", "Culture")
    narrowed = tuple(draw(st.lists(news.sources, max_size=5)))
    yield setup.setup(draft(draw), say, packs=draw(st.sampled_from(((), packs))), sources=narrowed)
    yield setup.setup_contents(draft(draw), say, sources=narrowed)
    yield setup.setup_posting(draft(draw), say)


def _settings(draw: Draw, say: Voice) -> Iterator[Message]:
    place = replace(
        SERVER,
        public_channels=draw(st.sampled_from(((), tuple(range(2**60, 2**60 + 30))))),
        notices_channel=draw(st.sampled_from((None, 2**60))),
        manager_role=draw(st.sampled_from((None, 2**60))),
        may_share=draw(FLAG),
        corrections=draw(FLAG),
    )
    for pressed in (
        panels.ServerSettings(panels.ServerAct.OPEN),
        panels.ServerSettings(panels.ServerAct.SHARING, is_from_setup=True, schedule_id=2**53),
    ):
        yield server_settings.server_settings(place, pressed, say)


def _transfer(draw: Draw, say: Voice) -> Iterator[Message]:
    yield transfers.exported(b"{}", say)
    names = st.lists(news.text, max_size=5).map(tuple)
    value = settings_files.ImportPreview(
        id=2**62,
        file=draw(news.text),
        new_sources=draw(names),
        new_briefings=draw(names),
        changed_briefings=draw(names),
        changes_server=draw(FLAG),
        changes_filters=draw(FLAG),
        missing_channels=draw(names),
        missing_roles=draw(names),
        missing_sources=draw(names),
        waiting=draw(names),
    )
    yield transfers.preview(value, say)
    yield transfers.imported(value, say)
    yield transfers.preview(settings_files.ImportPreview(0, draw(news.text)), say)


def _status(draw: Draw, say: Voice) -> Iterator[Message | Told]:
    firings = tuple(answers.Firing(NOW, NOW.date(), shift) for shift in (None, "gap", "fold", None, None, None))
    states = ("planned", "sending", "sent", "failed", "expired", "unknown", "skipped", "empty", "other")
    records = tuple(
        answers.DeliveryRecord(NOW.date(), state, NOW, draw(news.times), draw(news.links), draw(news.text), 12_000, 300)
        for state in draw(st.permutations(states))
    )
    shown = draw(st.lists(news.schedules(), max_size=30, unique_by=lambda one: one.id))
    missing = draw(st.sampled_from(((), ("send_messages", "view_channel"))))
    words = ("turned-on", "name", "channel", "ping", "removed", "imported", "stopped", "other", "source-added", "zone")
    details = st.just(f"{2**60} → {2**61}") | news.text
    told = tuple(
        answers.SettingChange(NOW, word, draw(st.none() | news.numbers), draw(details), draw(st.none() | news.text))
        for word in words
    )
    named = tuple(draw(st.lists(news.sources, max_size=5)))
    rows = tuple(answers.ScheduleStatus(one, firings, records, missing, named) for one in shown)
    yield status.status(answers.ServerStatus(SERVER, rows, draw(st.none() | st.just(1)), told[:3]), say)
    yield status.confirm_turning_off(draw(news.schedules()), say)
    yield status.confirm_removing(draw(news.schedules()), say)
    page, pages = draw(st.sampled_from(((1, 1), (1, 3), (3, 3))))
    listed = changes.changes(answers.ChangesPage(draw(st.sampled_from(((), told))), page, pages), say)
    yield Told(listed, page=(page, pages))


def _sources(draw: Draw, say: Voice) -> Iterator[Told]:
    known = draw(st.lists(news.sources, max_size=10, unique_by=lambda one: one.id))
    rows = tuple(feeds.SourceStatus(one, newest_at=draw(news.times), stories=5, is_paused=draw(FLAG)) for one in known)
    selected = known[0].id if known else None
    page, pages = draw(st.sampled_from(((1, 1), (1, 3), (3, 3))))
    value = managing.SourcesPanel(rows, 50, draw(NUMBER), ("World", "US"), ("US",), selected, page, pages)
    yield Told(sources.sources(value, say, is_manager=draw(FLAG)), page=(page, pages))


def _filters(draw: Draw, say: Voice) -> Iterator[Message]:
    known = tuple(draw(st.lists(news.sources, max_size=30, unique_by=lambda one: one.id)))
    spoken = draw(st.sampled_from(((), ("en",), ("de", "pt-BR", "x-klingon", "en"))))
    chosen, only = tuple(one.id for one in known[: draw(st.integers(0, 25))]), spoken[: draw(st.integers(0, 3))]
    topics = draw(news.topics)
    wanted = PlaceFilter(draw(news.words), draw(news.words), (), topics, chosen, only)
    kept = draw(st.sampled_from((None, Kept(43, 50))))
    yield filters.filters(managing.FilterPanel(wanted, kept, draw(MUTES), known[:25], spoken), say)


def _welcome(draw: Draw, say: Voice) -> Iterator[Message]:
    yield notices.welcome(say, sample_stories=draw(st.integers(0, 15)), is_public=draw(FLAG))


def _notice(draw: Draw, say: Voice) -> Iterator[Message]:
    yield notices.sample_gave_way(draw(NUMBER), say)
    kind, cure = draw(st.sampled_from(feeds.NoticeKind)), draw(st.sampled_from(feeds.Cure))
    reason = draw(news.text | st.sampled_from(("https://post.example/feed.xml", "https://post.example/" + "x" * 600)))
    yield notices.source_notice(feeds.SourceNotice(1, 1, draw(news.sources), kind, cure, reason, NOW), say)
    yield notices.cannot_post(2**60, ("send_messages", "view_channel"), 2**53, say, draw(news.text))
    yield notices.not_posted(UserError(draw(st.sampled_from(Code))), 2**53, say, draw(news.text))
    yield notices.back_again(say)
    schedule = draw(news.schedules())
    for cause in ("E01", "E16", "gone", "unknown"):
        yield notices.trouble(Notice(SERVER, schedule, cause, ("send_messages",), NOW.date()), say)


WALKS: dict[Kind, Walk] = {
    Kind.FILTERS: _filters,
    Kind.NOTICE: _notice,
    Kind.SETTINGS: _settings,
    Kind.SETUP: _setup,
    Kind.SOURCES: _sources,
    Kind.STATUS: _status,
    Kind.TRANSFER: _transfer,
    Kind.WELCOME: _welcome,
}
