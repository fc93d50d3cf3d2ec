"""The Discord side of delivery: what is sent, edited and told, each request's outcome as an `Answer`."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

import discord
from discord.http import Route

from bot.deliver import bodies
from bot.deliver.answers import Answer, Do, decide
from bot.deliver.history import History, marker_of
from bot.deliver.ports import GONE, Block, Sight, Sighting
from bot.deliver.wire import TIMEOUT_S, Wire
from bot.domain.deliveries import Composed, Delivery, Message, Notice, Part, nonce
from bot.domain.places import PlaceKind, Schedule, TargetKind
from bot.errors import Code

log = logging.getLogger(__name__)

Json = dict[str, Any]
Say = Callable[[Notice], Sequence[Json]]


class ChannelAccess(Protocol):
    """Knows what the bot may do in a channel."""

    def missing(self, channel_id: int, *, discussion: bool = False, publish: bool = False) -> tuple[str, ...]:
        """Give the permissions the bot lacks there, by Discord's names."""
        ...


class DiscordSender:
    """Sends through a discord.py client. `say` gives a notice: the body to post, then what to edit it to."""

    def __init__(
        self,
        client: discord.Client,
        access: ChannelAccess,
        say: Say,
        *,
        timeout_s: float = TIMEOUT_S,
        history: type[History] = History,
    ) -> None:
        self._client = client
        self._access = access
        self._say = say
        self._wire = Wire(client, timeout_s)
        self._history = history(self._wire)

    # Before a send

    def blocked(self, schedule: Schedule) -> Block | None:
        """Say from the cache why nothing can be sent there; None: try."""
        if schedule.target is TargetKind.DM or schedule.place.kind is PlaceKind.PERSON:
            return None
        guild = self._client.get_guild(schedule.place.discord_id)
        if guild is None or guild.unavailable:
            is_known_gone = guild is None and self._client.is_ready()
            return Block(GONE) if is_known_gone else Block("not-connected", is_passing=True)
        if guild.get_channel_or_thread(schedule.channel_id) is None:
            # an archived thread leaves the cache and still takes messages once it is woken
            return None if schedule.target is TargetKind.THREAD else Block(GONE)
        settings = schedule.settings
        missing = self._access.missing(schedule.channel_id, discussion=settings.discussion, publish=settings.publish)
        return Block(Code.CANNOT_POST, missing) if missing else None

    # Sends

    async def create(self, delivery: Delivery, part: Part, message: Message, frame: Composed) -> Answer:
        """Create the plain message of a part."""
        return await self._create(delivery, part, message, frame, is_simple=False)

    async def create_simple(self, delivery: Delivery, part: Part, message: Message, frame: Composed) -> Answer:
        """Create it once more, with plainer text."""
        return await self._create(delivery, part, message, frame, is_simple=True)

    async def _create(
        self, delivery: Delivery, part: Part, message: Message, frame: Composed, *, is_simple: bool
    ) -> Answer:
        mark = marker_of(delivery, part)
        role = frame.allowed_role
        if delivery.schedule.target is TargetKind.FORUM:
            if part.number:
                return await self._post_into(delivery, part, message, role, is_simple=is_simple)
            body = bodies.forum_post(message, mark, frame.title, role, is_simple=is_simple)
            route = Route("POST", "/channels/{channel_id}/threads", channel_id=delivery.schedule.channel_id)
            answer, data = await self._wire.ask_once(route, body)
            if not answer.is_success:
                return answer
            return replace(answer, message_id=int(data["id"]), channel_id=int(data["id"]))
        channel, problem = await self._channel(delivery)
        if problem is not None:
            return problem
        body = bodies.plain(message, mark, part.nonce, role, is_simple=is_simple)
        return await self._post(channel, body)

    async def _post_into(
        self, delivery: Delivery, part: Part, message: Message, role: int | None, *, is_simple: bool
    ) -> Answer:
        """Create a further part in the forum post that the first part opened."""
        body = bodies.plain(message, marker_of(delivery, part), part.nonce, role, is_simple=is_simple)
        thread = delivery.parts[0].message_id if delivery.parts else None
        return await self._post(thread or delivery.channel_id, body)

    async def _post(self, channel_id: int, body: Json) -> Answer:
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
        answer, data = await self._wire.ask(route, body)
        if not answer.is_success:
            return answer
        return replace(answer, message_id=int(data["id"]), channel_id=channel_id)

    async def _channel(self, delivery: Delivery) -> tuple[int, Answer | None]:
        """Give the channel to send into; a person's DM is opened first, which is the same one every time."""
        if delivery.schedule.target is not TargetKind.DM:
            return delivery.channel_id, None
        return await self._open_dm(delivery.schedule.place.discord_id)

    async def _open_dm(self, user_id: int) -> tuple[int, Answer | None]:
        answer, data = await self._wire.ask(Route("POST", "/users/@me/channels"), {"recipient_id": str(user_id)})
        return (int(data["id"]), None) if answer.is_success else (0, answer)

    async def direct(self, user_id: int, body: Json) -> Answer:
        """Send a message to a person's DM, which is opened first."""
        channel, problem = await self._open_dm(user_id)
        return problem or await self._post(channel, body)

    async def unarchive(self, delivery: Delivery) -> Answer:
        """Wake an archived thread."""
        return await self._wake(delivery.channel_id)

    async def _wake(self, thread_id: int) -> Answer:
        route = Route("PATCH", "/channels/{channel_id}", channel_id=thread_id)
        return (await self._wire.ask(route, {"archived": False}))[0]

    # After a send

    async def dress(self, delivery: Delivery, part: Part, message: Message, frame: Composed) -> Answer:
        """Do all that follows a create, each of it harmless when repeated: edit, publish, open a discussion."""
        settings, channel_id, message_id = delivery.schedule.settings, delivery.channel_id, part.message_id or 0
        done = Answer(200)
        if bodies.is_dressed_by(delivery.schedule, message):
            done = await self.edit(channel_id, message_id, bodies.dressed(message, marker_of(delivery, part)))
        if done.is_success and settings.publish and delivery.schedule.target is TargetKind.ANNOUNCEMENT:
            done = await self._once(_on_message("POST", channel_id, message_id, "/crosspost"), None, 40033)
        if done.is_success and settings.discussion and part.number == 0 and bodies.can_have_thread(delivery.schedule):
            body = {"name": bodies.thread_title(frame.title, delivery.local_date.isoformat())}
            done = await self._once(_on_message("POST", channel_id, message_id, "/threads"), body, 160004)
        return done

    async def _once(self, route: Route, body: Json | None, done_already: int) -> Answer:
        answer, _ = await self._wire.ask(route, body)
        return Answer(200) if answer.code == done_already else answer

    async def edit(self, channel_id: int, message_id: int, body: Json) -> Answer:
        """Edit one of our messages; an archived thread is woken for it."""
        route = _on_message("PATCH", channel_id, message_id)
        answer, _ = await self._wire.ask(route, body)
        if decide(answer) is Do.UNARCHIVE:
            woken = await self._wake(channel_id)
            answer = (await self._wire.ask(route, body))[0] if woken.is_success else woken
        return answer

    # Looking

    async def find(self, delivery: Delivery, part: Part, since: datetime) -> Sighting:
        """Look for a part in its channel's history, newest first, back to `since`."""
        channel, problem = await self._channel(delivery)
        if problem is not None:
            return Sighting(Sight.FAILED, answer=problem)
        return await self._history.find(delivery, part, since, channel)

    # Telling

    async def tell(self, notice: Notice) -> Answer:
        """Send a notice to the place's private channel for notices; to who set it up where there is none."""
        answer = Answer(404)
        for channel in self._notice_channels(notice):
            answer = await self._tell_in(channel, notice)
            if answer.status is None or answer.is_success or answer.status == 429 or answer.status >= 500:
                return answer
        if person := notice.place.set_up_by:
            channel, problem = await self._open_dm(person)
            answer = problem or await self._tell_in(channel, notice)
        return answer

    async def _tell_in(self, channel: int, notice: Notice) -> Answer:
        first, *then = ({**body, "allowed_mentions": bodies.mentions(None)} for body in self._say(notice))
        mark = f"{channel} {notice.cause} {notice.is_off}"  # asked again after no answer, it is one message
        number = nonce(notice.schedule.key, notice.local_date or notice.schedule.next_date, mark, 0)
        answer = await self._post(channel, first | {"nonce": number, "enforce_nonce": True})
        for body in then if answer.is_success and answer.message_id else ():
            await self.edit(channel, answer.message_id or 0, body)  # if it fails, the plain notice stands
        return answer

    def _notice_channels(self, notice: Notice) -> list[int]:
        guild = self._client.get_guild(notice.place.discord_id)
        if notice.place.kind is not PlaceKind.SERVER or guild is None:
            return []
        updates = guild.public_updates_channel
        wanted = [notice.place.notices_channel, updates.id if updates else None]
        return [channel for channel in wanted if channel is not None and not self._access.missing(channel)]

    async def ask_time(self) -> None:
        """Make one cheap request, for the `Date` of its answer."""
        await self._wire.ask(Route("GET", "/gateway"))


def _on_message(method: str, channel_id: int, message_id: int, what: str = "") -> Route:
    path = "/channels/{channel_id}/messages/{message_id}" + what
    return Route(method, path, channel_id=channel_id, message_id=message_id)
