"""The Discord side of delivery: the unmodified client on the stand-in, each request held to Discord's description."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import aiohttp
import discord
import pytest

from bot.client.access import Access
from bot.clock import SystemClock
from bot.deliver.answers import Do, decide, decide_dress
from bot.deliver.clockguard import ClockGuard
from bot.deliver.ports import Sight
from bot.deliver.senders import DiscordSender
from bot.domain.deliveries import Composed, Delivery, Notice, Part, State, nonce
from bot.domain.places import BriefingSettings, Place, PlaceKind, Style, TargetKind
from bot.loopback import Loopback
from bot.loopback.faults import Fault, Kind
from bot.loopback.guilds import Channel
from bot.loopback.guilds import Kind as ChannelKind
from bot.loopback.judge import Draft
from bot.loopback.messages import Message as Stood
from bot.loopback.permissions import Overwrite, Permission
from bot.loopback.traffic import ARCHIVED_THREADS, CHANGE_CHANNEL, CREATE, HISTORY, START_THREAD
from tests.fakes.schedules import a_schedule
from tests.fakes.waiting import until
from tests.wire.conftest import Start

TEXT = Composed("First headline\nSecond line", [{"type": 10, "content": "## First headline"}], title="Morning desk")
KEY = b"wirewire"


def _delivery(loopback: Loopback, channel: Channel, target: TargetKind, **settings: Any) -> Delivery:
    guild = loopback.world.guild_of(channel)
    person = channel.recipient
    place = Place(1, PlaceKind.SERVER, guild.id) if guild else Place(1, PlaceKind.PERSON, person.id if person else 0)
    schedule = a_schedule(
        key=KEY, place=place, channel_id=channel.id, target=target, settings=BriefingSettings(**settings)
    )
    day, now = date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC)
    part = Part(0, nonce(KEY, day, "daily", 0))
    return Delivery(1, schedule, day, "daily", channel.id, now, now, State.SENDING, parts=(part,))


class Wire:
    def __init__(self, loopback: Loopback, client: discord.Client) -> None:
        self.loopback = loopback
        self.client = client
        self.sender = DiscordSender(client, Access(client), lambda notice: [{"content": notice.cause}], timeout_s=5)

    def delivery(self, name: str = "news", target: TargetKind = TargetKind.CHANNEL, **settings: Any) -> Delivery:
        return _delivery(self.loopback, self.loopback.world.channel(name), target, **settings)

    def stands(self, channel_id: int) -> list[Stood]:
        return list(reversed(self.loopback.world.messages.history(self.loopback.world.channels[channel_id])))

    async def create(self, delivery: Delivery, text: Composed = TEXT) -> tuple[Do, Delivery]:
        answer = await self.sender.create(delivery, delivery.parts[0], text.messages[0], text)
        part = replace(delivery.parts[0], message_id=answer.message_id)
        channel = answer.channel_id or delivery.channel_id
        return decide(answer), replace(delivery, parts=(part,), channel_id=channel)

    async def dress(self, delivery: Delivery) -> Do:
        return decide_dress(await self.sender.dress(delivery, delivery.parts[0], TEXT.messages[0], TEXT))


@pytest.fixture
async def guard() -> ClockGuard:
    async def probe() -> None:
        """Nobody asks."""

    return ClockGuard(SystemClock(), probe)


@pytest.fixture
async def wire(loopback: Loopback, start: Start, guard: ClockGuard) -> Wire:
    client = discord.Client(
        intents=discord.Intents(guilds=True),
        connector=loopback.connector(),
        http_trace=guard.trace(),
        max_ratelimit_timeout=30,
    )
    await start(client)
    return Wire(loopback, client)


async def test_the_same_part_is_one_message_however_often_it_is_created(wire: Wire, guard: ClockGuard) -> None:
    delivery = wire.delivery()
    for _ in range(3):
        do, sent = await wire.create(delivery)
        assert do is Do.KEEP
    (message,) = wire.stands(delivery.channel_id)
    assert message.draft.content.startswith("First headline")
    assert message.draft.content.endswith(delivery.marker)
    assert sent.parts[0].message_id == message.id
    assert guard.now() is not None  # the Date of the answers was read


async def test_a_post_is_dressed_and_still_found_by_its_marker(wire: Wire) -> None:
    _, sent = await wire.create(wire.delivery())
    assert await wire.dress(sent) is Do.KEEP
    (message,) = wire.stands(sent.channel_id)
    assert message.draft.is_v2
    message.nonce = None  # Discord promises no nonce in histories
    sighting = await wire.sender.find(sent, sent.parts[0], SystemClock().now() - timedelta(minutes=15))
    assert (sighting.sight, sighting.message_id) == (Sight.FOUND, message.id)


async def test_a_place_that_reads_plain_text_stays_plain(wire: Wire) -> None:
    _, sent = await wire.create(wire.delivery(style=Style.PLAIN))
    assert await wire.dress(sent) is Do.KEEP
    assert not wire.stands(sent.channel_id)[0].draft.is_v2


async def test_what_is_not_there_is_absent_and_old_messages_end_the_look(wire: Wire) -> None:
    delivery = wire.delivery()
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert (await wire.sender.find(delivery, delivery.parts[0], since)).sight is Sight.ABSENT
    for number in range(320):
        wire.loopback.world.messages.create(
            wire.loopback.world.channels[delivery.channel_id],
            wire.loopback.world.owner,
            wire.loopback.world.messages.history(wire.loopback.world.channels[delivery.channel_id])[0].draft
            if number
            else Draft("somebody says something"),
        )
    busy = await wire.sender.find(delivery, delivery.parts[0], since)
    assert busy.sight is Sight.UNREADABLE
    assert sum(request.route == HISTORY for request in wire.loopback.traffic.requests) == 1 + 3
    ahead = datetime(2100, 1, 1, tzinfo=UTC)
    assert (await wire.sender.find(delivery, delivery.parts[0], ahead)).sight is Sight.ABSENT


async def test_an_announcement_is_published_and_discussed_once(wire: Wire) -> None:
    bot = wire.loopback.world.bot
    channel = wire.loopback.world.channel("announcements")
    allowed = Permission.SEND_MESSAGES | Permission.CREATE_PUBLIC_THREADS | Permission.VIEW_CHANNEL
    wire.loopback.world.set_overwrite(channel, Overwrite(bot.id, allow=allowed))
    delivery = wire.delivery("announcements", TargetKind.ANNOUNCEMENT, publish=True, discussion=True)
    _, sent = await wire.create(delivery)
    assert [await wire.dress(sent), await wire.dress(sent)] == [Do.KEEP, Do.KEEP]
    (message,) = wire.stands(channel.id)
    assert message.draft.flags & 1  # crossposted
    assert not message.draft.is_v2
    (thread,) = [each for each in wire.loopback.world.channels.values() if each.parent_id == channel.id]
    assert thread.name == "Morning desk · 2026-11-22"


async def test_a_forum_post_is_found_by_its_title(wire: Wire) -> None:
    guild = wire.loopback.world.bot_guilds()[0]
    forum = wire.loopback.world.add_channel(guild, "digest", ChannelKind.FORUM)
    delivery = _delivery(wire.loopback, forum, TargetKind.FORUM)
    since = datetime(2026, 1, 1, tzinfo=UTC)
    assert (await wire.sender.find(delivery, delivery.parts[0], since)).sight is Sight.ABSENT
    do, sent = await wire.create(delivery)
    assert do is Do.KEEP
    sighting = await wire.sender.find(delivery, delivery.parts[0], since)
    assert (sighting.sight, sighting.message_id) == (Sight.FOUND, sent.parts[0].message_id)
    assert await wire.dress(sent) is Do.KEEP
    second = Part(1, nonce(KEY, delivery.local_date, "daily", 1))
    more = replace(sent, parts=(sent.parts[0], second))
    assert decide(await wire.sender.create(more, second, TEXT.messages[0], TEXT)) is Do.KEEP
    assert len(wire.stands(sent.channel_id)) == 2


async def test_a_forum_post_is_not_repeated_by_itself_when_its_answer_is_lost(wire: Wire) -> None:
    world = wire.loopback.world
    forum = world.add_channel(world.bot_guilds()[0], "digest", ChannelKind.FORUM)
    delivery = _delivery(wire.loopback, forum, TargetKind.FORUM)
    wire.loopback.faults.add(Fault(Kind.STATUS, START_THREAD, status=502, when="after"))
    do, _ = await wire.create(delivery)
    assert do is Do.RETRY
    assert len([each for each in world.channels.values() if each.parent_id == forum.id]) == 1
    wire.loopback.faults.add(Fault(Kind.LIMIT, START_THREAD, retry_after_s=0.05))
    do, _ = await wire.create(delivery)
    assert do is Do.KEEP  # what was limited was not done


async def test_a_notice_whose_answer_is_lost_stands_once(wire: Wire) -> None:
    moderators, schedule = wire.loopback.world.channel("moderators"), wire.delivery().schedule
    wire.loopback.faults.add(Fault(Kind.STATUS, CREATE, status=502, when="after"))
    assert (await wire.sender.tell(Notice(schedule.place, schedule, "E01"))).is_success
    assert len(wire.stands(moderators.id)) == 1


async def test_a_forum_post_that_was_archived_meanwhile_is_found_as_well(wire: Wire) -> None:
    world, since = wire.loopback.world, datetime(2026, 1, 1, tzinfo=UTC)
    forum = world.add_channel(world.bot_guilds()[0], "digest", ChannelKind.FORUM)
    delivery = _delivery(wire.loopback, forum, TargetKind.FORUM)
    _, sent = await wire.create(delivery)
    others = [world.add_thread(forum, f"of somebody {number}", world.owner) for number in range(150)]
    for thread in (world.channels[sent.channel_id], *others):  # it lies on the second page: archived first
        world.change_channel(thread, archived=True)
    sighting = await wire.sender.find(delivery, delivery.parts[0], since)
    assert (sighting.sight, sighting.message_id) == (Sight.FOUND, sent.parts[0].message_id)
    world.remove_channel(world.channels[sent.channel_id])
    assert (await wire.sender.find(delivery, delivery.parts[0], since)).sight is Sight.ABSENT
    ahead = datetime(2100, 1, 1, tzinfo=UTC)
    assert (await wire.sender.find(delivery, delivery.parts[0], ahead)).sight is Sight.ABSENT
    wire.loopback.faults.add(Fault(Kind.REFUSE, ARCHIVED_THREADS, 1, status=403, code=50001))
    assert (await wire.sender.find(delivery, delivery.parts[0], since)).sight is Sight.UNREADABLE


async def _archived_post(wire: Wire) -> tuple[Channel, int]:
    """Post into a forum, let the thread fall asleep; give it and its message's id."""
    world = wire.loopback.world
    forum = world.add_channel(world.bot_guilds()[0], "digest", ChannelKind.FORUM)
    _, sent = await wire.create(_delivery(wire.loopback, forum, TargetKind.FORUM))
    thread, message_id = world.channels[sent.channel_id], sent.parts[0].message_id or 0
    world.change_channel(thread, archived=True)
    return thread, message_id


async def test_a_forum_post_that_was_archived_is_woken_to_be_corrected(wire: Wire) -> None:
    thread, message_id = await _archived_post(wire)
    assert decide_dress(await wire.sender.edit(thread.id, message_id, {"content": "Corrected"})) is Do.KEEP
    (message,) = wire.stands(thread.id)
    assert (message.draft.content, thread.archived) == ("Corrected", False)


async def test_what_keeps_an_archived_post_asleep_decides_what_becomes_of_its_correction(wire: Wire) -> None:
    thread, message_id = await _archived_post(wire)
    faults = {
        Do.FAIL: Fault(Kind.REFUSE, CHANGE_CHANNEL, status=403, code=50013),
        Do.RETRY: Fault(Kind.STATUS, CHANGE_CHANNEL, status=503),
    }
    for expected, fault in faults.items():
        wire.loopback.faults.add(fault)
        assert decide_dress(await wire.sender.edit(thread.id, message_id, {"content": "Corrected"})) is expected


async def test_a_person_gets_it_by_dm_and_a_closed_dm_is_known(wire: Wire) -> None:
    member = wire.loopback.world.person("member")
    direct = wire.loopback.world.direct(member)
    delivery = replace(_delivery(wire.loopback, direct, TargetKind.DM), channel_id=0)
    assert wire.sender.blocked(delivery.schedule) is None
    do, sent = await wire.create(delivery)
    assert (do, sent.channel_id) == (Do.KEEP, direct.id)
    sighting = await wire.sender.find(delivery, delivery.parts[0], datetime(2026, 1, 1, tzinfo=UTC))
    assert sighting.sight is Sight.FOUND
    member.takes_dms = False
    do, _ = await wire.create(delivery)
    assert do is Do.CLOSED
    wire.loopback.faults.add(Fault(Kind.STATUS, status=503, times=None))
    do, _ = await wire.create(delivery)
    assert do is Do.RETRY


async def test_an_archived_thread_is_woken(wire: Wire) -> None:
    news = wire.loopback.world.channel("news")
    thread = wire.loopback.world.add_thread(news, "talk", wire.loopback.world.bot)
    thread.archived = True
    delivery = _delivery(wire.loopback, thread, TargetKind.THREAD)
    do, _ = await wire.create(delivery)
    assert do is Do.UNARCHIVE
    assert (await wire.sender.unarchive(delivery)).is_success
    do, _ = await wire.create(delivery)
    assert do is Do.KEEP


async def test_what_the_cache_forbids_is_known_without_a_request(wire: Wire) -> None:
    delivery = wire.delivery()
    assert wire.sender.blocked(delivery.schedule) is None
    world, news = wire.loopback.world, wire.loopback.world.channel("news")
    role = world.bot_role(world.bot_guilds()[0])
    world.set_overwrite(news, Overwrite(role.id, deny=Permission.SEND_MESSAGES))
    await until(lambda: wire.sender.blocked(delivery.schedule) is not None)
    block = wire.sender.blocked(delivery.schedule)
    assert block is not None
    assert (block.cause, block.missing) == ("E01", ("Send Messages",))
    world.remove_channel(news)
    await until(lambda: getattr(wire.sender.blocked(delivery.schedule), "cause", None) == "gone")
    gone = replace(delivery.schedule, place=Place(2, PlaceKind.SERVER, 12345))
    assert getattr(wire.sender.blocked(gone), "cause", None) in {"not-connected", "gone"}  # it is not ready at once
    await wire.client.wait_until_ready()
    assert getattr(wire.sender.blocked(gone), "cause", None) == "gone"


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        pytest.param(Fault(Kind.STATUS, CREATE, None, status=503), Do.RETRY, id="503"),
        pytest.param(Fault(Kind.RESET, CREATE, None), Do.RETRY, id="cut before"),
        pytest.param(Fault(Kind.RESET, CREATE, None, when="after"), Do.RETRY, id="cut after"),
        pytest.param(Fault(Kind.LIMIT, CREATE, None, retry_after_s=60), Do.WAIT, id="limited for long"),
        pytest.param(Fault(Kind.LIMIT_WITHOUT_VIA, CREATE, None), Do.WAIT_ALL, id="limited by Cloudflare"),
        pytest.param(Fault(Kind.REFUSE, CREATE, None, status=401), Do.STOP, id="token"),
        pytest.param(Fault(Kind.REFUSE, CREATE, None, status=403, code=50013), Do.REFUSED, id="forbidden"),
        pytest.param(Fault(Kind.REFUSE, CREATE, None, status=404, code=10003), Do.GONE, id="gone"),
        pytest.param(Fault(Kind.REFUSE, CREATE, None, status=404, code=10008), Do.KEEP_GONE, id="sent, then deleted"),
        pytest.param(Fault(Kind.REFUSE, CREATE, None, status=400, code=50035), Do.SIMPLIFY, id="refused as it is"),
    ],
)
async def test_what_happens_on_the_wire_becomes_its_action(wire: Wire, fault: Fault, expected: Do) -> None:
    wire.loopback.faults.add(fault)
    do, _ = await wire.create(wire.delivery())
    assert do is expected


async def test_a_request_without_an_answer_ends_by_itself(wire: Wire) -> None:
    wire.sender._wire.timeout_s = 0.05
    wire.loopback.faults.add(Fault(Kind.HANG, CREATE, None, hang_s=30))
    do, _ = await wire.create(wire.delivery())
    assert do is Do.RETRY
    wire.loopback.faults.clear()
    wire.sender._wire.timeout_s = 2.0  # a busy machine has heard of the limit by then
    wire.loopback.faults.add(Fault(Kind.LIMIT, CREATE, None, retry_after_s=20))
    do, _ = await wire.create(wire.delivery())
    assert do is Do.WAIT  # it timed out while it waited for a rate limit: no attempt is spent


async def test_an_unreadable_or_unreachable_history_is_told_apart(wire: Wire) -> None:
    delivery, since = wire.delivery(), datetime(2026, 1, 1, tzinfo=UTC)
    wire.loopback.faults.add(Fault(Kind.REFUSE, HISTORY, 1, status=403, code=50001))
    assert (await wire.sender.find(delivery, delivery.parts[0], since)).sight is Sight.UNREADABLE
    wire.loopback.faults.add(Fault(Kind.STATUS, HISTORY, 1, status=503))
    assert (await wire.sender.find(delivery, delivery.parts[0], since)).sight is Sight.FAILED


async def test_the_plainer_try_has_the_same_nonce(wire: Wire) -> None:
    delivery = wire.delivery()
    text = Composed("Read [this](<https://a.example/x>)")
    answer = await wire.sender.create_simple(delivery, delivery.parts[0], text.messages[0], text)
    assert answer.is_success
    (message,) = wire.stands(delivery.channel_id)
    assert (message.nonce, "https" in message.draft.content) == (delivery.parts[0].nonce, False)


@pytest.mark.parametrize("where", ["chosen", "moderators", "person"])
async def test_a_notice_goes_to_a_private_place(wire: Wire, where: str) -> None:
    world = wire.loopback.world
    admin, guild = world.person("admin"), world.bot_guilds()[0]
    chosen = world.add_channel(guild, "notices")
    await until(lambda: wire.client.get_channel(chosen.id) is not None)
    schedule = wire.delivery().schedule
    place = replace(schedule.place, notices_channel=chosen.id if where == "chosen" else None, set_up_by=admin.id)
    if where == "person":
        world.change_guild(guild, public_updates_channel_id=None)
        await until(lambda: wire.client.guilds[0].public_updates_channel is None)
    answer = await wire.sender.tell(Notice(place, schedule, "E01"))
    assert answer.is_success
    expected = {"chosen": chosen, "moderators": world.channel("moderators"), "person": world.direct(admin)}[where]
    assert [message.draft.content for message in wire.stands(expected.id)] == ["E01"]


async def test_with_nobody_to_tell_a_notice_ends(wire: Wire) -> None:
    schedule = wire.delivery().schedule
    place = replace(schedule.place, kind=PlaceKind.PERSON)
    assert not (await wire.sender.tell(Notice(place, schedule, "E24"))).is_success


async def test_one_cheap_request_tells_the_time(wire: Wire, guard: ClockGuard) -> None:
    await wire.sender.ask_time()
    assert wire.loopback.traffic.requests[-1].route == "GET /gateway"
    assert guard.now() is not None


async def test_nothing_is_sent_before_the_servers_are_known(loopback: Loopback) -> None:
    client = discord.Client(intents=discord.Intents(guilds=True), connector=aiohttp.UnixConnector("/nowhere"))
    sender = DiscordSender(client, Access(client), lambda notice: [{}])
    delivery = _delivery(loopback, loopback.world.channel("news"), TargetKind.CHANNEL)
    block = sender.blocked(delivery.schedule)
    assert block is not None
    assert block.is_passing
    await client.close()
