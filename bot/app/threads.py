"""Threads: what would hold the loop up is done on a fixed number of them, which are there from the start.

Python's own number grows with the machine's cores, and they come one by one, whenever so many things coincide for the
first time: nobody could tell that from a leak.
"""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

NUMBER = 6


def start() -> None:
    """Give the running loop its threads for `asyncio.to_thread`."""
    pool = ThreadPoolExecutor(NUMBER, "work")
    together = threading.Barrier(NUMBER)  # a pool starts a thread only when none is idle
    for _ in range(NUMBER):
        pool.submit(together.wait)
    asyncio.get_running_loop().set_default_executor(pool)
