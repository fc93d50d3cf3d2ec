"""What delivery asks of whoever speaks to Discord: one request a call, which never raises for what Discord answers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.deliver.answers import Answer
from bot.domain.deliveries import Composed, Delivery, Message, Notice, Part
from bot.domain.places import Schedule

GONE = "gone"

Json = dict[str, Any]


class Sight(StrEnum):
    """What a look into the channel's history gave."""

    FOUND = "found"
    ABSENT = "absent"
    UNREADABLE = "unreadable"
    FAILED = "failed"  # no answer: look again later


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whether a part already stands in its channel."""

    sight: Sight
    message_id: int = 0
    channel_id: int = 0
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Why nothing can be sent there, known before asking Discord; `is_passing`: wait for the gateway."""

    cause: str
    missing: tuple[str, ...] = ()
    is_passing: bool = False


class Sender(Protocol):
    """What the outbox asks of it."""

    def blocked(self, schedule: Schedule) -> Block | None:
        """Say from the cache why nothing can be sent there; None: try."""
        ...

    async def create(self, delivery: Delivery, part: Part, message: Message, frame: Composed) -> Answer:
        """Create the plain message of a part; `frame` has the role and the title."""
        ...

    async def create_simple(self, delivery: Delivery, part: Part, message: Message, frame: Composed) -> Answer:
        """Create it once more, with plainer text."""
        ...

    async def find(self, delivery: Delivery, part: Part, since: datetime) -> Sighting:
        """Look for a part in its channel's history, newest first, back to `since`."""
        ...

    async def unarchive(self, delivery: Delivery) -> Answer:
        """Wake an archived thread."""
        ...


class Finisher(Protocol):
    """What the dresser asks of it: all that may follow a create."""

    async def dress(self, delivery: Delivery, part: Part, message: Message, frame: Composed) -> Answer:
        """Do all that follows a create."""
        ...

    async def edit(self, channel_id: int, message_id: int, body: Json) -> Answer:
        """Edit one of our messages; an archived thread is woken for it."""
        ...

    async def tell(self, notice: Notice) -> Answer:
        """Send a notice to the place's private channel for notices."""
        ...
