"""The main messages as text, to be looked at: `python -m tests.render.snapshots` writes them to tests/data/messages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from bot.domain import answers, feeds, managing, personal, settings_files
from bot.domain.editions import Mode, Why
from bot.domain.place_filters import Kept, PlaceFilter
from bot.domain.places import Schedule, TargetKind
from bot.domain.postings import Correction
from bot.domain.sources import Source, SourceKind, SourceState
from bot.domain.stories import Summary
from bot.errors import Code, UserError
from bot.render import (
    about,
    briefings,
    cards,
    catchups,
    changes,
    choices,
    coverage,
    errors,
    filters,
    follows,
    full_texts,
    lists,
    notices,
    own_briefings,
    panels,
    privacy,
    reasons,
    server_settings,
    setup,
    sources,
    status,
    transfers,
)
from bot.render.limits import count_components, text_length, walk
from bot.render.message import Message, to_payload
from tests.render.values import (
    NOW,
    PARAGRAPHS,
    READER,
    SERVER,
    edition,
    live_stories,
    page,
    seed_card,
    seed_posting,
    seed_stories,
    voice,
)

FOLDER = Path(__file__).parent.parent / "data" / "messages"
STYLES = {1: " (primary)", 4: " (danger)"}


def draw(message: Message) -> str:
    """Draw a message as text: what is read, then its controls, then its budget."""
    payload = to_payload(message)
    private = ", only you" if message.ephemeral else ""
    used = f"{text_length(payload)} characters, {count_components(payload)} components{private}"
    parts = [payload["content"]] if message.content else [_part(part) for part in walk(payload["components"])]
    return "\n".join([*(part for part in parts if part), f"({used})", ""])


def _part(part: dict[str, Any]) -> str:
    match part["type"]:
        case 10:
            return str(part["content"])
        case 14:
            return "────"
        case 2:
            off = " (off)" if part.get("disabled") else ""
            return f"[{part['label']}]{off}{STYLES.get(part['style'], '')}"
        case 3 | 5 | 6 | 7 | 8:
            options = "".join(f"\n    {_option(option)}" for option in part.get("options", ()))
            return f"{{{part['placeholder']}}}{options}"
        case _:
            return ""


def _option(option: dict[str, Any]) -> str:
    chosen = "* " if option.get("default") else ""
    return f"{chosen}{option['label']}" + (f" – {option['description']}" if option.get("description") else "")


def messages() -> dict[str, Message]:
    """Give the main messages by name."""
    return dict([*_reading(), *_briefings(), *_managing(), *_personal(), *_told()])


def _reading() -> Iterator[tuple[str, Message]]:
    say, seed, live = voice(), seed_stories(), live_stories()
    yield "headlines", lists.headlines(page(seed), READER, say)
    yield "headlines-live", lists.headlines(page(live), READER, say)
    yield "headlines-public", lists.headlines(page(seed[:5]), replace(READER, is_public=True), say)
    yield "headlines-german", lists.headlines(page(seed), READER, voice("de"))
    yield "search-empty", lists.headlines(page((), words="moon cheese"), READER, say)
    yield "card", cards.card(seed_card(), READER, say)
    yield "card-headline-only", cards.card(answers.Card(seed[1], None, None), READER, say)
    quoted = answers.Card(live[1], Summary(("Rates stay where they are.",), (0,), 9), live[1].lead)
    yield "card-of-a-page", cards.card(quoted, READER, say)
    yield "card-shared", cards.shared_card(seed_card(), 7, "Sam", say)
    yield "full-text", full_texts.full_text(answers.FullText(seed[0], seed[0].lead, PARAGRAPHS, 1, 1), READER, say)
    scored = Why(1.0, 0.5, 0.2, 0.9, outlets=3, new_outlets=2, wire_copies=1, age_s=7_000)
    yield "why", reasons.why(answers.WhyAnswer(live[0], scored, 1, 40), say)
    undated = Why(1.0, 0.5, 0.2, 0.9, outlets=1, new_outlets=1, age_s=600)
    yield "why-undated", reasons.why(answers.WhyAnswer(seed[0], undated, 1, 15), say)
    lines = tuple(answers.Coverage(one, "A first sentence.", ("winds",)) for one in live[0].articles)
    yield "compare", coverage.comparison(answers.Comparison(live[0], lines), say)
    yield "choose-topic", choices.topics(answers.Query(), say)


def _briefings() -> Iterator[tuple[str, Message]]:
    say = voice()
    seed = briefings.post(seed_posting(), say)
    live = seed_posting(edition=edition(live_stories(), leads=1), is_late=True, due_at=NOW, role_id=5)
    archive = replace(seed_posting().edition, mode=Mode.ARCHIVE)
    yield "briefing-plain", seed.plain
    assert seed.dressed is not None
    yield "briefing", seed.dressed
    yield "briefing-live-late", briefings.post(live, say).plain
    yield "briefing-archive", briefings.post(seed_posting(edition=archive), say).plain
    yield "briefing-preview", briefings.preview(seed_posting(), say)
    yield "briefing-on-request", briefings.briefing(answers.BriefingAnswer(seed_posting().edition), READER, say)
    yield "quiet-line", briefings.quiet_line(seed_posting(), say)


def schedule() -> Schedule:
    """Give a daily schedule at eight in Berlin."""
    return Schedule(4, b"12345678", SERVER, 55, TargetKind.CHANNEL, time(8), "Europe/Berlin", NOW, NOW.date())


def _managing() -> Iterator[tuple[str, Message]]:
    say = voice()
    ready = answers.SetupDraft(channel_id=55, local_time=time(8), zone="Europe/Berlin", first_at=NOW, packs=("World",))
    yield "setup", setup.setup(ready, say, packs=("World", "US"))
    yield "setup-not-ready", setup.setup(answers.SetupDraft(channel_id=55, missing=("send_messages",)), say)
    yield "setup-contents", setup.setup_contents(replace(ready, name="Tech at eight"), say)
    yield "setup-posting", setup.setup_posting(replace(ready, name="Tech at eight"), say)
    opened = panels.ServerSettings(panels.ServerAct.OPEN)
    yield "server-settings", server_settings.server_settings(SERVER, opened, say)
    yield "server-settings-german", server_settings.server_settings(SERVER, opened, voice("de"))
    yield "setup-done", setup.turned_on(ready, say)
    shifts = (None, None, "gap", None, None)
    firings = tuple(answers.Firing(NOW + timedelta(days=n), NOW.date(), shift) for n, shift in enumerate(shifts))
    record = answers.DeliveryRecord(date(2026, 11, 21), "sent", NOW, NOW, "https://discord.com/channels/1/2/3")
    late = answers.DeliveryRecord(date(2026, 11, 20), "expired", NOW, reason="not-running")
    told = (
        answers.SettingChange(NOW, "time", 7, "07:30 → 08:00", ""),
        answers.SettingChange(NOW, "sharing-off", 7),
        answers.SettingChange(NOW, "name", 7, " → Tech at eight", "Tech at eight"),
    )
    shown = answers.ScheduleStatus(schedule(), firings, (record, late))
    yield "status", status.status(answers.ServerStatus(SERVER, (shown,), changes=told), say)
    paused = replace(schedule(), paused_until=NOW.date() + timedelta(days=1))
    yield "status-paused", status.status(answers.ServerStatus(SERVER, (replace(shown, schedule=paused),)), say)
    yield "changes", changes.changes(answers.ChangesPage(told), say)
    yield "status-empty", status.status(answers.ServerStatus(SERVER, ()), say)
    brought = settings_files.ImportPreview(
        7, "dateline-settings.json", ("BBC News", "Nature"), ("Tech at eight",), ("",), changes_server=True,
        missing_channels=("newsroom",), waiting=("Tech at eight",),
    )  # fmt: skip
    yield "import", transfers.preview(brought, say)
    yield "import-done", transfers.imported(brought, say)
    yield "import-nothing", transfers.preview(settings_files.ImportPreview(0, "dateline-settings.json"), say)
    yield "export", transfers.exported(b"{}", say)
    feed = Source(3, SourceKind.FEED, "x", "BBC News", home_url="https://www.bbc.co.uk/news", state=SourceState.OK)
    line = feeds.SourceStatus(feed, stories=12, newest_at=NOW)
    panel = managing.SourcesPanel((line,), 50, 1, ("World", "US"), ("US",), 3)
    yield "sources", sources.sources(panel, say, is_manager=True)
    wanted = PlaceFilter(exclude=("horoscope",), source_ids=(3,), languages=("en",))
    panel_of_filters = managing.FilterPanel(wanted, Kept(43, 50), (), (feed,), ("en", "de"))
    yield "filters", filters.filters(panel_of_filters, say)


def _personal() -> Iterator[tuple[str, Message]]:
    say = voice()
    yield "about", about.about(answers.About(15, 17, ()), replace(READER, is_manager=True), say)
    yield "privacy", privacy.privacy(personal.PrivacyFacts((("follows", 3),)), say)
    yield "privacy-delete", privacy.confirm_deletion(say)
    yield "catch-up", catchups.catch_up(personal.CatchUp(live_stories(), 2, NOW), READER, say)
    yield "catch-up-nothing", catchups.catch_up(personal.CatchUp((), 0, NOW, NOW), READER, say)
    named = personal.Follow(1, personal.FollowKind.NAME, "Denmark")
    yield "follows", follows.follows(personal.Follows((named,), 50, time(22), time(7), "Europe/Berlin"), say)
    alert = personal.Alert(named, live_stories()[0])
    yield "alert-plain", follows.alert(alert, say)
    yield "alert", follows.dressed_alert(alert, say)
    yield "my-briefing", own_briefings.own_briefing(personal.OwnBriefingPanel(schedule()), say)


def _told() -> Iterator[tuple[str, Message]]:
    say = voice()
    yield "welcome", notices.welcome(say, sample_stories=15)
    yield "cannot-post", notices.cannot_post(55, ("send_messages",), 4, say)
    yield "sample-gave-way", notices.sample_gave_way(8, say)
    yield "correction", notices.correction(Correction(NOW, "Old wording", "New wording"), 2, say)
    yield "error", errors.error_message(UserError(Code.CANNOT_POST, channel_id=55, permissions=("send_messages",)), say)
    lost = UserError(Code.STORY_GONE, candidates=seed_stories()[:3])
    yield "error-story-gone", errors.error_message(lost, say)


def main() -> None:
    """Write every drawing anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.txt"):
        path.unlink()
    for name, message in messages().items():
        (FOLDER / f"{name}.txt").write_text(draw(message), encoding="utf-8")


if __name__ == "__main__":
    main()
