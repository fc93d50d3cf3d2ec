"""The judge refuses in messages, answers and forms what Discord refuses."""

from typing import Any

import pytest

from bot.loopback import judge
from bot.loopback.judge import Draft, judge_answer, judge_message
from bot.loopback.modals import judge_modal
from bot.loopback.problems import Problem
from bot.loopback.verdict import Verdict

Json = dict[str, Any]
V2 = 1 << 15
TEXT = [{"type": 10, "content": "Text"}]


def codes(errors: Any) -> set[str]:
    """Collect the codes of an error tree, each with its path."""
    found: set[str] = set()

    def descend(node: Json, path: tuple[str, ...]) -> None:
        for name, inner in node.items():
            if name == "_errors":
                found.update(f"{'.'.join(path)} {error['code']}" for error in inner)
            else:
                descend(inner, (*path, name))

    descend(errors or {}, ())
    return found


FINE: dict[str, Json] = {
    "2,000 characters": {"content": "a" * 2000},
    "components V2": {"flags": V2, "components": TEXT},
    "V2 with cleared content": {"flags": V2, "components": TEXT, "content": None, "embeds": []},
    "silent": {"content": "x", "flags": 1 << 12},
    "a nonce of 25": {"content": "x", "nonce": "a" * 25, "enforce_nonce": True},
    "a numeric nonce": {"content": "x", "nonce": 12345},
    "nobody mentioned": {"content": "@everyone", "allowed_mentions": {"parse": []}},
    "one role": {"content": "<@&1>", "allowed_mentions": {"parse": [], "roles": ["1"]}},
    "an embed": {"embeds": [{"title": "T", "description": "D", "fields": [{"name": "a", "value": "b"}]}]},
    "a poll": {"poll": {"question": {"text": "?"}}},
}


@pytest.mark.parametrize("body", FINE.values(), ids=FINE)
def test_discord_takes(body: Json) -> None:
    assert not judge_message(body, known=judge.CREATE).is_empty


REFUSED: dict[str, tuple[Json, str]] = {
    "2,001 characters": ({"content": "a" * 2001}, "content BASE_TYPE_BAD_LENGTH"),
    "content that is no text": ({"content": 5}, "content STRING_TYPE_CONVERT"),
    "components that are no list": ({"content": "x", "components": 5}, "components LIST_TYPE_CONVERT"),
    "content beside V2": (
        {"flags": V2, "components": TEXT, "content": "x"},
        "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "embeds beside V2": (
        {"flags": V2, "components": TEXT, "embeds": [{"title": "x"}]},
        "embeds MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "a poll beside V2": (
        {"flags": V2, "components": TEXT, "poll": {"question": {}}},
        "poll MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "V2 parts without the flag": ({"content": "x", "components": TEXT}, "components.0.type BASE_TYPE_CHOICES"),
    "a flag nobody may send": ({"content": "x", "flags": 1 << 7}, "flags MESSAGE_FLAGS_NOT_SENDABLE"),
    "flags that are no number": ({"content": "x", "flags": "64"}, "flags NUMBER_TYPE_COERCE"),
    "a nonce of 26": ({"content": "x", "nonce": "a" * 26}, "nonce BASE_TYPE_BAD_LENGTH"),
    "a nonce that is a list": ({"content": "x", "nonce": []}, "nonce NONCE_TYPE_TOO_LONG"),
    "an unknown field": ({"content": "x", "colour": 1}, "colour UNKNOWN_FIELD"),
    "parse and ids together": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "allowed_mentions.parse MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    "an unknown mention kind": (
        {"content": "x", "allowed_mentions": {"parse": ["here"]}},
        "allowed_mentions.parse.0 BASE_TYPE_CHOICES",
    ),
    "101 users": (
        {"content": "x", "allowed_mentions": {"users": [str(n) for n in range(101)]}},
        "allowed_mentions.users BASE_TYPE_BAD_LENGTH",
    ),
    "11 embeds": ({"embeds": [{"title": "x"}] * 11}, "embeds BASE_TYPE_BAD_LENGTH"),
    "an embed title of 257": ({"embeds": [{"title": "a" * 257}]}, "embeds.0.title BASE_TYPE_BAD_LENGTH"),
    "a footer of 2,049": ({"embeds": [{"footer": {"text": "a" * 2049}}]}, "embeds.0.footer BASE_TYPE_BAD_LENGTH"),
    "an empty field": (
        {"embeds": [{"fields": [{"name": "", "value": "x"}]}]},
        "embeds.0.fields.0.name BASE_TYPE_BAD_LENGTH",
    ),
    "embeds of 6,001 in sum": ({"embeds": [{"description": "a" * 3001}] * 2}, "embeds MAX_EMBED_SIZE_EXCEEDED"),
    "an alt text of 1,025": (
        {"content": "x", "attachments": [{"id": 0, "description": "a" * 1025}]},
        "attachments.0.description BASE_TYPE_BAD_LENGTH",
    ),
}


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED)
def test_discord_refuses(body: Json, code: str) -> None:
    with pytest.raises(Problem) as refusal:
        judge_message(body, known=judge.CREATE)
    assert refusal.value.code == 50035
    assert code in codes(refusal.value.errors)


EMPTY: dict[str, Json] = {
    "nothing": {},
    "blanks": {"content": " \n"},
    "V2 without components": {"flags": V2},
    "buttons alone": {
        "components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x", "custom_id": "x"}]}]
    },
}


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_there_has_to_be_something_to_show(body: Json) -> None:
    with pytest.raises(Problem) as refusal:
        judge_message(body, known=judge.CREATE)
    assert refusal.value.code == 50006


def test_more_than_ten_files_are_too_many() -> None:
    with pytest.raises(Problem):
        judge_message({"content": "x"}, known=judge.CREATE, files=["a"] * 11)
    assert judge_message({}, known=judge.CREATE, files=["a"]).files == ("a",)


def test_an_edit_keeps_what_it_does_not_name() -> None:
    before = Draft(content="Old", embeds=({"title": "T"},))
    assert judge_message({"content": "New"}, known=judge.EDIT, current=before) == Draft("New", ({"title": "T"},))


def test_a_plain_message_becomes_v2_only_when_its_content_is_cleared() -> None:
    before = Draft(content="Plain")
    with pytest.raises(Problem):
        judge_message({"flags": V2, "components": TEXT}, known=judge.EDIT, current=before)
    dressed = judge_message({"flags": V2, "components": TEXT, "content": None}, known=judge.EDIT, current=before)
    assert dressed.is_v2


def test_components_v2_can_not_be_taken_back() -> None:
    before = Draft(components=tuple(TEXT), flags=V2)
    with pytest.raises(Problem) as refusal:
        judge_message({"flags": 0, "content": "x", "components": []}, known=judge.EDIT, current=before)
    assert "flags MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG" in codes(refusal.value.errors)


CHOICES: dict[str, tuple[Any, str]] = {
    "26 choices": ([{"name": "a", "value": str(n)} for n in range(26)], "data.choices BASE_TYPE_BAD_LENGTH"),
    "no choices": (None, "data.choices LIST_TYPE_CONVERT"),
    "a name of 101": ([{"name": "a" * 101, "value": "a"}], "data.choices.0.name BASE_TYPE_BAD_LENGTH"),
    "a value of 101": ([{"name": "a", "value": "a" * 101}], "data.choices.0.value BASE_TYPE_BAD_LENGTH"),
    "no value": ([{"name": "a"}], "data.choices.0.value BASE_TYPE_REQUIRED"),
}


@pytest.mark.parametrize(("choices", "code"), CHOICES.values(), ids=CHOICES)
def test_autocomplete_answers_are_refused_with(choices: Any, code: str) -> None:
    with pytest.raises(Problem) as refusal:
        judge_answer(8, {"choices": choices})
    assert code in codes(refusal.value.errors)


def test_autocomplete_takes_25_choices_of_texts_or_numbers() -> None:
    judge_answer(8, {"choices": [{"name": "a", "value": n} for n in range(25)]})


def label(control: Json, **about: Any) -> Json:
    return {"type": 18, "label": "Time", "component": control, **about}


def field(**about: Any) -> Json:
    return {"type": 4, "custom_id": "time", "style": 1, **about}


def group(kind: int, count: int, **about: Any) -> Json:
    return {
        "type": kind,
        "custom_id": "g",
        "options": [{"label": f"{n}", "value": f"{n}"} for n in range(count)],
        **about,
    }


def modal_objections(*rows: Any, **about: Any) -> list[tuple[str, str]]:
    verdict = Verdict()
    judge_modal(verdict, {"custom_id": "m", "title": "Time and zone", "components": list(rows), **about})
    return [(".".join(map(str, found.path[1:])), found.code) for found in verdict.objections]


MODALS: dict[str, Json] = {
    "a text input": label(field(value="08:00", min_length=1, max_length=5)),
    "an older row": {"type": 1, "components": [field(label="Time")]},
    "a text": {"type": 10, "content": "Text"},
    "a select": label({"type": 3, "custom_id": "z", "options": [{"label": "a", "value": "a"}]}),
    "a channel select": label({"type": 8, "custom_id": "c", "required": False}),
    "radio buttons": label(group(21, 10)),
    "checkboxes": label(group(22, 10, min_values=0, max_values=10)),
    "a checkbox": label({"type": 23, "custom_id": "b"}),
    "files": label({"type": 19, "custom_id": "f", "max_values": 10}),
}


@pytest.mark.parametrize("form", MODALS.values(), ids=MODALS)
def test_a_modal_takes(form: Json) -> None:
    assert modal_objections(form) == []


REFUSED_MODALS: dict[str, tuple[list[Any], Json, str, str]] = {
    "no rows": ([], {}, "components", "BASE_TYPE_BAD_LENGTH"),
    "six rows": ([label(field(custom_id=f"{n}")) for n in range(6)], {}, "components", "BASE_TYPE_BAD_LENGTH"),
    "a title of 46": ([label(field())], {"title": "a" * 46}, "title", "BASE_TYPE_BAD_LENGTH"),
    "a custom id of 101": ([label(field())], {"custom_id": "a" * 101}, "custom_id", "BASE_TYPE_BAD_LENGTH"),
    "a label of 46": ([label(field(), label="a" * 46)], {}, "components.0.label", "BASE_TYPE_BAD_LENGTH"),
    "a description of 101": (
        [label(field(), description="a" * 101)],
        {},
        "components.0.description",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "one custom id twice": ([label(field()), label(field())], {}, "components", "COMPONENT_CUSTOM_ID_DUPLICATED"),
    "a button": (
        [label({"type": 2, "style": 1, "label": "x", "custom_id": "x"})],
        {},
        "components.0.component.type",
        "BASE_TYPE_CHOICES",
    ),
    "no control": ([label({})], {}, "components.0.component.type", "BASE_TYPE_CHOICES"),
    "a container": ([{"type": 17, "components": []}], {}, "components.0.type", "BASE_TYPE_CHOICES"),
    "no object": (["x"], {}, "components.0", "MODEL_TYPE_CONVERT"),
    "no custom id": ([label(field(custom_id=""))], {}, "components.0.component.custom_id", "BASE_TYPE_BAD_LENGTH"),
    "a style of 3": ([label(field(style=3))], {}, "components.0.component.style", "BASE_TYPE_CHOICES"),
    "a value over its max_length": (
        [label(field(value="08:00", max_length=4))],
        {},
        "components.0.component.value",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a max_length of 4,001": (
        [label(field(max_length=4001))],
        {},
        "components.0.component.max_length",
        "NUMBER_TYPE_RANGE",
    ),
    "a placeholder of 101": (
        [label(field(placeholder="a" * 101))],
        {},
        "components.0.component.placeholder",
        "BASE_TYPE_BAD_LENGTH",
    ),
    "a label twice": ([label(field(label="x"))], {}, "components.0.component.label", "TEXT_INPUT_LABEL_TWICE"),
    "an older row without label": (
        [{"type": 1, "components": [field()]}],
        {},
        "components.0.components.0.label",
        "BASE_TYPE_REQUIRED",
    ),
    "a disabled select": (
        [label({"type": 8, "custom_id": "c", "disabled": True})],
        {},
        "components.0.component.disabled",
        "SELECT_DISABLED_IN_MODAL",
    ),
    "one radio button": ([label(group(21, 1))], {}, "components.0.component.options", "BASE_TYPE_BAD_LENGTH"),
    "two chosen radio buttons": (
        [label({**group(21, 2), "options": [{"label": v, "value": v, "default": True} for v in "ab"]})],
        {},
        "components.0.component.options",
        "RADIO_GROUP_TOO_MANY_DEFAULTS",
    ),
    "11 checkboxes": ([label(group(22, 11))], {}, "components.0.component.options", "BASE_TYPE_BAD_LENGTH"),
    "more checks than boxes": (
        [label(group(22, 2, max_values=3))],
        {},
        "components.0.component.max_values",
        "NUMBER_TYPE_RANGE",
    ),
    "11 files": (
        [label({"type": 19, "custom_id": "f", "max_values": 11})],
        {},
        "components.0.component.max_values",
        "NUMBER_TYPE_RANGE",
    ),
}


@pytest.mark.parametrize(("rows", "about", "path", "code"), REFUSED_MODALS.values(), ids=REFUSED_MODALS)
def test_a_modal_is_refused_with(rows: list[Any], about: Json, path: str, code: str) -> None:
    assert (path, code) in modal_objections(*rows, **about)


def test_a_refused_modal_is_answered_in_discords_shape() -> None:
    with pytest.raises(Problem) as refusal:
        judge_answer(9, {"custom_id": "m", "title": "", "components": [label(field())]})
    assert refusal.value.body() == {
        "code": 50035,
        "message": "Invalid Form Body",
        "errors": {
            "data": {
                "title": {
                    "_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": "Must be between 1 and 45 in length."}]
                }
            }
        },
    }
