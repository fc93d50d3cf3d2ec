"""Messages over REST: create with nonce, edit, delete, history, crosspost, files."""

from dataclasses import replace
from typing import Any

from bot.loopback import judge, limits, problems
from bot.loopback.guilds import Channel, Kind
from bot.loopback.mentions import pings
from bot.loopback.messages import Attachment, Extra, Message
from bot.loopback.permissions import Permission
from bot.loopback.rest import NOTHING, Answer, Call, Route, Routes, Stand

Json = dict[str, Any]


def create(stand: Stand, call: Call) -> Answer:
    """Post a message; with `enforce_nonce` a repeated nonce gives the first message back."""
    channel = stand.channel(call)
    check_post(stand, channel, call.fields, call)
    again = _sent_before(stand, call.fields)
    if again is not None:
        return Answer(again.json())
    return Answer(post(stand, channel, call, known=judge.CREATE).json())


def _sent_before(stand: Stand, body: Json) -> Message | None:
    nonce = body.get("nonce")
    if nonce is None or not body.get("enforce_nonce"):
        return None
    used, message = stand.world.messages.sent_with(str(nonce))
    if used and message is None:
        raise problems.unknown("Message")
    return message


def check_post(stand: Stand, channel: Channel, body: Json, call: Call) -> None:
    """Insist on everything a post in this channel needs."""
    if channel.recipient is not None:
        if not channel.recipient.takes_dms:
            raise problems.closed_dm()
        return
    in_thread = channel.kind.is_thread
    needs = Permission.SEND_MESSAGES_IN_THREADS if in_thread else Permission.SEND_MESSAGES
    if body.get("embeds"):
        needs |= Permission.EMBED_LINKS
    if call.uploads:
        needs |= Permission.ATTACH_FILES
    stand.require(channel, needs)
    if channel.archived:
        raise problems.archived_thread()
    if channel.kind in (Kind.FORUM, Kind.CATEGORY):
        raise problems.wrong_channel_type()


def post(
    stand: Stand,
    channel: Channel,
    call: Call,
    *,
    known: frozenset[str],
    body: Json | None = None,
    extra: Extra | None = None,
) -> Message:
    """Judge a body and let the message stand."""
    body = call.fields if body is None else body
    extra = extra or Extra()
    world = stand.world
    draft = judge.judge_message(body, known=known, files=[upload.name for upload in call.uploads])
    pinged = pings(world, channel, world.bot, draft, body.get("allowed_mentions"))
    mentions = [world.users[user_id].json() for user_id in pinged.users]
    nonce = body.get("nonce")
    complete = replace(
        extra,
        attachments=attach(stand, call, body),
        nonce=None if nonce is None else str(nonce),
        pings=pinged,
        about={"mentions": mentions} | extra.about,
    )
    message = world.messages.create(channel, world.bot, draft, complete)
    world.messages.remember_nonce(message)
    return message


def attach(stand: Stand, call: Call, body: Json) -> tuple[Attachment, ...]:
    """Make attachments of the uploads, with the descriptions the body gives by index."""
    listed = body.get("attachments") or []
    about = {str(item.get("id")): item for item in listed if isinstance(item, dict)}
    return tuple(
        Attachment(
            stand.world.time.snowflake(),
            upload.name,
            upload.content,
            upload.content_type,
            about.get(str(index), {}).get("description"),
        )
        for index, upload in enumerate(call.uploads)
    )


def rewrite(stand: Stand, message: Message, call: Call, *, known: frozenset[str], body: Json | None = None) -> Message:
    """Judge an edit against what stands and apply it; an edit notifies nobody."""
    body = call.fields if body is None else body
    kept = message.attachments
    if isinstance(listed := body.get("attachments"), list):
        ids = {str(item.get("id")) for item in listed}
        kept = tuple(attachment for attachment in kept if str(attachment.id) in ids)
    names = [attachment.name for attachment in kept] + [upload.name for upload in call.uploads]
    draft = judge.judge_message(body, known=known, files=names, current=message.draft)
    stand.world.messages.edit(message, draft, (*kept, *attach(stand, call, body)))
    return message


def edit(stand: Stand, call: Call) -> Answer:
    """Edit one of the bot's own messages; sending permission is not asked for."""
    channel = stand.channel(call)
    message = _message(stand, channel, call)
    if message.author is not stand.world.bot:
        raise problems.not_the_author()
    if channel.archived:
        raise problems.archived_thread()
    return Answer(rewrite(stand, message, call, known=judge.EDIT).json())


def delete(stand: Stand, call: Call) -> Answer:
    """Delete a message; somebody else's needs Manage Messages."""
    channel = stand.channel(call)
    message = _message(stand, channel, call)
    if message.author is not stand.world.bot:
        stand.require(channel, Permission.MANAGE_MESSAGES)
    stand.world.messages.delete(message)
    return NOTHING


def fetch(stand: Stand, call: Call) -> Answer:
    """Give one message."""
    channel = stand.channel(call)
    if Permission.READ_MESSAGE_HISTORY not in stand.world.permissions(stand.world.bot, channel):
        raise problems.missing_access()
    return Answer(_message(stand, channel, call).json())


def history(stand: Stand, call: Call) -> Answer:
    """Give a page of messages; without Read Message History it is empty, not an error."""
    channel = stand.channel(call)
    if Permission.READ_MESSAGE_HISTORY not in stand.world.permissions(stand.world.bot, channel):
        return Answer([])
    limit = int(call.query.get("limit", "50"))
    if not 1 <= limit <= 100:
        raise problems.Problem(400, 50035, "Invalid Form Body", {"limit": {"_errors": [{"code": "NUMBER_TYPE_MAX"}]}})
    bounds = {name: int(call.query[name]) for name in ("before", "after", "around") if name in call.query}
    return Answer([message.json() for message in stand.world.messages.history(channel, limit=limit, **bounds)])


def crosspost(stand: Stand, call: Call) -> Answer:
    """Publish a message of an announcement channel, once."""
    channel = stand.channel(call, needs=Permission.SEND_MESSAGES)
    message = _message(stand, channel, call)
    if channel.kind is not Kind.ANNOUNCEMENT:
        raise problems.wrong_channel_type()
    if message.author is not stand.world.bot:
        stand.require(channel, Permission.MANAGE_MESSAGES)
    if message.draft.flags & limits.CROSSPOSTED_FLAG:
        raise problems.already_crossposted()
    stand.world.messages.mark(message, limits.CROSSPOSTED_FLAG)
    return Answer(message.json())


def typing(stand: Stand, call: Call) -> Answer:
    """Show the bot typing."""
    stand.channel(call, needs=Permission.SEND_MESSAGES)
    return NOTHING


def _message(stand: Stand, channel: Channel, call: Call) -> Message:
    message = stand.world.messages.find(channel, call.number("message_id"))
    if message is None:
        raise problems.unknown("Message")
    return message


_ALL = "/channels/{channel_id}/messages"
_ONE = "/channels/{channel_id}/messages/{message_id}"
ROUTES: Routes = (
    Route("POST", _ALL, create),
    Route("GET", _ALL, history),
    Route("GET", _ONE, fetch),
    Route("PATCH", _ONE, edit),
    Route("DELETE", _ONE, delete),
    Route("POST", f"{_ONE}/crosspost", crosspost),
    Route("POST", "/channels/{channel_id}/typing", typing),
)
