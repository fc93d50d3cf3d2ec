"""The command line as a person uses it: own process, own folder, real files."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import SystemClock

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ROOT / "bot" / "data" / "sample.txt"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"}


def dateline(*words: str | Path, data: Path, stdin: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "bot", *map(str, words)],
        env=ENVIRONMENT | {"DATELINE_DATA": str(data)} | extra,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_version_and_help_need_nothing(tmp_path: Path) -> None:
    assert dateline("--version", data=tmp_path).stdout.startswith("dateline ")
    assert "verbs:" in dateline("--help", data=tmp_path).stdout
    assert list(tmp_path.iterdir()) == []


def test_without_token_and_terminal_it_exits_78_in_one_sentence(tmp_path: Path) -> None:
    done = dateline(data=tmp_path)
    assert done.returncode == 78
    assert "No DISCORD_TOKEN is set" in done.stderr
    assert "Traceback" not in done.stderr
    assert dateline("run", data=tmp_path).returncode == 78


def test_seed_imports_once_by_content(tmp_path: Path) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_bytes(SAMPLE.read_bytes())
    first = dateline("seed", data=tmp_path / "data")
    assert (first.returncode, first.stdout) == (0, "the bundled sample: 17 new in “Bundled sample document”.\n")
    again = dateline("seed", copy, data=tmp_path / "data")
    assert "already there as “Bundled sample document”" in again.stdout


def test_seed_says_per_file_what_became_of_it(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("A headline of one story\nA headline of another story\n", "utf-8")
    binary = tmp_path / "binary.txt"
    binary.write_bytes(bytes(range(256)) * 40)
    done = dateline("seed", good, binary, tmp_path / "missing.txt", "--title", "Paper", data=tmp_path / "data")
    assert done.returncode == 65
    lines = done.stdout.splitlines()
    assert "2 new in “Paper”" in lines[0]
    assert "not imported" in lines[1]
    assert "can’t be read" in lines[2]
    assert "Traceback" not in done.stdout + done.stderr


def test_inspect_prints_the_golden_facts_of_the_sample(tmp_path: Path) -> None:
    done = dateline("inspect", SAMPLE, "--json", data=tmp_path)
    items = json.loads(done.stdout)["items"]
    assert len(items) == 17
    assert len({item["story"] for item in items}) == 15
    assert {items[n]["story"] for n in (3, 10, 16)} == {items[3]["story"]}
    assert (items[0]["headline_origin"], len(items[0]["headline"]), len(items[0]["sentences"])) == ("derived", 102, 11)
    assert set(items[0]) >= {"headline", "headline_origin", "paragraphs", "sentences", "summary", "topics", "names"}
    assert "17 items in 15 stories." in dateline("inspect", SAMPLE, data=tmp_path).stdout


def test_inspect_tells_what_the_lines_around_an_item_were_taken_for(tmp_path: Path) -> None:
    document = tmp_path / "paper.txt"
    document.write_text(
        "World\n\nBridge closes\nBy Jane Doe\nPublished: Dec 3, 2025 4:15 PM\nSource: The Valley Post\n"
        "https://example.com/a\n\nThe council agreed on Monday to close the bridge for repairs.\n"
    )
    assert dateline("inspect", document, data=tmp_path).stdout.splitlines()[:4] == [
        "  1. Bridge closes",
        "     story 1 · 1 sentence · world",
        "     section: World · by: Jane Doe · source: The Valley Post · published: 2025-12-03 16:15 UTC",
        "     https://example.com/a",
    ]


def test_a_file_that_cannot_be_inspected_is_named(tmp_path: Path) -> None:
    done = dateline("inspect", tmp_path / "nothing.txt", data=tmp_path)
    assert done.returncode == 65
    assert "nothing.txt" in done.stderr


def test_a_data_folder_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    done = dateline("seed", data=blocked / "data")
    assert done.returncode == 78
    assert "can’t be written" in done.stderr


def test_a_wrong_setting_is_reported_before_anything_is_done(tmp_path: Path) -> None:
    done = dateline("seed", data=tmp_path / "data", DATELINE_SAMPLE="perhaps", DATELINE_BACKUPS_KEPT="no")
    assert done.returncode == 78
    assert "DATELINE_SAMPLE" in done.stderr
    assert "DATELINE_BACKUPS_KEPT" in done.stderr
    assert not (tmp_path / "data").exists()


def test_try_shows_the_briefing_and_answers_lines_as_json(tmp_path: Path) -> None:
    done = dateline(
        "try",
        "--terminal",
        "--json",
        "--zone",
        "Europe/Berlin",
        data=tmp_path,
        stdin="/headlines\n/summary 1\nnonsense\n",
    )
    opening, headlines, summary, nonsense = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, opening["input"]) == (0, None)
    assert any((body.get("content") or "").startswith("**Japan is intensifying") for body in opening["responses"])
    assert headlines["responses"][0]["type"] in {4, 5}  # an answer, or on a busy machine that one comes
    assert "## Headlines" in json.dumps(headlines["responses"])
    assert "sentences, quoted unchanged" in json.dumps(summary["responses"])
    assert nonsense == {"input": "nonsense", "responses": []}
    assert done.stderr == "“nonsense” is nothing I know. Type help for what I do.\n"
    assert list(tmp_path.iterdir()) == []


def test_try_reads_on_after_bytes_that_are_no_text(tmp_path: Path) -> None:
    words = [sys.executable, "-P", "-m", "bot", "try", "--terminal", "--json", "--zone", "UTC"]
    environment = ENVIRONMENT | {"DATELINE_DATA": str(tmp_path), "PYTHONIOENCODING": "utf-8:strict"}
    done = subprocess.run(
        words, env=environment, input=b"\xff\xfe\n/headlines\n", capture_output=True, timeout=60, check=False
    )
    _, unclear, headlines = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert (done.returncode, unclear["input"], headlines["input"]) == (0, "\ufffd\ufffd", "/headlines")
    assert "## Headlines" in json.dumps(headlines["responses"])


def test_try_runs_the_clock_through_days_with_one_briefing_each(tmp_path: Path) -> None:
    at = f"{SystemClock().now() + timedelta(hours=12):%H:%M}"  # none comes by itself meanwhile
    done = dateline(
        "try", "--terminal", "--at", at, "--zone", "UTC", "--days", "3", "--keep", tmp_path / "kept", data=tmp_path
    )
    assert done.stdout.count("Daily briefing") == 4
    assert (tmp_path / "kept" / "dateline.db").exists()


@pytest.mark.parametrize(("option", "value", "code"), [("--zone", "Nowhere", "time zone"), ("--at", "24:00", "24:00")])
def test_try_explains_a_zone_or_time_it_does_not_know(tmp_path: Path, option: str, value: str, code: str) -> None:
    done = dateline("try", "--terminal", option, value, data=tmp_path)
    assert done.returncode == 64
    assert code in done.stderr


def test_the_page_of_try_mode_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    words = [sys.executable, "-P", "-m", "bot", "try", "--no-open", "--zone", "UTC"]
    with subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as page:
        assert page.stdout is not None
        assert "http://127.0.0.1:" in page.stdout.readline()
        os.kill(page.pid, signal.SIGTERM)
        assert page.wait(20) == 0
