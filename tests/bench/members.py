"""What members do for themselves: catching up, follows matched as news comes in, and 40 people at once for a while."""

import asyncio
import random
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.answers import Reader
from bot.domain.intake import Batch
from bot.domain.personal import FollowKind
from bot.domain.places import PlaceKind
from bot.domain.topics import Topic
from bot.loopback import Loopback, World, try_out
from bot.loopback.entry import CannotDoError
from bot.loopback.guilds import User
from bot.loopback.people import Exchange
from bot.store import matches
from bot.store.follows import Target
from tests.bench.corpus import _drafts, vocabulary
from tests.bench.rooms import Bot, bot_on, filled_room
from tests.bench.store import line, timed
from tests.fakes.newsroom import Newsroom

ARTICLES = 100_000
FOLLOWS = 1_000
NEW = 1_000
MEMBERS = 40
WARMING_S = 20.0  # until every kind of answer has been given many times
LASTING_S = 60.0
EVERY_S = 10.0
FLAT = 1.05  # as a soak has it
LOCALES = ("en-US", "de", "fr", "es-ES")
TYPING = 50  # people, three keystrokes a second each
TYPING_S = 10.0
_CLOCK = SystemClock()


def run(articles: int = ARTICLES) -> list[str]:
    """Give the lines to print."""
    return asyncio.run(_run(articles))


async def _run(articles: int) -> list[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with filled_room(folder, articles, end=_CLOCK.now()) as room:
            await room.store.db.write(_for_all)
            lines = [*await _catching_up(room), *await _matching(room)]
        return lines + await _crowd(folder)


def _for_all(raw: sqlite3.Connection) -> None:
    raw.execute("insert into feed(source_id, domain, is_for_all) select id, name, 1 from source")


async def _catching_up(room: Newsroom) -> list[str]:
    """Ask for the first time, after an hour, after a week, and after a month away."""
    lines = []
    for name, share in (("the first time", None), ("an hour later", 70), ("a week later", 11_600), ("a month", 50_000)):
        times = []
        for number in range(40):
            reader = await room.reader(10_000 + number)
            if share is not None:
                await _was_here(room, reader, share)
            times.append(await timed(partial(room.catchups.answer, reader)))
        lines.append(line(f"catch-up, {name}", times))
    return lines


async def _was_here(room: Newsroom, reader: Reader, articles_ago: int) -> None:
    values = {"user": reader.user_id, "place": reader.place.id, "ago": articles_ago}
    marked = """insert into catchup values(:user, :place, null, (select max(id) from article) - :ago, null, 1)
     on conflict do update set to_article=excluded.to_article, asked_at=1"""
    await room.store.db.write(lambda raw: raw.execute(marked, values))


async def _matching(room: Newsroom) -> list[str]:
    """Take in new stories beside follows of every kind, and beside none."""
    store, now = room.store, room.clock.now()
    rng = random.Random(5)
    plain = await _taking_in(room, rng)
    names = (await store.names.in_use())[:200]
    topics = list(Topic)
    for number in range(FOLLOWS):
        user = 50_000 + number % 250
        place = await store.places.ensure(PlaceKind.PERSON, user, now)
        kind = (FollowKind.NAME, FollowKind.TOPIC, FollowKind.STORY, FollowKind.SOURCE)[number // 250]
        story = await store.stories.next_ids()
        value = {
            FollowKind.NAME: names[number % len(names)].folded,
            FollowKind.TOPIC: topics[number % len(topics)].value,
            FollowKind.STORY: str(max(1, story[0] - 1 - number % 200)),
            FollowKind.SOURCE: str(1 + number % 40),
        }[kind]
        await store.follows.add(user, place.id, Target(kind, value, value), now, 25)
    followed = await _taking_in(room, rng)
    made = await store.db.read(lambda raw: raw.execute("select count(*) as n from alert").fetchone()["n"])
    return [
        line(f"{NEW} new stories taken in, no follows", [plain]),
        line(f"{NEW} new stories, {FOLLOWS} follows", [followed], f"{made:,} alerts; {followed - plain:+.0f} ms"),
    ]


async def _taking_in(room: Newsroom, rng: random.Random) -> float:
    first, _ = await room.store.stories.next_ids()
    made = _drafts(rng, NEW * 2)
    fresh = [next(made) for _ in range(NEW)]
    drafts = tuple(
        replace(draft, story_id=first + number, key=f"n{first + number}", link_key=None)
        for number, draft in enumerate(fresh)
    )
    extra = matches.matcher(room.clock)
    return await timed(lambda: room.store.articles.take_in(1, Batch(drafts=drafts), room.clock.now(), extra))


async def _crowd(folder: Path) -> list[str]:
    """Let people use everything at once through the stand-in; the bot is a process of its own."""
    world = try_out(_CLOCK)
    people = [_joined(world, number) for number in range(TYPING)]
    async with await Loopback.start(_CLOCK, world) as loopback, bot_on(loopback, folder) as (bot, _):
        return [await _type_on(loopback, people), *await _press_on(loopback, people[:MEMBERS], bot)]


def _joined(world: World, number: int) -> User:
    user = world.add_user(f"reader{number}", f"Reader {number}", locale=LOCALES[number % len(LOCALES)])
    world.add_member(next(iter(world.guilds.values())), user)
    return user


async def _type_on(loopback: Loopback, people: Sequence[User]) -> str:
    """Let people type headlines and names, letter by letter."""
    words, weights = vocabulary()
    until = _CLOCK.monotonic() + TYPING_S
    times: list[float] = []

    async def typist(number: int, who: User) -> None:
        rng = random.Random(number)
        await _CLOCK.sleep(rng.random() / 3)
        while _CLOCK.monotonic() < until:
            command, option = rng.choice([("summary", "story"), ("follow", "what")])
            text = " ".join(rng.choices(words, cum_weights=weights, k=2))
            for end in range(1, rng.randint(4, len(text))):
                exchange = await loopback.people.autocomplete(who, "general", command, option, text[:end])
                times.append(exchange.latency_s * 1_000)
                await _CLOCK.sleep(rng.uniform(0.2, 0.45))

    await asyncio.gather(*(typist(number, who) for number, who in enumerate(people)))
    return line(f"{len(people)} people typing, {len(times)} keystrokes", times, "bar: p99 ≤ 50")


async def _press_on(loopback: Loopback, people: Sequence[User], bot: Bot) -> list[str]:
    slow: list[tuple[float, str]] = []
    errors: list[str] = []
    began = _CLOCK.monotonic()
    warm_at, until = began + WARMING_S, began + WARMING_S + LASTING_S

    async def member(number: int, who: User) -> None:
        rng = random.Random(number)
        while (now := _CLOCK.monotonic()) < until:
            what, act = rng.choice(_ACTS)
            exchange = await act(loopback, who, rng)
            if exchange is not None:
                errors.extend([f"{what}: {exchange.error}"] if exchange.error else [])
                slow.extend([(exchange.latency_s * 1_000, what)] if now >= warm_at else [])
            await _CLOCK.sleep(rng.random())

    witness = asyncio.create_task(_watch(bot))
    await asyncio.gather(*(member(number, who) for number, who in enumerate(people)))
    times = [time for time, _ in slow]
    slowest = max(slow, default=(0.0, "nothing"))
    told = f"{len(errors)} errors, slowest {slowest[1]} {slowest[0]:.0f} ms (bar: ≤ 1,000)"
    answers = line(f"{len(people)} members for {LASTING_S:.0f} s, {len(times)} answers", times, told)
    return [answers, _flatness(await witness), *errors[:3]]


async def _watch(bot: Bot) -> list[float]:
    """Give what the bot's own process holds, every 10 seconds, from its start to the end."""
    held = [await bot.memory_mb()]
    for _ in range(int((WARMING_S + LASTING_S) / EVERY_S)):
        await _CLOCK.sleep(EVERY_S)
        held.append(await bot.memory_mb())
    return held


def _flatness(held: Sequence[float]) -> str:
    """Hold what the bot held at the end to what it held once everything had been used for a while."""
    warm = int(WARMING_S / EVERY_S)
    course = " ".join(f"{size:.1f}" for size in held[warm:])
    grown = held[-1] / held[warm] - 1
    kept = "kept" if max(held[warm:]) <= held[warm] * FLAT else "MISSED"
    return (
        f"the bot’s memory: {held[0]:.1f} MB at first, after {WARMING_S:.0f} s and then every {EVERY_S:.0f} s {course}"
        f" ({grown:+.1%}; bar: never above {FLAT - 1:.0%} more; {kept})"
    )


Act = Callable[[Loopback, User, random.Random], Awaitable[Exchange | None]]


def _command(name: str, options: dict[str, object] | None = None) -> tuple[str, Act]:
    async def act(loopback: Loopback, who: User, _rng: random.Random) -> Exchange:
        return await loopback.people.invoke(who, "general", name, options)

    return f"/{name}", act


async def _open(loopback: Loopback, who: User, rng: random.Random) -> Exchange | None:
    page = await loopback.people.invoke(who, "general", "headlines")
    with suppress(CannotDoError, LookupError):
        return await loopback.people.choose(who, page.message, "", [rng.randint(1, 10)])
    return page


async def _type(loopback: Loopback, who: User, rng: random.Random) -> Exchange:
    typed = "".join(rng.choices("abcdefghilmnoprst", k=rng.randint(0, 4)))
    command, option = rng.choice([("follow", "what"), ("summary", "story"), ("mybriefing", "zone")])
    return await loopback.people.autocomplete(who, "general", command, option, typed)


_ACTS: list[tuple[str, Act]] = [
    _command("headlines"),
    _command("catchup"),
    _command("briefing"),
    _command("follow"),
    _command("follow", {"what": "sport"}),
    _command("mybriefing"),
    _command("mybriefing", {"time": "8", "zone": "Europe/Berlin"}),
    _command("search", {"words": "ba co"}),
    _command("summary", {"story": "1"}),
    ("opening a story", _open),
    ("typing", _type),
]
