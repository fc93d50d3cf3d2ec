"""Which language a text is in, cheaply: by its script, else by the small words that only one language has."""

import re
from functools import cache, lru_cache

from bot.language.background import is_common
from bot.language.words import fold, stop_word_languages, stop_words, term_of, tokens

_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u3400-\u9fff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_PERSIAN = re.compile(r"[پچژگکی]")
_UKRAINIAN = re.compile(r"[іїєґ]", re.IGNORECASE)
_LETTERS_OF = (
    ("de", re.compile(r"ß|ä|(?<=\w)ö")),
    ("pt", re.compile(r"ã|õ|ção|ções")),
    ("es", re.compile(r"ñ|¿|¡|ción\b")),
    ("fr", re.compile(r"œ|ê|î|û|\b[ldnsjc]['’](?=\w)|è")),
    ("pl", re.compile(r"ł|ż|ś|ę|ą")),
    ("tr", re.compile(r"ı|ğ|ş")),
    ("sv", re.compile(r"å")),
)
_APOSTROPHES = tuple(one for one in _LETTERS_OF if one[0] == "fr")  # all that ASCII text can have of these
_SAMPLE = 600  # characters; more does not change the answer


def language_of(text: str) -> str | None:
    """Give the ISO 639-1 code of the language `text` is in; None when it can't be told cheaply."""
    sample = text[:_SAMPLE]
    if sample.isascii():
        return _latin(sample) if _LATIN.search(sample) else None
    letters = sum(map(str.isalpha, sample))
    for language, script in _SCRIPTS if letters else ():
        found = len(script.findall(sample))
        # Japanese is told by a little kana among many Chinese characters.
        if found > letters * (0.08 if language == "ja" else 0.4):
            return _within_script(language, sample)
    return _latin(sample) if _LATIN.search(sample) else None


def _within_script(language: str, sample: str) -> str:
    if language == "ar" and len(_PERSIAN.findall(sample)) * 12 > len(sample):
        return "fa"
    if language == "ru" and _UKRAINIAN.search(sample):
        return "uk"
    return language


def _latin(sample: str) -> str | None:
    score: dict[str, int] = {}
    for votes in filter(None, map(_votes, tokens(sample))):  # most words speak for no language
        for language, vote in votes:
            score[language] = score.get(language, 0) + vote
    lowered = sample.lower()
    for language, letters in _letters_of(sample):
        if found := len(letters.findall(lowered)):
            score[language] = score.get(language, 0) + 18 * min(3, found)
    most = max(score.values(), default=0)
    best = [language for language, reached in score.items() if reached == most]
    return best[0] if most and len(best) == 1 else None


def _letters_of(sample: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    if sample.isascii():
        return _APOSTROPHES if "'" in sample else ()
    return _LETTERS_OF


@lru_cache(maxsize=16_384)
def _votes(token: str) -> tuple[tuple[str, int], ...]:
    """Give the languages that a word speaks for: the more have it, the less it says."""
    owners = _owners().get(fold(token), ())
    votes = [(language, 12 // len(owners)) for language in owners]
    if "en" not in owners and is_common(term_of(token, "en")):
        votes.append(("en", 8))
    return tuple(votes)


@cache
def _owners() -> dict[str, tuple[str, ...]]:
    owners: dict[str, tuple[str, ...]] = {}
    for language in stop_word_languages():
        for word in stop_words(language):
            owners[word] = (*owners.get(word, ()), language)
    return owners
