"""The fetcher's manners, each against a publisher on loopback."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.clock import SimulatedClock
from bot.errors import SourceError, SourceFault
from bot.sources.answers import MAX_BYTES, Validators
from bot.sources.web import Limits, Web
from tests.fakes.publisher import NOON, Publisher, answer, never, open_web, publishing
from tests.fakes.waiting import PATIENCE_S

QUICK = Limits(connect_s=0.5, read_s=0.2, total_s=0.4)


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    async with publishing() as serving:
        yield serving


@pytest.fixture
async def client(publisher: Publisher) -> AsyncIterator[Web]:
    async with open_web(publisher) as opened:
        yield opened


async def fault(client: Web, url: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        await client.get(url)
    return caught.value


async def test_a_request_names_us_and_carries_nothing_else(publisher: Publisher, client: Web) -> None:
    publisher.replies["/feed"] = answer("x", Set_Cookie="a=b")
    await client.get(publisher.url() + "#part", subscribers=12)
    await client.get(publisher.url(), subscribers=1)
    first, second = publisher.asked
    assert first.headers["User-Agent"] == "Dateline/0 (+https://example.org; 12 subscribers)"
    assert second.headers["User-Agent"] == "Dateline/0 (+https://example.org; 1 subscriber)"
    assert first.headers["Accept"].startswith("application/rss+xml")
    assert first.path_qs == "/feed"
    for request in (first, second):
        assert not {"Cookie", "Referer", "If-None-Match", "If-Modified-Since"} & set(request.headers)


async def test_both_validators_go_back_verbatim_and_304_has_no_body(publisher: Publisher, client: Web) -> None:
    publisher.replies["/feed"] = answer("x", ETag='W/"é-1"'.replace("é", "e"), Last_Modified="Sun Nov 22 2026")
    fetched = await client.get(publisher.url())
    assert fetched.validators == Validators('W/"e-1"', "Sun Nov 22 2026")
    publisher.replies["/feed"] = answer(status=304, Last_Modified="new")
    again = await client.get(publisher.url(), known=fetched.validators)
    assert (again.is_unchanged, again.body, again.validators.last_modified) == (True, b"", "new")
    assert publisher.asked[1].headers["If-None-Match"] == 'W/"e-1"'
    assert publisher.asked[1].headers["If-Modified-Since"] == "Sun Nov 22 2026"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, SourceFault.REFUSED), (403, SourceFault.REFUSED), (451, SourceFault.REFUSED),
        (404, SourceFault.NOT_FOUND), (410, SourceFault.GONE), (429, SourceFault.RATE_LIMITED),
        (503, SourceFault.RATE_LIMITED), (500, SourceFault.SERVER_ERROR), (502, SourceFault.SERVER_ERROR),
        (204, SourceFault.UNREACHABLE), (418, SourceFault.UNREACHABLE),
    ],
)  # fmt: skip
async def test_a_status_becomes_a_reason(publisher: Publisher, client: Web, status: int, kind: SourceFault) -> None:
    publisher.replies["/feed"] = answer(status=status)
    error = await fault(client, publisher.url())
    assert (error.kind, error.reason) == (kind, f"it answered {status}")


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0), ("0", 0.0), ("99999999", 604_800.0), ("Sun, 22 Nov 2026 13:00:00 GMT", 3600.0),
        ("Sun, 22 Nov 2020 13:00:00 GMT", 0.0), ("soon", None), ("", None), ("-5", None), ("٣", None),
    ],
)  # fmt: skip
async def test_retry_after_is_seconds_or_a_date(
    publisher: Publisher, client: Web, value: str, seconds: float | None
) -> None:
    publisher.replies["/feed"] = answer(status=429, Retry_After=value)
    assert (await fault(client, publisher.url())).retry_after_s == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Cache_Control": "public, max-age=3600"}, 3600.0),
        ({"Cache_Control": "no-cache, max-age=3600"}, 0.0),
        ({"Expires": "Sun, 22 Nov 2026 13:00:00 GMT", "Date": "Sun, 22 Nov 2026 12:30:00 GMT"}, 1800.0),
        ({"Expires": "0"}, 0.0),
        ({}, 0.0),
    ],
)
async def test_freshness_is_what_the_answer_says(
    publisher: Publisher, client: Web, headers: dict[str, Any], seconds: float
) -> None:
    publisher.replies["/feed"] = answer("x", **headers)
    assert (await client.get(publisher.url())).fresh_s == seconds


# --- redirects


@pytest.mark.parametrize(
    ("statuses", "is_permanent"),
    [
        ((301,), True),
        ((308,), True),
        ((301, 308), True),
        ((302,), False),
        ((303,), False),
        ((307,), False),
        ((301, 302), False),
    ],
)
async def test_only_a_chain_of_permanent_redirects_moves_a_feed(
    publisher: Publisher,
    client: Web,
    statuses: tuple[int, ...],
    is_permanent: bool,  # noqa: FBT001
) -> None:
    for number, status in enumerate(statuses):
        publisher.replies[f"/{number}"] = answer(status=status, Location=f"/{number + 1}")
    end = f"/{len(statuses)}"
    publisher.replies[end] = answer("x")
    fetched = await client.get(publisher.url("/0"))
    assert fetched.url == publisher.url(end)
    assert fetched.moved_to == (publisher.url(end) if is_permanent else None)


async def test_no_redirect_is_no_move(publisher: Publisher, client: Web) -> None:
    publisher.replies["/feed"] = answer("x")
    assert (await client.get(publisher.url())).moved_to is None


async def test_five_hops_are_followed_and_six_are_not(publisher: Publisher, client: Web) -> None:
    for number in range(7):
        publisher.replies[f"/{number}"] = answer(status=302, Location=f"/{number + 1}")
    publisher.replies["/7"] = answer("x")
    assert (await client.get(publisher.url("/2"))).body == b"x"
    error = await fault(client, publisher.url("/1"))
    assert (error.kind, publisher.paths[-1]) == (SourceFault.REDIRECT, "/6")


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("", SourceFault.REDIRECT),
        ("http://[bad", SourceFault.REDIRECT),
        ("http://169.254.169.254/", SourceFault.UNREACHABLE),
        ("http://localhost/", SourceFault.UNREACHABLE),
        ("ftp://example.com/", SourceFault.UNREACHABLE),
        ("//10.0.0.1/", SourceFault.UNREACHABLE),
    ],
)
async def test_a_redirect_to_nowhere_good_is_refused(
    publisher: Publisher, client: Web, location: str, kind: SourceFault
) -> None:
    publisher.replies["/feed"] = answer(status=301, Location=location)
    assert (await fault(client, publisher.url())).kind is kind


def test_https_never_goes_back_to_http() -> None:
    async def go() -> None:
        async with publishing() as publisher, open_web(publisher) as client:
            with pytest.raises(SourceError) as caught:
                client._follow(client._guard.check("https://example.com/"), "http://example.com/")
            assert caught.value.kind is SourceFault.REDIRECT

    asyncio.run(go())


# --- private addresses


async def test_a_private_address_typed_in_is_called_that(publisher: Publisher, client: Web) -> None:
    assert (await fault(client, "http://192.168.0.1/feed")).kind is SourceFault.PRIVATE_ADDRESS


async def test_a_name_that_leads_inside_sounds_like_a_closed_door(publisher: Publisher) -> None:
    names = {"a.example.com": [["10.0.0.1"]], "b.example.com": [["93.184.216.34", "127.0.0.1"]]}
    async with open_web(publisher, names=names) as client:
        errors = [await fault(client, f"http://{name}.example.com/") for name in ("a", "b", "nowhere")]
    assert {(error.kind, error.reason) for error in errors} == {(SourceFault.UNREACHABLE, "it could not be reached")}


async def test_a_name_that_changes_its_answer_is_caught_at_the_socket(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever slips past the resolver's check, the socket sees the very address."""
    names = {"rebinding.example.com": [["127.0.0.1"]]}
    monkeypatch.setattr("bot.sources.addresses.AddressGuard.check_resolved", lambda *_: None)
    async with open_web(publisher, names=names) as client:
        assert (await fault(client, "http://rebinding.example.com:8080/")).kind is SourceFault.UNREACHABLE
    assert publisher.asked == []


async def test_a_redirect_to_a_name_that_leads_inside_is_refused(publisher: Publisher) -> None:
    names = {"inside.example.com": [["127.0.0.1"]]}
    publisher.replies["/feed"] = answer(status=302, Location="http://inside.example.com:8080/")
    async with open_web(publisher, names=names) as client:
        assert (await fault(client, publisher.url())).kind is SourceFault.UNREACHABLE


# --- hostile answers


async def test_a_length_over_the_cap_is_refused_before_reading(publisher: Publisher, client: Web) -> None:
    async def promise(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": str(MAX_BYTES + 1)})
        await response.prepare(request)
        return await never(request)

    publisher.replies["/feed"] = promise
    assert (await fault(client, publisher.url())).kind is SourceFault.TOO_LARGE


async def test_an_endless_stream_is_cut(publisher: Publisher) -> None:
    sent = 0

    async def endless(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal sent
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65_536)
            sent += 65_536

    publisher.replies["/feed"] = endless
    async with open_web(publisher) as client:
        assert (await fault(client, publisher.url())).kind is SourceFault.TOO_LARGE
    assert sent < 4 * MAX_BYTES


@pytest.mark.parametrize("zeros", [6 * 1024 * 1024, 64 * 1024 * 1024], ids=["6 MB", "64 MB"])
async def test_a_bomb_is_stopped_small(publisher: Publisher, client: Web, zeros: int) -> None:
    publisher.replies["/feed"] = answer(gzip.compress(b"\0" * zeros, 9), Content_Encoding="gzip")
    assert (await fault(client, publisher.url())).kind is SourceFault.TOO_LARGE


async def test_a_bomb_under_the_size_cap_is_known_by_its_ratio(publisher: Publisher, client: Web) -> None:
    publisher.replies["/feed"] = answer(gzip.compress(b"\0" * 3_000_000, 9), Content_Encoding="gzip")
    assert (await fault(client, publisher.url())).kind is SourceFault.TOO_LARGE


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"news")),
        ("x-gzip", gzip.compress(b"news")),
        ("deflate", zlib.compress(b"news")),
        ("deflate", _raw_deflate(b"news")),
        ("identity", b"news"),
        ("gzip", gzip.compress(b"ne") + gzip.compress(b"w") + gzip.compress(b"s") + b"\0\0"),
    ],
    ids=["gzip", "x-gzip", "deflate", "raw deflate", "identity", "gzip in parts"],
)
async def test_packed_answers_are_unpacked(publisher: Publisher, client: Web, encoding: str, body: bytes) -> None:
    publisher.replies["/feed"] = answer(body, Content_Encoding=encoding)
    assert (await client.get(publisher.url())).body == b"news"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("br", b"x"), ("gzip, gzip", b"x"), ("gzip", b"not gzip at all")],
    ids=["br", "twice", "junk"],
)
async def test_wrong_packing_is_an_answer_too(publisher: Publisher, client: Web, encoding: str, body: bytes) -> None:
    publisher.replies["/feed"] = answer(body, Content_Encoding=encoding)
    assert (await fault(client, publisher.url())).kind is SourceFault.UNPARSABLE


async def test_silence_ends_by_the_read_time_limit(publisher: Publisher) -> None:
    publisher.replies["/feed"] = never
    async with open_web(publisher, limits=QUICK) as client:
        assert (await fault(client, publisher.url())).kind is SourceFault.TIMED_OUT


async def test_a_slow_drip_ends_by_the_total_time_limit(publisher: Publisher) -> None:
    clock = asyncio.get_running_loop()

    async def drip(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        pause = asyncio.Event()
        while True:
            await response.write(b"x")
            clock.call_later(0.05, pause.set)
            await pause.wait()
            pause.clear()

    publisher.replies["/feed"] = drip
    async with open_web(publisher, limits=QUICK) as client:
        assert (await fault(client, publisher.url())).kind is SourceFault.TIMED_OUT  # it would drip for ever


async def test_the_total_time_limit_counts_all_hops(publisher: Publisher) -> None:
    loop = asyncio.get_running_loop()

    async def slowly_on(request: web.BaseRequest) -> web.StreamResponse:
        pause = asyncio.Event()
        loop.call_later(0.15, pause.set)
        await pause.wait()
        return web.Response(status=302, headers={"Location": "/feed"})

    publisher.replies["/feed"] = slowly_on
    async with open_web(publisher, limits=QUICK) as client:
        assert (await fault(client, publisher.url())).kind is SourceFault.TIMED_OUT
    assert len(publisher.asked) < 5


async def test_a_broken_connection_is_told(publisher: Publisher, client: Web) -> None:
    async def hang_up(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "100"})
        await response.prepare(request)
        await response.write(b"half")
        assert request.transport
        request.transport.close()
        return response

    publisher.replies["/feed"] = hang_up
    assert (await fault(client, publisher.url())).kind is SourceFault.UNREACHABLE


async def test_a_header_flood_is_told(publisher: Publisher, client: Web) -> None:
    publisher.replies["/feed"] = answer("x", X_Flood="y" * 100_000)
    assert (await fault(client, publisher.url())).kind is SourceFault.UNREACHABLE


# --- pace


async def test_a_host_is_asked_once_a_second_and_others_do_not_wait(publisher: Publisher) -> None:
    clock = SimulatedClock(NOON)
    names = {"one.example.com": [["127.0.0.1"]], "two.example.com": [["127.0.0.1"]]}
    publisher.replies["/feed"] = answer("x")
    async with open_web(publisher, clock=clock, gap_s=1.0, names=names, hosts=tuple(names)) as client:
        urls = [publisher.url(host="one.example.com")] * 3 + [publisher.url(host="two.example.com")]
        tasks = [asyncio.create_task(client.get(url)) for url in urls]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait_for(tasks[3], PATIENCE_S)
        assert [task.done() for task in tasks[1:3]] == [False, False]
        await clock.advance(timedelta(seconds=1))
        await asyncio.wait_for(tasks[1], PATIENCE_S)
        assert not tasks[2].done()
        await clock.advance(timedelta(seconds=1))
        await asyncio.wait_for(tasks[2], PATIENCE_S)
