"""What the page is made of."""

import re

import pytest

from bot.loopback.page.server import TYPES, load_files

FILES = load_files()
TEXTS = {name: content.decode() for name, content in FILES.items()}
SCRIPTS = {name: text for name, text in TEXTS.items() if name.endswith(".js")}
WAYS_TO_MARKUP = ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "srcdoc")


def test_the_whole_page_stays_within_150_kilobytes() -> None:
    assert sum(len(content) for content in FILES.values()) <= 150_000


def test_every_file_has_a_type() -> None:
    assert {name.partition(".")[2] for name in FILES} == set(TYPES)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_small_and_says_what_it_is_for(name: str) -> None:
    lines = SCRIPTS[name].splitlines()
    assert lines[0].startswith("// ")
    assert len(lines) <= 300


@pytest.mark.parametrize("name", SCRIPTS)
def test_texts_never_become_markup(name: str) -> None:
    assert [way for way in WAYS_TO_MARKUP if way in SCRIPTS[name]] == []


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_is_named_that_lies_elsewhere(name: str) -> None:
    found = re.findall(r"(?:https?:)?//[a-z][\w.-]+\.[a-z]{2,}[^\s\"']*", TEXTS[name])
    assert set(found) <= {"http://www.w3.org/2000/svg"}


def test_markup_holds_no_script_and_no_style_of_its_own() -> None:
    assert re.findall(r"<style|style=|\son\w+=|<script>", TEXTS["index.html"]) == []


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_a_script_imports_is_there(name: str) -> None:
    wanted = re.findall(r'from "\./([a-z.]+)"', SCRIPTS[name])
    assert [module for module in wanted if module not in FILES] == []
