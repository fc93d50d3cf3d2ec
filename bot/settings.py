"""The only reader of the environment and of `.env`. `load()` gives one frozen `Settings`, or says all that is wrong.

The environment wins over `.env`. Each field's metadata holds its key and the text for `.env.example`; a test
compares the two.
"""

import dataclasses
import difflib
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

import bot
from bot.errors import SetupError


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """Text that never prints; `reveal()` gives it."""

    _text: str

    def __repr__(self) -> str:
        return "***"

    def reveal(self) -> str:
        """Give the text itself."""
        return self._text


def home() -> Path:
    """Give the folder that holds `.env` and `data`: the checkout, or where an installed Dateline is started."""
    checkout = Path(bot.__file__).parent.parent
    return checkout if (checkout / "pyproject.toml").is_file() else Path.cwd()


class Problem(ValueError):  # noqa: N818 - it is one line of a report
    """What is wrong with one value, as the end of a sentence that begins with its key."""


def _token(text: str) -> Secret:
    if any(char.isspace() for char in text) or len(text) < 20:
        raise Problem("is not a bot token; copy it whole from the Discord developer portal, page Bot, Reset Token")
    return Secret(text)


def _path(text: str) -> Path:
    path = Path(text).expanduser()
    return path if path.is_absolute() else home() / path


def _ids(text: str) -> tuple[int, ...]:
    words = text.replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() and 15 <= len(word) <= 20 for word in words):
        raise Problem("is a list of server ids, numbers of 17 to 20 digits with commas between them")
    return tuple(int(word) for word in words)


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").lower().split())


def _one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in words:
            raise Problem(f"is one of {', '.join(words)}, not “{text}”")
        return text.lower()

    return parse


def _number(low: float, high: float, unit: str) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise Problem(f"is a whole number from {low:g} to {high:g} ({unit}), not “{text}”")
        return int(text)

    return parse


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://", "mailto:")):
        raise Problem("is an address that begins with https://, http:// or mailto:")
    return text


def _key(key: str, parse: Callable[[str], Any], default: object, text: str, example: str = "") -> Any:  # noqa: ANN401
    meta = {"key": key, "parse": parse, "text": text, "example": example}
    return field(default=default, metadata=meta)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that an operator can choose."""

    token: Secret | None = _key(
        "DISCORD_TOKEN", _token, None,
        "The bot's token (developer portal, page Bot). Without it Dateline runs in try mode.",
    )  # fmt: skip
    token_file: Path | None = _key(
        "DISCORD_TOKEN_FILE", _path, None, "Or a file that holds the token, for example a Docker secret."
    )
    data: Path = _key(
        "DATELINE_DATA", _path, Path("data"), "The folder of the database, its backups and documents/.", "data"
    )
    servers: tuple[int, ...] = _key(
        "DATELINE_SERVERS", _ids, (), "The ids of the servers it serves, with commas between them. Empty: any server."
    )
    sample: str = _key(
        "DATELINE_SAMPLE", _one_of("auto", "keep", "off"), "auto",
        "The bundled sample: auto (gives way to a place's own sources), keep, or off.", "auto",
    )  # fmt: skip
    contact: str = _key(
        "DATELINE_CONTACT", _address, "",
        "An address that publishers can reach you at; feeds are fetched with it in the User-Agent.",
    )  # fmt: skip
    private_hosts: tuple[str, ...] = _key(
        "DATELINE_PRIVATE_HOSTS", _hosts, (),
        "Private hosts that feeds may be read from (host or host:port), with commas between them. Empty: none.",
    )  # fmt: skip
    fetch: str = _key("DATELINE_FETCH", _one_of("on", "off"), "on", "Whether feeds are fetched: on or off.", "on")
    sends_per_second: int = _key(
        "DATELINE_SENDS_PER_SECOND", _number(1, 40, "briefings a second"), 25,
        "How fast briefings are posted when many are due at once.", "25",
    )  # fmt: skip
    backups: Path | None = _key(
        "DATELINE_BACKUPS", _path, None, "The folder of the daily backups. Empty: backups/ in the data folder."
    )
    backups_kept: int = _key(
        "DATELINE_BACKUPS_KEPT", _number(1, 365, "backups"), 7, "How many daily backups are kept.", "7"
    )
    retention_days: int = _key(
        "DATELINE_RETENTION_DAYS", _number(7, 3650, "days"), 90,
        "How many days articles from feeds and past deliveries are kept. Documents are kept for good.", "90",
    )  # fmt: skip
    log_format: str = _key(
        "DATELINE_LOG_FORMAT", _one_of("console", "json"), "console", "How logs look: console or json.", "console"
    )
    log_level: str = _key(
        "DATELINE_LOG_LEVEL", _one_of("debug", "info", "warning", "error"), "info",
        "How much is logged: debug, info, warning or error.", "info",
    )  # fmt: skip
    metrics_port: int = _key(
        "DATELINE_METRICS_PORT", _number(0, 65535, "a port of 127.0.0.1; 0 is off"), 0,
        "The port on 127.0.0.1 of /health and /metrics. 0: off.", "0",
    )  # fmt: skip

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / "dateline.db"

    @property
    def backup_folder(self) -> Path:
        """Where backups go."""
        return self.backups or self.data / "backups"

    @property
    def documents(self) -> Path:
        """The watched folder of documents."""
        return self.data / "documents"


FIELDS = {item.metadata["key"]: item for item in dataclasses.fields(Settings)}


def read(environment: Mapping[str, str], dotenv: Mapping[str, str | None]) -> Settings:
    """Make settings of both; the environment wins.

    Raises:
        SetupError: one sentence for each wrong key, all of them at once.
    """
    problems = [_misspelt(key) for key in dotenv if key.startswith(("DATELINE_", "DISCORD_")) and key not in FIELDS]
    problems += [f"{key} in .env has no value; write {key}=value." for key, text in dotenv.items() if text is None]
    values: dict[str, Any] = {}
    for key, item in FIELDS.items():
        text = (environment.get(key) or dotenv.get(key) or "").strip()
        if not text:
            continue
        try:
            values[item.name] = item.metadata["parse"](text)
        except Problem as problem:
            problems.append(f"{key} {problem}.")
    settings = Settings(**{"data": home() / "data", **values})
    if settings.token is None and settings.token_file is not None:
        settings = _with_token_file(settings, settings.token_file, problems)
    if problems:
        raise SetupError("The settings can’t be used, so Dateline does not start:\n" + "\n".join(problems))
    return settings


def load() -> Settings:
    """Read the environment and `.env`.

    Raises:
        SetupError: as `read`, or `.env` is not readable text.
    """
    path = home() / ".env"
    try:
        dotenv = dotenv_values(path) if path.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path} can’t be read, so Dateline does not start. Save it as UTF-8 text.") from error
    return read(os.environ, dotenv)  # noqa: TID251 - the one reader


def child_environment() -> dict[str, str]:
    """Give the environment for a child process: what it needs to run, and never a secret."""
    return {key: os.environ[key] for key in ("PATH", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH") if key in os.environ}  # noqa: TID251 - the one reader


def is_over_ssh() -> bool:
    """Whether this terminal is reached over SSH."""
    return "SSH_CONNECTION" in os.environ  # noqa: TID251 - the one reader


def _misspelt(key: str) -> str:
    close = difflib.get_close_matches(key, FIELDS, 1)
    return f"{key} in .env is not a setting{f'; {close[0]} is' if close else ''}."


def _with_token_file(settings: Settings, path: Path, problems: list[str]) -> Settings:
    try:
        return dataclasses.replace(settings, token=_token(path.read_text("utf-8").strip()))
    except (OSError, UnicodeDecodeError):
        problems.append(f"DISCORD_TOKEN_FILE names {path}, which can’t be read.")
    except Problem as problem:
        problems.append(f"The text in DISCORD_TOKEN_FILE {problem}.")
    return settings


def has_display() -> bool:
    """Whether a graphical browser can open here; a text browser would take the terminal over."""
    return sys.platform == "darwin" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ  # noqa: TID251 - the one reader


def local_zone() -> str:
    """Give the IANA name of this machine's zone; UTC where it can't be told."""
    named = os.environ.get("TZ", "").lstrip(":")  # noqa: TID251 - the one reader
    linked = str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    return named if "/" in named else linked or "UTC"
