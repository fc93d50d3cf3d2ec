"""Prints how fast the stand-in is: `python -m tests.wire.bench [--rounds N]`. It never fails on a figure."""

import argparse
import asyncio
import statistics

import discord
from discord import app_commands

from bot.clock import SystemClock
from bot.loopback import Loopback
from tests.wire.clients import running


class One(discord.AutoShardedClient):
    """A client with one command that answers one ephemeral text display."""

    def __init__(self, loopback: Loopback) -> None:
        super().__init__(intents=discord.Intents(guilds=True), connector=loopback.connector())
        self.tree = app_commands.CommandTree(self)

        @self.tree.command(description="Answer")
        async def answer(interaction: discord.Interaction) -> None:
            view = discord.ui.LayoutView()
            view.add_item(discord.ui.TextDisplay("Answer"))
            await interaction.response.send_message(view=view, ephemeral=True)

    async def setup_hook(self) -> None:
        """Sync."""
        await self.tree.sync()


async def whole_run() -> float:
    """Time start, login, sync, one slash command, and stop; in milliseconds."""
    clock = SystemClock()
    begun = clock.monotonic()
    async with await Loopback.start(clock) as loopback, running(One(loopback), loopback):
        assert (await loopback.people.invoke("member", "#general", "answer")).error is None
    return (clock.monotonic() - begun) * 1000


async def round_trips(count: int) -> list[float]:
    """Time slash commands; in milliseconds."""
    clock = SystemClock()
    async with await Loopback.start(clock) as loopback, running(One(loopback), loopback):
        await loopback.people.invoke("member", "#general", "answer")
        return [(await loopback.people.invoke("member", "#general", "answer")).latency_s * 1000 for _ in range(count)]


async def measure(rounds: int) -> str:
    """Measure both and say so."""
    await whole_run()
    runs = [await whole_run() for _ in range(10)]
    trips = sorted(await round_trips(rounds))
    return (
        f"start + sync + slash + stop: median {statistics.median(runs):.1f} ms of 10 (min {min(runs):.1f})\n"
        f"slash round trip: p50 {trips[len(trips) // 2]:.2f} ms, p99 {trips[len(trips) * 99 // 100]:.2f} ms of {rounds}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=500)
    print(asyncio.run(measure(parser.parse_args().rounds)))  # noqa: T201 - it is a command
