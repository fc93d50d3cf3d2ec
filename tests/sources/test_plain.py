"""Markup to plain text: the quick way and the careful way agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sources import plain
from bot.sources.plain import first_image, line, paragraphs

_TAGS = ("p", "br", "b", "em", "strong", "span", "li", "ul", "div", "h2")
_words = st.sampled_from(["one", "two &amp; three", "&lt;b&gt;", "&Uuml;ber", "5 > 4", "&nbsp;", "x &#8217; y"])
_attributes = st.sampled_from(["", ' class="a b"', " id=x", " hidden", " title='t'"])


@st.composite
def _markup(draw: st.DrawFn) -> str:
    parts: list[str] = []
    for _ in range(draw(st.integers(1, 6))):
        tag, word = draw(st.sampled_from(_TAGS)), draw(_words)
        attributes = draw(_attributes)
        parts.append(f"<br{attributes}/>{word}" if tag == "br" else f"<{tag}{attributes}>{word}</{tag}>")
    return "".join(parts)


@given(_markup())
def test_the_quick_way_gives_what_the_careful_way_gives(markup: str) -> None:
    quick = paragraphs(markup)
    careful = paragraphs("<!-- -->" + markup)  # a comment is not simple
    assert quick == careful


@pytest.mark.parametrize(
    "markup",
    ["<p title='a > b'>x</p>", "<p>x<script>y</script></p>", "<p>a</p><!-- c -->", "<p>a<b", "<table><td>x</table>"],
)
def test_whatever_is_not_simple_gets_the_careful_way(markup: str) -> None:
    assert plain._SIMPLE.fullmatch(markup) is None
    assert all("<" not in text and "script" not in text for text in paragraphs(markup))


def test_a_long_text_has_an_end() -> None:
    assert sum(map(len, paragraphs("<p>" + "word " * 100_000 + "</p><p>more</p>"))) <= plain.MAX_CHARS


@pytest.mark.timeout(10)
@pytest.mark.parametrize("markup", ["<p " * 50_000, "<p a=" * 50_000, "<" * 200_000, '<p a="' * 50_000, "<a>" * 50_000])
def test_no_markup_takes_long(markup: str) -> None:
    assert isinstance(paragraphs(markup), tuple)


def test_a_counting_pixel_is_no_picture() -> None:
    assert first_image('<img src="/p" width="1"><IMG src="/i.png" alt="A">') == ("/i.png", "A")
    assert first_image('<img alt="A">') is None
    assert first_image("no picture") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [("A &amp;amp;amp; B", "A &amp; B"), ("plain", "plain"), ("a < b", "a < b"), ("<b>x</b>", "x")],
)
def test_a_line_is_unescaped_at_most_twice(text: str, said: str) -> None:
    assert line(text) == said
