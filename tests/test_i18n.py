"""Translations are whole, say the same with the same braces, and are compiled from what is written."""

import re
from string import Formatter

import pytest

from bot.desk.times import parse_time
from bot.i18n import DOMAIN, LANGUAGES, PSEUDO, command_text, mark, negotiate, texts_for
from bot.render.terms import pack_name
from bot.sources import catalogue
from tests.render.values import voice
from tests.translations import TRANSLATED, compiled, folder, read, template

IDS = {message.id for message in template() if message.id}


def braces(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def forms(value: object) -> list[str]:
    return [str(form) for form in value] if isinstance(value, tuple | list) else [str(value)]


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_sentence_is_translated_and_none_is_left_over(locale: str) -> None:
    written = {message.id: message.string for message in read(locale) if message.id}
    assert set(written) == IDS
    assert [sentence for sentence, said in written.items() if not all(forms(said))] == []


@pytest.mark.parametrize("locale", TRANSLATED)
def test_translations_keep_braces_marks_and_commands(locale: str) -> None:
    for message in read(locale):
        if not message.id:
            continue
        source = forms(message.id)[-1]
        assert braces(source) == braces(forms(message.string)[-1]), message.id
        for said in forms(message.string):
            assert braces(said) <= braces(source), message.id
            assert source.count("**") == said.count("**"), message.id
            assert re.findall(r"/[a-z]+", source) == re.findall(r"(?<=/)[a-z]+|/[a-z]+", said) or "/" not in source


@pytest.mark.parametrize("locale", TRANSLATED)
def test_the_compiled_file_is_the_written_one(locale: str) -> None:
    assert (folder(locale) / f"{DOMAIN}.mo").read_bytes() == compiled(read(locale))


@pytest.mark.parametrize("locale", TRANSLATED)
def test_no_translation_shouts_begs_or_jokes(locale: str) -> None:
    for message in read(locale):
        for said in forms(message.string) if message.id else []:
            assert not re.search(r"[!¡]|\b(?:bitte versuch|désolé|lo siento)\b", said, re.IGNORECASE), said


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_time_that_a_form_gives_as_an_example_is_understood(locale: str) -> None:
    *several, last = texts_for(locale)("08:00, 8am, 20h or noon").split(", ")
    examples = [*several, *last.split()[::2]]  # "20h or noon"
    assert [parse_time(example).hour for example in examples] == [8, 8, 20, 12]


def test_every_pack_of_the_catalogue_has_a_name_in_every_language() -> None:
    english = {pack: pack_name(pack, voice()) for pack in catalogue.packs()}
    german = {pack: pack_name(pack, voice("de")) for pack in catalogue.packs()}
    assert english == {pack: pack for pack in catalogue.packs()}
    assert (german["World"], german["Climate"], german["Tech"]) == ("Welt", "Klima", "Technik")


def test_in_french_no_line_begins_with_a_mark() -> None:
    breaking = re.compile(r"(?<!\u00a0)[;?»](?!\S)|[^\S\u00a0]:|«(?!\u00a0)")
    said = [text for message in read("fr") if message.id for text in forms(message.string)]
    assert [text for text in said if breaking.search(text)] == []


def test_in_german_an_ellipsis_stands_apart() -> None:
    said = [text for message in read("de") if message.id for text in forms(message.string)]
    assert [text for text in said if re.search(r"[^\s]…", text)] == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (("de",), "de"),
        (("es-419",), "es"),
        (("en-GB",), "en"),
        (("pt-BR", "fr"), "fr"),
        ((None, "sv-SE"), "en"),
        (("fr_CA",), "fr"),
        ((PSEUDO,), PSEUDO),
        ((), "en"),
    ],
)
def test_the_first_language_we_speak_is_chosen(wanted: tuple[str | None, ...], expected: str) -> None:
    assert expected == negotiate(*wanted)


@pytest.mark.parametrize(
    ("locale", "one", "many", "thousand"),
    [
        ("en", "1 report", "2 reports", "1,234 reports"),
        ("de", "1 Bericht", "2 Berichte", "1.234 Berichte"),
        ("fr", "1 article", "2 articles", "1\u202f234 articles"),
        ("es", "1 artículo", "2 artículos", "1\u202f234 artículos"),
    ],
)
def test_numbers_choose_their_form_and_have_separators(locale: str, one: str, many: str, thousand: str) -> None:
    texts = texts_for(locale)
    said = [texts.many("{count} report", "{count} reports", count) for count in (1, 2, 1_234)]
    assert [one, many, thousand] == said


def test_french_counts_none_in_the_singular() -> None:
    assert texts_for("fr").many("{count} story", "{count} stories", 0) == "0 sujet"


def test_the_pseudo_locale_is_longer_and_leaves_braces_and_commands_alone() -> None:
    said = texts_for(PSEUDO)("More: {headlines} or /search **now**", headlines="</headlines:1>")
    assert "</headlines:1>" in said
    assert "/search **ñów**" in said
    assert len(said) >= 1.4 * len("More: {headlines} or /search **now**")


def test_values_with_braces_are_put_in_as_they_are() -> None:
    assert texts_for("en")("Search: {words}", words="{evil.__class__}") == "Search: {evil.__class__}"


def test_command_texts_are_translated_where_we_speak_the_language() -> None:
    assert command_text("Who sees the answer", "de") == "Wer die Antwort sieht"
    assert command_text("Who sees the answer", "en-GB") is None
    assert command_text("Who sees the answer", "ja") is None
    assert command_text("Not a sentence of ours", "de") is None


def test_marking_changes_nothing() -> None:
    assert mark("World") == "World"
    assert {"en", *TRANSLATED} == set(LANGUAGES)
