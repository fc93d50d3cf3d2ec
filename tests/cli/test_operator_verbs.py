"""check, status, preview, backup, restore and retract, as a person types them."""

import json
import logging
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bot.app.summary import Summary
from bot.cli import main
from bot.cli.check import draw as draw_check
from bot.cli.status import bars, seconds
from bot.cli.status import draw as draw_status
from bot.store.backup import check
from bot.store.database import Lock
from bot.store.overview import Day, Lateness, Size, SourceHealth
from tests.fakes.schedules import a_schedule

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for key in ("DISCORD_TOKEN", "DISCORD_TOKEN_FILE"):
        monkeypatch.delenv(key, raising=False)
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("bot.settings.home", lambda: tmp_path)
    return tmp_path / "data"


@pytest.fixture
def say(data: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Run a verb; give its exit code and all that it printed."""

    def run(*words: str) -> tuple[int, str]:
        code = main(words)
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


@pytest.fixture
def seeded(say: Say) -> Say:
    assert say("seed")[0] == 0
    return say


def test_check_without_anything_says_what_to_do_first(say: Say, data: Path) -> None:
    code, said = say("check")
    assert code == 2
    assert "→ Copy it from the developer portal" in said
    assert said.splitlines()[-1] == "1 problem."
    assert not data.exists(), "it only reads"
    assert all(line == line.rstrip() for line in said.splitlines())


def test_check_speaks_json_with_its_exit_code(seeded: Say) -> None:
    code, said = seeded("check", "--json")
    told = json.loads(said)
    assert told["exit_code"] == code == 2
    assert {"area", "level", "text", "cure"} == set(told["findings"][0])
    assert {one["area"] for one in told["findings"]} >= {"database", "time zones", "sources", "backups", "token"}


def test_the_health_check_of_a_container_fails_where_no_bot_answers(say: Say) -> None:
    assert say("check", "--running") == (2, "No bot answers on this database.\n")
    assert json.loads(say("check", "--running", "--json")[1])["ok"] is False


def test_commands_can_be_sent_anew(seeded: Say, data: Path) -> None:
    assert seeded("check", "--send-commands")[0] == 0
    raw = sqlite3.connect(data / "dateline.db")
    assert raw.execute("select text from note where name='commands'").fetchone() == ("{}",)
    raw.close()


@pytest.mark.parametrize("words", [["status"], ["preview"], ["retract", "s1", "--yes"]], ids=" ".join)
def test_what_looks_at_a_database_makes_none(say: Say, data: Path, words: list[str]) -> None:
    code, said = say(*words)
    assert (code, "Start the bot once" in said, data.exists()) == (66, True, False)


def test_status_of_a_new_database_is_calm(seeded: Say) -> None:
    code, said = seeded("status")
    assert code == 0
    assert "no briefing is set up" in said
    assert "17 articles in 15 stories" in said
    assert json.loads(seeded("status", "--json")[1])["running"] is False


def test_preview_draws_the_briefing_and_posts_nothing(seeded: Say) -> None:
    code, said = seeded("preview")
    assert code == 0
    assert said.splitlines()[0] == "Preview: Daily briefing"
    assert "1. Japan is intensifying its defense capabilities" in said
    assert "Next briefing" not in said
    assert "\x1b" not in said
    again = json.loads(seeded("preview", "--json")[1])
    assert (len(again["stories"]), again["message"]["flags"] & 1 << 15) == (8, 1 << 15)


def test_preview_of_a_schedule_that_is_not_there_names_those_that_are(seeded: Say) -> None:
    assert seeded("preview", "7") == (64, "There is no schedule 7, so there is nothing to show. There are: none.\n")


def test_a_backup_goes_to_the_folder_or_to_a_file_and_comes_back(seeded: Say, data: Path, tmp_path: Path) -> None:
    code, said = seeded("backup")
    (made,) = (data / "backups").glob("*.db")
    assert (code, str(made) in said) == (0, True)
    copy = tmp_path / "elsewhere" / "copy.db"
    assert seeded("backup", str(copy))[0] == 0
    assert check(copy) > 0
    code, said = seeded("backup", str(copy))
    assert (code, "already" in said) == (74, True)
    assert seeded("retract", "s1", "--yes")[0] == 0
    assert seeded("restore", str(copy))[0] == 0
    assert "17 articles" in seeded("status")[1]


def test_there_is_nothing_to_back_up_without_a_database(say: Say) -> None:
    assert say("backup")[0] == 66


def test_a_restore_refuses_what_is_no_backup_and_a_database_in_use(seeded: Say, data: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"nothing" * 100)
    code, said = seeded("restore", str(tmp_path / "bad.db"))
    assert (code, "not a whole Dateline database" in said) == (74, True)
    assert seeded("backup", str(tmp_path / "good.db"))[0] == 0
    lock = Lock(data / "dateline.db")
    lock.acquire()
    code, said = seeded("restore", str(tmp_path / "good.db"))
    lock.release()
    assert (code, said) == (75, "A bot is running on this database, so nothing was changed. Stop it first.\n")


def test_a_story_is_retracted_only_with_a_yes(seeded: Say) -> None:
    code, said = seeded("retract", "s3")
    assert (code, "add --yes" in said) == (64, True)
    assert "17 articles" in seeded("status")[1]
    assert "Removed: “" in seeded("retract", "s3", "--yes")[1]
    assert "16 articles" in seeded("status")[1]
    assert seeded("retract", "s3", "--yes") == (
        64, "There is no story s3, so nothing was changed. Its id stands under its card.\n",
    )  # fmt: skip


@pytest.mark.parametrize(("typed", "left"), [("y", 16), ("", 17)], ids=["yes", "no"])
def test_at_a_terminal_it_asks_first(seeded: Say, monkeypatch: pytest.MonkeyPatch, typed: str, left: int) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: typed)
    assert seeded("retract", "s3")[0] == 0
    assert f"{left} articles" in seeded("status")[1]


def test_what_was_not_foreseen_is_one_sentence_and_a_traceback_only_for_whoever_asks(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr("bot.cli.backup.back_up_file", fail)
    assert say("seed")[0] == 0
    code, said = say("backup")
    assert (code, len(said.splitlines()), "odd" in said) == (70, 1, False)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    monkeypatch.setenv("DATELINE_LOG_LEVEL", "debug")
    assert "RuntimeError: odd" in say("backup")[1]


# ── drawing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def drawn(draw: Callable[[Console, Any], None], value: object, *, terminal: bool = False) -> str:
    written = StringIO()
    draw(Console(file=written, width=120, force_terminal=terminal, highlight=False), value)
    return written.getvalue()


def a_summary(**chosen: Any) -> Summary:
    days = tuple(Day(date(2026, 2, 1) + timedelta(days=n), n % 5, n % 2, int(n == 3), 0) for n in range(30))
    values: dict[str, Any] = {
        "now": NOW,
        "health": {"ok": True, "servers": 2, "latency_s": 0.045, "faults": []},
        "days": days,
        "lateness": Lateness(40, 2.0, 90.0, 4_000.0),
        "failures": {"E01": 1},
        "schedules": (a_schedule(id=1), a_schedule(id=2, disabled_code="gone")),
        "feeds": (
            SourceHealth(3, "The Post", "failing", "it answered 503", None, 4),
            SourceHealth(4, "The Times", "ok", "", NOW, 0),
        ),
        "size": Size(50 << 20, 2 << 20, 10, 9, 3, 2, 1),
    }
    return Summary(**(values | chosen))


def test_the_status_says_in_words_what_its_bars_show() -> None:
    said = drawn(draw_status, a_summary())
    for text in (
        "running, 2 servers, gateway 45 ms", "60 posted", "1 not posted (E01 1)", "worst 67 min",
        "1 of 2 feeds in order", "The Post: it answered 503 (4 times)", "turned off by itself (gone)", "50 MB, 2.0 MB",
    ):  # fmt: skip
        assert text in said
    assert "\x1b[" in drawn(draw_status, a_summary(), terminal=True)


def test_a_bot_in_trouble_is_said_to_be() -> None:
    health = {"ok": False, "servers": 2, "latency_s": None, "faults": ["not connected to Discord"]}
    assert "running, but: not connected to Discord" in drawn(draw_status, a_summary(health=health))


def test_long_lists_end_with_a_count() -> None:
    feeds = tuple(SourceHealth(n, f"Feed {n}", "failing", "", None, 1) for n in range(12))
    schedules = tuple(a_schedule(id=n) for n in range(1, 13))
    said = drawn(draw_status, a_summary(feeds=feeds, schedules=schedules))
    assert said.count("and 4 more") == 2


def test_the_json_of_the_status_holds_the_same() -> None:
    told = a_summary().as_json()
    assert json.loads(json.dumps(told)) == told
    assert (told["lateness"]["worst_s"], told["feeds"], len(told["days"])) == (4_000.0, {"failing": 1, "ok": 1}, 30)


def test_bars_tell_nothing_from_little() -> None:
    assert bars([0, 1, 50, 100]) == "·▂▅█"
    assert bars([0, 0]) == "··"


@pytest.mark.parametrize(("number", "text"), [(1.4, "1 s"), (600, "10 min"), (10_800, "3.0 h")])
def test_spans_are_for_people(number: float, text: str) -> None:
    assert seconds(number) == text


def test_the_check_ends_with_what_is_left_to_do() -> None:
    findings = [{"area": "backups", "level": "warning", "text": "None.", "cure": "Run dateline backup."}]
    assert (
        drawn(draw_check, {"findings": findings, "invite": "https://d.example/invite"}).splitlines()[-1] == "1 warning."
    )
    assert drawn(draw_check, {"findings": [], "invite": None}).strip() == "All is well."


def test_reports_without_any_are_calm(say: Say, data: Path) -> None:
    assert say("reports") == (0, "Nobody reported a story.\n")
    assert not data.exists(), "it only reads"


def test_reports_are_listed_newest_first_and_steer_no_terminal(seeded: Say, data: Path) -> None:
    raw = sqlite3.connect(data / "dateline.db")
    raw.execute("insert into place(id, kind, discord_id, created_at) values(9, 'server', 900, 0)")
    rows = [(1, "Old headline", "wrong", ""), (2, "New headline", "outdated", "see \x1b[31mthe correction")]
    for story, headline, reason, detail in rows:
        raw.execute(
            "insert into report(user_id, place_id, story_id, headline, reason, detail, reported_at)"
            " values(5, 9, ?, ?, ?, ?, 1772366400)",
            (story, headline, reason, detail),
        )
    raw.commit()
    raw.close()
    code, said = seeded("reports")
    assert code == 0
    assert said.splitlines() == [
        "2026-03-01 12:00 UTC  s2  outdated  New headline",
        "                                    “see [31mthe correction”",
        "2026-03-01 12:00 UTC  s1  wrong     Old headline",
        "",
        "2 reports. To remove a story everywhere: dateline retract STORY.",
    ]
    assert [one["story"] for one in json.loads(seeded("reports", "--json")[1])] == ["s2", "s1"]
