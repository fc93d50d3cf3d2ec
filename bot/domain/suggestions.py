"""Suggestions: what is offered while somebody types: little enough to be made 50 times at once."""

from dataclasses import dataclass

from bot.domain.stories import story_key


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A story, by its title alone."""

    id: int
    title: str

    @property
    def key(self) -> str:
        """The short id people see."""
        return story_key(self.id)


@dataclass(frozen=True, slots=True)
class Titled:
    """A story's headlines with their sources, the one that gives the title first: its title depends on who reads."""

    id: int
    headlines: tuple[tuple[int, str], ...]  # (source, headline)


@dataclass(frozen=True, slots=True)
class NameInUse:
    """A name of people, places or organisations in recent articles, and in how many of each source."""

    name: str
    folded: str
    articles: dict[int, int]
