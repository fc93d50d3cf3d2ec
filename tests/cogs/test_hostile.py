"""Managers' panels under attack, through the stand-in: forged, foreign and old controls, hostile forms, lost roles."""

import asyncio
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from bot.domain.places import BriefingSettings, Place
from bot.loopback import Loopback
from bot.loopback.guilds import Guild, Kind
from bot.loopback.messages import Message
from bot.loopback.people import Exchange
from bot.loopback.permissions import BOT
from bot.render.custom_ids import Control
from bot.render.panels import (
    Changes,
    FilterAct,
    Filters,
    Import,
    ImportAct,
    MuteAct,
    Mutes,
    Sample,
    SampleAct,
    ServerAct,
    ServerSettings,
    Setup,
    SetupAct,
    SourceAct,
    Sources,
    Status,
    StatusAct,
)
from tests.fakes.managers import ALL_SET, admins, begin, labels, text_of, turned_on
from tests.fakes.newsroom import Newsroom
from tests.fakes.waiting import until

BUTTON, SELECT = 2, 3
HOSTILE = ((), ("",), ("-1",), ("9" * 30,), ("٣",), ("a", "b"), ("\x00" + "x" * 5_000,))
HUGE = (" ", "\x00\u202e\u200b", "@everyone <@&1> [a](<http://x>)", "9" * 4_000, "🇩🇪" * 500, "a,b;c\n" * 500)


def every_control() -> Iterator[Control]:
    ids = (None, 1, 2**63 - 1)
    yield from itertools.starmap(Setup, itertools.product(SetupAct, ids))
    yield from itertools.starmap(Status, itertools.product(StatusAct, ids))
    yield from itertools.starmap(Sources, itertools.product(SourceAct, (None, 2**63 - 1), (2**62,)))
    yield from itertools.starmap(Mutes, itertools.product(MuteAct, (False, True)))
    yield from map(ServerSettings, ServerAct)
    yield from map(Sample, SampleAct)
    yield from map(Filters, FilterAct)
    yield from (Import(act, number) for act in ImportAct for number in (0, 2**63 - 1))
    yield from (Changes(page) for page in (0, 1, 2**62))


async def forge(bot: Loopback, message: Message, custom_id: str, values: tuple[str, ...] | None) -> Exchange:
    """Send what no client of Discord would: any custom id, with any values."""
    kind: dict[str, Any] = {"type": BUTTON if values is None else SELECT, "custom_id": custom_id, "id": 1}
    chosen = None if values is None else list(values)
    return await bot.people._touch(bot.people.user("admin"), message, kind, chosen)


def is_answered(exchange: Exchange) -> bool:
    """Say whether it got a form, or a private message that is not our own failure."""
    if exchange.error is not None or "title" in exchange.responses[0].get("data", {}):
        return exchange.error is None
    return exchange.is_private and "Code E16" not in text_of(exchange)


@pytest.mark.parametrize("values", [None, *HOSTILE], ids=lambda values: repr(values)[:20])
async def test_forged_controls_are_answered_and_leave_the_briefing_as_it_is(
    bot: Loopback, newsroom: Newsroom, place: Place, values: tuple[str, ...] | None
) -> None:
    panel = await turned_on(bot)
    before = await newsroom.store.schedules.of_place(place.id)
    failed = []
    for control in every_control():
        exchange = await forge(bot, panel.message, control.custom_id, values)
        if not is_answered(exchange):
            failed.append((control, exchange.error or text_of(exchange)))
    assert failed == []
    after = await newsroom.store.schedules.of_place(place.id)
    assert [(one.settings, one.channel_id, one.zone) for one in after] in (
        [(one.settings, one.channel_id, one.zone) for one in before],
        [],
    )


@pytest.mark.parametrize(
    ("custom_id", "command"),
    [
        ("d1:setup:managers:", "newsdesk setup"),
        ("d1:status:explode:1", "newsdesk status"),
        ("d1:sources:steal:1:1", "newsdesk sources"),
        ("d1:filters:x", "newsdesk filters"),
        ("d0:setup:open:", "newsdesk setup"),
        ("d1:setup:open:99999999999999999999", "newsdesk setup"),
        ("d9:story:1", "headlines"),
        ("", "headlines"),
    ],
)
async def test_controls_of_another_version_name_the_command_that_goes_on(
    bot: Loopback, place: Place, custom_id: str, command: str
) -> None:
    panel = await begin(bot)
    told = await forge(bot, panel.message, custom_id or "?", None)
    assert "Code E14" in text_of(told)
    assert f"/{command}" in text_of(told)


async def test_a_channel_of_another_server_can_not_be_chosen(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    other = bot.world.add_guild("Elsewhere", bot.people.user("admin"))
    theirs = bot.world.add_channel(other, "theirs", Kind.TEXT)
    bot.world.invite_bot(other, BOT)
    panel = await begin(bot, **ALL_SET)
    for control in (Setup(SetupAct.CHANNEL), ServerSettings(ServerAct.PUBLIC), ServerSettings(ServerAct.NOTICES)):
        told = await forge(bot, panel.message, control.custom_id, (str(theirs.id),))
        assert "Code E14" in text_of(told)
    stored = await newsroom.store.places.by_id(place.id)
    assert stored is not None
    assert (stored.public_channels, stored.notices_channel) == ((), None)


@pytest.mark.parametrize("typed", HUGE, ids=lambda typed: repr(typed)[:20])
async def test_whatever_is_typed_into_a_form_is_answered_privately(
    bot: Loopback, newsroom: Newsroom, place: Place, typed: str
) -> None:
    panel = await turned_on(bot)
    forms: dict[Control, dict[str, str]] = {
        Setup(SetupAct.TIME, 1): {"time": typed, "city": typed},
        Setup(SetupAct.NAME, 1): {"name": typed},
        Status(StatusAct.PAUSE_UNTIL, 1): {"date": typed},
        Filters(FilterAct.WORDS): {"include": typed, "exclude": typed},
    }
    for control, values in forms.items():
        form = await forge(bot, panel.message, control.custom_id, None)
        for part in form.modal["components"]:  # a forged form has no room for manners
            part["component"] = part["component"] | {"max_length": 4_000, "min_length": 0, "required": False}
        assert is_answered(await bot.people.submit_modal("admin", form, values))
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert (f"{schedule.local_time:%H:%M}", schedule.zone) == ("08:00", "Europe/Berlin")


async def test_a_role_that_is_deleted_while_its_panel_is_open_leaves_the_choices(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    editors = bot.world.add_role(guild, "Editors")
    panel = await begin(bot, **ALL_SET)
    page = await bot.people.press("admin", panel.message, "How it is posted")
    page = await bot.people.choose("admin", page.message, "No role", ["Editors"])
    settings = await forge(bot, page.message, ServerSettings(ServerAct.OPEN).custom_id, None)
    settings = await bot.people.choose("admin", settings.message, "No role", ["Editors"])
    bot.world.remove_role(guild, editors)

    async def is_forgotten() -> bool:
        stored = await newsroom.store.places.by_id(place.id)
        return stored is not None and stored.manager_role is None

    await until(is_forgotten)
    settings = await bot.people.press("admin", settings.message, "Stop sharing")
    assert "Allow sharing" in labels(settings)
    done = await bot.people.press("admin", (await begin(bot)).message, "Turn on")
    assert "is on" in text_of(done)
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert schedule.settings == BriefingSettings()


async def test_two_managers_press_the_same_panels_at_once_and_nothing_is_lost(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    bot.world.set_roles(guild, bot.people.user("member"), admins(guild))
    await turned_on(bot)
    panels = [await bot.people.invoke(who, "general", "newsdesk status") for who in ("admin", "member")]
    presses = (
        bot.people.press(who, panel.message, "Pause") for who, panel in zip(("admin", "member"), panels, strict=True)
    )
    first, second = await asyncio.gather(*presses)
    assert "until you resume it" in text_of(first)
    assert "until you resume it" in text_of(second)
    noted = (await newsroom.desks.scheduling.changes(place)).changes
    assert [one.what for one in noted] == ["paused", "turned-on"]


async def test_every_change_of_every_panel_is_listed_with_who_made_it(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    panel = await bot.people.invoke("admin", "general", "newsdesk sources")
    form = await bot.people.press("admin", panel.message, "Add a source")
    added = await bot.people.submit_modal("admin", form, {"address": "paper.example"})
    panel = await bot.people.press("admin", added.message, "Sources")
    panel = await bot.people.choose("admin", panel.message, "Choose source packs…", ["US"])
    for button in ("Pause", "Resume", "Remove source"):
        panel = await bot.people.choose("admin", panel.message, "Choose a source…", ["Paper.Example"])
        panel = await bot.people.press("admin", panel.message, button)
    panel = await bot.people.invoke("admin", "general", "newsdesk filters")
    panel = await bot.people.choose("admin", panel.message, "Leave out topics…", ["Sport"])
    panel = await bot.people.press("admin", panel.message, "Clear filters")
    found = (await newsroom.desks.scheduling.changes(place)).changes
    assert [one.what for one in reversed(found)] == [
        "source-added", "packs", "source-paused", "source-resumed", "source-removed", "filters", "filters",
    ]  # fmt: skip
    assert {one.by for one in found} == {bot.people.user("admin").id}
    assert "source packs changed" in text_of(await forge(bot, panel.message, Changes().custom_id, None))
