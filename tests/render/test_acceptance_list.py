"""The acceptance list itself: where each of its points is checked, and that each check finds the fault it is for."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.domain.answers import Card
from bot.errors import Code, UserError
from bot.render import briefings, cards, errors, lists
from bot.render.frames import method
from bot.render.message import to_payload
from tests.render import acceptance, facts
from tests.render.acceptance import BUTTON, EPHEMERAL, Payload, parts
from tests.render.drawing import Told
from tests.render.values import DERIVED, READER, live_stories, page, seed_card, seed_posting, seed_stories, voice

ROOT = Path(__file__).parents[2]
SAY = voice()

POINTS: dict[int, tuple[str, ...]] = {
    1: ("acceptance.is_v2_or_plain",),
    2: ("acceptance.is_within_its_budget",),
    3: ("acceptance.is_within_its_budget", "acceptance.has_good_buttons"),
    4: ("acceptance.has_good_selects", "facts.keeps_most_of_a_headline_in_options"),
    5: ("test_completions_walk.test_every_completion_passes",),
    6: ("acceptance.has_good_labels", "test_acceptance_list.test_a_label_begins_with_a_verb_or_names_a_place"),
    7: ("acceptance.has_good_buttons",),
    8: ("acceptance.has_good_ids",),
    9: ("acceptance.has_good_ids",),
    10: ("facts.names_every_source",),
    11: ("facts.links_or_says_that_there_is_no_link",),
    12: ("facts.says_how_it_was_made",),
    13: ("facts.quotes_what_is_stored",),
    14: ("facts.shows_headlines_as_stored",),
    15: ("facts.shows_headlines_as_stored",),
    16: ("facts.says_what_is_not_stated",),
    17: ("acceptance.has_words_before_times",),
    18: ("acceptance.is_inert",),
    19: ("acceptance.is_inert", "test_markdown.test_hostile_text_becomes_inert"),
    20: ("acceptance.mentions_nobody",),
    21: ("acceptance.is_inert",),
    22: ("acceptance.is_private_where_it_must_be",),
    23: ("acceptance.shows_no_internals",),
    24: ("cogs.test_reading.test_a_slow_answer_is_announced_and_comes_as_private_as_a_quick_one",),
    25: ("facts.pages_end",),
    26: ("acceptance.leads_on",),
    27: ("test_messages.test_a_preview_is_the_post_but_for_heading_flags_and_controls",),
    28: ("desk.test_traces.test_after_deletion_no_cell_of_the_database_holds_the_id_and_others_keep_theirs",),
    29: ("acceptance.describes_its_images",),
    30: ("facts.is_whole_when_plain", "facts.shows_headlines_as_stored", "facts.names_every_source"),
}


def source_of(name: str) -> str:
    module, _, _ = name.rpartition(".")
    package = "tests" if "." in module else "tests.render"
    return (ROOT / f"{package}.{module}".replace(".", "/")).with_suffix(".py").read_text("utf-8")


def test_every_point_is_checked_somewhere() -> None:
    assert sorted(POINTS) == list(range(1, 31))
    named = {name for names in POINTS.values() for name in names}
    assert [name for name in named if f"def {name.rpartition('.')[2]}(" not in source_of(name)] == []


def test_every_check_is_for_a_point() -> None:
    named = {name for names in POINTS.values() for name in names}
    for module in (acceptance, facts):
        short = module.__name__.rpartition(".")[2]
        assert {f"{short}.{check.__name__}" for check in module.CHECKS} <= named


# ── each check finds its fault ───────────────────────────────────────────────────────────────────────────────────


def a_card() -> Told:
    value = seed_card()
    assert value.summary
    methods = facts.card_methods(value.summary.total, SAY)
    return Told(cards.card(value, READER, SAY), (value.story,), quotes=value.summary.sentences, methods=methods)


def a_live_card() -> Told:
    story = live_stories()[0]
    return Told(cards.card(Card(story, None, None), READER, SAY), (story,), methods=("Headline only.",))


def a_list() -> Told:
    stories = seed_stories()
    return Told(lists.headlines(page(stories), READER, SAY), stories[:10], page=(1, 2))


def a_post() -> Told:
    posting = seed_posting()
    stories = tuple(pick.story for pick in posting.edition.picks)
    quotes = tuple(quote for pick in posting.edition.picks for quote in pick.quotes)
    plain = briefings.post(posting, SAY).plain
    return Told(plain, stories, quotes=quotes, methods=(method(posting.edition, SAY),), marker=posting.marker)


def an_error() -> Told:
    return Told(errors.error_message(UserError(Code.STORY_GONE), SAY))


Change = Callable[[Payload], None]


def says(old: str, new: str) -> Change:
    def change(payload: Payload) -> None:
        text = json.dumps(payload, ensure_ascii=False)
        assert old in text
        payload |= json.loads(text.replace(old, new))

    return change


def swaps(pattern: str, new: str) -> Change:
    def change(payload: Payload) -> None:
        text, times = re.subn(pattern, new.replace("\\", "\\\\"), json.dumps(payload, ensure_ascii=False))
        assert times == 1
        payload |= json.loads(text)

    return change


def each(change: Callable[[dict[str, Any]], object], *types: int) -> Change:
    def change_all(payload: Payload) -> None:
        for part in parts(payload, *types):
            change(part)

    return change_all


def adds(part: dict[str, Any], times: int = 1) -> Change:
    return lambda payload: payload["components"].extend([part] * times)


def sets(key: str, value: object) -> Change:
    return lambda payload: payload.update({key: value})


PLANTED: dict[str, tuple[int, Callable[[], Told], Change]] = {
    "neither V2 nor plain": (1, a_card, sets("flags", EPHEMERAL)),
    "too much text": (2, a_card, says("- Japan", "- " + "word " * 600 + "Japan")),
    "too many components": (3, a_list, adds({"type": 14}, 40)),
    "options alike": (4, a_list, each(lambda menu: [one.update(label="A") for one in menu["options"]], 3)),
    "an option cut short": (4, a_list, each(lambda menu: menu["options"][0].update(label="1 · Japan …"), 3)),
    "a long label": (6, a_card, says("Read full text", "Read the whole of the text of the article")),
    "a label twice": (6, a_card, says("Share in channel", "Read full text")),
    "two primaries": (7, a_card, each(lambda one: one.update(style=1), BUTTON)),
    "danger without harm": (7, a_card, each(lambda one: one.update(style=4), BUTTON)),
    "an unknown control": (8, a_card, each(lambda one: one.update(custom_id="x"), BUTTON)),
    "no web address": (9, a_live_card, says('"url": "https://', '"url": "ftp://')),
    "no source in a card": (10, a_card, says("Bundled sample document", "–")),
    "no source in a list": (10, a_list, says("Bundled sample document", "–")),
    "no source in a post": (10, a_post, says("bundled sample document", "–")),
    "a link left out": (11, a_live_card, says("https://www.example.com/news/1", "https://www.example.com")),
    "no word on the link": (11, a_card, says("no link", "–")),
    "no method": (12, a_card, says("picked by software", "")),
    "a changed quote": (13, a_card, says("- Japan", "- Yesterday Japan")),
    "a changed quote in a post": (13, a_post, says("Japanese Foreign Minister", "Foreign Minister")),
    "a changed headline": (14, a_card, says(f"## {DERIVED}", f"## {DERIVED[:40]} and more")),
    "a row left out": (14, a_list, swaps(r"\\n5\. \*\*\w+ ", r"\\n5. **")),
    "an undated item without a word": (16, a_card, says("not stated", "–")),
    "a time without a word": (17, a_card, says("**Added** <t:", "<t:")),
    "an entity": (18, a_card, says("- Japan", "- &amp; Japan")),
    "a mention": (19, a_card, says("- Japan", "- @everyone Japan")),
    "markup": (19, a_card, says("- Japan", "- `Japan`")),
    "hidden characters": (19, a_card, says("- Japan", "- \u202eJapan")),
    "somebody pinged": (20, a_card, sets("allowed_mentions", {"parse": ["everyone"]})),
    "a bare address": (21, a_card, says("- Japan", "- https://evil.example Japan")),
    "an error for all to see": (22, an_error, sets("flags", 1 << 15)),
    "an exception": (23, an_error, says("Code E04", "StoreError: database is locked")),
    "a path": (23, an_error, says("Code E04", "/home/bot/data")),
    "Previous page on the first": (25, a_list, each(lambda one: one.update(disabled=False), BUTTON)),
    "a dead end": (26, an_error, each(lambda one: one.update(disabled=True), BUTTON)),
    "an image without words": (29, a_card, adds({"type": 12, "items": [{"media": {"url": "https://x.example"}}]})),
    "no end line": (30, a_post, says("\\n-# 2026-11-22 · k7f3", "")),
    "a headline left out of a post": (14, a_post, swaps(r"\\n5\. \w+ ", r"\\n5. ")),
}


def found(told: Told, payload: Payload) -> set[int]:
    said = [*acceptance.faults(told.message.kind, payload), *facts.faults(told, payload, SAY)]
    return {int(fault.partition(":")[0]) for fault in said}


@pytest.mark.parametrize("make", [a_card, a_live_card, a_list, a_post, an_error])
def test_what_is_good_has_no_fault(make: Callable[[], Told]) -> None:
    told = make()
    assert found(told, to_payload(told.message)) == set()


@pytest.mark.parametrize(("number", "make", "change"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(number: int, make: Callable[[], Told], change: Change) -> None:
    told = make()
    payload = json.loads(json.dumps(to_payload(told.message)))
    change(payload)
    assert number in found(told, payload)


def test_every_check_on_payloads_has_a_planted_fault() -> None:
    on_payloads = {
        n for n, names in POINTS.items() if any(name.startswith(("acceptance.", "facts.")) for name in names)
    }
    assert on_payloads - {number for number, _, _ in PLANTED.values()} == {15}  # a group's title is a headline: 14


# ── labels ───────────────────────────────────────────────────────────────────────────────────────────────────────

VERBS = re.compile(
    "Add|Allow|Attach|Cancel|Change|Check|Choose|Clear|Delete|Don’t|Download|Export|Get|Go|Hear|Hide|Import|Keep|Mute|Name|"
    "Open|Pause|Post|Preview|Publish|Read|Refresh|Remove|Report|Resume|Save|Search|Send|Set|Share|Show|Skip|Stop|Try|Turn|Use"
)


def test_a_label_begins_with_a_verb_or_names_a_place() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    rendered = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "bot" / "render").glob("*.py")))
    labels = set(re.findall(r'button\(\s*say\(\s*"([^"]+)"', rendered))
    assert len(labels) > 40
    assert [one for one in labels if not VERBS.fullmatch(one.split()[0]) and f"*{one}*" not in glossary] == []
