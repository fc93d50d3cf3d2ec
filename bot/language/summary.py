"""Summaries: whole sentences copied from an article, chosen to tell it within a word budget.

The order of preference is the mean of two views that err differently (measured in `./dev quality`): a logistic
ranker learned from which sentences editors' highlights cover, and closeness to the whole article, early
sentences first. Nothing is shortened, so that attribution and dates stay where they are.
"""

import json
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from bot.domain.stories import Length, Summary
from bot.language.detect import language_of
from bot.language.features import Sentence, centrality, describe, likeness, read
from bot.language.furniture import without_dateline
from bot.language.sentences import split
from bot.language.similarity import cosine, title_vector

Weights = tuple[tuple[float, ...], float]  # one for each feature, and the bias

_LONGEST = 120  # sentences looked at; what news is comes before
_REDUNDANCY = 1.4
_ENOUGH = 0.3  # once half the budget is used, a sentence worth less is left out: +.4 ROUGE-1, and no filler
_REPEATED = -6.0
_SAME = 0.9  # a sentence this close to the headline only repeats it


def summarise(
    paragraphs: Sequence[str],
    *,
    headline: str | None = None,
    headline_is_derived: bool = False,
    length: Length = Length.MEDIUM,
    language: str | None = None,
) -> Summary | None:
    """Pick the sentences that tell an article, in its order; None only when there is no text.

    With a derived headline the first real sentence comes first, with its attribution and free of the budget.
    """
    texts = split(paragraphs, language)
    if not texts:
        return None
    known = (language or language_of(" ".join(texts[:6])) or "en").split("-")[0].lower()
    sentences = read([without_dateline(text) for text in texts[:_LONGEST]], known)
    picked = choose(sentences, headline, length.words, keeps_first=headline_is_derived, language=known)
    return Summary(tuple(sentences[index].text for index in picked), tuple(picked), len(texts), length)


def choose(
    sentences: Sequence[Sentence],
    headline: str | None,
    budget: int,
    *,
    keeps_first: bool = False,
    language: str = "en",
    weights: Weights | None = None,
) -> list[int]:
    """Give the indices of the sentences to show, ascending; never empty."""
    usable = [index for index, sentence in enumerate(sentences) if not sentence.is_blocked]
    usable = usable or list(range(len(sentences)))
    title = title_vector(headline, language) if headline and not keeps_first else {}
    scores = score(sentences, title, language, weights)
    picked = [usable[0]] if keeps_first else []
    _fill(picked, sentences, usable, scores, budget, budget)
    if not picked:  # none stands alone: begin where the article does
        picked = [_fallback(sentences, scores, usable)]
        _fill(picked, sentences, usable, scores, budget - sentences[picked[0]].words, budget)
    return sorted(picked)


def _fill(
    picked: list[int],
    sentences: Sequence[Sentence],
    usable: Sequence[int],
    scores: Sequence[float],
    left: int,
    budget: int,
) -> None:
    """Add the best sentences that fit in what is left of the budget, while they are worth it."""
    fits_whole = sum(sentences[index].words for index in usable) <= budget
    while True:
        fitting = [index for index in usable if sentences[index].words <= left]
        floor = -math.inf if fits_whole or left > budget / 2 else _ENOUGH
        best = _next(sentences, fitting, scores, picked, floor)
        if best is None:
            return
        picked.append(best)
        left -= sentences[best].words


def score(
    sentences: Sequence[Sentence], title: dict[str, float], language: str = "en", weights: Weights | None = None
) -> list[float]:
    """Give how well each sentence would tell the article; only the order means anything."""
    central = [closeness * (0.5 + 1 / (1 + index)) for index, closeness in enumerate(centrality(sentences))]
    factors, bias = weights or _weights()
    learned = [
        bias + sum(weight * value for weight, value in zip(factors, row, strict=True))
        for row in describe(sentences, title, language)
    ]
    repeats = [_REPEATED if cosine(sentence.vector, title) > _SAME else 0.0 for sentence in sentences]
    return [sum(parts) for parts in zip(_standard(central), _standard(learned), repeats, strict=True)]


def _next(
    sentences: Sequence[Sentence], fitting: Sequence[int], scores: Sequence[float], picked: Sequence[int], floor: float
) -> int | None:
    """Give the best sentence that stands on its own beside those picked, and says something they don't."""
    best, best_score = None, floor if picked else -math.inf
    for index in fitting:
        sentence = sentences[index]
        if index in picked or (sentence.needs_previous and index - 1 not in picked):
            continue
        said = max((likeness(sentence, sentences[other]) for other in picked), default=0.0)
        value = scores[index] - _REDUNDANCY * said
        if value > best_score:
            best, best_score = index, value
    return best


def _fallback(sentences: Sequence[Sentence], scores: Sequence[float], usable: Sequence[int]) -> int:
    """Where nothing fits or stands alone: the best of the early sentences, if possible one that stands alone."""
    alone = [index for index in usable if not sentences[index].needs_previous] or list(usable)
    return max(alone[:3], key=lambda index: (scores[index] - sentences[index].words / 20, -index))


def _standard(values: Sequence[float]) -> list[float]:
    mean = sum(values) / len(values)
    spread = math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) or 1.0
    return [(value - mean) / spread for value in values]


@cache
def _weights() -> Weights:
    table = json.loads((files("bot") / "data" / "language" / "summary.json").read_text(encoding="utf-8"))
    return tuple(table["weights"].values()), table["bias"]
