"""The killable process, with functions of the standard library as jobs."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.errors import WorkerError, WorkerFault
from bot.worker.jobs import JOBS, load
from bot.worker.pool import WorkerPool
from tests.fakes.waiting import PATIENCE_S

TEST_JOBS = {
    "abort": "os:abort",
    "fill": "builtins:bytearray",
    "exec": "builtins:exec",
    "hang": "time:sleep",
    "parse": "datetime:datetime",
    "pid": "os:getpid",
    "upper": "string:capwords",
    "function": "bot.worker.jobs:load",
    "missing": "bot.worker.jobs:nothing",
}


@pytest.fixture
async def pool() -> AsyncIterator[WorkerPool]:
    opened = WorkerPool(jobs=TEST_JOBS, limit_s=5)
    yield opened
    await opened.close()
    assert opened.pids == ()


async def kind_of(pool: WorkerPool, job: str, *arguments: object, limit_s: float | None = None) -> WorkerFault:
    with pytest.raises(WorkerError) as caught:
        await pool.run(job, *arguments, limit_s=limit_s)
    return caught.value.kind


async def test_nothing_runs_before_the_first_job_and_one_process_does_many(pool: WorkerPool) -> None:
    assert not pool.pids
    first, second = await pool.run("pid"), await pool.run("pid")
    assert (first,) == (second,) == pool.pids
    assert first != os.getpid()


async def test_dates_come_back_as_they_were(pool: WorkerPool) -> None:
    assert await pool.run("parse", 2026, 11, 22, 8, 30, 0, 0, UTC) == datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


async def test_a_job_that_hangs_is_killed_and_the_next_one_works(pool: WorkerPool) -> None:
    before = await pool.run("pid")
    assert await kind_of(pool, "hang", 60, limit_s=0.2) is WorkerFault.TIMED_OUT
    assert await pool.run("pid") != before
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)


async def test_a_job_that_kills_its_process_is_told_and_the_next_one_works(pool: WorkerPool) -> None:
    assert await kind_of(pool, "abort") is WorkerFault.DIED
    assert await pool.run("upper", "dateline") == "Dateline"


async def test_a_job_that_raises_is_told_by_the_name_of_its_error(pool: WorkerPool) -> None:
    with pytest.raises(WorkerError, match="ValueError") as caught:
        await pool.run("parse", 2026, 13, 1)
    assert caught.value.kind is WorkerFault.FAILED


async def test_a_job_that_cannot_be_imported_costs_only_its_answer(pool: WorkerPool) -> None:
    assert await kind_of(pool, "missing") is WorkerFault.DIED
    assert await pool.run("upper", "dateline") == "Dateline"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux caps private memory")
async def test_memory_is_capped_and_a_spoilt_process_retires(pool: WorkerPool) -> None:
    before = await pool.run("pid")
    assert await kind_of(pool, "fill", 400_000_000) is WorkerFault.FAILED
    assert await pool.run("pid") != before


async def test_a_process_that_grew_large_retires_after_its_answer(pool: WorkerPool) -> None:
    before = await pool.run("pid")
    await pool.run("exec", "import sys; sys.kept = bytearray(b'x') * 240_000_000")
    assert await pool.run("pid") != before


async def test_the_worker_is_given_no_environment_of_ours(pool: WorkerPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    await pool.run("exec", "import os\nassert not set(os.environ) - {'PYTHONPATH', 'LANG', 'LC_CTYPE', 'TZ'}")


async def test_what_a_library_prints_does_not_look_like_an_answer(pool: WorkerPool) -> None:
    assert await pool.run("exec", "print('noise', flush=True)") is None
    assert await pool.run("upper", "dateline") == "Dateline"


async def test_an_answer_may_hold_only_plain_values(pool: WorkerPool) -> None:
    with pytest.raises(Exception, match="may not come from the worker"):
        await pool.run("function", "os:system")
    assert await pool.run("upper", "dateline") == "Dateline"


async def test_a_cancelled_job_leaves_the_pool_in_step(pool: WorkerPool) -> None:
    await pool.run("pid")
    task = asyncio.create_task(pool.run("hang", 60))
    await asyncio.wait([task], timeout=0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await pool.run("upper", "dateline") == "Dateline"


@pytest.mark.parametrize(("job", "arguments"), [("hang", (60,)), ("abort", ())])
async def test_jobs_behind_one_that_ends_the_process_are_done_by_the_next(
    pool: WorkerPool, job: str, arguments: tuple[object, ...]
) -> None:
    first = await pool.run("pid")
    bad = asyncio.create_task(pool.run(job, *arguments, limit_s=0.3))
    behind = [asyncio.create_task(pool.run("upper", name)) for name in "abc"]
    with pytest.raises(WorkerError):
        await bad
    assert await asyncio.gather(*behind) == ["A", "B", "C"]
    assert await pool.run("pid") != first


async def test_jobs_behind_the_last_of_a_process_that_retires_are_done_by_the_next(pool: WorkerPool) -> None:
    await pool.run("pid")
    large = asyncio.create_task(pool.run("exec", "import sys; sys.kept = bytearray(b'x') * 240_000_000"))
    behind = asyncio.create_task(pool.run("upper", "a"))
    assert (await large, await behind) == (None, "A")


async def test_a_job_cancelled_while_it_waits_costs_the_others_nothing(pool: WorkerPool) -> None:
    await pool.run("pid")
    jobs = [asyncio.create_task(pool.run("upper", name)) for name in "abcd"]
    await asyncio.wait(jobs, timeout=0)
    jobs[2].cancel()
    done = await asyncio.gather(*jobs, return_exceptions=True)
    assert [done[0], done[1], done[3]] == ["A", "B", "D"]
    assert isinstance(done[2], asyncio.CancelledError)


async def test_jobs_that_wait_when_the_pool_is_closed_are_told(pool: WorkerPool) -> None:
    await pool.run("pid")
    jobs = [asyncio.create_task(pool.run("hang", 60)) for _ in range(3)]
    await asyncio.wait(jobs, timeout=0.1)
    await pool.close()
    done = await asyncio.gather(*jobs, return_exceptions=True)
    kinds = [error.kind for error in done if isinstance(error, WorkerError)]
    assert kinds == [WorkerFault.CLOSED] * 3


async def test_jobs_wait_their_turn_up_to_a_bound() -> None:
    pool = WorkerPool(jobs=TEST_JOBS, max_waiting=1)
    tasks = [asyncio.create_task(pool.run("upper", "a")) for _ in range(2)]
    await asyncio.wait(tasks, timeout=0)
    assert await kind_of(pool, "upper", "b") is WorkerFault.BUSY
    assert await asyncio.gather(*tasks) == ["A", "A"]
    await pool.close()
    assert await kind_of(pool, "upper", "c") is WorkerFault.CLOSED


async def test_two_processes_work_at_once() -> None:
    pool = WorkerPool(jobs=TEST_JOBS, size=2)
    assert set(await asyncio.gather(pool.run("pid"), pool.run("pid"))) == set(pool.pids)
    assert len(pool.pids) == 2
    await pool.close()


async def test_the_worker_ends_when_its_bot_is_gone(pool: WorkerPool) -> None:
    await pool.run("pid")
    child = pool._children[0]._process
    assert child
    assert child.stdin
    child.stdin.close()
    assert await asyncio.wait_for(child.wait(), PATIENCE_S) == 0
    assert await kind_of(pool, "pid") is WorkerFault.DIED


async def test_a_hanging_worker_whose_bot_is_gone_ends_itself() -> None:
    """The alarm ends the process even when nobody is left to kill it."""
    pool = WorkerPool(jobs=TEST_JOBS)
    await pool.run("pid")
    child = pool._children[0]._process
    assert child
    with pytest.raises(WorkerError):
        await pool.run("exec", "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.1)\ntime.sleep(60)")
    assert await child.wait() < 0
    await pool.close()


@pytest.mark.parametrize("name", sorted(JOBS))
def test_every_job_can_be_loaded(name: str) -> None:
    assert callable(load(JOBS[name]))


def test_the_bots_own_process_loads_no_parser() -> None:
    code = (
        "import sys, bot.worker.pool, bot.sources.web, bot.sources.feeds\n"
        "heavy = {'lxml', 'trafilatura', 'feedparser', 'fastfeedparser', 'dateutil', 'selectolax'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
