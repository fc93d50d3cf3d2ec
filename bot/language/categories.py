"""Categories: the labels sources give their items, as our eight topics."""

import re
from functools import cache

from bot.domain.topics import Topic
from bot.language.words import words_of

_SEPARATORS = re.compile(r"[\s/|>&,_:+]+")


def topic_of_category(label: str) -> Topic | None:
    """Give the topic a source's own label names, e.g. "World news" or "Sport/Football"; None when it names none."""
    folded = label.strip().casefold()
    if folded in _topics():
        return _topics()[folded]
    words = [word for word in _SEPARATORS.split(folded) if word]
    if len(words) > 5:
        return None
    return next((_topics()[word] for word in words if word in _topics()), None)


@cache
def _topics() -> dict[str, Topic]:
    return {word: topic for topic in Topic for word in words_of(f"category.{topic.value}")}
