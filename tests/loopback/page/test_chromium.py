"""Finding a Chromium to draw with."""

import shutil
from pathlib import Path

import pytest

from bot.loopback.page import chromium


def test_the_given_program_is_taken() -> None:
    program = Path(shutil.which("sh") or "")
    assert chromium.find(program) == program


def test_a_path_that_is_no_program_is_told(tmp_path: Path) -> None:
    with pytest.raises(chromium.NoBrowserError, match="is no program that can be started, so no picture was made"):
        chromium.find(tmp_path / "chromium")


def test_a_machine_without_one_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(chromium.NoBrowserError, match="apt install chromium"):
        chromium.find()


def test_the_first_name_that_is_installed_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "google-chrome"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium.find() == program


async def test_a_program_that_is_no_browser_is_told() -> None:
    with pytest.raises(chromium.NoBrowserError, match="did not start, so no picture was made"):
        async with chromium.open_tab(Path(shutil.which("true") or "")):
            pass
