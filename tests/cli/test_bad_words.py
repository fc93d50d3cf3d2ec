"""Whatever is typed behind a verb: one sentence that names it, an exit code, and nothing half done."""

import socket
from pathlib import Path

import pytest

from tests.cli.test_verbs import dateline


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bad-words") / "data"
    assert dateline("seed", data=folder).returncode == 0
    return folder


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("inspect", "/dev/zero"), 65, "/dev/zero"),
        (("inspect", "."), 65, "directory"),
        (("seed", "/dev/zero"), 65, "not a file"),
        (("sources", "import", "/dev/zero"), 65, "not a file"),
        (("sources", "check", "nope"), 65, "nope: not checked (there is no such source)"),
        (("backup", "/proc/x/y.db"), 74, "/proc/x"),
        (("snapshot", "/proc/x"), 74, "/proc/x"),
        (("snapshot", "/proc/x", "--zone", "Nowhere"), 64, "no time zone"),
        (("try", "--port", "99999"), 2, "a port is a whole number"),
        (("try", "--days", "0"), 2, "days are a whole number"),
        (("preview", "99"), 64, "no schedule 99"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_sentence(data: Path, words: tuple[str, ...], code: int, said: str) -> None:
    done = dateline(*words, data=data)
    assert (done.returncode, said in done.stdout + done.stderr) == (code, True), done.stdout + done.stderr
    assert "Something went wrong" not in done.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = dateline("try", "--no-open", "--port", str(port), data=tmp_path)
    assert done.returncode == 74
    assert f"The page can’t have port {port}" in done.stderr


def test_a_backup_that_can_not_be_made_leaves_no_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "dateline.db").write_bytes(b"no database at all" * 1_000)
    done = dateline("backup", tmp_path / "copy.db", data=data)
    assert done.returncode == 74
    assert not (tmp_path / "copy.db").exists()
