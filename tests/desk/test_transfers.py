"""Settings travel as a file: out of one server and into another, whole or not at all."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.clock import SimulatedClock
from bot.desk.settings_files import read, write
from bot.desk.transfers import Transfers
from bot.domain.answers import Reader, SettingChange
from bot.domain.editions import LeadChoice
from bot.domain.place_filters import PlaceFilter
from bot.domain.places import BriefingSettings, PlaceKind, QuietDay, Style, TargetKind
from bot.domain.settings_files import BriefingLine, ImportPreview, Problem, SettingsFile
from bot.domain.sources import Source, SourceKind
from bot.domain.topics import Topic
from bot.domain.uploads import Upload
from bot.errors import Code, UserError
from bot.store import feeds, place_filters, subscriptions
from bot.store.store import Store
from tests.desk.test_settings_files import files
from tests.fakes.channels import FakeChannels
from tests.fakes.schedules import DUE, a_schedule

BY = 42
NOW = DUE - timedelta(hours=1)
FEED = "https://a.example/feed"
OTHER = "https://b.example/feed"


@dataclass
class Desk:
    transfers: Transfers
    store: Store
    channels: FakeChannels
    clock: SimulatedClock
    woken: list[bool]

    async def reader(self, server: int = 500) -> Reader:
        place = await self.store.places.ensure(PlaceKind.SERVER, server, NOW)
        return Reader(BY, place, 1)

    async def exported(self, reader: Reader) -> dict[str, Any]:
        await self.clock.advance(timedelta(minutes=1))
        found: dict[str, Any] = json.loads(await self.transfers.export(reader))
        return {key: value for key, value in found.items() if key != "exported"}

    async def proposed(self, reader: Reader, document: object) -> ImportPreview:
        await self.clock.advance(timedelta(minutes=1))
        whole = document | {"exported": ""} if isinstance(document, dict) else document
        return await self.transfers.propose(reader, upload(json.dumps(whole).encode()))

    async def filled(self, server: int = 500) -> Reader:
        """Give a server with something of everything."""
        reader = await self.reader(server)
        place = reader.place
        ids: list[int] = []

        def fill(raw: Any) -> None:
            for url, pack in ((FEED, "World"), (OTHER, None)):
                made = feeds.register(raw, Source(0, SourceKind.FEED, url, url, url), "a.example", NOW)
                subscriptions.add(raw, place.id, made.id, NOW, pack)
                ids.append(made.id)
            subscriptions.set_paused(raw, place.id, ids[1], NOW, is_paused=True)
            place_filters.keep(raw, place.id, PlaceFilter(("cat*",), ("war",), source_ids=(ids[0],), languages=("en",)))

        await self.store.db.write(fill)
        chosen = BriefingSettings(
            name="Tech",
            style=Style.PLAIN,
            topics=(Topic.TECHNOLOGY,),
            source_ids=(ids[0],),
            lead_choice=LeadChoice.NO_POLITICS,
            max_stories=4,
            quiet_day=QuietDay.SILENT,
            role_id=9,
            discussion=True,
        )
        change = SettingChange(NOW, "turned-on", BY)
        until = date(2027, 1, 1)
        for made in (
            a_schedule(place=place, key=b"1" * 8, settings=chosen, weekdays=3, grace_s=600, paused_until=until),
            a_schedule(place=place, key=b"2" * 8, channel_id=701, enabled=False),
            a_schedule(place=place, key=b"3" * 8, channel_id=702, local_time=time(20)),
        ):
            await self.store.schedules.add(made, change)
        await self.store.places.change(
            place.id,
            lambda old: replace(
                old, zone="UTC", public_channels=(5, 6), notices_channel=7, manager_role=8, may_share=False
            ),
        )
        return await self.reader(server)


def upload(body: bytes, name: str = "a.json") -> Upload:
    async def hand_out() -> bytes:
        return body

    return Upload(name, len(body), hand_out)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with await Store.open(tmp_path / "d.db") as store:
        channels, clock, woken = FakeChannels(), SimulatedClock(NOW), list[bool]()
        transfers = Transfers(store, channels, clock, lambda: woken.append(True))
        yield Desk(transfers, store, channels, clock, woken)


async def test_an_export_names_no_person(desk: Desk) -> None:
    reader = await desk.filled()
    await desk.store.places.change(reader.place.id, lambda old: replace(old, set_up_by=987_654_321))
    assert "987654321" not in json.dumps(await desk.exported(reader))
    assert str(BY) not in json.dumps(await desk.exported(reader)).replace(f"{BY}00", "")


async def test_what_was_exported_changes_nothing_where_it_came_from(desk: Desk) -> None:
    reader = await desk.filled()
    preview = await desk.proposed(reader, await desk.exported(reader))
    assert preview == ImportPreview(0, "a.json")
    assert preview.is_empty


async def test_an_empty_server_is_the_same_after_an_import(desk: Desk) -> None:
    document = await desk.exported(await desk.filled())
    desk.channels.server = 501
    reader = await desk.reader(501)
    preview = await desk.proposed(reader, document)
    assert (preview.new_briefings, preview.new_sources) == (("Tech", "", ""), (FEED, OTHER))
    assert (preview.changes_server, preview.changes_filters, preview.waiting) == (True, True, ())
    done = await desk.transfers.confirm(reader, preview.id)
    assert replace(done, id=preview.id, file="a.json") == preview
    assert await desk.exported(await desk.reader(501)) == document
    assert desk.woken == [True]
    (change,) = await desk.store.setting_changes.of_place(reader.place.id, 10)
    assert (change.what, change.by) == ("imported", BY)
    keys = {one.key for one in await desk.store.schedules.of_place(reader.place.id)}
    assert len(keys | {b"1" * 8, b"2" * 8, b"3" * 8}) == 6


@given(files)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_file_that_fits_comes_out_as_it_went_in(tmp_path: Path, value: SettingsFile) -> None:
    """Times are kept but for pauses that are over; what nobody reads can't be named; titles are as first known."""
    (tmp_path / "d.db").unlink(missing_ok=True)
    async with await Store.open(tmp_path / "d.db") as store:
        channels, clock = FakeChannels(), SimulatedClock(NOW)
        desk = Desk(Transfers(store, channels, clock, lambda: None), store, channels, clock, [])
        reader = await desk.reader()
        addresses = {f"https://{number}.example/feed": line for number, line in enumerate(value.sources)}
        sources = tuple(replace(line, address=url, title=url, pack=None) for url, line in addresses.items())
        briefings = tuple(_fitting(one) for one in value.briefings)
        fitting = replace(
            value,
            sources=sources,
            briefings=briefings,
            filters=replace(value.filters, sources=()),
            public_channels=tuple(dict.fromkeys(value.public_channels)),
        )
        file = upload(write(fitting, NOW))
        preview = await desk.transfers.propose(reader, file)
        if not preview.is_empty:
            await desk.transfers.confirm(reader, preview.id)
        exported = read(await desk.transfers.export(reader), "")
        named = replace(
            fitting,
            sources=tuple(sorted(sources, key=lambda one: one.title)),
            public_channels=tuple(replace(one, name=f"channel {one.id}") for one in fitting.public_channels),
        )
        assert _bare(exported) == _bare(named)


def _fitting(one: BriefingLine) -> BriefingLine:
    """Leave out what can't be kept here."""
    is_on, unpublished = one.is_on and one.channel is not None, replace(one.settings, publish=False)
    return replace(one, sources=(), paused_until=None, settings=unpublished, is_on=is_on)


def _bare(value: SettingsFile) -> SettingsFile:
    """Leave out the names of channels and roles: they are the server's, not the file's."""

    def bare(one: Any) -> Any:
        return replace(one, name="") if one else None

    return replace(
        value,
        public_channels=tuple(map(bare, value.public_channels)),
        notices_channel=bare(value.notices_channel),
        manager_role=bare(value.manager_role),
        briefings=tuple(replace(one, channel=bare(one.channel), role=bare(one.role)) for one in value.briefings),
        sources=tuple(sorted(value.sources, key=lambda one: one.address)),
    )


async def test_channels_and_roles_of_another_server_are_left_out_and_their_briefings_wait(desk: Desk) -> None:
    document = await desk.exported(await desk.filled())
    desk.channels.server = 501
    desk.channels.foreign = {700, 5, 6, 7, 8, 9}
    reader = await desk.reader(501)
    preview = await desk.proposed(reader, document)
    assert set(preview.missing_channels) == {"channel 700", "channel 5", "channel 6", "channel 7"}
    assert set(preview.missing_roles) == {"role 8", "role 9"}
    assert preview.waiting == ("Tech",)
    await desk.transfers.confirm(reader, preview.id)
    (tech, _, evening) = await desk.store.schedules.of_place(reader.place.id)
    assert (tech.channel_id, tech.enabled, tech.settings.role_id) == (0, False, None)
    assert evening.enabled
    assert (tech.place.public_channels, tech.place.manager_role) == ((), None)


async def test_a_briefing_stays_off_where_the_bot_may_not_post(desk: Desk) -> None:
    document = await desk.exported(await desk.filled())
    desk.channels.server = 501
    desk.channels.lacking[702] = ("Send Messages",)
    preview = await desk.proposed(await desk.reader(501), document)
    assert preview.waiting == ("",)


async def test_a_briefing_of_the_same_name_is_changed_and_the_others_stay(desk: Desk) -> None:
    reader = await desk.filled()
    document = await desk.exported(reader)
    document["briefings"] = [document["briefings"][0] | {"time": "09:30", "on": True, "minutes_late": 60}]
    document["server"]["sharing"] = True
    document["filters"]["without_words"] = []
    preview = await desk.proposed(reader, document)
    assert (preview.new_briefings, preview.changed_briefings) == ((), ("Tech",))
    assert (preview.changes_server, preview.changes_filters) == (True, True)
    await desk.transfers.confirm(reader, preview.id)
    (tech, *others) = await desk.store.schedules.of_place(reader.place.id)
    assert (tech.local_time, tech.grace_s, tech.key, len(others)) == (time(9, 30), 3_600, b"1" * 8, 2)
    assert tech.next_due == datetime.fromisoformat("2026-11-23T09:30Z")  # a Monday: it comes on two days
    assert tech.settings.source_ids


async def test_a_briefing_whose_sources_nobody_reads_here_waits(desk: Desk) -> None:
    reader = await desk.filled()
    document = await desk.exported(reader)
    document["briefings"][0]["sources"] = ["https://gone.example/feed"]
    preview = await desk.proposed(reader, document)
    assert (preview.missing_sources, preview.waiting) == (("https://gone.example/feed",), ("Tech",))


async def test_an_import_is_confirmed_once_and_only_where_it_was_proposed(desk: Desk) -> None:
    document = await desk.exported(await desk.filled())
    reader, other = await desk.reader(501), await desk.reader(502)
    preview = await desk.proposed(reader, document)
    for who, is_refused in ((other, True), (reader, False), (reader, True)):
        if is_refused:
            with pytest.raises(UserError) as caught:
                await desk.transfers.confirm(who, preview.id)
            assert caught.value.code is Code.CONTROL_EXPIRED
            assert caught.value.parameters == {"command": "newsdesk import"}
        else:
            await desk.transfers.confirm(who, preview.id)


@pytest.mark.parametrize("way", ["cancelled", "replaced", "old"])
async def test_an_import_that_waits_no_longer_is_told(desk: Desk, way: str) -> None:
    document = await desk.exported(await desk.filled())
    reader = await desk.reader(501)
    preview = await desk.proposed(reader, document)
    if way == "cancelled":
        await desk.transfers.cancel(reader, preview.id)
    elif way == "replaced":
        await desk.proposed(reader, document)
    else:
        await desk.clock.advance(timedelta(days=2))
    with pytest.raises(UserError):
        await desk.transfers.confirm(reader, preview.id)


@pytest.mark.parametrize(
    ("address", "problem"),
    [("http://127.0.0.1/", Problem.BAD_ADDRESS), ("ftp://a.example/", Problem.BAD_ADDRESS), (FEED, Problem.TWICE)],
)
async def test_addresses_that_may_not_be_opened_are_told_with_their_place(
    desk: Desk, address: str, problem: Problem
) -> None:
    reader = await desk.filled()
    document = await desk.exported(reader)
    document["sources"][1]["address"] = address
    with pytest.raises(UserError) as caught:
        await desk.proposed(reader, document)
    assert caught.value.parameters == {"name": "a.json", "problem": problem.value, "where": "sources[2].address"}


@pytest.mark.parametrize("what", ["briefings", "sources"])
async def test_limits_hold_and_nothing_is_kept(desk: Desk, what: str) -> None:
    reader = await desk.filled()
    document = await desk.exported(reader)
    if what == "briefings":
        document["briefings"] = [document["briefings"][2] | {"name": f"n{number}"} for number in range(10)]
    else:
        line = document["sources"][0]
        document["sources"] = [line | {"address": f"https://n{number}.example/"} for number in range(50)]
    with pytest.raises(UserError) as caught:
        await desk.proposed(reader, document)
    assert (caught.value.code, caught.value.parameters["what"]) == (Code.LIMIT_REACHED, what)


async def test_a_file_too_large_is_not_even_read(desk: Desk) -> None:
    async def never() -> bytes:
        raise AssertionError("it was read")

    with pytest.raises(UserError) as caught:
        await desk.transfers.propose(await desk.reader(), Upload("a.json", 10**9, never))
    assert caught.value.parameters["problem"] == Problem.TOO_LARGE.value


async def test_files_have_a_cooldown_per_member(desk: Desk) -> None:
    reader = await desk.reader()
    await desk.transfers.export(reader)
    with pytest.raises(UserError) as caught:
        await desk.transfers.export(reader)
    assert caught.value.code is Code.COOLDOWN


async def test_what_fails_in_the_middle_changes_nothing(desk: Desk) -> None:
    document = await desk.exported(await desk.filled())
    desk.channels.server = 501
    reader = await desk.reader(501)
    preview = await desk.proposed(reader, document)
    before = await desk.exported(reader)
    trap = "create trigger trap before insert on schedule begin select raise(abort, 'no'); end"
    await desk.store.db.write(lambda raw: raw.execute(trap))
    with pytest.raises(Exception, match="no"):
        await desk.transfers.confirm(reader, preview.id)
    assert await desk.exported(reader) == before
    await desk.store.db.write(lambda raw: raw.execute("drop trigger trap"))
    await desk.transfers.confirm(reader, preview.id)


async def test_an_announcement_channel_keeps_publishing_and_others_do_not(desk: Desk) -> None:
    reader = await desk.filled()
    document = await desk.exported(reader)
    for briefing in document["briefings"]:
        briefing["publish"] = True
    desk.channels.kinds[702] = TargetKind.ANNOUNCEMENT
    preview = await desk.proposed(reader, document)
    await desk.transfers.confirm(reader, preview.id)
    stored = await desk.store.schedules.of_place(reader.place.id)
    assert [one.settings.publish for one in stored] == [False, False, True]
