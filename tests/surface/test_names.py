"""Names that code gives to other code as text must be names that exist."""

import ast
from collections.abc import Iterator
from pathlib import Path

from bot.errors import PARAMETERS, Code
from bot.worker.jobs import JOBS, load

ROOT = Path(__file__).parent.parent.parent
SOURCES = [path for folder in ("bot", "cogs") for path in (ROOT / folder).rglob("*.py")]


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_every_job_that_is_asked_for_by_name_exists() -> None:
    asked = {
        call.args[0].value
        for path in SOURCES
        for call in _calls(ast.parse(path.read_text("utf-8")))
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "run"
        and "runner" in ast.unparse(call.func).lower()
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    assert asked <= set(JOBS)
    assert all(callable(load(path)) for path in JOBS.values())


def test_every_user_error_carries_only_the_parameters_its_sentence_knows() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{call.lineno} {ast.unparse(call)}"
        for path in SOURCES
        for call in _calls(ast.parse(path.read_text("utf-8")))
        if ast.unparse(call.func) == "UserError" and call.args and ast.unparse(call.args[0]).startswith("Code.")
        if {str(word.arg) for word in call.keywords}
        - PARAMETERS.get(Code[ast.unparse(call.args[0]).removeprefix("Code.")], frozenset())
    ]
    assert wrong == []
