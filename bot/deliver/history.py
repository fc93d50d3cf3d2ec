"""History: whether a part stands in its channel already, told by its nonce or by the marker in its text."""

from datetime import UTC, datetime, timedelta
from typing import Any

from discord.http import Route

from bot.deliver.answers import Answer
from bot.deliver.ports import Sight, Sighting
from bot.deliver.wire import Wire
from bot.domain.deliveries import Delivery, Part, marker
from bot.domain.places import TargetKind

PAGES = 3  # of 100 messages
_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)

Json = dict[str, Any]


def created_at(snowflake: int) -> datetime:
    """Give the instant an id was made at."""
    return _EPOCH + timedelta(milliseconds=snowflake >> 22)


def marker_of(delivery: Delivery, part: Part) -> str:
    """Give what is readable of a part's identity."""
    return marker(delivery.schedule.key, delivery.local_date, delivery.slot, part.number)


class History:
    """Looks back through what stands in channels, newest first."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def find(self, delivery: Delivery, part: Part, since: datetime, channel: int) -> Sighting:
        """Look for a part, back to `since`; a forum post is looked for among the forum's posts."""
        if delivery.schedule.target is TargetKind.FORUM and part.number == 0:
            return await self._find_thread(delivery, part, since)
        route = Route("GET", "/channels/{channel_id}/messages", channel_id=channel)
        params = {"limit": "100"}
        for _ in range(PAGES):
            answer, page = await self._wire.ask(route, params=params)
            if not answer.is_success:
                return _unseen(answer)
            for message in page:
                if self._is_part(message, part, marker_of(delivery, part)):
                    return Sighting(Sight.FOUND, int(message["id"]), channel, answer)
            if not page or created_at(int(page[-1]["id"])) < since:
                return Sighting(Sight.ABSENT, answer=answer)
            params["before"] = page[-1]["id"]
        return Sighting(Sight.UNREADABLE)  # so busy a channel that we can't look back far enough

    async def _find_thread(self, delivery: Delivery, part: Part, since: datetime) -> Sighting:
        """Look for a forum post by its title: among the open ones, then among those archived since."""
        guild_id = delivery.schedule.place.discord_id
        answer, data = await self._wire.ask(Route("GET", "/guilds/{guild_id}/threads/active", guild_id=guild_id))
        sighting = self._thread_in(data, answer, delivery, part, since)
        return sighting if sighting.sight is not Sight.ABSENT else await self._find_archived(delivery, part, since)

    async def _find_archived(self, delivery: Delivery, part: Part, since: datetime) -> Sighting:
        path, forum = "/channels/{channel_id}/threads/archived/public", delivery.schedule.channel_id
        params = {"limit": "100"}
        for _ in range(PAGES):
            answer, data = await self._wire.ask(Route("GET", path, channel_id=forum), params=params)
            sighting = self._thread_in(data, answer, delivery, part, since)
            if sighting.sight is not Sight.ABSENT or not data["has_more"]:
                return sighting
            oldest = data["threads"][-1]["thread_metadata"]["archive_timestamp"]
            if datetime.fromisoformat(oldest) < since:  # what was made later was archived later still
                return sighting
            params["before"] = oldest
        return Sighting(Sight.UNREADABLE)

    def _thread_in(self, data: Json, answer: Answer, delivery: Delivery, part: Part, since: datetime) -> Sighting:
        if not answer.is_success:
            return _unseen(answer)
        mark, forum = marker_of(delivery, part), str(delivery.schedule.channel_id)
        for thread in data["threads"]:
            is_ours = thread.get("owner_id") == str(self._wire.me) and thread.get("parent_id") == forum
            if is_ours and mark in thread.get("name", "") and created_at(int(thread["id"])) >= since:
                return Sighting(Sight.FOUND, int(thread["id"]), int(thread["id"]), answer)
        return Sighting(Sight.ABSENT, answer=answer)

    def _is_part(self, message: Json, part: Part, mark: str) -> bool:
        if message["author"]["id"] != str(self._wire.me):
            return False
        return message.get("nonce") == part.nonce or mark in _text_of(message)


def _unseen(answer: Answer) -> Sighting:
    return Sighting(Sight.FAILED if answer.status != 403 else Sight.UNREADABLE, answer=answer)


def _text_of(message: Json) -> str:
    """Give every text of a message, plain or dressed."""
    found = [str(message.get("content") or "")]
    waiting: list[Any] = [message.get("components") or []]
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            found.append(str(each.get("content") or ""))
            waiting += [each.get("components"), each.get("accessory")]
    return "\n".join(found)
