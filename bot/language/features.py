"""Features: what can be said of a sentence of an article without understanding it.

Each feature is a number of about -1 to 1, so that the weights in `bot/data/language/summary.json` compare.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.background import idf
from bot.language.furniture import is_furniture
from bot.language.similarity import norm
from bot.language.words import stop_words, terms, tokens, word_count, words_of

_DAMPING = 0.6  # of rarity
_QUOTES = re.compile(r"[\"“”«»„「」『』]")
_SAID = re.compile(
    r"\b(?:said|says|told|according to|announced|reported|added|stated|confirmed|warned|tweeted|wrote|explained)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:I|I['’]\w+|me|my|we|we['’]\w+|our|us|you|your|you['’]\w+)\b")
_DATES = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|yesterday|today|tomorrow|week|month|(?:19|20)\d\d)\b"
)
_BACK_PHRASES = {
    "en": re.compile(
        r"(?:in addition|as a result|for example|for instance|in contrast|by contrast|on the other hand|in fact"
        r"|of course|at the same time|after that|that['’]s|it['’]s|he['’]s|she['’]s|they['’]re"
        r"|the (?:two|three|four|latter|former|same|other|second|third)\b"
        r"|for (?:him|her|them|that)|among them|one of them|none of|all of (?:this|that|it))",
        re.IGNORECASE,
    ),
    # "Das" and "Het" are mostly articles: they point back where a verb follows.
    "de": re.compile(
        r"das (?:ist|war|sind|waren|sei|wäre|wird|wurde|hat|habe|hatte|kann|soll|muss|geht|gilt|heißt|bedeutet|zeigt"
        r"|sagte|teilte|berichtete?|erklärte|gab|ergab|gehe|liegt|macht)\b",
        re.IGNORECASE,
    ),
    "fr": re.compile(r"en (?:outre|effet|revanche|plus|conséquence|fait)\b|c['’]est\b|c['’]était\b", re.IGNORECASE),
    "nl": re.compile(
        r"het (?:is|was|zijn|wordt|werd|gaat|ging|heeft|had|kan|zal|lijkt|blijkt|betekent|komt)\b", re.IGNORECASE
    ),
    "ru": re.compile(r"при (?:этом|том)\b", re.IGNORECASE),
}
_THIS_TIME = {  # "Este martes …" says when, and points at nothing
    "de": re.compile(r"diese[rsnm]? (?:woche|monat|jahr|sommer|winter|herbst|frühjahr|wochenende)", re.IGNORECASE),
    "es": re.compile(
        r"est[ea] (?:lunes|martes|miércoles|jueves|viernes|sábado|domingo|semana|mes|año|mañana|tarde|noche|fin)",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"ce(?:tte)? (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|semaine|mois|année|matin|soir"
        r"|nuit|week-end)",
        re.IGNORECASE,
    ),
    "pt": re.compile(
        r"est[ea] (?:segunda|terça|quarta|quinta|sexta|sábado|domingo|semana|mês|ano|manhã|tarde|noite)", re.IGNORECASE
    ),
}
_BACK_CJK = re.compile(
    r"(?:しかし|また|そして|だが|一方|これ|それ|その|この|彼|彼女|但是|但|而|他|她|它|这|那|此外|然而|同时|因此)"
)


def points_back(sentence: str, language: str = "en") -> bool:
    """Say whether a sentence opens with a pronoun or connective that needs the sentence before it."""
    body = sentence.lstrip(" \"“”'‘«»([„—–-…")
    if language in {"ja", "zh"}:
        return bool(_BACK_CJK.match(body))
    opening = tokens(body[:40])[:1]
    if not opening:
        return False
    if language in _THIS_TIME and _THIS_TIME[language].match(body):
        return False
    word = opening[0].casefold().split("'")[0].split("’")[0]
    phrases = _BACK_PHRASES.get(language)
    return word in words_of(f"points-back.{language}") or bool(phrases and phrases.match(body))


def is_bare_quote(sentence: str) -> bool:
    """Say whether a sentence is all quotation, or a piece of one, so that it does not say whose words it holds."""
    text = sentence.strip()
    if not _QUOTES.search(text):
        return False
    straight = text.count('"')
    if straight % 2 or text.count("“") != text.count("”") or text.count("«") != text.count("»"):
        return not _SAID.search(_QUOTES.split(text)[-1] + _QUOTES.split(text)[0])
    inside = re.sub(r"\"[^\"]*\"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|「[^」]*」|『[^』]*』", "", text)
    return sum(map(str.isalnum, inside)) < 4


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with what choosing needs to know of it."""

    text: str  # without its dateline
    words: int
    vector: dict[str, float]
    length: float  # of the vector
    is_blocked: bool  # furniture: never picked
    needs_previous: bool  # opens with a pronoun, or quotes without saying whom


@dataclass(frozen=True, slots=True)
class View:
    """What sentences are compared with: the whole article, its beginning, its headline."""

    vector: dict[str, float]
    length: float

    @classmethod
    def of(cls, vector: dict[str, float]) -> "View":
        """Measure a vector once."""
        return cls(vector, norm(vector))


def likeness(sentence: Sentence, other: Sentence | View) -> float:
    """Give the cosine of a sentence and another one, or a view of the article; 0 when either is empty."""
    mine, theirs = sentence.vector, other.vector
    shared = sum([weight * theirs[term] for term, weight in mine.items() if term in theirs])
    return shared / (sentence.length * other.length) if shared else 0.0


def read(texts: Sequence[str], language: str = "en") -> list[Sentence]:
    """Look at each sentence of an article once."""
    sentences = []
    for index, text in enumerate(texts):
        counts = Counter(terms(text, language))
        vector = {term: (1 + math.log(number)) * idf(term) ** _DAMPING for term, number in counts.items()}
        blocked = is_furniture(text) or not counts
        needs = points_back(text, language) or (index > 0 and is_bare_quote(text))
        sentences.append(Sentence(text, word_count(text), vector, norm(vector), blocked, needs))
    return sentences


NAMES = (
    "first", "second", "third", "early", "log position", "relative position", "position by length", "short", "long",
    "very long", "length", "centrality", "core", "like the first", "like the headline", "neighbours", "digits",
    "capitals", "quotes", "bare quote", "points back", "question", "first person", "said", "dated", "colon",
    "density", "last", "repeated", "weight",
)  # fmt: skip


def describe(
    sentences: Sequence[Sentence], headline_vector: dict[str, float], language: str = "en"
) -> list[list[float]]:
    """Give the features of every sentence, in the order of `NAMES`."""
    whole = View.of(_sum(sentences))
    core = View.of(_sum(sentences[:4]))
    title = View.of(headline_vector)
    frequent = Counter(term for sentence in sentences for term in sentence.vector)
    views = (whole, core, title)
    return [_describe(index, sentences, views, frequent, language) for index in range(len(sentences))]


def centrality(sentences: Sequence[Sentence]) -> list[float]:
    """Give how close each sentence is to the article as a whole."""
    whole = View.of(_sum(sentences))
    return [likeness(sentence, whole) for sentence in sentences]


def _describe(
    index: int,
    sentences: Sequence[Sentence],
    views: tuple[View, View, View],
    frequent: Counter[str],
    language: str,
) -> list[float]:
    sentence = sentences[index]
    whole, core, headline = views
    total = len(sentences)
    words = max(1, sentence.words)
    length = min(words, 60) / 30
    text = sentence.text
    written = tokens(text)
    capitals = sum(word[0].isupper() for word in written[1:]) / max(1, len(written))
    stops = sum(word.casefold() in stop_words(language) for word in written) / max(1, len(written))
    near = [likeness(sentence, sentences[other]) for other in (index - 1, index + 1) if 0 <= other < total]
    repeated = sum(frequent[term] > 1 for term in sentence.vector) / max(1, len(sentence.vector))
    return [
        float(index == 0), float(index == 1), float(index == 2), 1 / (1 + index), math.log1p(index) / 3, index / total,
        index / total * length, float(words < 9), float(words > 30), float(words > 42), length,
        likeness(sentence, whole), likeness(sentence, core) if index >= 4 else 0.0,
        likeness(sentence, sentences[0]) if index else 0.0,
        likeness(sentence, headline), sum(near) / max(1, len(near)),
        min(3, sum(word[0].isdigit() for word in written)) / 3, capitals, float(bool(_QUOTES.search(text))),
        float(is_bare_quote(text)), float(points_back(text, language)), float(text.rstrip("\"”' ").endswith("?")),
        min(3, len(_FIRST_PERSON.findall(text))) / 3, float(bool(_SAID.search(text))), float(bool(_DATES.search(text))),
        float(text.rstrip().endswith(":")), 1 - stops, float(index >= total - 2 and total > 6), repeated,
        sentence.length / (5 * math.sqrt(words)),
    ]  # fmt: skip


def _sum(sentences: Sequence[Sentence]) -> dict[str, float]:
    total: dict[str, float] = {}
    for sentence in sentences:
        if not sentence.is_blocked:
            for term, weight in sentence.vector.items():
                total[term] = total.get(term, 0.0) + weight
    return total
