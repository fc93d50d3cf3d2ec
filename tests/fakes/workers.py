"""A worker without a process: does jobs at once, or fails as it is told."""

from typing import Any

from bot.worker.jobs import JOBS, load


class InProcess:
    """Stands for `WorkerPool` where the process itself is not what is tested."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.fails_with: Exception | None = None

    async def run(self, job: str, /, *arguments: object) -> Any:
        """Do one job here."""
        self.done.append(job)
        if self.fails_with is not None:
            raise self.fails_with
        return load(JOBS[job])(*arguments)
