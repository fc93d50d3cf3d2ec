# ruff: noqa: E501 - prose in tables stays on its line
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.stories import Length
from bot.language.features import is_bare_quote, points_back
from bot.language.summary import summarise
from tests.language.test_sentences import ENDS

FLOOD = [
    "By Maria Stern",
    "(CNN)The river Sall rose four metres overnight and flooded the old town of Marbrück, the mayor said on Monday.",
    (
        "About 300 people left their homes, and the army brought sandbags and boats to the old town. It was the third flood "
        "in ten years. “We have never seen water like this.”"
    ),
    "Read more: Floods in the north",
    "The state of Nordau will pay 40 million euros for a higher dam along the river, its interior ministry announced.",
    "But the work cannot begin before spring. He said the dam of 1962 was built for smaller floods.",
    "Trains between Marbrück and the coast will not run before Thursday, according to the railway.",
]
SENTENCES = " ".join(FLOOD)


@pytest.mark.parametrize("length", list(Length))
def test_a_summary_is_whole_sentences_in_order_within_the_budget(length: Length) -> None:
    found = summarise(FLOOD, length=length)
    assert found is not None
    assert all(sentence in SENTENCES for sentence in found.sentences)
    assert list(found.picked) == sorted(found.picked)
    assert sum(len(sentence.split()) for sentence in found.sentences) <= length.words
    assert found.length is length


@pytest.mark.parametrize("length", list(Length))
def test_a_summary_never_picks_furniture_nor_opens_on_what_came_before(length: Length) -> None:
    found = summarise(FLOOD, length=length)
    assert found is not None
    text = " ".join(found.sentences)
    assert "Read more" not in text
    assert "Maria Stern" not in text
    assert "(CNN)" not in text
    assert not found.sentences[0].startswith(("But", "He", "It", "“"))


def test_a_sentence_that_points_back_comes_only_behind_the_one_it_points_to() -> None:
    for length in Length:
        found = summarise(FLOOD, length=length)
        assert found is not None
        for sentence, place in zip(found.sentences, found.picked, strict=True):
            assert not points_back(sentence) or place - 1 in found.picked


def test_attribution_is_never_cut() -> None:
    found = summarise(FLOOD, headline="The river Sall floods the old town of Marbrück", headline_is_derived=True)
    assert found is not None
    assert found.sentences[0].endswith("the mayor said on Monday.")


def test_a_headline_is_not_repeated_but_draws_what_is_like_it() -> None:
    repeated = "Trains to the coast stop until Thursday"
    found = summarise([f"{repeated}.", *FLOOD[1:]], headline=repeated, length=Length.SHORT)
    assert found is not None
    assert f"{repeated}." not in found.sentences


def test_a_short_article_is_given_whole() -> None:
    paragraphs = ["Rain fell in the north on Sunday. The fields of Nordau needed it badly."]
    found = summarise(paragraphs)
    assert found is not None
    assert found.picked == (0, 1)


def test_an_article_that_opens_dangling_still_has_a_summary() -> None:
    found = summarise(["He left."])
    assert found is not None
    assert found.sentences == ("He left.",)
    found = summarise(["He left. It had been expected."])
    assert found is not None
    assert found.sentences == ("He left.", "It had been expected.")


def test_one_sentence_longer_than_the_budget_is_given_whole() -> None:
    sentence = "The council " + "debated the bridge and " * 40 + "went home."
    found = summarise([sentence], length=Length.SHORT)
    assert found is not None
    assert found.sentences == (sentence,)


def test_without_text_there_is_no_summary() -> None:
    assert summarise([]) is None
    assert summarise([" ", "\n"]) is None


@pytest.mark.parametrize("language", ENDS)
def test_every_language_gets_a_summary(language: str) -> None:
    paragraph = ("" if language in {"ja", "zh"} else " ").join(ENDS[language])
    for known in (None, language):
        found = summarise([paragraph], language=known)
        assert found is not None
        assert all(sentence in paragraph for sentence in found.sentences)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.text(max_size=120), max_size=6),
    st.text(max_size=40),
    st.booleans(),
    st.sampled_from(Length),
)
def test_any_text_gives_a_verbatim_summary(texts: list[str], headline: str, is_derived: bool, length: Length) -> None:  # noqa: FBT001
    found = summarise(texts, headline=headline, headline_is_derived=is_derived, length=length)
    assert (found is None) == (not any(text.strip() for text in texts))
    for sentence in found.sentences if found else ():
        assert any(sentence in text for text in texts)
        assert sentence


@pytest.mark.parametrize(
    ("sentence", "language", "expected"),
    [
        ("He left.", "en", True),
        ("“But it rained,” she said.", "en", True),
        ("That’s all.", "en", True),
        ("In addition, rain fell.", "en", True),
        ("The two left.", "en", True),
        ("Officials left.", "en", False),
        ("Er ging.", "de", True),
        ("Das ist neu.", "de", True),
        ("Das Ministerium teilte mit, es werde gebaut.", "de", False),
        ("Het is nieuw.", "nl", True),
        ("Het kabinet heeft ingestemd.", "nl", False),
        ("En outre, il a plu.", "fr", True),
        ("En France, il a plu.", "fr", False),
        ("Ce mardi, il a plu.", "fr", False),
        ("Esta semana llovió.", "es", False),
        ("Este plan es nuevo.", "es", True),
        ("При этом шёл дождь.", "ru", True),
        ("При пожаре никто не пострадал.", "ru", False),
        ("وهو سيدخل حيز التنفيذ.", "ar", True),
        ("Il est parti.", "fr", True),
        ("Pero llovió.", "es", True),
        ("Он ушёл.", "ru", True),
        ("しかし雨だった。", "ja", True),
        ("雨だった。", "ja", False),
        ("...", "en", False),
    ],
)
def test_openings_that_need_the_sentence_before_are_told(sentence: str, language: str, expected: bool) -> None:  # noqa: FBT001
    assert points_back(sentence, language) is expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("“We won the game.”", True),
        ('"We won the game.', True),
        ('"We won the game," Stern said.', False),
        ("Stern called it “a mess”.", False),
        ("Rain fell.", False),
        ('And we won." Stern said so', False),
    ],
)
def test_quotations_without_a_speaker_are_told(sentence: str, expected: bool) -> None:  # noqa: FBT001
    assert is_bare_quote(sentence) is expected
