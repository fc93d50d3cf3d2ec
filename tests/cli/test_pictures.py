"""The pictures in the documents show what the bot says today; `./dateline snapshot docs/pictures` draws them anew."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.cli.captions import caption, digest
from bot.cli.snapshot import pages, plain_day, scenes
from bot.cli.tryout import open_tryout
from tests.fakes.waiting import PATIENCE_S

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURES = DOCS / "pictures"
AGAIN = "draw the pictures anew: ./dateline snapshot docs/pictures"


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let try mode wait for its bot however busy the machine is."""
    monkeypatch.setattr("bot.cli.tryout._IDLE_S", PATIENCE_S)


@pytest.mark.slow
async def test_every_picture_shows_what_the_bot_says() -> None:
    shown: dict[str, str] = {}
    async with open_tryout(ZoneInfo("Europe/Berlin"), clock=plain_day()) as tryout:
        await tryout.idle()
        async for name, message, _ in scenes(tryout):
            shown[name] = caption([message])
        shown |= {name: caption(messages) for name, (_, messages) in pages(tryout).items()}
    assert set(shown) == {path.stem for path in PICTURES.glob("*.png")}, AGAIN
    for name, said in shown.items():
        assert said == (PICTURES / f"{name}.txt").read_text("utf-8").split("\n", 1)[1], AGAIN


@pytest.mark.parametrize("picture", sorted(PICTURES.glob("*.png")), ids=lambda path: path.stem)
def test_a_picture_is_the_one_that_was_drawn_from_its_caption(picture: Path) -> None:
    assert digest(picture) == picture.with_suffix(".txt").read_text("utf-8").split("\n", 1)[0] + "\n", AGAIN


def test_every_picture_stands_in_the_documents() -> None:
    pages_of_docs = [DOCS.parent / "README.md", *DOCS.glob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in pages_of_docs)
    assert [path.name for path in PICTURES.glob("*.png") if f"pictures/{path.name}" not in text] == []
