"""The bot's side of the killable process: starts it on first use, ends it when it hangs, starts it again.

Ingest and desk call `run`. A job that hangs, dies or eats memory costs its own answer and nothing else.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import bot
from bot.errors import SourceError, WorkerError, WorkerFault
from bot.worker.jobs import JOBS
from bot.worker.wire import HEADER, MAX_FRAME, Tag, pack, unpack

_DEEP = 8  # jobs that a process is given ahead, so that it never waits for the bot's loop to come round
_START_S = 30.0  # importing the parsers on a busy small machine
_GRACE_S = 5.0  # how much later than we do the worker gives up on itself


class WorkerPool:
    """One or two worker processes behind a bounded queue.

    Args:
        size: how many processes at most.
        limit_s: the time one job may take.
        memory_mb: what one process may hold.
        max_waiting: how many jobs may wait; more are refused.
        jobs: the functions by name, as "module:function".
    """

    def __init__(
        self,
        *,
        size: int = 1,
        limit_s: float = 10.0,
        memory_mb: int = 300,
        max_waiting: int = 1_000,
        jobs: Mapping[str, str] = JOBS,
    ) -> None:
        self._jobs = jobs
        self._limit_s = limit_s
        self._max_jobs = max_waiting + size
        self._is_closed = False
        self._children = [_Child(memory_mb) for _ in range(size)]
        self._room = asyncio.Semaphore(size * _DEEP)
        self._known = 0  # jobs that wait or are being done

    async def run(self, job: str, *arguments: object, limit_s: float | None = None) -> Any:  # noqa: ANN401
        """Do one job and give its result.

        Raises:
            SourceError: the job refused the bytes it was given.
            WorkerError: it took too long, the process died, it failed, or too many wait.
            KeyError: there is no such job.
        """
        path = self._jobs[job]
        if self._is_closed:
            raise WorkerError(WorkerFault.CLOSED, "the worker is closed")
        if self._known >= self._max_jobs:
            raise WorkerError(WorkerFault.BUSY, "too many jobs wait")
        self._known += 1
        try:
            async with self._room:
                child = min(self._children, key=lambda child: child.jobs)
                return await child.run(path, arguments, limit_s or self._limit_s)
        finally:
            self._known -= 1

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the processes that run now."""
        return tuple(child.pid for child in self._children if child.pid is not None)

    async def close(self) -> None:
        """End every process; waits until they are gone."""
        self._is_closed = True
        for child in self._children:
            child.is_closed = True
            await child.end()


class _Child:
    """One worker process, or the place where one will be.

    It is given jobs ahead and does them in their order. The one it dies of, or takes too long for, is the first that
    has no answer; those behind it are given to the next process.
    """

    def __init__(self, memory_mb: int) -> None:
        self.jobs = 0
        self.is_closed = False
        self._memory_mb = memory_mb
        self._process: asyncio.subprocess.Process | None = None
        self._loaded: set[str] = set()
        self._asking = asyncio.Lock()
        self._answering = asyncio.Lock()  # held by the job whose answer is next

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def run(self, path: str, arguments: tuple[object, ...], limit_s: float) -> Any:  # noqa: ANN401
        frame = pack(Tag.JOB, (path, limit_s + _GRACE_S, arguments))
        self.jobs += 1
        try:
            while (answer := await self._attempt(path, frame, limit_s)) is None:
                pass
        except TimeoutError as error:
            raise WorkerError(WorkerFault.TIMED_OUT, f"{path} took longer than {limit_s:g} s") from error
        except (OSError, EOFError) as error:
            raise WorkerError(WorkerFault.DIED, f"the worker died in {path}") from error
        finally:
            self.jobs -= 1
        tag, value = answer
        if tag is Tag.SOURCE_ERROR:
            raise SourceError(*value)
        if tag is not Tag.RESULT:
            raise WorkerError(WorkerFault.FAILED, f"{path} failed: {value}")
        return value

    async def _attempt(self, path: str, frame: bytes, limit_s: float) -> tuple[Tag, Any] | None:
        """Give a job's answer; None when the process ended before it came to the job."""
        async with self._asking:
            process = self._process or await self._start()
            is_new = path not in self._loaded
            self._loaded.add(path)
            assert process.stdin  # noqa: S101 - we asked for a pipe
            process.stdin.write(frame)
        try:  # no await between writing and waiting: answers are waited for in the order of the jobs
            async with self._answering:
                if self._process is not process:
                    return None
                return await self._answer(process, limit_s, is_new=is_new)
        except BaseException as error:  # too late, dead, cancelled, or no answer of ours: the stream is out of step
            if self._process is process:
                await self.end()
            elif isinstance(error, OSError | EOFError):
                return None  # ended because of another job
            raise

    async def _answer(self, process: asyncio.subprocess.Process, limit_s: float, *, is_new: bool) -> tuple[Tag, Any]:
        if is_new:
            async with asyncio.timeout(_START_S):
                await self._read(process)
        async with asyncio.timeout(limit_s):
            tag, is_last, value = await self._read(process)
        if is_last:
            await self.end()
        return tag, value

    @staticmethod
    async def _read(process: asyncio.subprocess.Process) -> tuple[Tag, bool, Any]:
        assert process.stdout  # noqa: S101 - we asked for a pipe
        length, is_last, tag = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
        if length > MAX_FRAME:
            raise EOFError("the answer is too long")
        return Tag(tag.decode()), is_last, unpack(await process.stdout.readexactly(length))

    async def _start(self) -> asyncio.subprocess.Process:
        if self.is_closed:
            raise WorkerError(WorkerFault.CLOSED, "the worker is closed")
        self._loaded.clear()
        # The environment is made from nothing: no token can reach a process that reads hostile bytes.
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", "bot.worker", str(self._memory_mb),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(Path(bot.__file__).parent.parent), "LANG": "C.UTF-8", "TZ": "UTC"},
            start_new_session=True,
        )  # fmt: skip
        return self._process

    async def end(self) -> None:
        """Kill the process, if there is one, and wait until it is gone."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)  # Process.kill() would reap it behind asyncio's back
        if process.stdin:
            process.stdin.close()
        await asyncio.shield(process.wait())
