"""A seeded simulator: servers over a year with crashes, outages, faults and clock steps, in well under a minute.

    python -m tests.deliver.simulator --seed 7 --days 365 --servers 50

It prints its seed and what became of every delivery: lost, doubled, too late.
"""

import argparse
import asyncio
import random
import sys
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from bot.clock import SystemClock
from bot.domain.answers import SettingChange
from bot.domain.due import Timing
from bot.domain.places import PlaceKind
from bot.store.store import Store
from tests.fakes.clocks import ExactClock
from tests.fakes.database import InlineDatabase, in_memory
from tests.fakes.delivery import Rig, build
from tests.fakes.discord import FakeDiscord
from tests.fakes.schedules import a_schedule

START = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo",
    "America/Nuuk", "Pacific/Chatham", "America/St_Johns", "Asia/Tehran", "Pacific/Apia", "Africa/Casablanca",
)  # fmt: skip
_KEEP = """
    create table gone(schedule_id, local_date, state, reason);
    create trigger keep before delete on delivery begin
      insert into gone values(old.schedule_id, old.local_date, old.state, old.reason);
    end;
    create view every(schedule_id, local_date, state, reason) as
      select schedule_id, local_date, state, reason from delivery union all select * from gone;
"""  # the bot clears old rows away; the judge wants them all
SPELL = timedelta(hours=6)  # how often the fates are asked


@dataclass
class Verdict:
    """What a run came to."""

    seed: int
    states: Counter[str] = field(default_factory=Counter)
    doubled: int = 0
    lost: int = 0  # a date without a row, or a row without an end
    untold: int = 0  # final, not sent, and no reason
    false: int = 0  # said to be sent, and not there
    integrity: str = ""
    crashes: int = 0

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost or doubled."""
        return not (self.doubled or self.lost or self.untold or self.false) and self.integrity == "ok"

    def __str__(self) -> str:
        """Say it in one line."""
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return (
            f"seed {self.seed}: {states}; {self.crashes} crashes; lost {self.lost}, doubled {self.doubled}, "
            f"unsaid {self.untold}, untrue {self.false}, integrity {self.integrity}"
        )


class Simulation:
    """One world with one bot that dies and comes back."""

    def __init__(self, seed: int, servers: int) -> None:
        self.seed = seed
        self.rng = random.Random(seed)
        self.clock = ExactClock(START)
        self.raw = in_memory()
        self.raw.executescript(_KEEP)
        self.discord = FakeDiscord(self.clock, rng=random.Random(seed + 1), storm=0.02)
        self.servers = servers
        self.crashes = 0
        self._rig: Rig | None = None
        self._database: InlineDatabase | None = None
        self._task: asyncio.Task[None] | None = None

    async def populate(self) -> None:
        """Set up a daily briefing at some quarter-hour in some zone for each server."""
        store = Store(InlineDatabase(self.raw))
        for number in range(self.servers):
            place = await store.places.ensure(PlaceKind.SERVER, 1000 + number, START)
            at = time(self.rng.randrange(24), self.rng.choice((0, 15, 30, 45)))
            zone = self.rng.choice(ZONES)
            firing = Timing(at, zone).ahead(START)
            schedule = a_schedule(
                place=place, key=self.rng.randbytes(8), channel_id=5000 + number, local_time=at, zone=zone,
                next_due=firing.at, next_date=firing.local_date, grace_s=self.rng.choice((0, 3600, 10_800)),
            )  # fmt: skip
            await store.schedules.add(schedule, SettingChange(START, "turned-on", 1))

    def _boot(self) -> None:
        self._database = InlineDatabase(self.raw)
        store, seed = Store(self._database), self.rng.randrange(10**9)
        self._rig = build(store, self.clock, self.discord, seed=seed, tick_s=3600, look_s=900)
        self._task = asyncio.create_task(self._rig.supervisor.run())

    async def _kill(self) -> None:
        """End the process between two instructions: nothing it would still like to write is written."""
        if self._database is None or self._task is None:
            return
        self._database.is_dead = True
        self._task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await self._task
        self._database = self._task = None
        self.crashes += 1

    async def run(self, days: int) -> Verdict:
        """Let the days pass."""
        await self.populate()
        self._boot()
        end = START + timedelta(days=days)
        while self.discord.now < end:
            await self._spell()
        self.discord.is_down, self.discord.storm = False, 0.0
        if self._task is None:
            self._boot()
        await self._pass(12 * 3600)
        await self._kill()
        return await self._judge(end)

    async def _spell(self) -> None:
        """Let some hours pass in which one thing may go wrong."""
        fate = self.rng.random()
        left = SPELL.total_seconds()
        if fate < 0.15:
            left -= await self._crash_soon()
        elif fate < 0.20:
            self.discord.is_down = True
            left -= await self._pass(self.rng.choice((30, 300, 3600, 5 * 3600)))
            self.discord.is_down = False
        elif fate < 0.25:
            step = timedelta(seconds=self.rng.choice((-50, 30, -600, 7200, -86_400, 315_360_000)))
            self.clock.step_wall(step)
            left -= await self._pass(1800)
            self.clock.step_wall(-step)
        await self._pass(left)

    async def _crash_soon(self) -> float:
        """Die some seconds after the next briefing is due, or at any time; come back soon, or after hours."""
        row = self.raw.execute("select min(next_due) as at from schedule").fetchone()
        until = row["at"] - self.discord.now.timestamp() + self.rng.choice((0.0, 0.03, 0.06, 0.11, 0.2, 1.0, 76.0))
        passed = await self._pass(min(max(0.0, until), SPELL.total_seconds() / 2))
        await self._kill()
        passed += await self._pass(self.rng.choice((1, 20, 400, 7200)))
        self._boot()
        return passed

    async def _pass(self, seconds: float) -> float:
        await self.clock.advance(max(0.0, seconds))
        return max(0.0, seconds)

    async def _judge(self, end: datetime) -> Verdict:
        verdict = Verdict(self.seed, crashes=self.crashes)
        markers = Counter((post.channel_id, post.text.splitlines()[-1]) for post in self.discord.posts)
        verdict.doubled = sum(count - 1 for count in markers.values())
        rows = self.raw.execute(
            "select d.*, s.channel_id as at_channel from every d join schedule s on s.id = d.schedule_id"
        ).fetchall()
        posted = Counter(channel for channel, _ in markers)
        for row in rows:
            verdict.states[row["state"]] += 1
            verdict.lost += row["state"] in {"planned", "sending"}
            verdict.untold += row["state"] != "sent" and not row["reason"]
        sent = Counter(row["at_channel"] for row in rows if row["state"] == "sent")
        verdict.false = sum(abs(sent[channel] - posted[channel]) for channel in sent | posted)
        verdict.lost += self._missing_dates(end)
        verdict.integrity = str(self.raw.execute("pragma integrity_check").fetchone()[0])
        return verdict

    def _missing_dates(self, end: datetime) -> int:
        """Count the local dates that came, and have no row; absences are short here, so every date has one."""
        missing = 0
        for row in self.raw.execute("select id, local_time, zone from schedule").fetchall():
            firings = Timing(time.fromisoformat(row["local_time"]), row["zone"]).firings(START.date())
            wanted = set()
            for firing in firings:
                if firing.at > end:
                    break
                if firing.at > START:
                    wanted.add(firing.local_date.isoformat())
            had = self.raw.execute("select local_date from every where schedule_id = :id", {"id": row["id"]})
            missing += len(wanted - {each["local_date"] for each in had})
        return missing


async def simulate(seed: int, days: int, servers: int) -> Verdict:
    """Run one simulation."""
    simulation = Simulation(seed, servers)
    with closing(simulation.raw):
        return await simulation.run(days)


def main() -> int:
    """Run from the command line; exit 1 when anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--servers", type=int, default=50)
    given = parser.parse_args()
    clock = SystemClock()
    began = clock.monotonic()
    verdict = asyncio.run(simulate(given.seed, given.days, given.servers))
    sys.stdout.write(f"{verdict}\n{clock.monotonic() - began:.1f} s\n")
    return 0 if verdict.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
