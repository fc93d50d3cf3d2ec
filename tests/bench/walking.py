"""How fast commands answer through the stand-in with 100,000 articles, how fast the bot starts, and what it weighs."""

import asyncio
import random
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import discord

from bot.app.house import open_house
from bot.app.live import Live, open_live
from bot.app.live import run as run_live
from bot.cli.explaining import explain
from bot.clock import SystemClock
from bot.domain.places import PlaceKind
from bot.loopback import Exchange, Loopback, World, crowd, try_out
from bot.settings import Settings
from bot.store.store import Store
from tests.bench.corpus import END, fill, vocabulary
from tests.bench.rooms import ROOT, bot_on
from tests.bench.store import line

ARTICLES = 100_000
READ = 24  # sources the server reads
ROUNDS = 300
SETTLE_S = 1.0
_CLOCK = SystemClock()


class NewsClock(SystemClock):
    """Real time, moved to the day after the newest article."""

    def __init__(self) -> None:
        self._back = super().now() - END

    def now(self) -> datetime:
        """Give the wall time of that day."""
        return super().now() - self._back


@dataclass(frozen=True, slots=True)
class Room:
    """The running bot and its Discord."""

    loopback: Loopback
    live: Live

    async def ask(self, command: str, options: dict[str, str] | None = None) -> Exchange:
        """Send a command as a member and wait for the whole answer."""
        exchange = await self.loopback.people.invoke("member", "#general", command, options)
        await self._finish(exchange)
        return exchange

    async def _finish(self, exchange: Exchange) -> None:
        assert exchange.error is None, exchange.error
        if exchange.interaction.original is None and exchange.interaction.choices is None:
            async with asyncio.timeout(5):
                await exchange.interaction.completed.wait()

    async def type(self, command: str, option: str, typed: str) -> Exchange:
        """Type into an option."""
        return await self.loopback.people.autocomplete("member", "#general", command, option, typed)


def run(articles: int = ARTICLES) -> list[str]:
    """Measure everything; give the lines to print."""
    with tempfile.TemporaryDirectory() as folder:
        lines = asyncio.run(_answers(Path(folder) / "full", articles))
        lines += [_version()]
        return lines + asyncio.run(_starts(Path(folder) / "fresh"))


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _answers(folder: Path, articles: int) -> list[str]:
    folder.mkdir()
    settings = Settings(data=folder, fetch="off")
    async with await Store.open(settings.database) as store:
        await fill(store, articles)
    async with _room(settings) as room:
        await _subscribe(room)
        headline = await _headline(room)
        rng, (words, weights) = random.Random(5), vocabulary()
        queries = [" ".join(rng.choices(words[50:], k=rng.randint(1, 2))) for _ in range(ROUNDS)]
        starts = [word[: rng.randint(1, 4)] for word in rng.choices(words, cum_weights=weights, k=ROUNDS)]
        for _ in range(20):
            await room.ask("trivial")
            await room.ask("headlines")
        turns: dict[str, list[float]] = {name: [] for name in ("trivial", "headlines", "summary")}
        for _ in range(ROUNDS):  # in turns, so that whatever else the machine does hits all three alike
            turns["trivial"].append(await _timed(lambda: room.ask("trivial")))
            turns["headlines"].append(await _timed(lambda: room.ask("headlines")))
            turns["summary"].append(await _timed(lambda: room.ask("summary", {"story": headline})))
        searches = [await _timed(partial(room.ask, "search", {"words": text})) for text in queries]
        typing = [await _timed(partial(room.type, "summary", "story", text)) for text in starts]
    base = sorted(turns["trivial"])[ROUNDS // 2]
    return [
        line("a command that answers one text", turns["trivial"]),
        *(
            line(f"/{name}", turns[name], f"{sorted(turns[name])[ROUNDS // 2] / base:.2f} × (bar 2.0), p99 ≤ 15")
            for name in ("headlines", "summary")
        ),
        line("/search", searches, "bar: p95 ≤ 50"),
        line("autocomplete of a story", typing, "bar: p99 ≤ 50"),
    ]


async def _timed(ask: Callable[[], Awaitable[object]]) -> float:
    start = _CLOCK.monotonic()
    await ask()
    return (_CLOCK.monotonic() - start) * 1_000


@asynccontextmanager
async def _room(settings: Settings) -> AsyncIterator[Room]:
    clock, stop = NewsClock(), asyncio.Event()
    async with (
        await Loopback.start(clock) as loopback,
        open_house(settings, clock) as house,
        open_live(house, explain, loopback.connector()) as live,
    ):
        live.client.tree.add_command(_trivial())
        running = asyncio.create_task(run_live(live, "a-token-for-the-stand-in", stop))
        try:
            async with asyncio.timeout(60):
                await live.client.knows_commands.wait()
                await live.client.wait_until_ready()
            yield Room(loopback, live)
        finally:
            stop.set()
            await running


def _trivial() -> discord.app_commands.Command[Any, ..., None]:
    async def trivial(interaction: discord.Interaction) -> None:
        view = discord.ui.LayoutView()
        view.add_item(discord.ui.TextDisplay("Answer"))
        await interaction.response.send_message(view=view, ephemeral=True)

    return discord.app_commands.Command(name="trivial", description="Answer one text", callback=trivial)


async def _subscribe(room: Room) -> None:
    store, now = room.live.house.store, room.live.house.clock.now()
    guild = next(iter(room.loopback.world.bot_guilds()))
    place = await store.places.ensure(PlaceKind.SERVER, guild.id, now)
    for source_id in range(1, READ + 1):
        await store.subscriptions.add(place.id, source_id, now)


async def _headline(room: Room) -> str:
    """Give a number of the list whose story has text, and warm its summary."""
    await room.ask("headlines")
    for number in range(1, 11):
        exchange = await room.ask("summary", {"story": str(number)})
        if "quoted unchanged" in str(exchange.message.json()["components"]):
            return str(number)
    raise AssertionError("no story of the first page has text")


# ── starts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _version() -> str:
    took = [_spent(["--version"]) for _ in range(5)]
    return f"python -m bot --version{'':<21} best {min(took):8.0f}  worst {max(took):7.0f} ms  bar: ≤ 300"


def _spent(words: Sequence[str]) -> float:
    start = _CLOCK.monotonic()
    subprocess.run([sys.executable, "-m", "bot", *words], check=True, stdout=subprocess.DEVNULL, cwd=ROOT)
    return (_CLOCK.monotonic() - start) * 1_000


async def _starts(folder: Path) -> list[str]:
    lines = []
    for servers, name in ((1, "first start to ready"), (1, "start to ready"), (100, "start to ready, 100 servers")):
        world = try_out(_CLOCK) if servers == 1 else World(_CLOCK)
        if servers > 1:
            crowd(world, servers)
        took, cpu, memory = await _start(folder, world)
        bar = "memory bar: ≤ 120 MB" if servers > 1 else "bar: ≤ 1,500"
        lines.append(f"{name:<44} {took:12.0f} ms ({cpu:.2f} s of processor), resident {memory:.1f} MB  {bar}")
    return lines


async def _start(folder: Path, world: World) -> tuple[float, float, float]:
    async with await Loopback.start(_CLOCK, world) as loopback:
        start = _CLOCK.monotonic()
        async with bot_on(loopback, folder) as (bot, cpu_s):
            took = (_CLOCK.monotonic() - start) * 1_000
            await _CLOCK.sleep(SETTLE_S)
            return took, cpu_s, await bot.memory_mb()
