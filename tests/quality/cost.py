"""What the language rooms cost: import time, memory, size on disk, and the flat cost of grouping."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.language.stories import Headline, StoryIndex

_IMPORT = """
import pathlib, time
status = pathlib.Path("/proc/self/status")
def rss():
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)
before, start = rss(), time.process_time()
from bot.language import detect, headlines, names, sentences, similarity, stories, summary, topics
imported, middle = rss(), time.process_time()
topics.classify("Central bank raises interest rates"); names.find("A word from Berlin")
summary.summarise(["Rain fell in the north."])
print(f"{middle - start:.3f} {imported - before:.1f} {time.process_time() - middle:.3f} {rss() - before:.1f}")
"""


_STARTS = tuple("bdfghjklmnprstvw")
_ENDS = tuple("aeiouyáéíóúâêîôû")


def report() -> list[str]:
    """Give the lines of the cost table."""
    run = subprocess.run([sys.executable, "-c", _IMPORT], capture_output=True, text=True, check=True)
    imported_s, imported_mb, loaded_s, loaded_mb = run.stdout.split()
    size_kb = sum(file.stat().st_size for file in Path("bot/data/language").iterdir()) / 1024
    first, last = flat_cost(200_000)
    return [
        "",
        "Cost",
        f"  import of bot.language   {imported_s} s, {imported_mb} MB",
        f"  tables read on first use {loaded_s} s, {loaded_mb} MB with the import",
        f"  tables on disk           {size_kb:.0f} KB, of which the topic model 128 KB",
        f"  grouping, 1,000 headlines after 9,000: {first:.3f} s; the last 1,000 of 200,000: {last:.3f} s",
    ]


def flat_cost(headlines: int) -> tuple[float, float]:
    """Give the CPU seconds of 1,000 headlines early and of the last 1,000, at one headline in 20 seconds."""
    index = StoryIndex()
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    spent: list[float] = []
    for number in range(headlines):
        words = (f"{_STARTS[number * step % 16]}{_ENDS[number * step // 16 % 16]}" for step in (1, 7, 11, 13))
        text = f"{' '.join(words)} in town {number % 997}"
        headline = Headline(number, text, begin + timedelta(seconds=20 * number), f"o{number % 50}", "en")
        start = time.process_time()
        placement = index.propose(headline)
        index.accept(headline, number if placement.story_id is None else placement.story_id, placement)
        spent.append(time.process_time() - start)
    return sum(spent[9000:10_000]), sum(spent[-1000:])
