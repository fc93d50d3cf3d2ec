"""The bars of a soak: memory, tasks, threads, files, and a log in which every loud line has its injected fault."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

Look = dict[str, float]
MEMORY = 1.05  # of what was held after the first hour
LOUD = frozenset({"warning", "error", "critical"})
# Each injected fault, and the one line of the log that it may bring: logger, message and why. Anything else at warning
# or above is unexplained.
EXPLAINED = {
    "the clock leaped over an answer": r"bot\.client\.errors: An answer came too late \|",
    "the clock leaped while a request hung": r"bot\.deliver\.clockguard: the system clock is wrong by 0:0\d:",
    "an answer of Discord’s went wrong": (
        r"bot\.deliver\.outbox: guild \d+ delivery \d+ part \d+ attempt \d+: (?:5\d\d|429|None) 0, (?:retry|wait)"
    ),
    "dressing went wrong until late": r"bot\.deliver\.dresser: delivery \d+ part \d+ stays plain: (?:5\d\d|None) ",
    "a rate limit was made up": r"discord\.http: We are being rate limited\. ",
    "a global rate limit was made up": r"discord\.http: Global rate limit has been hit\. ",
    "the gateway was dropped": r"discord\.(?:shard|client): Attempting a reconnect ",
    "Discord was down: connecting": r"bot\.client\.connection: .*; trying again \|",
}


def judge(seen: Sequence[Look], log: Path) -> Iterator[tuple[bool, str]]:
    """Give every bar: whether it was kept, and its figures.

    Memory is held to what it was after the first hour, or minute. Tasks, threads and files are counted amid the work,
    and connections stay open for a while, so the quietest look of the last quarter is held to the busiest of the first.
    """
    first, most = seen[0]["memory"], max(one["memory"] for one in seen)
    least = min(one["memory"] for one in seen)
    is_kept = most <= first * MEMORY and least >= first * (2 - MEMORY)
    yield is_kept, f"memory   {first:g} MB after the first, then {least:g} to {most:g} ({most / first - 1:+.1%})"
    quarter = max(1, len(seen) // 4)
    for name in ("tasks", "threads", "files"):
        early, late = max(one[name] for one in seen[:quarter]), min(one[name] for one in seen[-quarter:])
        yield late <= early, f"{name:<8} {early:g} at most at first, {late:g} at least at last"
    yield from _judge_log(log)


def explain(line: dict[str, object]) -> str | None:
    """Give the injected fault that a line of the log tells of; None when there is none."""
    said = f"{line['name']}: {line['message']} | {line.get('why', '')} | {line.get('error', '')}"
    return next((fault for fault, pattern in EXPLAINED.items() if re.match(pattern, said)), None)


def _judge_log(log: Path) -> Iterator[tuple[bool, str]]:
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]
    loud = [one for one in lines if one["level"] in LOUD]
    faults = Counter(explain(one) for one in loud)
    strange = Counter(f"{one['name']}: {one['message']} | {one.get('why', '')}" for one in loud if not explain(one))
    told = f"log      {len(lines):,} lines, {len(loud):,} at warning or above, {faults[None]} unexplained"
    for fault, number in faults.most_common():
        told += f"\n  {number:>5} × {fault}" if fault else ""
    for message, number in strange.most_common(10):
        told += f"\n  {number:>5} × UNEXPLAINED {message[:200]}"
    yield not strange, told
