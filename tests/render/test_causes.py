"""Every cause that the code can state about a feed or a list of feeds is one that readers get in their language."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.i18n import LANGUAGES, texts_for
from bot.render.causes import _CLAUSES, cause, is_known
from bot.render.voice import Voice

ROOT = Path(__file__).resolve().parents[2]
# What reads feeds and lists of feeds; documents and article pages are told to the operator alone.
STATING = (
    "sources/web", "sources/answers", "sources/addresses", "sources/parsing", "sources/json_feeds", "sources/opml",
    "ingest/visiting", "desk/adding", "desk/sources", "client/uploads",
)  # fmt: skip


def clauses(path: Path) -> Iterator[str]:
    """Find the second argument of each SourceError and each `reason=` of a UserError, numbers as {number}."""
    tree = ast.parse(path.read_text("utf-8"))
    named = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        stated = call.args[1:2] if name in {"SourceError", "__init__"} else []
        stated += [word.value for word in call.keywords if word.arg == "reason" and name == "UserError"]
        for value in stated:
            yield from _written(named.get(value.id, value) if isinstance(value, ast.Name) else value)


def _written(value: ast.expr) -> Iterator[str]:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "mark":
        yield from _written(value.args[0])
    if isinstance(value, ast.Constant):
        yield str(value.value)
    if isinstance(value, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{number}" for part in value.values)


@pytest.mark.parametrize("module", STATING)
def test_every_cause_in_the_code_is_translated(module: str) -> None:
    found = {re.sub(r"\d+ MB", "{number} MB", clause) for clause in clauses(ROOT / "bot" / f"{module}.py")}
    assert {clause for clause in found if not is_known(clause)} == set()


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_no_cause_stays_english(language: str) -> None:
    say = Voice(texts_for(language), datetime(2026, 3, 10, tzinfo=UTC))
    stated = [clause.replace("{number}", "503") for clause in _CLAUSES]
    assert [clause for clause in stated if cause(clause, say) == clause] == []
    assert "503" in cause("it answered 503", say)


def test_a_cause_that_is_not_known_is_shown_as_it_was_stated_and_inert() -> None:
    say = Voice(texts_for("de"), datetime(2026, 3, 10, tzinfo=UTC))
    assert cause("its *dog* ate 3 of 4", say) == r"its \*dog\* ate 3 of 4"
