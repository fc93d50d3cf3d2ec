"""What every walk draws with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from bot.domain.stories import Story
from bot.domain.topics import Topic
from bot.render.message import Message
from bot.render.voice import Voice


@dataclass(frozen=True, slots=True)
class Told:
    """A message with the news it was made from, so that what it says can be held against that."""

    message: Message
    stories: tuple[Story, ...] = ()  # shown, in order; each names its source
    others: tuple[str, ...] = ()  # headlines shown before those of the stories
    quotes: tuple[str, ...] = ()  # what may be quoted besides headlines
    methods: tuple[str, ...] = ()  # how it was made: one of these lines stands in it
    tail: tuple[str, str] | None = None  # says how many headlines found no room
    page: tuple[int, int] | None = None
    marker: str = ""  # of a plain post: its last line

    @property
    def headlines(self) -> tuple[str, ...]:
        """Every headline it shows, in order."""
        return self.others + tuple(story.title for story in self.stories)


Draw = Callable[[st.SearchStrategy[Any]], Any]
Walk = Callable[[Draw, Voice], Iterator[Message | Told]]
NUMBER = st.integers(1, 40)
FLAG = st.booleans()
TOPIC = st.none() | st.sampled_from(Topic)
