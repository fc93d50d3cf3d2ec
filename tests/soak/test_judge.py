"""What a soak calls kept, missed and explained."""

import json
from pathlib import Path

import pytest

from tests.soak.judge import explain, judge

WENT_WRONG = "an answer of Discord’s went wrong"


def look(memory: float, tasks: float = 40, threads: float = 9, files: float = 100) -> dict[str, float]:
    return {"memory": memory, "tasks": tasks, "threads": threads, "files": files}


def line(name: str, message: str, level: str = "warning") -> dict[str, object]:
    return {"level": level, "name": name, "message": message}


def bars(log: Path, *seen: dict[str, float]) -> list[bool]:
    return [is_kept for is_kept, _ in judge(seen, log)]


@pytest.mark.parametrize(
    ("memory", "is_kept"), [((100, 105, 104), True), ((100, 105.1, 100), False), ((100, 94, 100), False)]
)
def test_memory_is_held_to_what_it_was_after_the_first_hour(
    tmp_path: Path,
    memory: tuple[float, ...],
    is_kept: bool,  # noqa: FBT001
) -> None:
    log = tmp_path / "log"
    log.write_text("")
    assert bars(log, *map(look, memory)) == [is_kept, True, True, True, True]


@pytest.mark.parametrize("what", ["tasks", "threads", "files"])
def test_what_piles_up_is_a_miss_and_a_busy_look_is_none(tmp_path: Path, what: str) -> None:
    log = tmp_path / "log"
    log.write_text("")
    hours = [look(100) for _ in range(8)]
    hours[5] |= {what: 900}
    assert all(bars(log, *hours))
    for late in hours[-2:]:
        late[what] = 101
    assert not all(bars(log, *hours))


@pytest.mark.parametrize(
    ("name", "message", "fault"),
    [
        ("bot.client.errors", "An answer came too late", "the clock leaped over an answer"),
        ("bot.deliver.outbox", "guild 1 delivery 2 part 0 attempt 3: 503 0, retry", WENT_WRONG),
        ("bot.deliver.outbox", "guild 1 delivery 2 part 0 attempt 3: 403 50001, fail", None),
        ("bot.deliver.outbox", "delivery 2 could not be composed", None),
        ("bot.client.errors", "An interaction failed", None),
        ("bot.deliver.supervisor", "delivery waits: The disk is full.", None),
    ],
)
def test_a_loud_line_is_explained_by_one_injected_fault_or_not_at_all(
    name: str, message: str, fault: str | None
) -> None:
    assert explain(line(name, message)) == fault


def test_an_unexplained_line_is_a_miss(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("".join(json.dumps(one) + "\n" for one in (line("a", "calm", "info"), line("bot", "odd", "error"))))
    assert bars(log, look(100), look(100)) == [True, True, True, True, False]
