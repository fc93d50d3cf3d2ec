"""Who and where over REST: the bot, users, DMs, guilds, channels, roles, members, threads, the gateway's address."""

from datetime import UTC, datetime
from typing import Any

from bot.loopback import judge, limits, problems
from bot.loopback.guilds import Channel, Kind
from bot.loopback.messages import Extra
from bot.loopback.permissions import Permission
from bot.loopback.rest import NOTHING, Answer, Call, Route, Routes, Stand
from bot.loopback.rest_messages import check_post, post
from bot.loopback.verdict import Verdict

Json = dict[str, Any]


def me(stand: Stand, _call: Call) -> Answer:
    """Give the bot's own account."""
    return Answer(stand.world.bot.json() | {"verified": True, "mfa_enabled": True, "email": None, "flags": 0})


def application(stand: Stand, _call: Call) -> Answer:
    """Give the bot's application."""
    world = stand.world
    return Answer(
        {
            "id": str(world.bot.id),
            "name": world.bot.label,
            "icon": None,
            "description": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "owner": world.owner.json(),
            "team": None,
            "flags": 0,
            "bot": world.bot.json(),
            "approximate_guild_count": len(world.bot_guilds()),
            "integration_types_config": {"0": {}},
        }
    )


def gateway_bot(stand: Stand, _call: Call) -> Answer:
    """Tell where the gateway is and how many shards to use."""
    limit = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
    return Answer({"url": stand.gateway_url, "shards": stand.shards, "session_start_limit": limit})


def user(stand: Stand, call: Call) -> Answer:
    """Give an account."""
    found = stand.world.users.get(call.number("user_id"))
    if found is None:
        raise problems.unknown("User")
    return Answer(found.json())


def open_dm(stand: Stand, call: Call) -> Answer:
    """Open the DM with a person; whether it takes messages shows when one is sent."""
    found = stand.world.users.get(int(call.fields.get("recipient_id") or 0))
    if found is None:
        raise problems.unknown("User")
    return Answer(stand.world.direct(found).json())


def my_guilds(stand: Stand, _call: Call) -> Answer:
    """List the guilds the bot is in."""
    return Answer([{"id": str(guild.id), "name": guild.name} for guild in stand.world.bot_guilds()])


def leave(stand: Stand, call: Call) -> Answer:
    """Let the bot leave a guild."""
    stand.world.remove_bot(stand.guild(call))
    return NOTHING


def guild(stand: Stand, call: Call) -> Answer:
    """Give a guild."""
    found = stand.guild(call)
    counts = {"approximate_member_count": found.member_count} if call.query.get("with_counts") else {}
    return Answer(found.json() | counts)


def guild_channels(stand: Stand, call: Call) -> Answer:
    """List the channels of a guild."""
    channels = stand.guild(call).channels.values()
    return Answer([channel.json() for channel in channels if not channel.kind.is_thread])


def guild_roles(stand: Stand, call: Call) -> Answer:
    """List the roles of a guild."""
    return Answer([role.json() for role in stand.guild(call).roles.values()])


def member(stand: Stand, call: Call) -> Answer:
    """Give a member."""
    found = stand.guild(call).members.get(call.number("user_id"))
    if found is None:
        raise problems.unknown("Member")
    return Answer(found.json())


def active_threads(stand: Stand, call: Call) -> Answer:
    """List the open threads of a guild."""
    channels = stand.guild(call).channels.values()
    threads = [channel.json() for channel in channels if channel.kind.is_thread and not channel.archived]
    return Answer({"threads": threads, "members": [], "has_more": False})


def archived_threads(stand: Stand, call: Call) -> Answer:
    """Give a page of a channel's archived public threads, the one archived last first."""
    parent = stand.channel(call)
    if Permission.READ_MESSAGE_HISTORY not in stand.world.permissions(stand.world.bot, parent):
        raise problems.missing_access()
    guild = stand.world.guild_of(parent)
    before = datetime.fromisoformat(call.query["before"]) if "before" in call.query else None
    found = [
        (thread.archived_at or thread.created or datetime.min.replace(tzinfo=UTC), thread)
        for thread in (guild.channels.values() if guild else ())
        if thread.kind.is_thread and thread.archived and thread.parent_id == parent.id
    ]
    older = sorted((one for one in found if before is None or one[0] < before), key=lambda one: one[0], reverse=True)
    limit = int(call.query.get("limit", "50"))
    page = [thread.json() for _, thread in older[:limit]]
    return Answer({"threads": page, "members": [], "has_more": len(older) > limit})


def channel(stand: Stand, call: Call) -> Answer:
    """Give a channel."""
    return Answer(stand.channel(call).json())


def change_channel(stand: Stand, call: Call) -> Answer:
    """Change a thread: archive it or wake it (locked ones need Manage Threads); other channels need Manage Channels."""
    found = stand.channel(call)
    body = call.fields
    if not found.kind.is_thread:
        stand.require(found, Permission.MANAGE_CHANNELS)
    elif found.locked or "locked" in body or "name" in body:
        stand.require(found, Permission.MANAGE_THREADS)
    else:
        stand.require(found, Permission.SEND_MESSAGES_IN_THREADS)
    known = {name: body[name] for name in ("name", "archived", "locked", "topic") if name in body}
    stand.world.change_channel(found, **known)
    return Answer(found.json())


def start_thread(stand: Stand, call: Call) -> Answer:
    """Open a post in a forum (with its first message), or a thread without a message."""
    parent = stand.channel(call)
    name = _thread_name(call.fields)
    if parent.kind is not Kind.FORUM:
        stand.require(parent, Permission.CREATE_PUBLIC_THREADS)
        return Answer(stand.world.add_thread(parent, name, stand.world.bot).json(), 201)
    stand.require(parent, Permission.SEND_MESSAGES)
    message = call.fields.get("message")
    if not isinstance(message, dict):
        raise problems.empty_message()
    check_post_in_forum(stand, parent, message, call)
    judge.judge_message(message, known=judge.FORUM, files=[upload.name for upload in call.uploads])
    thread = stand.world.add_thread(parent, name, stand.world.bot)
    first = post(stand, thread, call, known=judge.FORUM, body=message, extra=Extra(message_id=thread.id))
    return Answer(thread.json() | {"message": first.json()}, 201)


def check_post_in_forum(stand: Stand, parent: Channel, message: Json, call: Call) -> None:
    """Insist on what the first message of a forum post needs."""
    probe = Channel(parent.id, Kind.TEXT, parent.name, parent.guild_id, overwrites=parent.overwrites)
    check_post(stand, probe, message, call)


def start_thread_at(stand: Stand, call: Call) -> Answer:
    """Open the thread of a message; it gets the message's id."""
    parent = stand.channel(call, needs=Permission.CREATE_PUBLIC_THREADS)
    message = stand.world.messages.find(parent, call.number("message_id"))
    if message is None:
        raise problems.unknown("Message")
    if message.id in stand.world.channels:
        raise problems.thread_exists()
    thread = stand.world.add_thread(parent, _thread_name(call.fields), stand.world.bot, thread_id=message.id)
    message.about["thread"] = thread.json()
    return Answer(thread.json(), 201)


def join_thread(stand: Stand, call: Call) -> Answer:
    """Let the bot join a thread."""
    stand.channel(call)
    return NOTHING


def _thread_name(body: Json) -> str:
    verdict = Verdict()
    verdict.text(("name",), body.get("name"), 1, limits.THREAD_NAME)
    verdict.enforce()
    return str(body["name"])


ROUTES: Routes = (
    Route("GET", "/users/@me", me),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
    Route("GET", "/gateway/bot", gateway_bot),
    Route("GET", "/gateway", gateway_bot, token=False),
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave),
    Route("GET", "/users/{user_id}", user),
    Route("GET", "/guilds/{guild_id}", guild),
    Route("GET", "/guilds/{guild_id}/channels", guild_channels),
    Route("GET", "/guilds/{guild_id}/roles", guild_roles),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", member),
    Route("GET", "/guilds/{guild_id}/threads/active", active_threads),
    Route("GET", "/channels/{channel_id}/threads/archived/public", archived_threads),
    Route("GET", "/channels/{channel_id}", channel),
    Route("PATCH", "/channels/{channel_id}", change_channel),
    Route("POST", "/channels/{channel_id}/threads", start_thread),
    Route("POST", "/channels/{channel_id}/messages/{message_id}/threads", start_thread_at),
    Route("PUT", "/channels/{channel_id}/thread-members/@me", join_thread),
)
