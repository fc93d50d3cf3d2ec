"""Fit the sentence ranker: python -m tests.quality.train_summary --data FOLDER (about a minute).

For each article of `summaries-dev` many random extracts of at most 55 words are compared with its highlights; a
sentence's worth is how much better the extracts that hold it are. A ridge regression on the features of
`bot.language.features` learns that worth, early sentences counting more. Needs nothing but the project.
Writes bot/data/language/summary.json: one weight a feature, no words.
"""

import argparse
import itertools
import json
import math
import random
from collections import Counter
from pathlib import Path

import Stemmer

from bot.language.features import NAMES, Sentence, describe, read
from bot.language.furniture import without_dateline
from bot.language.sentences import split
from bot.language.words import fold, tokens
from tests.quality.material import Row, rows

TARGET = Path("bot/data/language/summary.json")
BUDGET = 55
EXTRACTS = 500
RIDGE = 3.0
HEADLINE = 0.4  # given, not learned, for these articles have no headlines: half the weight of centrality
_porter = Stemmer.Stemmer("porter")


class Overlap:
    """How much an extract shares with the highlights: ROUGE-1 F plus twice ROUGE-2 F."""

    def __init__(self, sentences: list[Sentence], highlights: str) -> None:
        self._reference = _stems(highlights)
        self._ones = Counter(self._reference)
        self._twos = Counter(zip(self._reference, self._reference[1:], strict=False))
        written = [_stems(sentence.text) for sentence in sentences]
        self._lengths = [len(stems) for stems in written]
        self._shared_ones = [[stem for stem in stems if stem in self._ones] for stems in written]
        pairs = [list(itertools.pairwise(stems)) for stems in written]
        self._shared_twos = [[pair for pair in each if pair in self._twos] for each in pairs]

    def of(self, picked: list[int]) -> float:
        """Score an extract."""
        ones = Counter(stem for index in picked for stem in self._shared_ones[index])
        twos = Counter(pair for index in picked for pair in self._shared_twos[index])
        total = sum(self._lengths[index] for index in picked) + len(self._reference)
        shared = sum(min(number, self._ones[stem]) for stem, number in ones.items())
        return 2 * (shared + 2 * sum(min(number, self._twos[pair]) for pair, number in twos.items())) / total


def _stems(text: str) -> list[str]:
    return [_porter.stemWord(fold(token)) for token in tokens(text)]


def worths(sentences: list[Sentence], highlights: str, seed: int) -> list[float]:
    """Give each sentence's worth, in standard deviations of the extracts' scores."""
    dice = random.Random(seed)
    overlap = Overlap(sentences, highlights)
    usable = [index for index, one in enumerate(sentences) if not one.is_blocked and one.words <= BUDGET]
    extracts = [extract for _ in range(EXTRACTS) if (extract := _draw(sentences, usable, dice))]
    scores = [overlap.of(extract) for extract in extracts]
    mean = sum(scores) / max(1, len(scores))
    spread = math.sqrt(sum((score - mean) ** 2 for score in scores) / max(1, len(scores))) or 1.0
    gained = [0.0] * len(sentences)
    times = [0] * len(sentences)
    for extract, score in zip(extracts, scores, strict=True):
        for index in extract:
            gained[index] += score - mean
            times[index] += 1
    return [gain / (count + 3) / spread if count else -0.1 for gain, count in zip(gained, times, strict=True)]


def _draw(sentences: list[Sentence], usable: list[int], dice: random.Random) -> list[int]:
    """Draw sentences, early ones more often, until the budget is full."""
    order = sorted(usable, key=lambda index: dice.random() ** (1 / (1 / math.sqrt(1 + index) + 0.05)), reverse=True)
    picked, left = [], BUDGET
    for index in order:
        if sentences[index].words <= left:
            picked.append(index)
            left -= sentences[index].words
        if left < 6:
            break
    return picked


def examples(row: Row, seed: int) -> list[tuple[list[float], float, float]]:
    """Give (features, worth, weight) of each sentence of an article."""
    texts = [without_dateline(text) for text in split([row["text"]], "en")[:120]]
    sentences = read(texts)
    valued = zip(describe(sentences, {}), worths(sentences, row["summary"], seed), strict=True)
    return [(features, worth, 1 / math.sqrt(1 + index)) for index, (features, worth) in enumerate(valued)]


def fit(found: list[tuple[list[float], float, float]]) -> list[float]:
    """Give the weights of a ridge regression, the constant last."""
    size = len(NAMES) + 1
    left = [[RIDGE if row == column < size - 1 else 0.0 for column in range(size)] for row in range(size)]
    right = [0.0] * size
    for features, worth, weight in found:
        values = [*features, 1.0]
        for row, value in enumerate(values):
            if value:
                right[row] += weight * value * worth
                scaled = weight * value
                left[row] = [known + scaled * other for known, other in zip(left[row], values, strict=True)]
    return _solve(left, right)


def _solve(left: list[list[float]], right: list[float]) -> list[float]:
    rows_ = [[*row, value] for row, value in zip(left, right, strict=True)]
    for at in range(len(rows_)):
        pivot = max(range(at, len(rows_)), key=lambda index: abs(rows_[index][at]))
        rows_[at], rows_[pivot] = rows_[pivot], rows_[at]
        rows_[at] = [value / (rows_[at][at] or 1e-9) for value in rows_[at]]
        for other in range(len(rows_)):
            if other != at and rows_[other][at]:
                factor = rows_[other][at]
                rows_[other] = [value - factor * base for value, base in zip(rows_[other], rows_[at], strict=True)]
    return [row[-1] for row in rows_]


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    articles = rows(parser.parse_args().data, "summaries-dev")
    found = [example for seed, row in enumerate(articles) for example in examples(row, seed)]
    *weights, bias = fit(found)
    weights[NAMES.index("like the headline")] = HEADLINE
    table = {"weights": dict(zip(NAMES, (round(weight, 4) for weight in weights), strict=True)), "bias": round(bias, 4)}
    TARGET.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
