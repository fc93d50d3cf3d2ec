"""`dateline check` against the stand-in: each thing that can be wrong is named, with one cure."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app.check import check
from bot.app.findings import Finding, Level, exit_code, few, from_json, megabytes
from bot.clock import SystemClock
from bot.domain.answers import SettingChange
from bot.domain.places import PlaceKind, Schedule, TargetKind
from bot.loopback import Loopback, World, try_out
from bot.loopback.connect import unix_connector
from bot.loopback.faults import Fault, Kind
from bot.loopback.permissions import Overwrite, Permission
from bot.settings import Secret, Settings
from bot.store.database import Database
from bot.store.store import Store
from tests.wire.newsroom import newsroom

CLOCK = SystemClock()
TOKEN = "a-token-for-the-stand-in"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def settings_in(folder: Path, **chosen: Any) -> Settings:
    return replace(Settings(data=folder, token=Secret(TOKEN), fetch="off"), **chosen)


async def checked(settings: Settings, loopback: Loopback) -> dict[str, Finding]:
    """Give the worst finding of each area."""
    report = await check(settings, CLOCK, connector=loopback.connector())
    order = list(Level)
    worst: dict[str, Finding] = {}
    for one in report.findings:
        if one.area not in worst or order.index(one.level) > order.index(worst[one.area].level):
            worst[one.area] = one
    return worst


async def with_briefing(folder: Path, loopback: Loopback, channel_id: int | None = None) -> None:
    """Store a briefing for #news."""
    guild = next(iter(loopback.world.bot_guilds()))
    async with await Store.open(folder / "dateline.db") as store:
        place = await store.places.ensure(PlaceKind.SERVER, guild.id, NOW)
        due = CLOCK.now() + timedelta(hours=1)
        schedule = Schedule(
            id=0, key=b"8 bytes!", place=place, channel_id=channel_id or loopback.world.channel("news").id,
            target=TargetKind.CHANNEL, local_time=time(8), zone="Europe/Berlin", next_due=due, next_date=due.date(),
        )  # fmt: skip
        await store.schedules.add(schedule, SettingChange(NOW, "turned-on", 1))


async def test_all_is_well_with_a_briefing_that_can_be_posted(tmp_path: Path, loopback: Loopback) -> None:
    await with_briefing(tmp_path, loopback)
    report = await check(settings_in(tmp_path), CLOCK, connector=loopback.connector())
    assert {one.level for one in report.findings} <= {Level.OK, Level.NOTE}, report.findings
    assert exit_code(report.findings) == 0
    assert report.invite is not None
    assert "client_id=" in report.invite
    assert from_json(report.as_json()["findings"][0]) == report.findings[0]


async def test_beside_a_running_bot_it_asks_that_bot_and_changes_nothing(tmp_path: Path, loopback: Loopback) -> None:
    settings = settings_in(tmp_path)
    async with newsroom(tmp_path, loopback, CLOCK, settings):
        gateways = _gateways(loopback)
        found = await checked(settings, loopback)
        assert found["bot"].text == "It is running."
        assert found["servers"].level is Level.OK
        assert found["commands"].level is Level.OK
        assert _gateways(loopback) == gateways


def _gateways(loopback: Loopback) -> int:
    return sum("gateway" in one.template for one in loopback.traffic.requests)


async def test_a_token_that_discord_refuses_is_a_problem(tmp_path: Path) -> None:
    async with await Loopback.start(CLOCK, token="another-token") as loopback:
        found = await checked(settings_in(tmp_path), loopback)
    assert (found["token"].level, "Reset Token" in found["token"].cure) == (Level.PROBLEM, True)


async def test_no_token_is_a_problem_and_nothing_is_asked(tmp_path: Path, loopback: Loopback) -> None:
    found = await checked(settings_in(tmp_path, token=None), loopback)
    assert found["token"].text == "No DISCORD_TOKEN is set."
    assert not loopback.traffic.requests


async def test_an_outage_of_discord_is_a_warning_and_the_rest_is_still_told(tmp_path: Path, loopback: Loopback) -> None:
    await with_briefing(tmp_path, loopback)
    report = await check(settings_in(tmp_path), CLOCK, connector=unix_connector(tmp_path / "nobody"))
    assert [one.level for one in report.findings if one.area == "Discord"] == [Level.WARNING]
    assert any(one.area == "database" for one in report.findings)


def deny(loopback: Loopback, permission: Permission) -> None:
    channel = loopback.world.channel("news")
    guild = loopback.world.guild_of(channel)
    assert guild is not None
    allowed = (Permission.VIEW_CHANNEL | Permission.SEND_MESSAGES) & ~permission
    loopback.world.set_overwrite(channel, Overwrite(loopback.world.bot_role(guild).id, allow=allowed, deny=permission))


PERMISSIONS = [
    (Permission.SEND_MESSAGES, "#news in Try-out: Send Messages is missing."),
    (Permission.READ_MESSAGE_HISTORY, "#news in Try-out: Read Message History is missing."),
]


@pytest.mark.parametrize(("permission", "text"), PERMISSIONS, ids=["send", "history"])
async def test_a_missing_permission_is_named_with_its_channel(
    tmp_path: Path, loopback: Loopback, permission: Permission, text: str
) -> None:
    await with_briefing(tmp_path, loopback)
    deny(loopback, permission)
    found = await checked(settings_in(tmp_path), loopback)
    assert (found["permissions"].level, found["permissions"].text) == (Level.PROBLEM, text)


async def test_a_channel_that_is_gone_is_named(tmp_path: Path, loopback: Loopback) -> None:
    await with_briefing(tmp_path, loopback, channel_id=4242)
    found = await checked(settings_in(tmp_path), loopback)
    assert "The channel 4242 of a briefing is gone" in found["permissions"].text


async def test_without_a_server_the_invite_link_is_the_cure(tmp_path: Path) -> None:
    async with await Loopback.start(CLOCK, World(CLOCK)) as loopback:
        found = await checked(settings_in(tmp_path), loopback)
    assert (found["servers"].level, found["servers"].cure) == (Level.WARNING, "Open the invite link below.")


async def test_servers_that_are_listed_and_not_joined_are_named(tmp_path: Path, loopback: Loopback) -> None:
    found = await checked(settings_in(tmp_path, servers=(123456789012345678,)), loopback)
    assert "not in server 123456789012345678" in found["servers"].text


async def test_a_wrong_clock_of_this_machine_is_told(tmp_path: Path) -> None:
    async with await Loopback.start(CLOCK, try_out(CLOCK, skew=timedelta(minutes=10))) as loopback:
        found = await checked(settings_in(tmp_path), loopback)
    assert found["clock"].level is Level.WARNING


async def test_commands_that_discord_lacks_are_a_problem(tmp_path: Path, loopback: Loopback) -> None:
    async with await Store.open(tmp_path / "dateline.db") as store:
        await store.notes.put("commands", '{"mark": "x", "ids": {"headlines": 77}}')
    found = await checked(settings_in(tmp_path), loopback)
    assert (found["commands"].level, "--send-commands" in found["commands"].cure) == (Level.PROBLEM, True)


# ── without a network ─────────────────────────────────────────────────────────────────────────────────────────────────


async def offline(folder: Path) -> dict[str, Finding]:
    report = await check(Settings(data=folder), CLOCK)
    return {one.area: one for one in reversed(report.findings)}


def damage(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def make_newer(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("pragma user_version=9999")
    raw.commit()
    raw.close()


def make_older(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("pragma user_version=2")
    raw.commit()
    raw.close()


STATES: list[tuple[Callable[[Path], None], Level, str]] = [
    (damage, Level.PROBLEM, "not a Dateline database"),
    (make_newer, Level.PROBLEM, "newer Dateline"),
    (make_older, Level.NOTE, "the next start copies it aside"),
]


@pytest.mark.parametrize(("spoil", "level", "text"), STATES, ids=["damaged", "newer", "older"])
async def test_the_state_of_the_database_is_told(
    tmp_path: Path, spoil: Callable[[Path], None], level: Level, text: str
) -> None:
    async with await Database.open(tmp_path / "dateline.db"):
        pass
    spoil(tmp_path / "dateline.db")
    found = (await offline(tmp_path))["database"]
    assert (found.level, text in found.text) == (level, True), found


async def test_no_database_yet_is_only_a_note(tmp_path: Path) -> None:
    assert (await offline(tmp_path))["database"].level is Level.NOTE
    assert list(tmp_path.iterdir()) == []


async def test_overdue_briefings_failing_feeds_and_missing_backups_are_told(tmp_path: Path, loopback: Loopback) -> None:
    await with_briefing(tmp_path, loopback)
    long_ago = int((CLOCK.now() - timedelta(hours=1)).timestamp())
    raw = sqlite3.connect(tmp_path / "dateline.db")
    raw.execute(
        "insert into delivery(schedule_id, local_date, channel_id, due_at, expires_at, state, not_before, created_at,"
        " updated_at) values(1, '2026-01-01', 5, :at, :at + 9999, 'planned', :at, :at, :at)",
        {"at": long_ago},
    )
    raw.execute(
        "insert into delivery(schedule_id, local_date, channel_id, due_at, expires_at, state, reason, not_before,"
        " created_at, updated_at) values(1, '2026-01-02', 5, :at, :at, 'failed', 'E01', :at, :at, :at)",
        {"at": long_ago},
    )
    raw.execute(
        "insert into source(id, kind, name, title, state, detail, added_at)"
        " values(9, 'feed', 'https://a.example/feed', 'The Post', 'failing', 'it answered 503', 0)"
    )
    raw.execute("insert into feed(source_id, domain, fail_streak, readers) values(9, 'a.example', 3, 1)")
    raw.commit()
    raw.close()
    report = await check(Settings(data=tmp_path), CLOCK)
    texts = [one.text for one in report.findings if one.level in {Level.WARNING, Level.PROBLEM}]
    assert "1 not posted yet, the oldest due 60 minutes ago." in texts
    assert "1 not posted in the last day: E01 (1)." in texts
    assert "The Post: it answered 503 (3 times)." in texts
    assert exit_code(report.findings) == 2


async def test_a_backup_that_is_not_whole_is_told(tmp_path: Path) -> None:
    async with await Database.open(tmp_path / "dateline.db"):
        pass
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "dateline-20260101-030000.db").write_bytes(b"half a file")
    assert (await offline(tmp_path))["backups"].level is Level.WARNING


def test_many_alike_are_shortened_and_counted() -> None:
    many = [Finding("sources", Level.WARNING, str(number), "Look.") for number in range(12)]
    assert few(many, 5)[-1] == Finding("sources", Level.WARNING, "7 more like these.", "Look.")
    assert few(many, 12) == many


SIZES = [(0, "0.0 MB"), (3 << 20, "3.0 MB"), (2_000 << 20, "2,000 MB"), (80 << 30, "80 GB")]


@pytest.mark.parametrize(("number", "text"), SIZES)
def test_sizes_are_for_people(number: int, text: str) -> None:
    assert megabytes(number) == text


async def test_commands_that_cannot_be_read_are_a_warning_and_the_rest_is_told(
    tmp_path: Path, loopback: Loopback
) -> None:
    route = lambda request: request.method == "GET" and request.template.endswith("/commands")  # noqa: E731
    loopback.faults.add(Fault(Kind.REFUSE, route, times=None, status=403, code=50001))
    found = await checked(settings_in(tmp_path), loopback)
    assert (found["commands"].level, found["commands"].text) == (Level.WARNING, "They can’t be read (Forbidden).")
    assert found["servers"].level is Level.OK


async def test_a_gateway_that_does_not_answer_is_a_warning(
    tmp_path: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.examination._PATIENCE_S", 2.0)
    monkeypatch.setattr(loopback.gateway, "_identify", _say_nothing)
    found = await checked(settings_in(tmp_path), loopback)
    assert found["servers"].text == "Discord’s gateway does not answer."
    assert found["servers"].cure.endswith("see https://discordstatus.com.")


async def _say_nothing(*_: object) -> None:
    """Let a client wait for ever."""
