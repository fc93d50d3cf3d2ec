"""Digest: what the language rooms say about an item. Pure and picklable: it runs in the worker process."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.articles import HeadlineOrigin
from bot.domain.sources import Item
from bot.domain.topics import Topic
from bot.language import detect, headlines, names, topics
from bot.language.signatures import Signature, sign, tongue

JOB = "digest"  # the name under which the worker knows `digest_all`
_SAMPLE = 4_000  # characters of a paragraph that are looked at, and of the text that its language is told from
_PARAGRAPHS = 12  # that are looked at


@dataclass(frozen=True, slots=True)
class Digest:
    """The headline (derived where there was none), language, topics, names and signature of an item."""

    headline: str
    headline_origin: HeadlineOrigin
    language: str | None
    topics: tuple[Topic, ...]
    names: tuple[str, ...]
    signature: Signature | None = None  # of the headline; None: whoever compares it signs it


# Headline, beginning of the text, labels, topic of the source, language as stated. A tuple of plain values, and no more
# than is looked at: it travels to the worker, and some feeds carry whole articles.
Asked = tuple[str | None, tuple[str, ...], tuple[str, ...], Topic | None, str]


def asked_of(item: Item, source_topic: Topic | None = None, source_language: str | None = None) -> Asked:
    """Give what is looked at of a clean item, and of its source."""
    begun = tuple([paragraph[:_SAMPLE] for paragraph in item.paragraphs[:_PARAGRAPHS]])
    labels = (*item.categories, item.section) if item.section else item.categories
    return item.headline, begun, labels, source_topic, item.language or source_language or ""


def digest_all(asked: Sequence[Asked]) -> tuple[Digest, ...]:
    """Digest items, of one source or of several."""
    return tuple([_digest(*one) for one in asked])


def digest(item: Item, source_topic: Topic | None = None, source_language: str | None = None) -> Digest:
    """Digest one clean item; a language that is stated counts only where the text does not tell."""
    return _digest(*asked_of(item, source_topic, source_language))


def _digest(
    stated: str | None, begun: tuple[str, ...], labels: tuple[str, ...], source_topic: Topic | None, tag: str
) -> Digest:
    start = "\n".join(begun)[:_SAMPLE]
    language = detect.language_of(f"{stated or ''}\n{start}") or tag.split("-", maxsplit=1)[0].lower() or None
    named = names.find(stated, language) if stated else ()
    first = "" if named else headlines.first_sentence(begun, language) or ""
    headline = stated or headlines.derive(first, language) or begun[0]
    if not named:
        named = (() if stated else names.find(headline, language)) or names.find(first, language)
    return Digest(
        headline=headline,
        headline_origin=HeadlineOrigin.SOURCE if stated else HeadlineOrigin.DERIVED,
        language=language,
        topics=topics.classify(headline, begun, categories=labels, source_topic=source_topic, language=language),
        names=named,
        signature=sign(headline, tongue(headline, language), named),
    )
