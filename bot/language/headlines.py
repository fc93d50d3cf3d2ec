"""Headlines for articles that have none: the beginning of their first real sentence, verbatim."""

import re
from collections.abc import Sequence

from bot.language.furniture import is_furniture, without_dateline
from bot.language.sentences import each
from bot.language.words import fold, stop_words

LONGEST = 160  # characters; a longer first sentence is cut at a clause or a word
_SHORTEST = 4  # words; less says nothing alone
_SAID = (
    "said|says|say|stated|states|told|tells|announced|announces|reported|reports|warned|warns|added|adds|confirmed|claimed"
    "|claims|argued|insisted|explained|noted|wrote|declared|revealed|acknowledged|suggested|believes?|found|shows?|showed"
    "|sagte|sagt|teilte|erklärte|berichtete|berichtet|a déclaré|ont déclaré|a annoncé|a indiqué|a affirmé|rapporte"
    "|dijo|dice|afirmó|anunció|informó|declaró|aseguró|disse|diz|afirmou|anunciou|informou|declarou"
    "|ha detto|ha dichiarato"
    "|сообщил[аио]?|заявил[аио]?|сказал[аио]?|отметил[аио]?"
)
_SAID_FIRST = (  # also where no subject stands before it: ", sagte der Minister"
    r"said|says|sagte|teilte|erklärte|berichtete|meldete|dijo|informó|anunció|afirmó|aseguró|declaró"
    r"|disse|informou|anunciou|afirmou|declarou|a\s+(?:déclaré|annoncé|indiqué|affirmé)|ha\s+(?:detto|dichiarato)"
    r"|сообщил[аио]?|заявил[аио]?|сказал[аио]?|отметил[аио]?"
)
_ACCORDING = (
    r"according\s+to|in\s+a\s+statement|citing|per\s|laut\s|so\s+(?:der|die|das)\s|wie\s+\w+|selon\s|d['’]après\s|según\s|segundo\s"
    r"|de\s+acordo\s+com|secondo\s|по\s+(?:словам|данным|информации)"
)
_TAIL = re.compile(
    rf"[,，]\s+(?:{_ACCORDING}"
    # a subject of up to twelve words without a comma, then the verb: ", Foreign Minister Iwaya stated …"
    rf"|(?!(?:which|who|whom|whose|that|where|when|and|but|or|as|because|while|after|before|although|if|dass|die|der|qui|que|что)\b)"
    rf"(?:[^\s,，]+\s+){{1,12}}?(?:{_SAID})\b"
    rf"|(?:{_SAID_FIRST})\s+(?:\S+\s+){{0,9}}\S+$)",
    re.IGNORECASE,
)
_BARE_VERB = re.compile(rf"[,，]\s+(?:{_SAID_FIRST})\b", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|will|would|could|can|may|might|must|should|did|does|do|won|met|made|took|went|fell|rose"
    r"|came|began|held|struck|hit|shot|died|left|gave|lost|sent|set|cut|put|led|ran"
    r"|sank|grew|hung|broke|froze|drew|flew|threw|saw|spoke|stood|stole|swept|bought|brought|built|fought|sold|[a-z]{2,}(?:ed|s))\b"
)
_SURELY_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|could|can|may|might|must|should|did|does|won|met|fell|died)\b"
)
_FINITE_IN = {
    "de": re.compile(
        r"\b(?:ist|sind|war|waren|hat|haben|hatten?|wird|werden|wurden?|soll|sollen|kann|muss|will|[a-zäöüß]{3,}ten?)\b"
    ),
    "es": re.compile(r"\b(?:es|son|fue|fueron|ha|han|está|están|\w{3,}(?:ó|aron|ieron|ará|erá|irá))\b"),
    "fr": re.compile(r"\b(?:est|sont|a|ont|va|vont|était|étaient|sera|seront)\b"),
    "it": re.compile(r"\b(?:è|sono|ha|hanno|sarà|saranno|era|erano)\b"),
    "nl": re.compile(r"\b(?:is|zijn|was|waren|heeft|hebben|had|wordt|worden|werd|werden|zal|kan|moet)\b"),
    "pt": re.compile(r"\b(?:é|são|foi|foram|tem|têm|está|\w{3,}(?:ou|eu|iu|aram|eram|iram|ará|erá|irá))\b"),
}
_CLAUSE = re.compile(r"[,;:，、；：]\s*|\s+[-–—]+\s+")
_ENDS = " \t\r\n\xa0.,;:，、。；：।۔-–—"


def first_sentence(paragraphs: Sequence[str], language: str | None = None) -> str | None:
    """Give an article's first real sentence, past bylines, notices and the dateline; None without any."""
    begin: str | None = None
    for sentence in map(without_dateline, each(paragraphs[:12], language)):
        if len(sentence) > 12 and not is_furniture(sentence):
            return sentence
        begin = sentence if begin is None else begin
    return begin


def derive(sentence: str, language: str | None = None) -> str:
    """Give the headline that a first sentence makes: a verbatim part of it, cut before who said so.

    Where no attribution follows it is the whole sentence without its full stop, or, when that is too long,
    cut at the end of a clause or at a word. Empty only for white space.
    """
    body = without_dateline(sentence.strip())
    head = _before_attribution(body, (language or "en").split("-")[0].lower())
    return _shorten(head, language) if len(head) > LONGEST else _trim(head)


def _before_attribution(body: str, language: str) -> str:
    for tail in _TAIL.finditer(body):
        head = body[: tail.start()]
        if len(head.split()) < _SHORTEST or _is_quoted(head):
            continue
        pattern = _SURELY_FINITE if _BARE_VERB.match(tail.group()) or "," in head else _FINITE
        if language in _FINITE_IN:
            if _FINITE_IN[language].search(head):
                return head
        elif pattern.search(head) or not head.isascii():
            return head
    return body


def _is_quoted(head: str) -> bool:
    """Say whether a cut here would leave a quotation open."""
    return head.count('"') % 2 == 1 or head.count("“") > head.count("”") or head.count("(") > head.count(")")


def _shorten(head: str, language: str | None) -> str:
    window = head[: LONGEST + 1]
    clauses = [head[: found.start()] for found in _CLAUSE.finditer(window)]
    whole = [clause for clause in clauses if not _is_quoted(clause) and _says_something(clause)]
    if whole and len(whole[-1]) > LONGEST // 3:
        return _trim(whole[-1])
    words = head[:LONGEST].split(" ")[:-1] if head[LONGEST] != " " else head[:LONGEST].split(" ")
    while len(words) > 8 and fold(words[-1]) in stop_words(language or "en"):
        words.pop()
    cut = " ".join(words)
    return _trim(cut if len(cut) > LONGEST // 3 else head[:LONGEST])


def _says_something(clause: str) -> bool:
    """Say whether a clause surely has a verb; where we don't know the language, it is taken to."""
    return not clause.isascii() or bool(_SURELY_FINITE.search(clause))


def _trim(head: str) -> str:
    """Take off the full stop, but not that of an abbreviation such as "U.S."."""
    cut = head.rstrip(_ENDS)
    if re.search(r"(?:^|\W)[^\W\d_](?:\.[^\W\d_])+$", cut) and head[len(cut) :].startswith("."):
        cut += "."
    return cut or head.strip()
