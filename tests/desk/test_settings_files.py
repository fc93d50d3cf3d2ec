"""A settings file reads back as what it was written from, and says what is wrong with it where it is not in order."""

import contextlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.settings_files import MOST_BYTES, read, write
from bot.domain.editions import LeadChoice
from bot.domain.places import BriefingSettings, QuietDay, SampleMode, Style
from bot.domain.settings_files import BriefingLine, FilterRules, Named, Problem, SettingsFile, SourceLine
from bot.domain.text import clean_line
from bot.domain.topics import Topic
from bot.errors import Code, UserError

NOW = datetime(2026, 11, 22, 7, tzinfo=UTC)

_ids = st.integers(1, 2**63 - 1)


def _texts(most: int) -> st.SearchStrategy[str]:
    """Give texts that cleaning leaves as they are."""
    return st.text(max_size=most).map(clean_line).filter(lambda text: len(text) <= most)


_named = st.builds(Named, _ids, _texts(100))
_topics = st.lists(st.sampled_from(Topic), unique=True).map(tuple)
_settings = st.builds(
    BriefingSettings,
    name=_texts(60),
    style=st.sampled_from(Style),
    topics=_topics,
    lead_choice=st.sampled_from(LeadChoice),
    max_stories=st.integers(1, 12),
    quiet_day=st.none() | st.sampled_from(QuietDay),
    publish=st.booleans(),
    discussion=st.booleans(),
    role_id=st.none(),
    source_ids=st.just(()),
)
_zones = st.sampled_from(("UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires"))
_briefings = st.builds(
    BriefingLine,
    channel=st.none() | _named,
    local_time=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
    zone=_zones,
    weekdays=st.integers(1, 127),
    is_on=st.booleans(),
    paused_until=st.none() | st.dates(),
    grace_s=st.integers(0, 720).map(lambda minutes: minutes * 60),
    role=st.none() | _named,
    sources=st.lists(_texts(80), max_size=4).map(tuple),
    settings=_settings,
)
_terms = st.lists(_texts(80), max_size=4).map(tuple)
files = st.builds(
    SettingsFile,
    zone=st.none() | _zones,
    sample=st.sampled_from(SampleMode),
    public_channels=st.lists(_named, max_size=10).map(tuple),
    notices_channel=st.none() | _named,
    manager_role=st.none() | _named,
    may_share=st.booleans(),
    corrections=st.booleans(),
    filters=st.builds(FilterRules, _terms, _terms, _topics, _topics, _terms, st.just(("en", "pt-BR"))),
    sources=st.lists(st.builds(SourceLine, _texts(80), _texts(80), st.none() | _texts(60), st.booleans()), max_size=5)
    .map(tuple),
    briefings=st.lists(_briefings, max_size=10).map(tuple),
)  # fmt: skip


@given(files)
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back_the_same(value: SettingsFile) -> None:
    assert read(write(value, NOW), "a.json") == value


def _whole() -> dict[str, Any]:
    line = BriefingLine(Named(7, "news"), time(8), "UTC")
    value = SettingsFile(sources=(SourceLine("https://a.example/feed"),), briefings=(line,))
    found: dict[str, Any] = json.loads(write(value, NOW))
    return found


def _set(*path: str | int) -> Callable[[dict[str, Any], object], None]:
    def change(whole: dict[str, Any], value: object) -> None:
        *before, last = path
        inner: Any = whole
        for step in before:
            inner = inner[step]
        inner[last] = value

    return change


@pytest.mark.parametrize(
    ("path", "value", "problem", "where"),
    [
        (("dateline",), "story", Problem.NOT_OURS, ""),
        (("version",), 2, Problem.NEWER, ""),
        (("version",), True, Problem.NOT_OURS, ""),
        (("version",), "1", Problem.NOT_OURS, ""),
        (("extra",), 1, Problem.NOT_KNOWN, "extra"),
        (("server",), [], Problem.WRONG_KIND, "server"),
        (("server", "zone"), "CET/Nowhere", Problem.NOT_OFFERED, "server.zone"),
        (("server", "sharing"), 1, Problem.WRONG_KIND, "server.sharing"),
        (("server", "user"), 5, Problem.NOT_KNOWN, "server.user"),
        (("server", "sample"), "maybe", Problem.NOT_OFFERED, "server.sample"),
        (("server", "notices_channel"), {"id": 5, "name": ""}, Problem.WRONG_KIND, "server.notices_channel.id"),
        (("server", "notices_channel"), {"id": "-5", "name": ""}, Problem.WRONG_KIND, "server.notices_channel.id"),
        (("server", "notices_channel"), {"id": "9" * 19, "name": ""}, Problem.WRONG_KIND, "server.notices_channel.id"),
        (("server", "public_channels"), [{"id": "1", "name": ""}] * 11, Problem.TOO_MANY, "server.public_channels"),
        (("filters", "only_words"), ["x" * 81], Problem.TOO_MANY, "filters.only_words[1]"),
        (("filters", "only_topics"), ["sport", "cats"], Problem.NOT_OFFERED, "filters.only_topics[2]"),
        (("sources", 0, "paused"), None, Problem.WRONG_KIND, "sources[1].paused"),
        (("sources", 0, "address"), 7, Problem.WRONG_KIND, "sources[1].address"),
        (("briefings",), {}, Problem.WRONG_KIND, "briefings"),
        (("briefings", 0, "time"), "8:00", Problem.NOT_OFFERED, "briefings[1].time"),
        (("briefings", 0, "time"), "24:00", Problem.NOT_OFFERED, "briefings[1].time"),
        (("briefings", 0, "time"), 8, Problem.NOT_OFFERED, "briefings[1].time"),
        (("briefings", 0, "days"), [], Problem.MISSING, "briefings[1].days"),
        (("briefings", 0, "days"), ["Monday"], Problem.NOT_OFFERED, "briefings[1].days[1]"),
        (("briefings", 0, "stories"), 13, Problem.NOT_OFFERED, "briefings[1].stories"),
        (("briefings", 0, "stories"), 8.5, Problem.WRONG_KIND, "briefings[1].stories"),
        (("briefings", 0, "style"), ["cards"], Problem.NOT_OFFERED, "briefings[1].style"),
        (("briefings", 0, "paused_until"), "2026-02-30", Problem.NOT_OFFERED, "briefings[1].paused_until"),
        (("briefings", 0, "paused_until"), 2026, Problem.WRONG_KIND, "briefings[1].paused_until"),
    ],
    ids=str,
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(
    path: tuple[str | int, ...], value: object, problem: Problem, where: str
) -> None:
    whole = _whole()
    _set(*path)(whole, value)
    with pytest.raises(UserError) as caught:
        read(json.dumps(whole).encode(), "a.json")
    assert caught.value.code is Code.SETTINGS_UNREADABLE
    assert caught.value.parameters == {"name": "a.json", "problem": problem.value, "where": where}


@pytest.mark.parametrize("key", ["exported", "server", "filters", "sources", "briefings"])
def test_every_key_must_be_there(key: str) -> None:
    whole = _whole()
    del whole[key]
    with pytest.raises(UserError) as caught:
        read(json.dumps(whole).encode(), "a.json")
    assert (caught.value.parameters["problem"], caught.value.parameters["where"]) == (Problem.MISSING.value, key)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", Problem.NOT_JSON),
        (b"\xff\xfe{", Problem.NOT_JSON),
        (b"[1, 2", Problem.NOT_JSON),
        (b"[" * 100_000, Problem.NOT_JSON),
        (b'{"dateline": NaN}', Problem.NOT_JSON),
        (b'{"version": ' + b"9" * 5_000 + b"}", Problem.NOT_JSON),
        (b'{"a": 1, "a": 2}', Problem.TWICE),
        (b"[]", Problem.NOT_OURS),
        (b"{}", Problem.NOT_OURS),
        (b" " * (MOST_BYTES + 1), Problem.TOO_LARGE),
    ],
    ids=lambda value: value.value if isinstance(value, Problem) else str(len(value)),
)
def test_what_is_no_settings_file_is_refused(body: bytes, problem: Problem) -> None:
    with pytest.raises(UserError) as caught:
        read(body, "a.json")
    assert caught.value.parameters["problem"] == problem.value


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert read(b"\xef\xbb\xbf" + write(SettingsFile(), NOW), "a.json") == SettingsFile()


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


@given(_anything)
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_a_file_is_read_or_refused(part: object) -> None:
    for key in ("server", "filters", "sources", "briefings"):
        whole = _whole() | {key: part}
        with contextlib.suppress(UserError):
            assert isinstance(read(json.dumps(whole).encode(), "a.json"), SettingsFile)
