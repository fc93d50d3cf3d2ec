"""What readers ask of the desk, with 100,000 articles stored; and a list and a card through the stand-in."""

import asyncio
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import discord
from discord import app_commands, ui

from bot.client.client import Client
from bot.clock import SimulatedClock, SystemClock
from bot.desk.briefings import Briefings
from bot.domain.answers import Query, Since
from bot.domain.places import Place
from bot.domain.topics import Topic
from bot.loopback import Loopback
from tests.bench.corpus import END
from tests.bench.rooms import filled_room
from tests.bench.store import line, timed
from tests.fakes.newsroom import Newsroom
from tests.wire.clients import running

ARTICLES = 100_000
ROUNDS = 200


def run(articles: int = ARTICLES) -> list[str]:
    """Give the lines to print."""
    return asyncio.run(_run(articles))


async def _run(articles: int) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        async with filled_room(Path(folder), articles) as room:
            await _read_all(room, await room.place())
            return [*await _desk(room), *await _wire(room)]


async def _read_all(room: Newsroom, place: Place) -> None:
    for source in await room.store.sources.listed():
        await room.subscribe(place, source.id)


async def _desk(room: Newsroom) -> list[str]:
    reader = await room.reader()
    reading = room.reading
    desk = Briefings(room.store, room.clock, room.scope, room.summaries, room.recall)
    page = await reading.headlines(reader)
    title, story_id = page.stories[0].title, page.stories[0].id

    async def cold() -> None:
        await room.clock.advance(timedelta(minutes=1))
        await reading.headlines(reader)

    asked: list[tuple[str, Callable[[], Awaitable[object]], int]] = [
        ("headlines, kept", lambda: reading.headlines(reader), ROUNDS),
        ("headlines, ranked anew", cold, 20),
        ("headlines, a topic of a day", lambda: reading.headlines(reader, Query(Topic.SPORT, None, Since.TODAY)), 50),
        ("a card, warm", lambda: reading.open(reader, story_id), ROUNDS),
        ("a card by its headline", lambda: reading.card(reader, title), 50),
        ("stories suggested", lambda: room.suggesting.stories(reader, title[:9]), 100),
        ("a search", lambda: reading.search(reader, " ".join(title.split()[:2])), 50),
        ("a briefing made now", lambda: desk.answer(reader), 10),
    ]
    return [line(name, [await timed(ask) for _ in range(rounds)]) for name, ask, rounds in asked]


async def _wire(room: Newsroom) -> list[str]:
    """Measure a list and a card beside a command that answers one private line, in turns."""
    async with await Loopback.start(SystemClock()) as loopback:
        client = Client(clock=SimulatedClock(END), connector=loopback.connector())
        client.services = room.services(client)
        client.tree.add_command(_plain)
        async with running(client, loopback):
            await client.tree.sync()
            guild = loopback.world.guild_of(loopback.world.channel("general"))
            await _read_all(room, await room.place(guild.id if guild else 0))
            commands: dict[str, dict[str, object]] = {"plain": {}, "headlines": {}, "summary": {"story": "1"}}
            times: dict[str, list[float]] = {name: [] for name in commands}
            for _ in range(ROUNDS):
                for name, options in commands.items():
                    exchange = await loopback.people.invoke("member", "general", name, options)
                    times[name].append(exchange.latency_s * 1_000)
    plain = statistics.median(times["plain"])
    return [
        line(f"/{name} on the stand-in", some, f"{statistics.median(some) / plain:.2f} × plain")
        for name, some in times.items()
    ]


class _Line(ui.LayoutView):
    """One line of text."""

    line: ui.TextDisplay[ui.LayoutView] = ui.TextDisplay("A line.")


@app_commands.command(name="plain", description="Answer one line")
async def _plain(interaction: discord.Interaction) -> None:
    await interaction.response.send_message(view=_Line(), ephemeral=True)
