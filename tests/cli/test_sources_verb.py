"""`dateline sources`, alone on a database of its own, against a publisher on loopback."""

import argparse
import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.sources import configure, line, run
from bot.store.database import Lock
from tests.fakes.publisher import Publisher, answer, publishing
from tests.ingest.test_refresh import rss


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as serving:
        serving.replies["/feed"] = answer(rss("Storm hits coast", "Mayor resigns"))
        yield serving


class Terminal:
    """Runs verbs as a person does, in a process of their own."""

    def __init__(self, data: Path, port: int) -> None:
        root = str(Path(__file__).parents[2])
        self.environment = {
            "DATELINE_DATA": str(data), "DATELINE_PRIVATE_HOSTS": f"127.0.0.1:{port}",
            "PYTHONPATH": root, "HOME": str(data),
        }  # fmt: skip

    async def run(self, *words: str) -> tuple[int, str]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "sources", *words,
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode()


async def test_sources_are_added_listed_checked_exported_and_removed(publisher: Publisher, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, publisher.port)
    code, said = await terminal.run("add", publisher.url())
    assert (code, said.splitlines()) == (
        0, [f"“The Post” is added: {publisher.url()}", "  Storm hits coast", "  Mayor resigns"],
    )  # fmt: skip
    code, said = await terminal.run("list", "--json")
    assert [one["title"] for one in json.loads(said)["sources"]] == ["The Post"]
    code, said = await terminal.run("check")
    assert (code, "not checked (it was checked a moment ago)" in said) == (65, True)
    assert (await terminal.run("export", str(tmp_path / "o.opml")))[1] == f"Written to {tmp_path / 'o.opml'}.\n"
    assert "already there" in (await terminal.run("import", str(tmp_path / "o.opml")))[1]
    assert "<opml" in (await terminal.run("export"))[1]
    assert "no longer read" in (await terminal.run("remove", "The Post"))[1]
    listed = (await terminal.run("list"))[1].splitlines()
    assert ("read by nobody" in listed[0], listed[-1]) == (True, "1 source")
    assert publisher.url() not in (await terminal.run("export"))[1], "what is read no longer would come back with it"
    assert "1 added" in (await terminal.run("import", str(tmp_path / "o.opml")))[1]


async def test_looking_takes_no_lock_and_writes_nothing(publisher: Publisher, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, publisher.port)
    assert await terminal.run("list") == (
        66,
        f"There is no database in {tmp_path} yet. Start the bot once; it makes one.\n",
    )
    assert not list(tmp_path.glob("*.db*"))
    await terminal.run("add", publisher.url())
    (database,) = tmp_path.glob("*.db")
    held = Lock(database)
    held.acquire()  # as a bot does that does not answer on its socket
    before = database.read_bytes()
    for words in (("list",), ("export",)):
        code, said = await terminal.run(*words)
        assert (code, "The Post" in said) == (0, True)
    held.release()
    assert database.read_bytes() == before


async def test_what_is_wrong_is_one_sentence(publisher: Publisher, tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, publisher.port)
    code, said = await terminal.run("add", "http://10.0.0.1/")
    assert (code, "private or local" in said, len(said.splitlines())) == (64, True, 1)
    assert "\\" not in said
    code, said = await terminal.run("add", "--pack", "Nope")
    assert (code, said[:53]) == (64, "There is no pack “Nope”. There are World, US, UK, Eur")
    code, said = await terminal.run("remove", "Nope")
    assert (code, said) == (64, "There is no source “Nope”. `dateline sources list` names them all.\n")
    code, said = await terminal.run("add")
    assert (code, said) == (64, "Name an address, or a pack with --pack.\n")


def test_a_line_says_how_a_source_does() -> None:
    one = {
        "id": 7, "title": "The Post", "state": "failing", "detail": "it answered 503", "stories": 1,
        "next_check": "2026-11-22T12:30:00+00:00",
    }  # fmt: skip
    assert line(one) == "    7  The Post  ·  failing · 1 story · it answered 503 · next check 2026-11-22 12:30 UTC"


def test_adding_nothing_is_told_without_opening_anything(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    configure(parser)
    assert run(parser.parse_args(["add"])) == 64
    assert "Name an address" in capsys.readouterr().err
