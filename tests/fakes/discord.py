"""A Discord in memory for the simulator and the outbox's tests.

It has channels, nonces with a window, faults before and after the act, and outages. It keeps its own true time, so
that the bot's clock may be wrong.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.clock import SimulatedClock
from bot.deliver import bodies
from bot.deliver.answers import Answer
from bot.deliver.ports import Block, Sight, Sighting
from bot.domain.deliveries import Composed, Delivery, Message, Notice, Part, Posted, marker
from bot.domain.places import Schedule

NONCE_KEPT = timedelta(minutes=3)
NO_ANSWER = Answer(None)


@dataclass
class Post:
    id: int
    channel_id: int
    nonce: str
    at: datetime
    text: str
    is_dressed: bool = False
    corrected: str = ""


@dataclass
class FakeDiscord:
    """`answers`: what the next requests of a kind get instead; `storm`: how often a request goes wrong by chance."""

    clock: SimulatedClock
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    storm: float = 0.0
    posts: list[Post] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    blocks: dict[int, Block] = field(default_factory=dict)
    unreadable: set[int] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    is_down: bool = False
    observe: Callable[[datetime], None] = lambda date: None

    def __post_init__(self) -> None:
        self._start = self.clock.now() - timedelta(seconds=self.clock.monotonic())

    @property
    def now(self) -> datetime:
        """Discord's own time, which no step of the bot's clock moves."""
        return self._start + timedelta(seconds=self.clock.monotonic())

    async def _spoil(self, kind: str) -> tuple[Answer | None, bool]:
        """Give the answer that replaces the true one, and whether the act is done nonetheless."""
        self.requests.append(kind)
        await self.clock.sleep(0.05)
        if self.is_down:
            return Answer(503), False
        if waiting := self.answers.get(kind):
            return waiting.pop(0), False
        if self.rng.random() >= self.storm:
            return None, True
        fault = self.rng.choice(["before", "after", "hang", "hang after", "429", "global", "no via"])
        if fault.startswith("hang"):
            await self.clock.sleep(75)
        if fault in {"429", "global", "no via"}:
            return Answer(429, retry_after_s=2.0, is_global=fault == "global", has_via=fault != "no via"), False
        return self.rng.choice([NO_ANSWER, Answer(503)]), "after" in fault

    def _told(self, answer: Answer) -> Answer:
        if answer.status is not None:
            self.observe(self.now.replace(microsecond=0))
        return answer

    def blocked(self, schedule: Schedule) -> Block | None:
        return self.blocks.get(schedule.channel_id)

    async def create(self, delivery: Delivery, part: Part, message: Message, frame: Composed) -> Answer:
        return await self._create("create", delivery, part, message)

    async def create_simple(self, delivery: Delivery, part: Part, message: Message, frame: Composed) -> Answer:
        return await self._create("create-simple", delivery, part, message)

    async def _create(self, kind: str, delivery: Delivery, part: Part, message: Message) -> Answer:
        spoiled, is_done = await self._spoil(kind)
        made = self._keep(delivery, part, message) if is_done else None
        if spoiled is not None or made is None:
            return self._told(spoiled or NO_ANSWER)
        return self._told(Answer(200, message_id=made.id, channel_id=made.channel_id))

    def _keep(self, delivery: Delivery, part: Part, message: Message) -> Post:
        for post in self._newest(delivery.channel_id):
            if post.at < self.now - NONCE_KEPT:
                break
            if post.nonce == part.nonce:
                return post
        mark = marker(delivery.schedule.key, delivery.local_date, delivery.slot, part.number)
        text = str(bodies.plain(message, mark, part.nonce, None)["content"])
        post = Post(len(self.posts) + 1, delivery.channel_id, part.nonce, self.now, text)
        self.posts.append(post)
        return post

    def _newest(self, channel_id: int) -> Iterator[Post]:
        return (post for post in reversed(self.posts) if post.channel_id == channel_id)

    async def find(self, delivery: Delivery, part: Part, since: datetime) -> Sighting:
        spoiled, _ = await self._spoil("find")
        if spoiled is not None:
            return Sighting(Sight.FAILED, answer=self._told(spoiled))
        self._told(Answer(200))
        if delivery.channel_id in self.unreadable:
            return Sighting(Sight.UNREADABLE)
        mark = marker(delivery.schedule.key, delivery.local_date, delivery.slot, part.number)
        for post in self._newest(delivery.channel_id):
            if post.at < since:
                break
            if mark in post.text:
                return Sighting(Sight.FOUND, post.id, post.channel_id)
        return Sighting(Sight.ABSENT)

    async def unarchive(self, delivery: Delivery) -> Answer:
        spoiled, _ = await self._spoil("unarchive")
        return self._told(spoiled or Answer(200))

    async def dress(self, delivery: Delivery, part: Part, message: Message, frame: Composed) -> Answer:
        spoiled, is_done = await self._spoil("dress")
        if is_done and part.message_id:
            self.posts[part.message_id - 1].is_dressed = True
        return self._told(spoiled or Answer(200))

    async def edit(self, channel_id: int, message_id: int, body: dict[str, object]) -> Answer:
        spoiled, is_done = await self._spoil("edit")
        if is_done:
            self.posts[message_id - 1].corrected = str(body["content"])
        return self._told(spoiled or Answer(200))

    async def tell(self, notice: Notice) -> Answer:
        spoiled, is_done = await self._spoil("tell")
        if is_done:
            self.notices.append(notice)
        return self._told(spoiled or Answer(200))

    async def ask_time(self) -> None:
        spoiled, _ = await self._spoil("time")
        self._told(spoiled or Answer(200))


def correction_body(delivery: Delivery, posted: tuple[Posted, ...]) -> dict[str, object]:
    """Render corrections as a line each."""
    return {"content": "; ".join(f"{each.shown.headline} → {each.corrected_to}" for each in posted)}
