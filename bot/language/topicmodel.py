"""The topic of English words: a hand-written lexicon of words, names and places, corrected by a small linear model.

The model (`topics.bin`, one signed byte for each of eight topics in each of `BUCKETS` buckets) was learned with the
lexicon's votes as its starting point, so that it only says what the lexicon misses or overrates.
"""

import itertools
import math
import zlib
from functools import cache, lru_cache
from importlib.resources import files

from bot.domain.topics import Topic
from bot.language.detect import language_of
from bot.language.words import fold, stop_words, term_of, terms, tokens

TOPICS = tuple(Topic)
BUCKETS = 1 << 14
SCALE = 1 / 40  # what one step of a stored weight is worth
VOTE = 2.0  # what a word of the lexicon is worth
CLEAR = 0.51  # the least probability at which a topic is shown: that of one plain word of the lexicon
_PLAIN = 7  # stems; a longer headline must agree with itself more, since more of its words speak by chance
_TEXT_WEIGHT = 0.5  # of the first paragraph against the headline
_WEIGHTS = {"+": 2.0, "~": 0.5}
_PHRASE = 1.5  # what a phrase counts against a word
_LONGEST_PHRASE = 3  # words


def judge(headline: str, text: str = "", language: str | None = None) -> Topic | None:
    """Give the topic a headline and perhaps its first paragraph are clearly about; None when unclear."""
    if (language or language_of(headline) or "en").split("-")[0].lower() != "en":
        return None
    topic, probability = surest(headline, text)
    return topic if probability >= CLEAR else None


def surest(headline: str, text: str = "") -> tuple[Topic, float]:
    """Give the likeliest topic and its probability."""
    scores = _scores(headline)
    if text:
        scores = [mine + _TEXT_WEIGHT * more for mine, more in zip(scores, _scores(text[:600]), strict=True)]
    highest = max(scores)
    caution = _PLAIN / max(_PLAIN, len(terms(headline, "en")))
    shares = [math.exp((score - highest) * caution) for score in scores]
    return TOPICS[scores.index(highest)], 1 / sum(shares)


def votes(text: str) -> list[float]:
    """Give how many words of the lexicon speak for each of `TOPICS`; words of several topics are shared out."""
    lexicon, heads = _lexicon(), _heads()
    written = tokens(text)
    stems = [_key(token) for token in written]
    found = [0.0] * len(TOPICS)
    at = 0
    while at < len(written):
        entry, size = lexicon.get(fold(written[at])), 1
        if stems[at] in heads:
            for longer in range(min(_LONGEST_PHRASE, len(written) - at), 1, -1):
                phrase = lexicon.get("_".join(stems[at : at + longer]))
                if phrase:
                    entry, size = phrase, longer
                    break
        for topic, weight in entry or ():
            found[topic] += weight
        at += size
    return found


def buckets(text: str) -> list[int]:
    """Give where the model keeps the stems and pairs of stems of a text."""
    stems = terms(text, "en")
    seen = dict.fromkeys([*stems, *(f"{left} {right}" for left, right in itertools.pairwise(stems))])
    return [zlib.crc32(term.encode()) % BUCKETS for term in seen]


def _scores(text: str) -> list[float]:
    model = _model()
    places = buckets(text)
    size = len(TOPICS)
    share = SCALE / math.sqrt(max(1, len(places)))
    scores = [VOTE * vote for vote in votes(text)]
    if not places:
        return scores
    columns = zip(*[model[place * size : place * size + size] for place in places], strict=True)
    return [score + sum(column) * share for score, column in zip(scores, columns, strict=True)]


@cache
def _model() -> memoryview:
    return memoryview((files("bot") / "data" / "language" / "topics.bin").read_bytes()).cast("b")


@cache
def _lexicon() -> dict[str, tuple[tuple[int, float], ...]]:
    """Give each entry's topics with its weight, shared out among them; a phrase says more than a word.

    Words are kept as written and phrases by their stems: among single words too many share a stem, such as
    "warns" and the cricketer Warne.
    """
    entries: dict[str, dict[int, float]] = {}
    for line in (files("bot") / "data" / "language" / "topics.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, *phrases = line.split(" ")
        for phrase in phrases:
            words = tokens(phrase.lstrip("+~").replace("_", " "))  # "hat-trick" is two words in a headline, too
            key = "_".join(map(_key, words)) if len(words) > 1 else fold(words[0])
            weight = _WEIGHTS.get(phrase[0], 1.0) * (_PHRASE if len(words) > 1 else 1.0)
            entries.setdefault(key, {})[TOPICS.index(Topic(name))] = weight
    return {key: tuple((topic, weight / len(each)) for topic, weight in each.items()) for key, each in entries.items()}


@cache
def _heads() -> frozenset[str]:
    """Give the first words of phrases."""
    return frozenset(phrase.split("_", 1)[0] for phrase in _lexicon() if "_" in phrase)


@lru_cache(maxsize=16_384)
def _key(token: str) -> str:
    folded = fold(token)
    return folded if folded in stop_words("en") else term_of(token, "en") or folded
