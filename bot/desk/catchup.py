"""Catching up: what happened in a place since a member last asked; only asking moves their marker."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.desk.rankings import CANDIDATES, Rankings
from bot.desk.recall import Recall
from bot.desk.scope import Scope, View
from bot.domain.answers import Query, Reader
from bot.domain.personal import CatchUp
from bot.domain.stories import Story
from bot.store.catchups import Window
from bot.store.store import Store

SHOWN = 10
FIRST_SHOWN = 8  # the first time, when the latest 24 hours brought nothing
FIRST_BACK = timedelta(hours=24)


class CatchUps:
    """The catch-up desk. A member has one marker in every place, since every place has its own sources."""

    def __init__(self, store: Store, clock: Clock, scope: Scope, recall: Recall, rankings: Rankings) -> None:
        self._store = store
        self._rankings = rankings
        self._clock = clock
        self._scope = scope
        self._recall = recall

    async def answer(self, reader: Reader) -> CatchUp:
        """Tell what is new since the last time; within 30 minutes of an answer that held something, the same again."""
        owner = (reader.user_id, reader.place.id)
        window = await self._store.catchups.advance(owner, self._clock.now())
        view = await self._scope.listed(reader, Query())
        answer = await self._shown(window, view)
        if window.is_repeat and not answer.stories:
            window = await self._store.catchups.advance(owner, self._clock.now(), anew=True)
            answer = await self._shown(window, view)
        if answer.stories:
            self._recall.listed(reader, [story.id for story in answer.stories])
        return answer

    async def _shown(self, window: Window, view: View) -> CatchUp:
        ranked = (await self._rankings.of(view)).stories
        if window.after is None:
            stories, most, is_more = *self._first(window, ranked), False
        else:
            stories, is_more = await self._since(window.after, window.up_to, view, ranked)
            most = SHOWN
        shown = tuple(stories[:most])
        if not shown:
            return CatchUp((), 0, window.since, await self._newest_at(view))
        is_more = is_more and len(stories) >= SHOWN
        total = len(stories) // 10 * 10 if is_more else len(stories)  # "more than 173" would claim to have counted
        return CatchUp(shown, total, window.since, is_repeat=window.is_repeat, is_more=is_more)

    def _first(self, window: Window, ranked: Sequence[Story]) -> tuple[Sequence[Story], int]:
        known = [story for story in ranked if min(article.id for article in story.articles) <= window.up_to]
        latest = [story for story in known if story.newest_at >= self._clock.now() - FIRST_BACK]
        return (latest, SHOWN) if latest else (known, FIRST_SHOWN)

    async def _since(self, after: int, up_to: int, view: View, ranked: Sequence[Story]) -> tuple[Sequence[Story], bool]:
        """Give what is new in the order of the ranked list; behind it, what came in late with an older date.

        After a long absence there is more than anyone counts, and the ranked list alone is enough.
        """
        ids = await self._store.catchups.story_ids(after, up_to, view.wanted.source_ids or (), CANDIDATES)
        new = frozenset(ids)
        stories = [story for story in ranked if story.id in new]
        is_more = len(ids) == CANDIDATES
        if is_more and len(stories) >= SHOWN:
            return stories, True
        known = {story.id for story in ranked}
        late = await self._store.stories.stories([one for one in ids if one not in known], view.wanted)
        stories += view.keeps.passing(late)
        return stories, is_more

    async def _newest_at(self, view: View) -> datetime | None:
        found = await self._store.stories.newest(view.wanted, limit=1)
        return found[0].newest_at if found else None
