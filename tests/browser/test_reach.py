"""The page for everybody: keyboard alone, a phone, screen readers (axe-core), both themes."""

import json
import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.browser.browsers import axe
from tests.browser.conftest import Open
from tests.fakes.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

WITHOUT_AXE = "axe-core is not here (npm install axe-core, or DATELINE_AXE=…/axe.min.js): access was not measured"


async def focused(page: Page) -> str:
    """Name what has the focus."""
    return str(await page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))


async def test_everything_works_by_keyboard_alone(visit: Open, stage: Stage) -> None:
    page = await visit("?channel=general")
    keys = page.keyboard
    await keys.press("/")
    await expect(page.locator("#picker")).to_be_visible()
    await keys.type("head")
    await keys.press("Enter")
    await keys.type("ber")
    await expect(page.get_by_role("option", name="Berlin")).to_be_visible()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.get_by_role("combobox", name="topic")).to_have_value("Berlin")
    await keys.press("Enter")
    listing = page.get_by_role("article").last
    await expect(listing).to_contain_text("page 1 of 2")
    select = page.get_by_role("combobox", name="Open a story…")
    await select.focus()
    await keys.press("ArrowDown")
    await keys.press("End")
    await keys.press("ArrowUp")
    await keys.press("Enter")
    await expect(page.get_by_role("heading", name="Harbour bridge 2 reopens")).to_be_visible()
    await page.get_by_role("button", name="Report").focus()
    await keys.press("Enter")
    city = page.get_by_role("dialog").get_by_role("combobox", name="City")
    await city.focus()
    await keys.press("Enter")
    await expect(page.get_by_role("option", name="Berlin")).to_be_visible()
    await keys.press("Escape")
    await expect(page.get_by_role("option", name="Berlin")).to_be_hidden()
    await expect(city).to_be_focused()
    await keys.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_escape_leaves_a_list_without_choosing(visit: Open, stage: Stage) -> None:
    page = await visit("?channel=general")
    await stage.act("invoke", command="newsdesk setup", options={"channel": "news"})
    stage.bot.seen.clear()
    days = page.get_by_role("combobox", name="Days")
    await days.focus()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Space")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("listbox")).to_have_count(0)
    await expect(days).to_be_focused()
    assert stage.bot.seen == []


async def test_what_is_being_typed_stays_when_the_server_changes(visit: Open, stage: Stage) -> None:
    page = await visit("?channel=general")
    line = page.get_by_role("combobox", name=re.compile("^Message"))
    await line.fill("half a sen")
    guild = stage.loopback.world.guild_of(stage.channel("news"))
    assert guild is not None
    stage.loopback.world.add_channel(guild, "sport")
    await expect(page.get_by_role("button", name="sport")).to_be_visible()
    await expect(line).to_have_value("half a sen")


async def test_arrows_walk_through_the_messages(visit: Open, stage: Stage) -> None:
    page = await visit("?channel=general")
    for number in range(3):
        await stage.act("say", text=f"Message {number}")
    await expect(page.get_by_role("article")).to_have_count(3)
    await page.locator("#stream").focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    assert "Message 1" in await focused(page)
    await page.keyboard.press("Home")
    assert "Message 0" in await focused(page)


async def test_the_focus_stays_at_the_button_when_its_message_changes(visit: Open, stage: Stage) -> None:
    page = await visit("?channel=general")
    await stage.act("invoke", command="headlines", options={})
    await page.get_by_role("combobox", name="Open a story…").focus()
    await stage.act("press", message=str(stage.newest().id), control="page:2")
    await expect(page.locator("#stream").get_by_text("page 2 of 2")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Open a story…")).to_be_focused()


async def test_on_a_phone_nothing_is_cut_and_the_column_is_a_drawer(visit: Open, stage: Stage) -> None:
    await stage.bot.post_briefing()
    page = await visit(width=390, height=844)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    await expect(page.get_by_role("button", name="Tomorrow 08:00")).to_be_hidden()
    await page.get_by_role("button", name="Places, people and clock").click()
    await expect(page.get_by_role("button", name="Tomorrow 08:00")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Tomorrow 08:00")).to_be_hidden()
    await page.get_by_role("button", name="Places, people and clock").click()
    await page.get_by_role("button", name="general").click()
    await expect(page.get_by_role("heading", name="general", exact=True)).to_be_visible()
    await page.get_by_role("combobox", name=re.compile("^Message")).fill("/headlines")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Send").click()
    await page.get_by_role("button", name="Inspect").click()
    await expect(page.get_by_role("complementary", name="Inspector")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_controls_are_large_enough_for_thumbs(visit: Open, stage: Stage) -> None:
    await stage.bot.post_briefing()
    page = await visit(width=390, height=844)
    heights = await page.eval_on_selector_all(
        ".message .button, .message .select, .place", "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(heights) >= 40


async def test_there_are_landmarks_and_news_is_announced(visit: Open, stage: Stage) -> None:
    page = await visit("?channel=general")
    for role in ("banner", "navigation", "main"):
        await expect(page.get_by_role(role)).to_have_count(1)
    await stage.act("invoke", command="echo", options={"text": "**Good** morning"})
    await expect(page.locator("#live")).to_have_text("Dateline: Good morning")


async def _serious(page: Page) -> list[str]:
    found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['impact']}: {one['help']}: {json.dumps([node['html'][:120] for node in one['nodes'][:3]])}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390], ids=["desktop", "phone"])
async def test_axe_finds_nothing_serious(visit: Open, stage: Stage, theme: str, width: int) -> None:
    script = axe()
    if script is None:
        pytest.skip(WITHOUT_AXE)
    await stage.bot.post_briefing()
    await stage.act("invoke", command="headlines", options={})
    await stage.act("choose", message=str(stage.newest().id), control="open", values=["1"])
    await stage.act("invoke", command="pictures", options={})
    text = "# One\n> two\n- three\n`four` ||five|| <t:1764547200:R> @everyone"
    await stage.act("invoke", command="echo", options={"text": text})
    page = await visit(theme=theme, width=width)
    await page.evaluate(script.read_text())
    assert await _serious(page) == []
    await page.get_by_role("button", name="Inspect").first.click()
    assert await _serious(page) == []
    await page.goto(stage.page.url + "?channel=general")
    await page.wait_for_selector("html[data-ready]")
    await page.evaluate(script.read_text())
    assert await _serious(page) == []
    await page.keyboard.press("/")
    await expect(page.locator("#picker")).to_be_visible()
    assert await _serious(page) == []
    await page.keyboard.type("headlines")
    await page.keyboard.press("Enter")
    await page.keyboard.type("b")
    await expect(page.get_by_role("option", name="Berlin")).to_be_visible()
    assert await _serious(page) == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Report").click()
    await page.get_by_role("combobox", name="City").click()
    assert await _serious(page) == []
