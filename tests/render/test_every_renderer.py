"""Everything in `bot/render` that makes a message, a form or a completion has its walk: a new one fails here first."""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

import bot.render
from bot.render.completions import Choices
from bot.render.forms import Form
from bot.render.message import Message

HERE = Path(__file__).parent
# What no walk calls by name: made by another renderer that is walked.
INDIRECT = {"lists.empty_list": "lists.headlines", "message.plain_twin": "test_acceptance"}


def renderers() -> Iterator[str]:
    """Find the public functions that give something for Discord."""
    for found in pkgutil.iter_modules(bot.render.__path__):
        module = importlib.import_module(f"bot.render.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            made = function.__annotations__.get("return")
            if function.__module__ == module.__name__ and not name.startswith("_") and made in (Message, Form, Choices):
                yield f"{found.name}.{name}"


def walked() -> set[str]:
    """Find what the walks name: `module.function`."""
    files = (HERE / name for name in ("walk.py", "managers_walk.py", "test_completions_walk.py", "test_forms.py"))
    trees = [ast.parse(path.read_text("utf-8")) for path in files]
    return {
        f"{node.value.id}.{node.attr}"
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def test_everything_that_is_rendered_is_walked() -> None:
    assert sorted(set(renderers()) - walked() - set(INDIRECT)) == []


def test_enough_is_found_for_that_to_mean_something() -> None:
    found = set(renderers())
    assert {"lists.headlines", "forms.search", "completions.stories", "privacy.download"} <= found
    assert len(found) > 60
