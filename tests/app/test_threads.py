"""The threads beside the loop: as many at the start as ever after."""

import asyncio
import threading

from bot.app import threads


async def test_all_threads_are_there_from_the_start_and_no_more_come() -> None:
    before = threading.active_count()
    threads.start()
    started = threading.active_count()
    assert started == before + threads.NUMBER
    names = await asyncio.gather(*(asyncio.to_thread(lambda: threading.current_thread().name) for _ in range(50)))
    assert all(name.startswith("work") for name in names)
    assert threading.active_count() == started


async def test_as_many_jobs_run_side_by_side() -> None:
    threads.start()
    together = threading.Barrier(threads.NUMBER)
    assert await asyncio.gather(*(asyncio.to_thread(together.wait, 10) for _ in range(threads.NUMBER)))
