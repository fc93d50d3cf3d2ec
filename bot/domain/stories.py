"""Stories: the articles, from any number of sources, that tell the same event."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.articles import Article
from bot.domain.topics import Topic

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u


def story_key(story_id: int) -> str:
    """Give the short id people see: "s" and the number in Crockford base 32, e.g. 15 → "sf".

    It always holds a letter, so that it is never mistaken for a row number.
    """
    digits = ""
    while story_id:
        story_id, digit = divmod(story_id, 32)
        digits = _DIGITS[digit] + digits
    return "s" + (digits or "0")


def parse_story_key(text: str) -> int | None:
    """Read a story key back; None when `text` is not one."""
    body = text.strip().lower()
    if not 2 <= len(body) <= 13 or body[0] != "s" or any(char not in _DIGITS for char in body[1:]):
        return None
    number = 0
    for char in body[1:]:
        number = number * 32 + _DIGITS.index(char)
    return number


@dataclass(frozen=True, slots=True)
class Story:
    """The articles that tell one event, newest information first wherever order matters.

    `articles` is never empty; its first is the one whose headline is the story's title, verbatim.
    """

    id: int
    articles: tuple[Article, ...]
    topics: tuple[Topic, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The short id people see."""
        return story_key(self.id)

    @property
    def lead(self) -> Article:
        """The article that gives the story its title."""
        return self.articles[0]

    @property
    def title(self) -> str:
        """One member's headline, verbatim."""
        return self.articles[0].headline

    @property
    def siblings(self) -> tuple[Article, ...]:
        """The other articles of the story."""
        return self.articles[1:]

    @property
    def outlets(self) -> tuple[str, ...]:
        """The distinct outlets among the counted articles, in order of appearance."""
        return tuple(dict.fromkeys(article.outlet for article in self.articles if article.is_counted))

    @property
    def first_at(self) -> datetime:
        """When its first article was published, or added where no date is stated."""
        return min(article.when for article in self.articles)

    @property
    def newest_at(self) -> datetime:
        """When its newest article was published, or added where no date is stated."""
        return max(article.when for article in self.articles)

    @property
    def has_text(self) -> bool:
        """Whether any article has more than a headline."""
        return any(article.has_text for article in self.articles)

    @property
    def is_sample(self) -> bool:
        """Whether everything in it comes from the bundled sample."""
        return all(article.is_sample for article in self.articles)


class Length(StrEnum):
    """How long a summary is to be."""

    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"

    @property
    def words(self) -> int:
        """The word budget: as many whole sentences as fit, at least one."""
        return {"short": 30, "medium": 55, "long": 110}[self.value]


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences copied unchanged from an article, in the article's order."""

    sentences: tuple[str, ...]
    picked: tuple[int, ...]  # their indices among all sentences of the article
    total: int  # how many sentences the article has
    length: Length = Length.MEDIUM
