"""Sharing: a story's card in the channel, once per story, channel and hour; counted without names."""

from bot.clock import Clock
from bot.desk.reading import Reading
from bot.desk.recall import Recall
from bot.domain.answers import Card, Reader
from bot.domain.places import PlaceKind
from bot.errors import Code, UserError
from bot.store.members import Share
from bot.store.store import Store


class Sharing:
    """Who may share what, and what was shared."""

    def __init__(self, store: Store, clock: Clock, reading: Reading, recall: Recall) -> None:
        self._store = store
        self._clock = clock
        self._reading = reading
        self._recall = recall

    async def begin(self, reader: Reader, story_id: int) -> tuple[Card, Share]:
        """Give the card to post and the share to `finish` once it is posted, or with None if it could not be.

        Raises:
            UserError: CANNOT_SHARE, ALREADY_SHARED with the `url` of the message where it is known, or STORY_GONE.
        """
        place = reader.place
        if not reader.may_share or not place.may_share or place.kind is not PlaceKind.SERVER:
            raise UserError(Code.CANNOT_SHARE)
        card = await self._reading.open(reader, story_id)
        share = await self._store.members.claim_share(
            card.story.id, reader.channel_id, reader.user_id, self._clock.now()
        )
        if not share.is_new:
            raise UserError(Code.ALREADY_SHARED, url=_url(place.discord_id, share))
        return card, share

    async def finish(self, share: Share, message_id: int | None, *, pressed_on: int | None = None) -> None:
        """Note where a share was posted (None: nowhere); `pressed_on` is the public message it came from, if any."""
        await self._store.members.finish_share(share, message_id)
        if pressed_on is not None and message_id is not None:
            self._recall.shared(pressed_on)

    async def remove(self, reader: Reader, sharer_id: int, message_id: int, *, is_moderator: bool) -> None:
        """Allow the removal of a shared card, and the story to be shared anew.

        Raises:
            UserError: NOT_ALLOWED, unless its sharer, a moderator or a manager asks.
        """
        if reader.user_id != sharer_id and not is_moderator and not reader.is_manager:
            raise UserError(Code.NOT_ALLOWED)
        await self._store.members.forget_share(message_id)


def _url(guild_id: int, share: Share) -> str | None:
    if share.message_id is None:
        return None
    return f"https://discord.com/channels/{guild_id}/{share.channel_id}/{share.message_id}"
