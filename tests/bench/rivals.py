"""Other readers on the same server: newsboat, lemon24/reader, rss2email; each fetches all feeds into its own store."""

import shutil
import subprocess
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

from bot.clock import SystemClock
from tests.bench.publishers import FEEDS

_CLOCK = SystemClock()
_PATIENCE_S = 180
_READER = """
import sys, time
from reader import make_reader
reader = make_reader(sys.argv[1])
for n in range({feeds}):
    reader.add_feed(f"http://127.0.0.1:{port}/{{n}}.xml")
began = time.perf_counter()
reader.update_feeds(workers=10)
print(time.perf_counter() - began)
"""
_R2E = """[DEFAULT]
from = a@example.org
to = a@example.org
email-protocol = maildir
maildir-path = {folder}/mail
maildir-mailbox = INBOX
"""


def newsboat(port: int) -> float | None:
    """Give its seconds; None where it is not installed."""
    found = shutil.which("newsboat")
    if found is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "urls").write_text("".join(f"{url}\n" for url in _urls(port)))
        (here / "config").write_text("reload-threads 10\n")
        words = [found, "-u", f"{here}/urls", "-c", f"{here}/cache.db", "-C", f"{here}/config", "-x", "reload"]
        return _timed(lambda: subprocess.run(words, check=True, capture_output=True, timeout=_PATIENCE_S))


def reader(port: int) -> float | None:
    """Run lemon24/reader from a throw-away environment; None where it can't be had."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        try:
            # its feedparser wants sgmllib3k and does not say so
            python = _environment(here / "v", "reader", "sgmllib3k")
            words = [str(python), "-c", _READER.format(feeds=FEEDS, port=port), f"{here}/r.db"]
            told = subprocess.run(words, check=True, capture_output=True, timeout=_PATIENCE_S)
        except (OSError, subprocess.SubprocessError):
            return None
        return float(told.stdout)


def rss2email(port: int) -> float | None:
    """Run rss2email, installed or from a throw-away environment, into a maildir; None where it can't be had."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        try:
            found = shutil.which("r2e") or _environment(here / "v", "rss2email").with_name("r2e")
            for name in ("cur", "new", "tmp"):
                (here / "mail" / "INBOX" / name).mkdir(parents=True)
            feeds = (f"[feed.f{number}]\nurl = {url}\n" for number, url in enumerate(_urls(port)))
            (here / "c.cfg").write_text(_R2E.format(folder=here) + "".join(feeds))
            words = [str(found), "-c", f"{here}/c.cfg", "-d", f"{here}/d.json", "run"]
            return _timed(lambda: subprocess.run(words, check=True, capture_output=True, timeout=_PATIENCE_S))
        except (OSError, subprocess.SubprocessError):
            return None


def _urls(port: int) -> list[str]:
    return [f"http://127.0.0.1:{port}/{number}.xml" for number in range(FEEDS)]


def _environment(folder: Path, *packages: str) -> Path:
    """Make an environment with some packages; give its Python."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", *packages]
    subprocess.run(install, check=True, capture_output=True, timeout=_PATIENCE_S)
    return python


def _timed(work: Callable[[], object]) -> float:
    began = _CLOCK.monotonic()
    work()
    return _CLOCK.monotonic() - began
