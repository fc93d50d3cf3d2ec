"""What the documents say must be so: every verb, option, setting, code, command and file they name."""

import argparse
import importlib
import json
import re
from pathlib import Path

import pytest

from bot.cli import VERBS
from bot.errors import Code
from bot.settings import FIELDS
from tests.sbom import LOCK, bill, pins

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
OPERATING = (DOCS / "operating.md").read_text("utf-8")
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])


def _module(verb: str) -> str:
    return f"bot.cli.{'trial' if verb == 'try' else verb}"


BUILT = [verb for verb in VERBS if (ROOT / (_module(verb).replace(".", "/") + ".py")).exists()]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_table_of_verbs(verb: str) -> None:
    assert re.search(rf"^\| `{verb}[ `]", OPERATING, re.MULTILINE), verb


def test_every_verb_in_the_table_of_verbs_is_built() -> None:
    (table,) = re.findall(r"^\| verb \| does \|\n((?:\|.*\n)+)", OPERATING, re.MULTILINE)
    assert set(re.findall(r"^\| `([a-z]+)", table, re.MULTILINE)) == set(BUILT) == set(VERBS)


@pytest.mark.parametrize("verb", BUILT)
def test_every_verb_explains_itself(verb: str) -> None:
    parser = argparse.ArgumentParser()
    importlib.import_module(_module(verb)).configure(parser)
    for action in parser._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), f"{verb}: {action.dest}"


@pytest.mark.parametrize("key", FIELDS)
def test_every_setting_is_in_the_table_of_settings(key: str) -> None:
    (line,) = re.findall(rf"^\| `{key}` \|(.*)$", OPERATING, re.MULTILINE)
    default = FIELDS[key].default
    if isinstance(default, int) or (isinstance(default, str) and default):
        assert f"`{default}`" in line.split("|")[0], key


@pytest.mark.parametrize("code", Code)
def test_every_code_has_its_line_in_troubleshooting(code: Code) -> None:
    assert re.search(rf"^\| {code.value} \|", OPERATING, re.MULTILINE)


def test_no_code_is_explained_that_nobody_sees() -> None:
    assert set(re.findall(r"^\| (E\d\d) \|", OPERATING, re.MULTILINE)) == {code.value for code in Code}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_a_page_names_exists(page: Path) -> None:
    for verb, words in re.findall(r"dateline (\w+)((?: --[a-z-]+)+)", page.read_text("utf-8")):
        if verb not in BUILT:
            continue
        source = Path(importlib.import_module(_module(verb)).__file__ or "").read_text("utf-8")
        for option in words.split():
            assert f'"{option}"' in source, f"{page.name}: dateline {verb} {option}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_verb_a_page_names_exists(page: Path) -> None:
    named = set(re.findall(r"(?:\./|`)dateline ([a-z]+)\b", page.read_text("utf-8")))
    assert named <= set(VERBS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_local_link_and_every_named_test_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    missing = [link for link in links if link and not (page.parent / link).exists()]
    missing += [path for path in re.findall(r"`(tests/[\w/.]+)`", text) if not (ROOT / path).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_developers_command_a_page_names_exists(page: Path) -> None:
    known = set(re.findall(r"^\./dev (\w+)", (ROOT / "dev").read_text("utf-8"), re.MULTILINE)) | {"help"}
    assert set(re.findall(r"\./dev (\w+)", page.read_text("utf-8"))) <= known


def test_every_command_of_discord_is_in_the_readme_or_in_using() -> None:
    names = set()
    for path in (ROOT / "cogs").glob("*.py"):
        names |= set(re.findall(r'(?:command|Group)\(\s*name="(\w+)"', path.read_text("utf-8")))
    text = "".join(page.read_text("utf-8") for page in PAGES)
    of_the_group = {"setup", "status", "sources", "filters", "correct", "export", "import"}
    top = names - of_the_group
    assert [name for name in sorted(top) if f"/{name}" not in text] == []


def test_the_bill_of_materials_lists_every_locked_package_and_no_address() -> None:
    lock = LOCK.read_text("utf-8")
    made = bill(lock)
    assert {one["name"] for one in made["components"]} == {name for name, _, _ in pins(lock)}
    assert len(made["components"]) == len(re.findall(r"^[a-zA-Z0-9._-]+==", lock, re.MULTILINE))
    assert "://" not in json.dumps(made)
    assert made == bill(lock)
