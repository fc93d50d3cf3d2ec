"""Similarity: how much two headlines say the same, from the words they share and how rare those are."""

import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from bot.language.background import idf
from bot.language.detect import language_of
from bot.language.words import terms


def title_cosine(first: str, second: str, language: str | None = None) -> float:
    """Give the cosine of two headlines' weighted words: 0 when they share none, 1 when all."""
    known = language or language_of(first) or "en"
    return cosine(title_vector(first, known), title_vector(second, known))


def title_vector(title: str, language: str = "en") -> dict[str, float]:
    """Give a headline's stems with their weights; rarer stems weigh more."""
    return {term: idf(term) for term in terms(title, language)}


@lru_cache(maxsize=1_024)
def title_unit(title: str, language: str = "en") -> Mapping[str, float]:
    """Give `title_vector` at length 1, kept: for the headlines that many editions of one morning are chosen from."""
    vector = title_vector(title, language)
    length = norm(vector) or 1.0
    return MappingProxyType({term: weight / length for term, weight in vector.items()})


def unit_cosine(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Give the cosine of two vectors of length 1."""
    return min(1.0, sum([first[term] * second[term] for term in first.keys() & second.keys()]))


def cosine(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    """Give the cosine of two sparse vectors; 0 when either is empty."""
    small, large = (first, second) if len(first) <= len(second) else (second, first)
    dot = sum(weight * large[term] for term, weight in small.items() if term in large)
    if not dot:
        return 0.0
    return min(1.0, dot / (norm(first) * norm(second)))


def norm(vector: Mapping[str, float]) -> float:
    """Give the Euclidean length of a sparse vector."""
    return math.sqrt(sum(weight * weight for weight in vector.values()))
