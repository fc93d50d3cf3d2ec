"""What is installed from the wheel is whole: it runs without this checkout and without the developers' packages."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
_BUILD = "import sys; from hatchling.build import build_wheel; print(build_wheel(sys.argv[1]))"


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds what the wheel holds."""
    made, folder = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("installed")
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, made], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    with zipfile.ZipFile(made / done.stdout.split()[-1]) as wheel:
        wheel.extractall(folder)
    return folder


def test_the_wheel_holds_every_file_of_the_packages(installed: Path) -> None:
    files = (path for room in ("bot", "cogs") for path in (ROOT / room).rglob("*") if path.is_file())
    here = {str(path.relative_to(ROOT)) for path in files if path.suffix != ".pyc"}
    assert {name for name in here if not (installed / name).is_file()} == set()
    assert {path.name.split("-")[0] for path in installed.iterdir()} == {"bot", "cogs", "dateline"}


def test_it_tells_its_version_without_any_other_package(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-P", "-m", "bot", "--version"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.startswith("dateline ")


def test_it_shows_everything_in_try_mode_from_anywhere(installed: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "bot", "try", "--terminal", "--json"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed), "HOME": str(tmp_path), "LANG": "C.UTF-8"},
        input="/headlines\n",
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    first, *_, last = map(json.loads, done.stdout.splitlines())
    assert first["input"] is None
    assert last["input"] == "/headlines"
    assert "Japan is intensifying" in json.dumps(last["responses"])
