"""Names: the people, organisations and places a text names, as it writes them.

Case tells a name where only names have capitals. A headline in Title Case gives no such sign; there a word counts
when it is known to be a name, or when it and its neighbour are both unknown to everyday English.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib.resources import files

from bot.language.background import idf
from bot.language.detect import language_of
from bot.language.signatures import is_title_case, without_labels
from bot.language.words import fold, stop_words, term_of, terms, token_pattern, words_of

_MOST = 12
_TELLING = 4.0  # the weight of a word seen in fewer than one headline in fifty; "Trump" has 2.7, "White" 4.2
_LONGEST = 5_000  # characters looked at
_LINKS = frozenset(["of", "de", "la", "le", "du", "da", "dos", "van", "von", "der", "den", "bin", "al", "el"])
_GAP = re.compile(r"(?:[ \t\xa0]|\. |-| ?& ?)")
_NO_CASE = frozenset({"ar", "bn", "fa", "he", "hi", "ja", "ko", "ta", "th", "zh"})
_STOPS = re.compile(r"[.!?:;—–\n-]")  # without one of them nothing is split
_SPLIT = re.compile(r"(?<=[.!?:;—])[\"”’]? +|\n| [–—-]+ ")


def find(text: str, language: str | None = None) -> tuple[str, ...]:
    """Give the names in `text` in order of appearance, each once, without titles such as "President"."""
    known = (language or language_of(text) or "en").split("-")[0].lower()
    if known in _NO_CASE:
        return ()
    found: dict[str, str] = {}
    start = without_labels(text)[:_LONGEST]
    for clause in _SPLIT.split(start) if _STOPS.search(start) else (start,):
        for name in _names(clause, known):
            found.setdefault(name.casefold(), name)
    return tuple(name for key, name in found.items() if not _is_part(key, found))[:_MOST]


def telling(names: Iterable[str]) -> tuple[str, ...]:
    """Leave out the names that stand everywhere, such as "U.S.": to share one of those relates nothing."""
    return tuple(name for name in names if any(idf(stem) >= _TELLING for stem in terms(name, "en")))


def _is_part(key: str, found: dict[str, str]) -> bool:
    """Say whether a name is the last word of a fuller one, as "Iwaya" is of "Takeshi Iwaya"."""
    return " " not in key and any(other.endswith(f" {key}") for other in found)


def _names(clause: str, language: str) -> Iterator[str]:
    words = list(token_pattern(clause).finditer(clause))
    if not words:
        return
    written = [word.group() for word in words]
    shouted = len(written) > 3 and sum(map(str.isupper, written)) > 0.6 * len(written)
    titled = shouted or is_title_case(written, language)
    run: list[re.Match[str]] = []
    for index, (word, text) in enumerate(zip(words, written, strict=True)):
        if not run and not text[0].isupper():
            continue  # most words: no name begins here
        if run and not _continues(clause, run[-1], word):
            yield from _from_run(clause, run, language, titled=titled)
            run = []
        if _may_be_name(text, index, language, titled=titled) or (run and fold(text) in _LINKS):
            run.append(word)
        elif run:
            yield from _from_run(clause, run, language, titled=titled)
            run = []
    if run:
        yield from _from_run(clause, run, language, titled=titled)


def _continues(clause: str, before: re.Match[str], word: re.Match[str]) -> bool:
    is_possessive = before.group().endswith(("'s", "’s", "s'", "s’"))
    return bool(_GAP.fullmatch(clause, before.end(), word.start())) and not is_possessive


def _may_be_name(word: str, index: int, language: str, *, titled: bool) -> bool:
    if not word[0].isupper() or fold(word) in stop_words(language):
        return word == "US"
    if titled or index == 0:
        return not _is_everyday(word, language)
    return True


def _from_run(clause: str, run: list[re.Match[str]], language: str, *, titled: bool) -> Iterator[str]:
    folded = [fold(word.group()) for word in run]
    titles, dropped = words_of("titles"), _dropped()
    start = max((place + 1 for place, word in enumerate(folded[:-1]) if word in titles), default=0)
    end = len(run)
    while start < end and folded[start] in dropped:
        start += 1
    while start < end and folded[end - 1] in dropped:
        end -= 1
    run = run[start:end]
    if not run:
        return
    surely = len(run) > 1 or _is_surely_name(run[0].group(), language)
    if surely or not (titled or language == "de" or run[0].start() == 0):
        yield _without_s(clause[run[0].start() : run[-1].end()])


@lru_cache(maxsize=8_192)
def _is_surely_name(word: str, language: str) -> bool:
    core = _without_s(word)
    if core != word and not (language == "en" and term_of(word, "en") in _cases()[0]):
        return True  # things seldom own
    is_acronym = core.isupper() and 1 < len(core.replace(".", "")) < 6
    is_mixed = any(map(str.isupper, core[2:]))
    return is_acronym or is_mixed or (language == "en" and term_of(word, "en") in _cases()[1])


def _without_s(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word


@lru_cache(maxsize=8_192)
def _is_everyday(word: str, language: str) -> bool:
    if language != "en":
        return False
    is_known = term_of(word, "en") in _cases()[0] or fold(word) in words_of("titles")
    return is_known and not _is_surely_name(word, language)


@cache
def _cases() -> tuple[frozenset[str], frozenset[str]]:
    everyday, names = (files("bot") / "data" / "language" / "cases.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(everyday.split(" ")), frozenset(names.split(" "))


@cache
def _dropped() -> frozenset[str]:
    return words_of("titles") | _LINKS
