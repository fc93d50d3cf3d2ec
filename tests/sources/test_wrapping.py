"""Rules of hard-wrapped paragraphs: at any usual width they come back as they were before they were broken."""

import textwrap
from importlib.resources import files

import pytest

from bot.sources.documents import parse, read

SAMPLE = read((files("bot") / "data" / "sample.txt").read_bytes())
PARAGRAPHS = SAMPLE[0].paragraphs
HEADLINES = [item.headline for item in SAMPLE[1:]]
TITLE = "Japan Strengthens Its Defenses"


def wrapped(width: int, *, between: str, indent: str = "") -> str:
    return between.join(
        textwrap.fill(paragraph, width, initial_indent=indent, break_on_hyphens=False) for paragraph in PARAGRAPHS
    )


@pytest.mark.parametrize("width", range(45, 121))
@pytest.mark.parametrize(
    ("between", "indent"), [("\n\n", ""), ("\n", "   "), ("\n", "\t")], ids=["blank", "spaces", "tab"]
)
@pytest.mark.parametrize("title", [None, TITLE], ids=["untitled", "titled"])
def test_the_sample_reads_the_same_at_every_width(width: int, between: str, indent: str, title: str | None) -> None:
    above = f"{title}\n\n" if title else ""
    body = wrapped(width, between=between, indent=indent)
    items = parse(f"{above}{body}\n\n\n" + "\n".join(map(str, HEADLINES)))
    assert (items[0].headline, items[0].paragraphs) == (title, PARAGRAPHS)
    assert [item.headline for item in items[1:]] == HEADLINES


@pytest.mark.parametrize("width", [60, 70, 72, 80, 88, 100, 120])
def test_paragraphs_right_below_each_other_are_told_by_their_short_last_lines(width: int) -> None:
    assert parse(wrapped(width, between="\n"))[0].paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    "text",
    [
        "The council agreed on Monday to close the old\nbridge for repairs. Work is expected to begin\nin spring.",
        "The council agreed on Monday to close the bridge for\nrepairs.",
    ],
    ids=["three lines", "one word over"],
)
def test_a_short_paragraph_is_put_together(text: str) -> None:
    assert parse(text)[0].paragraphs == (text.replace("\n", " "),)


@pytest.mark.parametrize(
    "text",
    [
        "橋は老朽化のため閉鎖されることになったと\n市長が発表した。",
        "東京都は月曜日、橋を閉鎖すると発表した。\n市長は「安全が第一だ」と述べた。工事は春に\n始まる見込みだ。",
    ],
    ids=["two lines", "a line that ends with a sentence"],
)
def test_a_script_without_spaces_is_put_together_without_any(text: str) -> None:
    assert parse(text)[0].paragraphs == (text.replace("\n", ""),)


@pytest.mark.parametrize(
    "lines",
    [
        ("AT&T Sues T&J", "iPhone Sales Fall", "Storm Closes In"),
        ("Storm Closes Schools", "www.example.com/storm", "Bank Holds Rates"),
        (
            "mayor resigns over the bridge closing",
            "storm closes all schools of the state",
            "bank holds rates steady for now",
        ),
    ],
    ids=["a small first letter", "an address", "small letters"],
)
def test_a_run_of_short_headlines_is_no_paragraph(lines: tuple[str, ...]) -> None:
    assert [item.headline for item in parse("\n".join(lines))] == list(lines)


def test_a_title_as_long_as_the_lines_below_it_stays_a_title() -> None:
    title = "Council Closes the Old Bridge for a Year of Work"
    body = "The council agreed on Monday to close the bridge\nfor repairs. Work is expected to begin in spring."
    (item,) = parse(f"{title}\n{body}")
    assert (item.headline, item.paragraphs) == (title, (body.replace("\n", " "),))


def test_lines_as_wide_as_others_that_are_wrapped_are_wrapped_too() -> None:
    body = "The council agreed on Monday to close the old bridge for\nrepairs, and to begin with the piers in spring."
    two = "Nobody knows yet what will become of the lamps there.\nThe mayor wants them."
    assert shape(f"{body}\n\n{two}") == (body.replace("\n", " "), two.replace("\n", " "))
    assert shape(two) == tuple(two.split("\n"))


def shape(text: str) -> tuple[str, ...]:
    (item,) = parse(text)
    return item.paragraphs
