"""Threads and forums."""

from bot.loopback import Loopback
from bot.loopback.guilds import Channel, Kind
from tests.wire.rest.asking import Rest, path


async def test_a_message_carries_one_thread(rest: Rest, loopback: Loopback) -> None:
    general = loopback.world.channel("general")
    posted = await rest("POST", path(general), {"content": "x"})
    address = path(general, posted.body["id"], "threads")
    started = await rest("POST", address, {"name": "Talk"})
    assert (started.status, started.body["id"]) == (201, posted.body["id"])
    assert (await rest("POST", address, {"name": "Talk"})).code == (400, 160004)
    assert (await rest("POST", path(general, 1, "threads"), {"name": "Talk"})).code == (404, 10008)
    assert (await rest("POST", path(general, posted.body["id"], "threads"), {"name": ""})).status == 400
    assert (await rest("PUT", f"/channels/{started.body['id']}/thread-members/@me")).status == 204
    assert (await rest("POST", f"/channels/{started.body['id']}/messages", {"content": "y"})).status == 200


async def test_an_archived_thread_takes_nothing_until_it_is_woken(rest: Rest, loopback: Loopback) -> None:
    thread = loopback.world.add_thread(loopback.world.channel("general"), "Talk", loopback.world.bot)
    posted = await rest("POST", path(thread), {"content": "x"})
    loopback.world.change_channel(thread, archived=True)
    assert (await rest("POST", path(thread), {"content": "x"})).code == (400, 50083)
    assert (await rest("PATCH", path(thread, posted.body["id"]), {"content": "y"})).code == (400, 50083)
    woken = await rest("PATCH", f"/channels/{thread.id}", {"archived": False})
    assert woken.body["thread_metadata"]["archived"] is False
    assert (await rest("POST", path(thread), {"content": "x"})).status == 200


async def test_a_locked_thread_and_a_channel_need_more_permission(
    rest: Rest, loopback: Loopback, news: Channel
) -> None:
    thread = loopback.world.add_thread(loopback.world.channel("general"), "Talk", loopback.world.bot)
    loopback.world.change_channel(thread, archived=True, locked=True)
    assert (await rest("PATCH", f"/channels/{thread.id}", {"archived": False})).code == (403, 50013)
    assert (await rest("PATCH", f"/channels/{news.id}", {"name": "x"})).code == (403, 50013)


async def test_a_forum_post_comes_with_its_first_message(rest: Rest, loopback: Loopback) -> None:
    (guild,) = loopback.world.guilds.values()
    forum = loopback.world.add_channel(guild, "stories", Kind.FORUM)
    address = f"/channels/{forum.id}/threads"
    posted = await rest("POST", address, {"name": "Briefing", "message": {"content": "x"}})
    assert (posted.status, posted.body["message"]["id"]) == (201, posted.body["id"])
    assert (await rest("POST", path(forum), {"content": "x"})).code == (400, 50024)
    assert (await rest("POST", address, {"name": "Briefing"})).code == (400, 50006)
    assert (await rest("POST", address, {"name": "Briefing", "message": {"content": ""}})).code == (400, 50006)
    assert len([c for c in guild.channels.values() if c.kind.is_thread]) == 1


async def test_a_thread_can_be_opened_without_a_message(rest: Rest, loopback: Loopback) -> None:
    general = loopback.world.channel("general")
    reply = await rest("POST", f"/channels/{general.id}/threads", {"name": "Talk", "type": 11})
    assert (reply.status, reply.body["parent_id"]) == (201, str(general.id))
