"""The camera: pictures of messages, forms and the page, made by a headless Chromium without Playwright."""

import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.loopback.page.snapshot import Camera, camera
from tests.browser.browsers import chromium
from tests.browser.conftest import WITHOUT_A_BROWSER
from tests.fakes.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def shot(stage: Stage) -> AsyncIterator[Camera]:
    program = chromium()
    if program is None:
        pytest.skip(WITHOUT_A_BROWSER)
    async with camera(stage.page, chromium=program) as opened:
        yield opened


def size(picture: Path) -> tuple[int, int]:
    """Read width and height of a PNG."""
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


async def test_a_message_is_taken_in_its_own_height_at_double_density(
    stage: Stage, shot: Camera, tmp_path: Path
) -> None:
    await stage.bot.post_briefing()
    (message,) = stage.loopback.world.messages.all()
    await shot.message(message, tmp_path / "plain.png")
    await shot.message(message, tmp_path / "push.png", push=True, theme="dark", width=390)
    width, height = size(tmp_path / "plain.png")
    assert width == 2 * 720
    assert 500 < height < 2000
    assert size(tmp_path / "push.png")[0] == 2 * 390


async def test_a_private_message_and_a_form_can_be_taken(stage: Stage, shot: Camera, tmp_path: Path) -> None:
    people = stage.loopback.people
    panel = await people.invoke("admin", "general", "newsdesk setup", {"channel": "news"})
    opened = await people.press("admin", panel.message, "Change time")
    await shot.message(panel.message, tmp_path / "panel.png", person=stage.user("admin"))
    await shot.form(opened, tmp_path / "form.png")
    assert size(tmp_path / "panel.png")[1] > 600
    width, height = size(tmp_path / "form.png")
    assert width == 2 * 520
    assert 1000 < height < 1800


async def test_the_whole_page_is_taken_in_the_size_asked_for(stage: Stage, shot: Camera, tmp_path: Path) -> None:
    await shot.page(tmp_path / "page.png", person="member", channel="dm", size=(900, 600))
    assert size(tmp_path / "page.png") == (1800, 1200)


async def test_a_message_that_is_gone_says_so_in_time(stage: Stage, shot: Camera, tmp_path: Path) -> None:
    message = stage.loopback.people.say("admin", "general", "x")
    stage.loopback.world.messages.delete(message)
    with pytest.raises(LookupError, match="is gone"):
        await shot.message(message, tmp_path / "gone.png")
