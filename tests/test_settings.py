import dataclasses
from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.settings import FIELDS, Settings, read

TOKEN = "not-a-real-token-only-long-enough"


def test_defaults_hold_when_nothing_is_set() -> None:
    settings = read({}, {})
    assert settings.token is None
    assert settings.database == settings.data / "dateline.db"
    assert settings.backup_folder == settings.data / "backups"
    assert (settings.sample, settings.sends_per_second, settings.servers) == ("auto", 25, ())


def test_the_environment_wins_over_the_file() -> None:
    settings = read({"DATELINE_SAMPLE": "off"}, {"DATELINE_SAMPLE": "keep", "DATELINE_BACKUPS_KEPT": "3"})
    assert (settings.sample, settings.backups_kept) == ("off", 3)


def test_a_token_never_prints() -> None:
    settings = read({"DISCORD_TOKEN": TOKEN}, {})
    assert settings.token is not None
    assert settings.token.reveal() == TOKEN
    assert TOKEN not in f"{settings} {settings!r} {settings.token} {settings.token!r}"


def test_a_token_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n")
    settings = read({"DISCORD_TOKEN_FILE": str(path)}, {})
    assert settings.token is not None
    assert settings.token.reveal() == TOKEN


def test_all_problems_are_reported_at_once_one_sentence_each(tmp_path: Path) -> None:
    bad = {
        "DISCORD_TOKEN": "two words",
        "DATELINE_SERVERS": "12, general",
        "DATELINE_SAMPLE": "maybe",
        "DATELINE_SENDS_PER_SECOND": "4000",
        "DATELINE_CONTACT": "me",
        "DATELINE_SAMPEL": "off",
        "DATELINE_DATA": None,
    }
    with pytest.raises(SetupError) as caught:
        read({}, bad)
    lines = caught.value.sentence.splitlines()[1:]
    assert caught.value.exit_code == 78
    assert len(lines) == len(bad)
    assert all(any(line.startswith(key) for line in lines) for key in bad)
    assert "DATELINE_SAMPEL in .env is not a setting; DATELINE_SAMPLE is." in lines
    assert "two words" not in caught.value.sentence


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"short"], ids=["missing", "binary", "too short"])
def test_a_bad_token_file_is_named_without_its_content(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SetupError, match="DISCORD_TOKEN_FILE"):
        read({"DISCORD_TOKEN_FILE": str(path)}, {})


def test_the_example_file_documents_every_key_and_no_other() -> None:
    example = (Path(__file__).parent.parent / ".env.example").read_text("utf-8")
    documented = [line.split("=")[0].lstrip("#") for line in example.splitlines() if "=" in line and " " not in line]
    assert documented == list(FIELDS)
    for item in dataclasses.fields(Settings):
        assert item.metadata["text"] in example.replace("\n# ", " ")
