"""What members do for themselves, through the stand-in; every payload passes the acceptance list."""

from typing import Any

import pytest

from bot.loopback import Loopback
from bot.loopback.people import Exchange
from bot.render.kinds import Kind
from tests.fakes.newsroom import Newsroom
from tests.fakes.waiting import until
from tests.render.acceptance import faults


def told(exchange: Exchange, kind: Kind) -> str:
    """Give what an answer says, once it has passed the acceptance list."""
    assert exchange.error is None
    payload = _sent(exchange)
    assert faults(kind, payload) == []
    return "\n".join(_texts(payload["components"]))


def _sent(exchange: Exchange) -> dict[str, Any]:
    body = exchange.responses[0]
    data: dict[str, Any] = body.get("data", body)
    flags = exchange.message.json()["flags"]  # an update says none: the message keeps its own
    return {"allowed_mentions": {"parse": []}, **data, "flags": data.get("flags", 0) | flags}


def _texts(components: list[dict[str, Any]]) -> list[str]:
    found: list[str] = []
    for component in components:
        found += [component["content"]] if "content" in component else []
        found += _texts(component.get("components", []))
    return found


@pytest.fixture
async def stories(newsroom: Newsroom) -> list[int]:
    feed = await newsroom.source("feed")
    return await newsroom.add(feed, "Bridge opens in Lisbon", "Harbour closes in Porto", names=("Lisbon",))


# ── /catchup ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_catch_up_is_private_and_said_once_more_when_asked_again(bot: Loopback, stories: list[int]) -> None:
    first = await bot.people.invoke("member", "general", "catchup")
    assert first.is_private
    assert "from now on I remember where you were" in told(first, Kind.CATCH_UP)
    again = await bot.people.invoke("member", "general", "catchup")
    assert "the same once more" in told(again, Kind.CATCH_UP)
    card = await bot.people.choose("member", again.message, "", [1])
    assert card.message.id != again.message.id


async def test_who_is_up_to_date_is_shown_a_way_on(bot: Loopback, newsroom: Newsroom, stories: list[int]) -> None:
    await bot.people.invoke("member", "general", "catchup")
    await newsroom.clock.advance(3600)
    nothing = await bot.people.invoke("member", "general", "catchup")
    assert "You are up to date\nNothing new since <t:" in told(nothing, Kind.CATCH_UP).replace("## ", "")
    page = await bot.people.press("member", nothing.message, "All headlines")
    assert "Bridge opens" in told(page, Kind.LIST)


# ── Report a problem ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_problem_is_reported_from_the_card(bot: Loopback, newsroom: Newsroom, stories: list[int]) -> None:
    card = await bot.people.invoke("member", "general", "summary", {"story": "bridge"})
    form = await bot.people.choose("member", card.message, "", ["report"])
    sent = await bot.people.submit_modal("member", form, {"reason": "bad-link", "detail": "It leads nowhere"})
    assert "on its way to the bot’s operator" in told(sent, Kind.ANSWER)
    assert sent.is_private
    (report,) = await newsroom.store.reports.latest()
    assert (report.story_id, report.reason, report.detail) == (stories[0], "bad-link", "It leads nowhere")


# ── /mybriefing ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_time_and_a_zone_turn_the_own_briefing_on_at_once(bot: Loopback) -> None:
    offered = await bot.people.autocomplete("member", "general", "mybriefing", "zone", "berl")
    assert offered.choices[0]["value"] == "Europe/Berlin"
    panel = await bot.people.invoke("member", "general", "mybriefing", {"time": "7:30", "zone": "Europe/Berlin"})
    assert panel.is_private
    assert "**On** next <t:" in told(panel, Kind.OWN_BRIEFING)
    assert "07:30, Europe/Berlin" in told(panel, Kind.OWN_BRIEFING)


async def test_the_panel_does_what_its_controls_say_in_place(bot: Loopback) -> None:
    panel = await bot.people.invoke("member", "general", "mybriefing", {"zone": "Berlin"})
    told(panel, Kind.OWN_BRIEFING)
    steps = {"Pause": "**Paused** until you resume it", "Resume": "**On**", "Turn off": "**Off**", "Turn on": "**On**"}
    for label, expected in steps.items():
        shown = await bot.people.press("member", panel.message, label)
        assert expected in told(shown, Kind.OWN_BRIEFING)
        assert shown.message.id == panel.message.id
    days = await bot.people.choose("member", panel.message, "Choose days…", ["0", "4"])
    assert "Mon" in told(days, Kind.OWN_BRIEFING)
    topics = await bot.people.choose("member", panel.message, "Choose topics; none means all…", ["sport"])
    assert "**Topics** Sport" in told(topics, Kind.OWN_BRIEFING)


async def test_a_form_asks_for_what_is_missing_and_offers_zones_where_a_city_fits_several(bot: Loopback) -> None:
    form = await bot.people.invoke("member", "general", "mybriefing", {"time": "9pm"})
    unclear = await bot.people.submit_modal("member", form, {"time": "9pm", "city": "CST"})
    assert "E09" in told(unclear, Kind.ERROR)
    panel = await bot.people.choose("member", unclear.message, "", ["Asia/Shanghai"])
    assert "21:00, Asia/Shanghai" in told(panel, Kind.OWN_BRIEFING)
    form = await bot.people.press("member", panel.message, "Change time and zone")
    changed = await bot.people.submit_modal("member", form, {"time": "6", "city": "Tokyo"})
    assert "06:00, Asia/Tokyo" in told(changed, Kind.OWN_BRIEFING)
    assert changed.message.id == panel.message.id


async def test_a_briefing_leads_to_the_panel_and_one_is_sent_now(
    bot: Loopback, newsroom: Newsroom, stories: list[int]
) -> None:
    made = await bot.people.invoke("member", "general", "briefing")
    panel = await bot.people.press("member", made.message, "Get this by DM")
    assert panel.is_private
    assert "**Off**" in told(panel, Kind.OWN_BRIEFING)
    sent = await bot.people.press("member", panel.message, "Send one now")
    assert "on its way to your DMs" in told(sent, Kind.ANSWER)
    again = await bot.people.press("member", panel.message, "Send one now")
    assert "E19" in told(again, Kind.ERROR)


# ── /follow ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_can_be_followed_is_completed_and_followed(bot: Loopback, stories: list[int]) -> None:
    everything = await bot.people.autocomplete("member", "general", "follow", "what", "")
    assert {"World · topic", "Lisbon · name", "Feed · source"} <= {choice["name"] for choice in everything.choices}
    given = await bot.people.autocomplete("member", "general", "follow", "what", "lisb")
    values = {choice["name"]: choice["value"] for choice in given.choices}
    assert values == {"Lisbon · name": "name:Lisbon", "Bridge opens in Lisbon · story": "story:s1"}
    for value in values.values():
        panel = await bot.people.invoke("member", "general", "follow", {"what": value})
        assert panel.is_private
        assert "You now follow **" in told(panel, Kind.FOLLOWS)
    assert "2 of 25" in told(panel, Kind.FOLLOWS)


async def test_follows_are_ended_in_the_panel_which_gives_way(bot: Loopback, stories: list[int]) -> None:
    panel = await bot.people.invoke("member", "general", "follow", {"what": "sport"})
    shown = await bot.people.choose("member", panel.message, "", [1])
    assert "You follow nothing yet" in told(shown, Kind.FOLLOWS)
    assert shown.message.id == panel.message.id


async def test_quiet_hours_are_set_in_a_form_and_what_is_wrong_is_told(bot: Loopback) -> None:
    panel = await bot.people.invoke("member", "general", "follow")
    form = await bot.people.press("member", panel.message, "Set quiet hours")
    wrong = await bot.people.submit_modal("member", form, {"from": "25:00", "until": "7", "city": "Berlin"})
    assert "E08" in told(wrong, Kind.ERROR)
    form = await bot.people.press("member", panel.message, "Set quiet hours")
    shown = await bot.people.submit_modal("member", form, {"from": "22:00", "until": "7", "city": "Berlin"})
    assert "quiet 22:00–07:00, Europe/Berlin" in told(shown, Kind.FOLLOWS)


async def test_a_story_is_followed_and_unfollowed_from_its_card(bot: Loopback, stories: list[int]) -> None:
    card = await bot.people.invoke("member", "general", "summary", {"story": "bridge"})
    panel = await bot.people.choose("member", card.message, "", ["follow"])
    assert "You now follow **Bridge opens in Lisbon**" in told(panel, Kind.FOLLOWS)
    card = await bot.people.invoke("member", "general", "summary", {"story": "bridge"})
    ended = await bot.people.choose("member", card.message, "", ["unfollow"])
    assert "You no longer follow **Bridge opens in Lisbon**" in told(ended, Kind.ANSWER)
    panel = await bot.people.press("member", ended.message, "Your follows")
    assert "You follow nothing yet" in told(panel, Kind.FOLLOWS)


async def test_closed_dms_are_told_once_after_the_next_command(
    bot: Loopback, newsroom: Newsroom, stories: list[int]
) -> None:
    member = bot.world.person("member")
    await newsroom.store.followers.close(member.id, newsroom.clock.now())
    first = await bot.people.invoke("member", "general", "headlines")
    await until(lambda: first.interaction.follow_ups)
    (told_so,) = first.interaction.follow_ups
    assert "I couldn’t send you a DM" in "\n".join(_texts(told_so.json()["components"]))
    assert told_so.only_for == member.id
    second = await bot.people.invoke("member", "general", "headlines")
    await bot.people.settle(second)
    assert second.interaction.follow_ups == []


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_all_that_a_member_did_is_told_downloaded_and_deleted(
    bot: Loopback, newsroom: Newsroom, stories: list[int]
) -> None:
    for command, options in (("catchup", {}), ("follow", {"what": "sport"}), ("mybriefing", {"zone": "Berlin"})):
        await bot.people.invoke("member", "general", command, options)
    home = await bot.people.invoke("member", "general", "dateline")
    screen = await bot.people.press("member", home.message, "Privacy")
    said = told(screen, Kind.PRIVACY)
    assert "- follows · 1" in said
    assert "- own briefing · 1" in said
    assert "- the time of your last catch-up · 1" in said
    ask = await bot.people.press("member", screen.message, "Delete my data")
    gone = await bot.people.press("member", ask.message, "Delete everything")
    assert "were deleted" in told(gone, Kind.PRIVACY)
    await newsroom.clock.advance(3600)
    again = await bot.people.invoke("member", "general", "follow")
    assert "You follow nothing yet" in told(again, Kind.FOLLOWS)
