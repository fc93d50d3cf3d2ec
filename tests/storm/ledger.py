"""What a storm starts with, and what it comes to: the ledger held against what stands in the stand-in's channels."""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from bot.domain.answers import SettingChange
from bot.domain.deliveries import State, marker
from bot.domain.due import Occurrence
from bot.domain.places import PlaceKind, TargetKind
from bot.loopback import Loopback
from bot.loopback.components import walk
from bot.loopback.guilds import Channel, Guild, Kind
from bot.store.plans import insert
from bot.store.store import Store
from tests.fakes.schedules import a_schedule

MARKER = re.compile(r"\d{4}-\d\d-\d\d · [0-9a-z]{4}")
FINAL = {state.value for state in State if state.is_final}


async def plan(db: Path, places: list[tuple[Guild, Channel]], now: datetime, deliveries: int, every_s: float) -> None:
    """Store a schedule for each server and spread deliveries over them, one every so many seconds."""
    async with await Store.open(db) as store:
        schedules = []
        for guild, channel in places:
            place = await store.places.ensure(PlaceKind.SERVER, guild.id, now)
            schedule = a_schedule(
                place=place, key=guild.id.to_bytes(8, "big"), channel_id=channel.id, local_time=time(8),
                next_due=now + timedelta(days=1), next_date=(now + timedelta(days=1)).date(),
                target=TargetKind.FORUM if channel.kind is Kind.FORUM else TargetKind.CHANNEL,
            )  # fmt: skip
            schedules.append(await store.schedules.add(schedule, SettingChange(now, "turned-on", 1)))

        def work(raw: sqlite3.Connection) -> None:
            for number in range(deliveries):
                schedule = schedules[number % len(schedules)]
                at = now + timedelta(seconds=number * every_s)
                occurrence = Occurrence(now.date(), at, at + timedelta(hours=5), State.PLANNED)
                insert(raw, schedule, occurrence, at, f"s{number}")

        await store.db.write(work)


@dataclass
class Count:
    """What a storm came to."""

    deliveries: int = 0
    states: Counter[str] = field(default_factory=Counter)
    posts: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    undressed: int = 0
    untrue: int = 0  # dressed by the ledger, and plain in the channel
    integrity: str = ""
    amiss: list[str] = field(default_factory=list)  # what else was not as it must be: exits, leases, the token

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled, out of order or untrue, and nothing else amiss."""
        wrong = self.lost or self.doubled or self.disordered or self.untrue or self.amiss
        return not wrong and self.integrity == "ok"

    def __str__(self) -> str:
        """Say it in one line."""
        states = ", ".join(f"{count} {state}" for state, count in sorted(self.states.items()))
        return (
            f"{self.deliveries} deliveries ({states}), {self.posts} posts: lost {self.lost}, doubled {self.doubled}, "
            f"out of order {self.disordered}, left plain {self.undressed}, untrue {self.untrue}, "
            f"integrity {self.integrity}{''.join(f'; {each}' for each in self.amiss)}"
        )


def unfinished(db: Path) -> int:
    """Count the deliveries that are not final yet, and the messages to be dressed still."""
    raw = sqlite3.connect(db.absolute().as_uri() + "?mode=ro", uri=True)
    try:
        open_rows = raw.execute("select count(*) from delivery where state in ('planned', 'sending')").fetchone()[0]
        plain = raw.execute(
            "select count(*) from delivery_part where message_id is not null "
            "and dressed_at is null and dress_error is null"
        ).fetchone()[0]
    finally:
        raw.close()
    return int(open_rows) + int(plain)


def leases(db: Path) -> int:
    """Count the deliveries that a bot holds."""
    raw = sqlite3.connect(db.absolute().as_uri() + "?mode=ro", uri=True)
    try:
        return int(raw.execute("select count(*) from delivery where lease_owner is not null").fetchone()[0])
    finally:
        raw.close()


def judge(db: Path, loopback: Loopback) -> Count:
    """Hold the ledger against the channels."""
    raw = sqlite3.connect(db)
    raw.row_factory = sqlite3.Row
    count = Count(integrity=str(raw.execute("pragma integrity_check").fetchone()[0]))
    seen: dict[str, list[int]] = defaultdict(list)
    dressed: set[int] = set()
    for message in loopback.world.messages.everything():
        parts = walk(list(message.draft.components))
        texts = [message.draft.content, *[str(part.get("content", "")) for part in parts]]
        if mark := MARKER.search("\n".join(texts)):
            is_forum_post = message.channel.id == message.id  # which has no nonce
            name = (
                f"{message.channel.parent_id} {mark[0]}" if is_forum_post else f"{message.channel.id} {message.nonce}"
            )
            seen[name].append(message.id)
            dressed |= {message.id} if message.draft.is_v2 else set()
    count.posts = sum(map(len, seen.values()))
    count.doubled = sum(len(ids) - 1 for ids in seen.values())
    of_schedule = (
        "select d.*, s.key, s.target, s.channel_id as home from delivery d join schedule s on s.id = d.schedule_id"
    )
    for row in raw.execute(of_schedule).fetchall():
        count.deliveries += 1
        count.states[row["state"]] += 1
        kept = raw.execute("select * from delivery_part where delivery_id = ? order by part", (row["id"],)).fetchall()
        stands = [seen.get(_name(row, part), []) for part in kept]
        is_there = bool(kept) and all(stands)
        has_end = row["state"] in FINAL and (row["state"] == "sent" or row["reason"])
        count.lost += not has_end or (row["state"] == "sent" and not is_there)
        ids = [each[0] for each in stands if each]
        count.disordered += ids != sorted(ids)
        count.undressed += sum(part["dress_error"] is not None for part in kept)
        count.untrue += any(
            part["dressed_at"] and not part["dress_error"] and part["message_id"] not in dressed
            for part, message in zip(kept, json.loads(row["payload"] or "{}").get("messages", ()), strict=False)
            if message["dressed"]
        )
    raw.close()
    return count


def _name(row: sqlite3.Row, part: sqlite3.Row) -> str:
    """Give what a part is seen under: its nonce, or in a forum its marker."""
    if row["target"] != TargetKind.FORUM or part["part"]:
        return f"{row['channel_id']} {part['nonce']}"
    return f"{row['home']} {marker(row['key'], date.fromisoformat(row['local_date']), row['slot'], 0)}"


def start_of(now: datetime) -> datetime:
    """Give a whole second."""
    return now.astimezone(UTC).replace(microsecond=0)
