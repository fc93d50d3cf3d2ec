"""Alerts by DM, by the whole bot on the stand-in: taken in, matched, sent plain, dressed, ended with one press."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.clock import SystemClock
from bot.domain.sources import Item, Source, SourceKind
from bot.loopback import Loopback
from bot.loopback.messages import Message
from bot.loopback.traffic import CREATE
from bot.render.kinds import Kind as MessageKind
from bot.store.matches import matcher
from tests.fakes.news import NOW
from tests.fakes.waiting import until
from tests.render.acceptance import faults
from tests.wire.newsroom import Newsroom, newsroom


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.deliver.alerts.LOOK_EVERY_S", 0.02)


@pytest.fixture
async def room(tmp_path: Path, loopback: Loopback) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path, loopback, SystemClock()) as room:
        yield room


async def _arrives(room: Newsroom, *headlines: str) -> None:
    """Let a feed that everybody reads bring news, as a visit after the first does."""
    store, now = room.house.store, SystemClock().now()
    source = await store.sources.by_name("wire") or await store.sources.add(
        Source(0, SourceKind.FEED, "wire", "The Wire"), NOW
    )
    for_all = "insert into feed(source_id, domain, is_for_all) values(:id, 'wire', 1) on conflict do nothing"
    await store.db.write(lambda raw: raw.execute(for_all, {"id": source.id}))
    items = tuple(Item(text, link=f"https://wire.example/{n}", published_at=now) for n, text in enumerate(headlines))
    await room.house.pipeline.take_in(source, items, matcher(SystemClock()))


async def _dm(room: Newsroom, *, dressed: bool = True) -> Message:
    def sent() -> Message | None:
        found = room.loopback.people.sees("member", "dm")
        body: dict[str, Any] = found[-1].json() if found else {}
        return found[-1] if found and bool(body.get("components")) is dressed else None

    return await until(sent)


async def test_news_of_what_is_followed_arrives_dressed_after_its_headline_and_ends_with_one_press(
    room: Newsroom, loopback: Loopback
) -> None:
    panel = await loopback.people.invoke("member", "general", "follow", {"what": "source:1"})
    assert panel.error is None
    await loopback.people.invoke("member", "general", "follow", {"what": "Valletta"})
    await _arrives(room, "Mayor of Valletta opens the old bridge")
    message = await _dm(room)
    created = [one.body for one in loopback.traffic.requests if one.route == CREATE][-1]
    plain = created["content"]
    assert plain.startswith("**Mayor of Valletta opens the old bridge**")
    assert faults(MessageKind.ALERT, created) == []
    ended = await loopback.people.press("member", message, "Stop following")
    assert "You no longer follow **Valletta**" in str(ended.message.json())
    assert ended.message.id != message.id
    again = await loopback.people.press("member", message, "Stop following")
    assert again.error is None


async def test_a_refused_dm_is_told_with_the_next_command_and_not_tried_again(
    room: Newsroom, loopback: Loopback
) -> None:
    loopback.world.person("member").takes_dms = False
    await loopback.people.invoke("member", "general", "follow", {"what": "Valletta"})
    await _arrives(room, "Mayor of Valletta opens the old bridge")
    await until(room.house.store.followers.untold)
    await _arrives(room, "Mayor of Valletta opens the old bridge", "Frogs return to Valletta")
    told = await loopback.people.invoke("member", "general", "headlines")
    await until(lambda: told.interaction.follow_ups)
    assert "I couldn’t send you a DM" in str([one.json() for one in told.interaction.follow_ups])
    assert [one.status for one in loopback.traffic.requests if one.route == CREATE].count(403) == 1
