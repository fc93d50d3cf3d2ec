"""Settings as a file, through the stand-in: out of the server, looked at, confirmed by who may."""

import json
from typing import Any

from bot.domain.places import Place
from bot.loopback import Loopback
from bot.loopback.guilds import Guild
from bot.loopback.people import Exchange
from tests.fakes.managers import admins, text_of, turned_on
from tests.fakes.newsroom import Newsroom


async def exported(bot: Loopback) -> tuple[Exchange, dict[str, Any]]:
    answer = await bot.people.invoke("admin", "general", "newsdesk export")
    (file,) = answer.message.attachments
    found: dict[str, Any] = json.loads(file.content)
    return answer, found


async def imported(bot: Loopback, document: object, who: str = "admin") -> Exchange:
    file = bot.world.upload("settings.json", json.dumps(document).encode())
    return await bot.people.invoke(who, "general", "newsdesk import", {"file": file})


async def test_settings_go_out_as_a_file_and_come_back_changed(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    await turned_on(bot)
    answer, document = await exported(bot)
    assert answer.is_private
    assert "It names no person" in text_of(answer)
    assert str(bot.people.user("admin").id) not in json.dumps(document)
    document["briefings"][0]["time"] = "09:15"
    document["server"]["sharing"] = False
    preview = await imported(bot, document)
    assert "**Changed briefings** Daily briefing" in text_of(preview)
    done = await bot.people.press("admin", preview.message, "Import")
    assert "The settings are imported" in text_of(done)
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert (f"{schedule.local_time:%H:%M}", schedule.place.may_share) == ("09:15", False)
    status = await bot.people.press("admin", done.message, "Show status")
    assert "settings imported" in text_of(status)
    assert newsroom.watch.wakes


async def test_a_confirmed_or_cancelled_import_cannot_be_confirmed_again(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    await turned_on(bot)
    _, document = await exported(bot)
    document["server"]["corrections"] = False
    preview = await imported(bot, document)
    shown = preview.message.draft
    cancelled = await bot.people.press("admin", preview.message, "Cancel")
    assert "nothing was changed" in text_of(cancelled)
    old = bot.world.messages.create(bot.world.channel("general"), bot.world.bot, shown)
    told = await bot.people.press("admin", old, "Import")
    assert "Code E14" in text_of(told)
    assert "/newsdesk import" in text_of(told) or "</newsdesk import" in text_of(told)


async def test_who_was_only_let_run_the_command_looks_but_cannot_confirm(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    await turned_on(bot)
    _, document = await exported(bot)
    document["server"]["corrections"] = False
    member = bot.people.user("member")
    bot.world.set_roles(guild, member, admins(guild))
    preview = await imported(bot, document, "member")
    bot.world.set_roles(guild, member)
    refused = await bot.people.press("member", preview.message, "Import")
    assert "Pressing this needs Manage Server" in text_of(refused)


async def test_a_file_that_is_none_is_told_with_the_place_of_the_mistake(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    await turned_on(bot)
    _, document = await exported(bot)
    document["briefings"][0]["time"] = "25:00"
    told = await imported(bot, document)
    assert "briefings\\[1\\].time has a value that there is not" in text_of(told)
    assert "Code E30" in text_of(told)


async def test_what_changes_nothing_is_said_and_asks_for_nothing(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    await turned_on(bot)
    _, document = await exported(bot)
    told = await imported(bot, document)
    assert "nothing would change" in text_of(told)
