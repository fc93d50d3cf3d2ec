"""Learn which English stems are names: python -m tests.quality.train_cases --data FOLDER.

Counts, in sentence-case headlines and descriptions of the UCI and HuffPost sets (NOTICE), how often a stem is
written with a capital behind the first word. Needs nothing but the project. Writes bot/data/language/cases.txt.
"""

import argparse
from collections import Counter
from pathlib import Path

from bot.language.signatures import is_title_case, without_labels
from bot.language.words import TOKEN, term_of
from tests.quality.material import rows

TARGET = Path("bot/data/language/cases.txt")


def learn(folder: Path) -> str:
    """Give the table's text: the everyday stems on one line, the stems of names on the next."""
    texts = [without_labels(row["title"]) for row in rows(folder, "headlines-dev")]
    for row in rows(folder, "topics-dev"):
        if row["set"] == "huffpost":
            texts += [row["title"], row["desc"]]
    lower: Counter[str] = Counter()
    upper: Counter[str] = Counter()
    for text in texts:
        words = TOKEN.findall(text)
        if is_title_case(words, "en"):
            lower.update(term_of(word, "en") for word in words if word[0].islower())
            continue
        for word in words[1:]:
            if word[0].isalpha():
                (upper if word[0].isupper() else lower)[term_of(word, "en")] += 1
    everyday = sorted(term for term, number in lower.items() if len(term) > 1 and number > upper[term])
    names = sorted(term for term, number in upper.items() if len(term) > 1 and number > 2 and number > 4 * lower[term])
    return "\n".join([" ".join(everyday), " ".join(names)]) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    TARGET.write_text(learn(parser.parse_args().data), encoding="utf-8")
