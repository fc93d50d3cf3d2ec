"""Structured logs: one line per thing that happened, with its facts as fields; secrets never leave.

Write `log.info("Briefing sent", extra={"delivery": 7, "part": 0})`. Redaction works on the finished line, so it
covers arguments, tracebacks and what libraries log. What is logged inside `tracing(mark)` carries the mark.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
# A bot token is three base64url parts; an interaction token stands in webhook addresses.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,45}|mfa\.[A-Za-z0-9_-]{20,}")
_CALLBACK = re.compile(r"(/(?:webhooks|interactions)/\d+/)[A-Za-z0-9_=+.-]{20,}")
_HIDDEN = "***"


class Redactor:
    """Replaces known secrets, and whatever is shaped like a token."""

    def __init__(self) -> None:
        self._secrets: tuple[str, ...] = ()

    def hide(self, secret: str) -> None:
        """Add a secret that must never be printed."""
        if secret:
            self._secrets = (*self._secrets, secret)

    def __call__(self, text: str) -> str:
        """Give `text` with every secret hidden."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _CALLBACK.sub(rf"\g<1>{_HIDDEN}", _TOKEN.sub(_HIDDEN, text))


redact = Redactor()
_trace: ContextVar[str] = ContextVar("trace", default="")


@contextmanager
def tracing(mark: str) -> Iterator[None]:
    """Put a mark on every line that is logged inside, by this task and those it starts."""
    before = _trace.set(mark)
    try:
        yield
    finally:
        _trace.reset(before)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    own = {key: value for key, value in vars(record).items() if key not in _STANDARD and not key.startswith("_")}
    return {**own, "trace": _trace.get()} if _trace.get() else own


def _shorten(record: logging.LogRecord) -> bool:
    """Say in one line that discord.py connects again: it happens every few hours, and its traceback helps nobody."""
    if record.name.startswith("discord.") and record.exc_info and record.getMessage().startswith("Attempting"):
        error = record.exc_info[1]
        record.msg, record.args = f"{record.getMessage()} ({type(error).__name__}: {error})".replace("\n", " "), ()
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.exc_info = None
    return True


class ConsoleFormatter(logging.Formatter):
    """`2026-11-22 08:00:01Z info  deliver.outbox  Briefing sent  delivery=7 part=0`."""

    def format(self, record: logging.LogRecord) -> str:
        """Give one line, and the traceback below it where there is one."""
        when = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        facts = "".join(f" {key}={value}" for key, value in _fields(record).items())
        name = record.name.removeprefix("bot.")
        line = f"{when} {record.levelname.lower():<7} {name}  {record.getMessage()}{' ' if facts else ''}{facts}"
        return redact(line + (f"\n{self.formatException(record.exc_info)}" if record.exc_info else ""))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, name, message, the fields, and error with its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "name": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return redact(json.dumps(line, ensure_ascii=False, default=str))


def start(form: str, level: str, *, stream: TextIO | None = None) -> None:
    """Send all logs to `stream` (standard error when None) in the given form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else ConsoleFormatter())
    if level != "debug":
        handler.addFilter(_shorten)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy, least in (("discord", "INFO"), ("discord.http", "INFO"), ("discord.gateway", "WARNING")):
        logger = logging.getLogger(noisy)
        logger.setLevel(max(logging.getLevelName(least), root.level))
    for silent in ("aiosqlite", "asyncio", "aiohttp.access"):
        logging.getLogger(silent).setLevel(logging.WARNING)
