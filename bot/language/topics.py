"""Topics: what a headline is about, shown only when it is clear.

A source's own category wins. Else a small linear model and a lexicon vote, and where neither is sure there is
no topic.
"""

from collections.abc import Sequence

from bot.domain.topics import Topic
from bot.language.categories import topic_of_category
from bot.language.topicmodel import judge


def classify(
    headline: str,
    paragraphs: Sequence[str] = (),
    *,
    categories: Sequence[str] = (),
    source_topic: Topic | None = None,
    language: str | None = None,
) -> tuple[Topic, ...]:
    """Give the topics of an item, the surest first; empty when unclear.

    `categories` are the item's own labels as its source wrote them; `source_topic` is what the source or its
    pack is about. Both win over the words of the text.
    """
    named = [topic for label in categories if (topic := topic_of_category(label))]
    if named:
        return tuple(dict.fromkeys(named))[:2]
    if source_topic is not None:
        return (source_topic,)
    found = judge(headline, paragraphs[0] if paragraphs else "", language)
    return () if found is None else (found,)
