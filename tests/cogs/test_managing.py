"""Managers at work, through the stand-in: who may, the status, sources and filters."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.desk.scheduling import MOST_PER_PLACE
from bot.domain.answers import SettingChange
from bot.domain.places import BriefingSettings, Place
from bot.loopback import Loopback
from bot.loopback.guilds import Guild
from tests.fakes.managers import ALL_SET, admins, begin, labels, text_of, turned_on
from tests.fakes.newsroom import Newsroom

# ── who may ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_members_are_not_offered_the_commands(bot: Loopback) -> None:
    assert not [one for one in bot.people.commands("member", "general") if one["name"] == "newsdesk"]
    assert [one for one in bot.people.commands("admin", "general") if one["name"] == "newsdesk"]
    assert not [one for one in bot.people.commands("admin", "dm") if one["name"] == "newsdesk"]


async def test_whoever_loses_the_right_while_a_panel_is_open_is_refused_and_nothing_changes(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    member = bot.people.user("member")
    bot.world.set_roles(guild, member, admins(guild))
    panel = await bot.people.invoke("member", "general", "newsdesk setup", ALL_SET)
    form = await bot.people.press("member", panel.message, "Change time and zone")
    bot.world.set_roles(guild, member)
    for refused in (
        await bot.people.submit_modal("member", form, {"time": "9"}),
        await bot.people.choose("member", panel.message, "Choose a channel…", ["general"]),
        await bot.people.press("member", panel.message, "Turn on"),
    ):
        assert refused.is_private
        assert "Code E10" in text_of(refused)
    assert await newsroom.store.schedules.of_place(place.id) == ()


async def test_the_news_managers_role_may_press_what_manage_server_may(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    member, role = bot.people.user("member"), bot.world.add_role(guild, "Editors")
    await newsroom.store.places.change(place.id, lambda old: replace(old, manager_role=role.id))
    shown = await bot.people.invoke("member", "general", "dateline")
    assert "Set up" not in labels(shown)
    bot.world.set_roles(guild, member, role)
    shown = await bot.people.invoke("member", "general", "dateline")
    panel = await bot.people.press("member", shown.message, "Set up")
    assert "Set up the daily briefing" in text_of(panel)


async def test_a_member_who_presses_a_managers_button_is_refused_privately(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    panel = await turned_on(bot)
    public = bot.world.messages.create(bot.world.channel("general"), bot.world.bot, panel.message.draft)
    refused = await bot.people.press("member", public, "Show status")
    assert refused.is_private
    assert "Code E10" in text_of(refused)


async def test_who_runs_the_command_by_integrations_alone_looks_and_is_told_what_pressing_needs(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    member, helpers = bot.people.user("member"), bot.world.add_role(guild, "Helpers")
    bot.world.commands.grant(guild.id, "newsdesk", helpers.id)
    bot.world.set_roles(guild, member, helpers)
    panel = await bot.people.invoke("member", "general", "newsdesk setup", ALL_SET)
    assert "Check passed" in text_of(panel)
    refused = await bot.people.press("member", panel.message, "Turn on")
    assert "needs Manage Server, or the news managers role that an admin can choose" in text_of(refused)
    editors = bot.world.add_role(guild, "Editors")
    await newsroom.store.places.change(place.id, lambda old: replace(old, manager_role=editors.id))
    refused = await bot.people.press("member", panel.message, "Turn on")
    assert f"needs Manage Server or the role <@&{editors.id}>" in text_of(refused)
    bot.world.set_roles(guild, member, helpers, editors)
    assert "is on" in text_of(await bot.people.press("member", panel.message, "Turn on"))


async def test_a_server_full_of_briefings_says_what_to_do_and_where(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    await turned_on(bot)
    (first,) = await newsroom.store.schedules.of_place(place.id)
    for number in range(1, MOST_PER_PLACE):
        copy = replace(first, key=bytes([number]) * 8, settings=BriefingSettings(name=f"n{number}"))
        await newsroom.store.schedules.add(copy, SettingChange(newsroom.clock.now(), "turned-on"))
    panel = await begin(bot, channel="general", time="9", zone="UTC")
    told = await bot.people.press("admin", panel.message, "Turn on")
    assert "The limit of 10 is reached" in text_of(told)
    panel = await bot.people.press("admin", told.message, "Show status")
    for button in ("Turn off", "Turn off", "Delete", "Delete briefing"):
        panel = await bot.people.press("admin", panel.message, button)
    assert "is on" in text_of(await bot.people.press("admin", (await begin(bot)).message, "Turn on"))


# ── status ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_empty_status_leads_to_the_setup(bot: Loopback, place: Place) -> None:
    status = await bot.people.invoke("admin", "general", "newsdesk status")
    assert "No daily briefing is set up here yet" in text_of(status)
    assert "Set up the daily briefing" in text_of(await bot.people.press("admin", status.message, "Set up"))


async def test_the_status_skips_pauses_resumes_and_turns_off(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    done = await turned_on(bot)
    panel = await bot.people.press("admin", done.message, "Show status")
    for button, expected in [
        ("Skip next", "skipping"),
        ("Don’t skip", "**On**"),
        ("Pause", "until you resume it"),
        ("Resume", "**On**"),
        ("Turn off", "Turn off Daily briefing?"),
        ("Keep it on", "**On**"),
        ("Turn off", "No more briefings come"),
        ("Turn off", "**Off**"),
        ("Resume", "**On**"),
        ("Refresh", "**On**"),
    ]:
        panel = await bot.people.press("admin", panel.message, button)
        assert expected in text_of(panel), button
    changed = await bot.people.invoke("admin", "general", "newsdesk status")
    assert f"<@{bot.people.user('admin').id}>" in text_of(changed)


async def test_post_now_has_a_cooldown(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    done = await turned_on(bot)
    panel = await bot.people.press("admin", done.message, "Show status")
    panel = await bot.people.press("admin", panel.message, "Post now")
    assert "planned" in text_of(panel)
    assert newsroom.watch.wakes >= 2
    assert "Code E19" in text_of(await bot.people.press("admin", panel.message, "Post now"))


async def test_several_briefings_are_shown_one_at_a_time(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    await turned_on(bot)
    panel = await begin(bot, channel="general", time="20:00", zone="UTC")
    form = await bot.people.press("admin", panel.message, "Name it")
    panel = await bot.people.submit_modal("admin", form, {"name": "Evening"})
    await bot.people.press("admin", panel.message, "Turn on")
    offered = await bot.people.autocomplete("admin", "general", "newsdesk status", "briefing", "20")
    assert [choice["name"] for choice in offered.choices] == ["Evening · 20:00, UTC"]
    status = await bot.people.invoke("admin", "general", "newsdesk status", {"briefing": offered.choices[0]["value"]})
    assert "20:00, UTC" in text_of(status)
    other = await bot.people.choose("admin", status.message, "", [1])
    assert "08:00, Europe/Berlin" in text_of(other)


async def test_buttons_of_a_briefing_that_is_gone_are_answered(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    done = await turned_on(bot)
    status = await bot.people.press("admin", done.message, "Show status")
    panel = await bot.people.press("admin", status.message, "Change")
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    await newsroom.desks.scheduling.remove(schedule.place, schedule.id, 7)
    assert "Code E15" in text_of(await bot.people.press("admin", panel.message, "What it holds"))
    assert "Code E15" in text_of(await bot.people.press("admin", panel.message, "Save changes"))


async def test_a_pause_until_a_date_is_asked_for_told_and_ended(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    done = await turned_on(bot)
    panel = await bot.people.press("admin", done.message, "Show status")
    form = await bot.people.press("admin", panel.message, "Pause until a date")
    told = await bot.people.submit_modal("admin", form, {"date": "soon"})
    assert "Code E28" in text_of(told)
    form = await bot.people.press("admin", told.message, "Pause until a date")
    panel = await bot.people.submit_modal("admin", form, {"date": "3 weeks"})
    (schedule,) = await newsroom.store.schedules.of_place(place.id)
    assert schedule.paused_until == newsroom.clock.now().date() + timedelta(weeks=3)
    assert "**Paused** until <t:" in text_of(panel)
    form = await bot.people.press("admin", panel.message, "Pause until a date")
    assert form.modal["components"][0]["component"]["value"] == schedule.paused_until.isoformat()
    panel = await bot.people.press("admin", panel.message, "Resume")
    assert "**On**" in text_of(panel)


async def test_a_briefing_that_is_off_can_be_deleted_after_a_second_press(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    done = await turned_on(bot)
    panel = await bot.people.press("admin", done.message, "Show status")
    panel = await bot.people.press("admin", panel.message, "Turn off")
    panel = await bot.people.press("admin", panel.message, "Turn off")
    panel = await bot.people.press("admin", panel.message, "Delete")
    assert "This can’t be undone" in text_of(panel)
    panel = await bot.people.press("admin", panel.message, "Delete briefing")
    assert "No daily briefing is set up here yet" in text_of(panel)
    panel = await bot.people.press("admin", panel.message, "Who changed what")
    admin = bot.people.user("admin")
    assert f"briefing deleted <t:{int(newsroom.clock.now().timestamp())}:R> · <@{admin.id}>" in text_of(panel)
    assert "No daily briefing" in text_of(await bot.people.press("admin", panel.message, "Show status"))


# ── the server's own settings ────────────────────────────────────────────────────────────────────────────────────


async def test_the_servers_settings_hold_at_once_and_are_noted(
    bot: Loopback, newsroom: Newsroom, guild: Guild, place: Place
) -> None:
    status = await bot.people.invoke("admin", "general", "newsdesk status")
    panel = await bot.people.press("admin", status.message, "Server settings")
    panel = await bot.people.choose("admin", panel.message, "Private everywhere", ["general", "announcements"])
    panel = await bot.people.choose("admin", panel.message, "The moderators’ channel, else a DM", ["moderators"])
    panel = await bot.people.choose("admin", panel.message, "No role", ["Admins"])
    panel = await bot.people.press("admin", panel.message, "Stop sharing")
    panel = await bot.people.press("admin", panel.message, "Stop corrections")
    assert {"Allow sharing", "Allow corrections"} <= labels(panel)
    stored = await newsroom.store.places.by_id(place.id)
    assert stored is not None
    assert (stored.may_share, stored.corrections, stored.manager_role) == (False, False, admins(guild).id)
    assert stored.notices_channel == bot.world.channel("moderators").id
    assert stored.public_channels == (bot.world.channel("general").id, bot.world.channel("announcements").id)
    noted = (await newsroom.desks.scheduling.changes(place)).changes
    assert [one.what for one in noted] == ["corrections-off", "sharing-off", "managers", "notices", "answers"]
    bot.world.remove_channel(bot.world.channel("announcements"))
    bot.world.remove_channel(bot.world.channel("moderators"))
    panel = await bot.people.press("admin", panel.message, "Allow sharing")
    assert "Stop sharing" in labels(panel)


async def test_the_servers_settings_lead_back_to_the_setup_they_were_opened_from(bot: Loopback, place: Place) -> None:
    panel = await bot.people.press("admin", (await begin(bot, **ALL_SET)).message, "Server settings")
    panel = await bot.people.press("admin", panel.message, "Stop sharing")
    panel = await bot.people.press("admin", panel.message, "Back")
    assert "08:00, Europe/Berlin" in text_of(panel)


async def test_where_sharing_is_stopped_no_card_offers_it(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    await newsroom.add(await newsroom.source("feed"), "Harbour bridge reopens after two years")
    for may_share in (True, False):
        await newsroom.store.places.change(place.id, partial(replace, may_share=may_share))
        card = await bot.people.invoke("member", "general", "summary", {"story": "harbour bridge"})
        assert ("Share in channel" in labels(card)) is may_share


# ── sources, filters, the sample ─────────────────────────────────────────────────────────────────────────────────


async def test_managers_add_check_pause_and_remove_a_source(bot: Loopback, newsroom: Newsroom, place: Place) -> None:
    panel = await bot.people.invoke("admin", "general", "newsdesk sources")
    assert "No sources are chosen here yet" in text_of(panel)
    form = await bot.people.press("admin", panel.message, "Add a source")
    added = await bot.people.submit_modal("admin", form, {"address": "paper.example"})
    assert "Paper.Example is read here now" in text_of(added)
    assert r"A \*first\* headline" in text_of(added)
    panel = await bot.people.press("admin", added.message, "Sources")
    panel = await bot.people.choose("admin", panel.message, "Choose a source…", ["Paper.Example"])
    for button, there in [("Pause", "Resume"), ("Resume", "Pause"), ("Check now", "Pause")]:
        panel = await bot.people.press("admin", panel.message, button)
        assert there in labels(panel)
    panel = await bot.people.press("admin", panel.message, "Remove source")
    assert "No sources are chosen here yet" in text_of(panel)
    assert newsroom.sources.done == ["checked 1"]
    chosen = await bot.people.choose("admin", panel.message, "Choose source packs…", ["US"])
    assert newsroom.sources.chosen[place.id] == ("US",)
    assert "Sources" in text_of(chosen)


async def test_an_address_without_a_feed_is_told(bot: Loopback, place: Place) -> None:
    panel = await bot.people.invoke("admin", "general", "newsdesk sources")
    form = await bot.people.press("admin", panel.message, "Add a source")
    assert "Code E11" in text_of(await bot.people.submit_modal("admin", form, {"address": "nowhere"}))


async def test_members_see_the_sources_without_what_managers_press(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    for number in range(11):
        await newsroom.sources.add(place.id, 1, f"paper{number}.example")
    screen = await bot.people.invoke("member", "general", "dateline")
    panel = await bot.people.press("member", screen.message, "Sources")
    assert labels(panel) == {"Next page", "All headlines"}
    second = await bot.people.press("member", panel.message, "Next page")
    assert "Paper10" in text_of(second)


async def test_filters_are_changed_and_say_what_they_would_have_kept(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    await newsroom.add(await newsroom.source("feed"), "Frog leaps far", "Opera opens late")
    await newsroom.source("gazette")
    panel = await bot.people.invoke("admin", "general", "newsdesk filters")
    form = await bot.people.press("admin", panel.message, "Change words")
    panel = await bot.people.submit_modal("admin", form, {"exclude": "frog, toad"})
    assert "Would have kept 1 of the last 2 stories" in text_of(panel)
    panel = await bot.people.choose("admin", panel.message, "Leave out topics…", ["Sport"])
    assert (await newsroom.store.place_filters.of_place(place.id)).excluded_topics
    panel = await bot.people.choose("admin", panel.message, "Only these sources…", ["Gazette"])
    assert "**Only from** Gazette" in text_of(panel)
    assert "Would have kept 0 of the last 2 stories" in text_of(panel)
    panel = await bot.people.press("admin", panel.message, "Clear filters")
    assert "Would have kept 2 of the last 2 stories" in text_of(panel)


async def test_a_server_mutes_a_topic_or_a_word_for_a_week_and_hears_it_again(
    bot: Loopback, newsroom: Newsroom, place: Place
) -> None:
    panel = await bot.people.invoke("admin", "general", "newsdesk filters")
    panel = await bot.people.press("admin", panel.message, "Mutes")
    assert "Nothing is muted" in text_of(panel)
    panel = await bot.people.choose("admin", panel.message, "Mute a topic for 7 days…", ["Sport"])
    form = await bot.people.press("admin", panel.message, "Mute a word")
    panel = await bot.people.submit_modal("admin", form, {"word": "horo*scope"})
    assert "**Sport** (topic) · until" in text_of(panel)
    assert len(await newsroom.store.place_filters.mutes(place.id, newsroom.clock.now())) == 2
    panel = await bot.people.choose("admin", panel.message, "Hear again…", ["Sport"])
    assert "Sport" not in text_of(panel)
    panel = await bot.people.press("admin", panel.message, "Filters")
    assert "1 topic or word" in text_of(panel)


async def test_a_members_own_mutes_are_found_on_the_one_screen_and_lifted(bot: Loopback, newsroom: Newsroom) -> None:
    screen = await bot.people.invoke("member", "general", "dateline")
    panel = await bot.people.press("member", screen.message, "Your mutes")
    form = await bot.people.press("member", panel.message, "Mute a word")
    panel = await bot.people.submit_modal("member", form, {"word": "storm"})
    assert "**storm** (word)" in text_of(panel)
    panel = await bot.people.choose("member", panel.message, "Hear again…", ["storm"])
    assert "Nothing is muted" in text_of(panel)


# ── lists of feeds ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_opml_file_is_attached_and_the_panel_hands_one_out(bot: Loopback, place: Place) -> None:
    file = bot.world.upload("mine.opml", b"one.example two.example 10.0.0.1")
    brought = await bot.people.invoke("admin", "general", "newsdesk sources", {"file": file})
    assert "2 sources added" in text_of(brought)
    assert "1 was refused" in text_of(brought)
    panel = await bot.people.press("admin", brought.message, "Sources")
    listed = await bot.people.press("admin", panel.message, "Export list")
    (attached,) = listed.message.json()["attachments"]
    assert attached["filename"] == "sources.opml"
