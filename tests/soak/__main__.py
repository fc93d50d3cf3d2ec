"""A long run in a short time: hundreds of sources and servers, faults on, and the bot's process watched every hour.

python -m tests.soak                     72 simulated hours, 500 sources, 200 servers, an archive of two days
python -m tests.soak --empty             the same from an empty store (docs/decisions/0076)
python -m tests.soak --minutes 10        10 real minutes in which 500 pass, and members type all the time
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack
from datetime import time, timedelta
from pathlib import Path

from bot.clock import AdjustableClock, SystemClock
from bot.domain.answers import SettingChange
from bot.domain.places import PlaceKind, Schedule, TargetKind
from bot.domain.sources import Source, SourceKind
from bot.ingest.pipeline import Pipeline
from bot.loopback import CannotDoError, Loopback, crowd, try_out
from bot.loopback.guilds import Channel, Guild
from bot.store.store import Store
from tests.soak.judge import Look, judge
from tests.soak.publishers import EVERY_S, Publishers

ROOT = Path(__file__).resolve().parents[2]
REAL = SystemClock()
LEAP_S = 60.0
PAUSE_S = 0.02
LOAD = 50.0  # of the real minutes: how much faster than the clock on the wall everything comes
ARCHIVE = 2 * 86_400 // EVERY_S  # items of each feed that a bot has which has run for two days
AT_ONCE = 128
RATE = 0.02  # of Discord's answers that go wrong


class Soak:
    """The stand-in, the publishers, and the bot's process."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        self.folder = folder
        self.given = given
        self.clock = AdjustableClock()
        self.loopback: Loopback
        self.child: asyncio.subprocess.Process
        self.publishers = Publishers(self.clock.now)
        self.waited_s = 0.0  # until the bot had caught up with the clock

    # Set-up

    async def fill(self, places: list[tuple[Guild, Channel]]) -> None:
        """Store the sources, which every place reads, what they wrote, and a briefing for each server over the day."""
        async with await Store.open(self.folder / "dateline.db") as store:
            found = [await self._subscribe(store, number) for number in range(self.given.sources)]
            if not self.given.empty:
                await self._archive(store, found)
            for number, place in enumerate(places):
                await self._schedule(store, *place, time(number * 24 // len(places), number * 7 % 60))

    async def _subscribe(self, store: Store, number: int) -> Source:
        url, now = self.publishers.url(number), self.clock.now()
        source = Source(0, SourceKind.FEED, url, f"Paper {number}", url=url)
        source = await store.feeds.register(source, self.publishers.host(number), now)
        await store.subscriptions.add(None, source.id, now)
        return source

    async def _archive(self, store: Store, found: list[Source]) -> None:
        """Take in what a bot has that has run for two days, in the order in which it was published."""
        pipeline = Pipeline(store, self.clock)
        written = [(one, self.publishers.archive(number, ARCHIVE).items) for number, one in enumerate(found)]
        for age in reversed(range(ARCHIVE)):
            for start in range(0, len(written), AT_ONCE):
                some = written[start : start + AT_ONCE]
                await asyncio.gather(*(pipeline.take_in(one, items[age : age + 1]) for one, items in some))
        await pipeline.close()

    async def _schedule(self, store: Store, guild: Guild, channel: Channel, at: time) -> None:
        now = self.clock.now()
        place = await store.places.ensure(PlaceKind.SERVER, guild.id, now)
        due = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
        due += timedelta(days=int(due <= now))
        schedule = Schedule(
            id=0, key=guild.id.to_bytes(8, "big"), place=place, channel_id=channel.id, local_time=at,
            zone="UTC", target=TargetKind.CHANNEL, next_due=due, next_date=due.date(),
        )  # fmt: skip
        await store.schedules.add(schedule, SettingChange(now, "turned-on", 1))

    async def start(self) -> None:
        """Start the bot."""
        with (self.folder / "log").open("wb") as log:
            self.child = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.soak.child", str(self.loopback.socket_path), str(self.folder),
                ",".join(self.publishers.hosts()),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=ROOT,
            )  # fmt: skip
        assert await self._hear() == "ready"

    async def _hear(self) -> str:
        assert self.child.stdout is not None
        return (await self.child.stdout.readline()).decode().strip()

    def _say(self, line: str) -> None:
        assert self.child.stdin is not None
        self.child.stdin.write(f"{line}\n".encode())

    async def look(self) -> Look:
        """Ask the bot what it holds."""
        self._say("look")
        seen: Look = json.loads(await self._hear())
        return seen

    # Running

    async def hour(self, number: int) -> Look:
        """Let an hour pass, with its troubles; give what the bot holds at its end."""
        if number % 6 == 5:
            self.loopback.gateway.drop()
        for minute in range(60):
            if number % 24 == 13:
                self.loopback.faults.down() if minute == 10 else self.loopback.faults.up() if minute == 20 else None
            await self._leap(LEAP_S)
            if minute % 10 == 0:
                await self._type()
            await REAL.sleep(PAUSE_S)
        return await self.look()

    async def minute(self) -> Look:
        """Let a real minute pass, and 50 on the clock, while members type without a pause."""
        end = REAL.monotonic() + 60
        while (began := REAL.monotonic()) < end:
            await asyncio.gather(*(self._type() for _ in range(10)))
            await self._leap(LOAD * (REAL.monotonic() - began))  # between the answers: members have three seconds
        return await self.look()

    async def _leap(self, seconds: float) -> None:
        self.clock.advance(timedelta(seconds=seconds))
        self._say(str(seconds))
        self.waited_s += float(await self._hear())

    async def _type(self) -> None:
        for command in ("headlines", "briefing"):
            try:
                await asyncio.wait_for(self.loopback.people.invoke("member", "#general", command), 5)
            except (CannotDoError, TimeoutError):
                continue

    async def end(self) -> int:
        """Stop the bot; give its exit code."""
        assert self.child.stdin is not None
        self.child.stdin.close()
        return await asyncio.wait_for(self.child.wait(), 60)


async def run(given: argparse.Namespace, folder: Path) -> bool:
    """Run one soak and print it; give whether every bar was kept."""
    soak = Soak(folder, given)
    world = try_out(soak.clock)
    places = crowd(world, given.servers)
    async with AsyncExitStack() as stack:
        await soak.publishers.open(stack)
        await soak.fill(places)
        soak.loopback = await stack.enter_async_context(await Loopback.start(soak.clock, world, folder / "s.sock"))
        soak.loopback.faults.storm(7, RATE)
        await soak.start()
        seen: list[Look] = []
        for number in range(given.minutes or given.hours):
            seen.append(await (soak.minute() if given.minutes else soak.hour(number)))
            _print(f"{number + 1:>4}  {seen[-1]}  {soak.publishers.fetched:,} fetches, {soak.waited_s:.0f} s waited")
        soak.loopback.faults.clear()
        code = await soak.end()
        posted = sum(1 for _ in world.messages.everything())
    size = sum(file.stat().st_size for file in folder.glob("dateline.db*")) / (1 << 20)
    _print(f"exit {code}, {soak.publishers.fetched:,} fetches, {posted:,} messages, {await _kept(folder, size)}")
    bars = list(judge(seen, folder / "log"))
    for is_kept, told in bars:
        _print(f"{'kept  ' if is_kept else 'MISSED'} {told}")
    return all(is_kept for is_kept, _ in bars) and code == 0


async def _kept(folder: Path, size: float) -> str:
    async with await Store.open(folder / "dateline.db", read_only=True) as store:
        articles = (await store.overview.size()).articles
    return f"database {size:.1f} MB for {articles:,} articles"


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run from the command line; exit 1 when a bar was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=72)
    parser.add_argument("--minutes", type=int, default=0)
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--servers", type=int, default=200)
    parser.add_argument("--empty", action="store_true", help="begin with an empty store")
    parser.add_argument("--log", type=Path, help="keep the bot's log")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        kept = asyncio.run(run(given, Path(folder)))
        if given.log:
            given.log.write_bytes((Path(folder) / "log").read_bytes())
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
