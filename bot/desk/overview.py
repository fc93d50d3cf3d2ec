"""Overview: what the one screen says about a place: how much there is, from where, and when the next briefing comes."""

from bot.desk.scope import Scope
from bot.domain.answers import About, Reader
from bot.store.store import Store


class Overview:
    """The desk behind `/dateline`."""

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store = store
        self._scope = scope

    async def about(self, reader: Reader) -> About:
        """Give the facts of the one screen."""
        counts = await self._store.stories.counts(await self._scope.everything(reader.place))
        schedules = await self._store.schedules.of_place(reader.place.id)
        coming = [one for one in schedules if one.enabled and one.disabled_code is None]
        first = min(coming, key=lambda one: one.next_due, default=None)
        return About(
            stories=counts.stories,
            articles=counts.articles,
            sources=await self._scope.sources(reader.place),
            next_at=first.next_due if first else None,
            channel_id=first.channel_id or None if first else None,
        )
