"""Setting up a briefing, through the stand-in: what is chosen is kept, whatever happens in between."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.editions import LeadChoice
from bot.domain.places import BriefingSettings, Place, QuietDay, Style
from bot.domain.topics import Topic
from bot.loopback import Loopback
from bot.loopback.guilds import Guild, Kind
from bot.loopback.people import Exchange
from bot.loopback.permissions import Overwrite, Permission
from tests.fakes.managers import ALL_SET, admins, begin, labels, text_of, turned_on
from tests.fakes.newsroom import Newsroom


async def test_a_briefing_is_set_up_with_one_command_and_one_press(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    panel = await begin(bot, **ALL_SET)
    assert panel.is_private
    assert "08:00, Europe/Berlin" in text_of(panel)
    assert "Check passed" in text_of(panel)
    done = await bot.people.press("admin", panel.message, "Turn on")
    assert "The daily briefing is on" in text_of(done)
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    admin = bot.people.user("admin")
    assert (schedule.channel_id, schedule.zone) == (bot.world.channel("news").id, "Europe/Berlin")
    assert (schedule.enabled, schedule.changed_by) == (True, admin.id)


async def test_a_briefing_is_set_up_in_the_panel_alone(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    panel = await begin(bot)
    assert "Turn on" in labels(panel, off=True)
    panel = await bot.people.choose("admin", panel.message, "Choose a channel…", ["news"])
    form = await bot.people.press("admin", panel.message, "Change time and zone")
    panel = await bot.people.submit_modal("admin", form, {"time": "7.30 pm", "city": "Berlin"})
    panel = await bot.people.choose("admin", panel.message, "Choose source packs…", ["World", "US"])
    assert "19:30, Europe/Berlin" in text_of(panel)
    page = await bot.people.press("admin", panel.message, "What it holds")
    page = await bot.people.choose("admin", page.message, "Lead with…", ["Lead with no politics"])
    page = await bot.people.choose("admin", page.message, "All topics", ["World", "Science"])
    page = await bot.people.choose("admin", page.message, "How many stories…", ["6 stories"])
    page = await bot.people.press("admin", page.message, "How it is posted")
    page = await bot.people.choose("admin", page.message, "Choose days…", ["Monday", "Friday"])
    page = await bot.people.choose("admin", page.message, "How late it may be…", ["Up to 6 hours late"])
    page = await bot.people.choose("admin", page.message, "No role", ["Admins"])
    page = await bot.people.press("admin", page.message, "Use plain text")
    panel = await bot.people.press("admin", page.message, "Back")
    assert panel.message.id == form.interaction.message.id if form.interaction.message else False
    done = await bot.people.press("admin", panel.message, "Turn on")
    assert "First post in" in text_of(done)
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    settings = schedule.settings
    assert (schedule.weekdays, schedule.grace_s, settings.style) == (0b001_0001, 21_600, Style.PLAIN)
    assert (settings.lead_choice, settings.max_stories) == (LeadChoice.NO_POLITICS, 6)
    assert (settings.topics, settings.role_id is None) == ((Topic.WORLD, Topic.SCIENCE), False)
    assert newsroom.sources.chosen[place.id] == ("World", "US")


async def test_a_city_that_fits_several_zones_is_asked_for_and_nothing_is_lost(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    asked = await begin(bot, channel="news", time="20h", zone="IST")
    assert "“IST” fits several time zones" in text_of(asked)
    panel = await bot.people.choose("admin", asked.message, "Choose a time zone…", ["Asia/Kolkata"])
    assert "20:00, Asia/Kolkata" in text_of(panel)
    assert "Check passed" in text_of(panel)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"time": "24:00", "zone": "Berlin"}, "E08"),
        ({"time": "7:60"}, "E08"),
        ({"time": "soon", "zone": "Atlantis"}, "E08"),
        ({"time": "8", "zone": "Atlantis"}, "E07"),
    ],
    ids=str,
)
async def test_a_time_or_zone_that_is_none_is_told_and_the_rest_is_kept(
    bot: Loopback, place: Place, options: dict[str, str], code: str
) -> None:
    told = await begin(bot, channel="news", **options)
    assert told.is_private
    assert f"Code {code}" in text_of(told)
    form = await bot.people.press("admin", told.message, "Change time and zone")
    shown = {control["custom_id"]: control.get("value") for control in _fields(form)}
    assert shown["time"] == ("08:00" if options["time"] == "8" else None)
    assert shown["city"] == ("Europe/Berlin" if options.get("zone") == "Berlin" else None)
    panel = await bot.people.submit_modal("admin", form, {"time": "9", "city": "UTC"})
    assert "Turn on" in labels(panel)


def _fields(form: Exchange) -> list[dict[str, Any]]:
    return [row["component"] for row in form.modal["components"]]


async def test_zones_are_completed_by_city_with_the_clock_there(bot: Loopback, place: Place) -> None:
    typed = await bot.people.autocomplete("admin", "general", "newsdesk setup", "zone", "munich")
    assert [choice["value"] for choice in typed.choices] == ["Europe/Berlin"]
    assert typed.choices[0]["name"].startswith("Munich — now ")
    everything = await bot.people.autocomplete("admin", "general", "newsdesk setup", "zone", "")
    assert len(everything.choices) == 25


async def test_a_channel_the_bot_may_not_post_in_keeps_turn_on_off_until_that_is_mended(
    bot: Loopback, guild: Guild, place: Place
) -> None:
    news, role = bot.world.channel("news"), bot.world.bot_role(guild)
    bot.world.set_overwrite(news, Overwrite(role.id, deny=Permission.SEND_MESSAGES))
    panel = await begin(bot, **ALL_SET)
    assert "Check failed" in text_of(panel)
    assert "Turn on" in labels(panel, off=True)
    bot.world.set_overwrite(news, Overwrite(role.id, allow=Permission.SEND_MESSAGES))
    panel = await bot.people.press("admin", panel.message, "Check again")
    assert "Turn on" in labels(panel)


async def test_a_channel_deleted_in_the_middle_of_a_setup_is_told_and_the_rest_is_kept(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    panel = await begin(bot, **ALL_SET)
    bot.world.remove_channel(bot.world.channel("news"))
    told = await bot.people.press("admin", panel.message, "Turn on")
    assert "Code E01" in text_of(told)
    panel = await bot.people.press("admin", told.message, "Choose another channel")
    assert "08:00, Europe/Berlin" in text_of(panel)
    panel = await bot.people.choose("admin", panel.message, "Choose a channel…", ["general"])
    assert "is on" in text_of(await bot.people.press("admin", panel.message, "Turn on"))


async def test_a_forum_and_a_thread_can_be_chosen(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    bot.world.add_channel(guild, "forum", Kind.FORUM)
    panel = await begin(bot, channel="forum", time="8", zone="UTC")
    await bot.people.press("admin", panel.message, "Turn on")
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert schedule.target.value == "forum"


async def test_a_cancelled_setup_leaves_nothing_behind(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    panel = await begin(bot, **ALL_SET)
    assert "No briefing was changed" in text_of(await bot.people.press("admin", panel.message, "Cancel"))
    assert "not chosen yet" in text_of(await begin(bot))
    assert await newsroom.store.schedules.of_place(place.id) == ()


async def test_an_existing_briefing_is_changed_and_shows_its_own_settings(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    done = await turned_on(bot)
    status = await bot.people.press("admin", done.message, "Show status")
    panel = await bot.people.press("admin", status.message, "Change")
    form = await bot.people.press("admin", panel.message, "Change time and zone")
    told = await bot.people.submit_modal("admin", form, {"time": "25:00", "city": "Tokyo"})
    form = await bot.people.press("admin", told.message, "Change time and zone")
    panel = await bot.people.submit_modal("admin", form, {"time": "21:15"})
    assert "21:15, Asia/Tokyo" in text_of(panel)
    await bot.people.press("admin", panel.message, "Save changes")
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert (f"{schedule.local_time:%H:%M}", schedule.zone) == ("21:15", "Asia/Tokyo")


async def test_two_managers_in_the_same_briefing_do_not_undo_each_others_choices(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    bot.world.set_roles(guild, bot.people.user("member"), admins(guild))
    await turned_on(bot)
    panels = {}
    for who in ("admin", "member"):
        status = await bot.people.invoke(who, "general", "newsdesk status")
        panels[who] = await bot.people.press(who, status.message, "Change")
    form = await bot.people.press("admin", panels["admin"].message, "Change time and zone")
    changed = await bot.people.submit_modal("admin", form, {"time": "10:00"})
    page = await bot.people.press("member", panels["member"].message, "How it is posted")
    page = await bot.people.press("member", page.message, "Use plain text")
    back = await bot.people.press("member", page.message, "Back")
    await bot.people.press("admin", changed.message, "Save changes")
    await bot.people.press("member", back.message, "Save changes")
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert (f"{schedule.local_time:%H:%M}", schedule.settings.style) == ("10:00", Style.PLAIN)


async def test_the_preview_is_private_and_says_what_it_is(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    await newsroom.add(await newsroom.source("feed"), "Harbour bridge reopens after two years")
    preview = await bot.people.press("admin", (await begin(bot)).message, "Preview")
    assert preview.is_private
    assert "Preview: Daily briefing" in text_of(preview)
    assert "Harbour bridge reopens" in text_of(preview)
    done = await turned_on(bot)
    status = await bot.people.press("admin", done.message, "Show status")
    panel = await bot.people.press("admin", status.message, "Change")
    await newsroom.clock.advance(timedelta(seconds=3))
    assert "Preview:" in text_of(await bot.people.press("admin", panel.message, "Preview"))


async def test_an_announcement_channel_may_publish_and_a_quiet_day_is_chosen(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    panel = await begin(bot, channel="announcements", time="8", zone="UTC")
    page = await bot.people.press("admin", panel.message, "How it is posted")
    page = await bot.people.press("admin", page.message, "Publish to followers")
    assert "Don’t publish" in labels(page)
    page = await bot.people.press("admin", page.message, "What it holds")
    page = await bot.people.choose("admin", page.message, "When nothing is new…", ["When nothing is new, post nothing"])
    panel = await bot.people.press("admin", page.message, "Back")
    done = await bot.people.press("admin", panel.message, "Turn on")
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert (schedule.settings.publish, schedule.settings.quiet_day) == (True, QuietDay.SILENT)
    status = await bot.people.press("admin", done.message, "Show status")
    panel = await bot.people.press("admin", status.message, "Change")
    panel = await bot.people.choose("admin", panel.message, "Choose a channel…", ["news"])
    page = await bot.people.press("admin", panel.message, "How it is posted")
    assert not {"Publish to followers", "Don’t publish"} & labels(page)
    panel = await bot.people.press("admin", page.message, "Back")
    await bot.people.press("admin", panel.message, "Save changes")
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert not schedule.settings.publish


# ── names, topics and sources of a briefing's own ────────────────────────────────────────────────────────────────


async def _named(bot: Loopback, panel: Exchange, name: str) -> Exchange:
    form = await bot.people.press("admin", panel.message, "Name it")
    return await bot.people.submit_modal("admin", form, {"name": name})


async def test_a_second_briefing_in_a_channel_needs_a_name_of_its_own(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    await turned_on(bot)
    elsewhere = await begin(bot, channel="general", time="20", zone="UTC")
    assert "Turn on" not in labels(elsewhere, off=True)
    panel = await begin(bot, channel="news", time="20", zone="UTC")
    assert "another briefing here has it" in text_of(panel)
    assert "Turn on" in labels(panel, off=True)
    panel = await _named(bot, panel, "  Evening \u202e tech\n ")
    done = await bot.people.press("admin", panel.message, "Turn on")
    assert "Evening tech is on" in text_of(done)
    status = await bot.people.press("admin", done.message, "Show status")
    assert "### Evening tech" in text_of(status)
    panel = await _named(bot, await bot.people.press("admin", status.message, "Change"), "")
    assert "Save changes" in labels(panel, off=True)


async def test_a_briefing_that_was_nameless_beside_another_keeps_its_name(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    await turned_on(bot)
    done = await turned_on_as(bot, "Evening")
    desk = newsroom.desks.scheduling
    (_, second) = await newsroom.store.schedules.of_place(place.id)
    await desk.change_settings(place, second.id, 7, lambda _old: BriefingSettings())
    status = await bot.people.press("admin", done.message, "Show status")
    panel = await bot.people.press("admin", status.message, "Change")
    assert "Save changes" in labels(panel)


async def turned_on_as(bot: Loopback, name: str) -> Exchange:
    panel = await _named(bot, await begin(bot, channel="general", time="20", zone="UTC"), name)
    return await bot.people.press("admin", panel.message, "Turn on")


async def test_the_name_heads_the_preview_and_the_notes(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    await newsroom.add(await newsroom.source("feed"), "Harbour bridge reopens after two years")
    panel = await _named(bot, await begin(bot, **ALL_SET), "*Tech* at eight")
    preview = await bot.people.press("admin", panel.message, "Preview")
    assert "Preview: \\*Tech\\* at eight" in text_of(preview)
    assert "Code E19" in text_of(await bot.people.press("admin", panel.message, "Preview"))


async def test_a_briefing_is_narrowed_to_sources_in_a_form(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    ids = [await newsroom.source(f"paper{number:02}") for number in range(30)]
    done = await turned_on(bot)
    status = await bot.people.press("admin", done.message, "Show status")
    panel = await bot.people.press("admin", status.message, "Change")
    page = await bot.people.press("admin", panel.message, "What it holds")
    form = await bot.people.press("admin", page.message, "Choose sources")
    page = await bot.people.submit_modal("admin", form, {"sources1": [str(ids[0])], "sources2": [str(ids[29])]})
    assert "**Only from** Paper00, Paper29" in text_of(page)
    page = await bot.people.press("admin", page.message, "Back")
    await bot.people.press("admin", page.message, "Save changes")
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert schedule.settings.source_ids == (ids[0], ids[29])
    status = await bot.people.invoke("admin", "general", "newsdesk status")
    assert "**Only from** Paper00, Paper29" in text_of(status)


async def test_without_sources_the_page_says_so_again(bot: Loopback, place: Place) -> None:
    page = await bot.people.press("admin", (await begin(bot)).message, "What it holds")
    again = await bot.people.press("admin", page.message, "Choose sources")
    assert "all that are read here" in text_of(again)


async def test_turn_on_pressed_twice_makes_one_briefing(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    panel = await begin(bot, **ALL_SET)
    presses = (bot.people.press("admin", panel.message, "Turn on") for _ in range(2))
    first, second = await asyncio.gather(*presses)
    assert "The daily briefing is on" in text_of(first)
    assert "The daily briefing is on" in text_of(second)
    assert len(await newsroom.store.schedules.of_place(place.id)) == 1
