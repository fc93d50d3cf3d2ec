"""Storms: the bot's delivery in a process that is killed at random, against a stand-in that fails every third request.

python -m tests.storm --kills 500 --seed 7                 F1
python -m tests.storm --kills 100 --seed 7 --beyond        F2: outages beyond the nonce window, wrong clocks
python -m tests.storm --kills 40 --seed 7 --forums         F1 into forums, whose posts have no nonce
python -m tests.storm --stop 95                            F4: the holder of a lease is stopped, another takes over
python -m tests.storm --term                               F10: SIGTERM during 200 sends
python -m tests.storm --load 15000 --rate 40               F13: the whole bot, 100,000 schedules, 15,000 due at once
python -m tests.storm --restart 5 --load 1500              how long from kill -9 amid a burst to the next post
"""

import argparse
import asyncio
import random
import signal
import sys
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.loopback import Loopback
from bot.loopback.faults import STORM_ROUTES
from bot.loopback.guilds import Kind
from bot.loopback.scenery import crowd
from bot.loopback.traffic import ARCHIVED_THREADS, OPEN_THREADS, START_THREAD, Request
from bot.loopback.world import World
from tests.storm import whole
from tests.storm.child import TOKEN
from tests.storm.ledger import Count, judge, leases, plan, start_of, unfinished

CLOCK = SystemClock()
FAILS = 0.30
PER_KILL = 4  # deliveries
DRAIN_S = 900.0
TERM_S = 25.0  # F10
ROUTES = STORM_ROUTES | {START_THREAD, OPEN_THREADS, ARCHIVED_THREADS}


class Storm:
    """One stand-in, one store, and one bot after another."""

    def __init__(self, loopback: Loopback, folder: Path, rng: random.Random, rate: float) -> None:
        self.loopback = loopback
        self.db = folder / "storm.db"
        self.log = folder / "storm.log"
        self.rng = rng
        self.rate = str(rate)
        self.fallen = 0  # bots that ended by themselves

    async def start(self, *options: str) -> asyncio.subprocess.Process:
        """Start a bot."""
        with self.log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.storm.child", "--socket", str(self.loopback.socket_path),
                "--db", str(self.db), "--rate", self.rate, *options, stdout=log, stderr=log,
            )  # fmt: skip

    async def ready(self, process: asyncio.subprocess.Process, most_s: float = 30.0) -> None:
        """Wait until a bot has begun to look or to send."""
        before, end = self._last_request(), CLOCK.monotonic() + most_s
        while CLOCK.monotonic() < end and process.returncode is None:
            await CLOCK.sleep(0.02)
            last = self._last_request()
            if last is not before and last is not None and last.route in ROUTES:
                return

    def _last_request(self) -> Request | None:
        requests = self.loopback.traffic.requests
        return requests[-1] if requests else None

    async def end(self, process: asyncio.subprocess.Process) -> int:
        """Ask a bot to stop; give its exit code."""
        with suppress(ProcessLookupError):  # it ended by itself
            process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(process.wait(), 30)

    async def kill(self, process: asyncio.subprocess.Process) -> None:
        """Kill a bot; one that had ended by itself is counted."""
        with suppress(ProcessLookupError):
            process.kill()
        self.fallen += await process.wait() != -signal.SIGKILL

    async def drain(self) -> int:
        """Let the weather clear and a last bot finish all there is; give its exit code."""
        self.loopback.faults.clear()
        before, last = self._last_request(), await self.start()
        end = CLOCK.monotonic() + DRAIN_S
        # A bot listens for signals before its first request; asked to stop earlier, it would just be killed.
        while (
            (unfinished(self.db) or self._last_request() is before)
            and CLOCK.monotonic() < end
            and last.returncode is None
        ):
            await CLOCK.sleep(0.5)
        return await self.end(last)

    def leaks(self) -> int:
        """Count the token in everything that was printed (F17)."""
        return self.log.read_text("utf-8", "replace").count(TOKEN)


async def killing(storm: Storm, kills: int, *, beyond: bool) -> None:
    """Start a bot and kill it, again and again."""
    for number in range(kills):
        skew = storm.rng.choice((-600, -20, 0, 20, 600)) if beyond else 0
        storm.loopback.faults.storm(storm.rng.randrange(10**9), FAILS, routes=ROUTES)
        process = await storm.start("--skew", str(skew))
        await storm.ready(process)
        await CLOCK.sleep(storm.rng.uniform(0.0, 3.0))
        await storm.kill(process)
        if beyond and storm.rng.random() < 0.5:
            await CLOCK.sleep(storm.loopback.world.messages.nonce_window_s * 1.5)
        if number % 50 == 49:
            sys.stdout.write(f"{number + 1} kills, {len(list(storm.loopback.world.messages.everything()))} posts\n")
            sys.stdout.flush()


async def stopping(storm: Storm, seconds: float) -> None:
    """Stop the holder of a lease in the middle of a part, let another take over, let the first go on."""
    first = await storm.start("--shared")
    await storm.ready(first)
    await CLOCK.sleep(1.0)
    while True:
        first.send_signal(signal.SIGSTOP)
        second = await storm.start("--shared")
        await CLOCK.sleep(seconds)
        if second.returncode is None:
            break
        first.send_signal(signal.SIGCONT)  # it was stopped within a transaction, so that nobody else could write
        await CLOCK.sleep(storm.rng.uniform(0.1, 0.3))
    first.send_signal(signal.SIGCONT)
    await CLOCK.sleep(3.0)
    for process in (first, second):
        await storm.end(process)


async def terminating(storm: Storm) -> tuple[int, float]:
    """Ask a bot to stop while it sends; give its exit code and how long it took."""
    process = await storm.start()
    await storm.ready(process)
    await CLOCK.sleep(1.5)
    began = CLOCK.monotonic()
    code = await storm.end(process)
    return code, CLOCK.monotonic() - began


async def burst(given: argparse.Namespace, folder: Path, rng: random.Random) -> tuple[Count, list[str]]:
    """Let the whole bot meet a burst, left alone or killed amid it."""
    size = whole.Size(given.load, max(given.load, given.schedules), given.crowd, given.articles, given.lead)

    async def restart(bot: whole.Whole) -> list[str]:
        return await whole.restarting(bot, given.restart, rng)

    experiment = restart if given.restart else whole.loading
    return await whole.run(folder, size, given.rate, experiment, is_patient=given.patient)


async def run(given: argparse.Namespace, folder: Path) -> tuple[Count, list[str]]:
    """Run one storm and judge it."""
    rng = random.Random(given.seed)
    if given.load:
        return await burst(given, folder, rng)
    world = World(CLOCK)
    async with await Loopback.start(CLOCK, world, folder / "s.sock") as loopback:
        places = crowd(world, given.servers)
        if given.forums:
            places = [(guild, world.add_channel(guild, "digest", Kind.FORUM)) for guild, _ in places]
        storm, said, amiss = Storm(loopback, folder, rng, given.rate), [], []
        if given.beyond:
            world.messages.nonce_window_s = 4.0
        is_at_once = bool(given.term or given.stop)
        deliveries = 200 if is_at_once else max(10, given.kills * PER_KILL)
        now = start_of(CLOCK.now()) - timedelta(seconds=1)
        await plan(storm.db, places, now, deliveries, 0.0 if is_at_once else 0.3)
        if given.stop:
            await stopping(storm, given.stop)
        elif given.term:
            code, took = await terminating(storm)
            said.append(f"SIGTERM: exit {code} after {took:.1f} s")
            amiss += [said[-1]] if code or took > TERM_S else []
            amiss += [f"{held} leases left"] if (held := leases(storm.db)) else []
        else:
            await killing(storm, given.kills, beyond=given.beyond)
        code, leaks = await storm.drain(), storm.leaks()
        said.append(f"last exit {code}, token printed {leaks} times, faults {loopback.faults.struck}")
        said.append(f"{storm.fallen} bots ended by themselves")
        amiss += [said[-2]] if code or leaks else []
        amiss += [said[-1]] if storm.fallen else []
        count = judge(storm.db, loopback)
        count.amiss = amiss
        return count, said


def main() -> int:
    """Run from the command line; exit 1 when anything was lost, doubled, out of order or amiss."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--servers", type=int, default=25)
    parser.add_argument("--beyond", action="store_true")
    parser.add_argument("--forums", action="store_true", help="into forums, whose posts have no nonce")
    parser.add_argument("--stop", type=float, default=0.0)
    parser.add_argument("--load", type=int, default=0, help="briefings due at once, of the whole bot")
    parser.add_argument("--restart", type=int, default=0, help="kills amid the load")
    parser.add_argument("--schedules", type=int, default=100_000, help="beside a load")
    parser.add_argument("--lead", type=float, default=20.0, help="seconds from a bot's start to the load")
    parser.add_argument("--crowd", type=int, default=2_500, help="servers of a load")
    parser.add_argument("--articles", type=int, default=20_000, help="stored before a load")
    parser.add_argument("--rate", type=int, default=25, help="sends a second")
    parser.add_argument("--patient", action="store_true", help="members of a load wait longer than three seconds")
    parser.add_argument("--term", action="store_true")
    parser.add_argument("--log", type=Path, help="keep what the bots printed")
    given = parser.parse_args()
    began = CLOCK.monotonic()
    with tempfile.TemporaryDirectory(prefix="storm-") as folder:
        try:
            count, said = asyncio.run(run(given, Path(folder)))
        finally:
            if given.log:
                given.log.write_bytes((Path(folder) / "storm.log").read_bytes())
    sys.stdout.write(f"seed {given.seed}, {given.kills} kills, {CLOCK.monotonic() - began:.0f} s\n{count}\n")
    sys.stdout.write("\n".join(said) + "\n")
    return 0 if count.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
