"""Text from outside stays inert, and reads as it was written."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.render.limits import cut, size
from bot.render.markdown import clean, command, escape, fit, is_linkable, unescape, web_url

HOSTILE = (
    "# heading",
    "-# subtext",
    "> quote",
    ">>> long quote",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "12) item",
    "**bold** __under__ ~~struck~~ ||spoiler|| `code` ```block```",
    "<t:0:R>",
    "<#123>",
    "</headlines:123>",
    "<:smile:123>",
    "<a:smile:123>",
    "<@123> <@!123> <@&123> @everyone @here",
    "<id:customize> <https://evil.example>",
    "https://evil.example http://evil.example ftp://evil.example discord://-/channels/1",
    "discord.gg/abc discord.com/invite/abc",
    "javascript:alert(1) mailto:a@b.example",
    "[text](https://evil.example) [a](<https://evil.example>) ]( [",
    "a\u202egpj.exe \u2066x\u2069",
    "zero\u200bwidth\ufeff and\u2060 soft\u00adhyphen",
    "tag\U000e0041\U000e0042s",
    "z" + "\u0301" * 40 + "algo",
    "line\nbreak\r\n# heading\u2028- item",
    "back\\slash \\* \\\\[",
    "\ud800 lone",
)
ACTIVE = {
    "a mention": r"@(?!\u200b)",
    "an address that links": r"(?i)\b(?:https?|ftp|discord)://",
    "an invite": r"(?i)discord\.gg/",
    "a mark": r"(?<!\\)(?:\\\\)*(?<!\\)[*_~|`\[\]<>]",
    "what hides": r"[\u200c-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2060\u00ad\U000e0000-\U000e007f]",
    "a new line": r"[\n\r\u2028\u0085]",
    "the start of a block": r"^(?:#|-#|>|-|\+|\d+[.)])",
}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("what", ACTIVE)
def test_hostile_text_becomes_inert(text: str, what: str) -> None:
    assert not re.search(ACTIVE[what], escape(text))


@given(st.text())
def test_escaping_undone_gives_the_cleaned_text(text: str) -> None:
    assert unescape(escape(text)) == clean(text)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(), st.integers(min_value=0, max_value=200))
def test_fitted_text_is_inert_and_fits(text: str, room: int) -> None:
    fitted = fit(text, room)
    assert size(fitted) <= room
    assert not re.search(ACTIVE["a mark"], fitted)


@given(st.text(alphabet="*_[]\\<>ab "), st.integers(min_value=1, max_value=60))
def test_cutting_never_splits_an_escape(text: str, room: int) -> None:
    shown = unescape(fit(text, room))
    assert clean(text).startswith(shown.removesuffix("…").rstrip())


def test_marks_on_one_letter_are_capped_at_three() -> None:
    shown = clean("z" + "\u0301" * 40 + "a")
    assert sum(unicodedata.combining(char) > 0 for char in shown) <= 3


def test_joined_emoji_and_persian_survive_cleaning() -> None:
    family, persian = "👨\u200d👩\u200d👧", "می\u200cخواهم"
    assert (clean(family), clean(persian)) == (family, persian)


def test_a_joiner_beside_ascii_is_dropped() -> None:
    assert clean("pay\u200dpal") == "paypal"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/a b", "https://example.com/a%20b"),
        ("https://example.com/a_(b)", "https://example.com/a_%28b%29"),
        ("https://example.com/?q=<x>", "https://example.com/?q=%3Cx%3E"),
        ("https://example.com:8080/x#part", "https://example.com:8080/x#part"),
        ("HTTP://Example.com/", "http://example.com/"),
        ("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC"),
        ("ftp://example.com/", None),
        ("javascript:alert(1)", None),
        ("https://user:pass@example.com/", None),
        ("https://", None),
        ("https://exa mple.com/", None),
        ("https://example.com:99999/", None),
        ("https://[::1", None),
        ("https://example.com/\nx", None),
        ("https://example.com/" + "a" * 512, None),
        (None, None),
        ("", None),
    ],
)
def test_only_safe_web_addresses_become_links(url: str | None, expected: str | None) -> None:
    assert expected == web_url(url)


@given(st.text())
def test_no_address_can_leave_its_brackets(path: str) -> None:
    url = web_url("https://example.com/" + path)
    assert url is None or not re.search(r"[\s<>()\\]", url)


@pytest.mark.parametrize(
    ("text", "expected"), [("a [b] c", True), ("a [b", False), ("a b]", False), ("[[a]]", False), ("plain", True)]
)
def test_link_text_needs_paired_brackets(text: str, *, expected: bool) -> None:
    assert expected == is_linkable(text)


def test_commands_are_mentioned_once_their_ids_are_known() -> None:
    assert command("newsdesk setup", {"newsdesk": 5}) == "</newsdesk setup:5>"
    assert command("headlines", {}) == "/headlines"


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("short", 10, "short"),
        ("one two three four", 12, "one two …"),
        ("Unbreakablewordthatislong", 10, "Unbreakab…"),
        ("🇩🇪🇩🇪🇩🇪", 9, "🇩🇪🇩🇪…"),
        ("abc", 0, ""),
    ],
)
def test_text_is_cut_at_a_word_or_between_graphemes(text: str, room: int, expected: str) -> None:
    assert expected == cut(text, room)
