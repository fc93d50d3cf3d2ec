"""Signatures: what grouping keeps of a headline: weighted stems and pairs of stems, names and numbers.

A stem is kept as its hash: 8 bytes against some 60, and ten thousand headlines are held. The hash is the same in every
process, because the worker signs and the bot compares; by chance, two of a million are equal once in two million runs.
"""

import math
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from operator import neg
from sys import intern

from bot.language.background import idf
from bot.language.detect import language_of
from bot.language.words import fold, stop_words, term_of, terms, terms_of, tokens

PAIR_WEIGHT = 0.7  # of two neighbouring stems, against one
LOOKED_UP = 8
DAMPING = 0.7  # of rarity; undamped, one rare word outweighs a shared phrase
TELLING = 8.0  # the weight of a word seen in fewer than one headline in 3,000
NAMED = 5.5  # the same of a name; "Trump" and "China" alone relate nothing
NAME_WEIGHT = 1.25  # of a word written with a capital in the middle of a headline
_CAPS_LABEL = re.compile(r"(?:[A-Z][A-Z0-9 .&/-]{2,}(?: \d+)?[-:–—|] ?)+(?=\S)")
_TRAILER = re.compile(
    r"\s{0,2}(?:\.\.\.|…|\((?:\d+|AP|Reuters|AFP|video|photos?|update\w*)\)|[-|–—] [A-Z][\w.]+(?: [A-Z][\w.]+){0,2})$"
)
_TRAILED = re.compile(r"[-|–—….)]")  # any trailer has one of them
_LABELS = 80  # characters at either end where labels stand
_LONGEST = 400  # characters of a headline that are compared
_DIGITS = re.compile(r"\d")
_NOTHING = array("q")  # shared by the many without names
_BITS = (1 << 60) - 1  # of a hash: Python adds and compares such numbers faster than those of 64


@dataclass(frozen=True, slots=True)
class Signature:
    """A headline as grouping sees it: a vector of length 1, or an empty one when the headline says nothing."""

    terms: "array[int]"  # stems, the weightiest first, then pairs of neighbouring stems
    weights: "array[float]"
    singles: int  # how many of the terms are stems
    marks: "array[int]"  # names and numbers, to tell two like-worded events apart
    telling: "array[int]"  # names, and words too rare to be much else: what related stories share
    plain: int  # the headline without labels, case and punctuation: equal for wire copies

    def items(self) -> Iterator[tuple[int, float]]:
        """Go through terms and weights."""
        return zip(self.terms, self.weights, strict=True)

    def looked_up(self) -> Iterator[tuple[int, float]]:
        """Go through the weightiest stems and their weights, the weightiest first."""
        size = min(self.singles, LOOKED_UP)
        return zip(self.terms[:size], self.weights[:size], strict=True)

    def stems(self) -> frozenset[int]:
        """Give its stems."""
        return frozenset(self.terms[: self.singles])

    def pairs(self) -> frozenset[int]:
        """Give its pairs of stems."""
        return frozenset(self.terms[self.singles :])


def compact(signature: Signature) -> Signature:
    """Give a signature as it is kept: the worker’s come with spare room in arrays, and with empty ones of their own."""
    return Signature(
        terms=array("q", signature.terms),
        weights=array("f", signature.weights),
        singles=signature.singles,
        marks=array("q", signature.marks) or _NOTHING,
        telling=array("q", signature.telling) or _NOTHING,
        plain=signature.plain,
    )


def tongue(text: str, language: str | None) -> str:
    """Give the language a headline is grouped within."""
    return intern((language or language_of(text) or "en").split("-")[0].lower())  # thousands share a few


def without_labels(title: str) -> str:
    """Leave out "UPDATE 1-", "(Reuters)" and the like around a headline."""
    text = title.strip()
    label = _CAPS_LABEL.match(text, 0, _LABELS) if text[:1].isupper() else None
    rest = text[label.end() :] if label else text
    end = rest[-_LABELS:]
    core = rest[:-_LABELS] + _TRAILER.sub("", end) if _TRAILED.search(end) else rest
    return core if len(core) > len(title) // 3 else title


def sign(title: str, language: str, names: tuple[str, ...] = ()) -> Signature:
    """Make a headline's signature; it depends on nothing that came before, so a restart makes the same one."""
    core = without_labels(title)[:_LONGEST]
    words = tokens(core)
    stems = terms_of(words, language, is_ascii=core.isascii())
    named = _name_stems(words, language)
    known = dict(zip(stems, map(_known, stems), strict=True))
    worths = {stem: fact[2] * NAME_WEIGHT if stem in named else fact[2] for stem, fact in known.items()}
    hashes = [known[stem][0] for stem in stems]
    found, weighed = _vector(stems, hashes, [worths[stem] for stem in stems])
    marks = named.union([stem for stem in known if known[stem][3]], *[terms(name, language) for name in names])
    telling = {fact[0] for stem, fact in known.items() if fact[1] >= (NAMED if stem in marks else TELLING)}
    return Signature(
        terms=array("q", found),
        weights=weighed,
        singles=len(known),
        marks=_sorted({_known(stem)[0] for stem in marks}),
        telling=_sorted(telling),
        plain=hash(tuple(hashes)),  # of numbers, so that every process has the same
    )


def _vector(stems: list[str], hashes: list[int], weights: list[float]) -> "tuple[list[int], array[float]]":
    """Give stems, the weightiest first, and pairs of stems, as a vector of length 1."""
    singles = dict(zip(hashes, weights, strict=True))
    means = [PAIR_WEIGHT * (weight + next_weight) / 2 for weight, next_weight in pairwise(weights)]
    raw = singles | {hash(pair) & _BITS: weight for pair, weight in zip(pairwise(hashes), means, strict=True)}
    length = math.sqrt(sum([weight * weight for weight in raw.values()])) or 1.0
    scaled = array("f", [weight / length for weight in raw.values()])
    ranked = sorted(zip(map(neg, scaled), dict.fromkeys(stems), singles, strict=False))
    weighed = array("f", [-weight for weight, *_ in ranked])
    return [number for *_, number in ranked] + list(raw)[len(ranked) :], weighed + scaled[len(ranked) :]


@lru_cache(maxsize=16_384)
def _known(stem: str) -> tuple[int, float, float, bool]:
    """Give a stem's hash, how rare it is, what it weighs, and whether there is a figure in it."""
    number = int.from_bytes(blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") & _BITS
    rarity = idf(stem)
    return number, rarity, rarity**DAMPING, bool(_DIGITS.search(stem))


def _sorted(numbers: set[int]) -> "array[int]":
    return array("q", sorted(numbers)) or _NOTHING


def _name_stems(words: list[str], language: str) -> set[str]:
    """Give the stems written with a capital where case tells a name: not at the start, not in Title Case."""
    if is_title_case(words, language):
        return set()
    return {stem for word in words[1:] if word[0].isupper() and (stem := term_of(word, language))}


def is_title_case(words: list[str], language: str) -> bool:
    """Say whether a headline writes nearly all its words with a capital, so that capitals tell nothing."""
    stops = stop_words(language)
    telling = [word[0] for word in words[1:] if word[0].isalpha() and fold(word) not in stops]
    return sum(map(str.isupper, telling)) > 0.8 * len(telling) or len(telling) < 2
