"""A real browser on the page, one for all tests (starting it is slow); skipped with a sentence where there is none."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright, expect

from tests.browser.browsers import chromium
from tests.fakes import stage as stages

Open = Callable[..., Awaitable[Page]]
expect.set_options(timeout=60_000)  # a busy machine is no failure
WITHOUT_A_BROWSER = "no Chromium is installed (on Debian: apt install chromium), so the page was not looked at"


@pytest_asyncio.fixture(loop_scope="session")
async def stage() -> AsyncIterator[stages.Stage]:
    async with stages.stage() as started:
        yield started


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip(WITHOUT_A_BROWSER)
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, stage: stages.Stage) -> AsyncIterator[Open]:
    """Open the small bot's page."""
    async with visitor(browser, stage.page.url) as opened:
        yield opened


@asynccontextmanager
async def visitor(browser: Browser, url: str) -> AsyncIterator[Open]:
    """Open a page in fresh browser profiles: `visit("?as=member", width=390)`.

    Whatever the browser complains of, and whatever it asks for elsewhere, fails the test.
    """
    complaints: list[str] = []
    async with AsyncExitStack() as stack:

        async def opened(query: str = "", *, width: int = 1280, height: int = 860, theme: str = "light") -> Page:
            context = await browser.new_context(
                viewport={"width": width, "height": height},
                timezone_id="Europe/Berlin",
                locale="en-US",
                color_scheme="dark" if theme == "dark" else "light",
                reduced_motion="reduce",
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(60_000)
            page = await context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda line: _note(line, complaints))
            page.on("request", lambda asked: _at_home(asked.url, url, complaints))
            await page.goto(url + query)
            await page.wait_for_selector("html[data-ready]")
            return page

        yield opened
    assert complaints == []


def _note(line: ConsoleMessage, complaints: list[str]) -> None:
    if line.type == "error" and "409" not in line.text:  # 409 is how an action is told to be impossible
        complaints.append(line.text)


def _at_home(asked: str, url: str, complaints: list[str]) -> None:
    if not asked.startswith(url):
        complaints.append(f"the page asked for {asked}")
