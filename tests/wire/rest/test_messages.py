"""Messages: posts, edits, nonces, history, publishing and files, as Discord takes and refuses them."""

import json

import aiohttp
import pytest

from bot.clock import SimulatedClock
from bot.loopback import Loopback
from bot.loopback.guilds import Channel
from bot.loopback.permissions import Permission
from tests.wire.rest.asking import Json, Rest, forbid, path

POSTS = {
    "the channel is hidden": (Permission.VIEW_CHANNEL, {"content": "x"}, 50001),
    "it may not send": (Permission.SEND_MESSAGES, {"content": "x"}, 50013),
    "it may not embed": (Permission.EMBED_LINKS, {"embeds": [{"title": "x"}]}, 50013),
}


@pytest.mark.parametrize(("what", "body", "code"), POSTS.values(), ids=POSTS)
async def test_the_bot_can_not_post_when(
    rest: Rest, loopback: Loopback, news: Channel, what: Permission, body: Json, code: int
) -> None:
    forbid(loopback, news, what)
    assert (await rest("POST", path(news), body)).code == (403, code)


async def test_a_body_that_is_no_json_is_refused(rest: Rest, news: Channel) -> None:
    reply = await rest("POST", path(news), data=b"{", headers={"Content-Type": "application/json"})
    assert reply.code == (400, 50109)
    assert (await rest("POST", path(news), [])).code == (400, 50109)


ODD: dict[str, Json] = {
    "embeds that are texts": {"embeds": ["x"]},
    "attachments that are numbers": {"content": "x", "attachments": [1]},
    "mentions of numbers": {"content": "x", "allowed_mentions": {"parse": 5}},
    "fields that are numbers": {"embeds": [{"fields": [1]}]},
}


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
async def test_a_shape_no_client_sends_is_refused(rest: Rest, news: Channel, body: Json) -> None:
    assert (await rest("POST", path(news), body)).code in ((400, 50035), (403, 50013))


async def test_a_refused_body_says_where_and_why(rest: Rest, news: Channel) -> None:
    reply = await rest("POST", path(news), {"content": "a" * 2001})
    assert reply.code == (400, 50035)
    assert reply.body["errors"]["content"]["_errors"][0]["code"] == "BASE_TYPE_BAD_LENGTH"


async def test_a_nonce_gives_the_first_message_back_until_its_window_is_over(
    rest: Rest, loopback: Loopback, news: Channel, clock: SimulatedClock
) -> None:
    body = {"content": "x", "nonce": "n", "enforce_nonce": True}
    first = await rest("POST", path(news), body)
    again = await rest("POST", path(news), body | {"content": "y"})
    assert (again.body["id"], again.body["content"]) == (first.body["id"], "x")
    await clock.advance(loopback.world.messages.nonce_window_s + 1)
    assert (await rest("POST", path(news), body)).body["id"] != first.body["id"]


async def test_a_nonce_of_a_deleted_message_is_an_unknown_message(rest: Rest, news: Channel) -> None:
    body = {"content": "x", "nonce": "n", "enforce_nonce": True}
    first = await rest("POST", path(news), body)
    await rest("DELETE", path(news, first.body["id"]))
    assert (await rest("POST", path(news), body)).code == (404, 10008)


async def test_a_nonce_that_is_not_enforced_does_not_hold(rest: Rest, loopback: Loopback, news: Channel) -> None:
    for _ in range(2):
        await rest("POST", path(news), {"content": "x", "nonce": "n"})
    assert len(loopback.world.messages.history(news)) == 2


async def test_only_own_messages_can_be_edited_and_others_deleted_with_permission(
    rest: Rest, loopback: Loopback
) -> None:
    general = loopback.world.channel("general")
    theirs = loopback.people.say("member", "#general", "Hello")
    assert (await rest("PATCH", path(general, theirs.id), {"content": "x"})).code == (403, 50005)
    assert (await rest("DELETE", path(general, theirs.id))).code == (403, 50013)
    mine = await rest("POST", path(general), {"content": "x"})
    assert (await rest("PATCH", path(general, mine.body["id"]), {"content": "y"})).body["edited_timestamp"]
    assert (await rest("DELETE", path(general, mine.body["id"]))).status == 204


async def test_without_read_message_history_the_list_is_empty_and_a_message_forbidden(
    rest: Rest, loopback: Loopback, news: Channel
) -> None:
    posted = await rest("POST", path(news), {"content": "x"})
    forbid(loopback, news, Permission.READ_MESSAGE_HISTORY)
    assert (await rest("GET", path(news))).body == []
    assert (await rest("GET", path(news, posted.body["id"]))).code == (403, 50001)


async def test_history_takes_limits_of_1_to_100(rest: Rest, news: Channel) -> None:
    ids = [(await rest("POST", path(news), {"content": str(n)})).body["id"] for n in range(3)]
    listed = await rest("GET", f"{path(news)}?limit=2&before={ids[2]}")
    assert [message["id"] for message in listed.body] == [ids[1], ids[0]]
    assert (await rest("GET", f"{path(news)}?limit=101")).code == (400, 50035)


async def test_a_message_is_published_once_and_in_announcement_channels_only(
    rest: Rest, loopback: Loopback, news: Channel
) -> None:
    channel = loopback.world.channel("announcements")
    posted = await rest("POST", path(channel), {"content": "x"})
    assert (await rest("POST", path(channel, posted.body["id"], "crosspost"))).body["flags"] & 1
    assert (await rest("POST", path(channel, posted.body["id"], "crosspost"))).code == (400, 40033)
    elsewhere = await rest("POST", path(news), {"content": "x"})
    assert (await rest("POST", path(news, elsewhere.body["id"], "crosspost"))).code == (400, 50024)


async def test_publishing_is_limited_to_ten_an_hour(rest: Rest, loopback: Loopback, clock: SimulatedClock) -> None:
    channel = loopback.world.channel("announcements")
    statuses = []
    for _ in range(11):
        posted = await rest("POST", path(channel), {"content": "x"})
        statuses.append((await rest("POST", path(channel, posted.body["id"], "crosspost"))).status)
    assert statuses == [200] * 10 + [429]
    await clock.advance(3600)
    assert (await rest("POST", path(channel, posted.body["id"], "crosspost"))).status == 200


async def test_somebody_elses_message_is_published_with_manage_messages_only(rest: Rest, loopback: Loopback) -> None:
    channel = loopback.world.channel("announcements")
    theirs = loopback.people.say("admin", channel, "News")
    assert (await rest("POST", path(channel, theirs.id, "crosspost"))).code == (403, 50013)


async def test_a_closed_dm_refuses_when_something_is_sent(rest: Rest, loopback: Loopback) -> None:
    member = loopback.world.person("member")
    opened = await rest("POST", "/users/@me/channels", {"recipient_id": str(member.id)})
    assert opened.body["type"] == 1
    member.takes_dms = False
    reply = await rest("POST", f"/channels/{opened.body['id']}/messages", {"content": "x"})
    assert reply.code == (403, 50007)
    assert (await rest("POST", "/users/@me/channels", {"recipient_id": "1"})).code == (404, 10013)


async def test_files_come_with_a_json_part_and_are_served_back(rest: Rest, loopback: Loopback) -> None:
    general = loopback.world.channel("general")
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("payload_json", json.dumps({"content": "", "attachments": [{"id": 0, "description": "A list"}]}))
    form.add_field("files[0]", b"<opml/>", filename="sources.opml", content_type="text/xml")
    posted = await rest("POST", path(general), data=form)
    (attachment,) = posted.body["attachments"]
    assert (attachment["filename"], attachment["size"], attachment["description"]) == ("sources.opml", 7, "A list")
    assert (await rest("GET", attachment["url"])).body == b"<opml/>"
    assert (await rest("GET", "https://cdn.discordapp.com/attachments/1/2/x")).status == 404
    kept = await rest("PATCH", path(general, posted.body["id"]), {"attachments": [{"id": attachment["id"]}]})
    assert len(kept.body["attachments"]) == 1
    emptied = await rest("PATCH", path(general, posted.body["id"]), {"content": "x", "attachments": []})
    assert emptied.body["attachments"] == []


async def test_files_need_attach_files(rest: Rest, loopback: Loopback, news: Channel) -> None:
    forbid(loopback, news, Permission.ATTACH_FILES)
    form = aiohttp.FormData()
    form.add_field("files[0]", b"x", filename="a.txt")
    form.add_field("payload_json", "{}")
    assert (await rest("POST", path(news), data=form)).code == (403, 50013)


async def test_typing_is_shown_where_the_bot_may_write(rest: Rest, loopback: Loopback, news: Channel) -> None:
    assert (await rest("POST", f"/channels/{news.id}/typing")).status == 204
