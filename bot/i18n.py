"""Interface text in the reader's language, through the standard library's gettext.

Render asks a `Texts` for every sentence; Babel extracts them (`./dev texts`). English is in the code itself. News
text is never translated. The pseudo-locale makes every sentence longer and accented, for tests.
"""

import gettext
import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

FALLBACK = "en"
LANGUAGES = ("en", "de", "fr", "es")
PSEUDO = "en-XA"  # the tests' language, by the custom of other projects
DOMAIN = "dateline"

_THOUSANDS = {"en": ",", "de": ".", "fr": "\u202f", "es": "\u202f"}
_PSEUDO_LETTERS = str.maketrans("aceilnorsuyAEIOU", "áçéíļñóŕšúýÁÉÍÓÚ")
_KEPT = re.compile(r"(\{[^}]*\}|<[^>]*>|`[^`]*`|/\w+|\*\*|https?://\S+)")


def mark(message: str) -> str:
    """Mark a sentence in a table for extraction; it is translated where it is said."""
    return message


class Texts:
    """The sentences of one language."""

    def __init__(self, locale: str, catalogue: gettext.NullTranslations) -> None:
        self.locale = locale
        self._catalogue = catalogue

    def __call__(self, message: str, /, **values: object) -> str:
        """Say `message` with `values` in its braces; they are put in as they are, so escape news text first."""
        said = self._catalogue.gettext(message)
        return said.format_map(values) if values else said

    def many(self, one: str, other: str, count: int, /, **values: object) -> str:
        """Say it in the plural form that `count` asks for; `{count}` shows it with separators."""
        said = self._catalogue.ngettext(one, other, count)
        return said.format_map({"count": self.number(count), **values})

    def number(self, count: int) -> str:
        """Write a whole number as this language does from 1,000 on."""
        return f"{count:,}".replace(",", _THOUSANDS.get(self.locale, ","))

    def join(self, parts: Iterable[str]) -> str:
        """Join a short list with commas."""
        return ", ".join(parts)


class _PseudoCatalogue(gettext.NullTranslations):
    """Makes each sentence 40 % longer and accented, leaving braces, mentions and commands alone."""

    def gettext(self, message: str) -> str:
        pieces = [
            piece if _KEPT.fullmatch(piece) else piece.translate(_PSEUDO_LETTERS) for piece in _KEPT.split(message)
        ]
        return "".join(pieces) + "ẋ" * -(-len(message) * 2 // 5)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


def negotiate(*wanted: str | None) -> str:
    """Choose the first language we speak among locales such as "de", "es-419" or "en-GB"; else English."""
    for locale in wanted:
        if locale == PSEUDO:
            return PSEUDO
        language = (locale or "").replace("_", "-").split("-")[0].lower()
        if language in LANGUAGES:
            return language
    return FALLBACK


@cache
def _load(locale: str) -> Texts:
    if locale == PSEUDO:
        return Texts(locale, _PseudoCatalogue())
    if locale == FALLBACK:
        return Texts(locale, gettext.NullTranslations())
    compiled = files("bot") / "data" / "locales" / locale / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with compiled.open("rb") as stream:
        return Texts(locale, gettext.GNUTranslations(stream))


def texts_for(*wanted: str | None) -> Texts:
    """Give the texts of the first language among `wanted` that we speak: the reader's, then the place's."""
    return _load(negotiate(*wanted))


def command_text(message: str, locale: str) -> str | None:
    """Translate a command's or option's description for Discord's `locale`; None keeps the English one."""
    language = negotiate(locale)
    if language == FALLBACK:
        return None
    translated = texts_for(language)(message)
    return translated if translated != message else None
