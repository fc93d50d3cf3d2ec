"""Words: how text becomes tokens, stems and the words that say nothing, in every language we read.

Sentences, grouping, topics and names all count the same words, so they ask here.
"""

import re
import threading
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files

import Stemmer

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
_LETTERS = rf"[^\W\d_{_CJK}{_MARKS}][^\W\d_{_CJK}]*(?:[{_MARKS}][^\W\d_{_CJK}]*)*"
TOKEN = re.compile(
    rf"\d+(?:[.,:]\d+)*"  # numbers, with their separators
    rf"|(?:[^\W\d_]\.){{2,}}"  # U.S., D.C.
    rf"|{_LETTERS}-\d+\w*"  # COVID-19 is one word, so its number matches no other
    rf"|{_LETTERS}(?:['’]{_LETTERS})?\d*"
    rf"|[{_CJK}]+"
)
_ASCII_TOKEN = re.compile(  # finds the same in ASCII text, in less than half the time
    r"\d++(?:[.,:]\d++)*|(?:[A-Za-z]\.){2,}|[A-Za-z]++(?:-\d+\w*|(?:'[A-Za-z]++)?\d*)", re.ASCII
)
_CJK_RUN = re.compile(rf"[{_CJK}]+")
_POSSESSIVE = re.compile(r"['’]s?$")
_STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_local = threading.local()


def token_pattern(text: str) -> re.Pattern[str]:
    """Give the pattern that finds the words of `text`."""
    return _ASCII_TOKEN if text.isascii() else TOKEN


def tokens(text: str) -> list[str]:
    """Give the words of `text` as written, in order; runs of Chinese, Japanese or Korean stay whole."""
    return token_pattern(text).findall(text)


@lru_cache(maxsize=16_384)
def fold(word: str) -> str:
    """Give the form under which a word is counted: lower case, no possessive, "U.S." and "US" alike."""
    if word == "US":
        return "u.s"
    folded = unicodedata.normalize("NFC", _POSSESSIVE.sub("", word)).casefold()
    return folded.rstrip(".").replace("’", "'")


def terms(text: str, language: str | None = None) -> list[str]:
    """Give the stems of the words of `text` that say something, in order, with repetitions."""
    return terms_of(tokens(text), language or "en", is_ascii=text.isascii())


def terms_of(written: Iterable[str], language: str, *, is_ascii: bool) -> list[str]:
    """Give the stems of words as written."""
    if is_ascii:
        return [term for token in written if (term := term_of(token, language))]
    found: list[str] = []
    for token in written:
        if _CJK_RUN.match(token):
            found += _pairs(token)
        elif term := term_of(token, language):
            found.append(term)
    return found


@lru_cache(maxsize=16_384)
def term_of(token: str, language: str) -> str:
    """Give the stem of one word as written; empty when the word says nothing."""
    word = fold(token)
    if len(word) < 2 and not word.isdigit():
        return ""
    if word in stop_words(language) or word in stop_words("en"):
        return ""
    return _stemmer(language).stemWord(word) if language in _STEMMERS else word


@cache
def stop_words(language: str) -> frozenset[str]:
    """Give the words of a language that every text holds; empty when we keep no list for it."""
    return _lists("stopwords.txt").get(language, frozenset())


def words_of(name: str) -> frozenset[str]:
    """Give one of our word lists, e.g. "titles" or "points-back.de"; empty when there is none."""
    return _lists("lists.txt").get(name, frozenset())


@cache
def _lists(file: str) -> dict[str, frozenset[str]]:
    text = (files("bot") / "data" / "language" / file).read_text(encoding="utf-8")
    lists = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {words[0]: frozenset(words[1:]) for words in lists}


def stop_word_languages() -> tuple[str, ...]:
    """Give the languages that we keep a list for."""
    return tuple(_lists("stopwords.txt"))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)] or [run]


def _stemmer(language: str) -> Stemmer.Stemmer:
    """Give this thread's stemmer: they keep state, so they are not shared between threads."""
    kept: dict[str, Stemmer.Stemmer] = _local.__dict__.setdefault("stemmers", {})
    if language not in kept:
        # Without a cache of its own: it holds 10,000 words, in every thread, and `term_of` keeps what is asked again.
        kept[language] = Stemmer.Stemmer(_STEMMERS[language], 0)
    return kept[language]


def word_count(text: str) -> int:
    """Give how many words `text` counts against a budget; two characters of Chinese or Japanese make one."""
    runs = _CJK_RUN.findall(text)
    characters = sum(map(len, runs))
    if not characters:
        return len(text.split())
    return len(_CJK_RUN.sub(" ", text).split()) + (characters + 1) // 2
