"""Rules of the document format: what becomes an article, a headline, a section, or a note on an item."""

from contextlib import suppress
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.sources import Item
from bot.errors import SourceError, SourceFault
from bot.sources.documents import parse, read
from bot.sources.lines import Kind, clean, lines_of

SENTENCE = "The council agreed on Monday to close the bridge for repairs."
OTHER = "Work is expected to begin in the spring and to take a year."


def shape(text: str) -> list[tuple[str | None, int]]:
    """Each item as its headline and how many paragraphs it has."""
    return [(item.headline, len(item.paragraphs)) for item in parse(text)]


def test_the_bundled_document_is_one_untitled_article_and_sixteen_headlines() -> None:
    items = read((files("bot") / "data" / "sample.txt").read_bytes())
    assert len(items) == 17
    assert items[0].headline is None
    assert {len(paragraph) for paragraph in items[0].paragraphs} <= set(range(199, 374))
    assert len(items[0].paragraphs) == 6
    headlines = [item.headline or "" for item in items[1:]]
    assert {len(headline) for headline in headlines} <= set(range(61, 103))
    assert headlines[0].startswith("Pentagon Probe Finds Hegseth’s Use")
    assert headlines[15].endswith("After National Guard Shooting Near White House")
    assert all(not item.paragraphs and item.link is None and item.published_at is None for item in items[1:])
    assert "“Productive”" in headlines[11]
    assert "Japan's collaboration" in items[0].paragraphs[3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Bridge closes\nMayor resigns\n", [("Bridge closes", 0), ("Mayor resigns", 0)], id="a run"),
        pytest.param("mayor resigns\nbridge closes\n", [("mayor resigns", 0), ("bridge closes", 0)], id="low letters"),
        pytest.param(f"Bridge closes\n\n{SENTENCE}\n{OTHER}\n", [("Bridge closes", 2)], id="a titled article"),
        pytest.param(f"Bridge closes\n{SENTENCE}\n{OTHER}\n", [("Bridge closes", 2)], id="a title right above"),
        pytest.param(f"{SENTENCE}\n\n{OTHER}\n", [(None, 2)], id="paragraphs a blank line apart"),
        pytest.param(f"{SENTENCE}\n{OTHER}\n\n\n{SENTENCE}\n", [(None, 2), (None, 1)], id="two untitled articles"),
        pytest.param(f"{SENTENCE}\n\n\n{OTHER}\n", [(None, 2)], id="every gap is two lines: one article"),
        pytest.param(f"{SENTENCE}\n---\n{OTHER}\n", [(None, 1), (None, 1)], id="a rule parts articles"),
        pytest.param(
            f"Bridge closes\nMayor resigns\n\n{SENTENCE}\n",
            [("Bridge closes", 0), ("Mayor resigns", 0), (None, 1)],
            id="the last of a run is no title",
        ),
        pytest.param(
            f"First Title\n{SENTENCE}\nSecond Title\n{OTHER}\n",
            [("First Title", 1), ("Second Title", 1)],
            id="two articles without a blank line",
        ),
        pytest.param(f"{SENTENCE}\nNobody was hurt.\n", [(None, 2)], id="a short last paragraph"),
        pytest.param(
            f"{SENTENCE}\n\n\nBridge closes\nMayor resigns",
            [(None, 1), ("Bridge closes", 0), ("Mayor resigns", 0)],
            id="an article, then a run",
        ),
    ],
)
def test_articles_and_runs_of_headlines_are_told_apart(text: str, expected: list[tuple[str | None, int]]) -> None:
    assert shape(text) == expected


@pytest.mark.parametrize(
    "headline",
    [
        "Who pays for the bridge?",
        "Stop the works now!",
        "And then there were none …",
        "Mayor calls plan “fundamentally wrong”",
        "The residents’",
        "What we know so far about the closure:",
        "MAYOR RESIGNS OVER BRIDGE",
        "mayor resigns over bridge after a long and bitter fight with the council and its many friends",
        "Flights Grounded at U.S. Airports as Officials in Washington, D.C. Weigh New Rules for Drones",
        "Is the bridge still safe? Here is what the latest report of the engineers tells us",
        "Officials in U.S. and U.K. Meet Sen. Smith and Gov. Jones to Talk About Trade in the D.C.",
        "東京で首脳会談",
        "मंत्री ने पुल बंद किया",
        "محادثات في القاهرة حول الجسر",
        "**Bold** claim by @everyone and <@123> [link](x)",
        "Profits up 3.5 percent at Smith & Co.",
        "Sbarro Pizza files for bankruptcy for the second time in three ...",
    ],
)
def test_a_line_is_a_headline_however_it_ends_and_in_any_script(headline: str) -> None:
    assert [item.headline for item in parse(f"{headline}\nMayor resigns today\n")] == [headline, "Mayor resigns today"]


RUN = [f"Village {number} elects a mayor" for number in range(8)]


def test_a_lone_sentence_amid_a_long_run_of_headlines_is_one_of_them() -> None:
    assert [item.headline for item in parse("\n".join([*RUN, SENTENCE, *RUN]))] == [*RUN, SENTENCE, *RUN]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([*RUN[:2], SENTENCE, *RUN[2:4]], [(RUN[0], 0), (RUN[1], 1), (RUN[2], 0), (RUN[3], 0)]),
        ([RUN[0], SENTENCE, *RUN[1:]], [(RUN[0], 1), *((title, 0) for title in RUN[1:])]),
        ([*RUN, SENTENCE, OTHER], [*((title, 0) for title in RUN[:-1]), (RUN[-1], 2)]),
        ([*RUN, SENTENCE * 3, RUN[0]], [*((title, 0) for title in RUN[:-1]), (RUN[-1], 1), (RUN[0], 0)]),
    ],
    ids=["a short run", "a title above", "two sentences", "a whole paragraph"],
)
def test_otherwise_a_sentence_is_the_text_below_its_headline(lines: list[str], expected: list[tuple[str, int]]) -> None:
    assert shape("\n".join(lines)) == expected


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("World\nBridge closes today\nMayor resigns today", "World"),
        ("== Business ==\n\nBridge closes today\nMayor resigns today", "Business"),
        ("# Sports\nBridge closes today\nMayor resigns today", "Sports"),
        ("From the valley:\nBridge closes today\nMayor resigns today", "From the valley"),
        ("THE VALLEY\nBridge closes today\nMayor resigns today", "THE VALLEY"),
        ("The valley\n- Bridge closes today\n- Mayor resigns today", "The valley"),
        ("The valley\n\nBridge closes today\nMayor resigns today", "The valley"),
    ],
)
def test_a_label_above_a_run_names_its_section(text: str, section: str) -> None:
    assert [(item.headline, item.section) for item in parse(text)] == [
        ("Bridge closes today", section),
        ("Mayor resigns today", section),
    ]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_the_short_sentences_that_an_article_opens_with_are_its_text(gap: str) -> None:
    opening = gap.join(("No sound.", "No light.", SENTENCE))
    assert shape(f"Bridge closes{gap}{opening}") == [("Bridge closes", 3)]
    assert shape(opening) == [(None, 3)]
    assert shape(f"Bridge Closes Today.\n{SENTENCE}") == [("Bridge Closes Today.", 1)]


@pytest.mark.parametrize(
    "title",
    [
        "You Can Buy Smart Glasses Today! A Few Things To Consider.",
        "Mayor Resigns. Council Meets. What Comes Next for the Old Bridge",
    ],
)
def test_a_title_in_capitals_is_one_though_it_ends_as_sentences_do(title: str) -> None:
    assert shape(f"{title}\n{SENTENCE}") == [(title, 1)]


def test_a_sentence_full_of_names_is_text() -> None:
    sentence = "President Jane Doe will meet Prime Minister John Roe in Valley Town on Monday."
    assert shape(f"Bridge closes\n{sentence}") == [("Bridge closes", 1)]


@pytest.mark.parametrize("rule", ["=============", "-------------", "~~~~~~~~~~~~~~"])
def test_an_underlined_title_belongs_to_the_text_below(rule: str) -> None:
    assert shape(f"Bridge closes\n{rule}\n{SENTENCE}\n\n{OTHER}\n") == [("Bridge closes", 2)]


@pytest.mark.parametrize(
    "quote", ["“It is a great day for us!”", '"Who would have thought it?"', "„Das war erst der Anfang …“"]
)
def test_what_somebody_said_is_a_paragraph_of_an_article(quote: str) -> None:
    assert shape(f"Bridge closes\n\n{SENTENCE}\n\n{quote}\n\n{OTHER}\n") == [("Bridge closes", 3)]
    assert [item.headline for item in parse(f"Mayor resigns\n{quote}\n")] == ["Mayor resigns", quote]


@pytest.mark.parametrize(
    "source", ["Source: Ministry of Foreign Affairs of Japan", "(Source: The Valley Post)", "[Source: Reuters]"]
)
def test_a_source_in_an_article_is_a_note_however_long_or_bracketed(source: str) -> None:
    (item,) = parse(f"Bridge closes\n\n{SENTENCE}\n\n{source}\n")
    assert item.publisher == source.strip("()[]").removeprefix("Source: ")


def test_a_label_with_nothing_below_is_kept_as_a_headline() -> None:
    assert [item.headline for item in parse("World\nBusiness\nBridge closes today")] == ["World", "Bridge closes today"]
    assert [item.headline for item in parse("Bridge closes today\n\nWorld")] == ["Bridge closes today", "World"]


@pytest.mark.parametrize("mark", ["- ", "* ", "• ", "▪ ", "+ ", "– "])
def test_bullets_are_taken_off(mark: str) -> None:
    text = f"{mark}Bridge closes today\n{mark}Mayor resigns over\n   the bridge\n"
    assert [item.headline for item in parse(text)] == ["Bridge closes today", "Mayor resigns over the bridge"]


@pytest.mark.parametrize("mark", ["— ", "→ ", "» ", "∙ ", "✓ ", "- [ ] ", "#{} ", "{} - ", "{}: ", "{}."])
def test_so_are_rarer_marks(mark: str) -> None:
    text = f"{mark.format(1)}Bridge closes today\n{mark.format(2)}Mayor resigns over the bridge\n"
    assert [item.headline for item in parse(text)] == ["Bridge closes today", "Mayor resigns over the bridge"]


@pytest.mark.parametrize("mark", ["- ", "{}. "])
@pytest.mark.parametrize("above", ["", "---\n", "World\n"])
def test_sentences_in_a_list_that_stands_alone_are_headlines(mark: str, above: str) -> None:
    text = f"{above}{mark.format(1)}{SENTENCE}\n{mark.format(2)}Mayor resigns\n{mark.format(3)}{OTHER}\n"
    assert shape(text) == [(SENTENCE, 0), ("Mayor resigns", 0), (OTHER, 0)]


def test_a_list_below_a_title_or_in_the_middle_of_an_article_is_its_text() -> None:
    title = "Bridge closes for a whole year of repairs"
    assert shape(f"{title}\n- {SENTENCE}\n- {OTHER}\n") == [(title, 2)]
    assert shape(f"{title}\n\n{SENTENCE} It named two parts:\n\n- the deck\n- the piers\n\n{OTHER}\n") == [(title, 4)]


def test_scores_and_fractions_are_no_numbers_of_a_list() -> None:
    headlines = ["1 - 0: Köln wins", "2 - 1: Bonn loses", "3.5 million watch", "4.5 million do not"]
    assert [item.headline for item in parse("\n".join(headlines))] == headlines


def test_numbers_are_taken_off_where_they_count() -> None:
    assert [item.headline for item in parse("1. Bridge closes\n2) Mayor resigns\n\n(3) Train late\n")] == [
        "Bridge closes",
        "Mayor resigns",
        "Train late",
    ]
    assert [item.headline for item in parse("1. FC Köln wins again\n12 killed in storm")] == [
        "1. FC Köln wins again",
        "12 killed in storm",
    ]


def test_lines_about_an_item_are_noted_on_it() -> None:
    text = (
        "Bridge closes\nBy Jane Doe and John Roe\nPublished: 4 December 2025\n"
        f"Updated: 2025-12-05T10:00:00+02:00\n\n{SENTENCE}\nSource: The Valley Post\nhttps://example.com/a?b=1\n"
    )
    assert parse(text) == (
        Item(
            headline="Bridge closes",
            paragraphs=(SENTENCE,),
            link="https://example.com/a?b=1",
            published_at=datetime(2025, 12, 4, tzinfo=UTC),
            updated_at=datetime(2025, 12, 5, 8, tzinfo=UTC),
            authors=("Jane Doe and John Roe",),
            publisher="The Valley Post",
        ),
    )


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("By JANE DOE", "JANE DOE"),
        ("by Jane Doe", "Jane Doe"),
        ("By Reuters", "Reuters"),
        ("By Jane Doe Jr.", "Jane Doe Jr."),
        ("By Jane Doe | Staff Writer", "Jane Doe | Staff Writer"),
        ("By María José García-López and Seán O’Brien", "María José García-López and Seán O’Brien"),
        ("By Jane van der Doe of The Valley Post", "Jane van der Doe of The Valley Post"),
        ("By JANE DOE\nThe Associated Press", "JANE DOE, The Associated Press"),
    ],
)
def test_a_byline_is_one_however_it_is_written(line: str, authors: str) -> None:
    assert parse(f"Bridge closes\n{line}\n\n{SENTENCE}\n") == (
        Item(headline="Bridge closes", paragraphs=(SENTENCE,), authors=(authors,)),
    )


@pytest.mark.parametrize(
    "text",
    ["Bridge closes\nBy Jane Doe\nMayor resigns\nBy John Roe\n", "Bridge closes\nBy Jane Doe\nSource: Reuters\n"],
)
def test_a_byline_in_a_run_is_one_beside_another_or_a_note(text: str) -> None:
    items = parse(text)
    assert (items[0].headline, items[0].authors) == ("Bridge closes", ("Jane Doe",))
    assert len(items) == text.count("By ")


def test_links_in_a_run_belong_to_the_headline_above_or_the_one_below() -> None:
    above = parse("Bridge closes\nhttps://a.example/1\nMayor resigns\nLink: https://a.example/2\n")
    below = parse("https://a.example/1\nBridge closes\nhttps://a.example/2\nMayor resigns\n")
    assert (
        [item.link for item in above] == [item.link for item in below] == ["https://a.example/1", "https://a.example/2"]
    )


@pytest.mark.parametrize(
    "line",
    [
        "Source: Club to sell its old stadium to the city",
        "Date: a novel of manners returns",
        "Author: the man who wrote everything and nothing at all, and who then went away to live by the sea for ever",
        "By the sea",
        "By Land and Sea",
        "Link: the missing piece",
    ],
)
def test_a_headline_that_looks_like_a_note_is_not_lost(line: str) -> None:
    assert line in [item.headline for item in parse(f"Bridge closes\n{line}\nMayor resigns\n")]


def test_notes_alone_are_kept_as_what_they_say() -> None:
    assert [item.headline for item in parse("Source: Reuters\n")] == ["Source: Reuters"]
    assert parse("Bridge closes\n---\nSource: Reuters\n")[0].publisher == "Reuters"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\f"])
def test_any_line_end_ends_a_line(end: str) -> None:
    items = parse(f"Bridge closes{end}Mayor resigns{end}")
    assert [item.headline for item in items] == ["Bridge closes", "Mayor resigns"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("A\u00a0B\u2009C", "A B C"),
        ("A\u200bB\ufeff", "AB"),
        ("\u202eevil\u202c \x07bell", "evil bell"),
        ("so\u00adft", "soft"),
        ("Cafe\u0301", "Café"),
        ("AT&amp;T &amp;lt; 5 &#8217;", "AT&T < 5 ’"),
        ("<p>One<br>two <b>b</b>old</p>", "One two bold"),
        ("&lt;b&gt;bold&lt;/b&gt;", "bold"),
        ("x < y and y > z", "x < y and y > z"),
        ("if a<b and c>d", "if a<b and c>d"),
        ('<a href="https://a.example/?b=1" rel=x>One</a ><br />two', "One two"),
        ("a" + "\u0301" * 40, "á" + "\u0301" * 4),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("&#10;a&#10;b", "a b"),
    ],
)
def test_a_line_is_cleaned(raw: str, expected: str) -> None:
    assert clean(raw) == expected


@pytest.mark.parametrize(
    "data",
    [
        "Größe zählt – “so”\n".encode(),
        b"\xef\xbb\xbf" + "Größe zählt – “so”\n".encode(),
        "Größe zählt – “so”\n".encode("utf-16"),
        "Größe zählt – “so”\n".encode("utf-16-le"),
        "Größe zählt – “so”\n".encode("utf-16-be"),
        "Größe zählt – “so”\n".encode("utf-32"),
        "Größe zählt – “so”\n".encode("cp1252"),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"],
)
def test_the_usual_encodings_are_read(data: bytes) -> None:
    assert [item.headline for item in read(data)] == ["Größe zählt – “so”"]


@pytest.mark.parametrize("word", ["War", "地震", "戦争", "지진", "Óc?n"])
def test_one_short_word_is_a_headline(word: str) -> None:
    assert [item.headline for item in read(word.encode())] == [word]


@pytest.mark.parametrize(
    ("data", "kind", "reason"),
    [
        (b"", SourceFault.EMPTY, "it is empty"),
        (b" \n\t\n", SourceFault.EMPTY, "it is empty"),
        ("\u200b\n---\n".encode(), SourceFault.EMPTY, "it holds no text"),
        (b"ok", SourceFault.EMPTY, "it holds too little to be a headline"),
        (b"a\x00b\x00", SourceFault.EMPTY, "it holds too little to be a headline"),
        (b"12 34", SourceFault.EMPTY, "it holds too little to be a headline"),
        (b"%PDF-1.7 x", SourceFault.UNREADABLE_FILE, "it is a PDF, not plain text"),
        (b"\x00\x01\x02\x03" * 9, SourceFault.UNREADABLE_FILE, "it is not a text file"),
        (bytes(range(32)) * 9, SourceFault.UNREADABLE_FILE, "it is not a text file"),
        (b"\xff\xfeA", SourceFault.UNREADABLE_FILE, "it starts like UTF-16 but is not"),
        ("Größe ".encode() + b"\xe9t\xe9", SourceFault.UNREADABLE_FILE, "mixes encodings"),
        ("日本語の記事です".encode("shift-jis") * 3, SourceFault.UNREADABLE_FILE, "save it as UTF-8"),
        ("Привет, мир".encode("koi8-r"), SourceFault.UNREADABLE_FILE, "save it as UTF-8"),
        (b"x" * 5_000_001, SourceFault.TOO_LARGE, "larger than 5 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence(data: bytes, kind: SourceFault, reason: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert caught.value.kind is kind
    assert reason in caught.value.reason


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("line", "items"),
    [
        ("Bridge closes", 20_000),
        (SENTENCE, 1),
        ("By Jane Doe", 20_000),
        ("https://a.example/x", 10_000),
        ("  goes on", 20_000),
        ("1. Bridge closes", 20_000),
        ("World", 20_000),
    ],
)
def test_a_document_of_very_many_lines_takes_no_longer_a_line(line: str, items: int) -> None:
    assert len(parse(f"{line}\n" * 20_000)) == items


def test_a_bullet_with_endless_lines_below_stays_readable() -> None:
    found = parse("- Bridge closes\n" + "  goes on\n" * 5_000)
    assert max(len(item.headline or "") for item in found) < 400


def test_a_huge_line_is_one_paragraph() -> None:
    line = "word " * 200_000 + "end."
    assert parse(line)[0].paragraphs == (line,)


_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
_lines = st.one_of(
    _words,
    st.sampled_from(
        f"""World|- Bridge closes|1. One|2. Two|{SENTENCE}|{OTHER}|Bridge closes|By Jane Doe|---|Source: Reuters
|https://a.example/x|Nobody was hurt.|THE VALLEY|<p>|Published: 2025-01-01|goes on||""".replace("\n", "").split("|")
    ),
)


@given(st.lists(_lines, max_size=30).map("\n".join))
def test_no_line_is_ever_lost(text: str) -> None:
    items = parse(text)
    kept = "\n".join(
        part for item in items for part in (item.headline or "", item.section or "", *item.paragraphs) if part
    )
    for line in lines_of(text):
        if not line.is_metadata and line.kind is not Kind.SEPARATOR:
            assert line.text.strip(" :：[]=-–—*_#") in kept
    assert [item.position for item in items] == list(range(len(items)))
    assert all(item.headline or item.paragraphs for item in items)


@given(st.binary(max_size=400))
def test_bytes_are_read_or_refused_and_nothing_else(data: bytes) -> None:
    with suppress(SourceError):
        assert read(data)
