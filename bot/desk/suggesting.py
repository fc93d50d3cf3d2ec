"""Suggesting: what is offered while somebody types. Fifty people type at once, so most is answered from memory.

The newest titles and the names in use are kept as text and searched there. Words too rare for it are looked up in the
store as well, once: what is typed on only narrows what that gave (docs/decisions/0090).
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from functools import cache
from itertools import islice
from typing import Generic, TypeVar

from bot.clock import Clock
from bot.desk.rankings import Rankings
from bot.desk.resolving import Resolver, matches
from bot.desk.scope import Scope
from bot.domain.answers import Query, Reader
from bot.domain.concordances import Concordance
from bot.domain.sources import Source
from bot.domain.suggestions import NameInUse, Suggestion, Titled
from bot.errors import Code, UserError
from bot.i18n import LANGUAGES, texts_for
from bot.store.store import Store

T = TypeVar("T")

MOST = 25
ENOUGH = 10  # so many of the newest are an answer; fewer, and older stories are looked up
MAX_NAMES = 10
_LONGEST = 200
_NEWEST = 3_000  # stories in memory, under 1 MB; making that takes 25 ms
_IDLE = 20  # after making it, that many times as long passes before it is made anew, whatever came in
_NARROWED = 500  # beginnings whose stories are kept
_NAMES_FOR_S = 60.0


class _Kept(Generic[T]):
    """Something made from the store, made anew when the store changed; not so often that making it gets in the way."""

    def __init__(self, clock: Clock, make: Callable[[], Awaitable[T]], for_s: float = 0.0) -> None:
        self._clock = clock
        self._make = make
        self._for_s = for_s
        self._lock = asyncio.Lock()
        self._made: T | None = None
        self._revision = -1
        self._until = 0.0

    async def of(self, revision: int) -> T:
        """Give it as of a revision, or as it was a moment ago."""
        made = self._fresh(revision)
        if made is not None:
            return made
        async with self._lock:
            return self._fresh(revision) or await self._anew(revision)

    def _fresh(self, revision: int) -> T | None:
        is_fresh = self._revision == revision or self._clock.monotonic() < self._until
        return self._made if is_fresh else None

    async def _anew(self, revision: int) -> T:
        start = self._clock.monotonic()
        made = await self._make()
        end = self._clock.monotonic()
        self._made, self._revision = made, revision
        self._until = end + max(self._for_s, _IDLE * (end - start))
        return made


class _Titles:
    """Some stories' headlines, newest first; `is_whole` when no others can be meant."""

    def __init__(self, titled: tuple[Titled, ...], *, is_whole: bool) -> None:
        self.is_whole = is_whole
        self._narrower: dict[tuple[frozenset[int], str], _Titles] = {}
        lines = [(story, source_id, headline) for story in titled for source_id, headline in story.headlines]
        self._lines = [(story, source_id) for story, source_id, _ in lines]
        self._text = Concordance(headline for _, _, headline in lines)

    def narrowed(self, typed: str, sources: frozenset[int]) -> "_Titles":
        """Give all that can be meant, where what was typed so far, or the beginning of it, was looked up before."""
        beginnings = (typed[:end] for end in range(len(typed), 0, -1))
        found = (self._narrower.get((sources, beginning)) for beginning in beginnings)
        return next((one for one in found if one is not None), self)

    def narrow(self, typed: str, sources: frozenset[int], looked_up: tuple[Titled, ...]) -> None:
        """Note that nothing else can be meant by who types on from here."""
        mine = {self._lines[number][0].id: self._lines[number][0] for number in self._text.having(typed)}
        if len(self._narrower) >= _NARROWED:
            self._narrower.clear()
        both = mine | {story.id: story for story in looked_up}
        self._narrower[sources, typed] = _Titles(tuple(both.values()), is_whole=True)

    def begun(self, typed: str, sources: frozenset[int]) -> Iterator[Suggestion]:
        """Give the stories of which a headline that may be seen has these words."""
        last = 0
        for number in self._text.having(typed):
            story, source_id = self._lines[number]
            if story.id != last and source_id in sources:
                last = story.id
                yield _entitled(story, sources)


class _Names:
    """The names in use, the most frequent first."""

    def __init__(self, names: tuple[NameInUse, ...]) -> None:
        self._names = names
        self._text = Concordance(one.folded for one in names)

    def begun(self, typed: str, sources: frozenset[int]) -> Iterator[str]:
        """Give the names that hold these words, and stand in a source that may be seen."""
        for number in self._text.having(typed):
            if not sources.isdisjoint(self._names[number].articles):
                yield self._names[number].name


class Suggesting:
    """The desk of every option that completes itself. What may not be read here is not offered."""

    def __init__(self, store: Store, clock: Clock, scope: Scope, resolver: Resolver, rankings: Rankings) -> None:
        self._store = store
        self._scope = scope
        self._resolver = resolver
        self._rankings = rankings
        self._titles = _Kept(clock, self._make_titles)
        self._names = _Kept(clock, self._make_names, _NAMES_FOR_S)

    async def stories(self, reader: Reader, typed: str) -> tuple[Suggestion, ...]:
        """Give up to 25 stories for what is typed so far: the reader's headlines, or those the words begin."""
        text = typed.strip()[:_LONGEST]
        if not text:
            ranked = (await self._rankings.of(await self._scope.listed(reader, Query()))).stories
            return tuple(Suggestion(story.id, story.title) for story in ranked[:MOST])
        allowed, revision = await self._scope.opened(reader.place)
        sources = frozenset(allowed.source_ids or ())
        row = await self._resolver.row(reader, text)
        story = await self._store.stories.story(row, allowed) if row else None
        exact = (Suggestion(story.id, story.title),) if story else ()
        newest = await self._titles.of(revision)
        titles = newest.narrowed(text, sources)
        found = [*exact, *islice(titles.begun(text, sources), MOST)]
        if len(found) < ENOUGH and not titles.is_whole:
            older, are_all = await self._store.titles.begun(text, allowed, limit=MOST)
            found += [_entitled(story, sources) for story in older]
            if are_all:
                newest.narrow(text, sources, older)
        return tuple({one.id: one for one in found}.values())[:MOST]

    async def names(self, reader: Reader, typed: str) -> tuple[str, ...]:
        """Give up to 10 names of which a word starts with what is typed, the most frequent first."""
        allowed, revision = await self._scope.opened(reader.place)
        names = await self._names.of(revision)
        return tuple(islice(names.begun(typed[:_LONGEST], frozenset(allowed.source_ids or ())), MAX_NAMES))

    async def sources(self, reader: Reader, typed: str) -> tuple[Source, ...]:
        """Give up to 25 sources whose title or name fits what is typed so far."""
        sources = await self._scope.sources(reader.place)
        fitting = [source for source in sources if matches(" ".join(_names_of(source)), typed[:_LONGEST])]
        return tuple(fitting[:MOST])

    async def source_named(self, reader: Reader, typed: str | None) -> int | None:
        """Give the id of the source that was typed: its number, its name or title, or "sample"; None for nothing.

        Raises:
            UserError: UNKNOWN_SOURCE.
        """
        if not typed or not typed.strip():
            return None
        text = typed.strip().casefold()
        sources = await self._scope.sources(reader.place)
        for source in sources:
            if text in {str(source.id), *(name.casefold() for name in _names_of(source))}:
                return source.id
        fitting = [source.id for source in sources if matches(" ".join(_names_of(source)), text)]
        if len(fitting) != 1:
            raise UserError(Code.UNKNOWN_SOURCE, text=typed.strip())
        return fitting[0]

    async def _make_titles(self) -> _Titles:
        newest = await self._store.titles.newest(_NEWEST)
        return await asyncio.to_thread(_Titles, newest, is_whole=len(newest) < _NEWEST)

    async def _make_names(self) -> _Names:
        return await asyncio.to_thread(_Names, await self._store.names.in_use())


def _names_of(source: Source) -> tuple[str, ...]:
    """Give what people may call a source; the sample is shown under its name in their language."""
    names = (source.title, source.name)
    return (*names, "sample", *_sample_names()) if source.is_sample else names


@cache
def _sample_names() -> tuple[str, ...]:
    return tuple(texts_for(locale)("Bundled sample document") for locale in LANGUAGES)


def _entitled(story: Titled, sources: frozenset[int]) -> Suggestion:
    return Suggestion(story.id, next(headline for source_id, headline in story.headlines if source_id in sources))
