"""The judge refuses in components what Discord refuses, and takes what it takes."""

from typing import Any

import pytest

from bot.loopback.components import judge_components, measure, walk
from bot.loopback.verdict import Verdict

Json = dict[str, Any]


def text(content: str = "Text") -> Json:
    return {"type": 10, "content": content}


def button(number: int = 1, **about: Any) -> Json:
    return {"type": 2, "style": 2, "label": "Next", "custom_id": f"b{number}", **about}


def row(*parts: Json) -> Json:
    return {"type": 1, "components": list(parts)}


def options(count: int, **about: Any) -> list[Json]:
    return [{"label": f"Story {n}", "value": f"s{n}", **about} for n in range(count)]


def select(**about: Any) -> Json:
    return {"type": 3, "custom_id": "open", "options": options(3), **about}


def section(*parts: Json, **about: Any) -> Json:
    return {"type": 9, "components": list(parts), "accessory": button(), **about}


def gallery(*items: Json) -> Json:
    return {"type": 12, "items": list(items)}


IMAGE = {"media": {"url": "https://example.org/a.png"}}


def objections(components: Any, *, v2: bool = True, files: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    verdict = Verdict()
    judge_components(verdict, components, v2=v2, files=files)
    return [(".".join(map(str, found.path)), found.code) for found in verdict.objections]


FINE: dict[str, list[Json]] = {
    "text": [text()],
    "a text of 4,000 characters": [text("a" * 4000)],
    "40 components": [text() for _ in range(40)],
    "five buttons in a row": [row(*(button(n) for n in range(5)))],
    "a link button": [row(button(style=5, url="https://example.org", custom_id=None))],
    "a premium button": [row({"type": 2, "style": 6, "sku_id": "1"})],
    "an emoji alone on a button": [row(button(label=None, emoji={"name": "x"}))],
    "a select of 25": [row(select(options=options(25)))],
    "a select of several": [row(select(min_values=0, max_values=3))],
    "a channel select": [row({"type": 8, "custom_id": "c", "channel_types": [0]})],
    "a section with a button": [section(text(), text(), text())],
    "a section with a thumbnail": [section(text(), accessory={"type": 11, **IMAGE, "description": "a" * 1024})],
    "a gallery": [gallery(*[IMAGE] * 10)],
    "separators": [text(), {"type": 14, "divider": True, "spacing": 2}],
    "a container of everything": [
        {
            "type": 17,
            "accent_color": 0xFFFFFF,
            "components": [text(), row(button()), section(text(), accessory=button(2))],
        }
    ],
    "numbered components": [{"type": 10, "content": "x", "id": 7}],
}


@pytest.mark.parametrize("components", FINE.values(), ids=FINE)
def test_discord_takes(components: list[Json]) -> None:
    assert objections(components) == []


REFUSED: dict[str, tuple[list[Any], str, str]] = {
    "an unknown type": ([{"type": 99}], "components.0.type", "BASE_TYPE_CHOICES"),
    "a type that is a text": ([{"type": "10"}], "components.0.type", "BASE_TYPE_CHOICES"),
    "no object": (["text"], "components.0", "MODEL_TYPE_CONVERT"),
    "a button at the top": ([button()], "components.0.type", "BASE_TYPE_CHOICES"),
    "41 components": ([text() for _ in range(41)], "components", "BASE_TYPE_BAD_LENGTH"),
    "41 nested components": (
        [{"type": 17, "components": [text() for _ in range(40)]}],
        "components",
        "COMPONENT_MAX_TOTAL",
    ),
    "4,001 characters in sum": ([text("a" * 2001), text("b" * 2000)], "components", "COMPONENT_TEXT_TOTAL"),
    "an empty text": ([text("")], "components.0.content", "BASE_TYPE_BAD_LENGTH"),
    "no text": ([{"type": 10}], "components.0.content", "BASE_TYPE_REQUIRED"),
    "an empty row": ([row()], "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    "six buttons in a row": ([row(*(button(n) for n in range(6)))], "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    "a select beside a button": (
        [row(select(), button())],
        "components.0.components",
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    "text in a row": ([row(text())], "components.0.components.0.type", "BASE_TYPE_CHOICES"),
    "no custom id": ([row(button(custom_id=None))], "components.0.components.0.custom_id", "BASE_TYPE_REQUIRED"),
    "a custom id of 101": (
        [row(button(custom_id="a" * 101))],
        "components.0.components.0.custom_id",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "the same custom id twice": (
        [row(button()), row(button())],
        "components.1.components.0.custom_id",
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "a label of 81": ([row(button(label="a" * 81))], "components.0.components.0.label", "BASE_TYPE_BAD_LENGTH"),
    "no label": ([row(button(label=None))], "components.0.components.0.label", "BUTTON_COMPONENT_LABEL_REQUIRED"),
    "an unknown style": ([row(button(style=9))], "components.0.components.0.style", "BASE_TYPE_CHOICES"),
    "a link button without URL": (
        [row(button(style=5, custom_id=None))],
        "components.0.components.0.url",
        "BASE_TYPE_REQUIRED",
    ),
    "a link to a script": (
        [row(button(style=5, custom_id=None, url="javascript:alert(1)"))],
        "components.0.components.0.url",
        "URL_TYPE_INVALID_URL",
    ),
    "a URL of 513": (
        [row(button(style=5, custom_id=None, url="https://e.org/" + "a" * 500))],
        "components.0.components.0.url",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a link with a custom id": (
        [row(button(style=5, url="https://e.org"))],
        "components.0.components.0.custom_id",
        "BUTTON_LINK_CUSTOM_ID",
    ),
    "a URL on a plain button": (
        [row(button(url="https://e.org"))],
        "components.0.components.0.url",
        "BUTTON_URL_WITHOUT_LINK_STYLE",
    ),
    "no options": ([row(select(options=[]))], "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    "26 options": ([row(select(options=options(26)))], "components.0.components.0.options", "BASE_TYPE_BAD_LENGTH"),
    "options that are none": ([row(select(options=None))], "components.0.components.0.options", "LIST_TYPE_CONVERT"),
    "an option that is no object": (
        [row(select(options=["a"]))],
        "components.0.components.0.options.0",
        "MODEL_TYPE_CONVERT",
    ),
    "an option label of 101": (
        [row(select(options=[{"label": "a" * 101, "value": "a"}]))],
        "components.0.components.0.options.0.label",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "an option description of 101": (
        [row(select(options=options(1, description="a" * 101)))],
        "components.0.components.0.options.0.description",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "two options of one value": (
        [row(select(options=[{"label": "a", "value": "v"}, {"label": "b", "value": "v"}]))],
        "components.0.components.0.options",
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    "more to choose than there is": (
        [row(select(max_values=4))],
        "components.0.components.0.max_values",
        "SELECT_COMPONENT_MAX_OVER_OPTIONS",
    ),
    "min over max": (
        [row(select(min_values=2, max_values=1))],
        "components.0.components.0.min_values",
        "SELECT_COMPONENT_MIN_OVER_MAX",
    ),
    "min_values that is no number": (
        [row(select(min_values="1"))],
        "components.0.components.0.min_values",
        "NUMBER_TYPE_COERCE",
    ),
    "two defaults of one": (
        [row(select(options=options(2, default=True)))],
        "components.0.components.0.options",
        "SELECT_COMPONENT_TOO_MANY_DEFAULTS",
    ),
    "too many default values": (
        [row({"type": 8, "custom_id": "c", "default_values": [{}, {}]})],
        "components.0.components.0.default_values",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a placeholder of 151": (
        [row(select(placeholder="a" * 151))],
        "components.0.components.0.placeholder",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a section without text": ([section()], "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    "a section of four texts": ([section(*[text()] * 4)], "components.0.components", "BASE_TYPE_BAD_LENGTH"),
    "a section without accessory": ([section(text(), accessory=None)], "components.0.accessory", "BASE_TYPE_REQUIRED"),
    "a select as accessory": (
        [section(text(), accessory=select())],
        "components.0.accessory.type",
        "BASE_TYPE_CHOICES",
    ),
    "11 pictures": ([gallery(*[IMAGE] * 11)], "components.0.items", "BASE_TYPE_BAD_LENGTH"),
    "an alt text of 1,025": (
        [gallery({**IMAGE, "description": "a" * 1025})],
        "components.0.items.0.description",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a picture without address": ([gallery({})], "components.0.items.0.media.url", "BASE_TYPE_REQUIRED"),
    "a file that is no attachment": (
        [{"type": 13, "file": {"url": "https://e.org/a"}}],
        "components.0.file.url",
        "FILE_COMPONENT_NO_ATTACHMENT",
    ),
    "an attachment that was not sent": (
        [{"type": 13, "file": {"url": "attachment://a.txt"}}],
        "components.0.file.url",
        "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
    ),
    "a spacing of 3": ([{"type": 14, "spacing": 3}], "components.0.spacing", "BASE_TYPE_CHOICES"),
    "a container in a container": (
        [{"type": 17, "components": [{"type": 17, "components": [text()]}]}],
        "components.0.components.0.type",
        "BASE_TYPE_CHOICES",
    ),
    "a colour beyond white": (
        [{"type": 17, "accent_color": 0x1000000, "components": [text()]}],
        "components.0.accent_color",
        "NUMBER_TYPE_RANGE",
    ),
    "one id twice": ([{**text(), "id": 3}, {**text(), "id": 3}], "components", "COMPONENT_ID_DUPLICATED"),
    "an unknown field": ([{**text(), "colour": 1}], "components.0.colour", "UNKNOWN_FIELD"),
}


@pytest.mark.parametrize(("components", "path", "code"), REFUSED.values(), ids=REFUSED)
def test_discord_refuses(components: list[Any], path: str, code: str) -> None:
    assert (path, code) in objections(components)


def test_a_plain_message_takes_five_rows_and_nothing_else() -> None:
    assert objections([row(button(n)) for n in range(5)], v2=False) == []
    assert objections([row(button(n)) for n in range(6)], v2=False) == [("components", "BASE_TYPE_BAD_LENGTH")]
    assert objections([text()], v2=False) == [("components.0.type", "BASE_TYPE_CHOICES")]


def test_a_file_component_shows_an_attachment_that_was_sent() -> None:
    assert objections([{"type": 13, "file": {"url": "attachment://a.txt"}}], files=("a.txt",)) == []


def test_the_budget_counts_nested_components_and_the_text_of_all_displays() -> None:
    tree = [{"type": 17, "components": [text("abc"), section(text("de")), row(button(2), button(3))]}]
    size = measure(tree)
    assert (size.characters, size.parts) == (5, 8)
    assert len(walk(tree)) == 8


def test_what_is_no_tree_measures_nothing() -> None:
    assert measure(None).parts == 0
    assert walk(["text", {"type": 1, "components": None}]) == [{"type": 1, "components": None}]
