"""What a terminal shows of payloads: everything readable, nothing that steers the terminal."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loopback import terminal
from bot.loopback.prose import Reader, inline, lines_of, relative, timestamp, visible

Json = dict[str, Any]
NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)
PLAIN = Reader(ZoneInfo("Europe/Berlin"), NOW, width=60, names={5: "news", 6: "Member"})
COLOUR = Reader(UTC, NOW, colour=True, width=60)
AT = int(NOW.timestamp()) + 3600

INLINE = {
    "bold": ("**a** b", "a b"),
    "italic": ("*a* _b_ snake_case 2*3*4", "a b snake_case 2*3*4"),
    "underline and strike": ("__a__ ~~b~~", "a b"),
    "code and spoiler": ("`a` ||b||", "a b"),
    "an escaped mark": (r"\*a\* 1\.", "*a* 1."),
    "a masked link": ("[**Reuters**](<https://e.org/a>)", "Reuters (https://e.org/a)"),
    "a bare link": ("[a](https://e.org)", "a (https://e.org)"),
    "a command": ("</newsdesk setup:123>", "/newsdesk setup"),
    "mentions": ("<#5> <@6> <@&7>", "#news @Member @unknown"),
    "a timestamp": (f"<t:{AT}:t>", "09:00"),
    "a mark inside a link is one": ("[a_b_c](<https://e.org/x_y_z>)", "a_b_c (https://e.org/x_y_z)"),
    "what only looks like held text": ("\ue000", "?"),
}


@pytest.mark.parametrize(("text", "drawn"), INLINE.values(), ids=INLINE)
def test_inside_a_line(text: str, drawn: str) -> None:
    assert inline(text, PLAIN) == drawn


def test_colour_styles_and_links_are_ansi() -> None:
    assert inline("**a**", COLOUR) == "\x1b[1ma\x1b[0m"
    assert inline("[a](https://e.org)", COLOUR) == "\x1b]8;;https://e.org\x1b\\\x1b[4ma\x1b[0m\x1b]8;;\x1b\\"
    assert visible(inline("[a](https://e.org) **b**", COLOUR)) == 3


BLOCKS = {
    "headings": ("# A\n## B\n### C", ["A", "B", "C"]),
    "subtext": ("-# small", ["small"]),
    "a quote": ("> said", ["│ said"]),
    "a list": ("- one\n* two", ["• one", "• two"]),
    "a long item hangs": ("1. " + "word " * 15, ["1. " + "word " * 10 + "word", "   " + "word " * 4]),
    "control characters": ("a\x1b[31mb\u202ec\u200bd", ["a[31mbcd"]),
}


@pytest.mark.parametrize(("text", "lines"), BLOCKS.values(), ids=BLOCKS)
def test_a_block(text: str, lines: list[str]) -> None:
    assert lines_of(text, PLAIN) == lines


@given(st.text(max_size=300))
def test_no_text_steers_the_terminal(text: str) -> None:
    for line in lines_of(text, PLAIN):
        assert not any(ord(character) < 32 or ord(character) == 0x9B for character in line)


STAMPS = {
    "t": "09:00",
    "T": "09:00:00",
    "d": "22/11/2026",
    "D": "22 November 2026",
    "f": "22 November 2026 09:00",
    "F": "Sunday, 22 November 2026 09:00",
    "R": "in 1 hour",
}


@pytest.mark.parametrize(("style", "text"), STAMPS.items(), ids=STAMPS)
def test_a_timestamp_is_told_in_the_readers_zone(style: str, text: str) -> None:
    assert timestamp(AT, style, PLAIN) == text


def test_a_timestamp_out_of_range_stays_as_it_is() -> None:
    assert timestamp(10**12, "t", PLAIN) == "<t:1000000000000>"


SPANS = {30: "in 30 seconds", -1: "1 second ago", 7200: "in 2 hours", -86400 * 3: "3 days ago", 31_536_000: "in 1 year"}


@pytest.mark.parametrize(("seconds", "text"), SPANS.items(), ids=SPANS.values())
def test_a_span_is_told_in_its_largest_unit(seconds: int, text: str) -> None:
    assert relative(seconds) == text


def button(label: str, **about: Any) -> Json:
    return {"type": 2, "style": 2, "label": label, "custom_id": label, **about}


BRIEFING: Json = {
    "author": {"username": "dateline", "global_name": "Dateline"},
    "flags": 1 << 15,
    "edited_timestamp": "2026-11-22T07:00:00+00:00",
    "components": [
        {
            "type": 17,
            "components": [
                {"type": 10, "content": "## Daily briefing"},
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "### 1. Rain"}],
                    "accessory": button("Read story 1"),
                },
                {"type": 9, "components": [{"type": 10, "content": "x" * 50}], "accessory": button("Read story 2")},
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "Snow"}],
                    "accessory": {"type": 11, "media": {"url": "https://e.org/a.png"}, "description": "A chart"},
                },
                {"type": 14},
                {"type": 14, "divider": False},
                {"type": 12, "items": [{"media": {"url": "https://e.org/a.png"}}]},
                {"type": 13, "file": {"url": "attachment://list.opml"}},
            ],
        },
        {
            "type": 1,
            "components": [
                {"type": 3, "placeholder": "Open a story…", "options": [{"label": "1 · Rain", "value": "a"}]}
            ],
        },
        {"type": 1, "components": [button("Back", disabled=True), button("Open", style=5, url="https://e.org")]},
        {"type": 1, "components": [{"type": 8, "custom_id": "c", "disabled": True}]},
        {"type": 99},
    ],
}


def test_components_are_drawn_with_their_states_and_the_budget() -> None:
    assert terminal.draw_message(BRIEFING, PLAIN, place="#news", private=True).splitlines() == [
        "Dateline · #news (edited)",
        "┃ Daily briefing",
        "┃ 1. Rain  [Read story 1]",
        "┃ " + "x" * 50,
        "┃ [Read story 2]",
        "┃ Snow  [image: A chart]",
        "┃ " + "─" * 40,
        "┃",
        "┃ [image: no description]",
        "┃ [file: list.opml]",
        "[select: Open a story… (1)]",
        "[Back (off)]  [Open ↗] (https://e.org)",
        "[select: Make a selection (channels)]",
        "[component of type 99]",
        "Only you can see this",
        "82/4,000 characters · 23/40 parts",
    ]


def test_a_plain_message_tells_its_own_budget() -> None:
    message = {"content": "Plain", "author": {"username": "dateline"}, "attachments": [{"filename": "a.opml"}]}
    drawn = terminal.draw_message(message, PLAIN).splitlines()
    assert drawn == ["dateline", "Plain", "[file: a.opml]", "5/2,000 characters"]


def test_embeds_and_loading_are_shown() -> None:
    assert terminal.draw_body({"embeds": [{"title": "T", "description": "D"}]}, PLAIN) == ["│ T", "│ D"]
    assert terminal.draw_body({"flags": 1 << 7}, PLAIN) == ["Thinking…"]


def test_a_chosen_option_stands_in_its_select() -> None:
    select = {
        "type": 3,
        "options": [{"label": "World", "value": "w", "default": True}, {"label": "Sport", "value": "s"}],
    }
    row = {"type": 1, "components": [select]}
    assert terminal.draw_components([row], PLAIN) == ["[select: World (2)]"]
    assert terminal.draw_options(select, PLAIN).splitlines() == ["Make a selection", "  1. World", "  2. Sport"]


def test_options_show_their_descriptions() -> None:
    select = {"placeholder": "Open", "options": [{"label": "1 · Rain", "value": "a", "description": "Reuters"}]}
    assert terminal.draw_options(select, PLAIN) == "Open\n  1. 1 · Rain — Reuters"


def test_a_form_shows_each_field_and_what_it_holds() -> None:
    form = {
        "title": "Set up",
        "custom_id": "m",
        "components": [
            {"type": 10, "content": "Choose a time."},
            {"type": 18, "label": "Time", "component": {"type": 4, "custom_id": "t", "value": "08:00"}},
            {"type": 18, "label": "Note", "component": {"type": 4, "custom_id": "n", "required": False}},
            {
                "type": 18,
                "label": "Zone",
                "component": {
                    "type": 3,
                    "custom_id": "z",
                    "options": [{"label": "Berlin", "value": "b", "default": True}, {"label": "UTC", "value": "u"}],
                },
            },
            {"type": 18, "label": "Where", "component": {"type": 8, "custom_id": "w"}},
            {"type": 18, "label": "Ping", "component": {"type": 23, "custom_id": "p"}},
            {"type": 1, "components": [{"type": 4, "custom_id": "o", "label": "Old", "placeholder": "like this"}]},
        ],
    }
    assert terminal.draw_modal(form, PLAIN).splitlines() == [
        "Form: Set up",
        "Choose a time.",
        "  Time: 08:00",
        "  Note (optional): …",
        "  Zone: *Berlin | UTC",
        "  Where: choose channels",
        "  Ping: no",
        "  Old: like this",
        "fill Label=value Label=value sends it",
    ]


def test_suggestions_and_commands_are_listed() -> None:
    assert terminal.draw_choices([{"name": "World", "value": "w"}]) == "  World"
    assert terminal.draw_choices([]) == "No suggestions"
    desk = {"name": "newsdesk", "description": "", "options": [{"name": "setup", "type": 1, "description": "Set up"}]}
    plain = {"name": "headlines", "description": "List", "options": [{"name": "topic", "type": 3}]}
    drawn = terminal.draw_commands([desk, plain], PLAIN)
    assert drawn.splitlines() == ["  /headlines topic:… — List", "  /newsdesk setup — Set up"]


def test_commands_are_described_in_the_language_of_who_asks() -> None:
    plain = {"name": "headlines", "description": "List", "description_localizations": {"de": "Schlagzeilen lesen"}}
    assert terminal.draw_commands([plain], PLAIN, "de") == "  /headlines — Schlagzeilen lesen"
    assert terminal.draw_commands([plain], PLAIN, "fr") == "  /headlines — List"


def test_off_controls_and_separators_are_dimmed_in_colour() -> None:
    row = {"type": 1, "components": [button("Back", disabled=True)]}
    assert terminal.draw_components([row], COLOUR) == ["\x1b[90m[Back (off)]\x1b[0m"]
    assert relative(timedelta(minutes=5).total_seconds()) == "in 5 minutes"
