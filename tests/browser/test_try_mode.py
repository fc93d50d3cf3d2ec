"""Try mode as it is: the real bot on the stand-in, seen in a real browser."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from bot.cli.tryout import Tryout, open_tryout
from bot.loopback.page.server import Page as TryPage
from tests.browser.conftest import Open, visitor
from tests.fakes.clocks import from_noon
from tests.fakes.waiting import PATIENCE_S

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True, slots=True)
class Mode:
    """Try mode, and how to open its page."""

    tryout: Tryout
    visit: Open


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let try mode wait for its bot however busy the machine is."""
    monkeypatch.setattr("bot.cli.tryout._IDLE_S", PATIENCE_S)


@pytest_asyncio.fixture(loop_scope="session")
async def mode(browser: Browser) -> AsyncIterator[Mode]:
    async with (
        open_tryout(ZoneInfo("Europe/Berlin"), clock=from_noon()) as tryout,
        await TryPage.start(tryout.loopback, tryout.clock, idle=tryout.idle) as page,
        visitor(browser, page.url) as visit,
    ):
        yield Mode(tryout, visit)


async def pick(page: Page, words: str, **chosen: str) -> None:
    """Type `/`, pick a command, and send it; `chosen` are options that are picked from a list."""
    await page.get_by_role("combobox", name=re.compile("^Message")).click()
    await page.keyboard.type(f"/{words}")
    await page.locator("#picker .option", has_text=f"/{words}").first.click()
    for option, label in chosen.items():
        await page.get_by_role("combobox", name=option).press("Enter")  # late suggestions may lie above it
        await page.get_by_role("option", name=label).click()
    await page.get_by_role("button", name="Send").click()


async def test_the_first_visit_shows_the_briefing_its_push_text_and_its_plain_form(mode: Mode) -> None:
    page = await mode.visit()
    briefing = page.get_by_role("article").first
    await expect(briefing.get_by_role("heading", name="Daily briefing")).to_be_visible()
    await expect(briefing.locator(".push-text")).to_contain_text("Japan is intensifying its defense capabilities")
    await briefing.get_by_text("Sent first as plain text").click()
    await expect(briefing.locator(".plain-text")).to_contain_text("National Guard Member Killed")
    await briefing.get_by_role("button", name="Inspect").click()
    await expect(page.get_by_role("complementary", name="Inspector")).to_contain_text("How it came to be, in 2 steps")


async def test_from_headlines_to_a_story_to_why_to_sharing_it(mode: Mode) -> None:
    page = await mode.visit("?as=member&channel=general")
    await pick(page, "headlines")
    await page.get_by_role("combobox", name="Open a story…").click()
    await page.get_by_role("option").first.click()
    card = page.get_by_role("article").nth(1)
    await expect(card.get_by_role("heading", name=re.compile("Japan is intensifying"))).to_be_visible()
    await expect(card).to_contain_text("Only you can see this")
    await card.get_by_role("combobox", name="More…").click()
    await page.get_by_role("option", name=re.compile("Why")).click()
    await expect(page.get_by_role("article")).to_have_count(3)
    await card.get_by_role("button", name="Share in channel").click()
    await expect(page.locator("#stream")).to_contain_text("Shared by")


async def test_tomorrow_the_next_briefing_arrives(mode: Mode) -> None:
    page = await mode.visit()
    await expect(page.get_by_role("article")).to_have_count(1)
    await page.get_by_role("button", name="Tomorrow 08:00").click()
    await expect(page.get_by_role("article")).to_have_count(2)
    await expect(page.get_by_role("article").last.get_by_role("heading", name="Daily briefing")).to_be_visible()


async def test_a_manager_sets_up_a_briefing_and_it_arrives(mode: Mode) -> None:
    page = await mode.visit("?channel=general")
    await pick(page, "newsdesk setup")
    panel = page.get_by_role("article").last
    await panel.get_by_role("combobox", name="Choose a channel…").click()
    await page.get_by_role("option", name="#announcements").click()
    await panel.get_by_role("button", name="Change time and zone").click()
    form = page.get_by_role("dialog", name="Time and zone")
    await form.get_by_label("Time", exact=False).first.fill("07:30")
    await form.get_by_label("City or time zone").fill("Berlin")
    await form.get_by_role("button", name="Submit").click()
    await expect(form).to_have_count(0)
    await panel.get_by_role("button", name="Turn on").click()
    await expect(page.locator("#stream")).to_contain_text("announcements")
    await page.get_by_role("button", name="Tomorrow 08:00").click()
    await page.get_by_role("button", name="announcements New").click()
    await expect(page.get_by_role("article").first.get_by_role("heading", name="Daily briefing")).to_be_visible()


async def test_on_a_phone_in_german_the_bot_answers_in_german(mode: Mode) -> None:
    page = await mode.visit("?as=mitglied&channel=general", width=390, height=844)
    await pick(page, "headlines", show="Nur ich")
    answer = page.get_by_role("article").last
    await expect(answer).to_contain_text("Only you can see this")
    await expect(answer.get_by_role("heading", name="Schlagzeilen")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390


async def test_a_select_of_many_days_stays_on_the_phone(mode: Mode) -> None:
    page = await mode.visit("?as=mitglied&channel=general", width=390, height=844)
    await pick(page, "mybriefing")
    days = page.get_by_role("combobox", name="Montag")
    await expect(days).to_be_visible()
    assert await days.evaluate("one => one.getBoundingClientRect().right") <= 390


async def test_an_answer_taller_than_the_window_is_shown_from_its_beginning(mode: Mode) -> None:
    page = await mode.visit("?channel=general", width=390, height=844)
    await pick(page, "headlines")
    await page.get_by_role("button", name="All headlines").click()
    await expect(page.locator("#stream").get_by_text("page 1 of 2")).to_be_visible()
    above = await page.evaluate(
        """() => {
          const stream = document.getElementById("stream");
          const top = (element) => element.getBoundingClientRect().top;
          return top(stream.querySelector("li:last-child .message")) - top(stream);
        }"""
    )
    assert 0 <= above <= 16


async def test_a_command_that_is_typed_with_its_options_keeps_them(mode: Mode) -> None:
    page = await mode.visit("?channel=general")
    line = page.get_by_role("combobox", name=re.compile("^Message"))
    await line.fill("/nonsense")
    await expect(page.locator("#picker")).to_have_text("No command here begins like that.")
    await line.fill("/headlines topic:world since:week show:only me")
    await line.press("Enter")
    await expect(page.get_by_role("combobox", name="topic")).to_have_value("world")
    await expect(page.get_by_role("combobox", name="since: A week")).to_be_visible()
    await page.get_by_role("button", name="Send").click()
    answer = page.get_by_role("article").last
    await expect(answer).to_contain_text("World · last 7 days")
    await expect(answer).to_contain_text("Only you can see this")
    await line.fill("/summary japan is intensifying")
    await line.press("Enter")
    await expect(page.get_by_role("combobox", name="story", exact=True)).to_have_value("japan is intensifying")


async def test_suggestions_leave_the_send_button_free_on_a_phone(mode: Mode) -> None:
    page = await mode.visit("?channel=general", width=390, height=844)
    await page.get_by_role("combobox", name=re.compile("^Message")).fill("/follow Gaza")
    await page.keyboard.press("Enter")
    suggested = page.get_by_role("option", name=re.compile("Gaza")).first
    await expect(suggested).to_be_visible()
    send, option = await page.get_by_role("button", name="Send").bounding_box(), await suggested.bounding_box()
    assert send
    assert option
    assert option["y"] + option["height"] <= send["y"]
    await page.get_by_role("button", name="Send").click()
    await expect(page.get_by_role("article").last).to_contain_text("You now follow")
