"""Who and where: the stand-in's servers, channels and commands, in Discord's shapes, by the injected clock."""

from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from bot.clock import SimulatedClock
from bot.loopback import Loopback
from bot.loopback.guilds import Channel
from tests.wire.rest.asking import NOW, Rest, path


async def test_every_answer_carries_discords_time_and_via(rest: Rest, clock: SimulatedClock) -> None:
    await clock.advance(60)
    reply = await rest("GET", "/users/@me")
    assert parsedate_to_datetime(reply.headers["Date"]) == NOW + timedelta(minutes=1)
    assert reply.headers["Via"]
    assert reply.headers["X-RateLimit-Bucket"]


async def test_a_skewed_discord_shows_in_date_and_ids(rest: Rest, loopback: Loopback, news: Channel) -> None:
    loopback.world.time.skew = timedelta(minutes=10)
    reply = await rest("POST", path(news), {"content": "x"})
    assert parsedate_to_datetime(reply.headers["Date"]) == NOW + timedelta(minutes=10)
    assert reply.body["timestamp"] == (NOW + timedelta(minutes=10)).isoformat()


async def test_a_wrong_token_is_unauthorized(rest: Rest, loopback: Loopback) -> None:
    loopback.token = "another"
    assert (await rest("GET", "/users/@me")).status == 401
    assert (await rest("GET", "/users/@me", headers={"Authorization": "Bot another"})).status == 200
    assert (await rest("GET", "/users/@me", headers={"Authorization": ""})).status == 401


THERE = {
    "the application": ("/oauth2/applications/@me", "name", "Dateline"),
    "the gateway": ("/gateway/bot", "shards", 1),
    "a server": ("/guilds/{guild}", "name", "Try-out"),
    "a server with counts": ("/guilds/{guild}?with_counts=true", "approximate_member_count", 4),
    "a channel": ("/channels/{channel}", "name", "news"),
    "a person": ("/users/{admin}", "username", "admin"),
    "a member": ("/guilds/{guild}/members/{admin}", "flags", 0),
    "threads": ("/guilds/{guild}/threads/active", "threads", []),
}


@pytest.mark.parametrize(("address", "name", "value"), THERE.values(), ids=THERE)
async def test_there_is(rest: Rest, loopback: Loopback, news: Channel, address: str, name: str, value: Any) -> None:
    ids = {"guild": news.guild_id, "channel": news.id, "admin": loopback.world.person("admin").id}
    reply = await rest("GET", address.format(**ids))
    assert (reply.status, reply.body[name]) == (200, value)


LISTED = {"channels": 4, "roles": 3}


@pytest.mark.parametrize(("what", "count"), LISTED.items(), ids=LISTED)
async def test_a_server_lists_its(rest: Rest, news: Channel, what: str, count: int) -> None:
    assert len((await rest("GET", f"/guilds/{news.guild_id}/{what}")).body) == count


MISSING = {
    "a channel": ("GET", "/channels/1", 10003),
    "a server": ("GET", "/guilds/1", 10004),
    "a person": ("GET", "/users/1", 10013),
    "a member": ("GET", "/guilds/{guild}/members/1", 10007),
    "a message": ("GET", "/channels/{channel}/messages/1", 10008),
    "an application": ("GET", "/applications/1/commands", 10002),
    "a command": ("GET", "/applications/{bot}/commands/1", 10063),
    "a command to delete": ("DELETE", "/applications/{bot}/commands/1", 10063),
    "a route": ("GET", "/nothing", 0),
}


@pytest.mark.parametrize(("method", "address", "code"), MISSING.values(), ids=MISSING)
async def test_there_is_no(rest: Rest, loopback: Loopback, news: Channel, method: str, address: str, code: int) -> None:
    ids = {"guild": news.guild_id, "channel": news.id, "bot": loopback.world.bot.id}
    assert (await rest(method, address.format(**ids))).code == (404, code)


async def test_the_bot_leaves_a_server(rest: Rest, loopback: Loopback, news: Channel) -> None:
    assert len((await rest("GET", "/users/@me/guilds")).body) == 1
    assert (await rest("DELETE", f"/users/@me/guilds/{news.guild_id}")).status == 204
    assert (await rest("GET", f"/guilds/{news.guild_id}")).code == (404, 10004)


async def test_commands_are_changed_one_by_one(rest: Rest, loopback: Loopback, news: Channel) -> None:
    base = f"/applications/{loopback.world.bot.id}"
    made = await rest("POST", f"{base}/commands", {"name": "a", "description": "b"})
    one = f"{base}/commands/{made.body['id']}"
    assert (await rest("PATCH", one, {"description": "c"})).body["description"] == "c"
    assert (await rest("GET", one)).body["description"] == "c"
    assert (await rest("DELETE", one)).status == 204
    scoped = f"{base}/guilds/{news.guild_id}/commands"
    await rest("PUT", scoped, [{"name": "a", "description": "b"}])
    assert (await rest("GET", scoped)).body[0]["guild_id"] == str(news.guild_id)
