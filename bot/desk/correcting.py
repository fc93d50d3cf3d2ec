"""Correcting by hand: a manager says that a story was wrong; every briefing here that showed it says so."""

from datetime import timedelta

from bot.clock import Clock
from bot.desk.ports import Watch
from bot.domain.answers import Reader, SettingChange
from bot.domain.deliveries import Posted
from bot.domain.postings import Correction
from bot.domain.stories import parse_story_key, story_key
from bot.domain.text import fold
from bot.errors import Code, UserError
from bot.store.store import Store

LOOKED_BACK = timedelta(days=14)
MOST = 25
_WITHDRAWN = ""


class Correcting:
    """The desk behind `/newsdesk correct`."""

    def __init__(self, store: Store, clock: Clock, watch: Watch) -> None:
        self._store = store
        self._clock = clock
        self._watch = watch

    async def suggest(self, reader: Reader, typed: str) -> tuple[tuple[str, str], ...]:
        """Give what was posted here lately, as (key, headline as it was shown), the newest first."""
        shown = await self._shown(reader)
        wanted = fold(typed.strip())
        return tuple((key, headline) for key, headline in shown.items() if wanted in fold(headline))[:MOST]

    async def correct(self, reader: Reader, typed: str) -> tuple[Correction, int]:
        """Have every briefing here that showed a story say what its headline is now, or that it was withdrawn.

        Gives what is said, and in how many posts.

        Raises:
            UserError: STORY_GONE, when no briefing here showed it lately.
        """
        story_id = await self._named(reader, typed)
        posted = [] if story_id is None else await self._store.corrections.of_story(story_id, reader.place.id)
        if story_id is None or not posted:
            raise UserError(Code.STORY_GONE)
        before, now = posted[0].shown.headline, self._clock.now()
        after = await self._headline_now(story_id, posted[0])
        changed = [(one, after) for one in posted if one.corrected_to != after]
        change = SettingChange(now, "corrected", reader.user_id, before)
        await self._store.corrections.note(changed, now, by_hand=(reader.place.id, change))
        self._watch.wake()
        return Correction(now, before, after or None), len(posted)

    async def _headline_now(self, story_id: int, posted: Posted) -> str:
        """Give the headline that the shown article has now; where it is the same, the story is withdrawn."""
        for story in await self._store.stories.stories([story_id]):
            for article in story.articles:
                if article.id == posted.shown.article_id and article.headline != posted.shown.headline:
                    return article.headline
        return _WITHDRAWN

    async def _named(self, reader: Reader, typed: str) -> int | None:
        shown = await self._shown(reader)
        if typed.strip().lower() in shown:
            return parse_story_key(typed)
        wanted = fold(typed.strip())
        found = [key for key, headline in shown.items() if wanted and wanted in fold(headline)]
        return parse_story_key(found[0]) if len(found) == 1 else None

    async def _shown(self, reader: Reader) -> dict[str, str]:
        since = self._clock.now() - LOOKED_BACK
        posted = await self._store.corrections.of_place(reader.place.id, since)
        shown: dict[str, str] = {}
        for one in posted:
            shown.setdefault(story_key(one.shown.story_id), one.shown.headline)
        return shown
