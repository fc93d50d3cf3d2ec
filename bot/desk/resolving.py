"""Resolving: from what somebody typed to a story: its id, its slug, a row of their last list, the closest headline.

What comes close to nothing, or to several alike, is answered with candidates; never with a random story.
"""

from collections.abc import Sequence

from bot.desk.recall import MAX_ROWS, Recall
from bot.domain.answers import Reader
from bot.domain.filters import StoryFilter
from bot.domain.stories import Story, parse_story_key
from bot.domain.text import fold, words_of
from bot.errors import Code, UserError
from bot.store.store import Store

FLOOR = 0.6  # of the words typed, this share must stand in the headline
CANDIDATE_FLOOR = 0.25
MAX_CANDIDATES = 5
_LONGEST = 300


class Resolver:
    """Finds the story that is meant."""

    def __init__(self, store: Store, recall: Recall) -> None:
        self._store = store
        self._recall = recall

    async def story_id(self, reader: Reader, typed: str, allowed: StoryFilter) -> int:
        """Give the id of the story that `typed` means for this reader.

        Raises:
            UserError: STORY_GONE, with up to five `candidates` (stories), when none or several are meant.
        """
        text = typed.strip()[:_LONGEST]
        if is_row(text):
            if row := await self.row(reader, text):
                return row
            raise UserError(Code.STORY_GONE, candidates=())
        number = parse_story_key(text)
        story = await self._store.stories.story(number, allowed) if number is not None else None
        return (story or await self._closest(text, allowed)).id

    async def row(self, reader: Reader, text: str) -> int | None:
        """Give the id of the story in a row of the reader's last list, if `text` is the number of one."""
        return await self._recall.row(reader, int(text)) if is_row(text) else None

    async def by_id(self, story_id: int, allowed: StoryFilter) -> Story:
        """Give a story by its id, through merges.

        Raises:
            UserError: STORY_GONE, when it is not here any more.
        """
        story = await self._store.stories.story(story_id, allowed)
        if story is None:
            raise UserError(Code.STORY_GONE)
        return story

    async def _closest(self, text: str, allowed: StoryFilter) -> Story:
        words = text.replace("-", " ") if " " not in text else text  # a slug is a headline with hyphens
        found = await self._store.search.closest(words, allowed, limit=MAX_CANDIDATES)
        if meant := choose(words, found):
            return meant
        begun = await self._store.search.suggest(words, allowed, limit=MAX_CANDIDATES) if words_of(words) else ()
        if len(begun) == 1 and not text.isdigit():  # 26 is no beginning of 266: it was meant as a row
            return begun[0]  # the last word typed is unfinished, and only one headline goes on like that
        close = (*begun, *(story for story, share in found if share >= CANDIDATE_FLOOR))
        distinct = {story.id: story for story in close}
        raise UserError(Code.STORY_GONE, candidates=tuple(distinct.values())[:MAX_CANDIDATES])


def is_row(text: str) -> bool:
    """Whether a text is the number of a row, and so no headline."""
    return len(text) <= 2 and text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_ROWS


def choose(text: str, found: Sequence[tuple[Story, float]]) -> Story | None:
    """Give the one story that free text means, of those that come closest; None when none or several do.

    A headline typed whole means its story, whatever else is alike.
    """
    if not found:
        return None
    asked = " ".join(words_of(text))
    for story, _ in found:
        if any(" ".join(words_of(article.headline)) == asked for article in story.articles):
            return story
    best, share = found[0]
    rival = found[1][1] if len(found) > 1 else 0.0
    return best if share >= FLOOR and share > rival else None


def matches(text: str, typed: str) -> bool:
    """Whether every word typed begins a word of `text`, without case and accents."""
    words = fold(text).split()
    return all(any(word.startswith(part) for word in words) for part in fold(typed).split())
