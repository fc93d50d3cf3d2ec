"""The whole bot with its managers: from the welcome to a briefing in the channel, and what a return changes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.clock import Clock
from bot.domain.feeds import Cure, Notice, NoticeKind
from bot.domain.places import PlaceKind
from bot.loopback import Loopback
from bot.loopback.guilds import Guild
from bot.loopback.messages import Message
from bot.loopback.permissions import BOT, Overwrite, Permission
from bot.store import subscriptions
from bot.store.place_filters import yield_sample
from tests.fakes.clocks import from_noon
from tests.fakes.drafts import a_source
from tests.fakes.waiting import until
from tests.wire.newsroom import Newsroom, newsroom

SILENT = 1 << 12
SETUP = {"channel": "news", "time": "08:00", "zone": "Europe/Berlin"}


@pytest.fixture
def clock() -> Clock:
    """Give a clock by which no briefing of eight o'clock comes by itself in the middle of a test."""
    return from_noon()


def seen(loopback: Loopback, where: str, who: str = "admin") -> list[Message]:
    return [one for one in loopback.people.sees(who, where) if one.only_for is None]


def said(message: Message) -> str:
    """Give every text of a message, plain or dressed."""
    raw = message.json()
    found, waiting = [raw.get("content") or ""], list(raw.get("components") or [])
    while waiting:
        part = waiting.pop(0)
        found.append(part.get("content") or "")
        waiting = [*part.get("components", []), *waiting]
    return "\n".join(text for text in found if text)


async def set_up(room: Newsroom) -> None:
    panel = await room.loopback.people.invoke("admin", "general", "newsdesk setup", SETUP)
    await room.loopback.people.press("admin", panel.message, "Turn on")


def home(loopback: Loopback) -> Guild:
    guild = loopback.world.guild_of(loopback.world.channel("news"))
    assert guild is not None
    return guild


async def test_a_server_is_welcomed_once_and_silently_where_only_moderators_read(
    tmp_path: Path, loopback: Loopback, clock: Clock
) -> None:
    async with newsroom(tmp_path, loopback, clock):
        await until(lambda: seen(loopback, "moderators"))
        (welcome,) = seen(loopback, "moderators")
        await until(lambda: welcome.json()["components"])
        assert "Dateline is here" in said(welcome)
        assert "bundled sample document" in said(welcome)
    async with newsroom(tmp_path, loopback, clock):
        await loopback.traffic.quiet(0.2)
    assert len(seen(loopback, "moderators")) == 1
    created = [one for one in loopback.traffic.requests if one.method == "POST" and one.template.endswith("/messages")]
    assert [one.body["flags"] & SILENT for one in created if one.body] == [SILENT]
    assert seen(loopback, "general") == []


async def test_what_is_set_up_and_posted_now_arrives_plain_then_dressed(
    tmp_path: Path, loopback: Loopback, clock: Clock
) -> None:
    async with newsroom(tmp_path, loopback, clock) as room:
        people = loopback.people
        panel = await people.invoke("admin", "general", "newsdesk setup", SETUP)
        preview = await people.press("admin", panel.message, "Preview")
        await people.settle(preview)
        done = await people.press("admin", panel.message, "Turn on")
        panel = await people.press("admin", done.message, "Show status")
        posted = await people.press("admin", panel.message, "Post now")
        assert "Briefings here" in said(posted.message)
        await until(lambda: seen(loopback, "news") and seen(loopback, "news")[0].json()["components"])
        (briefing,) = seen(loopback, "news")
        bodies = [one.body or {} for one in loopback.traffic.requests if one.method == "POST"]
        (plain,) = [str(body["content"]) for body in bodies if "content" in body and not body["flags"] & SILENT]
        assert "Japan is intensifying" in plain.splitlines()[0]
        await people.press("member", briefing, "Read story 1")
        await room.live.client.services.recall.flush()
        status = await people.invoke("admin", "general", "newsdesk status")
        assert "posted" in said(status.message)
        assert "1 story opened" in said(status.message)
        assert _news_of(said(preview.message)) == _news_of(said(briefing))


def _news_of(text: str) -> list[str]:
    """Give the lines of a briefing that are news: without its heading and its subtext."""
    return [line for line in text.splitlines() if line and not line.startswith(("## ", "-# "))]


async def test_after_a_return_nothing_is_posted_until_a_manager_resumes(
    tmp_path: Path, loopback: Loopback, clock: Clock
) -> None:
    async with newsroom(tmp_path, loopback, clock) as room:
        await set_up(room)
        guild, store = home(loopback), room.house.store
        place = await store.places.ensure(PlaceKind.SERVER, guild.id, clock.now())
        loopback.world.remove_bot(guild)
        await _stored(room, guild, lambda found: found.left_at is not None)
        role = loopback.world.invite_bot(guild, BOT)
        loopback.world.set_overwrite(loopback.world.channel("news"), Overwrite(role.id, allow=Permission.SEND_MESSAGES))
        await _stored(room, guild, lambda found: found.left_at is None)
        (waiting,) = await store.schedules.of_place(place.id)
        assert waiting.disabled_code == "left"
        await until(lambda: seen(loopback, "dm"))  # its role in #moderators went with it, so who set it up is told
        (told,) = seen(loopback, "dm")
        assert said(told).startswith("-# [Try-out](")
        assert "Dateline is back. Your settings were kept" in said(told)
        status = await loopback.people.invoke("admin", "general", "newsdesk status")
        assert "Nothing is posted until you resume it" in said(status.message)
        resumed = await loopback.people.press("admin", status.message, "Resume")
        assert "**On**" in said(resumed.message)


async def _stored(room: Newsroom, guild: Guild, holds: Callable[..., bool]) -> None:
    async def is_so() -> bool:
        return holds(await room.house.store.places.find(PlaceKind.SERVER, guild.id))

    await until(is_so)


async def test_a_server_that_removed_the_bot_while_it_was_off_is_noted_at_the_start(
    tmp_path: Path, loopback: Loopback, clock: Clock
) -> None:
    guild = home(loopback)
    async with newsroom(tmp_path, loopback, clock) as room:
        await _stored(room, guild, lambda found: found is not None)
    loopback.world.remove_bot(guild)
    async with newsroom(tmp_path, loopback, clock) as room:
        await _stored(room, guild, lambda found: found.left_at is not None)


async def test_managers_are_told_of_their_sources_and_the_sample_in_their_private_place(
    tmp_path: Path, loopback: Loopback, clock: Clock
) -> None:
    async with newsroom(tmp_path, loopback, clock) as room:
        await until(lambda: seen(loopback, "moderators"))  # it was welcomed
        store, now = room.house.store, clock.now()
        place = await store.places.ensure(PlaceKind.SERVER, home(loopback).id, now)
        source = await a_source(store)
        failing = Notice(NoticeKind.FAILING, Cure.WAIT, "it answered 503")

        def note(raw: object) -> None:
            subscriptions.add(raw, place.id, source.id, now)  # type: ignore[arg-type]
            subscriptions.notify(raw, source.id, failing, now)  # type: ignore[arg-type]
            yield_sample(raw, place.id, now)  # type: ignore[arg-type]

        await store.db.write(note)
    async with newsroom(tmp_path, loopback, clock) as room:
        await until(lambda: len(seen(loopback, "moderators")) == 3)
        told = "\n".join(said(one) for one in seen(loopback, "moderators"))
        assert "I can’t read **A**: it answered 503." in told
        assert "the bundled sample leaves lists" in told
        assert await room.house.store.subscriptions.untold() == ()
    assert seen(loopback, "general") == seen(loopback, "news") == []


@pytest.mark.parametrize("taken", ["a permission", "the channel"])
async def test_managers_are_warned_when_a_briefing_loses_its_channel(
    tmp_path: Path, loopback: Loopback, clock: Clock, taken: str
) -> None:
    async with newsroom(tmp_path, loopback, clock) as room:
        await set_up(room)
        news = loopback.world.channel("news")
        if taken == "the channel":
            loopback.world.remove_channel(news)
        else:
            bot = loopback.world.bot_role(home(loopback))
            loopback.world.set_overwrite(news, Overwrite(bot.id, deny=Permission.SEND_MESSAGES))
        await until(lambda: len(seen(loopback, "moderators")) == 2)  # beside the welcome
        assert any("not posted" in said(one) for one in seen(loopback, "moderators"))


async def test_a_setup_goes_on_after_a_restart(tmp_path: Path, loopback: Loopback, clock: Clock) -> None:
    people = loopback.people
    async with newsroom(tmp_path, loopback, clock):
        panel = await people.invoke("admin", "general", "newsdesk setup", SETUP)
        page = await people.press("admin", panel.message, "How it is posted")
        await people.press("admin", page.message, "Add discussion thread")
    async with newsroom(tmp_path, loopback, clock) as room:
        panel = await people.press("admin", page.message, "Back")
        assert "08:00, Europe/Berlin" in said(panel.message)
        await people.press("admin", panel.message, "Turn on")
        place = await room.house.store.places.find(PlaceKind.SERVER, home(loopback).id)
        assert place is not None
        (schedule,) = await room.house.store.schedules.of_place(place.id)
        assert schedule.settings.discussion


async def test_managers_say_whether_the_sample_stays(tmp_path: Path, loopback: Loopback, clock: Clock) -> None:
    people = loopback.people
    async with newsroom(tmp_path, loopback, clock):
        panel = await people.invoke("admin", "general", "newsdesk sources")
        panel = await people.choose("admin", panel.message, "Choose a source…", ["Bundled sample document"])
        hidden = await people.press("admin", panel.message, "Hide sample")
        assert "The bundled sample leaves lists" in said(hidden.message)
        assert "nothing to read yet" in said((await people.invoke("member", "general", "headlines")).message)
        panel = await people.invoke("admin", "general", "newsdesk sources")
        panel = await people.choose("admin", panel.message, "Choose a source…", ["Bundled sample document"])
        await people.press("admin", panel.message, "Keep sample")
        assert "15 stories" in said((await people.invoke("member", "general", "headlines")).message)


async def test_a_story_that_was_wrong_is_corrected_in_the_post_by_command(
    tmp_path: Path, loopback: Loopback, clock: Clock
) -> None:
    async with newsroom(tmp_path, loopback, clock):
        people = loopback.people
        panel = await people.invoke("admin", "general", "newsdesk setup", SETUP)
        done = await people.press("admin", panel.message, "Turn on")
        status = await people.press("admin", done.message, "Show status")
        await people.press("admin", status.message, "Post now")
        await until(lambda: seen(loopback, "news") and seen(loopback, "news")[0].json()["components"])
        offered = await people.autocomplete("admin", "general", "newsdesk correct", "story", "japan")
        (choice,) = offered.choices
        told = await people.invoke("admin", "general", "newsdesk correct", {"story": choice["value"]})
        assert told.is_private
        assert "1 post was edited" in said(told.message)
        await until(lambda: "Story withdrawn" in said(seen(loopback, "news")[0]))
        wrong = await people.invoke("admin", "general", "newsdesk correct", {"story": "never posted"})
        assert "Code E04" in said(wrong.message)


async def test_a_role_that_was_deleted_while_the_bot_was_off_leaves_the_settings_at_the_start(
    tmp_path: Path, loopback: Loopback, clock: Clock
) -> None:
    guild = home(loopback)
    editors = loopback.world.add_role(guild, "Editors")
    async with newsroom(tmp_path, loopback, clock) as room:
        status = await loopback.people.invoke("admin", "general", "newsdesk status")
        settings = await loopback.people.press("admin", status.message, "Server settings")
        await loopback.people.choose("admin", settings.message, "No role", ["Editors"])
        await _stored(room, guild, lambda found: found.manager_role == editors.id)
    loopback.world.remove_role(guild, editors)
    async with newsroom(tmp_path, loopback, clock) as room:
        await _stored(room, guild, lambda found: found.manager_role is None)
        status = await loopback.people.invoke("admin", "general", "newsdesk status")
        changes = await loopback.people.press("admin", status.message, "Who changed what")
        assert "news managers role changed" in said(changes.message)
        assert "the bot" in said(changes.message)
