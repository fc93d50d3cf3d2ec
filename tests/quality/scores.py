"""The measures: ROUGE by its own definition, B-cubed and pairs for groupings, rightness at a coverage for topics."""

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise

import Stemmer

from bot.language.words import fold, tokens

_porter = Stemmer.Stemmer("porter")


def rouge(reference: str, sentences: Sequence[str]) -> tuple[float, float, float]:
    """Give ROUGE-1, ROUGE-2 and summary-level ROUGE-L F1 in percent, with Porter stems.

    It follows rouge-score 0.1.2 closely enough to compare systems (± .3); `rouge-score` itself is used by
    `./dev quality` where it is installed.
    """
    wanted = _stems(reference)
    given = [_stems(sentence) for sentence in sentences]
    flat = [stem for stems in given for stem in stems]
    lines = [_stems(line) for line in reference.splitlines() if line.strip()]
    hits = _clipped_hits(lines, given)
    return (
        _f1(_shared(wanted, flat), len(wanted), len(flat)),
        _f1(_shared(list(pairwise(wanted)), list(pairwise(flat))), len(wanted) - 1, len(flat) - 1),
        _f1(hits, len(wanted), len(flat)),
    )


def grouping(gold: Sequence[Hashable], found: Sequence[Hashable]) -> dict[str, float]:
    """Give B-cubed precision, recall and F1 and pairwise F1 of a grouping."""
    both, golds, founds = Counter(zip(gold, found, strict=True)), Counter(gold), Counter(found)
    precision = sum(number * number / founds[group] for (_, group), number in both.items()) / len(gold)
    recall = sum(number * number / golds[group] for (group, _), number in both.items()) / len(gold)
    pairs = [sum(number * (number - 1) / 2 for number in counts.values()) for counts in (both, golds, founds)]
    return {
        "precision": precision,
        "recall": recall,
        "b3": 2 * precision * recall / (precision + recall),
        "pairs": 2 * pairs[0] / (pairs[1] + pairs[2]) if pairs[0] else 0.0,
    }


def right_at(judged: Sequence[tuple[float, bool]], coverage: float) -> float:
    """Give the share of right answers among the surest `coverage` of (certainty, is right)."""
    surest = sorted(judged, key=lambda pair: -pair[0])[: max(1, int(len(judged) * coverage))]
    return sum(is_right for _, is_right in surest) / len(surest)


def _stems(text: str) -> list[str]:
    return [_porter.stemWord(fold(token)) for token in tokens(text)]


def _shared(wanted: Sequence[Hashable], given: Sequence[Hashable]) -> int:
    return sum((Counter(wanted) & Counter(given)).values())


def _f1(shared: int, wanted: int, given: int) -> float:
    return 100 * 2 * shared / (wanted + given) if shared and wanted + given > 0 else 0.0


def _clipped_hits(lines: list[list[str]], given: list[list[str]]) -> int:
    """Count the stems that the union of common subsequences covers, each stem as often as both texts hold it."""
    left = Counter(stem for line in lines for stem in line) & Counter(stem for stems in given for stem in stems)
    hits = 0
    for line in lines:
        for place in sorted(_union_lcs(line, given)):
            if left[line[place]] > 0:
                left[line[place]] -= 1
                hits += 1
    return hits


def _union_lcs(line: list[str], given: list[list[str]]) -> set[int]:
    """Give the places of a reference line that a longest common subsequence with any sentence covers."""
    covered: set[int] = set()
    for sentence in given:
        covered |= _lcs(line, sentence)
    return covered


def _lcs(first: list[str], second: list[str]) -> set[int]:
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for row, one in enumerate(first, 1):
        for column, other in enumerate(second, 1):
            longer = max(table[row - 1][column], table[row][column - 1])
            table[row][column] = table[row - 1][column - 1] + 1 if one == other else longer
    found: set[int] = set()
    row, column = len(first), len(second)
    while row and column:
        if first[row - 1] == second[column - 1]:
            found.add(row - 1)
            row, column = row - 1, column - 1
        elif table[row - 1][column] >= table[row][column - 1]:
            row -= 1
        else:
            column -= 1
    return found
