"""Faults and limits that tests inject."""

import asyncio

import aiohttp
import pytest

from bot.clock import SimulatedClock
from bot.loopback import Fault, Loopback
from bot.loopback.faults import Kind as FaultKind
from bot.loopback.guilds import Channel
from bot.loopback.rates import Rates
from bot.loopback.traffic import CREATE
from tests.fakes.waiting import until
from tests.wire.rest.asking import SAY, Json, Rest, callback, opened, path


async def test_a_fault_before_does_nothing_and_a_fault_after_loses_the_answer(
    rest: Rest, loopback: Loopback, news: Channel
) -> None:
    loopback.faults.add(Fault(FaultKind.RESET, CREATE))
    loopback.faults.add(Fault(FaultKind.RESET, CREATE, when="after"))
    for stored in (0, 1):
        with pytest.raises(aiohttp.ClientError):
            await rest("POST", path(news), {"content": "x"})
        assert len(loopback.world.messages.history(news)) == stored
    assert (await rest("POST", path(news), {"content": "x"})).status == 200
    assert loopback.faults.struck == 2
    assert [request.status for request in loopback.traffic.of(CREATE)] == [0, 0, 200]


FAULTS = {
    "a bad gateway": (Fault(FaultKind.STATUS, CREATE), 502, None),
    "unavailable": (Fault(FaultKind.STATUS, CREATE, status=503), 503, None),
    "an answer of Discord's own": (
        Fault(FaultKind.REFUSE, CREATE, status=403, code=240000, message="Blocked"),
        403,
        {"code": 240000, "message": "Blocked"},
    ),
    "a limit of the route": (
        Fault(FaultKind.LIMIT, CREATE, retry_after_s=0.5),
        429,
        {"message": "You are being rate limited.", "retry_after": 0.5, "global": False},
    ),
    "the global limit": (
        Fault(FaultKind.LIMIT_GLOBAL, CREATE, retry_after_s=0.5),
        429,
        {"message": "You are being rate limited.", "retry_after": 0.5, "global": True},
    ),
}


@pytest.mark.parametrize(("fault", "status", "body"), FAULTS.values(), ids=FAULTS)
async def test_a_fault_answers(
    rest: Rest, loopback: Loopback, news: Channel, fault: Fault, status: int, body: Json | None
) -> None:
    loopback.faults.add(fault)
    reply = await rest("POST", path(news), {"content": "x"})
    assert reply.status == status
    assert body is None or reply.body == body
    assert reply.headers["Via"]


async def test_a_limit_without_via_is_no_json(rest: Rest, loopback: Loopback, news: Channel) -> None:
    loopback.faults.add(Fault(FaultKind.LIMIT_WITHOUT_VIA, lambda request: request.method == "POST"))
    reply = await rest("POST", path(news), {"content": "x"})
    assert (reply.status, "Via" in reply.headers) == (429, False)


async def test_a_request_that_hangs_is_cut_when_its_time_is_over(
    rest: Rest, loopback: Loopback, news: Channel, clock: SimulatedClock
) -> None:
    loopback.faults.add(Fault(FaultKind.HANG, CREATE, when="after", hang_s=30))
    request = asyncio.ensure_future(rest("POST", path(news), {"content": "x"}))
    await until(lambda: clock.next_wake is not None)  # it hangs
    assert not request.done()
    await clock.advance(30)
    with pytest.raises(aiohttp.ClientError):
        await request
    assert len(loopback.world.messages.history(news)) == 1


async def test_a_storm_is_the_same_for_the_same_seed(rest: Rest, loopback: Loopback, news: Channel) -> None:
    calm = (Fault(FaultKind.STATUS, status=503),)

    async def run() -> list[int]:
        loopback.faults.storm(7, 0.5, choices=calm)
        return [(await rest("POST", path(news), {"content": "x"})).status for _ in range(20)]

    first = await run()
    assert first == await run()
    assert set(first) == {200, 503}
    loopback.faults.clear()
    assert (await rest("POST", path(news), {"content": "x"})).status == 200


async def test_discord_can_be_down_and_come_back(rest: Rest, loopback: Loopback) -> None:
    loopback.faults.down()
    assert (await rest("GET", "/users/@me")).status == 503
    assert (await rest("GET", "https://gateway.discord.gg/")).status == 503
    loopback.faults.down(reset=True)
    for address in ("/users/@me", "https://gateway.discord.gg/"):
        with pytest.raises(aiohttp.ClientError):
            await rest("GET", address)
    loopback.faults.up()
    assert (await rest("GET", "/users/@me")).status == 200


async def test_the_rate_limiter_answers_429_above_its_rates(
    rest: Rest, loopback: Loopback, news: Channel, clock: SimulatedClock
) -> None:
    loopback.rates = Rates(clock, per_second=3, per_channel=2)
    replies = [await rest("POST", path(news), {"content": "x"}) for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 429, 429]
    assert [reply.body.get("global") for reply in replies[2:]] == [False, True]
    assert replies[3].headers["X-RateLimit-Global"] == "true"
    interaction = opened(loopback)
    assert (await rest("POST", callback(interaction), SAY)).status == 204
    await clock.advance(5)
    assert (await rest("POST", path(news), {"content": "x"})).status == 200
    assert loopback.rates.refused == 2
