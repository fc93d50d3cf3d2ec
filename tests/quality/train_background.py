"""Learn how common stems are in English news: python -m tests.quality.train_background --data FOLDER.

Counts headlines of the UCI News Aggregator set and headlines and descriptions of the HuffPost set (NOTICE);
needs nothing but the project. Writes bot/data/language/background.txt.
"""

import argparse
from collections import Counter, defaultdict
from pathlib import Path

from bot.language.words import terms
from tests.quality.material import rows

TARGET = Path("bot/data/language/background.txt")
RAREST = 3  # stems seen less often are as good as unseen
_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number: int) -> str:
    """Write a positive number in base 36."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _BASE36[digit] + digits
    return digits or "0"


def learn(folder: Path) -> str:
    """Give the table's text."""
    texts = [row["title"] for row in rows(folder, "headlines-dev")]
    for row in rows(folder, "topics-dev"):
        if row["set"] == "huffpost":
            texts += [row["title"], row["desc"]]
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({term for term in terms(text, "en") if not term[0].isdigit()})
    by_count: dict[int, list[str]] = defaultdict(list)
    for term, number in counts.items():
        if number >= RAREST:
            by_count[number].append(term)
    lines = [" ".join([base36(number), *sorted(by_count[number])]) for number in sorted(by_count, reverse=True)]
    return "\n".join([f"texts {len(texts)}", *lines]) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    TARGET.write_text(learn(parser.parse_args().data), encoding="utf-8")
