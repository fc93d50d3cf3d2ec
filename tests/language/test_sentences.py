import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.detect import language_of
from bot.language.sentences import split

ENDS = {
    "en": [
        "J. K. Rowling met D.C. officials on Jan. 5.",
        "The rate rose 3.5 percent.",
        "U.S. officials said so.",
        "Yes!",
    ],
    "de": ["Der Kanzler sprach am 3. Oktober in Berlin.", "Das sagte Dr. Müller.", "Es kostet ca. 3,5 Mio. Euro."],
    "fr": ["M. Macron est arrivé.", "Il a dit « bonjour ».", "Puis il est parti."],
    "es": ["El Sr. Pérez llegó.", "¿Qué pasó?", "Nada."],
    "pt": ["O Sr. Silva chegou.", "Ele disse que sim.", "Depois saiu."],
    "ru": ["Президент прибыл в г. Москва.", "Он сказал: «Да».", "Потом ушёл."],
    "ar": ["وصل الرئيس إلى القاهرة.", "ماذا قال؟", "لا شيء."],
    "hi": ["राष्ट्रपति दिल्ली पहुंचे।", "उन्होंने कहा।", "फिर वे चले गए।"],
    "ja": ["首相は東京に到着した。", "「ありがとう」と述べた。", "その後、帰った。"],
    "zh": ["总统抵达北京。", "他说:“你好。”", "然后离开了。"],
}


@pytest.mark.parametrize("language", ENDS)
def test_sentences_end_where_they_end_in_every_language_we_read(language: str) -> None:
    joiner = "" if language in {"ja", "zh"} else " "
    assert list(split([joiner.join(ENDS[language])], language)) == ENDS[language]


@pytest.mark.parametrize("language", ENDS)
def test_the_language_need_not_be_given(language: str) -> None:
    joiner = "" if language in {"ja", "zh"} else " "
    assert list(split([joiner.join(ENDS[language])])) == ENDS[language]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He lives in the U.S. The end.", 2),
        ("Gen. Smith met Sen. Jones. They spoke.", 2),
        ("It grew 1.2 billion. It fell 3.4.", 2),
        ('"Stop." he said. He left.', 2),
        ("He sang “Stay With Me.” The singer then left.", 2),
        ("One line\nwrapped here. Second.", 2),
        ("First block\n\nsecond block", 2),
        ("First\u2028second", 2),
        ("A sentence without an end", 1),
        ("1. The storm comes at noon. 2) Trains stop at ten.", 2),
        ("MADRID, 3 mar (EFE).- Rain fell in the north.", 1),
    ],
)
def test_abbreviations_and_breaks(text: str, expected: int) -> None:
    assert len(split([text], "en")) == expected


def test_white_space_has_no_sentences() -> None:
    assert split(["", "  \n ", "\u2028"]) == ()


@pytest.mark.parametrize("language", ENDS)
def test_a_paragraph_of_any_length_is_cut_where_its_sentences_end(language: str) -> None:
    joiner = "" if language in {"ja", "zh"} else " "
    many = ENDS[language] * 600
    assert list(split([joiner.join(many)], language)) == many


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text", ["“" * 250_000, "« " * 125_000, "( “ " * 80_000, ". " * 125_000, "a" * 250_000, "<a " * 80_000]
)
def test_a_huge_line_of_marks_is_cut_in_time_and_nothing_of_it_is_lost(text: str) -> None:
    assert "".join("".join(split([text], "en")).split()) == "".join(text.split())


@given(st.lists(st.text(max_size=200), max_size=4), st.sampled_from([None, "en", "de", "ja", "xx", "en-GB"]))
def test_every_sentence_is_verbatim_and_no_text_is_lost(paragraphs: list[str], language: str | None) -> None:
    found = split(paragraphs, language)
    for sentence in found:
        assert any(sentence in paragraph for paragraph in paragraphs)
        assert sentence.strip() == sentence != ""
    kept = "".join("".join(found).split())
    assert kept == "".join("".join(paragraphs).split())


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The government said it will act", "en"),
        ("Bundestag stimmt für ein neues Gesetz zur Rente", "de"),
        ("Le président Macron reçoit les syndicats dans la journée", "fr"),
        ("El Gobierno aprueba la reforma de las pensiones", "es"),
        ("O governo não vai aprovar a reforma", "pt"),
        ("Il governo approva la riforma delle pensioni", "it"),
        ("Het kabinet wil niet dat de zorg duurder wordt", "nl"),
        ("Путин заявил о готовности", "ru"),
        ("Зеленський приїхав до Києва", "uk"),
        ("الرئيس المصري يستقبل الوفد", "ar"),
        ("ایران گفت که گفتگوها پایان یافت", "fa"),
        ("वित्त मंत्री ने बजट पेश किया", "hi"),
        ("総理大臣が会見しました", "ja"),
        ("习近平访问巴黎", "zh"),
        ("대통령이 도착했다", "ko"),
        ("Ο πρωθυπουργός", "el"),
        ("ראש הממשלה", "he"),
        ("Xanadu Zyxwor", None),
        ("1234 %%", None),
        ("", None),
    ],
)
def test_a_language_is_told_by_script_and_small_words(text: str, language: str | None) -> None:
    assert language_of(text) == language


@given(st.text(max_size=300))
def test_no_text_breaks_the_language_guess(text: str) -> None:
    found = language_of(text)
    assert found is None or 2 <= len(found) <= 3
