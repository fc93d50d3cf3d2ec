import io
import json
import logging

import pytest

from bot import logs

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcDE." + "x" * 38


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", logging.WARNING)
    monkeypatch.setattr(logs, "redact", logs.Redactor())
    return io.StringIO()


def test_a_console_line_has_time_level_name_message_and_fields(lines: io.StringIO) -> None:
    logs.start("console", "info", stream=lines)
    logging.getLogger("bot.deliver.outbox").info("Briefing sent", extra={"delivery": 7, "part": 0})
    assert lines.getvalue().endswith("Z info    deliver.outbox  Briefing sent  delivery=7 part=0\n")


def test_a_json_line_is_one_object(lines: io.StringIO) -> None:
    logs.start("json", "info", stream=lines)
    logging.getLogger("bot.x").warning("Feed failed", extra={"source": 3})
    line = json.loads(lines.getvalue())
    assert (line["level"], line["message"], line["source"]) == ("warning", "Feed failed", 3)


@pytest.mark.parametrize("form", ["console", "json"])
def test_secrets_never_reach_a_line_not_even_in_tracebacks(form: str, lines: io.StringIO) -> None:
    logs.redact.hide("my-own-secret")
    logs.start(form, "debug", stream=lines)
    log = logging.getLogger("bot.x")
    try:
        raise ValueError(f"Bot {TOKEN} and my-own-secret")
    except ValueError:
        log.exception("failed with %s", TOKEN, extra={"url": f"https://d/webhooks/12/{'t' * 40}/messages"})
    text = lines.getvalue()
    assert TOKEN not in text
    assert "my-own-secret" not in text
    assert "t" * 40 not in text
    assert "***" in text


def test_what_is_logged_for_one_briefing_carries_its_mark(lines: io.StringIO) -> None:
    logs.start("console", "info", stream=lines)
    log = logging.getLogger("bot.x")
    with logs.tracing("2026-03-01-k7f3"):
        log.info("Posted", extra={"part": 0})
    log.info("Other")
    first, second = lines.getvalue().splitlines()
    assert first.endswith("Posted  part=0 trace=2026-03-01-k7f3")
    assert "trace" not in second


RECONNECT = "Attempting a reconnect in 3.41s"


@pytest.mark.parametrize(("level", "lines_written"), [("info", 1), ("debug", 2)])
def test_a_reconnect_is_one_line_unless_everything_is_asked_for(
    level: str, lines_written: int, lines: io.StringIO
) -> None:
    logs.start("console", level, stream=lines)
    try:
        raise ConnectionResetError("Cannot write to closing transport")
    except ConnectionResetError:
        logging.getLogger("discord.client").exception(RECONNECT)
    text = lines.getvalue()
    assert (len(text.splitlines()) >= lines_written, "Traceback" in text) == (True, level == "debug")
    assert "ConnectionResetError: Cannot write to closing transport" in text


def test_other_failures_of_the_library_keep_their_traceback(lines: io.StringIO) -> None:
    logs.start("console", "info", stream=lines)
    try:
        raise ValueError("odd")
    except ValueError:
        logging.getLogger("discord.client").exception("Ignoring exception in on_ready")
    assert "Traceback" in lines.getvalue()
